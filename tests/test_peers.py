from __future__ import annotations

import csv
import io
import math
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from openpyxl import Workbook
from polars.testing import assert_frame_equal

import build
from rows import shipped
from styring.compare import comparable, compare
from styring.errors import InputError
from styring.measure import Figure
from styring.peers import COLUMNS, SCHEMA, read_context, read_peers, to_bytes, to_frame
from styring.pipeline import Choices, peer_rows, review
from styring.possible import reach
from styring.text import guarded, unguarded

HEADER = [
    "kommunekode", "kommune", "periode", "indikator", "definition_version", "prisniveau",
    "refusion", "vaerdi", "taeller", "naevner", "partial", "suppressed", "kilde", "kontakt",
]  # fmt: skip
ROWS: list[list[object]] = [
    ["727", "Odder", "2024", "bevilget-pris-108", 1, "løbende", "før", 1_234_567.891, 61_728_394.55,
     50.0, False, False, "odder.xlsx", "a@b.dk"],
    ["740", "Silkeborg", "2025-09-30", "opfoelgning-rettidig", 1, None, None, 0.625, 5.0, 8.0, True,
     False, None, None],
    ["080", "Ærø", "2024", "opfoelgning-rettidig", 1, None, None, None, None, None, False, True,
     None, None],
]  # fmt: skip


def frame() -> pl.DataFrame:
    """Return the rows as a frame, numbered as in a sheet with a header."""
    plain = pl.DataFrame([[*row, None, None] for row in ROWS], schema=COLUMNS, orient="row")
    return plain.with_row_index("raekke", 2)


def text(cell: object, mark: str) -> str:
    """Return a cell as a CSV file has it, with this decimal mark."""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return repr(cell).replace(".", mark)
    return "" if cell is None else str(cell)


def csv_file(path: Path, rows: Sequence[Sequence[object]], between: str, mark: str = ".") -> Path:
    """Return a CSV file of these rows, with this mark between its cells."""
    lines = [HEADER, *([text(c, mark) for c in row] for row in rows)]
    path.write_text("\n".join(between.join(line) for line in lines) + "\n", encoding="utf-8")
    return path


def xlsx_file(path: Path, rows: Sequence[Sequence[object]]) -> Path:
    """Return a workbook of these rows."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in [HEADER, *rows]:
        sheet.append(list(row))
    book.save(path)
    return path


def one(**changes: str) -> dict[str, str]:
    """Return a row of a small file: timely follow-up of Odder in 2024."""
    plain = {"kommunekode": "727", "kommune": "Odder", "periode": "2024", "vaerdi": "0.7",
             "indikator": "opfoelgning-rettidig", "definition_version": "1"}  # fmt: skip
    return {**plain, **changes}


def small_file(path: Path, *rows: Mapping[str, str], between: str = ";") -> Path:
    """Return a CSV file of small rows."""
    lines = [list(rows[0]), *([*row.values()] for row in rows)]
    path.write_text("\n".join(between.join(line) for line in lines) + "\n", encoding="utf-8")
    return path


# --- Kinds of file ------------------------------------------------------------------------------


def test_every_kind_of_file_gives_the_same_frame(tmp_path: Path) -> None:
    """Commas and points, semicolons and decimal commas, a byte order mark, Excel and parquet."""
    marked = tmp_path / "maerket.csv"
    plain = csv_file(tmp_path / "komma.csv", ROWS, ",")
    marked.write_bytes(b"\xef\xbb\xbf" + plain.read_bytes())
    parquet = tmp_path / "peers.parquet"
    parquet.write_bytes(to_bytes(frame().select(list(SCHEMA)), parquet))
    files = [
        plain,
        marked,
        csv_file(tmp_path / "semikolon.csv", ROWS, ";", ","),
        csv_file(tmp_path / "punktum.csv", ROWS, ";"),
        xlsx_file(tmp_path / "peers.xlsx", ROWS),
        parquet,
    ]
    for file in files:
        assert_frame_equal(read_peers(file, shipped()), frame(), check_dtypes=file != parquet)


def test_a_year_and_a_code_written_as_numbers_in_excel_are_read_as_they_are(tmp_path: Path) -> None:
    """2024 and not 2024.0; 80 is Ærø's 080."""
    rows = [[80.0, "Ærø", 2024.0, *ROWS[2][3:]]]
    found = read_peers(xlsx_file(tmp_path / "peers.xlsx", rows), shipped())
    assert found.select("kommunekode", "periode").rows() == [("080", "2024")]


def test_columns_that_may_be_missing_are_empty(tmp_path: Path) -> None:
    """Numerator, denominator, source, contact, price level and refund; partial and withheld: no."""
    found = read_peers(small_file(tmp_path / "peers.csv", one()), shipped())
    assert found.columns == ["raekke", *SCHEMA, "titel", "enhed"]
    empty = ("taeller", "naevner", "kilde", "kontakt", "titel", "enhed")
    assert found.select(empty).row(0) == (None,) * 6
    assert found.select("prisniveau", "refusion", "partial", "suppressed").row(0) == (
        None, None, False, False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("word", "meant"),
    [("true", True), ("SAND", True), ("ja", True), ("1", True), ("false", False), ("Nej", False),
     ("falsk", False), ("0", False), ("", False)],
)  # fmt: skip
def test_yes_and_no_are_read_in_both_languages(word: str, meant: bool, tmp_path: Path) -> None:  # noqa: FBT001
    """Blank is no."""
    found = read_peers(small_file(tmp_path / "peers.csv", one(suppressed=word)), shipped())
    assert found["suppressed"].to_list() == [meant]


def test_headers_may_have_blanks_and_large_letters(tmp_path: Path) -> None:
    """As Excel users write them."""
    row = {f" {k.upper()} ": v for k, v in one().items()}
    assert read_peers(small_file(tmp_path / "peers.csv", row), shipped())["vaerdi"].to_list() == [
        0.7
    ]


# --- What cannot be used ------------------------------------------------------------------------


def refused(path: Path) -> InputError:
    """Return the error a peers file gives."""
    with pytest.raises(InputError) as error:
        read_peers(path, shipped())
    assert str(path) in error.value.message("da")
    return error.value


def test_a_missing_column_is_named(tmp_path: Path) -> None:
    """All of them at once, with those that are expected."""
    row = {k: v for k, v in one().items() if k not in ("periode", "vaerdi")}
    error = refused(small_file(tmp_path / "peers.csv", row))
    assert "periode, vaerdi" in error.what.da
    assert error.hint is not None
    assert "kommunekode" in error.hint.da


@pytest.mark.parametrize(
    ("column", "bad"),
    [
        ("vaerdi", "ca. 70"), ("vaerdi", "1.234,5"), ("vaerdi", "1,234.5"), ("vaerdi", "nan"),
        ("vaerdi", "inf"), ("taeller", "mange"), ("definition_version", "v1"),
        ("definition_version", "1.5"), ("partial", "måske"),
    ],
)  # fmt: skip
def test_a_cell_of_the_wrong_kind_is_refused_with_its_row(
    column: str, bad: str, tmp_path: Path
) -> None:
    """Thousands marks too: 1.234 could be either; nor is NaN or infinity a figure."""
    error = refused(
        small_file(
            tmp_path / "peers.csv", one(**{column: "1"}), one(kommunekode="740", **{column: bad})
        )
    )
    assert f"«{bad}»" in error.what.da
    assert column in error.what.da
    assert "række 3" in error.message("da")


@pytest.mark.parametrize("period", ["", "3. kvartal", "24", "2024/25"])
def test_a_period_that_is_neither_year_nor_date_is_refused(period: str, tmp_path: Path) -> None:
    """As one message, not as a traceback when it is used."""
    path = small_file(tmp_path / "peers.csv", one(periode=period))
    with pytest.raises(InputError):
        comparable(read_peers(path, shipped()), shipped().indicators, "706")


def test_two_rows_with_the_same_key_are_refused_with_both_rows(tmp_path: Path) -> None:
    """Whatever their values; another period is another key."""
    error = refused(
        small_file(tmp_path / "peers.csv", one(), one(periode="2023"), one(vaerdi="0.8"))
    )
    assert "Odder, opfoelgning-rettidig, 2024" in error.what.da
    assert "række 2 og 4" in error.message("da")


def test_a_code_with_and_without_its_zero_is_one_municipality(tmp_path: Path) -> None:
    """80 and 080 are Ærø twice."""
    twins = small_file(tmp_path / "peers.csv", one(kommunekode="80"), one(kommunekode="080"))
    assert "to rækker" in refused(twins).what.da


def test_unknown_indicators_are_named(tmp_path: Path) -> None:
    """All of them, in order."""
    rows = [one(), one(indikator="lykke"), one(indikator="grundighed")]
    error = refused(small_file(tmp_path / "peers.csv", *rows))
    assert "grundighed, lykke" in error.what.da


def test_framework_conditions_need_no_definition(tmp_path: Path) -> None:
    """They are read with their names and units, the municipality's own too."""
    row = one(indikator="lykke", titel="Lykke", enhed="point")
    found = read_context(small_file(tmp_path / "rammer.csv", row))
    assert found.select("indikator", "titel", "enhed", "vaerdi").rows() == [
        ("lykke", "Lykke", "point", 0.7)
    ]


def test_a_code_beside_anothers_name_is_refused(tmp_path: Path) -> None:
    """In any spelling; a code that is nobody's may have any name."""
    odd = [one(kommunekode="999", kommune="Andeby"), one(kommune="ODDER Kommune")]
    assert read_peers(small_file(tmp_path / "andre.csv", *odd), shipped()).height == 2
    error = refused(small_file(tmp_path / "peers.csv", one(), one(kommune="Silkeborg")))
    assert "727 er Odder" in error.what.da
    assert "række 3" in error.message("da")


@pytest.mark.parametrize("column", ["kommunekode", "kommune", "indikator", "definition_version"])
def test_a_blank_that_would_lose_the_row_is_refused(column: str, tmp_path: Path) -> None:
    """A row without a version would match no definition, and nobody would be told."""
    error = refused(small_file(tmp_path / "peers.csv", one(), one(**{column: " "})))
    assert column in error.what.da
    assert "række 3" in error.message("da")


@pytest.mark.parametrize("line", ["740;Silkeborg;2024;0.6", "740;Silkeborg;2024;0,6;x;1;1;1"])
def test_a_ragged_row_is_refused_with_its_number(line: str, tmp_path: Path) -> None:
    """Shorter or longer than the headers; blank lines are none."""
    path = small_file(tmp_path / "peers.csv", one())
    path.write_text(path.read_text("utf-8") + f"\n{line}\n\n", "utf-8")
    assert "række 4" in refused(path).message("da")


def test_two_columns_of_a_name_are_refused(tmp_path: Path) -> None:
    """One of them would be lost."""
    path = small_file(tmp_path / "peers.csv", {**one(), " Vaerdi": "0.9"})
    assert "to gange" in refused(path).what.da


def test_a_file_in_the_letters_of_windows_is_read(tmp_path: Path) -> None:
    """Excel in Denmark writes them so."""
    path = small_file(tmp_path / "peers.csv", one(kommunekode="492", kommune="Ærø"))
    path.write_bytes(path.read_text("utf-8").encode("cp1252"))
    assert read_peers(path, shipped())["kommune"].to_list() == ["Ærø"]


def test_nan_in_parquet_is_refused(tmp_path: Path) -> None:
    """It would make a median of nothing."""
    path = tmp_path / "peers.parquet"
    row = [*ROWS[1][:7], float("nan"), *ROWS[1][8:]]
    path.write_bytes(to_bytes(pl.DataFrame([row], schema=SCHEMA, orient="row"), path))
    assert "vaerdi" in refused(path).what.da


# --- What is never averaged silently --------------------------------------------------------------

FOUR = [("727", "Odder"), ("740", "Silkeborg"), ("746", "Skanderborg"), ("766", "Hedensted")]


def rows_of(*changes: Mapping[str, str]) -> list[dict[str, str]]:
    """Return timely follow-up of four municipalities, 0.7 each, then changed."""
    plain = [one(kommunekode=c, kommune=n) for c, n in FOUR]
    return [{**row, **change} for row, change in zip(plain, changes, strict=True)]


SAME: dict[str, str] = {}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"vaerdi": "-0.2"}, "1 række i sammenligningsfilen har et tal, der ikke kan passe"),
        ({"vaerdi": "70"}, "0,25 for 25 pct."),
        ({"definition_version": "9"}, "1 række i sammenligningsfilen har en anden definition"),
        ({"prisniveau": "faste"}, "1 række i sammenligningsfilen har en anden definition"),
        ({"refusion": "før"}, "1 række i sammenligningsfilen har en anden definition"),
    ],
)
def test_what_cannot_be_compared_is_left_out_and_told(
    change: dict[str, str], said: str, tmp_path: Path
) -> None:
    """Impossible figures, other versions, prices and refunds: three of four are left."""
    full = {"prisniveau": "", "refusion": ""}
    rows = rows_of({**full, **change}, full, full, full)
    peers = read_peers(small_file(tmp_path / "peers.csv", *rows), shipped())
    found, _, notes = comparable(peers, shipped().indicators, "706")
    assert [p.name for p in found["opfoelgning-rettidig", 2024, False]] == [
        "Silkeborg", "Skanderborg", "Hedensted",
    ]  # fmt: skip
    (note,) = notes
    assert note.severity == "warning"
    assert said in note.message.da
    assert "Sager, der er fulgt op til tiden" in note.message.da


def test_other_years_are_kept_apart(tmp_path: Path) -> None:
    """A figure of 2023 is no peer of one of 2024."""
    rows = rows_of({"periode": "2023"}, SAME, SAME, SAME)
    peers = read_peers(small_file(tmp_path / "peers.csv", *rows), shipped())
    found, _, notes = comparable(peers, shipped().indicators, "706")
    assert {k[1]: len(v) for k, v in found.items()} == {2023: 1, 2024: 3}
    assert notes == []


def test_one_peer_is_no_comparison(tmp_path: Path) -> None:
    """Nor are two; three are."""
    figure = Figure("opfoelgning-rettidig", 2024, None, 0.5)
    indicator = shipped()["opfoelgning-rettidig"]
    for n in (1, 2, 3):
        rows = rows_of(SAME, SAME, SAME, SAME)[:n]
        peers = read_peers(small_file(tmp_path / "peers.csv", *rows), shipped())
        found, _, _ = comparable(peers, shipped().indicators, "706")
        assert (compare(indicator, figure, found) is None) == (n < 3)


def test_money_and_changes_may_be_negative() -> None:
    """Income can exceed expenditure; a deviation can go either way; a share cannot."""
    reaches = {i.id: reach(i)[0] for i in shipped().indicators}
    assert reaches["udgift-pr-voksen"] == reaches["budgetafvigelse-korrigeret"] == -math.inf
    assert reaches["opfoelgning-rettidig"] == reaches["sagsbehandlingstid"] == 0


@pytest.mark.parametrize("name", ["peers.csv", "peers.xlsx", "peers.parquet"])
def test_a_file_that_is_not_there_is_said(name: str, tmp_path: Path) -> None:
    """Whatever its kind."""
    assert "findes ikke" in refused(tmp_path / name).what.da


@pytest.mark.parametrize("name", ["peers.csv", "peers.xlsx", "peers.parquet"])
def test_a_file_that_is_no_peers_file_is_refused(name: str, tmp_path: Path) -> None:
    """Noise and an empty file."""
    for content in (b"\x00\x01\x02\xff\xfe", b""):
        path = tmp_path / name
        path.write_bytes(content)
        refused(path)


# --- Built from workbooks -----------------------------------------------------------------------


def workbook(folder: Path, code: int, name: str, late: int) -> Path:
    """Return a small municipality of twenty cases, some without timely follow-up."""
    book = build.minimal()
    book["Kommune"][1:3] = [["kommunekode", code], ["kommune", name]]
    book["Kommune"].append(["kontakt", f"styring@{name.lower()}.dk"])
    rows = [
        [*build.case(n), date(2024, 1, 1) if n <= late else date(2025, 9, 1)] for n in range(1, 21)
    ]
    book["Sager"] = [[*build.CASES, "sidste_opfølgning"], *rows]
    return build.csv_folder(folder / f"{code}", book)


MUNICIPALITIES = (
    (727, "Odder", 5),
    (740, "Silkeborg", 6),
    (746, "Skanderborg", 10),
    (766, "Hedensted", 3),
)


def test_what_is_built_from_workbooks_is_read_as_it_was_built(tmp_path: Path) -> None:
    """As CSV and as parquet, every figure to the last digit."""
    rows = [
        r for code, name, late in MUNICIPALITIES
        for r in peer_rows(workbook(tmp_path, code, name, late), shipped())
    ]  # fmt: skip
    built = to_frame(rows)
    for name in ("peers.csv", "peers.parquet"):
        path = tmp_path / name
        path.write_bytes(to_bytes(built, path))
        assert_frame_equal(read_peers(path, shipped()).select(list(SCHEMA)), built)


def test_a_withheld_figure_is_built_without_its_parts(tmp_path: Path) -> None:
    """Three of twenty are late: the row is kept, and says nothing."""
    (_, _, _, hedensted) = MUNICIPALITIES
    rows = peer_rows(workbook(tmp_path, *hedensted), shipped())
    (row,) = (dict(zip(SCHEMA, r, strict=True)) for r in rows if r[3] == "opfoelgning-rettidig")
    assert row["suppressed"]
    assert (row["vaerdi"], row["taeller"], row["naevner"]) == (None, None, None)
    assert row["kontakt"] == "styring@hedensted.dk"
    assert str(row["kilde"]).startswith("766 sha256:")


def test_a_review_uses_the_peers_that_were_built(tmp_path: Path) -> None:
    """75, 70 and 50 per cent, with the withheld one left out: the median is 70."""
    paths = [workbook(tmp_path, *m) for m in MUNICIPALITIES]
    peers = tmp_path / "peers.csv"
    rows = [r for path in paths for r in peer_rows(path, shipped())]
    peers.write_bytes(to_bytes(to_frame(rows), peers))
    own = workbook(tmp_path, 706, "Syddjurs", 12)
    r = review(own, Choices(peers=peers), shipped())
    part = r.indicator("opfoelgning-rettidig")
    assert part is not None
    assert part.peers is not None
    assert part.value == pytest.approx(0.4)
    assert (part.peers.n, part.peers.median, part.peers.rank) == (3, 0.7, None)
    assert part.gap == pytest.approx(-0.3)
    assert r.peer_names == ("Hedensted", "Odder", "Silkeborg", "Skanderborg")
    again = review(paths[0], Choices(peers=peers), shipped()).indicator("opfoelgning-rettidig")
    assert again is not None
    assert again.peers is None  # without its own row two peers are left


# --- What a spreadsheet would take for a formula --------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        '=HYPERLINK("http://x")',
        "+45 12345678",
        "-",
        "@SUM(A1)",
        "\tfane",
        "'=1",
        "''-",
        "jens",
    ],
)
def test_a_text_is_no_formula_in_the_file_and_itself_when_read_back(
    text: str, tmp_path: Path
) -> None:
    """The contact is the workbook's own words; whoever opens the CSV file in Excel runs nothing."""
    row = [*ROWS[0][:-1], text]
    data = to_bytes(to_frame([row]), Path("p.csv"))
    cell = next(csv.reader(io.StringIO(data.decode().split("\n", 1)[1])))[-1]
    assert not cell.startswith(("=", "+", "-", "@", "\t", "\r"))
    (tmp_path / "p.csv").write_bytes(data)
    assert unguarded(guarded(text)) == text
    assert read_context(tmp_path / "p.csv")["kontakt"].to_list() == [text.strip()]
