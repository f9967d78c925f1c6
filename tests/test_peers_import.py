"""Foreign exports become a peers file: every figure, or a message that says what to do."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from polars.testing import assert_frame_equal

from running import styring_in_process
from styring.definitions import desk, load_catalogue
from styring.errors import InputError
from styring.peers import COLUMNS, read_context, read_peers, to_bytes
from styring.peers.importing import as_frame, import_sheet
from styring.peers.mapping import Columns, Fixed, ImportMap, read_mapping
from styring.peers.naming import slug
from styring.peers.table import period_of, read_sheet
from styring.places import places

Values = dict[tuple[str, str, str], float]
"""Figures by code, period and indicator."""
MISSING_MARKS = ("..", ".", "-", "–", "…", "M", "")


def shared(name: str) -> Path:
    """Return a shared data file; the test is skipped where there is no shared folder."""
    named = os.environ.get("STYRING_SHARED")
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "shared"
    if not folder.is_dir():
        pytest.skip("the shared data are missing: no folder 'shared' by the checkout")
    return folder / "data" / name


def imported(path: Path, how: ImportMap | None = None) -> tuple[pl.DataFrame, list[str]]:
    """Return a file as peer rows, and the notes in Danish."""
    how = how or ImportMap()
    found, notes = import_sheet(read_sheet(path, how.sheet), "0" * 64, how)
    frame, more = as_frame(found, how.aggregate)
    return frame, [n.message.da for n in [*notes, *more]]


def written(folder: Path, text: str, encoding: str = "utf-8", name: str = "udtræk.csv") -> Path:
    """Return a file with this text."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def values(frame: pl.DataFrame) -> Values:
    """Return the values by code, period and indicator."""
    rows = frame.select("kommunekode", "periode", "indikator", "vaerdi").iter_rows()
    return {(code, period, name): value for code, period, name, value in rows}


def taken(folder: Path, text: str, how: ImportMap | None = None) -> Values:
    """Return the values of a text."""
    return values(imported(written(folder, text), how)[0])


def refused(folder: Path, text: str, how: ImportMap | None = None) -> InputError:
    """Return the error a text gives; it names the file."""
    with pytest.raises(InputError) as caught:
        imported(written(folder, text), how)
    assert "udtræk.csv" in caught.value.where.da
    return caught.value


# --- The real files, against plain loops ---------------------------------------------------------


def test_every_figure_of_the_municipal_accounts_is_there() -> None:
    """4,851 rows less 49 of the whole country are 4,802, each by code, year and function."""
    path = shared("regk31_social.csv")
    codes = {p.name: p.code for p in places().values()}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    expected = {
        (
            codes[r["kommune"]],
            r["aar"],
            f"kr-pr-indbygger-{r['funktion'].replace('.', '-')}",
        ): float(r["kr_pr_indbygger"])
        for r in rows
        if r["kommune"] != "Hele landet"
    }
    assert (len(rows), len(expected)) == (4851, 4802)
    frame, notes = imported(path)
    assert values(frame) == expected
    assert frame.height == 4802
    assert notes == [
        "regk31_social.csv: 49 rækker er ikke kommuner og er udeladt: Hele landet (49)."
    ]
    names = {r["funktion"]: r["funktionsnavn"] for r in rows}
    told = frame.select("indikator", "titel", "enhed", "definition_version").unique().rows()
    assert sorted(told) == sorted(
        (f"kr-pr-indbygger-{f.replace('.', '-')}", n, "kr. pr. indbygger", 1)
        for f, n in names.items()
    )


def test_every_figure_of_the_key_figures_is_there() -> None:
    """Two indicators, eight municipalities, 2007–2022: 2 · 8 · 16 = 256; 32 of 2023–2024 lack."""
    path = shared("kommunale-noegletal-eksempel.csv")
    lines = [line.split(";") for line in path.read_bytes().decode("latin-1").splitlines()]
    years = next(line for line in lines if "Kom.nr" in line)[2:]
    expected, section, lacking = {}, "", 0
    for line in lines:
        if len(line[1]) == 3 and line[1].isdigit():
            for year, cell in zip(years, line[2:], strict=True):
                if cell == "M":
                    lacking += 1
                else:
                    expected[line[1], year, section] = float(cell.replace(",", "."))
        elif line[0] and not any(line[1:]):
            section = line[0].lower().replace(" ", "-")
    assert (len(expected), lacking) == (256, 32)
    frame, notes = imported(path)
    assert values(frame) == expected
    assert notes == ["kommunale-noegletal-eksempel.csv: 32 tal mangler og er udeladt (32 «M»)."]
    assert set(frame["titel"]) == {"Andel udpendlere", "Andel indpendlere"}


# --- Statistics Denmark --------------------------------------------------------------------------

LONG = """OMRÅDE;PRISENHED;FUNKTION;TID;INDHOLD
Hele landet;Pr. indbygger, løbende priser (kr.);5.38.50 Botilbud;2024;1.200
751 Aarhus;Pr. indbygger, løbende priser (kr.);5.38.50 Botilbud;2024;1.234,5
461 Odense;Pr. indbygger, løbende priser (kr.);5.38.50 Botilbud;2024;-
"""


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16"])
@pytest.mark.parametrize("mark", [";", "\t"])
def test_a_long_table_is_read_in_any_dress(encoding: str, mark: str, tmp_path: Path) -> None:
    """1.234,5 is one thousand two hundred and thirty-four and a half; a dash is no figure."""
    path = written(tmp_path, LONG.replace(";", mark), encoding)
    frame, notes = imported(path)
    (row,) = frame.iter_rows(named=True)
    assert (row["kommunekode"], row["kommune"], row["vaerdi"]) == ("751", "Aarhus", 1234.5)
    assert row["indikator"] == "5-38-50-pr-indbygger-loebende-priser-kr"
    assert (row["titel"], row["prisniveau"]) == ("Botilbud", "løbende")
    assert row["enhed"] == "Pr. indbygger, løbende priser (kr.)"
    assert notes[0].endswith("En række er ikke en kommune og er udeladt: Hele landet (1).")
    assert "1 tal mangler og er udeladt (1 «-»)." in notes[1]
    assert "ikke som 0" in notes[1]


def test_a_wide_table_has_titles_above_notes_below_and_blanks_that_repeat(tmp_path: Path) -> None:
    """The first cell is written once for all the rows below it."""
    text = (
        '"Regnskab, faste priser, efter funktion, område og tid"\n\n'
        '" ";" ";"2022";"2023"\n'
        '"5.38.50 Botilbud";"Hele landet";"1.234";"1.300"\n'
        '"";"København";"1.111,5";".."\n"";"Odense";"-3";"12"\n'
        '"5.38.51 Andet";"København";"7";"8"\n\n'
        '"Anm.: tallene er foreløbige"\n"Kilde: Danmarks Statistik"\n'
    )
    frame, _ = imported(written(tmp_path, text, "latin-1"))
    assert values(frame) == {
        ("101", "2022", "5-38-50"): 1111.5,
        ("461", "2022", "5-38-50"): -3.0,
        ("461", "2023", "5-38-50"): 12.0,
        ("101", "2022", "5-38-51"): 7.0,
        ("101", "2023", "5-38-51"): 8.0,
    }
    assert set(frame["prisniveau"]) == {"faste"}


def test_a_municipality_written_once_holds_for_the_rows_below(tmp_path: Path) -> None:
    """Its name stands beside the first age only."""
    text = "område;alder;2022\nAarhus;18-29 år;1\n;30-39 år;2\nOdense;18-29 år;3\n;30-39 år;4\n"
    assert taken(tmp_path, text) == {
        ("751", "2022", "18-29-aar"): 1, ("751", "2022", "30-39-aar"): 2,
        ("461", "2022", "18-29-aar"): 3, ("461", "2022", "30-39-aar"): 4,
    }  # fmt: skip


def test_headers_in_two_rows_are_put_together(tmp_path: Path) -> None:
    """A year stands once above two columns."""
    text = ";2022;;2023;\n;Mænd;Kvinder;Mænd;Kvinder\nAarhus;1;2;3;4\nOdense;5;6;7;8\n"
    found = taken(tmp_path, text)
    assert found["751", "2023", "maend"] == 3
    assert found["461", "2022", "kvinder"] == 6
    assert len(found) == 8


def test_several_columns_of_values_are_several_indicators(tmp_path: Path) -> None:
    """Each is named by its header."""
    frame, _ = imported(written(tmp_path, "kommune,år,antal_børn,andel\nAarhus,2024,100,12.5\n"))
    assert values(frame) == {("751", "2024", "antal-boern"): 100, ("751", "2024", "andel"): 12.5}
    assert set(frame["titel"]) == {"antal børn", "andel"}


def test_a_column_that_describes_the_municipality_is_no_part_of_the_indicator(
    tmp_path: Path,
) -> None:
    """A region, a size or a running number: it is told that they are not used."""
    text = (
        "nr;region;kommune;størrelse;alder;2024\n"
        "1;M;Aarhus;stor;a;1\n1;M;Aarhus;stor;b;2\n2;S;Odder;lille;a;3\n"
    )
    frame, notes = imported(written(tmp_path, text))
    assert values(frame) == {
        ("751", "2024", "a"): 1,
        ("751", "2024", "b"): 2,
        ("727", "2024", "a"): 3,
    }
    assert notes == ["udtræk.csv: Kolonnerne «nr», «region» og «størrelse» er ikke brugt."]


def test_all_that_is_no_municipality_is_left_out_with_one_note(tmp_path: Path) -> None:
    """The country, regions, parts, groups and Christiansø."""
    others = ["Hele landet", "Region Midtjylland", "Landsdel Fyn", "Kommunegruppe 1", "Christiansø"]
    rows = "".join(f"{name};9\n" for name in others)
    frame, notes = imported(written(tmp_path, f"område;2024\n{rows}Aarhus;1\n"))
    assert values(frame) == {("751", "2024", "udtraek"): 1}
    assert len(notes) == 1
    assert "5 rækker" in notes[0]
    assert all(f"{name} (1)" in notes[0] for name in others)


@pytest.mark.parametrize("mark", MISSING_MARKS)
def test_what_is_missing_is_never_nothing(mark: str, tmp_path: Path) -> None:
    """Two dots, a dot, a dash, three dots, an M or a blank: no row, and one note."""
    frame, notes = imported(
        written(tmp_path, f"kommune;år;indhold\nAarhus;2024;5\nOdense;2024;{mark}\n")
    )
    assert values(frame) == {("751", "2024", "udtraek"): 5}
    assert len(notes) == 1
    assert "1 tal mangler og er udeladt" in notes[0]
    assert ("ikke som 0" in notes[0]) == (mark in ("-", "–"))


# --- Periods -------------------------------------------------------------------------------------

QUARTERS = "kommune;2024K1;2024K2;2024K3;2024K4;2025K1\nAarhus;1;2;3;5;9\n"


@pytest.mark.parametrize(
    ("text", "meant"),
    [("2024", ("2024", 2024, 0, 0)), ("2024-09-30", ("2024-09-30", 2024, 0, 0)),
     ("2024K3", ("2024K3", 2024, 3, 4)), ("2024Q3", ("2024K3", 2024, 3, 4)),
     ("2024M05", ("2024M5", 2024, 5, 12)), ("2024H2", ("2024H2", 2024, 2, 2)),
     ("2024K5", None), ("2024M13", None), ("2024-02-30", None), ("24", None), ("12024", None)],
)  # fmt: skip
def test_periods_are_read(text: str, meant: tuple[object, ...] | None) -> None:
    """Years, days, quarters, months and halves; nothing that does not exist."""
    found = period_of(text)
    assert meant == (None if found is None else (found.text, found.year, found.n, found.of))


@pytest.mark.parametrize("period", ["2024K3", "2024M05", "2024H1"])
def test_a_part_of_a_year_is_refused_with_a_way_out(period: str, tmp_path: Path) -> None:
    """A peers file holds years; the hint says how to make one."""
    error = refused(tmp_path, f"kommune;år;indhold\nAarhus;{period};5\n")
    assert period.replace("M05", "M05") in error.what.da
    assert error.hint is not None
    assert "aggregate" in error.hint.da


@pytest.mark.parametrize(("how", "year"), [("mean", 2.75), ("sum", 11.0), ("last", 5.0)])
def test_quarters_become_a_year_as_the_mapping_says(how: str, year: float, tmp_path: Path) -> None:
    """(1 + 2 + 3 + 5) / 4 = 2.75; the sum 11; the last 5; 2025 has one quarter and is left out."""
    mapping = ImportMap.model_validate({"aggregate": how})
    frame, notes = imported(written(tmp_path, QUARTERS), mapping)
    assert values(frame) == {("751", "2024", "udtraek"): year}
    assert len(notes) == 1
    assert "2025" in notes[0]


@pytest.mark.parametrize(("how", "year"), [("mean", None), ("sum", None), ("last", 5.0)])
def test_a_year_without_a_quarter_has_its_last_only(
    how: str, year: float | None, tmp_path: Path
) -> None:
    """Odense lacks the second: three quarters are no sum or mean of a year."""
    text = "kommune;2024K1;2024K2;2024K3;2024K4\nAarhus;1;1;1;1\nOdense;1;..;3;5\n"
    mapping = ImportMap.model_validate({"aggregate": how})
    frame, notes = imported(written(tmp_path, text), mapping)
    assert values(frame).get(("461", "2024", "udtraek")) == year
    assert any("dele af året mangler (2024)" in n for n in notes) == (year is None)


def test_a_year_that_stands_beside_its_quarters_is_refused(tmp_path: Path) -> None:
    """The mean would be a second figure for 2024."""
    text = "kommune;2024;2024K1;2024K2;2024K3;2024K4\nAarhus;9;1;2;3;5\n"
    assert "to tal" in refused(tmp_path, text, ImportMap(aggregate="mean")).what.da


def test_a_file_without_periods_says_how_to_give_one(tmp_path: Path) -> None:
    """In the file, or in the mapping file."""
    text = "kommune;andel\nAarhus;5,5\n"
    error = refused(tmp_path, text)
    assert error.hint is not None
    assert "--map" in error.hint.da
    given = ImportMap(fixed=Fixed(period="2024"))
    assert taken(tmp_path, text, given) == {("751", "2024", "andel"): 5.5}


# --- Numbers -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value", "told"),
    [
        ("kommune;år;x\nAarhus;2024;1.234\nOdense;2024;5,5\n", 1234.0, False),
        ("kommune;år;x\nAarhus;2024;1.234\nOdense;2024;5.5\n", 1.234, False),
        ("kommune;år;x\nAarhus;2024;1.234\n", 1234.0, True),
        ("kommune,år,x\nAarhus,2024,1.234\n", 1.234, True),
        ("kommune;år;x\nAarhus;2024;1234\n", 1234.0, False),
        ("kommune;år;x\nAarhus;2024;1 234,5\n", 1234.5, False),
        ("kommune;år;x\nAarhus;2024;−3,5 pct.\n", -3.5, False),
    ],
)
def test_a_mark_is_read_as_the_other_figures_show_it(
    text: str,
    value: float,
    told: bool,  # noqa: FBT001
    tmp_path: Path,
) -> None:
    """Where none shows it, it is told how the first was read."""
    frame, notes = imported(written(tmp_path, text))
    assert values(frame)["751", "2024", "x"] == value
    assert any("er læst som" in n for n in notes) == told


def test_the_mapping_file_decides_the_decimal_mark(tmp_path: Path) -> None:
    """Then nothing needs telling."""
    frame, notes = imported(
        written(tmp_path, "kommune;år;x\nAarhus;2024;1.234\n"), ImportMap(decimal=".")
    )
    assert values(frame) == {("751", "2024", "x"): 1.234}
    assert notes == []


def test_marks_that_contradict_each_other_are_refused_with_both_rows(tmp_path: Path) -> None:
    """1,5 and 1.5 in one file."""
    error = refused(tmp_path, "kommune;år;x\nAarhus;2024;1,5\nOdense;2024;1.5\n")
    assert "«1,5»" in error.what.da
    assert "«1.5»" in error.what.da
    assert "række 2" in error.where.da
    assert "række 3" in error.where.da


# --- What cannot be used -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "what", "where"),
    [
        ("kommune;år;x\nAarhus;2024;1\nSydjurs;2024;2\n", "«Sydjurs» er ikke", "række 3"),
        ("kommune;år;x\nAarhus;2024;1\nAarhus;2024;2\n", "to tal for x, 2024", "række 3"),
        ("kommune;år;x\nAarhus;2024;1\nÅrhus Kommune;2024;1\n", "under to navne", "række 3"),
        ("kode;kommune;år;x\n751;Odense;2024;1\n", "751 er Aarhus", "række 2"),
        ("kommune;år;x\n751 Odense;2024;1\n", "751 er Aarhus", "række 2"),
        ("kommune;år;x\nAarhus;2024;1\nOdense;2024;ca. 3\nOdder;2024;3\n", "«ca. 3»", "C3"),
        ("kommune;år;x\nAarhus;2024;1\nOdense;2024\n", "2 celler", "række 3"),
        ("kommune;år;x\nAarhus;2024;1\nOdense;2024;1;5\n", "4 celler", "række 3"),
        ("kommune;år;x\nAarhus;2024;1\n;;5\n", "ingen kommune", "række 3"),
        ("kommune;år;x\nAarhus;i fjor;1\n", "«i fjor» er hverken", "række 2"),
        ("a;b\nx;1\n", "ingen kommune", ""),
        ("Hele landet;2024\nRegion Fyn;1\n", "ingen kommune", ""),
        ("Aarhus;1\n", "ingen kolonneoverskrifter", "række 1"),
        ("kommune;år;indhold\nAarhus;2024;..\n", "ingen tal", ""),
        ("", "tom", ""),
        ("\n \n", "", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_said_with_its_row(
    text: str, what: str, where: str, tmp_path: Path
) -> None:
    """What is wrong, where, and in both languages."""
    error = refused(tmp_path, text)
    assert what in error.what.da
    assert where in error.where.da
    assert error.what.en
    assert error.what.en != error.what.da


def test_an_unknown_place_suggests_the_nearest(tmp_path: Path) -> None:
    """Sydjurs is probably Syddjurs."""
    error = refused(tmp_path, "kommune;2024\nAarhus;1\nSydjurs;2\n")
    assert error.hint is not None
    assert "Syddjurs" in error.hint.da


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.parquet"])
def test_noise_and_nothing_are_refused(name: str, tmp_path: Path) -> None:
    """Whatever the file is called."""
    with pytest.raises(InputError):
        read_sheet(tmp_path / name)
    for content in (b"\x00\x01\x02\xff\xfe", b""):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError):
            imported(tmp_path / name)


def test_the_same_municipality_in_two_files_names_both(tmp_path: Path) -> None:
    """One output of several files, where nobody may stand twice."""
    found = []
    for name, who in (("a.csv", "Aarhus"), ("b.csv", "ÅRHUS")):
        path = written(tmp_path, f"kommune;år;x\n{who};2024;1\n", name=name)
        found += import_sheet(read_sheet(path), "0" * 64, ImportMap())[0]
    with pytest.raises(InputError) as caught:
        as_frame(found, None)
    assert "a.csv" in caught.value.where.da
    assert "b.csv" in caught.value.where.da


# --- Other kinds of file -------------------------------------------------------------------------


def test_a_workbook_and_parquet_are_read_as_csv_is(tmp_path: Path) -> None:
    """Numbers are numbers there; 0.123 is never a thousand."""
    book = Workbook()
    front = book.worksheets[0]
    front.append(["Læs mig"])
    sheet = book.create_sheet("Tal")
    for row in [["Titel"], [], ["kode", "Kommune", 2023, 2024], [751, "Aarhus", 1.5, ".."],
                [461, "Odense", 2, 0.123]]:  # fmt: skip
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    expected = {("751", "2023", "titel"): 1.5, ("461", "2023", "titel"): 2.0,
                ("461", "2024", "titel"): 0.123}  # fmt: skip
    assert values(imported(tmp_path / "a.xlsx")[0]) == expected
    long = pl.DataFrame(
        {"kommune": ["Aarhus", "Odense", "Odense"], "aar": [2023, 2023, 2024],
         "titel": [1.5, 2.0, 0.123]}
    )  # fmt: skip
    long.write_parquet(tmp_path / "a.parquet")
    assert values(imported(tmp_path / "a.parquet")[0]) == expected


def test_an_error_in_a_cell_of_a_workbook_is_refused(tmp_path: Path) -> None:
    """It is no missing figure."""
    book = Workbook()
    cells: list[list[str | int]]
    cells = [["kommune", "aar", "indhold"], ["Aarhus", 2024, 1], ["Odense", 2024, "#N/A"]]
    for row in cells:
        book.worksheets[0].append(row)
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(InputError) as caught:
        imported(tmp_path / "a.xlsx")
    assert "#N/A" in caught.value.what.da
    assert "C3" in caught.value.where.da


def test_a_sheet_that_is_not_there_is_said(tmp_path: Path) -> None:
    """With the nearest name."""
    book = Workbook()
    book.worksheets[0].title = "Tal 2024"
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(InputError) as caught:
        read_sheet(tmp_path / "a.xlsx", "Tal 2023")
    assert caught.value.hint is not None
    assert "Tal 2024" in caught.value.hint.da


# --- The mapping file ----------------------------------------------------------------------------


def documented(kind: str) -> str:
    """Return the first block of that kind in the docs of peer data."""
    page = (desk("examples").parent / "docs" / "peers.md").read_text("utf-8")
    found = re.search(rf"```{kind}\n(.*?)```", page, re.DOTALL)
    assert found is not None
    return found[1]


def test_the_documented_example_does_what_it_says(tmp_path: Path) -> None:
    """The page's mapping file and export, put together: 120 / 160 = 0.75; 45 / 50 = 0.9."""
    mapping = written(tmp_path, documented("toml"), name="oversaettelse.toml")
    export = written(tmp_path, documented("csv"))
    frame, notes = imported(export, read_mapping(mapping))
    rows = frame.select(
        "kommune", "periode", "indikator", "definition_version", "vaerdi", "taeller", "naevner"
    ).rows()
    assert rows == [
        ("Skanderborg", "2024", "opfoelgning-rettidig", 1, 0.9, 45.0, 50.0),
        ("Aarhus", "2024", "opfoelgning-rettidig", 1, 0.75, 120.0, 160.0),
    ]
    assert frame["kilde"][0].startswith("Egen indsamling, maj 2025: udtræk.csv sha256:")
    assert notes == ["udtræk.csv: Kolonnen «Bemærkning» er ikke brugt."]
    peers = tmp_path / "peers.csv"
    peers.write_bytes(to_bytes(frame, peers))
    assert read_peers(peers, load_catalogue()).height == 2


def test_every_column_can_be_named(tmp_path: Path) -> None:
    """What a row says of itself is kept as it says it."""
    text = (
        "K;P;I;T;U;V;PL;R;D;S;andet\n"
        "Aarhus;2024;Pris 107;Pris på ophold;kr.;100;Løbende;Før;2;brev;9\n"
        "Odense;2024-09-30;Andet tal;;;5;;;;;9\n"
    )
    columns = Columns(municipality="K", period="P", indicator="I", title="T", unit="U", value="V",
                      price_level="PL", refund="R", definition_version="D", source="S")  # fmt: skip
    how = ImportMap(columns=columns, ids={"Pris 107": "bevilget-pris-107"}, multiply=0.5)
    frame, notes = imported(written(tmp_path, text), how)
    told = frame.select(COLUMNS.keys() - {"kilde", "kontakt"})
    rows = {r["kommune"]: r for r in told.iter_rows(named=True)}
    a, b = rows["Aarhus"], rows["Odense"]
    assert (a["indikator"], a["titel"], a["enhed"], a["vaerdi"]) == (
        "bevilget-pris-107", "Pris på ophold", "kr.", 50.0,
    )  # fmt: skip
    assert (a["prisniveau"], a["refusion"], a["definition_version"]) == ("løbende", "før", 2)
    assert (b["indikator"], b["periode"], b["vaerdi"]) == ("andet-tal", "2024-09-30", 2.5)
    assert (b["prisniveau"], b["refusion"], b["definition_version"]) == (None, None, 1)
    assert notes == ["udtræk.csv: Kolonnen «andet» er ikke brugt."]


@pytest.mark.parametrize(
    ("toml", "what", "hint"),
    [
        ('[columns]\nmunicipalty = "K"\n', "municipalty", "municipality"),
        ('decimals = ","\n', "decimals", "decimal"),
        ('aggregate = "median"\n', "median", "mean"),
        ('[fixed]\nindicator = "Ikke Et Id"\n', "Ikke Et Id", ""),
        ('[columns]\nunit = "E"\n[fixed]\nunit = "kr."\n', "unit står både", ""),
        ('[columns]\nnumerator = "T"\n', "numerator og denominator", ""),
        ("[columns\n", "TOML", ""),
    ],
)
def test_a_mistake_in_the_mapping_file_is_said(
    toml: str, what: str, hint: str, tmp_path: Path
) -> None:
    """With its line, and the nearest name."""
    path = written(tmp_path, toml, name="m.toml")
    with pytest.raises(InputError) as caught:
        read_mapping(path)
    assert what in caught.value.what.da
    assert "m.toml, linje" in caught.value.where.da
    assert hint in (caught.value.hint.da if caught.value.hint else "")


def test_a_mapping_file_that_is_not_there_or_not_utf8_is_said(tmp_path: Path) -> None:
    """As one message."""
    with pytest.raises(InputError):
        read_mapping(tmp_path / "m.toml")
    path = written(tmp_path, '[columns]\nperiod = "År"\n', "latin-1", "m.toml")
    with pytest.raises(InputError) as caught:
        read_mapping(path)
    assert "UTF-8" in caught.value.what.da


def test_a_named_column_that_is_not_there_suggests_the_nearest(tmp_path: Path) -> None:
    """Kommunne is probably Kommune."""
    how = ImportMap(columns=Columns(municipality="Kommunne", value="x"))
    error = refused(tmp_path, "Kommune;år;x\nAarhus;2024;1\n", how)
    assert error.hint is not None
    assert "Kommune" in error.hint.da


@pytest.mark.parametrize(
    ("column", "cell"),
    [("price_level", "2024-priser"), ("refund", "måske"), ("definition_version", "v2")],
)
def test_a_word_that_cannot_stand_in_a_column_is_refused(
    column: str, cell: str, tmp_path: Path
) -> None:
    """Price levels, refund bases and versions are known words and numbers."""
    how = ImportMap.model_validate(
        {"columns": {column: "Q", "municipality": "k", "value": "x", "period": "år"}}
    )
    error = refused(tmp_path, f"k;år;x;Q\nAarhus;2024;1;{cell}\n", how)
    assert cell in error.what.da
    assert "række 2" in error.where.da


def test_a_denominator_of_nothing_gives_no_figure(tmp_path: Path) -> None:
    """It is told, as what is missing is."""
    how = ImportMap(columns=Columns(municipality="k", period="år", numerator="t", denominator="n"))
    frame, notes = imported(written(tmp_path, "k;år;t;n\nAarhus;2024;1;4\nOdense;2024;3;0\n"), how)
    assert values(frame) == {("751", "2024", "t"): 0.25}
    assert any("1 tal mangler" in n for n in notes)


# --- Properties ----------------------------------------------------------------------------------

CODES = sorted(places())
FIGURES = st.integers(-(10**9), 10**9).map(lambda n: n / 1000)
TABLES = st.dictionaries(
    st.tuples(st.sampled_from(CODES), st.sampled_from(["2021", "2022", "2023"])),
    FIGURES, min_size=1, max_size=20,
)  # fmt: skip
quickly = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def as_csv(rows: Sequence[Sequence[str]], mark: str) -> str:
    """Return rows as a CSV text."""
    out = io.StringIO()
    csv.writer(out, delimiter=mark, lineterminator="\n").writerows(rows)
    return out.getvalue()


def figure(x: float | None, mark: str) -> str:
    """Return a figure with a decimal comma where cells are not parted by commas."""
    text = ".." if x is None else f"{x:.3f}"
    return text if mark == "," else text.replace(".", ",") if x is not None else text


def long_rows(table: Mapping[tuple[str, str], float], mark: str) -> list[list[str]]:
    """Return a table with a row for each figure."""
    names = {c: places()[c].name for c in CODES}
    return [["område", "tid", "indhold"],
            *([names[c], year, figure(x, mark)] for (c, year), x in table.items())]  # fmt: skip


def wide_rows(table: Mapping[tuple[str, str], float], mark: str) -> list[list[str]]:
    """Return a table with a column for each year."""
    years = sorted({y for _, y in table})
    codes = sorted({c for c, _ in table})
    rows = [[places()[c].name, *(figure(table.get((c, y)), mark) for y in years)] for c in codes]
    return [["område", *years], *rows]


@quickly
@given(TABLES, st.sampled_from(",;\t"), st.sampled_from(["utf-8", "utf-8-sig", "latin-1"]))
def test_long_and_wide_in_any_dress_are_the_same(
    tmp_path: Path, table: dict[tuple[str, str], float], mark: str, encoding: str
) -> None:
    """One frame, but for the rows that the source tells."""
    expected = {(c, y, "udtraek"): x for (c, y), x in table.items()}
    frames = []
    for rows in (long_rows(table, mark), wide_rows(table, mark)):
        frame, _ = imported(written(tmp_path, as_csv(rows, mark), encoding))
        assert values(frame) == expected
        frames.append(frame.drop("kilde"))
    assert_frame_equal(*frames)


@quickly
@given(TABLES, st.sampled_from(["a.csv", "a.parquet"]))
def test_what_is_written_is_read_as_it_was(
    tmp_path: Path, table: dict[tuple[str, str], float], name: str
) -> None:
    """Every figure to the last digit, and twice the same bytes."""
    frame, _ = imported(written(tmp_path, as_csv(long_rows(table, ";"), ";")))
    path = tmp_path / name
    path.write_bytes(to_bytes(frame, path))
    again = read_context(path).drop("raekke")
    assert_frame_equal(again, frame)
    assert to_bytes(again, path) == path.read_bytes()


@given(st.text(max_size=40))
def test_an_id_is_an_id(text: str) -> None:
    """Lower case, digits and single hyphens, none at the ends; doing it twice changes nothing."""
    found = slug(text)
    assert found == "" or re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", found)
    assert slug(found) == found


# --- The command ---------------------------------------------------------------------------------


def test_import_writes_a_file_and_says_what_it_can_be_used_for(tmp_path: Path) -> None:
    """Unknown indicators are framework conditions; the source names file, checksum and rows."""
    path = written(
        tmp_path, "kommune;år;andel\nHele landet;2024;3,5\nAarhus;2024;1,5\nOdense;2024;2,5\n"
    )
    ran = styring_in_process("peers", "import", "udtræk.csv", "--out", "ud/r.csv", cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert ran.lines == [str(Path("ud/r.csv"))]
    assert "2 tal: 2 kommuner, 1 indikator, 2024." in ran.err
    assert "2 rækker har indikatorer, som ingen definition kender" in ran.err
    assert "--context" in ran.err
    assert "--peers" not in ran.err
    frame = read_context(tmp_path / "ud" / "r.csv")
    checksum = sha256(path.read_bytes()).hexdigest()[:12]
    assert set(frame["kilde"]) == {f"udtræk.csv sha256:{checksum} rækker 3-4"}


def test_import_refuses_to_write_over_a_file(tmp_path: Path) -> None:
    """Unless it is asked to."""
    written(tmp_path, "kommune;år;andel\nAarhus;2024;1,5\n")
    command = ["peers", "import", "udtræk.csv", "--out", "r.csv"]
    assert [styring_in_process(*command, *more, cwd=tmp_path).code
            for more in ([], [], ["--overwrite"])] == [0, 5, 0]  # fmt: skip


def test_import_says_what_peers_can_use(tmp_path: Path) -> None:
    """Known and unknown ones in one file: the two kinds go into files of their own."""
    written(tmp_path, "k;p;i;v\nAarhus;2024;Rettidig;0,7\nOdense;2024;Lykke;0,8\n")
    written(
        tmp_path,
        '[columns]\nmunicipality = "k"\nperiod = "p"\nindicator = "i"\nvalue = "v"\n'
        '[ids]\n"Rettidig" = "opfoelgning-rettidig"\n',
        name="m.toml",
    )
    command = ["peers", "import", "udtræk.csv", "--map", "m.toml", "--out", "r.csv"]
    ran = styring_in_process(*command, "--lang", "en", cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert "1 row has an indicator that styring knows. It can be used with --peers." in ran.err
    assert "1 row has an indicator that no definition knows." in ran.err
    assert "import the two kinds one at a time" in ran.err
