"""What a peers file covers, and workbooks that are of the same municipality."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest

import build
from running import PEERS, one_message, styring_in_process, styring_says
from styring.definitions import load_catalogue
from styring.peers import COLUMNS, read_context
from styring.peers.coverage import Count, Coverage, Unusable, Year, coverage

FOLLOW_UP, TITLE = "opfoelgning-rettidig", "Sager, der er fulgt op til tiden"
WHO = {"727": "Odder", "740": "Silkeborg", "746": "Skanderborg", "766": "Hedensted"}


def row(code: str, **changes: object) -> dict[str, object]:
    """Return a row: timely follow-up of a municipality in 2024."""
    plain: dict[str, object] = dict.fromkeys(COLUMNS)
    plain |= {"kommunekode": code, "kommune": WHO[code], "periode": "2024"}
    plain |= {"indikator": FOLLOW_UP, "definition_version": 1, "vaerdi": 0.7}
    plain |= {"partial": False, "suppressed": False}
    return plain | changes


def covered(*rows: Mapping[str, object]) -> Coverage:
    """Return what rows cover."""
    return coverage(pl.DataFrame(rows, schema=COLUMNS), load_catalogue())


def test_figures_and_withheld_ones_are_counted_by_year_and_by_municipality() -> None:
    """Three with a figure and one withheld in 2024; one in a part of 2025."""
    c = covered(
        row("727"),
        row("740"),
        row("746"),
        row("766", vaerdi=None, suppressed=True),
        row("727", periode="2025-09-30", partial=True),
    )
    (line,) = c.lines
    assert c.municipalities == WHO
    assert c.years == (Year(2024), Year(2025, partial=True))
    assert line.years == {Year(2024): Count(3, 1), Year(2025, partial=True): Count(1, 0)}
    assert line.municipalities == {
        "727": Count(2), "740": Count(1), "746": Count(1), "766": Count(0, 1),
    }  # fmt: skip
    assert [(u.reason, u.rows) for u in c.unusable] == [("few", 1)]


def test_a_municipality_is_counted_once_a_year() -> None:
    """With a figure where one of its dates has any."""
    c = covered(
        row("727", periode="2024-06-30", vaerdi=None, suppressed=True),
        row("727", periode="2024-12-31"),
    )
    assert c.lines[0].years == {Year(2024): Count(1, 0)}
    assert c.lines[0].municipalities == {"727": Count(1, 0)}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"definition_version": 7}, "version"),
        ({"prisniveau": "faste"}, "price"),
        ({"refusion": "før"}, "refund"),
        ({"vaerdi": -0.1}, "impossible"),
        ({"vaerdi": 70.0}, "impossible"),
    ],
)
def test_what_cannot_be_compared_is_not_counted_and_says_why(
    change: dict[str, object], reason: str
) -> None:
    """One row of four; the other three are."""
    c = covered(row("727", **change), row("740"), row("746"), row("766"))
    assert [(u.reason, u.rows) for u in c.unusable] == [(reason, 1)]
    assert c.lines[0].years == {Year(2024): Count(3)}


def test_unknown_indicators_are_counted_and_called_framework_conditions() -> None:
    """By the name in the file, else by the id."""
    c = covered(*(row(code, indikator="lykke", titel="Lykke") for code in WHO))
    assert [(line.title.da, line.known) for line in c.lines] == [("Lykke", False)]
    assert c.lines[0].years == {Year(2024): Count(4)}
    assert c.unusable == (Unusable("lykke", c.lines[0].title, "unknown", 4),)
    assert covered(row("727", indikator="lykke")).lines[0].title.da == "lykke"


@pytest.mark.parametrize("n", [1, 2, 3])
def test_fewer_than_three_are_no_comparison(n: int) -> None:
    """One peer only is said, and so are two."""
    found = covered(*(row(code) for code in [*WHO][:n])).unusable
    assert [(u.reason, u.rows) for u in found] == ([("few", n)] if n < 3 else [])


def test_the_counts_are_those_of_a_plain_loop() -> None:
    """Every cell of the example file, by year and by municipality."""
    by_year: dict[tuple[str, str], set[str]] = {}
    by_code: dict[tuple[str, str], set[str]] = {}
    with PEERS.open(encoding="utf-8", newline="") as file:
        for r in csv.DictReader(file):
            if r["vaerdi"]:
                year = r["periode"][:4] + ("*" if r["partial"] == "true" else "")
                by_year.setdefault((r["indikator"], year), set()).add(r["kommunekode"])
                by_code.setdefault((r["indikator"], r["kommunekode"]), set()).add(year)
    c = coverage(read_context(PEERS), load_catalogue())
    assert {
        (line.id, str(y)): n.values for line in c.lines for y, n in line.years.items() if n.values
    } == {k: len(v) for k, v in by_year.items()}
    assert {
        (line.id, code): n.values
        for line in c.lines
        for code, n in line.municipalities.items()
        if n.values
    } == {k: len(v) for k, v in by_code.items()}


# --- The command --------------------------------------------------------------------------------

SMALL = """kommunekode;kommune;periode;indikator;definition_version;vaerdi;suppressed;titel
727;Odder;2024;opfoelgning-rettidig;1;0,7;;
740;Silkeborg;2024;opfoelgning-rettidig;1;0,6;;
746;Skanderborg;2024;opfoelgning-rettidig;1;;ja;
727;Odder;2024;lykke;1;5;;Lykke
"""


def small(folder: Path) -> Path:
    """Return a small file of two indicators."""
    path = folder / "små.csv"
    path.write_text(SMALL, "utf-8")
    return path


def test_list_shows_a_table_and_what_is_below_it(tmp_path: Path) -> None:
    """Two with a figure and one withheld, and a framework condition."""
    small(tmp_path)
    ran = styring_in_process("peers", "list", "små.csv", cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert ran.lines[0] == "små.csv: 3 kommuner, 2 indikatorer, 2024"
    cells = [line.split() for line in ran.lines]
    assert ["indikator", "2024"] in cells
    assert [*TITLE.split(), "2", "(1)"] in cells
    assert ["Lykke", "1"] in cells
    said = " ".join(" ".join(ran.lines).split())
    assert "En række har en indikator, som ingen definition kender" in said
    assert "3 rækker står alene: færre end tre kommuner har tal for samme år" in said
    assert FOLLOW_UP not in ran.out


def test_list_by_municipality_says_what_each_lacks(tmp_path: Path) -> None:
    """Skanderborg has a withheld figure only, and no happiness."""
    small(tmp_path)
    command = ["peers", "list", "små.csv", "--by", "municipality", "--lang", "en"]
    ran = styring_in_process(*command, cwd=tmp_path)
    assert ran.code == 0, ran.err
    cells = [line.split() for line in ran.lines]
    assert ["727", "Odder", "2", "0", "0"] in cells
    assert ["740", "Silkeborg", "1", "0", "1", "Lykke"] in cells
    assert ["746", "Skanderborg", "0", "1", "1", "Lykke"] in cells


def test_list_gives_every_cell_to_programs(tmp_path: Path) -> None:
    """As CSV by year and by municipality, and as JSON with both."""
    small(tmp_path)
    command = ["peers", "list", "små.csv"]
    year, code, data = (
        styring_in_process(*command, *more, cwd=tmp_path).out
        for more in (
            ["--format", "csv"],
            ["--format", "csv", "--by", "municipality"],
            ["--format", "json"],
        )
    )
    assert [*csv.reader(year.splitlines())][1:] == [
        [FOLLOW_UP, TITLE, "2024", "3", "2", "1"],
        ["lykke", "Lykke", "2024", "3", "1", "0"],
    ]
    cells = [*csv.reader(code.splitlines())]
    assert len(cells) == 1 + 3 * 2
    assert ["746", "Skanderborg", FOLLOW_UP, TITLE, "0", "1"] in cells
    found = json.loads(data)
    assert [m["code"] for m in found["municipalities"]] == ["727", "740", "746"]
    assert found["indicators"][0]["years"] == [
        {"year": 2024, "partial": False, "values": 2, "withheld": 1}
    ]
    assert [(u["id"], u["reason"]) for u in found["unusable"]] == [
        (FOLLOW_UP, "few"), ("lykke", "unknown"),
    ]  # fmt: skip


@pytest.mark.parametrize("by", ["year", "municipality"])
@pytest.mark.parametrize("lang", ["da", "en"])
def test_list_fits_eighty_columns(by: str, lang: str, tmp_path: Path) -> None:
    """The example file with a hundred indicators, and no id in sight."""
    command = ["peers", "list", PEERS, "--by", by, "--lang", lang]
    ran = styring_in_process(*command, cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert max(map(len, ran.lines)) <= 80
    ids = {line.id for line in coverage(read_context(PEERS), load_catalogue()).lines}
    assert not {i for i in ids if "-" in i} & set(ran.out.split())


@pytest.mark.parametrize("option", [("--format", "pdf"), ("--by", "month")])
def test_a_word_that_list_does_not_know_is_refused(option: tuple[str, str], tmp_path: Path) -> None:
    """With those it knows."""
    small(tmp_path)
    ran = styring_in_process("peers", "list", "små.csv", *option, cwd=tmp_path)
    assert ran.code == 2
    assert option[1] in one_message(ran)


def test_the_same_municipality_in_two_workbooks_names_both(tmp_path: Path) -> None:
    """Nothing is written."""
    first = build.csv_folder(tmp_path / "a", build.minimal())
    shutil.copytree(first, tmp_path / "b")
    ran = styring_says("peers", "build", "a", "b", "--out", "p.csv", cwd=tmp_path)
    assert ran.code == 3
    said = "\n".join(ran.err.splitlines()[-2:])
    assert "Syddjurs står i to projektmapper" in said
    assert "a; b" in said
    assert not (tmp_path / "p.csv").exists()
