"""Messes of a sheet that a person sees at once: letters, groups, totals where one does not look."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import build
from running import one_message, styring_in_process
from styring.read.letters import mended
from styring.read.parse import to_date, to_paragraph

Rows = list[list[object]]
NAMED: list[object] = ["år", "funktion", "funktionsnavn", "version", "beløb"]


def ledger(*rows: list[object]) -> build.Book:
    """Return the small municipality with a ledger of these rows under `NAMED`."""
    return build.minimal() | {"Økonomi": [NAMED, *rows]}


def named(name: str, kroner: object) -> list[object]:
    """Return a ledger row of 2024 with a name beside its function."""
    return [2024, "5.38.50", name, "regnskab", kroner]


# --- Totals -------------------------------------------------------------------------------------


def test_a_total_behind_a_function_is_taken_out_where_it_is_the_sum(tmp_path: Path) -> None:
    """100 + 200 = 300: the row has year, function and version like any amount, and is none."""
    reading = build.read(tmp_path, ledger(named("Ophold", 100), named("Støtte", 200),
                                          named("I alt", 300)))  # fmt: skip
    assert build.column(reading, "oekonomi", "beloeb") == [100, 200]
    assert build.account(reading, "Økonomi").sum_totals == 300
    assert build.at(reading, "Økonomi!E4").severity == "info"


@pytest.mark.parametrize("rows", [
    [named("Ophold", 100), named("I alt", 250)],
    [named("I alt", 100), named("I alt", 300)],
])  # fmt: skip
def test_a_total_behind_a_function_that_is_no_sum_is_asked_about(
    tmp_path: Path, rows: Rows
) -> None:
    """250 is not 100: total or amount? The row is named, and neither is picked."""
    error = build.refusal(tmp_path, ledger(*rows))
    assert f"Økonomi, række {2 if rows[0][2] == 'I alt' else 3}" in error.where.da
    assert "Er den en total eller et beløb?" in error.what.da


@pytest.mark.parametrize("label", [
    "I alt for voksne", "I alt, drift", "Total 2024", "Sum af beløb", "I alt 5.38.50",
    "Subtotal (kr.)", "Hovedtotal:",
])  # fmt: skip
def test_a_total_may_say_of_what(tmp_path: Path, label: str) -> None:
    """The word for a total comes first, and what it is the total of behind it."""
    book = build.minimal()
    book["Økonomi"].append([label, None, None, None, 3_150_000])
    account = build.account(build.read(tmp_path, book), "Økonomi")
    assert (account.accepted, account.totals, account.rejected) == (3, 1, 0)


@pytest.mark.parametrize("name", ["Total Omsorg", "Sumatra 2", "Totalen", "Fortotal"])
def test_a_place_called_something_with_total_is_a_place(tmp_path: Path, name: str) -> None:
    """Only words that go with a sum make a total of it."""
    places: Rows = [["tilbud", "pladser"], [name, 4], ["Solgården", 5]]
    reading = build.read(tmp_path, build.minimal() | {"Tilbud": places})
    assert build.column(reading, "tilbud", "tilbud") == [name, "Solgården"]


def test_a_total_in_a_sheet_without_amounts_is_said(tmp_path: Path) -> None:
    """No row goes without a word, also where there is no sum to hold it against."""
    plan: Rows = [["handling", "ansvarlig"], ["Følg op", "A"], ["I alt", 1]]
    reading = build.read(tmp_path, build.minimal() | {"Handleplan": plan})
    assert build.account(reading, "Handleplan").totals == 1
    assert build.note(reading, "1 række med total er taget ud.").sheet == "Handleplan"


# --- Headers ------------------------------------------------------------------------------------


def test_a_header_that_stands_again_is_no_data(tmp_path: Path) -> None:
    """A printout of several pages has its header on each; the row numbers stay the sheet's."""
    rows = [named("Ophold", 100), [*NAMED], named("Støtte", 200)]
    reading = build.read(tmp_path, ledger(*rows))
    assert build.column(reading, "oekonomi", "raekke") == [2, 4]
    assert build.account(reading, "Økonomi").rejected == 0
    assert build.at(reading, "Økonomi!A3").severity == "info"


def test_a_header_in_two_lines_is_read_as_one(tmp_path: Path) -> None:
    """A name stands in the upper line, in the lower, or begins in one and ends in the other."""
    book = build.minimal()
    over: list[object] = ["sag_id", "borger_id", "Ydelse", "Start", "Gyldig", "Pris pr.", ""]
    own: list[object] = ["", "", "paragraf", "dato", "til", "enhed", "enhed"]
    book["Sager"] = [["Udtræk af sager"], over, own, *book["Sager"][1:]]
    reading = build.read(tmp_path, book)
    assert build.column(reading, "sager", "raekke") == [4, 5]
    assert build.column(reading, "sager", "pris") == [2500, 3000]
    assert build.column(reading, "sager", "slutdato") == [date(2024, 12, 31), None]


def test_a_header_in_two_lines_is_written_to_the_mapping_file_and_read_by_it(
    tmp_path: Path,
) -> None:
    """What `--write-map` writes of it reads the same; a person may name the lower line alone."""
    book = build.minimal()
    book["Sager"] = [["Sag", *[None] * 3, "Gyldig", "", ""], [*build.CASES], *book["Sager"][1:]]
    book["Sager"][1][0], book["Sager"][1][4] = "id", "til"
    path = build.xlsx(tmp_path / "bog.xlsx", book)
    plain = build.read_file(path)
    assert build.column(plain, "sager", "slutdato") == [date(2024, 12, 31), None]
    ran = styring_in_process("inspect", path, "--write-map", cwd=tmp_path)
    assert ran.code == 0, ran.err
    for old, new in (("", ""), ('"Gyldig til"', '"til"')):
        file = tmp_path / "styring-map.toml"
        assert old in file.read_text("utf-8")
        file.write_text(file.read_text("utf-8").replace(old, new or old), "utf-8")
        if old:
            file.write_text(file.read_text("utf-8").replace('"Sag id"', '"id"'), "utf-8")
        mapped = build.read_file(path)
        assert mapped.tables.frames["sager"].equals(plain.tables.frames["sager"])


def test_a_title_over_a_header_is_no_part_of_it(tmp_path: Path) -> None:
    """What a row says alone is not read together with what stands above it."""
    book = build.minimal()
    book["Sager"] = [["Sager pr.", "30-09-2025"], *book["Sager"]]
    assert build.column(build.read(tmp_path, book), "sager", "sag_id") == ["S1", "S2"]


@pytest.mark.parametrize(("header", "part"), [
    ("Forbrug 2024 (jan-jun)", True), ("Forbrug pr. 30.06.2024", True), ("Forbrug 31/8", True),
    ("Forbrug 2024", False), ("Forbrug 31.12.2024", False), ("Regnskab 2024 (jan-dec)", False),
])  # fmt: skip
def test_accounts_of_a_part_of_the_year_are_told(
    tmp_path: Path, header: str, *, part: bool
) -> None:
    """They are the year's so far; of a year that has ended they would be too little."""
    rows: Rows = [["funktion", "år", header, "Budget"], ["5.38.50", 2024, 100, 200]]
    reading = build.read(tmp_path, build.minimal() | {"Økonomi": rows})
    assert sum(build.column(reading, "oekonomi", "beloeb")) == 300
    said = [n.cell for n in build.notes(reading, "en del af året")]
    assert said == (["C1"] if part else [])


# --- Dates and paragraphs -----------------------------------------------------------------------


@pytest.mark.parametrize(("cell", "day"), [
    ("20241231", date(2024, 12, 31)), (20241231, date(2024, 12, 31)), ("99991231", None),
])  # fmt: skip
def test_a_date_of_eight_digits_is_a_date(tmp_path: Path, cell: object, day: date | None) -> None:
    """As text or as number; 9999 is an open end here too."""
    reading = build.read(tmp_path, build.with_cases("slutdato", [cell]))
    assert build.column(reading, "sager", "slutdato") == [day]
    assert build.about(reading, "Sager", "E2")


@given(st.dates(date(1900, 1, 1), date(2099, 12, 31)))
def test_no_other_order_of_eight_digits_is_a_date(day: date) -> None:
    """`31122024` is never read as another day."""
    assert to_date(f"{day:%Y%m%d}") == day
    assert to_date(f"{day:%d%m%Y}") is None
    assert to_date(f"{day:%m%d%Y}") is None


@pytest.mark.parametrize("text", [
    "SEL § 108", "Serviceloven §108 stk. 1", "108", "§108", "§ 108, stk. 1", "SEL§108",
    "Lov om social service § 108", "paragraf 108", "Par. 108", "pgf. 108 stk. 2",
    "SEL\u00a0§\u00a0108", "Længerevarende botilbud (§ 108)",
])  # fmt: skip
def test_a_paragraph_is_known_in_every_spelling(text: str) -> None:
    assert to_paragraph(text) == "108"


# --- Units --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rows", "where"), [
    ([["Beløb i 1.000 kr."], ["år", "funktion", "version", "beløb (kr.)"],
      [2024, "5.38.50", "regnskab", 100]], ("D2", "A1")),
    ([["år", "funktion", "Budget (1.000 kr.)", "Regnskab (kr.)"], [2024, "5.38.50", 1, 1000]],
     ("C1", "D1")),
    ([["år", "funktion", "Budget (kr.)", "Regnskab (mio. kr.)"], [2024, "5.38.50", 10**6, 1]],
     ("C1", "D1")),
])  # fmt: skip
def test_units_that_contradict_each_other_are_asked_about(
    tmp_path: Path, rows: Rows, where: tuple[str, str]
) -> None:
    """Kroner here and thousands there: both cells are named, and neither is picked."""
    error = build.refusal(tmp_path, build.minimal() | {"Økonomi": rows})
    assert "kan både være i" in error.what.da
    assert all(f"Økonomi!{cell}" in error.where.da for cell in where)


def test_the_mapping_file_settles_the_unit(tmp_path: Path) -> None:
    """A person has said that the amounts are in thousands: 100 is 100,000."""
    rows: Rows = [["Beløb i 1.000 kr."], ["år", "funktion", "version", "beløb (kr.)"],
                  [2024, "5.38.50", "regnskab", 100]]  # fmt: skip
    path = build.xlsx(tmp_path / "bog.xlsx", build.minimal() | {"Økonomi": rows})
    (tmp_path / "styring-map.toml").write_text(
        '[[sheet]]\nname = "Økonomi"\nread_as = "Økonomi"\nheader_row = 2\nunit = 1000\n', "utf-8"
    )
    assert build.column(build.read_file(path), "oekonomi", "beloeb") == [100_000]


@pytest.mark.parametrize(("title", "kroner"), [
    ("Budgetramme 250 mio. kr.", 100), ("Afvigelser over 1 mio. kr.", 100),
    ("Ramme: 2,5 mill. kr.", 100), ("(1 mio. kr.)", 100_000_000), ("Beløb i mio. kr.", 100_000_000),
    ("Beløb i kr.", 100),
])  # fmt: skip
def test_an_amount_of_millions_in_a_title_is_no_unit(
    tmp_path: Path, title: str, kroner: int
) -> None:
    rows: Rows = [[title], ["år", "funktion", "version", "beløb"],
                  [2024, "5.38.50", "regnskab", 100]]  # fmt: skip
    reading = build.read(tmp_path, build.minimal() | {"Økonomi": rows})
    assert build.column(reading, "oekonomi", "beloeb") == [kroner]


# --- Letters ------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["døgn", "ÆØÅ æøå é", "§ 107 – år", "“Åen”", "almindelig"])
@pytest.mark.parametrize("code", ["cp1252", "latin-1"])
def test_letters_read_in_the_wrong_code_are_mended(text: str, code: str) -> None:
    """UTF-8 taken for Windows letters, where Windows has a letter for the byte, or for Latin-1."""
    garbled = "".join(_letter(byte, code) for byte in text.encode())
    assert mended(garbled) == text
    assert mended(text) == text


def _letter(byte: int, code: str) -> str:
    return bytes([byte]).decode(code if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D) else "latin-1")


def test_a_workbook_with_garbled_letters_is_read_and_said(tmp_path: Path) -> None:
    """Sheet, header and cell are known again, and the cells are named."""
    book = build.minimal()
    book["Ã˜konomi"] = book.pop("Økonomi")
    book["Ã˜konomi"][0] = ["Ã¥r", "mÃ¥ned", "funktion", "version", "belÃ¸b"]
    book["Sager"][1][2], book["Sager"][1][6] = "SEL Â§ 107", "dÃ¸gn"
    reading = build.read(tmp_path, book)
    assert sum(build.column(reading, "oekonomi", "beloeb")) == 3_150_000
    assert build.column(reading, "sager", "enhed") == ["døgn", "døgn"]
    said = [(n.sheet, n.cell) for n in build.notes(reading, "Bogstaver var forvanskede")]
    assert said == [("Sager", "C2"), ("Økonomi", "A1")]


def test_letters_that_are_lost_are_said(tmp_path: Path) -> None:
    """What stands as � cannot be known again."""
    book = build.minimal()
    book["Sager"][1][6] = "d�gn"
    reading = build.read(tmp_path, book)
    assert build.note(reading, "mistet bogstaver").cell == "G2"


def test_signs_that_nobody_sees_do_not_make_another(tmp_path: Path) -> None:
    """A blank of no width in an id, a number and a header; a mark of direction in a paragraph."""
    book = build.minimal()
    book["Sager"][0][5] = "pr\u00adis"
    book["Sager"][1][:3] = ["S\u200b1", "\ufeffB1", "\u200f107"]
    book["Sager"][1][5] = "2.500\u200b"
    book["Sager"].append(["S1", "B1", "85", date(2025, 1, 1), None, 100, "døgn"])
    reading = build.read(tmp_path, book)
    assert build.column(reading, "sager", "borger_id") == ["B1", "B2", "B1"]
    assert build.column(reading, "sager", "paragraf") == ["107", "108", "85"]
    assert build.column(reading, "sager", "pris") == [2500, 3000, 100]


def test_a_cpr_number_with_a_sign_nobody_sees_never_comes_out(tmp_path: Path) -> None:
    """Neither as an id, in a text, nor as a header."""
    book = build.minimal()
    book["Sager"][0].append("ydelse")
    book["Sager"][1][1] = "010190\u200b-1234"
    book["Sager"][1].append("Til 0101\u00ad901234")
    book["Økonomi"][0][1] = "010190-\u20601234"
    reading = build.read(tmp_path, book)
    assert build.column(reading, "sager", "borger_id") == ["CPR-0001", "B2"]
    assert build.column(reading, "sager", "ydelse") == ["Til [CPR fjernet]", None]
    assert "1234" not in build.told(reading)


# --- Groups -------------------------------------------------------------------------------------


def grouped() -> Rows:
    """Return a ledger whose function and year stand in the first row of each group only."""
    return [["funktion", "år", "version", "beløb"],
            ["5.38.50", 2024, "regnskab", 100], [None, None, "budget", 200],
            [None, 2025, "regnskab", 30],
            ["5.38.50 i alt", None, None, 330],
            [None, 2025, "regnskab", 7],
            ["5.38.52", 2025, "regnskab", 4], [None, None, "budget", 5]]  # fmt: skip


def test_blank_cells_of_a_group_are_asked_about(tmp_path: Path) -> None:
    """They are not used, and the message says how to have them read as the cell above."""
    reading = build.read(tmp_path, build.minimal() | {"Økonomi": grouped()})
    assert build.column(reading, "oekonomi", "beloeb") == [100, 4]
    asked = build.note(reading, 'fill_down = ["funktion"]')
    assert (asked.severity, asked.cell) == ("warning", "A3")
    assert build.account(reading, "Økonomi").sum_rejected == 200 + 30 + 7 + 5


def test_a_group_is_filled_down_where_the_mapping_file_says_so(tmp_path: Path) -> None:
    """Not over the printed total: what stands below it is of no group."""
    path = build.xlsx(tmp_path / "bog.xlsx", build.minimal() | {"Økonomi": grouped()})
    (tmp_path / "styring-map.toml").write_text(
        '[[sheet]]\nname = "Økonomi"\nread_as = "Økonomi"\nfill_down = ["funktion", "år"]\n',
        "utf-8",
    )
    reading = build.read_file(path)
    assert build.column(reading, "oekonomi", "beloeb") == [100, 200, 30, 4, 5]
    assert build.column(reading, "oekonomi", "funktion") == ["5.38.50"] * 3 + ["5.38.52"] * 2
    assert build.column(reading, "oekonomi", "aar") == [2024, 2024, 2025, 2025, 2025]
    account = build.account(reading, "Økonomi")
    assert (account.accepted, account.rejected, account.totals) == (5, 1, 1)
    filled = build.notes(reading, "er læst som cellen over")
    assert [n.cell for n in filled] == ["A3", "B3"]


def test_notes_below_the_table_are_no_group(tmp_path: Path) -> None:
    """Their first cell is no year: they are told as such, and nothing is asked."""
    rows: Rows = [
        [*build.LEDGER],
        build.amount(100),
        [],
        ["Noter"],
        ["Foreløbige tal"],
        ["Kilde: X"],
    ]
    reading = build.read(tmp_path, build.minimal() | {"Økonomi": rows})
    assert build.notes(reading, "fill_down") == []
    assert build.account(reading, "Økonomi").rejected == 3


def test_blank_months_among_months_are_asked_about(tmp_path: Path) -> None:
    """A blank month is the whole year's; beside months of the year it may be the one above."""
    book = build.with_ledger("måned", [1, None, 2, None])
    reading = build.read(tmp_path, book)
    asked = build.note(reading, 'fill_down = ["måned"]')
    assert (asked.severity, asked.cell) == ("warning", "B3")
    assert "B3, B5" in asked.message.da
    book["Økonomi"][2][3] = book["Økonomi"][4][3] = "oprindeligt budget"
    assert build.notes(build.read(tmp_path, book), "fill_down") == []


@pytest.mark.parametrize(("sheet", "column"), [
    ("Økonomi", "beløb"), ("Økonomi", "tilbud"), ("Økonomi", "findes ikke"), ("Sager", "slutdato"),
])  # fmt: skip
def test_what_cannot_be_filled_down_is_refused_at_its_line(
    tmp_path: Path, sheet: str, column: str
) -> None:
    """Amounts, end dates, columns that are not there: as the user sees it."""
    path = build.xlsx(tmp_path / "bog.xlsx", build.minimal())
    (tmp_path / "styring-map.toml").write_text(
        f'[[sheet]]\nname = "{sheet}"\nread_as = "{sheet}"\nfill_down = ["{column}"]\n', "utf-8"
    )
    ran = styring_in_process("review", path, cwd=tmp_path)
    assert ran.code == 3
    assert "styring-map.toml, linje 4" in one_message(ran)
