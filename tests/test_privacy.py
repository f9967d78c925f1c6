"""CPR numbers wherever they stand, and counts too small to publish."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import build
from styring import privacy
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
