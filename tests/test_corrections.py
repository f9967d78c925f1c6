"""Corrections: cells read otherwise than they stand, each with a reason and a source."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import build
from running import styring_in_process
from styring.cli.resume import asked
from styring.definitions import load_spec
from styring.errors import InputError
from styring.read.corrections import FILE, _like, _same, read_corrections
from styring.read.workbook import Reading, read_workbook
from styring.text import number

SPEC = load_spec()
HEAD = "ark;celle;sag_id;kolonne;står;skal stå;grund;kilde;rettet af;dato;projektmappe"
LEDGER_ROW = "Økonomi;E3;;;1050000;950.000;Bilag bogført to gange;Bilag 17;Økonomi;2.1.2026;"


def corrected(folder: Path, *rows: str, book: build.Book | None = None) -> Reading:
    """Return the small municipality read with corrections beside it."""
    (folder / FILE).write_text("\n".join((HEAD, *rows)), "utf-8")
    return read_workbook(build.xlsx(folder / "m.xlsx", book or build.minimal()), SPEC)


def refused(folder: Path, *rows: str, book: build.Book | None = None) -> InputError:
    """Return what corrections are refused for."""
    with pytest.raises(InputError) as caught:
        corrected(folder, *rows, book=book)
    return caught.value


def test_an_amount_is_read_as_corrected_and_the_move_is_told(tmp_path: Path) -> None:
    reading = corrected(tmp_path, LEDGER_ROW)
    assert build.column(reading, "oekonomi", "beloeb") == [1_000_000, 950_000, 1_100_000]
    # 950,000 - 1,050,000 = -100,000
    told = build.note(reading, f"læst efter {FILE}").message
    assert told.da == (
        f"1 celle er læst efter {FILE} og ikke, som der står i arket. "
        f"Det ændrer summen af arkenes beløb med {number(-100_000, 2)} kr."
    )
    one = build.note(reading, "Bilag 17")
    assert (one.sheet, one.cell, one.column) == ("Økonomi", "E3", "beloeb")
    assert one.message.da == (
        "Rettet fra «1050000» til «950.000» (Økonomi, 2.1.2026). "
        "Grund: Bilag bogført to gange. Kilde: Bilag 17."
    )
    assert [u.role for u in reading.used] == ["corrections"]


def test_a_case_is_found_by_its_number_and_no_value_of_a_citizen_is_shown(tmp_path: Path) -> None:
    reading = corrected(
        tmp_path,
        "Sager;;S2;pris;3000;2800;Forkert takst;Kontrakt;;;",
        "Sager;;S2;slutdato;;30-06-2025;Ophørt;Afgørelse;;;",
    )
    assert build.column(reading, "sager", "pris") == [2500, 2800]
    assert build.column(reading, "sager", "slutdato") == [date(2024, 12, 31), date(2025, 6, 30)]
    said = " ".join(n.message.da + n.message.en for n in reading.notes)
    assert "2800" not in said
    assert "30-06-2025" not in said
    # neither is a sum of kroner: a price per day is no amount of the ledger
    assert "kr." not in build.note(reading, f"læst efter {FILE}").message.da


def test_thousands_are_moved_as_kroner(tmp_path: Path) -> None:
    book = build.minimal()
    book["Økonomi"] = [
        ["Beløb i 1.000 kr.", "", ""],
        ["funktion", "Opr. budget 2024", "Regnskab 2024"],
        ["5.38.50", 100, 120],
    ]
    reading = corrected(tmp_path, "Økonomi;C3;;;120;130;Efterpostering;Bilag 3;;;", book=book)
    # (130 - 120) · 1,000 = 10,000
    assert "10.000,00 kr." in build.note(reading, f"læst efter {FILE}").message.da
    assert build.column(reading, "oekonomi", "beloeb") == [100_000, 130_000]


def test_a_case_number_in_two_rows_is_asked_about(tmp_path: Path) -> None:
    book = build.minimal()
    book["Sager"][2][0] = "S1"
    said = refused(tmp_path, "Sager;;S1;pris;3000;2800;Takst;Kontrakt;;;", book=book)
    assert "har 2 rækker: F2 og F3" in said.what.da


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("Økonomi;E3;;;1050001;1;Grund;Kilde;;;", "rummer ikke det, rettelsen siger"),
        ("Økonomi;E3;;;1050000;1;;Kilde;;;", "mangler grund eller kilde"),
        ("Økonomi;E3;;;1050000;1;Grund;;;;", "mangler grund eller kilde"),
        ("Økonomi;E3;;;1050000;en million;Grund;Kilde;;;", "rummer et tal"),
        ("Økonomi;E30;;;1;2;Grund;Kilde;;;", "ligger uden for"),
        ("Økonomi;17E;;;1;2;Grund;Kilde;;;", "er ingen celle"),
        ("Økonomier;E3;;;1;2;Grund;Kilde;;;", "intet ark «Økonomier»"),
        ("Økonomi;;;;1;2;Grund;Kilde;;;", "siger ikke, hvilken celle"),
        ("Økonomi;E3;S1;pris;1;2;Grund;Kilde;;;", "siger ikke, hvilken celle"),
        ("Økonomi;;S1;beløb;1;2;Grund;Kilde;;;", "ingen kolonne sag_id"),
        ("Sager;;S9;pris;1;2;Grund;Kilde;;;", "har 0 rækker"),
        ("Sager;;S1;priss;1;2;Grund;Kilde;;;", "ingen kolonne «priss»"),
    ],
)
def test_a_correction_that_does_not_fit_is_refused_at_its_line(
    row: str, says: str, tmp_path: Path
) -> None:
    said = refused(tmp_path, LEDGER_ROW.replace("E3", "E2").replace("1050000", "1000000"), row)
    assert says in said.what.da
    assert f"{FILE}, linje 3" in said.where.da
    assert said.hint


def test_a_cell_corrected_twice_is_refused(tmp_path: Path) -> None:
    assert "rettes to gange" in refused(tmp_path, LEDGER_ROW, LEDGER_ROW).what.da


def test_a_column_that_is_missing_or_not_known_is_refused(tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.write_text("ark;celle;står;skal stå;grund\n", "utf-8")
    with pytest.raises(InputError, match="kilde"):
        read_corrections(file)
    file.write_text("ark;cele;står;skal stå;grund;kilde\n", "utf-8")
    with pytest.raises(InputError, match="cele"):
        read_corrections(file)


def test_a_correction_of_another_workbook_is_left_alone(tmp_path: Path) -> None:
    reading = corrected(tmp_path, LEDGER_ROW + "andet.xlsx")
    assert build.column(reading, "oekonomi", "beloeb")[1] == 1_050_000
    assert reading.used == ()


def test_an_error_cell_is_mended(tmp_path: Path) -> None:
    book = build.minimal()
    book["Økonomi"][2][4] = "#N/A"
    reading = corrected(tmp_path, "Økonomi;E3;;;#N/A;1.050.000;Opslag fejlede;Bilag;;;", book=book)
    assert build.column(reading, "oekonomi", "beloeb")[1] == 1_050_000


@given(st.floats(-1e9, 1e9).map(lambda x: round(x, 2)))
def test_a_number_written_as_danes_do_is_the_same(value: float) -> None:
    text = number(value, 2)
    assert _same(value, text)
    assert _like(1.0, text) == pytest.approx(value)


@given(st.dates(date(1970, 1, 1), date(2060, 1, 1)))
def test_a_day_written_as_danes_do_is_the_same(day: date) -> None:
    text = f"{day.day:02}-{day.month:02}-{day.year}"
    assert _same(day, text)
    assert _like(day, text) == day


def test_the_workbook_is_left_as_it_is_and_the_report_lists_the_correction(tmp_path: Path) -> None:
    path = build.xlsx(tmp_path / "m.xlsx", build.minimal())
    before = path.read_bytes()
    file = tmp_path / "rettelser.csv"
    file.write_text(f"{HEAD}\n{LEDGER_ROW}", "utf-8")
    ran = styring_in_process(
        "review", path, "--corrections", file, "--out", tmp_path / "out", "--format", "md",
        cwd=tmp_path,
    )  # fmt: skip
    assert ran.code == 0, ran.err
    assert path.read_bytes() == before
    report = (tmp_path / "out" / "review.md").read_text("utf-8")
    assert "Grund: Bilag bogført to gange." in report
    review = json.loads((tmp_path / "out" / "review.json").read_text("utf-8"))
    assert [i["name"] for i in review["provenance"]["inputs"] if i["role"] == "corrections"] == [
        "rettelser.csv"
    ]
    shown = styring_in_process("inspect", path, "--corrections", file, cwd=tmp_path)
    assert "Kilde: Bilag 17." in shown.out


def test_what_is_wrong_with_the_mapping_is_told_before_a_case_is_looked_up(tmp_path: Path) -> None:
    (tmp_path / "styring-map.toml").write_text(
        '[[sheet]]\nname = "Sager"\nread_as = "Sager"\n[sheet.columns]\n"sagid" = "sag_id"\n'
        '"sag" = "tilbud"\n',
        "utf-8",
    )
    said = refused(tmp_path, "Sager;;S2;pris;3000;2800;Takst;Kontrakt;;;")
    assert "ingen overskrift «sagid»" in said.what.da


@pytest.mark.parametrize("name", [FILE, "styring-map.toml"])
def test_a_batch_makes_a_review_again_where_what_it_is_read_by_changed(
    name: str, tmp_path: Path
) -> None:
    path = build.xlsx(tmp_path / "m.xlsx", build.minimal())
    before = asked(path, [], {})
    (tmp_path / name).write_text("x", "utf-8")
    first = asked(path, [], {})
    (tmp_path / name).write_text("y", "utf-8")
    assert len({str(a) for a in (before, first, asked(path, [], {}))}) == 3


def test_explain_marks_the_cell(tmp_path: Path) -> None:
    path = build.xlsx(tmp_path / "m.xlsx", build.minimal())
    (tmp_path / FILE).write_text(f"{HEAD}\n{LEDGER_ROW}", "utf-8")
    ran = styring_in_process("explain", "udgift-pr-voksen", path, "--year", 2024, cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert "rettet E3: Bilag bogført to gange" in ran.out
