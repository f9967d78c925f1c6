"""The mapping file: what is guessed is written, a person mends it, later runs read by it."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

import build
from running import SYDDJURS, styring_in_process
from styring.definitions import load_spec
from styring.errors import InputError
from styring.read.guess import likeness, map_text, quoted
from styring.read.mapping import FILE, LIKE, MapFile, nearest, nearest_columns, read_map
from styring.read.workbook import Beside, read_workbook
from styring.text import fold

SPEC = load_spec()


def foreign() -> build.Book:
    """Return the small municipality as another system writes it: two headers nobody knows."""
    book = build.minimal()
    book["Udtræk 7"] = book.pop("Sager")
    header = book["Udtræk 7"][0]
    header[header.index("sag_id")] = "Ref"
    header[header.index("pris")] = "Kr stk"
    return book


MAP = """
format = 1
[[sheet]]
name = "Udtræk 7"
read_as = "Sager"
header_row = 1
[sheet.columns]
"Ref" = "sag_id"
"Kr stk" = "pris"
"""


def written(folder: Path, text: str) -> Path:
    """Return the folder's mapping file with a text in it."""
    file = folder / FILE
    file.write_text(text, "utf-8")
    return file


def refused(folder: Path, text: str, book: build.Book | None = None) -> InputError:
    """Return what the small foreign workbook is refused for by a mapping file."""
    written(folder, text)
    path = build.xlsx(folder / "m.xlsx", book or foreign())
    with pytest.raises(InputError) as caught:
        read_workbook(path, SPEC)
    return caught.value


@pytest.mark.parametrize("path", sorted(SYDDJURS.parent.glob("*.xlsx")), ids=lambda p: p.stem)
def test_a_workbook_read_by_its_own_guess_reads_as_without(path: Path, tmp_path: Path) -> None:
    file = written(tmp_path, map_text(path, SPEC, "da"))
    plain, mapped = read_workbook(path, SPEC), read_workbook(path, SPEC, beside=Beside(file))
    assert mapped.accounts == plain.accounts
    for name, frame in plain.tables.frames.items():
        assert mapped.tables.frames[name].equals(frame), name
    assert [n for n in mapped.notes if FILE not in n.message.da] == list(plain.notes)


def test_a_wide_ledger_read_by_its_own_guess_reads_as_without(tmp_path: Path) -> None:
    book = build.minimal()
    book["Økonomi"] = [
        ["Alle beløb i 1.000 kr.", "", "", ""],
        ["funktion", "Opr. budget 2024", "Regnskab 2024", "Afvigelse"],
        ["5.38.50", 100, 120, 20],
    ]
    path = build.xlsx(tmp_path / "m.xlsx", book)
    plain = read_workbook(path, SPEC)
    text = map_text(path, SPEC, "da")
    assert "unit = 1000" in text
    assert '"Regnskab 2024" = { version = "regnskab", year = 2024 } # kolonne med beløb' in text
    assert '"Afvigelse" = { check = "deviation" }' in text
    written(tmp_path, text)
    mapped = read_workbook(path, SPEC)
    assert mapped.accounts == plain.accounts
    assert mapped.tables.frames["oekonomi"].equals(plain.tables.frames["oekonomi"])
    # 120 in thousands of kroner
    assert build.column(mapped, "oekonomi", "beloeb") == [100_000.0, 120_000.0]


def test_a_mapped_amount_column_is_what_the_file_says(tmp_path: Path) -> None:
    book = build.minimal()
    book["Økonomi"] = [["funktion", "Tal A", "Tal B"], ["5.38.50", 100, 120]]
    written(
        tmp_path,
        '[[sheet]]\nname = "Økonomi"\nread_as = "Økonomi"\nheader_row = 1\nunit = 1000\n'
        '[sheet.columns]\n"funktion" = "funktion"\n'
        '"Tal A" = { version = "oprindeligt budget", year = 2024 }\n'
        '"Tal B" = { version = "regnskab", year = 2024 }\n',
    )
    mapped = read_workbook(build.xlsx(tmp_path / "m.xlsx", book), SPEC)
    rows = mapped.tables.frames["oekonomi"].select("aar", "version", "beloeb").rows()
    assert rows == [(2024, "oprindeligt budget", 100_000.0), (2024, "regnskab", 120_000.0)]


def test_a_sheet_and_headers_nobody_knows_are_read_by_the_file(tmp_path: Path) -> None:
    path = build.xlsx(tmp_path / "m.xlsx", foreign())
    without = read_workbook(path, SPEC, partial=True)
    assert "sager" not in without.tables.frames
    written(tmp_path, MAP)
    mapped = read_workbook(path, SPEC)
    (tmp_path / "whole").mkdir()
    whole = build.read(tmp_path / "whole", build.minimal())
    assert mapped.tables.frames["sager"].equals(whole.tables.frames["sager"])
    assert "hvad 1 ark og 2 kolonner er." in build.note(mapped, FILE).message.da
    assert [(u.role, u.name) for u in mapped.used] == [("map", FILE)]


def test_what_the_file_does_not_use_is_not_used(tmp_path: Path) -> None:
    path = build.xlsx(tmp_path / "m.xlsx", build.minimal())
    header = build.minimal()["Sager"][0]
    columns = "\n".join(f'"{h}" = "{"" if h == "slutdato" else h}"' for h in header)
    written(
        tmp_path,
        f'[[sheet]]\nname = "Sager"\nread_as = "Sager"\n[sheet.columns]\n{columns}\n'
        '[[sheet]]\nname = "Økonomi"\nread_as = ""\n',
    )
    mapped = read_workbook(path, SPEC)
    assert "oekonomi" not in mapped.tables.frames
    assert "Økonomi" in mapped.unread
    assert build.account(mapped, "Sager").unused == ("slutdato",)


def test_a_column_that_came_since_is_told(tmp_path: Path) -> None:
    path = build.xlsx(tmp_path / "m.xlsx", build.minimal())
    written(tmp_path, map_text(path, SPEC, "da"))
    book = build.minimal()
    book["Sager"] = [[*row, extra] for row, extra in zip(book["Sager"], ["Ny", 1, 2], strict=True)]
    later = read_workbook(build.xlsx(path, book), SPEC)
    assert "ikke nævner: «Ny»" in build.note(later, "ikke nævner").message.da


def test_two_columns_of_one_header_are_told_apart_by_letter(tmp_path: Path) -> None:
    book = foreign()
    rows = book["Udtræk 7"]
    book["Udtræk 7"] = [[*r, x] for r, x in zip(rows, ["Kr stk", 7, 8], strict=True)]
    said = refused(tmp_path, MAP, book)
    assert "står over flere kolonner" in said.what.da
    index = rows[0].index("Kr stk")
    letter = chr(ord("A") + index)
    written(tmp_path, MAP.replace('"Kr stk" = "pris"', f'"[{letter}]" = "pris"'))
    assert build.column(read_workbook(tmp_path / "m.xlsx", SPEC), "sager", "pris") == [2500, 3000]


@pytest.mark.parametrize(
    ("old", "new", "line", "says", "hint"),
    [
        ('name = "Udtræk 7"', 'name = "Udtræk 8"', 4, "intet ark «Udtræk 8»", "«Udtræk 7»"),
        ('"Ref"', '"Reff"', 8, "ingen overskrift «Reff» i række 1", "«Ref»"),
        ('= "pris"', '= "priss"', 9, "ingen kolonne «priss»", "«pris»"),
        ('read_as = "Sager"', 'read_as = "Sag"', 5, "«Sag» er ikke et ark", "«Sager»"),
        ('"Kr stk" = "pris"', '"Kr stk" = "sag_id"', 9, "begge læst som «sag_id»", "Ret filen"),
        ('"Kr stk" = "pris"', '"Kr stk" = { year = 2024 }', 9, "Kun arket Økonomi", "Ret filen"),
        ("header_row = 1", "header_rows = 1", 6, "Ukendt nøgle", "header_row"),
        ("header_row = 1", "header_row = 0", 6, "header_row", ""),
        ("header_row = 1", "header_row = ", 6, "ikke TOML", ""),
    ],
)
def test_a_file_that_does_not_fit_is_refused_at_its_line(
    old: str, new: str, line: int, says: str, hint: str, tmp_path: Path
) -> None:
    said = refused(tmp_path, MAP.replace(old, new))
    assert says in said.message("da")
    assert f"{FILE}, linje {line}" in said.where.da
    assert f"{FILE}, line {line}" in said.where.en
    assert hint in (said.hint.da if said.hint else "")


def test_a_sheet_named_twice_is_refused(tmp_path: Path) -> None:
    assert "står to gange" in refused(tmp_path, MAP + MAP.replace("format = 1", "")).what.da


def test_a_file_for_another_workbook_is_left_alone(tmp_path: Path) -> None:
    written(tmp_path, 'workbook = "andet.xlsx"\n' + MAP.replace("format = 1\n", ""))
    reading = read_workbook(build.xlsx(tmp_path / "m.xlsx", build.minimal()), SPEC)
    assert reading.used == ()


def test_a_cpr_number_is_not_written(tmp_path: Path) -> None:
    book = build.minimal()
    book["Sager"] = [
        [*r, x] for r, x in zip(book["Sager"], ["Note 010190-1234", 1, 2], strict=True)
    ]
    text = map_text(build.xlsx(tmp_path / "m.xlsx", book), SPEC, "da")
    assert "010190" not in text
    written(tmp_path, text)
    assert read_workbook(tmp_path / "m.xlsx", SPEC).used


def test_likeness_is_twice_the_common_letters_over_all() -> None:
    # "prix" and "pris" share p, r, i: 2 · 3 / (4 + 4) = 0.75
    assert nearest("Prix", {"pris": ("pris",)}) == [("pris", 0.75)]
    assert likeness(0.75, "da") == "75 %"
    assert likeness(0.999, "da") == "99 %"
    assert nearest("xyz", {"pris": ("pris",)}) == []


@given(st.text(max_size=30))
def test_likeness_is_between_its_least_and_one_best_first(word: str) -> None:
    found = nearest_columns(word, SPEC["sager"])
    shares = [x for _, x in found]
    assert shares == sorted(shares, reverse=True)
    assert all(LIKE <= x <= 1 for x in shares)


@given(
    st.lists(
        st.text(max_size=20),
        min_size=1,
        max_size=6,
    )
)
def test_any_header_is_written_as_toml_that_reads(headers: list[str]) -> None:
    text = '[[sheet]]\nname = "x"\nread_as = ""\n[sheet.columns]\n'
    keys = {quoted(f"{n}{h}") for n, h in enumerate(headers)}
    read = MapFile.model_validate(tomli.loads(text + "".join(f'{k} = ""\n' for k in sorted(keys))))
    assert len(read.sheet[0].columns) == len(keys)


def test_a_header_that_is_like_a_known_one_is_not_taken_for_it(tmp_path: Path) -> None:
    book = build.minimal()
    header = book["Sager"][0]
    header[header.index("slutdato")] = "Slutdatoo"
    path = build.xlsx(tmp_path / "m.xlsx", book)
    reading = read_workbook(path, SPEC)
    assert "slutdato" not in build.account(reading, "Sager").columns
    assert re.search(r'"Slutdatoo" = "" # ikke brugt; ligner mest slutdato \(94 %\)',
                     map_text(path, SPEC, "da"))  # fmt: skip


def test_the_file_is_written_used_and_never_written_over(tmp_path: Path) -> None:
    path = build.xlsx(tmp_path / "m.xlsx", foreign())
    ran = styring_in_process("inspect", path, "--write-map", cwd=tmp_path)
    assert (ran.code, ran.out.strip()) == (0, str(tmp_path / FILE))
    assert read_map(tmp_path / FILE).said.sheet
    again = styring_in_process("inspect", path, "--write-map", cwd=tmp_path)
    assert again.code != 0
    assert "findes allerede" in again.err
    assert not styring_in_process("inspect", path, "--write-map", "--overwrite", cwd=tmp_path).code


def test_a_review_says_that_it_was_read_by_the_file(tmp_path: Path) -> None:
    path = build.xlsx(tmp_path / "m.xlsx", foreign())
    elsewhere = tmp_path / "kort"
    elsewhere.mkdir()
    file = written(elsewhere, MAP)
    ran = styring_in_process(
        "review", path, "--map", file, "--out", tmp_path / "out", "--format", "md", cwd=tmp_path
    )
    assert ran.code == 0, ran.err
    review = json.loads((tmp_path / "out" / "review.json").read_text("utf-8"))
    assert [i for i in review["provenance"]["inputs"] if i["role"] == "map"] == [
        {"role": "map", "name": FILE, "sha256": read_map(file).sha256}
    ]
    assert "Læst efter styring-map.toml" in (tmp_path / "out" / "review.md").read_text("utf-8")
    shown = styring_in_process("inspect", path, "--map", file, cwd=tmp_path)
    assert "Udtræk 7 – læst som Sager" in shown.out


def test_inspect_names_the_nearest_of_unknown_headers(tmp_path: Path) -> None:
    book = build.minimal()
    book["Sager"] = [
        [*r, x] for r, x in zip(book["Sager"], ["Handleplan dat", "", ""], strict=True)
    ]
    path = build.xlsx(tmp_path / "m.xlsx", book)
    shown = styring_in_process("inspect", path, cwd=tmp_path)
    # fold gives "handleplandat" (13 letters) against "handleplandato" (14): 2 · 13 / 27 = 96 %
    assert fold("handleplan_dato") == "handleplandato"
    assert "ikke brugt: «Handleplan dat» (ligner mest handleplan_dato 96 %" in shown.out
