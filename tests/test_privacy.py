"""CPR numbers wherever they stand, and counts too small to publish."""

from __future__ import annotations

import random
import re
import tempfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import build
from planting import planted
from running import EXAMPLES
from styring import person_names, privacy
from styring.definitions import load_facts
from styring.prepare import prepare
from styring.read.workbook import Reading

CPR, OTHER = "010180-1234", "020280-1234"
DIGITS = "0101801234"
"""Invented: the first of January 1980, and the second of February."""


def everything(reading: Reading) -> str:
    """Return all that a reading holds, as one text: frames, notes, names of sheets, contact."""
    frames = [str(frame.rows()) for frame in reading.tables.frames.values()]
    return "\n".join([*frames, str(reading.notes), str(reading.tables.municipality),
                      str(reading.unread), str(reading.accounts)])  # fmt: skip


def hidden(reading: Reading) -> bool:
    """Return whether the CPR number is nowhere, with a hyphen or without."""
    text = everything(reading)
    return CPR not in text and DIGITS not in text and CPR.replace("-", " ") not in text


# --- What is a CPR number -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["010180-1234", "0101801234", "010180 1234", "borger 010180-1234.", "CPR:0101801234",
     "S-0101801234-1", "311299-1234", "290200-4000", "010101-9999"],
)  # fmt: skip
def test_six_digits_of_a_date_and_four_more_are_a_cpr_number(text: str) -> None:
    """With hyphen, blank or nothing between, alone or in a sentence."""
    assert privacy.is_cpr(text)


@pytest.mark.parametrize("text", ["010180–1234", "010180 - 1234", "010180- 1234"])
def test_a_dash_or_blanks_around_it_do_not_hide_a_cpr_number(text: str) -> None:
    """Word turns the hyphen into a dash, and people put blanks around it."""
    assert privacy.is_cpr(text)


@pytest.mark.parametrize(
    "text",
    ["320180-1234", "011380-1234", "290201-1000", "000000-0000", "12345678", "12345678901",
     "1.010.180.123", "5.38.50", "2024-00012", ""],
)  # fmt: skip
def test_what_only_looks_like_a_cpr_number_is_none(text: str) -> None:
    """The 32nd of January, month 13, and account numbers are not dates of birth."""
    assert not privacy.is_cpr(text)


def test_the_century_follows_from_the_seventh_digit() -> None:
    """29 February is a day in 2000 (seventh digits 4–9) and none in 1900 (seventh digit 1)."""
    born = ["290200-4000", "290200-5000", "290236-9000", "290296-0000"]
    unborn = ["290200-1000", "290258-5000"]
    assert [t for t in [*born, *unborn] if privacy.is_cpr(t)] == born


@settings(derandomize=True, deadline=None)
@given(st.dates(date(1900, 1, 1), date(1999, 12, 31)), st.integers(0, 3999))
def test_every_day_of_the_last_century_gives_cpr_numbers(day: date, serial: int) -> None:
    """Serials from 0000 to 3999 belong to those born in the 1900s."""
    assert privacy.is_cpr(f"{day:%d%m%y}-{serial:04}")
    assert privacy.is_cpr(f"{day:%d%m%y}{serial:04}")


def test_the_numbers_of_a_text_are_taken_out_and_the_rest_stays() -> None:
    """Two citizens in one comment, and a case number that only looks like one."""
    text = f"Flyttet fra {CPR} til {OTHER}, sag 320180-1234"
    masked = privacy.mask_cpr(text)
    assert masked == f"Flyttet fra {privacy.MASK} til {privacy.MASK}, sag 320180-1234"


# --- In a workbook ------------------------------------------------------------------------------


@pytest.mark.parametrize("column", ["ydelse", "tilbud", "målgruppe", "afslutningsårsag"])
@pytest.mark.parametrize("form", [CPR, DIGITS, "010180 1234"])
def test_a_cpr_number_in_a_text_is_taken_out_and_said(
    tmp_path: Path, column: str, form: str
) -> None:
    """The rest of the text stays, and the warning names the cell."""
    reading = build.read(tmp_path, build.with_cases(column, ["Bo", f"Støtte til {form} i hjemmet"]))
    assert hidden(reading)
    assert f"Støtte til {privacy.MASK} i hjemmet" in everything(reading)
    said = build.note(reading, "CPR")
    assert (said.severity, said.sheet, said.cell) == ("warning", "Sager", "H3")


def test_cpr_numbers_in_comments_of_a_survey_are_taken_out(tmp_path: Path) -> None:
    """Respondents write them too."""
    book = build.minimal()
    book["Praksis"] = [
        ["udsagn", "respondent", "styringscenter", "score", "kommentar"],
        ["politiske-maal", "R1", "socialfaglig", 3, f"se {CPR} og {OTHER}"],
    ]
    reading = build.read(tmp_path, book)
    assert hidden(reading)
    masked = f"se {privacy.MASK} og {privacy.MASK}"
    assert build.column(reading, "praksis", "kommentar") == [masked]
    assert build.note(reading, "CPR").cell == "E2"


@pytest.mark.parametrize("column", ["sag_id", "borger_id"])
def test_ids_that_are_cpr_numbers_are_replaced_and_said(tmp_path: Path, column: str) -> None:
    """Two rows of one citizen stay together, two citizens apart, and other ids as they are."""
    reading = build.read(tmp_path, build.with_cases(column, [CPR, OTHER, CPR, "A17"]))
    first, second, again, other = build.column(reading, "sager", column)
    assert first == again
    assert len({first, second, other}) == 3
    assert other == "A17"
    assert hidden(reading)
    assert build.note(reading, "CPR").severity == "warning"


def test_an_id_that_is_a_number_is_a_cpr_number_too(tmp_path: Path) -> None:
    """1501801234 as a number is the fifteenth of January 1980."""
    reading = build.read(tmp_path, build.with_cases("borger_id", [1501801234, "150180-1234"]))
    assert "1501801234" not in everything(reading)
    assert build.note(reading, "CPR").cell == "B2"


def test_an_id_that_lost_its_leading_zero_is_a_cpr_number_too(tmp_path: Path) -> None:
    """Excel makes 0101801234 the number 101801234."""
    reading = build.read(tmp_path, build.with_cases("borger_id", [101801234, "B2"]))
    assert "101801234" not in everything(reading)
    assert build.note(reading, "CPR").cell == "B2"


def test_a_citizen_written_in_two_ways_is_one_citizen(tmp_path: Path) -> None:
    """With and without hyphen, with a blank and as a number: one person, counted once."""
    forms = ["150180-1234", "1501801234", "150180 1234", 1501801234]
    reading = build.read(tmp_path, build.with_cases("borger_id", forms))
    assert len(set(build.column(reading, "sager", "borger_id"))) == 1


def test_replaced_ids_never_meet_ids_that_are_there(tmp_path: Path) -> None:
    """A citizen already called as a replacement would be is another citizen."""
    once = build.read(tmp_path, build.with_cases("borger_id", [CPR]))
    taken = build.column(once, "sager", "borger_id")[0]
    reading = build.read(tmp_path, build.with_cases("borger_id", [taken, CPR]))
    assert len(set(build.column(reading, "sager", "borger_id"))) == 2


@settings(derandomize=True, deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.dates(date(1940, 1, 1), date(1999, 12, 31)), st.integers(0, 3999)),
                min_size=2, max_size=12, unique=True))  # fmt: skip
def test_as_many_citizens_come_out_as_went_in(people: list[tuple[date, int]]) -> None:
    """Replacing ids is one to one, whatever the numbers."""
    ids = [f"{day:%d%m%y}-{serial:04}" for day, serial in people]
    with tempfile.TemporaryDirectory() as folder:
        reading = build.read(Path(folder), build.with_cases("borger_id", ids))
    assert len(set(build.column(reading, "sager", "borger_id"))) == len(set(ids))
    assert not [i for i in ids if i in everything(reading)]


def test_a_citizen_and_a_case_are_the_same_in_every_sheet(tmp_path: Path) -> None:
    """Whoever joins Sager with Overgange or Sagsgennemgang finds the same person and case."""
    book = build.with_cases("borger_id", [CPR, OTHER])
    book["Sager"][1][0], book["Sager"][2][0] = CPR, OTHER
    book["Overgange"] = [["borger_id", "fødselsdato"], [OTHER, date(2009, 1, 1)]]
    book["Sagsgennemgang"] = [["sag_id", "spørgsmål", "svar"], [OTHER, "mål sat?", "ja"]]
    reading = build.read(tmp_path, book)
    citizen = build.column(reading, "sager", "borger_id")[1]
    assert build.column(reading, "overgange", "borger_id") == [citizen]
    case = build.column(reading, "sager", "sag_id")[1]
    assert build.column(reading, "sagsgennemgang", "sag_id") == [case]


def test_different_citizens_of_two_sheets_stay_apart(tmp_path: Path) -> None:
    """The only citizen of Sager is not the only young person of Overgange."""
    book = build.with_cases("borger_id", [CPR])
    book["Overgange"] = [["borger_id", "fødselsdato"], [OTHER, date(2009, 1, 1)]]
    reading = build.read(tmp_path, book)
    cases = build.column(reading, "sager", "borger_id")
    assert build.column(reading, "overgange", "borger_id") != cases


def test_a_number_that_only_looks_like_one_is_left_alone(tmp_path: Path) -> None:
    """Case numbers with ten digits stay as they are, and nothing is said."""
    ids = ["320180-1234", "0113801234", "12345678901", "2024-00012"]
    reading = build.read(tmp_path, build.with_cases("sag_id", ids))
    assert build.column(reading, "sager", "sag_id") == ids
    assert build.heard(reading) == []


def test_the_cells_of_a_second_ledger_are_named_by_its_own_name(tmp_path: Path) -> None:
    """The warning sends the reader to the sheet where the number stands."""
    book = build.minimal()
    book["Økonomi 2023"] = [
        [*build.LEDGER, "tilbud"],
        [2023, None, "5.38.50", "regnskab", 5, f"Bo {CPR}"],
    ]
    reading = build.read(tmp_path, book)
    assert hidden(reading)
    said = build.note(reading, "CPR")
    assert (said.sheet, said.cell) == ("Økonomi 2023", "F2")


@pytest.mark.parametrize(
    ("column", "place"),
    [("leverandørtype", 7), ("startdato", 3), ("slutdato", 4), ("pris", 5), ("paragraf", 2),
     ("enhed", 6), ("funktion", 7), ("fødselsår", 7), ("handleplan_tilbudt", 7)],
)  # fmt: skip
def test_no_note_shows_a_cpr_number_in_the_wrong_column(
    tmp_path: Path, column: str, place: int
) -> None:
    """A note may show what cannot be read, but never this."""
    book = build.with_cases(column, [None, CPR])
    assert book["Sager"][2][place] == CPR
    assert hidden(build.read(tmp_path, book))


def test_no_note_shows_a_cpr_number_that_is_a_header_or_a_sheets_name(tmp_path: Path) -> None:
    """A column or a sheet named after a citizen is told of without the number."""
    book = build.minimal()
    book["Sager"][0].append(CPR)
    book[f"Notat {DIGITS}"] = [["x"]]
    assert hidden(build.read(tmp_path, book, partial=True))


def test_the_contact_of_a_municipality_holds_no_cpr_number(tmp_path: Path) -> None:
    """The contact leaves the house with the figures."""
    book = build.minimal()
    book["Kommune"].append(["kontakt", f"Økonomi, {CPR}"])
    assert hidden(build.read(tmp_path, book))


@pytest.mark.parametrize("key", ["kommune", "kommunekode", "opgørelsesdato"])
def test_no_refusal_shows_a_cpr_number(tmp_path: Path, key: str) -> None:
    """What cannot be read is shown in an error, but never this."""
    book = build.minimal() | {"Kommune": [["kommunekode", 706], ["dato", date(2025, 9, 30)],
                                          [key, CPR]]}  # fmt: skip
    book["Kommune"] = [row for row in book["Kommune"] if row == [key, CPR] or row[0] != key]
    assert CPR not in build.said_of(tmp_path, book)


def test_a_workbook_without_cpr_numbers_is_left_as_it_is(tmp_path: Path) -> None:
    """No note, and no column changed."""
    reading = build.read(tmp_path, build.minimal())
    assert build.heard(reading) == []
    tables, notes = privacy.without_cpr(reading.tables)
    assert notes == []
    for name, frame in reading.tables.frames.items():
        assert tables.frames[name].equals(frame)


# --- Ten digits that may be something else ------------------------------------------------------

CHECKED, UNCHECKED = "1501801239", "1501801234"
"""15 January 1980. 4·1 + 3·5 + 2·0 + 7·1 + 6·8 + 5·0 + 4·1 + 3·2 + 2·3 = 90, and 90 + 9 = 9·11: so
the check digit is 9, and 4 is none."""


def case_numbers(count: int) -> list[str]:
    """Return case numbers of ten digits, none of which is a date: months 13 to 92."""
    return [f"{1 + n % 28:02}{13 + n % 80}{n:06}" for n in range(count)]


def test_of_ten_digits_by_chance_one_in_27_is_a_date_and_one_in_300_has_the_check_digit() -> None:
    """Six digits are a date in 36,525 of 1,000,000 ways: 365.25 days in each of 100 years.

    Each seventh digit gives a century, in which 29 February 1900 alone is lacking. Of the serials
    after a date one in 11 has the check digit. So 0.0365, and 0.0365 / 11 = 0.0033.
    """
    drawn = random.Random(1)  # noqa: S311 - numbers by chance, no secrets
    numbers = [f"{drawn.randrange(10**10):010}" for _ in range(60_000)]
    dates = [n for n in numbers if privacy.is_cpr(n)]
    checked = [n for n in dates if privacy._checks(n)]
    assert len(dates) / len(numbers) == pytest.approx(0.0365, abs=0.003)  # 4 standard errors
    assert len(checked) / len(numbers) == pytest.approx(0.0033, abs=0.001)


def test_a_column_of_case_numbers_is_no_column_of_cpr_numbers(tmp_path: Path) -> None:
    """One date among 101 is what chance gives: 101 · 0.0365 = 3.7 of them."""
    ids = [*case_numbers(100), UNCHECKED]
    reading = build.read(tmp_path, build.with_cases("sag_id", ids))
    assert build.column(reading, "sager", "sag_id") == ids
    assert build.notes(reading, "CPR") == []


@pytest.mark.parametrize("number", [CHECKED, "150180-1234", "150180 1234"])
def test_a_real_one_among_case_numbers_is_found(tmp_path: Path, number: str) -> None:
    """By its check digit, or as it is written: then a date is enough.

    Missed is only a number without hyphen, given out since 2007 without the check digit, in a
    column that is no person's id and where over two thirds of the ten digits are no date.
    """
    reading = build.read(tmp_path, build.with_cases("sag_id", [*case_numbers(100), number]))
    assert number not in everything(reading)
    assert build.note(reading, "CPR").cell == "A102"


@pytest.mark.parametrize(("others", "found"), [(0, True), (1, True), (2, True), (3, False)])
def test_where_a_third_are_dates_all_of_them_are_taken(
    tmp_path: Path,
    others: int,
    found: bool,  # noqa: FBT001 - the answer
) -> None:
    """One of three is a third and is taken without the check digit; one of four is not.

    By chance that is 1 − 0.9635³ = 0.105 of columns with three numbers, as without the rule; of
    four numbers two must be dates: 6 · 0.0365² · 0.9635² + … = 0.0076.
    """
    ids = [*case_numbers(others), UNCHECKED]
    reading = build.read(tmp_path, build.with_cases("sag_id", ids))
    assert (UNCHECKED not in everything(reading)) == found


@settings(derandomize=True, deadline=None)
@given(
    st.dates(date(1900, 1, 1), date(1999, 12, 31)),
    st.integers(0, 399),
    st.lists(st.from_regex(r"[0-9]{10}", fullmatch=True), max_size=30),
    st.sampled_from(["sag_id", "borger_id", "ydelse", "dranst"]),
)
def test_a_number_with_the_check_digit_is_found_in_any_column(
    day: date, serial: int, others: list[str], column: str
) -> None:
    """And any number with a hyphen, whatever else stands there."""
    nine = f"{day:%d%m%y}{serial:03}"
    rest = -sum(w * int(d) for w, d in zip((4, 3, 2, 7, 6, 5, 4, 3, 2), nine, strict=True)) % 11
    assume(rest < 10)  # else there is no such number
    number, hyphen = f"{nine}{rest}", f"{day:%d%m%y}-{serial:03}0"
    assert {number, hyphen} <= {*privacy._holding_cpr(pl.Series(column, [*others, number, hyphen]))}


def test_an_id_of_a_person_takes_no_check_digit(tmp_path: Path) -> None:
    """Whatever else stands in the column."""
    ids = [*case_numbers(100), UNCHECKED]
    reading = build.read(tmp_path, build.with_cases("borger_id", ids))
    assert UNCHECKED not in everything(reading)


def test_an_id_is_the_same_in_a_sheet_with_few_of_them(tmp_path: Path) -> None:
    """One of two in Sagsgennemgang, one of 101 in Sager: taken in neither, and the rows meet."""
    ids = [*case_numbers(100), UNCHECKED]
    book = build.with_cases("sag_id", ids)
    book["Sagsgennemgang"] = [["sag_id", "spørgsmål", "svar"]]
    book["Sagsgennemgang"] += [[i, "mål sat?", "ja"] for i in ids[-2:]]
    reading = build.read(tmp_path, book)
    assert build.column(reading, "sagsgennemgang", "sag_id") == ids[-2:]
    assert build.column(reading, "sager", "sag_id") == ids


@pytest.mark.parametrize("column", ["ydelse", "afslutningsårsag"])
def test_a_number_that_lost_its_zero_is_found_in_a_text(tmp_path: Path, column: str) -> None:
    """0501801232 without its zero: 3·5 + 7·1 + 6·8 + 4·1 + 3·2 + 2·3 = 86, and 86 + 2 = 8·11."""
    cells = ["støtte", 501801232, "ring om 501801232"]
    reading = build.read(tmp_path, build.with_cases(column, cells))
    assert "501801232" not in everything(reading)
    assert "ring om [CPR fjernet]" in everything(reading)
    assert "H3" in build.note(reading, "CPR").message.da


def test_nine_digits_without_the_check_digit_are_left_alone_unless_they_are_many(
    tmp_path: Path,
) -> None:
    """One in eight is a date by chance; three of three are by 0.12³ = 0.0017."""
    one = build.read(tmp_path, build.with_cases("ydelse", [501801234]))
    assert build.column(one, "sager", "ydelse") == ["501801234"]
    three = build.read(tmp_path, build.with_cases("ydelse", [501801234, 601801234, 701801234]))
    assert build.column(three, "sager", "ydelse") == [privacy.MASK] * 3


def test_a_number_without_its_zero_in_the_name_of_a_sheet(tmp_path: Path) -> None:
    book = build.minimal() | {"Notat 501801232": [["x"]]}
    reading = build.read(tmp_path, book, partial=True)
    assert "501801232" not in everything(reading)
    assert "Notat [CPR fjernet]" in reading.unread


# --- Nothing of it is in memory -----------------------------------------------------------------

SPELLINGS = ("010180-1234", "0101801234", "010180 1234", "010180–1234", 101801234)


@pytest.mark.parametrize("there", SPELLINGS)
@pytest.mark.parametrize("here", SPELLINGS)
def test_rows_of_one_citizen_meet_across_sheets(
    tmp_path: Path, here: str | int, there: str | int
) -> None:
    """However the number is written in either; another citizen is another."""
    book = build.with_cases("borger_id", [here, "020280-1234"])
    book["Overgange"] = [["borger_id", "fødselsdato"], [there, date(2009, 1, 1)]]
    reading = build.read(tmp_path, book)
    cases = build.column(reading, "sager", "borger_id")
    assert build.column(reading, "overgange", "borger_id") == cases[:1]
    assert cases[0] != cases[1]


def test_no_frame_in_memory_and_no_note_holds_a_cpr_number(tmp_path: Path) -> None:
    """All that a reading is, written out whole, and the frames that are made of it."""
    file = planted(tmp_path / "Notat 010190-1234.xlsx")
    reading = build.read_file(file)
    ready = prepare(reading.tables, load_facts())
    frames = {**reading.tables.frames, **ready.tables.frames}
    assert len(frames) >= 10
    cells = {
        str(v)
        for f in frames.values()
        for c, dtype in f.schema.items() if dtype == pl.String()
        for v in f[c].unique()
    }  # fmt: skip
    held = "\n".join([*cells, repr(reading.notes), repr(reading.accounts), repr(reading.used),
                      repr(reading.unread), repr(reading.corrected), repr(reading.tables.sources),
                      repr(reading.tables.municipality)])  # fmt: skip
    assert "CPR-0001" in held
    assert not re.search(r"010190.?1234|\b10190.?1234", held)
    assert not [c for c in cells if privacy.is_cpr(c)]


def test_the_running_number_says_nothing_of_the_cpr_number_and_is_the_same_each_time(
    tmp_path: Path,
) -> None:
    """It is the place among those found, and no function of the number that can be tried out."""
    alone = build.read(tmp_path, build.with_cases("borger_id", [OTHER]))
    other = build.read(tmp_path, build.with_cases("borger_id", ["030380-1234"]))
    twice = build.read(tmp_path, build.with_cases("borger_id", [OTHER]))
    assert build.column(alone, "sager", "borger_id") == ["CPR-0001"]
    assert build.column(other, "sager", "borger_id") == ["CPR-0001"]
    assert build.column(twice, "sager", "borger_id") == ["CPR-0001"]


# --- Names --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["Jens Hansen", "Flyttet til Anna M. Holm i maj", "Hansen, Jens", "METTE SØRENSEN",
     "Ann-Sofie Bruun Jensen", "Mette Hansens sag", "notat_Jens_Hansen", "Mohamad Hassan ringer",
     "mor er Karen Ø. Lund.", "jens.hansen er Jens.Hansen"],
)  # fmt: skip
def test_a_given_name_and_a_surname_are_a_name(text: str) -> None:
    assert person_names.has_name(text)
    assert not person_names.has_name(person_names.mask_names(text))


@pytest.mark.parametrize(
    "text",
    ["Jens", "Jens har det godt", "Jens H.", "jens hansen", "Peter Bangs Vej 3", "Sankt Hans",
     "Karen Blixen Skolen", "Sankt Hans Hospital", "Botilbud Nord", "Socialpædagogisk Støtte",
     "Jens. Borger er flyttet", "Viborg Kommune", "Psykisk Sygdom Hos Voksne", "", "Jens 12"],
)  # fmt: skip
def test_what_is_no_name_is_left_alone(text: str) -> None:
    """Never a single word, no road, no house; and what is not on the list is not found."""
    assert person_names.mask_names(text) == text


@settings(derandomize=True, deadline=None)
@given(st.text(alphabet="JensHaø. ,_-1", max_size=30))
def test_taking_out_names_leaves_none(text: str) -> None:
    """Whatever the text; and twice does no more than once."""
    once = person_names.mask_names(text)
    assert not person_names.has_name(once)


def test_a_name_in_a_text_is_taken_out_and_told_by_its_cell(tmp_path: Path) -> None:
    """The rest of the text stays; the warning does not repeat the name."""
    cells = ["Bostøtte", "Støtte til Jens Hansen hjemme", "Mette Holm"]
    reading = build.read(tmp_path, build.with_cases("ydelse", cells))
    assert build.column(reading, "sager", "ydelse") == [
        "Bostøtte", "Støtte til [navn fjernet] hjemme", "[navn fjernet]",
    ]  # fmt: skip
    said = build.note(reading, "personnavn")
    assert (said.severity, said.sheet, said.cell) == ("warning", "Sager", "H3")
    assert said.message.da.startswith("2 celler ser ud til at rumme personnavne (H3, H4)")
    assert "Hansen" not in everything(reading)


def test_a_place_named_after_somebody_keeps_its_name(tmp_path: Path) -> None:
    reading = build.read(tmp_path, build.with_cases("tilbud", ["Karen Jensen", "Bo Nord"]))
    assert build.column(reading, "sager", "tilbud") == ["Karen Jensen", "Bo Nord"]
    assert build.notes(reading, "personnavn") == []


@pytest.mark.parametrize("name", ["syddjurs", "favrskov", "odder"])
def test_no_example_has_a_name_in_its_texts(name: str) -> None:
    """Hundreds of names of services, target groups and statements, and none is taken for one."""
    reading = build.read_file(EXAMPLES / f"{name}.xlsx")
    assert build.notes(reading, "personnavn") == []


# --- Small counts -------------------------------------------------------------------------------


def test_one_to_four_persons_are_too_few_and_none_is_not() -> None:
    """Nobody can be recognised among none, and everybody among four."""
    counts = [None, 0, 0.5, 1, 4, 4.9, 5, 100]
    assert [n for n in counts if privacy.is_small(n)] == [0.5, 1, 4, 4.9]


def test_a_definition_may_ask_for_more_persons() -> None:
    """With a floor of ten, nine are too few."""
    assert privacy.is_small(9, 10)
    assert not privacy.is_small(10, 10)


@pytest.mark.parametrize(
    ("counts", "withheld"),
    [
        ([3, 20, 8, 40], {0, 2}),  # 3 could be found as the total − 68, so the 8 goes too
        ([3, 4, 20], {0, 1}),  # two small ones hide each other
        ([5, 20, 8], set()),  # none is small
        ([3, 0, 0], {0}),  # nothing else is there to withhold
        ([3, None, 9], {0, 2}),
        ([], set()),
    ],
)
def test_a_single_withheld_group_takes_the_next_smallest_with_it(
    counts: list[float | None], withheld: set[int]
) -> None:
    """Otherwise it could be found by subtraction from the total."""
    assert privacy.secondary(counts) == withheld


@settings(derandomize=True, deadline=None)
@given(st.lists(st.integers(0, 30), min_size=1, max_size=8))
def test_no_small_group_can_be_found_by_subtraction(counts: list[int]) -> None:
    """Every small group is withheld, and one alone only where all others are empty."""
    withheld = privacy.secondary(counts)
    small = {i for i, n in enumerate(counts) if 1 <= n <= 4}
    assert small <= withheld
    if len(withheld) == 1:
        assert sum(n > 0 for n in counts) == 1


def test_a_number_with_signs_of_no_width_is_found_too() -> None:
    """A soft hyphen or a blank of no width does not hide it; a text without one is untouched."""
    assert privacy.is_cpr("Ark 0101\u200b90-1234")
    assert "1234" not in privacy.mask_cpr("0101\u00ad90-1234")
    assert privacy.mask_cpr("ud\u00advalg") == "ud\u00advalg"
