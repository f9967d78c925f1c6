"""Account strings of nine digits: which order they are in, what they hold, what they look like."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import build
from rows import steady
from styring import account_string
from styring.account_string import ORDERS, Order, Signs
from styring.definitions import load_facts, load_spec
from styring.errors import InputError
from styring.model import Column
from styring.read.columns import functions
from styring.read.workbook import Reading
from styring.tables import column_of

SHELF = tuple(a.funktion for a in load_facts().account)
DECIDES: dict[Order, str] = {"function": "528201003", "dranst": "153850001"}


def strings(*texts: str | None) -> pl.Series:
    """Return account strings as a column."""
    return pl.Series("string", texts, pl.String())


def split(order: Order, *texts: str | None) -> list[tuple[str | None, ...]]:
    """Return account strings split by the shelf's functions."""
    return account_string.split(strings(*texts), order, SHELF).rows()


def written(order: Order, function: str, dranst: int, grouping: int) -> str:
    """Return an account string as an economy system writes it."""
    digits = function.replace(".", "")
    head = f"{digits}{dranst}" if order == "function" else f"{dranst}{digits}"
    return f"{head}{grouping:03}"


# --- Pure splitting -----------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["52820", "5.28.20", "5282010034", "52820100", "52820100x", "",
                                  "528 201003", "PPR betaler", "٥٢٨٢٠١٠٠٣"])  # fmt: skip
def test_what_is_not_nine_digits_is_no_account_string(text: str) -> None:
    """Nor is a text with nine digits in another script."""
    assert not account_string.is_account_string(text)
    assert account_string.is_account_string("528201003")


def test_a_string_is_split_with_the_function_first() -> None:
    """528201003 is 52820 1 003; dranst 0 and 8, and a function that is none, are not read."""
    texts = ["528201003", "557722120", "528200003", "528208003", "582211001", None]
    nothing = (None, None, None)
    assert split("function", *texts) == [
        ("5.28.20", "1", "003"), ("5.57.72", "2", "120"), nothing, nothing, nothing, nothing,
    ]  # fmt: skip


def test_a_string_is_split_with_the_dranst_first() -> None:
    """153850001 is 1 53850 001, the same as 538501001 in the other order."""
    assert split("dranst", "153850001", "853850001") == [
        ("5.38.50", "1", "001"), (None, None, None),
    ]  # fmt: skip
    assert split("function", "538501001") == split("dranst", "153850001")


def test_the_first_string_of_each_order_is_found() -> None:
    """A string of neither order says nothing."""
    column = strings(None, "582211001", "153850001", "528201003", "528201004")
    assert account_string.signs(column, SHELF) == Signs({"function": 3, "dranst": 2})
    assert account_string.signs(column, SHELF).order is None
    assert account_string.signs(column[:3], SHELF).order == "dranst"
    assert account_string.signs(column[:2], SHELF) == Signs({})


def test_a_string_of_both_orders_is_found() -> None:
    """557721001 is 5.57.72, dranst 1 or dranst 5, 5.77.21 where the chart has both."""
    chart = ["5.57.72", "5.77.21"]
    assert account_string.signs(strings("557721001"), chart) == Signs({}, 0)
    assert account_string.signs(strings("557721001", "557722001"), chart) == Signs(
        {"function": 1}, 0
    )


def test_a_string_that_means_the_same_in_both_orders_is_no_doubt() -> None:
    """555555001 is 5.55.55, dranst 5, grouping 001 whichever way it is read."""
    assert account_string.signs(strings("555555001"), ["5.55.55"]) == Signs({})
    parts = [account_string.split(strings("555555001"), o, ["5.55.55"]).rows() for o in ORDERS]
    assert parts[0] == parts[1] == [("5.55.55", "5", "001")]


def test_swapped_digits_look_like_the_function_they_were() -> None:
    """582211001 is 528211001 with its second and third digit swapped."""
    assert account_string.look_alikes("582211001", ["function"], SHELF) == (
        ("528211001", "5.28.21"),
    )
    # 135850001: 3 and 5 swapped back give 153850001
    assert account_string.look_alikes("135850001", ORDERS, SHELF) == (("153850001", "5.38.50"),)
    assert account_string.look_alikes("645511001", ORDERS, SHELF) == ()


def test_a_string_may_look_like_two_functions() -> None:
    """538141001: 14 back to 41 gives 5.38.41; with 5.83.14 in the chart, 38 to 83 as well."""
    chart = ["5.38.41", "5.83.14"]
    assert account_string.look_alikes("538141001", ["function"], chart) == (
        ("583141001", "5.83.14"), ("538411001", "5.38.41"),
    )  # fmt: skip


@steady
@given(
    st.sampled_from(ORDERS),
    st.lists(
        st.tuples(st.sampled_from(SHELF), st.integers(1, 7), st.integers(0, 999)), max_size=40
    ),
    st.integers(0, 40),
)
def test_what_is_written_is_read_back(
    order: Order, accounts: Sequence[tuple[str, int, int]], place: int
) -> None:
    """In a column with one deciding string, wherever it stands."""
    texts = [written(order, *a) for a in accounts]
    decided = strings(*texts[:place], DECIDES[order], *texts[place:])
    assert account_string.signs(decided, SHELF).order == order
    read = account_string.split(strings(*texts), order, SHELF).rows()
    assert read == [(f, str(d), f"{g:03}") for f, d, g in accounts]


@pytest.mark.parametrize("order", ORDERS)
def test_every_account_of_the_shelf_is_read_back(order: Order) -> None:
    """Every function of the shelf, dranst 1-7 and grouping 000-999, in one column."""
    accounts = [(f, d, g) for f in SHELF for d in range(1, 8) for g in range(1000)]
    column = strings(*(written(order, *a) for a in accounts), DECIDES[order])
    assert account_string.signs(column, SHELF).order == order
    read = account_string.split(column, order, SHELF)
    assert read.head(len(accounts)).rows() == [(f, str(d), f"{g:03}") for f, d, g in accounts]


# --- Reading ------------------------------------------------------------------------------------


def ledger(*cells: object, **own: Sequence[object]) -> build.Book:
    """Return a ledger of one amount of 100 kr. per cell, with columns of its own beside it."""
    book = build.with_ledger("funktion", cells)
    header, *rows = book["Økonomi"]
    book["Økonomi"] = [
        [*header, *own],
        *([*row, *(column[n] for column in own.values())] for n, row in enumerate(rows)),
    ]
    return book


def codes(reading: Reading) -> list[tuple[object, ...]]:
    """Return function, dranst and grouping of the ledger's rows."""
    return [
        *zip(*(build.column(reading, "oekonomi", p) for p in account_string.PARTS), strict=True)
    ]


@pytest.mark.parametrize("name", ["funktion", "konto", "Kontostreng", "kontonummer", "Konto nr."])
def test_strings_are_read_as_functions_dranst_and_grouping(tmp_path: Path, name: str) -> None:
    """As text and as number, under each name of the column; the order is said."""
    book = ledger("528201003", 557722120)
    book["Økonomi"][0][2] = name
    reading = build.read(tmp_path, book)
    assert codes(reading) == [("5.28.20", "1", "003"), ("5.57.72", "2", "120")]
    said = build.at(reading, "Økonomi!C2")
    assert (said.severity, said.cell, said.column) == ("info", "C2", "funktion")
    assert said.message.da == (
        "2 celler i «funktion» er kontostrenge på ni cifre, læst som funktion, dranst, gruppering "
        "(C2, C3): «528201003»."
    )
    assert said.message.en == (
        "2 cells in “funktion” are account strings of nine digits, read as function, dranst, "
        "grouping (C2, C3): «528201003»."
    )
    assert build.heard(reading, "Økonomi") == [said]


def test_strings_with_the_dranst_first_are_read_so(tmp_path: Path) -> None:
    """153850001 is dranst 1, 5.38.50, grouping 001."""
    reading = build.read(tmp_path, ledger(153850001, "257721003"))
    # 257721003 is dranst 2, function 5.77.21: no function of the shelf
    assert codes(reading) == [("5.38.50", "1", "001")]
    said = build.at(reading, "Økonomi!C2")
    assert "læst som dranst, funktion, gruppering" in said.message.da
    assert "read as dranst, function, grouping" in said.message.en
    assert said.message.da.startswith("1 celle ")


def test_strings_in_a_folder_of_csv_files_are_read_alike(tmp_path: Path) -> None:
    """Where every cell is text."""
    folder = build.csv_folder(tmp_path / "csv", ledger("528201003", "5.38.50"))
    assert codes(build.read_file(folder)) == [("5.28.20", "1", "003"), ("5.38.50", None, None)]


def test_strings_in_a_wide_ledger_are_read_alike(tmp_path: Path) -> None:
    """Each amount of the row has the function, dranst and grouping of its string."""
    book = build.minimal()
    book["Økonomi"] = [
        ["konto", "Budget 2024", "Regnskab 2024"],
        ["528202003", 100, 110],
        ["582211001", 50, 60],
    ]
    reading = build.read(tmp_path, book)
    assert codes(reading) == [("5.28.20", "2", "003")] * 2
    account = build.account(reading, "Økonomi")
    assert (account.sum_sheet, account.sum_accepted, account.sum_rejected) == (320, 210, 110)


def test_functions_and_strings_stand_in_one_column(tmp_path: Path) -> None:
    """A function written alone says nothing of dranst and grouping; blank stays blank."""
    reading = build.read(tmp_path, ledger("5.38.50", 528201003, 53852, "5.38.51 Botilbud"))
    assert codes(reading) == [
        ("5.38.50", None, None), ("5.28.20", "1", "003"),
        ("5.38.52", None, None), ("5.38.51", None, None),
    ]  # fmt: skip
    assert [n.cell for n in build.heard(reading, "Økonomi")] == ["C3"]


def test_a_column_without_strings_is_read_as_ever(tmp_path: Path) -> None:
    """No note, no dranst, no grouping."""
    reading = build.read(tmp_path, ledger("5.38.50", 53850))
    assert codes(reading) == [("5.38.50", None, None)] * 2
    assert build.heard(reading, "Økonomi") == []


def test_ten_digits_and_words_are_no_strings(tmp_path: Path) -> None:
    """They are refused as any cell that is no function."""
    reading = build.read(tmp_path, ledger("528201003", "5282010034", "PPR betaler"))
    assert codes(reading) == [("5.28.20", "1", "003")]
    said = build.at(reading, "Økonomi!C3")
    assert said.message.da.startswith("2 celler i «funktion» er ikke en funktion i kontoplanen")
    assert build.account(reading, "Økonomi").sum_rejected == 200


def test_swapped_digits_are_flagged_and_never_mended(tmp_path: Path) -> None:
    """582211xxx among 528211xxx: no function, the cell named with what it looks like."""
    cells = ["528211001", "582211001", 528211002, 582211002, "583850001"]
    reading = build.read(tmp_path, ledger(*cells))
    assert codes(reading) == [("5.28.21", "1", "001"), ("5.28.21", "1", "002")]
    said = build.at(reading, "Økonomi!C3")
    assert (said.severity, said.cell, said.column) == ("warning", "C3", "funktion")
    assert said.message.da == (
        "2 celler i «funktion» har ni cifre, men ingen kendt funktion; to cifre er måske byttet "
        "om. De er ikke rettet (C3, C5): «582211001» ligner 528211001 (5.28.21)."
    )
    assert said.message.en == (
        "2 cells in “funktion” have nine digits but no known function; two digits may be swapped. "
        "They are not corrected (C3, C5): «582211001» looks like 528211001 (5.28.21)."
    )
    account = build.account(reading, "Økonomi")
    # 100 kr. a row: two rows used, three rejected
    assert (account.rows, account.accepted, account.rejected) == (5, 2, 3)
    assert (account.sum_accepted, account.sum_rejected, account.sum_rounding) == (200, 300, 0)


def test_what_looks_like_two_functions_has_a_note_for_each(tmp_path: Path) -> None:
    """582211001 looks like 5.28.21, 583501001 like 5.38.50 in a column with the function first."""
    reading = build.read(tmp_path, ledger("528201003", "582211001", "583501001"))
    assert "528211001 (5.28.21)" in build.at(reading, "Økonomi!C3").message.da
    assert "538501001 (5.38.50)" in build.at(reading, "Økonomi!C4").message.da


def test_nine_digits_that_look_like_no_function_are_flagged(tmp_path: Path) -> None:
    """A function that is not on the shelf, and a dranst 0, are not read."""
    reading = build.read(tmp_path, ledger("528201003", "645511001", "528200003"))
    assert codes(reading) == [("5.28.20", "1", "003")]
    said = build.at(reading, "Økonomi!C3")
    assert said.severity == "warning"
    assert said.message.da == (
        "2 celler i «funktion» har ni cifre, men er ikke en kendt funktion med dranst 1–7 "
        "(C3, C4): «645511001»."
    )
    assert "have nine digits but are no known function with a dranst 1–7" in said.message.en


def test_a_column_of_nothing_but_swapped_digits_says_no_order(tmp_path: Path) -> None:
    """Every row is rejected, and every krone accounted for."""
    reading = build.read(tmp_path, ledger("582211001", "582211002"))
    assert build.column(reading, "oekonomi", "beloeb") == []
    assert build.account(reading, "Økonomi").sum_rejected == 200
    assert not build.notes(reading, "læst som funktion, dranst")


def test_a_number_that_may_be_a_person_is_not_shown(tmp_path: Path) -> None:
    """101801234 is 010180-1234 without its zero; its cell is named and no more."""
    reading = build.read(tmp_path, ledger("528201003", 101801234))
    assert "C3" in build.at(reading, "Økonomi!C3").message.da
    assert "101801234" not in build.told(reading)


def test_own_columns_win_over_the_string(tmp_path: Path) -> None:
    """What differs is asked about; 3 and 003 are one grouping; a blank is filled."""
    book = ledger(
        "528201003", "528201004", "528201004", dranst=[2, None, "1"], gruppering=[3, "005", 4]
    )
    reading = build.read(tmp_path, book)
    assert codes(reading) == [
        ("5.28.20", "2", "3"), ("5.28.20", "1", "005"), ("5.28.20", "1", "4"),
    ]  # fmt: skip
    dranst, grouping = build.at(reading, "Økonomi!F2"), build.at(reading, "Økonomi!G3")
    assert (dranst.severity, dranst.column) == ("warning", "dranst")
    assert dranst.message.da == (
        "1 række har noget andet i «dranst», end kontostrengen siger (F2). "
        "Kolonnen «dranst» er brugt."
    )
    assert dranst.message.en == (
        "1 row has something else in “dranst” than the account string says (F2). "
        "The column “dranst” is used."
    )
    assert (grouping.severity, grouping.column, grouping.cell) == ("warning", "gruppering", "G3")
    assert len(build.heard(reading, "Økonomi")) == 3


def test_own_dranst_leaves_the_grouping_to_the_string(tmp_path: Path) -> None:
    """The one column is the sheet's, the other the string's; an error cell stays unread."""
    reading = build.read(tmp_path, ledger("528201003", "528201004", dranst=[1, "#N/A"]))
    assert codes(reading) == [("5.28.20", "1", "003"), ("5.28.20", None, "004")]


def test_strings_of_two_orders_are_refused_with_two_cells(tmp_path: Path) -> None:
    """The two cells that contradict each other are named, whatever stands between them."""
    error = build.refusal(tmp_path, ledger("5.38.50", "153850001", "582211001", "528201003"))
    assert error.where.da.endswith("Økonomi!C3 og Økonomi!C5")
    assert error.where.en.endswith("Økonomi!C3 and Økonomi!C5")
    assert error.what.da == (
        "Kolonnen «funktion» blander kontostrenge: «528201003» kan kun læses med funktionen først, "
        "«153850001» kun med dranst først."
    )
    assert error.what.en == (
        "The column “funktion” mixes account strings: “528201003” can only be read with the "
        "function first, “153850001” only with the dranst first."
    )
    assert error.hint is not None
    assert error.exit_code == 3


def function_column() -> Column:
    """Return the ledger's column of functions."""
    return column_of(load_spec()["oekonomi"], "funktion")


def test_a_string_that_nothing_decides_is_refused_with_both_readings() -> None:
    """With 5.57.72 and 5.77.21 in the chart, 557721001 alone could be either."""
    chart = ["5.57.72", "5.77.21"]
    with pytest.raises(InputError) as caught:
        functions(function_column(), ["5.57.72", "557721001"], "Økonomi!C{}".format, chart)
    error = caught.value
    assert error.where.da == "Økonomi!C1"
    assert error.what.da == (
        "Kontostrengen «557721001» i «funktion» kan læses på to måder, og ingen anden i kolonnen "
        "afgør det: funktion 5.57.72 med dranst 1, eller dranst 5 med funktion 5.77.21."
    )
    assert error.what.en == (
        "The account string “557721001” in “funktion” can be read in two ways, and no other in the "
        "column decides: function 5.57.72 with dranst 1, or dranst 5 with function 5.77.21."
    )
    assert error.hint is not None
    assert "5.57.72" in error.hint.da
    assert "5.77.21" in error.hint.en


@pytest.mark.parametrize(("decides", "function", "dranst"), [
    ("557722001", "5.57.72", "1"),
    ("157721002", "5.77.21", "5"),
])  # fmt: skip
def test_another_string_of_the_column_decides(decides: str, function: str, dranst: str) -> None:
    """557722001 can only have the function first, 157721002 only the dranst."""
    chart = ["5.57.72", "5.77.21"]
    typed = functions(function_column(), ["557721001", decides], "C{}".format, chart)
    assert typed.series[0] == function
    assert typed.parts is not None
    assert typed.parts["dranst"][0] == dranst
    assert typed.unreadable == set()


def test_a_case_has_the_function_of_its_string(tmp_path: Path) -> None:
    """The sheet has no dranst and no grouping; a case with swapped digits still counts."""
    cells = ["528201003", 528211001, "582211001", None]
    reading = build.read(tmp_path, build.with_cases("kontostreng", cells))
    assert build.column(reading, "sager", "funktion") == ["5.28.20", "5.28.21", None, None]
    assert build.at(reading, "Sager!H2").severity == "info"
    assert "528211001 (5.28.21)" in build.at(reading, "Sager!H4").message.da
    account = build.account(reading, "Sager")
    assert (account.rows, account.accepted, account.rejected) == (4, 4, 0)
    assert account.converted == 2
