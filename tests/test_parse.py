"""One cell's text as a number, a date, a month, a paragraph, a function."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from styring.read import parse
from styring.text import number

steady = settings(derandomize=True, deadline=None)

# --- Numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1234", 1234.0),
        ("0012", 12.0),
        ("1.234", 1234.0),
        ("1.234,50", 1234.5),
        ("1.234.567,89", 1234567.89),
        ("1234567,89", 1234567.89),
        ("12,5", 12.5),
        ("0,5", 0.5),
        ("+5", 5.0),
    ],
)
def test_a_danish_number_has_points_for_thousands_and_a_comma_for_decimals(
    text: str, value: float
) -> None:
    """`1.234,50` is a thousand two hundred thirty-four and a half."""
    assert parse.to_number(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,234.50", 1234.5), ("1,234", 1234.0), ("12.5", 12.5), ("1,234,567.8", 1234567.8)],
)
def test_an_english_number_has_commas_for_thousands_and_a_point_for_decimals(
    text: str, value: float
) -> None:
    """The marks change places where the column is English."""
    assert parse.to_number(text, "en") == value


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("1.234,5", "da"),
        ("12,5", "da"),
        ("1.234.567,8", "da"),
        ("1,234.5", "en"),
        ("12.5", "en"),
        ("1.2345", "en"),
        ("1.234", "either"),
        ("1,234", "either"),
        ("1234", "plain"),
        ("1 234", "plain"),
        ("bo", None),
        ("", None),
    ],
)
def test_a_number_shows_which_decimal_mark_it_has(text: str, marks: str | None) -> None:
    """Three digits after the only mark could be either; other numbers say for themselves."""
    assert parse.number_marks(text) == marks


@pytest.mark.parametrize(
    "text",
    ["-1.234,5", "−1.234,5", "–1.234,5", "1.234,5-", "1.234,5−", "(1.234,5)", "-1.234,5 kr."],
)
def test_a_minus_before_behind_or_as_parentheses_is_a_minus(text: str) -> None:
    """Accounts write negative amounts in these ways."""
    assert parse.to_number(text) == -1234.5


@pytest.mark.parametrize(
    "text",
    ["1.234 kr.", "kr. 1.234", "kr 1.234", "1.234 kr", "DKK 1.234", "1\xa0234", "1\u202f234",
     "1 234", " 1.234 ", "1.234,00"],
)  # fmt: skip
def test_currency_and_blanks_between_digits_do_not_change_a_number(text: str) -> None:
    """Non-breaking and narrow blanks are thousands marks too."""
    assert parse.to_number(text) == 1234.0


@pytest.mark.parametrize("text", ["1.234,-", "kr. 1.234,-", "1234,-"])
def test_a_price_written_with_comma_and_dash_is_positive(text: str) -> None:
    """`1.234,-` is the Danish way to write a price without øre, not a minus."""
    assert parse.to_number(text) == 1234.0


def test_a_percent_sign_is_left_out() -> None:
    """`12,5 %` and `12,5 pct.` are 12.5: the column says that it is in per cent."""
    assert [parse.to_number(t) for t in ("12,5 %", "12,5%", "12,5 pct.")] == [12.5, 12.5, 12.5]


@pytest.mark.parametrize(
    "text",
    ["", "abc", "NaN", "inf", "1e3", "0x10", "12 34", "1,2,3", "(5", "5)", "37,5 timer", "²",
     "010180-1234", "kr."],
)  # fmt: skip
def test_what_is_no_number_has_no_value(text: str) -> None:
    """Nothing is guessed out of a text with digits in it."""
    assert parse.to_number(text) is None


@pytest.mark.parametrize("text", ["2.5.2024", "01.01.2024", "12.345.67", "1.2.3", "5,"])
def test_marks_that_group_nothing_make_no_number(text: str) -> None:
    """A date in a column of prices is not 252,024 kroner."""
    assert parse.to_number(text) is None


@pytest.mark.parametrize("text", ["-", "–", "—", "−", " - "])
def test_a_lone_dash_is_a_dash(text: str) -> None:
    """Accounts write zero so; the reader says that it took it for zero."""
    assert parse.is_dash(text)
    assert parse.to_number(text) is None


@steady
@given(st.integers(-(10**9), 10**9), st.integers(0, 4))
def test_what_styring_prints_in_danish_it_reads_back(parts: int, decimals: int) -> None:
    """Writing a number the Danish way and reading it gives the number."""
    value = parts / 10**decimals
    assert parse.to_number(number(value, decimals, "da")) == value


@steady
@given(st.integers(-(10**9), 10**9), st.integers(0, 4))
def test_what_styring_prints_in_english_it_reads_back(parts: int, decimals: int) -> None:
    """Writing a number the English way and reading it as English gives the number."""
    value = parts / 10**decimals
    assert parse.to_number(number(value, decimals, "en"), "en") == value


@steady
@given(st.text(max_size=12))
def test_no_text_breaks_the_parser(text: str) -> None:
    """Whatever stands in a cell has a value or none; a number is finite."""
    value = parse.to_number(text)
    assert value is None or abs(value) < float("inf")
    parse.to_date(parse.tidy(text))
    parse.to_paragraph(text)
    parse.to_function(text)
    parse.month_number(text)


# --- Dates --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["31-12-2024", "31.12.2024", "31/12/2024", "31 12 2024", "31-12-24", "2024-12-31",
     "31. december 2024", "31 dec 2024", "31. dec. 2024", "31-12-2024 00:00",
     "2024-12-31 00:00:00", "2024-12-31T23:59"],
)  # fmt: skip
def test_a_date_is_read_in_every_accepted_form(text: str) -> None:
    """Day, month, year with any mark, with the month in words, or as ISO, with or without time."""
    assert parse.to_date(text) == date(2024, 12, 31)


@pytest.mark.parametrize(
    ("text", "read"),
    [("12/31/2024", date(2024, 12, 31)), ("1/2/2024", date(2024, 1, 2)),
     ("2024-12-31", date(2024, 12, 31)), ("31. december 2024", date(2024, 12, 31))],
)  # fmt: skip
def test_a_date_in_american_order_has_the_month_first(text: str, read: date) -> None:
    """ISO dates and months in words mean the same in either order."""
    assert parse.to_date(text, "mdy") == read


@pytest.mark.parametrize(
    ("text", "order"),
    [("31-12-2024", "dmy"), ("12/31/2024", "mdy"), ("05/06/2024", "either"),
     ("2024-12-31", "either"), ("31. december 2024", "either"), ("31-31-2024", None),
     ("løbende", None)],
)  # fmt: skip
def test_a_date_shows_its_order_where_the_day_is_above_twelve(text: str, order: str | None) -> None:
    """`05/06/2024` could be either, so the other dates of the column decide."""
    assert parse.date_order(text) == order


@pytest.mark.parametrize(
    "text",
    ["30-02-2024", "29-02-2023", "2024-13-01", "00-00-0000", "december 2024", "løbende", "45657",
     "12.2024", ""],
)  # fmt: skip
def test_what_is_no_date_has_no_value(text: str) -> None:
    """A day that does not exist is not moved to the next one."""
    assert parse.to_date(text) is None


def test_two_digit_years_turn_at_seventy() -> None:
    """Up to 69 is this century, from 70 the last."""
    assert parse.to_date("01-01-69") == date(2069, 1, 1)
    assert parse.to_date("01-01-70") == date(1970, 1, 1)


@steady
@given(st.dates(date(1970, 1, 1), date(2069, 12, 31)))
def test_every_day_written_the_danish_way_is_read_back(day: date) -> None:
    """Two-digit and four-digit years, dashes and points give the same day."""
    for text in (f"{day:%d-%m-%Y}", f"{day:%d.%m.%y}", day.isoformat()):
        assert parse.to_date(text) == day


# --- Months -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "month"),
    [("jan", 1), ("Januar", 1), ("FEB.", 2), ("marts", 3), ("maj", 5), ("May", 5), ("sept", 9),
     ("okt", 10), ("October", 10), ("december", 12)],
)  # fmt: skip
def test_a_month_is_known_by_its_name_or_its_first_letters(text: str, month: int) -> None:
    """Danish and English, with or without a full stop."""
    assert parse.month_number(text) == month


@pytest.mark.parametrize("text", ["", "i alt", "forbrug", "2024", "årstotal", "md1"])
def test_what_is_no_month_is_none(text: str) -> None:
    """Other headers of a ledger name no month."""
    assert parse.month_number(text) is None


@pytest.mark.parametrize("text", ["Decentral", "marked", "Junior", "Majoritet", "Novo"])
def test_a_word_that_only_begins_like_a_month_is_none(text: str) -> None:
    """A column of decentral budgets is not December."""
    assert parse.month_number(text) is None


# --- Paragraphs ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "paragraph"),
    [
        ("85", "85"),
        ("§ 85", "85"),
        ("§85", "85"),
        ("SEL §85", "85"),
        ("SEL § 85, stk. 1", "85"),
        ("Serviceloven § 85, stk. 1, nr. 2", "85"),
        ("lov om social service § 95", "95"),
        ("SEL\xa0§\xa0107", "107"),
        ("85 a", "85a"),
        ("§ 82 a", "82a"),
        ("§ 148a", "148a"),
        ("§ 107 Midlertidigt botilbud", "107"),
        ("ABL § 105", "ABL-105"),
        ("ABL-105", "ABL-105"),
        ("abl § 105, stk. 2", "ABL-105"),
        ("Almenboligloven § 105", "ABL-105"),
        ("105", "105"),
        ("Barnets Lov § 32", "BL-32"),
        ("BL § 91 a", "BL-91a"),
        ("SUL § 141", "SUL-141"),
        ("Sundhedsloven § 141", "SUL-141"),
    ],
)
def test_a_paragraph_is_read_however_it_is_written_out(text: str, paragraph: str) -> None:
    """The law and the number stay; blanks, `§`, `stk.` and `nr.` go."""
    assert parse.to_paragraph(text) == paragraph


@pytest.mark.parametrize("text", ["", "STU", "SEL", "PPR betaler", "nr. 85", "stk. 2"])
def test_a_text_without_a_paragraph_has_none(text: str) -> None:
    """A text with no number, or only the number of a part, is not a paragraph."""
    assert parse.to_paragraph(text) is None


@pytest.mark.parametrize(
    "text", ["10712", "1070", "1007", "2024-01-01", "010180-1234", "0.85", "107.5"]
)
def test_a_number_with_a_paragraph_inside_is_no_paragraph(text: str) -> None:
    """The last digits of a long number, a date or a CPR number are not a paragraph."""
    assert parse.to_paragraph(text) is None


@pytest.mark.parametrize("text", ["104 og 107", "§107/§108", "85+97", "§§ 85-87"])
def test_two_paragraphs_in_one_cell_are_not_read_as_the_first(text: str) -> None:
    """Which of the two the service is granted under is the municipality's to say."""
    assert parse.to_paragraph(text) is None


@pytest.mark.parametrize(
    "text", ["aktivloven § 85", "Retssikkerhedsloven § 9", "LAB § 107", "STU-loven § 3"]
)
def test_a_paragraph_of_another_law_is_not_one_of_serviceloven(text: str) -> None:
    """§ 85 of the law on active social policy is not socialpædagogisk støtte."""
    assert parse.to_paragraph(text) is None


@pytest.mark.parametrize(
    ("text", "paragraph"),
    [("ABL105", "ABL-105"), ("BL46", "BL-46"), ("SUL141", "SUL-141"), ("SEL107", "107")],
)
def test_a_law_written_together_with_its_number_is_seen(text: str, paragraph: str) -> None:
    """`BL46` is Barnets lov § 46, not § 46 of Serviceloven."""
    assert parse.to_paragraph(text) == paragraph


@pytest.mark.parametrize("text", ["§ 85 i SEL", "85 i eget hjem"])
def test_the_word_i_behind_a_paragraph_is_not_its_letter(text: str) -> None:
    """`§ 85 i eget hjem` is § 85."""
    assert parse.to_paragraph(text) == "85"


# --- Functions ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["5.38.50", "53850", "053850", "05.38.50", "5.38.50 Botilbud til længerevarende ophold",
     "5.38.50.01", "53850 Botilbud", "5.38.50\xa0Botilbud"],
)  # fmt: skip
def test_a_function_is_read_with_and_without_points(text: str) -> None:
    """Leading zero, sub-account and name behind it do not matter."""
    assert parse.to_function(text) == "5.38.50"


@pytest.mark.parametrize(
    "text", ["", "538", "5.38", "5,38.50", "528211123", "538500", "I alt", "PPR betaler"]
)
def test_what_is_no_function_is_none(text: str) -> None:
    """Main functions, account numbers and texts are not functions."""
    assert parse.to_function(text) is None


@pytest.mark.parametrize("text", ["5.38.501", "5.38.50-5.38.54", "5.38.50 og 5.38.52"])
def test_more_than_one_function_is_not_read_as_the_first(text: str) -> None:
    """A span of functions, or one digit too many, is not the function it begins with."""
    assert parse.to_function(text) is None
