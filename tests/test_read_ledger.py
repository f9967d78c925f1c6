"""Ledgers with months, years or versions as columns, in thousands or millions, with any sign."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import build
from styring.errors import InputError
from styring.read.workbook import Reading

MONTHS = ["jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec"]
Rows = list[list[object]]


def ledger(folder: Path, rows: Rows) -> Reading:
    """Return the reading of the small municipality with another ledger."""
    return build.read(folder, build.minimal() | {"Økonomi": rows})


def refusal(folder: Path, rows: Rows) -> InputError:
    """Return the error a ledger is refused with."""
    return build.refusal(folder, build.minimal() | {"Økonomi": rows})


def amounts(reading: Reading) -> list[tuple[int | None, int | None, str | None, float]]:
    """Return the ledger as (year, month, version, kroner)."""
    frame = reading.tables.frames["oekonomi"]
    return frame.select("aar", "maaned", "version", "beloeb").rows()


def unless_refused(
    folder: Path, rows: Rows
) -> list[tuple[int | None, int | None, str | None, float]] | None:
    """Return the ledger as (year, month, version, kroner), or None where it is refused."""
    try:
        return amounts(ledger(folder, rows))
    except InputError:
        return None


def long(header: str, kroner: object, *titles: list[object]) -> Rows:
    """Return a long ledger of one amount, with titles above and its own header of amounts."""
    return [
        *titles,
        ["År", "Funktion", "Version", header],
        [2024, "5.38.50", "Regnskab", kroner],
    ]


# --- Months as columns --------------------------------------------------------------------------


def test_months_as_columns_become_rows(tmp_path: Path) -> None:
    """Twelve amounts of one row are twelve rows, and each knows its column."""
    kroner: list[object] = [1000 * n for n in range(1, 13)]
    reading = ledger(
        tmp_path,
        [["År", "Funktion", "Version", *MONTHS], [2024, "5.38.50", "Regnskab", *kroner]],
    )
    assert amounts(reading) == [(2024, n, "regnskab", 1000.0 * n) for n in range(1, 13)]
    assert build.column(reading, "oekonomi", "kolonne") == [*"DEFGHIJKLMNO"]
    assert build.column(reading, "oekonomi", "raekke") == [2] * 12
    assert build.note(reading, "D–O").severity == "info"


def test_the_printed_sum_of_the_months_is_checked_and_not_added(tmp_path: Path) -> None:
    """1,000 + 2,000 = 3,000 agrees; 4,000 + 5,000 = 9,000 and not 9,900."""
    reading = ledger(
        tmp_path,
        [
            ["År", "Funktion", "Version", "jan", "feb", "I alt"],
            [2024, "5.38.50", "Regnskab", 1000, 2000, 3000],
            [2024, "5.38.52", "Regnskab", 4000, 5000, 9900],
        ],
    )
    assert sum(build.column(reading, "oekonomi", "beloeb")) == 12_000
    assert build.at(reading, "Økonomi!F3").severity == "warning"
    assert build.about(reading, "Økonomi", "F2") == []


def test_a_difference_of_some_hundred_kroner_is_a_difference(tmp_path: Path) -> None:
    """In whole kroner a printed total is right to the krone."""
    reading = ledger(
        tmp_path,
        [
            ["År", "Funktion", "Version", "jan", "feb", "I alt"],
            [2024, "5.38.50", "Regnskab", 1000, 2000, 3400],
        ],
    )
    assert build.at(reading, "Økonomi!F2").severity == "warning"


def test_rounded_thousands_that_almost_add_up_are_no_difference(tmp_path: Path) -> None:
    """100.4 + 200.4 = 300.8 thousand, printed as 301."""
    reading = ledger(
        tmp_path,
        [
            ["Beløb i 1.000 kr."],
            ["År", "Funktion", "Version", "jan", "feb", "I alt"],
            [2024, "5.38.50", "Regnskab", 100.4, 200.4, 301],
        ],
    )
    assert {n.severity for n in build.heard(reading)} == {"info"}


def test_blank_months_are_no_amounts_and_a_dash_is_zero(tmp_path: Path) -> None:
    """A month to come is not an amount of 0 kr.; a dash is."""
    reading = ledger(
        tmp_path,
        [
            ["År", "Funktion", "Version", "Januar", "Februar"],
            [2024, "5.38.50", "Regnskab", 500, None],
            [2024, "5.38.52", "Regnskab", None, "–"],
        ],
    )
    assert amounts(reading) == [(2024, 1, "regnskab", 500.0), (2024, 2, "regnskab", 0.0)]
    assert build.at(reading, "Økonomi!E3").severity == "warning"


def test_dates_as_headers_are_months(tmp_path: Path) -> None:
    """Excel turns `jan-24` into the first of January 2024."""
    reading = ledger(
        tmp_path,
        [
            ["Funktion", "Version", date(2024, 1, 1), date(2024, 2, 1)],
            ["5.38.50", "Regnskab", 100, 120],
        ],
    )
    assert amounts(reading) == [(2024, 1, "regnskab", 100.0), (2024, 2, "regnskab", 120.0)]


def test_budget_and_accounts_of_a_month_are_kept_apart(tmp_path: Path) -> None:
    """`Jan budget` is a budget: the two columns are told apart, or refused, but never added."""
    rows: Rows = [["År", "Funktion", "Jan budget", "Jan forbrug"], [2024, "5.38.50", 100, 120]]
    apart = [(2024, 1, "oprindeligt budget", 100.0), (2024, 1, "regnskab", 120.0)]
    assert unless_refused(tmp_path, rows) in (apart, None)


def test_months_under_a_second_header_row_are_not_added(tmp_path: Path) -> None:
    """Told apart only by the row above: the accounts are 1,100 + 2,200, or they are refused."""
    rows: Rows = [
        [None, None, "Budget", None, "Regnskab", None],
        ["År", "Funktion", "jan", "feb", "jan", "feb"],
        [2024, "5.38.50", 1000, 2000, 1100, 2200],
    ]
    read = unless_refused(tmp_path, rows)
    assert read is None or sum(k for *_, version, k in read if version == "regnskab") == 3300


def test_a_word_that_begins_like_a_month_is_no_month(tmp_path: Path) -> None:
    """`Decentral` is not December; the column is said not to be used."""
    reading = ledger(
        tmp_path,
        [
            ["År", "Funktion", "Version", "Januar", "Decentral"],
            [2024, "5.38.50", "Regnskab", 100, 120],
        ],
    )
    assert amounts(reading) == [(2024, 1, "regnskab", 100.0)]
    assert build.note(reading, "«Decentral»").severity == "info"


def test_months_beside_a_column_of_amounts_are_said_not_to_be_used(tmp_path: Path) -> None:
    """Where `beløb` stands, it is the amount, and no other column vanishes without a word."""
    reading = ledger(
        tmp_path,
        [
            ["År", "Funktion", "Version", "Beløb", "jan", "feb"],
            [2024, "5.38.50", "Regnskab", 300, 100, 200],
        ],
    )
    assert amounts(reading) == [(2024, None, "regnskab", 300.0)]
    assert "«feb»" in build.note(reading, "«jan»").message.da


# --- Years as columns ---------------------------------------------------------------------------


def test_years_as_columns_become_rows(tmp_path: Path) -> None:
    """A header may be the number 2025 or the text `2024`."""
    reading = ledger(
        tmp_path,
        [["Funktion", "Version", "2023", "2024", 2025], ["5.38.50", "Budget", 100, 200, 300]],
    )
    assert amounts(reading) == [
        (2023, None, "oprindeligt budget", 100.0),
        (2024, None, "oprindeligt budget", 200.0),
        (2025, None, "oprindeligt budget", 300.0),
    ]


def test_version_and_year_may_stand_in_one_header(tmp_path: Path) -> None:
    """`Regnskab 2024` says both."""
    reading = ledger(
        tmp_path,
        [
            ["Funktion", "Regnskab 2023", "Regnskab 2024", "Budget 2025"],
            ["5.38.50", 100, 200, 300],
        ],
    )
    assert amounts(reading) == [
        (2023, None, "regnskab", 100.0),
        (2024, None, "regnskab", 200.0),
        (2025, None, "oprindeligt budget", 300.0),
    ]


def test_the_year_may_stand_in_a_title_or_in_the_sheets_name(tmp_path: Path) -> None:
    """`Budgetopfølgning 2024` over the header is the year of every amount."""
    rows: Rows = [["Funktion", "Vedtaget budget", "Forbrug"], ["5.38.50", 100, 200]]
    read = [(2024, None, "oprindeligt budget", 100.0), (2024, None, "regnskab", 200.0)]
    assert amounts(ledger(tmp_path, [["Budgetopfølgning 2024"], *rows])) == read
    named = build.minimal()
    del named["Økonomi"]
    assert amounts(build.read(tmp_path, named | {"Økonomi 2024": rows})) == read


def test_a_ledger_without_a_year_is_refused(tmp_path: Path) -> None:
    """No year is guessed; the message says what is missing."""
    error = refusal(tmp_path, [["Funktion", "Budget", "Forbrug"], ["5.38.50", 100, 200]])
    assert "«år»" in error.what.da


def test_the_day_of_the_extract_is_not_the_year_of_the_amounts(tmp_path: Path) -> None:
    """Accounts of 2024 drawn in January 2025 are of 2024, or the year is asked for."""
    rows: Rows = [
        ["Udtrukket 15-01-2025 kl. 08:14"],
        ["Regnskab 2024"],
        ["Funktion", "Vedtaget budget", "Forbrug"],
        ["5.38.50", 100, 200],
    ]
    read = unless_refused(tmp_path, rows)
    assert read is None or {year for year, *_ in read} == {2024}


def test_a_title_of_two_years_is_refused(tmp_path: Path) -> None:
    """`Regnskab 2023-2024` over one column does not say which year it is."""
    rows: Rows = [["Regnskab 2023-2024"], ["Funktion", "Forbrug"], ["5.38.50", 100]]
    assert "Økonomi" in refusal(tmp_path, rows).where.da


# --- Versions as columns ------------------------------------------------------------------------


def test_versions_as_columns_become_rows(tmp_path: Path) -> None:
    """Each version keeps its own rows; the deviation is not an amount."""
    reading = ledger(
        tmp_path,
        [
            ["År", "Funktion", "Vedtaget budget", "Tillægsbevillinger", "Korrigeret budget",
             "Forbrug", "Afvigelse"],
            [2024, "5.38.50", 100_000, 10_000, 110_000, 125_000, 15_000],
        ],
    )  # fmt: skip
    assert amounts(reading) == [
        (2024, None, "oprindeligt budget", 100_000.0),
        (2024, None, "tillægsbevilling", 10_000.0),
        (2024, None, "korrigeret budget", 110_000.0),
        (2024, None, "regnskab", 125_000.0),
    ]


@pytest.mark.parametrize(
    "header", ["Ko rri geret bu d get 2024", "KORR. BUDGET 2024", "Korrigeret\nbudget\n2024"]
)
def test_a_header_torn_apart_is_still_known(tmp_path: Path, header: str) -> None:
    """Text out of a PDF has blanks inside its words, and Excel breaks long headers."""
    reading = ledger(tmp_path, [["Funktion", header], ["5.38.50", 100]])
    assert amounts(reading) == [(2024, None, "korrigeret budget", 100.0)]


@pytest.mark.parametrize(
    ("printed", "reading_said"),
    [((25_000, -10_000), "plus er merforbrug"), ((-25_000, 10_000), "plus er mindreforbrug")],
)
def test_the_sign_of_a_printed_deviation_is_inferred_and_said(
    tmp_path: Path, printed: tuple[int, int], reading_said: str
) -> None:
    """125 − 100 = +25 and 190 − 200 = −10 where plus is overspend, the reverse elsewhere."""
    reading = ledger(
        tmp_path,
        [
            ["År", "Funktion", "Vedtaget budget", "Forbrug", "Afvigelse"],
            [2024, "5.38.50", 100_000, 125_000, printed[0]],
            [2024, "5.38.52", 200_000, 190_000, printed[1]],
        ],
    )
    said = build.at(reading, "Økonomi!E2")
    assert said.severity == "info"
    assert reading_said in said.message.da


def test_a_printed_deviation_that_does_not_agree_is_a_warning(tmp_path: Path) -> None:
    """190,000 − 200,000 is −10,000 and not 33,000; the amounts are used."""
    reading = ledger(
        tmp_path,
        [
            ["År", "Funktion", "Vedtaget budget", "Forbrug", "Afvigelse"],
            [2024, "5.38.50", 100_000, 125_000, 25_000],
            [2024, "5.38.52", 200_000, 190_000, 33_000],
            [2024, "5.38.54", 200_000, 190_000, -10_000],
        ],
    )
    assert build.at(reading, "Økonomi!E3").severity == "warning"
    assert sum(k for *_, v, k in amounts(reading) if v == "regnskab") == 505_000


def test_an_estimate_knows_the_day_it_was_made(tmp_path: Path) -> None:
    """`Skøn 31/3` and `Forventet regnskab pr. 31/8` are two follow-ups of the year."""
    reading = ledger(
        tmp_path,
        [
            ["År", "Funktion", "Skøn 31/3", "Forventet regnskab pr. 31/8"],
            [2025, "5.38.50", 110, 120],
        ],
    )
    assert build.column(reading, "oekonomi", "version") == ["forventet regnskab"] * 2
    days = [date(2025, 3, 31), date(2025, 8, 31)]
    assert build.column(reading, "oekonomi", "opfoelgning") == days


@pytest.mark.parametrize(
    ("first", "second"), [("Forbrug", "Regnskab"), ("Budget", "Vedtaget budget")]
)
def test_two_columns_of_one_version_that_differ_are_refused(
    tmp_path: Path, first: str, second: str
) -> None:
    """`Forbrug` and `Regnskab` are both accounts; added they would double the year."""
    error = refusal(tmp_path, [["År", "Funktion", first, second], [2024, "5.38.50", 300, 400]])
    assert "C1" in error.where.da
    assert "D1" in error.where.da


def test_two_columns_of_one_month_that_differ_are_refused(tmp_path: Path) -> None:
    """`jan` and `Januar` are one month."""
    error = refusal(
        tmp_path,
        [["År", "Funktion", "Version", "jan", "Januar"], [2024, "5.38.50", "Regnskab", 3, 4]],
    )
    assert "D1" in error.where.da
    assert "E1" in error.where.da


def test_two_columns_of_one_version_that_are_equal_count_once(tmp_path: Path) -> None:
    """The same accounts printed twice are the accounts."""
    reading = ledger(
        tmp_path, [["År", "Funktion", "Forbrug", "Regnskab"], [2024, "5.38.50", 300, 300]]
    )
    assert amounts(reading) == [(2024, None, "regnskab", 300.0)]


def test_a_header_may_say_how_it_is_computed(tmp_path: Path) -> None:
    """`Korrigeret budget C=(A+B)` is the corrected budget, and every column is known."""
    reading = ledger(
        tmp_path,
        [
            ["År", "Funktion", "Vedtaget budget", "Genbevillinger", "Korrigeret budget C=(A+B)",
             "Resultat", "Afvigelse E=(C-D)"],
            [2025, "5.38.50", 100_000, 3_000, 103_000, 110_000, -7_000],
        ],
    )  # fmt: skip
    versions = ["oprindeligt budget", "overførsel", "korrigeret budget", "regnskab"]
    assert build.column(reading, "oekonomi", "version") == versions
    assert "Korrigeret budget" not in build.told(reading)


def test_a_total_row_of_a_wide_ledger_is_taken_out_and_accounted_for(tmp_path: Path) -> None:
    """The total's two amounts are totals; they agree with the rows and add nothing."""
    reading = ledger(
        tmp_path,
        [
            ["År", "Funktion", "Vedtaget budget", "Forbrug"],
            [2024, "5.38.50", 100_000, 120_000],
            ["I alt", None, 100_000, 120_000],
        ],
    )
    assert sum(build.column(reading, "oekonomi", "beloeb")) == 220_000
    account = build.account(reading, "Økonomi")
    assert account.totals > 0
    assert account.rows == account.accepted + account.rejected + account.totals
    assert (account.sum_accepted, account.sum_totals) == (220_000, 220_000)


def test_a_wrong_total_row_of_a_wide_ledger_is_a_warning(tmp_path: Path) -> None:
    """120,000 is not 990,000: the cell of the total is named."""
    reading = ledger(
        tmp_path,
        [
            ["År", "Funktion", "Vedtaget budget", "Forbrug"],
            [2024, "5.38.50", 100_000, 120_000],
            ["I alt", None, 100_000, 990_000],
        ],
    )
    assert [n for n in build.about(reading, "Økonomi", "D3") if n.severity == "warning"]


def test_unreadable_amounts_of_a_wide_ledger_are_named_and_accounted_for(tmp_path: Path) -> None:
    """A text, a formula without a value and an error cell are three amounts rejected."""
    reading = ledger(
        tmp_path,
        [
            ["År", "Funktion", "Vedtaget budget", "Forbrug"],
            [2024, "5.38.50", "efter aftale", 120],
            [2024, "5.38.52", "=C2", "#N/A"],
        ],
    )
    assert amounts(reading) == [(2024, None, "regnskab", 120.0)]
    for cell in ("C2", "C3", "D3"):
        assert build.about(reading, "Økonomi", cell)
    account = build.account(reading, "Økonomi")
    assert (account.rows, account.accepted, account.rejected) == (4, 1, 3)


def test_a_row_of_a_wide_ledger_without_a_function_is_rejected(tmp_path: Path) -> None:
    """Both of its amounts are accounted for as rejected."""
    reading = ledger(
        tmp_path,
        [
            ["År", "Funktion", "Vedtaget budget", "Forbrug"],
            [2024, "5.38.50", 100, 120],
            [2024, None, 1, 2],
        ],
    )
    assert sum(build.column(reading, "oekonomi", "beloeb")) == 220
    account = build.account(reading, "Økonomi")
    assert (account.rows, account.accepted, account.rejected) == (4, 2, 2)
    assert (account.sum_sheet, account.sum_accepted, account.sum_rejected) == (223, 220, 3)


# --- No version at all --------------------------------------------------------------------------


def test_months_without_a_version_are_said_to_be_taken_as_accounts(tmp_path: Path) -> None:
    """Nothing in the sheet says that they are accounts, so the reader is told."""
    reading = ledger(tmp_path, [["År", "Funktion", "jan", "feb"], [2024, "5.38.50", 100, 200]])
    assert {v for _, _, v, _ in amounts(reading)} == {"regnskab"}
    assert [n for n in reading.notes if n.sheet == "Økonomi" and "egnskab" in n.message.da]


def test_a_sheet_called_budget_is_never_taken_as_accounts(tmp_path: Path) -> None:
    """`Budget 2025` with months as columns is a budget, or it is refused."""
    book = build.minimal()
    del book["Økonomi"]
    book["Budget 2025"] = [["Funktion", "jan", "feb"], ["5.38.50", 100, 200]]
    try:
        read = amounts(build.read(tmp_path, book))
    except InputError:
        return
    assert "regnskab" not in {version for _, _, version, _ in read}


def test_a_long_ledger_without_versions_is_said(tmp_path: Path) -> None:
    """Amounts that are neither budget nor accounts enter no figure, and that is no secret."""
    rows: Rows = [["År", "Funktion", "Beløb"], [2024, "5.38.50", 100]]
    try:
        reading = ledger(tmp_path, rows)
    except InputError:
        return
    serious = [n for n in reading.notes if n.severity in ("warning", "error")]
    assert [n for n in serious if n.sheet == "Økonomi"]


# --- Thousands and millions ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    ["Beløb (1.000 kr.)", "Beløb (t.kr.)", "Beløb (tkr)", "Beløb (1000 kr)", "Beløb (i tusinde)",
     "Beløb (DKK 1.000)"],
)  # fmt: skip
def test_thousands_in_the_header_are_made_kroner(tmp_path: Path, header: str) -> None:
    """100.5 thousand is 100,500 kr., and that is said."""
    reading = ledger(tmp_path, long(header, 100.5))
    assert build.column(reading, "oekonomi", "beloeb") == [100_500]
    assert build.note(reading, "1.000 kr.").severity == "info"


@pytest.mark.parametrize("header", ["Beløb (tusind kr.)", "Beløb (1.000 DKK)", "Beløb (kr. 1.000)"])
def test_thousands_said_in_other_words_are_made_kroner(tmp_path: Path, header: str) -> None:
    """The same unit with the words turned round."""
    assert build.column(ledger(tmp_path, long(header, 100)), "oekonomi", "beloeb") == [100_000]


@pytest.mark.parametrize(
    "title", ["Regnskab 2024, 1.000 kr.", "Beløb i 1.000 kr.", "Hele tusinde kr.", "(t.kr.)"]
)
def test_thousands_in_a_title_are_made_kroner(tmp_path: Path, title: str) -> None:
    """A row above the header says the unit of the sheet."""
    reading = ledger(tmp_path, long("Beløb", 100, [title]))
    assert build.column(reading, "oekonomi", "beloeb") == [100_000]


@pytest.mark.parametrize("unit", ["mio. kr.", "Mio.kr.", "mill. kr.", "i millioner"])
def test_millions_are_made_kroner(tmp_path: Path, unit: str) -> None:
    """1.25 millions, and `2,5` written as text, are 1,250,000 and 2,500,000 kr."""
    rows: Rows = [*long(f"Beløb ({unit})", 1.25), [2024, "5.38.50", "Regnskab", "2,5"]]
    reading = ledger(tmp_path, rows)
    assert build.column(reading, "oekonomi", "beloeb") == [1_250_000, 2_500_000]
    assert build.note(reading, "mio. kr.").severity == "info"


def test_thousands_of_a_wide_ledger_are_made_kroner(tmp_path: Path) -> None:
    """The title's unit holds for every column."""
    reading = ledger(
        tmp_path,
        [["1.000 kr."], ["Funktion", "Regnskab 2023", "Regnskab 2024"], ["5.38.50", 100, 200.5]],
    )
    assert build.column(reading, "oekonomi", "beloeb") == [100_000, 200_500]


def test_totals_in_thousands_are_checked_in_thousands(tmp_path: Path) -> None:
    """100.5 thousand is the sum of the rows; the account is in kroner."""
    rows: Rows = [*long("Beløb (1.000 kr.)", 100.5), ["I alt", None, None, 100.5]]
    reading = ledger(tmp_path, rows)
    assert build.at(reading, "Økonomi!D3").severity == "info"
    account = build.account(reading, "Økonomi")
    assert (account.sum_accepted, account.sum_totals) == (100_500, 100_500)


@pytest.mark.parametrize(
    "title", ["Poster over 101.000 kr.", "Grænse: 1.001.000 kr.", "Regnskab 2024, hele kr."]
)
def test_an_amount_in_a_title_is_no_unit(tmp_path: Path, title: str) -> None:
    """`101.000 kr.` does not say that the sheet is in thousands."""
    reading = ledger(tmp_path, long("Beløb", 100, [title]))
    assert build.column(reading, "oekonomi", "beloeb") == [100]


def test_case_prices_are_not_scaled_by_the_ledgers_unit(tmp_path: Path) -> None:
    """Thousands in Økonomi leave the prices of Sager as they are."""
    reading = ledger(tmp_path, long("Beløb (1.000 kr.)", 100))
    assert build.column(reading, "sager", "pris") == [2500, 3000]


# --- Sign ---------------------------------------------------------------------------------------


def negative() -> build.Book:
    """Return the small municipality with its expenses written as minus."""
    book = build.minimal()
    for row in book["Økonomi"][1:]:
        row[4] = -row[4]  # type: ignore[operator]
    return book


def test_negative_expenses_are_turned_and_said(tmp_path: Path) -> None:
    """Accounts below zero mean that minus is expense here."""
    reading = build.read(tmp_path, negative())
    assert build.column(reading, "oekonomi", "beloeb") == [1_000_000, 1_050_000, 1_100_000]
    assert [n.severity for n in build.heard(reading, "Økonomi")] == ["warning"]


@pytest.mark.parametrize("word", ["udgift positiv", "plus", "Positiv", "+"])
def test_the_municipality_may_say_that_plus_is_expense(tmp_path: Path, word: str) -> None:
    """Then a year of net income stays negative."""
    book = negative()
    book["Kommune"].append(["fortegn", word])
    reading = build.read(tmp_path, book)
    assert build.column(reading, "oekonomi", "beloeb") == [-1_000_000, -1_050_000, -1_100_000]
    assert build.heard(reading, "Økonomi") == []


@pytest.mark.parametrize("word", ["udgift negativ", "minus", "Negativ"])
def test_the_municipality_may_say_that_minus_is_expense(tmp_path: Path, word: str) -> None:
    """Then the sign is turned whatever the sum is."""
    book = build.minimal()
    book["Kommune"].append(["Fortegn", word])
    reading = build.read(tmp_path, book)
    assert build.column(reading, "oekonomi", "beloeb") == [-1_000_000, -1_050_000, -1_100_000]
    assert [n.severity for n in build.heard(reading, "Økonomi")] == ["warning"]


def test_refunds_among_expenses_do_not_turn_the_sign(tmp_path: Path) -> None:
    """1,050,000 − 200,000 is still expense."""
    book = build.minimal()
    book["Økonomi"].append([2024, None, "5.22.07", "regnskab", -200_000])
    reading = build.read(tmp_path, book)
    assert build.column(reading, "oekonomi", "beloeb")[-1] == -200_000
    assert build.heard(reading, "Økonomi") == []
