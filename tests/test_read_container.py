"""Files that are not what they seem, and folders of CSV files."""

from __future__ import annotations

import unicodedata
import warnings
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

import build
from styring.errors import InputError
from styring.read.container import check_container
from styring.read.workbook import Reading

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
SAGER = build.part_of(build.minimal(), "Sager")
HEADER = "sag_id;borger_id;paragraf;startdato;slutdato;pris;enhed;ydelse"


def whole(path: Path) -> bytes:
    """Return the bytes of the small municipality as openpyxl writes it."""
    return build.xlsx(path, build.minimal()).read_bytes()


def file(path: Path, data: bytes) -> Path:
    """Return the path of a file with these bytes."""
    path.write_bytes(data)
    return path


def refused(path: Path) -> InputError:
    """Return the refusal of a file, which names it and says what to do."""
    error = build.file_refusal(path)
    assert error.exit_code == 3
    assert error.where.da.startswith(str(path))
    return error


# --- Files that are no workbook -----------------------------------------------------------------


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    """A wrong path is said to be one."""
    error = refused(tmp_path / "findes-ikke.xlsx")
    assert "findes ikke" in error.what.da
    assert error.hint is not None


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    """Zero bytes is a failed export."""
    assert "tom" in refused(file(tmp_path / "tom.xlsx", b"")).what.da


@pytest.mark.parametrize("data", [b"sag_id;pris\nS1;100\n", b"<html><table></table></html>", b"P"])
def test_a_text_file_renamed_is_refused(tmp_path: Path, data: bytes) -> None:
    """CSV and HTML with the ending .xlsx are not workbooks."""
    error = refused(file(tmp_path / "navn.xlsx", data))
    assert "ikke en Excel-projektmappe" in error.what.da
    assert error.hint is not None
    assert ".xlsx" in error.hint.da


def test_an_encrypted_workbook_is_refused_as_such(tmp_path: Path) -> None:
    """The stub that Excel writes around a locked workbook is known by its stream's name."""
    data = OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(480)
    error = refused(file(tmp_path / "laast.xlsx", data))
    assert "adgangskode" in error.what.da
    assert error.hint is not None
    assert "adgangskoden" in error.hint.da


@pytest.mark.parametrize("name", ["gammel.xls", "gammel.xlsx"])
def test_a_broken_old_excel_file_is_refused_as_such(tmp_path: Path, name: str) -> None:
    """A .xls is a .xls under either name."""
    data = OLE + bytes(504) + "Workbook".encode("utf-16-le") + bytes(480)
    assert ".xls" in refused(file(tmp_path / name, data)).what.da


@pytest.mark.parametrize("name", ["ark.ods", "ark.xlsx"])
def test_an_open_document_without_sheets_is_refused(tmp_path: Path, name: str) -> None:
    """It says that it is a spreadsheet, and holds none."""
    contents = {
        "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
        "content.xml": "<x/>",
    }
    assert "beskadiget" in refused(build.zipped(tmp_path / name, contents)).what.da


def test_a_word_document_renamed_is_refused(tmp_path: Path) -> None:
    """A zip file without a workbook in it is no workbook."""
    path = build.zipped(tmp_path / "brev.xlsx", {"word/document.xml": "<x/>"})
    assert "ikke en Excel" in refused(path).what.da


@pytest.mark.parametrize("name", ["bog.xlsm", "BOG.XLSX", "bog"])
def test_a_workbook_is_a_workbook_under_any_name(tmp_path: Path, name: str) -> None:
    """What counts is what is in the file."""
    path = build.zipped(tmp_path / name, build.book_parts(build.minimal()))
    assert build.column(build.read_file(path), "sager", "sag_id") == ["S1", "S2"]


# --- Damaged files ------------------------------------------------------------------------------


@pytest.mark.parametrize("lost", [1, 10, 500, 5000])
def test_a_truncated_file_is_refused(tmp_path: Path, lost: int) -> None:
    """A download that stopped is damaged, however little is missing."""
    data = whole(tmp_path / "hel.xlsx")
    error = refused(file(tmp_path / "halv.xlsx", data[:-lost]))
    assert "beskadiget" in error.what.da


def test_a_file_damaged_in_the_middle_is_refused(tmp_path: Path) -> None:
    """Bytes turned round inside a sheet are found when it is unpacked."""
    path = tmp_path / "bog.xlsx"
    data = bytearray(whole(path))
    with zipfile.ZipFile(path) as archive:
        start = archive.getinfo("xl/worksheets/sheet4.xml").header_offset
    for n in range(start + 60, start + 100):
        data[n] ^= 0x55
    refused(file(path, bytes(data)))


@pytest.mark.parametrize("part", [build.BOOK, build.RELS, "xl/styles.xml", SAGER])
def test_a_part_that_is_no_xml_is_refused(tmp_path: Path, part: str) -> None:
    """A part cut short is the file's fault, not a bug of ours."""
    contents = build.book_parts(build.minimal())
    contents[part] = contents[part][: len(contents[part]) // 2]
    refused(build.zipped(tmp_path / "bog.xlsx", contents))


@pytest.mark.parametrize("part", [build.BOOK, build.RELS, SAGER])
def test_a_missing_part_is_refused(tmp_path: Path, part: str) -> None:
    """A workbook that points at a sheet it does not have cannot be used."""
    contents = build.book_parts(build.minimal())
    del contents[part]
    refused(build.zipped(tmp_path / "bog.xlsx", contents))


def test_a_text_that_is_not_there_is_refused(tmp_path: Path) -> None:
    """A cell that points at text 99 of none is a damaged file, not an empty cell."""
    contents = build.book_parts(build.minimal())
    inline = 't="inlineStr"><is><t>S1</t></is>'
    contents[SAGER] = contents[SAGER].replace(inline, 't="s"><v>99</v>')
    refused(build.zipped(tmp_path / "bog.xlsx", contents))


def test_a_part_that_says_it_is_smaller_than_it_is_is_refused(tmp_path: Path) -> None:
    """The size in the directory is checked when the sheet is unpacked."""
    path = build.zipped(tmp_path / "bog.xlsx", build.book_parts(build.minimal()))
    data = bytearray(path.read_bytes())
    size = data.rfind(SAGER.encode()) - 22
    assert int.from_bytes(data[size : size + 4], "little") > 100
    data[size : size + 4] = (100).to_bytes(4, "little")
    refused(file(path, bytes(data)))


def test_a_sheet_packed_beyond_reason_is_refused(tmp_path: Path) -> None:
    """Sixty million blanks in sixty kilobytes are not unpacked."""
    contents = build.book_parts(build.minimal())
    contents[SAGER] = contents[SAGER].replace("</sheetData>", f"{' ' * 60_000_000}</sheetData>")
    path = build.zipped(tmp_path / "bombe.xlsx", contents)
    assert path.stat().st_size < 100_000
    assert SAGER in refused(path).what.da


@pytest.mark.parametrize("name", [SAGER, SAGER.replace("sheet", "Sheet"), SAGER.replace("/", "\\")])
def test_two_parts_of_one_name_are_refused(tmp_path: Path, name: str) -> None:
    """Readers take the first or the last, and case and slashes do not tell names apart."""
    path = tmp_path / "to.xlsx"
    other = build.minimal()["Sager"][:2]
    with zipfile.ZipFile(path, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for part, xml in build.book_parts(build.minimal()).items():
            archive.writestr(part, xml)
        archive.writestr(name, build.sheet_xml(other))
    assert "to udgaver" in refused(path).what.da


def test_backslashes_in_a_files_names_do_not_matter(tmp_path: Path) -> None:
    """Some programs on Windows pack so."""
    contents = {
        name.replace("/", "\\") if name.startswith("xl/") else name: xml
        for name, xml in build.book_parts(build.minimal()).items()
    }
    reading = build.read_parts(tmp_path, contents)
    assert build.column(reading, "sager", "sag_id") == ["S1", "S2"]


def test_a_sound_file_passes_the_check(tmp_path: Path) -> None:
    """The container's own door gives the opened archive."""
    path = build.xlsx(tmp_path / "bog.xlsx", build.minimal())
    with check_container(path) as archive:
        assert build.BOOK in archive.namelist()


# --- Folders of CSV files -----------------------------------------------------------------------


def folder(path: Path, lines: Sequence[str], *, encoding: str = "utf-8", end: str = "\n") -> Path:
    """Return a folder of the small municipality's CSV files with another Sager."""
    build.csv_folder(path, build.minimal())
    text = "".join(f"{line}{end}" for line in lines)
    (path / "Sager.csv").write_bytes(text.encode(encoding))
    return path


def line(number: int, service: str = "Bo") -> str:
    """Return a case of its own citizen as a line of CSV."""
    return f"S{number};B{number};107;01-01-2024;;1000;døgn;{service}"


def same_as_the_workbook(reading: Reading) -> bool:
    """Return whether the small municipality came out as it stands in the workbook."""
    return (
        build.column(reading, "sager", "slutdato") == [date(2024, 12, 31), None]
        and build.column(reading, "sager", "pris") == [2500, 3000]
        and build.column(reading, "sager", "enhed") == ["døgn", "døgn"]
        and build.column(reading, "oekonomi", "beloeb") == [1_000_000, 1_050_000, 1_100_000]
        and reading.tables.municipality.as_of == date(2025, 9, 30)
    )


@pytest.mark.parametrize("mark", [";", "\t", ","])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "cp1252"])
def test_a_folder_of_csv_files_is_a_workbook(tmp_path: Path, encoding: str, mark: str) -> None:
    """Semicolon, tab or comma; with byte order mark, without, or as Windows writes it."""
    path = build.csv_folder(tmp_path / "csv", build.minimal(), encoding=encoding, mark=mark)
    reading = build.read_file(path)
    assert same_as_the_workbook(reading)
    assert build.heard(reading) == []


def test_unicode_text_as_excel_saves_it_is_read(tmp_path: Path) -> None:
    """`Unicode-tekst` is UTF-16 with tabs."""
    path = build.csv_folder(tmp_path / "csv", build.minimal(), encoding="utf-16", mark="\t")
    assert same_as_the_workbook(build.read_file(path))


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_line_ends_do_not_matter(tmp_path: Path, end: str) -> None:
    """Windows, Linux and old Mac ends give the same rows."""
    reading = build.read_file(folder(tmp_path / "csv", [HEADER, line(1), line(2)], end=end))
    assert build.column(reading, "sager", "sag_id") == ["S1", "S2"]


def test_danish_decimals_in_csv_are_read(tmp_path: Path) -> None:
    """CSV knows no types, so numbers as text are not worth a note."""
    book = build.with_cases("pris", [1234.5, "1.234,50", "2.980"])
    reading = build.read_file(build.csv_folder(tmp_path / "csv", book))
    assert build.column(reading, "sager", "pris") == [1234.5, 1234.5, 2980]
    assert build.heard(reading) == []


def test_an_excel_error_as_text_is_no_empty_cell(tmp_path: Path) -> None:
    """`#N/A` as end date rejects the row in CSV too."""
    faulty = "S1;B1;107;01-01-2024;#N/A;1000;døgn;Bo"
    reading = build.read_file(folder(tmp_path / "csv", [HEADER, faulty, line(2)]))
    assert build.column(reading, "sager", "sag_id") == ["S2"]
    assert build.about(reading, "Sager", "E2")


def test_a_quoted_line_break_is_part_of_the_text(tmp_path: Path) -> None:
    """A service over two lines is one cell."""
    rows = [HEADER, line(1, '"Bostøtte\n2. sal"'), line(2, 'Bo "Nord"')]
    reading = build.read_file(folder(tmp_path / "csv", rows))
    assert build.column(reading, "sager", "ydelse") == ["Bostøtte 2. sal", 'Bo "Nord"']


def test_a_quote_never_closed_does_not_swallow_the_rows_below(tmp_path: Path) -> None:
    """Two cases stay two, or the file is refused; they never become one."""
    path = folder(tmp_path / "csv", [HEADER, line(1, '"Bo'), line(2)])
    try:
        reading = build.read_file(path)
    except InputError:
        return
    assert build.column(reading, "sager", "sag_id") == ["S1", "S2"]


def test_a_row_longer_than_the_header_is_said(tmp_path: Path) -> None:
    """1000,50 in a file with commas is two cells: the row is named, not quietly cut."""
    rows = [
        "sag_id,borger_id,paragraf,startdato,slutdato,enhed,pris",
        "S1,B1,107,01-01-2024,,døgn,1000,50",
    ]
    path = folder(tmp_path / "csv", rows)
    try:
        reading = build.read_file(path)
    except InputError:
        return
    assert [n for n in reading.notes if n.sheet == "Sager" and "2" in n.message.da + n.cell]


def test_a_line_longer_than_the_header_is_named_and_not_read_one_cell_off(tmp_path: Path) -> None:
    """1000,50 in the middle makes 1000 the price and 50 its unit: the file is refused."""
    rows = [
        "sag_id,borger_id,paragraf,startdato,slutdato,pris,enhed",
        "S1,B1,107,01-01-2024,,1000,døgn",
        "S2,B2,107,01-01-2024,,1000,50,døgn",
    ]
    error = refused(folder(tmp_path / "csv", rows))
    assert "Sager!H3" in error.where.da


@pytest.mark.parametrize("text", ["x" * 200_000, "B\0o"])
def test_an_odd_text_in_csv_is_no_bug(tmp_path: Path, text: str) -> None:
    """A very long comment or a null character is read or refused."""
    path = folder(tmp_path / "csv", [HEADER, line(1, text), line(2)])
    try:
        reading = build.read_file(path)
    except InputError:
        return
    assert build.column(reading, "sager", "sag_id") == ["S1", "S2"]


def test_title_lines_with_other_marks_do_not_fool_the_reader(tmp_path: Path) -> None:
    """A title with two commas over a file with semicolons."""
    title = "Udtræk, sager, voksne"
    reading = build.read_file(folder(tmp_path / "csv", [title, HEADER, line(1)]))
    assert build.column(reading, "sager", "raekke") == [3]


def test_file_names_may_be_written_as_a_mac_writes_them(tmp_path: Path) -> None:
    """`Mål.csv` with the ring apart, and `SAGER.CSV`, are known."""
    path = build.csv_folder(tmp_path / "csv", build.minimal())
    (path / "Sager.csv").rename(path / "SAGER.CSV")
    goals = path / unicodedata.normalize("NFD", "Mål.csv")
    goals.write_text("indikator;år;målværdi\nopfølgning;2025;90\n", "utf-8")
    reading = build.read_file(path)
    assert same_as_the_workbook(reading)
    assert build.column(reading, "maal", "maalvaerdi") == [90]


def test_other_files_in_the_folder_are_left_alone(tmp_path: Path) -> None:
    """A workbook beside the CSV files is not read with them."""
    path = build.csv_folder(tmp_path / "csv", build.minimal())
    build.xlsx(path / "andet.xlsx", build.minimal())
    assert same_as_the_workbook(build.read_file(path))


def test_a_folder_without_csv_files_is_refused(tmp_path: Path) -> None:
    """The message says which files belong there."""
    empty = tmp_path / "tom"
    empty.mkdir()
    error = refused(empty)
    assert "ingen CSV-filer" in error.what.da
    assert error.hint is not None
    assert "Sager.csv" in error.hint.da
