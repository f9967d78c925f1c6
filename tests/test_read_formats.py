"""Workbooks in other formats than .xlsx: OpenDocument (.ods) and Excel 97–2003 (.xls)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import build
from running import styring_in_process
from styring.definitions import load_spec
from styring.errors import InputError
from styring.read.biff import scan_old_excel
from styring.read.grid import read_grids
from styring.read.workbook import read_workbook

OLD = Path(__file__).parent / "workbooks" / "lille.xls"
"""The small municipality as an .xls: an error in Økonomi!E3 and E5, row 4 hidden, row 6 blank, and
Befolkning hidden with its table from C5 on."""
KIND = "application/vnd.oasis.opendocument.spreadsheet"
SPACES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (("office", "office"), ("table", "table"), ("text", "text"))
)
EXTRA = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
ERROR = (
    '<table:table-cell table:formula="of:=NA()" office:value-type="string" office:string-value="" '
    'calcext:value-type="error"><text:p>#N/A</text:p></table:table-cell>'
)


def cell(value: object) -> str:
    """Return a cell as OpenDocument writes it; a text that begins with `<` stands as it is."""
    match value:
        case None | "":
            return "<table:table-cell/>"
        case str() if value.startswith("<"):
            return value
        case int() | float():
            said = f'office:value-type="float" office:value="{value}"'
        case date():
            said = f'office:value-type="date" office:date-value="{value.isoformat()}"'
        case _:
            said = 'office:value-type="string"'
    return f"<table:table-cell {said}><text:p>{escape(str(value))}</text:p></table:table-cell>"


def content(book: Mapping[str, Sequence[build.Row]], before: str = "") -> str:
    """Return the sheets of an OpenDocument workbook; `before` stands before each sheet's rows."""
    tables = []
    for name, rows in book.items():
        lines = [f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows]
        tables.append(f'<table:table table:name="{name}">{before}{"".join(lines)}</table:table>')
    return (
        f"<office:document-content {SPACES} {EXTRA}><office:body><office:spreadsheet>"
        f"{''.join(tables)}</office:spreadsheet></office:body></office:document-content>"
    )


def ods(path: Path, sheets: str, **more: str) -> Path:
    """Return the path of an OpenDocument workbook with this content."""
    manifest = more.get("manifest", "<manifest/>")
    return build.zipped(
        path, {"mimetype": KIND, "content.xml": sheets, "META-INF/manifest.xml": manifest}
    )


def test_an_open_document_reads_as_the_same_in_excel(tmp_path: Path) -> None:
    excel = build.read(tmp_path, build.minimal())
    other = build.read_file(ods(tmp_path / "m.ods", content(build.minimal())))
    for name, frame in excel.tables.frames.items():
        assert other.tables.frames[name].equals(frame), name
    assert other.accounts == excel.accounts
    assert other.notes == excel.notes


@pytest.mark.parametrize("name", ["m.ods", "m.xlsx", "m"])
def test_an_open_document_is_one_under_any_name(name: str, tmp_path: Path) -> None:
    assert build.read_file(ods(tmp_path / name, content(build.minimal()))).accounts


@pytest.mark.parametrize(
    "error",
    [
        ERROR,
        ERROR.replace(' calcext:value-type="error"', ""),
        ERROR.replace("#N/A", "Err:502"),
        ERROR.replace("#N/A", ""),
    ],
)
def test_an_error_in_an_open_document_is_never_an_empty_cell(error: str, tmp_path: Path) -> None:
    book = build.minimal()
    book["Sager"][2][4] = error
    reading = build.read_file(ods(tmp_path / "m.ods", content(book)))
    assert build.account(reading, "Sager").rejected == 1
    assert build.note(reading, "Excel-fejl").cell == "E3"


def test_a_formula_never_calculated_is_never_an_empty_cell(tmp_path: Path) -> None:
    book = build.minimal()
    book["Sager"][2][4] = '<table:table-cell table:formula="of:=A1"/>'
    reading = build.read_file(ods(tmp_path / "m.ods", content(book)))
    assert build.account(reading, "Sager").rejected == 1


def test_addresses_hold_after_repeated_rows_and_columns(tmp_path: Path) -> None:
    """Three blank rows over the table, and two blank columns before it: D6 is C2 moved."""
    book = build.minimal()
    two = '<table:table-cell table:number-columns-repeated="2"/>'
    book["Sager"] = [[two, *row] for row in book["Sager"]]
    book["Sager"][2][5] = ERROR
    blank = '<table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
    path = ods(tmp_path / "m.ods", content(book, blank))
    reading = build.read_file(path)
    assert build.account(reading, "Sager").header_row == 4
    # the end date is column E of the small municipality, and G two columns on; its row 3 is row 6
    assert build.note(reading, "Excel-fejl").cell == "G6"
    assert build.account(reading, "Sager").columns["sag_id"] == "C"


def test_equal_rows_written_once_count_each(tmp_path: Path) -> None:
    book = build.minimal()
    row = book["Økonomi"][2]
    text = content(book).replace(
        f"<table:table-row>{''.join(map(cell, row))}</table:table-row>",
        '<table:table-row table:number-rows-repeated="2">'
        f"{''.join(map(cell, row))}</table:table-row>",
    )
    reading = build.read_file(ods(tmp_path / "m.ods", text))
    assert build.account(reading, "Økonomi").rows == 4


def test_hidden_rows_and_merged_cells_are_known(tmp_path: Path) -> None:
    book = build.minimal()
    book["Sager"][1][2] = (
        '<table:table-cell table:number-rows-spanned="2" table:number-columns-spanned="1" '
        'office:value-type="string"><text:p>107</text:p></table:table-cell>'
    )
    book["Sager"][2][2] = "<table:covered-table-cell/>"
    text = content(book).replace(
        f"<table:table-row>{cell('S2')}",
        f'<table:table-row table:visibility="collapse">{cell("S2")}',
    )
    reading = build.read_file(ods(tmp_path / "m.ods", text))
    assert build.column(reading, "sager", "paragraf") == ["107", "107"]
    assert "1 skjult række" in build.note(reading, "skjult").message.da


def test_blank_cells_to_the_end_of_the_sheet_cost_nothing(tmp_path: Path) -> None:
    after = (
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell table:number-columns-repeated="16384"/></table:table-row></table:table>'
    )
    text = content(build.minimal()).replace("</table:table>", after)
    assert build.account(build.read_file(ods(tmp_path / "m.ods", text)), "Sager").accepted == 2


def test_cells_repeated_beyond_memory_are_refused(tmp_path: Path) -> None:
    bomb = (
        '<table:table-row table:number-rows-repeated="1048000">'
        '<table:table-cell office:value-type="float" office:value="1" '
        'table:number-columns-repeated="16384"/></table:table-row></table:table>'
    )
    text = content(build.minimal()).replace("</table:table>", bomb)
    said = build.file_refusal(ods(tmp_path / "m.ods", text))
    assert "kan ikke åbnes" in said.what.da


def test_a_bomb_is_refused_by_its_size(tmp_path: Path) -> None:
    path = ods(tmp_path / "m.ods", content(build.minimal()) + " " * 60_000_000)
    assert "for stor at åbne" in build.file_refusal(path).what.da


def test_a_locked_open_document_is_refused_as_such(tmp_path: Path) -> None:
    path = ods(tmp_path / "m.ods", content(build.minimal()), manifest="<m:encryption-data/>")
    assert "adgangskode" in build.file_refusal(path).what.da


@pytest.mark.parametrize(
    "sheets",
    ["<x/>", "<x", '<!DOCTYPE x [<!ENTITY a "b">]><x/>', ""],
    ids=["no sheet", "cut", "document type", "empty"],
)
def test_a_broken_open_document_is_refused(sheets: str, tmp_path: Path) -> None:
    build.file_refusal(ods(tmp_path / "m.ods", sheets))


def test_a_repeat_that_is_no_number_is_refused(tmp_path: Path) -> None:
    text = content(build.minimal()).replace(
        "<table:table-row>", '<table:table-row table:number-rows-repeated="mange">', 1
    )
    build.file_refusal(ods(tmp_path / "m.ods", text))


def test_an_open_document_is_reviewed(tmp_path: Path) -> None:
    path = ods(tmp_path / "m.ods", content(build.minimal()))
    ran = styring_in_process("review", path, "--out", tmp_path / "out", cwd=tmp_path)
    assert ran.code == 0, ran.err
    assert "m.ods" in (tmp_path / "out" / "review.md").read_text("utf-8")


# --- Excel 97–2003 ------------------------------------------------------------------------------


def test_an_old_workbook_is_read_with_all_its_numbers_as_floats() -> None:
    reading = build.read_file(OLD)
    cells = [c for g in read_grids(OLD) for row in g.rows for c in row]
    assert not any(type(c) is int for c in cells)
    assert build.column(reading, "sager", "pris") == [2500, 3000]
    assert build.column(reading, "sager", "startdato") == [date(2024, 1, 1), date(2023, 5, 1)]
    assert build.column(reading, "befolkning", "antal") == [24000, 24100]


def test_errors_in_an_old_workbook_are_never_empty_cells() -> None:
    reading = build.read_file(OLD)
    assert scan_old_excel(OLD)["Økonomi"].errors == {(2, 4): "#N/A", (4, 4): "#DIV/0!"}
    account = build.account(reading, "Økonomi")
    assert (account.rows, account.rejected) == (5, 2)
    assert "(E3, E5)" in build.note(reading, "Excel-fejl").message.da


def test_hidden_parts_and_addresses_of_an_old_workbook_are_known() -> None:
    reading = build.read_file(OLD)
    assert build.account(reading, "Befolkning").columns["antal"] == "F"
    assert build.account(reading, "Befolkning").header_row == 5
    assert build.note(reading, "Arket er skjult").sheet == "Befolkning"
    assert "1 skjult række" in build.note(reading, "skjult række").message.da


def changed(path: Path, old: bytes, new: bytes) -> Path:
    """Return the old workbook with some of its bytes changed once."""
    data = OLD.read_bytes()
    assert data.count(old) == 1
    path.write_bytes(data.replace(old, new))
    return path


def test_the_1904_date_system_of_an_old_workbook_is_read(tmp_path: Path) -> None:
    """The record of the date system (22 00, two bytes long) says 1 instead of 0."""
    path = changed(tmp_path / "m.xls", b"\x22\x00\x02\x00\x00\x00", b"\x22\x00\x02\x00\x01\x00")
    # 1904-01-01 is day 1462 of the system that begins in 1900: all days move by that many
    started = build.column(build.read_file(path), "sager", "startdato")
    assert started == [date(2028, 1, 2), date(2027, 5, 2)]


def test_a_locked_old_workbook_is_refused_as_such(tmp_path: Path) -> None:
    """The record of the code page (42 00) made that of a password (2F 00)."""
    path = changed(tmp_path / "m.xls", b"\x42\x00\x02\x00\xb0\x04", b"\x2f\x00\x02\x00\xb0\x04")
    assert "adgangskode" in build.file_refusal(path).what.da


@pytest.mark.parametrize("kept", [8, 76, 512, 600, 1536, 4096])
def test_an_old_workbook_cut_off_is_refused(kept: int, tmp_path: Path) -> None:
    path = tmp_path / "m.xls"
    path.write_bytes(OLD.read_bytes()[:kept])
    build.file_refusal(path)


def test_a_chain_that_goes_round_is_refused(tmp_path: Path) -> None:
    """The table of sectors says of each that it follows itself."""
    data = bytearray(OLD.read_bytes())
    table = (int.from_bytes(data[76:80], "little") + 1) * 512
    for n in range(128):
        data[table + 4 * n : table + 4 * n + 4] = n.to_bytes(4, "little")
    path = tmp_path / "m.xls"
    path.write_bytes(data)
    build.file_refusal(path)


@settings(max_examples=150, deadline=None)
@given(
    changes=st.lists(st.tuples(st.integers(8, 8703), st.integers(0, 255)), min_size=1, max_size=12)
)
def test_a_damaged_old_workbook_is_read_or_refused(
    changes: list[tuple[int, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    data = bytearray(OLD.read_bytes())
    for at, value in changes:
        data[at] = value
    path = tmp_path_factory.mktemp("old") / "m.xls"
    path.write_bytes(data)
    with suppress(InputError):
        read_workbook(path, load_spec(), partial=True)


def test_an_old_workbook_is_inspected(tmp_path: Path) -> None:
    ran = styring_in_process("inspect", OLD, cwd=tmp_path)
    assert ran.code == 0
    assert "Økonomi E3: 2 celler i «beløb» er Excel-fejl" in ran.out
