"""Cases against the ledger: what is timing and what is real, worked out by hand."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from rows import Row, amount, case, ready, several, steady
from styring.find.reconcile import reconcile_part
from styring.pipeline import Choices, catalogue_of, measure_workbook
from styring.prepare import Prepared
from styring.reconcile import FunctionYear, net, payments, reconcile, refunds

FUNCTION = "5.38.50"
SHARED = ("syddjurs.xlsx", "ikast-brande.xlsx", "norddjurs-udtraek.xlsx", "favrskov-udtraek.xlsx")
NINE_MONTHS = date(2025, 9, 30)
gaps = st.dictionaries(st.integers(0, 9), st.integers(-9, 9), max_size=10)


def booked(*amounts: float, aar: int = 2024, **changes: Any) -> list[Row]:
    """Return the accounts of the months from January."""
    return [amount(x, aar=aar, maaned=n, **changes) for n, x in enumerate(amounts, 1)]


def monthly(price: float, count: int = 5, **changes: Any) -> list[Row]:
    """Return the cases of so many citizens at a price a month from 1 January 2024."""
    return several(count, enhed="måned", pris=price, funktion=FUNCTION, **changes)


def line(tables: Prepared, year: int = 2024, function: str = FUNCTION) -> FunctionYear:
    """Return one function's year."""
    return next(x for x in reconcile(tables) if (x.year, x.function) == (year, function))


def netted(amounts: Mapping[int, int], window: int = 2) -> int:
    """Return the kroner netted of whole gaps."""
    found = net({n: Fraction(x) for n, x in amounts.items()}, window)
    return int(sum(abs(p.amount) for p in found))


# --- netting ------------------------------------------------------------------------------------


def test_too_much_makes_up_for_too_little_within_two_months() -> None:
    """+5 in month 1 meets −3 in month 2 and −2 in month 3; what comes in month 9 is too late."""
    pairs = net({1: Fraction(5), 2: Fraction(-3), 3: Fraction(-2), 6: Fraction(4), 9: Fraction(-4)})
    assert [(p.first, p.second, int(p.amount)) for p in pairs] == [(1, 2, 3), (1, 3, 2)]


def test_the_oldest_is_made_up_for_first() -> None:
    """−4 in month 3 takes +3 of month 1 before +3 of month 2; 2 of month 2 is left."""
    pairs = net({1: Fraction(3), 2: Fraction(3), 3: Fraction(-4)})
    assert [(p.first, p.second, int(p.amount)) for p in pairs] == [(1, 3, 3), (2, 3, 1)]


def _most(left: Mapping[int, int], window: int) -> int:
    """Return the most that can be netted, every way of sharing tried."""
    over = [n for n, x in left.items() if x > 0]
    if not over:
        return 0
    n, rest = over[0], {k: v for k, v in left.items() if k != over[0]}
    under = [k for k, v in rest.items() if v < 0 and abs(k - n) <= window]
    best = 0
    for parts in product(*(range(-rest[k] + 1) for k in under)):
        if sum(parts) <= left[n]:
            after = {**rest, **{k: rest[k] + p for k, p in zip(under, parts, strict=True)}}
            best = max(best, sum(parts) + _most(after, window))
    return best


@steady
@given(st.dictionaries(st.integers(0, 5), st.integers(-2, 2), max_size=6), st.integers(0, 2))
def test_no_other_way_nets_more(amounts: Mapping[int, int], window: int) -> None:
    """Against every way there is, on small gaps."""
    assert netted(amounts, window) == _most(amounts, window)


@steady
@given(gaps)
def test_netting_takes_from_both_sides_and_reads_the_same_backwards(
    amounts: Mapping[int, int],
) -> None:
    """No gap is turned, no pair is further apart than two months, and time may run backwards."""
    left = dict(amounts)
    for first, second, part in net({n: Fraction(x) for n, x in amounts.items()}):
        assert 0 < second - first <= 2
        left[first] -= int(part)
        left[second] += int(part)
    assert all(0 <= x * (1 if amounts[n] >= 0 else -1) <= abs(amounts[n]) for n, x in left.items())
    assert sum(left.values()) == sum(amounts.values())
    assert netted(amounts) == netted({-n: x for n, x in amounts.items()})


# --- a function's year --------------------------------------------------------------------------


def test_a_bill_in_the_next_month_is_timing_and_a_missing_one_is_real() -> None:
    """Five at 1,000 a month are 5,000 a month. March is booked in April; November never comes."""
    spent = [5000.0] * 12
    spent[2], spent[3], spent[10] = 0.0, 10_000.0, 0.0
    x = line(ready(sager=monthly(1000), oekonomi=booked(*spent)))
    assert (x.ledger, x.cases, x.difference) == (55_000, 60_000, -5000)
    assert (x.moved, x.carried, x.real, x.side) == (5000, 0, -5000, "both")
    months = [(m.gap, m.timing, m.real) for m in x.months]
    assert [months[n] for n in (0, 2, 3, 10)] == [
        (0, 0, 0),
        (-5000, -5000, 0),
        (5000, 5000, 0),
        (-5000, 0, -5000),
    ]


def test_timing_over_the_end_of_the_year_stands_by_itself() -> None:
    """December 2024 is booked in January 2025: −5,000 in one year, +5,000 in the other."""
    rows = booked(*[5000.0] * 11) + booked(10_000, *[5000.0] * 7, aar=2025)
    tables = ready(NINE_MONTHS, (2024, 2025), sager=monthly(1000), oekonomi=rows)
    then, now = line(tables), line(tables, 2025)
    assert (then.difference, then.carried, then.real, then.moved) == (-5000, -5000, 0, 0)
    assert (now.difference, now.carried, now.real, now.open) == (0, 5000, -5000, -5000)
    assert [m.month for m in now.months] == list(range(1, 10))


def test_the_part_of_a_year_that_has_ended_is_what_counts() -> None:
    """On 15 September eight months have ended: 8 · 5,000 on each side."""
    tables = ready(
        date(2025, 9, 15),
        (2024, 2025),
        sager=monthly(1000),
        oekonomi=booked(*[5000.0] * 9, aar=2025),
    )
    x = line(tables, 2025)
    assert (x.ledger, x.cases, x.difference, len(x.months)) == (40_000, 40_000, 0, 8)


def test_what_stands_on_one_side_only() -> None:
    """Administration has no cases; cases without a function have no accounts."""
    rows = [*booked(*[100.0] * 12, funktion="5.38.40")]
    tables = ready(sager=several(5, enhed="måned", pris=10.0), oekonomi=rows)
    found = {x.function: (x.side, x.ledger, x.cases, x.difference) for x in reconcile(tables)}
    assert found == {"5.38.40": ("ledger", 1200, None, None), "": ("cases", None, 600, None)}


def test_accounts_without_months_are_not_told_apart() -> None:
    """The year's difference stands, without timing."""
    x = line(ready(sager=monthly(1000), oekonomi=[amount(50_000)]))
    assert (x.difference, x.real, x.months, x.whole_year) == (-10_000, None, (), True)


def test_the_refund_is_no_part_of_it() -> None:
    """Income from the central refund lowers neither side."""
    rows = booked(*[5000.0] * 12) + booked(-7000.0, dranst="2")
    assert line(ready(sager=monthly(1000), oekonomi=rows)).difference == 0


# --- small counts -------------------------------------------------------------------------------


def test_few_citizens_of_a_year_are_withheld() -> None:
    """Four citizens: only the ledger is shown."""
    x = line(ready(sager=monthly(1000, 4), oekonomi=booked(*[4000.0] * 12)))
    assert x.withheld
    assert (x.ledger, x.cases, x.difference, x.real) == (48_000, None, None, None)
    assert {(m.ledger, m.cases, m.gap, m.real) for m in x.months} == {(4000, None, None, None)}


def test_few_citizens_of_a_month_withhold_the_months_and_not_the_year() -> None:
    """Six in the year, four of them in May on: with the months the two could be subtracted."""
    sager = [
        *monthly(1000, 4),
        *monthly(1000, 2, name="C", slutdato=date(2024, 4, 30)),
    ]
    x = line(ready(sager=sager, oekonomi=booked(*[5000.0] * 12)))
    assert (x.cases, x.difference, x.real, x.carried) == (56_000, 4000, None, None)
    assert {m.cases for m in x.months} == {None}


def test_one_function_with_withheld_months_takes_another_with_it() -> None:
    """Else the months of all functions less the others would give it."""
    short = monthly(1000, 2, name="C", slutdato=date(2024, 4, 30))
    sager = [
        *monthly(1000, 4),
        *short,
        *[r | {"funktion": "5.38.52"} for r in monthly(1000, 6, name="D")],
        *[r | {"funktion": "5.38.59"} for r in monthly(1000, 9, name="E")],
    ]
    rows = [
        r | {"funktion": f} for f in (FUNCTION, "5.38.52", "5.38.59") for r in booked(*[1.0] * 12)
    ]
    tables = ready(sager=sager, oekonomi=rows)
    shown = {x.function: x.real is not None for x in reconcile(tables)}
    assert shown == {FUNCTION: False, "5.38.52": False, "5.38.59": True}


# --- the central refund -------------------------------------------------------------------------


def test_the_refund_is_computed_per_person_and_set_against_what_is_booked() -> None:
    """2022, five at 2,500,000: 710,000 each (25 % of 820,000, 50 % of 440,000, 75 % of 380,000)."""
    sager = several(5, enhed="år", pris=2_500_000.0, startdato=date(2022, 1, 1), foedselsaar=1980)
    rows = [amount(-3_000_000.0, aar=2022, funktion="5.22.07")]
    tables = ready(date(2023, 12, 31), (2022, 2023), sager=sager, oekonomi=rows)
    known, unknown = refunds(tables)
    assert (known.year, known.persons, known.booked) == (2022, 5, 3_000_000)
    assert known.computed == pytest.approx(3_550_000, abs=0.01)
    assert (unknown.year, unknown.computed, unknown.booked) == (2023, None, None)
    part = reconcile_part(tables)
    assert part is not None
    assert part.refunds[0].difference == pytest.approx(550_000, abs=0.01)
    assert "0,6 mio. kr. mindre, end trappen giver" in part.refunds[0].text.da


def test_few_with_refund_are_withheld_and_the_ageless_are_told() -> None:
    """Four above the limit are not shown; six have no year of birth."""
    dear = several(4, enhed="år", pris=2e6, startdato=date(2022, 1, 1), foedselsaar=1980)
    ageless = several(6, enhed="år", pris=2e6, startdato=date(2022, 1, 1), name="C")
    tables = ready(date(2022, 12, 31), sager=[*dear, *ageless], oekonomi=[amount(1.0, aar=2022)])
    (found,) = refunds(tables)
    assert (found.persons, found.computed, found.withheld, found.ageless) == (None, None, True, 6)


def test_payments_to_others_against_the_cases_bought_of_them() -> None:
    """Art 4.7 has 60,000 and the cases 5 · 1,000 · 12; the region's four citizens are not shown.

    Nor, as the total would give it, is the least of the others.
    """
    sager = [
        *monthly(1000, leverandoertype="anden kommune"),
        *monthly(1000, 4, name="R", leverandoertype="region"),
        *monthly(1000, 9, name="E", leverandoertype="egen"),
    ]
    rows = [*booked(*[5000.0] * 12, art="4.7"), *booked(4000.0, art="4.8"), *booked(1.0, art="1.0")]
    few = payments(ready(sager=sager, oekonomi=rows))
    assert [(p.provider, p.booked, p.cases) for p in few] == [
        ("anden kommune", 60_000, None),
        ("region", 4000, None),
    ]
    shown = payments(ready(sager=[*sager[:5], *sager[9:]], oekonomi=rows))
    assert [(p.provider, p.booked, p.cases) for p in shown] == [("anden kommune", 60_000, 60_000)]
    part = reconcile_part(ready(sager=[*sager[:5], *sager[9:]], oekonomi=rows))
    assert part is not None
    assert part.payments[0].difference == 0
    assert "Til andre kommuner er der bogført 60 t. kr." in part.payments[0].text.da


def test_payments_from_others_against_the_cases_they_pay_for() -> None:
    """Five citizens at 1,000 a month are 60,000 of the year; 45,000 is booked as income (7.7).

    A payer written as the municipality's own code or name is no other.
    """
    sager = [
        *monthly(1000, betalingskommune="Randers"),
        *monthly(1000, 6, name="E", betalingskommune="999"),
        *monthly(1000, 6, name="F", betalingskommune="Prøve"),
    ]
    rows = [*booked(*[1000.0] * 12, art="4.0"), *booked(-45_000.0, art="7.7")]
    tables = ready(sager=sager, oekonomi=rows)
    own = {tables.who.code, tables.who.name}
    sager = [
        *sager[:5],
        *[{**r, "betalingskommune": sorted(own)[n % 2]} for n, r in enumerate(sager[5:])],
    ]
    tables = ready(sager=sager, oekonomi=rows)
    found = payments(tables)
    assert [(p.provider, p.booked, p.cases) for p in found] == [
        ("betalende kommune", 45_000, 60_000)
    ]
    part = reconcile_part(tables)
    assert part is not None
    assert part.payments[0].difference == -15_000
    assert part.payments[0].text.da == (
        "Fra andre kommuner er der bogført 45 t. kr.; de sager, de betaler for, koster 60 t. kr. "
        "Er det hele opkrævet?"
    )
    few = payments(ready(sager=sager[1:], oekonomi=rows))
    assert few[0].cases is None


# --- sentences ----------------------------------------------------------------------------------


def test_the_text_tells_the_difference_its_timing_and_asks() -> None:
    """Accounts 72,000, cases 60,000: 1,000 too much every month."""
    part = reconcile_part(ready(sager=monthly(1000), oekonomi=booked(*[6000.0] * 12)))
    assert part is not None
    assert part.text.da.startswith(
        "I 2024 er regnskabet 12 t. kr. højere end sagerne på 1 funktion, der har begge dele."
    )
    assert "Er der bogført udgifter uden en sag" in part.text.da
    assert "Are costs booked without a case" in part.text.en
    assert part.functions[0].real == 12_000


def test_nothing_to_set_against_each_other() -> None:
    """Without a ledger there is no reconciliation."""
    assert reconcile_part(ready(sager=[case()])) is None


# --- the workbooks, in plain loops --------------------------------------------------------------


def _gap(
    rows: Sequence[oracle.CaseRow], accounts: Sequence[oracle.LedgerRow], first: date, last: date
) -> Fraction:
    ours = sum(
        Fraction(r.kroner)
        for r in accounts
        if (r.aar, r.maaned) == (first.year, first.month)
        and r.version == oracle.ACCOUNTS
        and r.art != oracle.REFUND_ART
    )
    return ours - oracle.cost_of_rows(rows, first, last)


@pytest.mark.parametrize("name", SHARED)
def test_the_shared_workbooks_in_plain_loops(name: str) -> None:
    """Each month shown of the latest finished year is ledger less cases, day by day."""
    path = oracle.workbook(name)
    found = reconcile(measure_workbook(path, catalogue_of(Choices())).ready)
    rows, accounts = oracle.load_cases(path), oracle.load_ledger(path)
    year = oracle.load_as_of(path).year - 1
    shown = [x for x in found if x.year == year and x.real is not None]
    assert len(shown) > 2
    for x in shown:
        ours = [r for r in rows if (r.funktion or "") == x.function]
        theirs = [r for r in accounts if r.funktion == x.function]
        assert len(x.months) == 12
        for m in x.months:
            days = monthrange(year, m.month)[1]
            first, last = date(year, m.month, 1), date(year, m.month, days)
            expected = float(_gap(ours, theirs, first, last))
            assert m.gap == pytest.approx(expected, abs=0.001)
            assert m.timing is not None
            assert m.real is not None
            assert m.timing + m.real == pytest.approx(m.gap, abs=0.001)
        assert x.carried is not None
        assert x.carried + (x.real or 0.0) == pytest.approx(x.difference, abs=0.001)
