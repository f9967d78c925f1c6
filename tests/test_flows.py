"""Who comes, leaves and moves: by hand, in balance whatever the rows, and beside plain loops."""

from __future__ import annotations

import unittest
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from rows import AS_OF, Row, case, ready, several, steady
from running import EXAMPLES, SYDDJURS, styring_says
from styring.definitions import load_facts, load_spec
from styring.find.flows import flows_part
from styring.flows import (
    INS,
    OUTS,
    churn,
    dearest,
    drift,
    flows,
    moves,
    prices,
    same_cases,
    stock,
    survival_curve,
    survivals,
)
from styring.prepare import Prepared, prepare
from styring.read.workbook import read_workbook
from styring.review import FlowsPart

NEW_YEAR = date(2024, 1, 1)
EVE, NEXT_EVE = date(2023, 12, 31), date(2024, 12, 31)


def desk(*sager: Row) -> Prepared:
    return ready(AS_OF, (2023, 2024, 2025), sager=list(sager))


def support(citizen: str, paragraph: str, first: date, last: date | None, **more: object) -> Row:
    return case(
        sag_id=f"{citizen}-{paragraph}-{first}", borger_id=citizen, paragraf=paragraph,
        startdato=first, slutdato=last, **more,
    )  # fmt: skip


LONG_AGO = date(2020, 1, 1)
EXAMPLE = (
    support("stays", "108", LONG_AGO, None),
    support("new", "108", date(2024, 3, 1), None, foedselsaar=1980),
    support("adult", "107", date(2024, 3, 1), None, foedselsaar=2006),
    support("back", "107", LONG_AGO, date(2022, 1, 1)),
    support("back", "107", date(2024, 9, 1), None),
    support("more", "85", LONG_AGO, None),
    support("more", "103", date(2024, 6, 1), None),
    support("moves", "107", LONG_AGO, date(2024, 5, 31)),
    support("moves", "85", date(2024, 6, 1), None),
    support("dies", "108", LONG_AGO, date(2024, 4, 1), afslutningsaarsag="Død"),
    support("old", "85", LONG_AGO, date(2024, 4, 1), foedselsaar=1957),
    support("ends", "85", LONG_AGO, date(2024, 4, 1), foedselsaar=1970),
    support("less", "104", LONG_AGO, date(2024, 4, 1)),
    support("less", "108", LONG_AGO, None),
    support("short", "110", date(2024, 2, 1), date(2024, 2, 20)),
)
"""One citizen of each kind; the short stay in the middle of the year is in neither stock."""


def test_each_way_of_coming_and_leaving() -> None:
    moved = moves(desk(*EXAMPLE), 2024)
    kinds = {(b, p): k for b, p, k in moved.select("borger_id", "paragraf", "kind").iter_rows()}
    assert kinds == {
        ("stays", "108"): None,
        ("new", "108"): "new",
        ("adult", "107"): "turned_18",
        ("back", "107"): "returned",
        ("more", "85"): None,
        ("more", "103"): "added",
        ("moves", "107"): "moved_out",
        ("moves", "85"): "moved_in",
        ("dies", "108"): "died_or_moved",
        ("old", "85"): "turned_67",
        ("ends", "85"): "ended",
        ("less", "104"): "dropped",
        ("less", "108"): None,
    }
    assert churn(moved) == {("107", "85"): 1}


def test_the_balance_of_the_example() -> None:
    """Stocks: eight on one New Year's Eve, eight on the next; five came and five left."""
    whole = flows(moves(desk(*EXAMPLE), 2024))[-1]
    assert (whole.start, whole.end) == (8, 8)
    assert whole.ins == {"turned_18": 1, "new": 1, "returned": 1, "added": 1, "moved_in": 1}
    assert whole.outs == {"died_or_moved": 1, "turned_67": 1, "ended": 1, "dropped": 1,
                          "moved_out": 1}  # fmt: skip


DAYS = st.dates(date(2022, 6, 1), date(2025, 6, 1))
STAYS = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from(["85", "107", "108"]), DAYS, DAYS | st.none()),
    min_size=1, max_size=25,
)  # fmt: skip


def of(drawn: list[tuple[int, str, date, date | None]]) -> list[Row]:
    return [
        case(sag_id=f"S{n}", borger_id=f"B{b}", paragraf=p, startdato=a, slutdato=z)
        for n, (b, p, a, z) in enumerate(drawn)
        if z is None or a <= z
    ] or [support("B0", "85", NEW_YEAR, None)]


@steady
@given(STAYS)
def test_stock_and_flows_always_add_up(
    drawn: list[tuple[int, str, date, date | None]],
) -> None:
    """In every paragraph and in all, from year to year; the moves in are the moves out."""
    tables = desk(*of(drawn))
    ends: dict[str | None, int] = {}
    for year in (2023, 2024, 2025):
        moved = moves(tables, year)
        for f in flows(moved):
            assert f.start + sum(f.ins.values()) - sum(f.outs.values()) == f.end
            assert f.start == ends.get(f.paragraph, f.start)
        ends = {f.paragraph: f.end for f in flows(moved)}
        pairs = churn(moved)
        whole = flows(moved)[-1]
        assert sum(pairs.values()) == whole.outs["moved_out"] == whole.ins["moved_in"]
        for f in flows(moved)[:-1]:
            out = sum(n for (p, _), n in pairs.items() if p == f.paragraph)
            into = sum(n for (_, q), n in pairs.items() if q == f.paragraph)
            assert (out, into) == (f.outs["moved_out"], f.ins["moved_in"])


@steady
@given(STAYS, st.randoms(use_true_random=False))
def test_order_and_splitting_change_nothing(
    drawn: list[tuple[int, str, date, date | None]], rng: object
) -> None:
    """The rows in another order, and each long row in two that meet."""
    plain = of(drawn)
    split: list[Row] = []
    for row in plain:
        middle = date(2024, 2, 10)
        if row["startdato"] < middle and (row["slutdato"] is None or row["slutdato"] > middle):
            split += [{**row, "slutdato": middle},
                      {**row, "startdato": middle + timedelta(days=1)}]  # fmt: skip
        else:
            split.append(row)
    rng.shuffle(split)  # type: ignore[attr-defined]
    for year in (2023, 2024):
        assert flows(moves(desk(*plain), year)) == flows(moves(desk(*split), year))
    assert survivals(desk(*plain)) == survivals(desk(*split))


def test_prices_of_those_who_came_left_and_stayed() -> None:
    """Came at 1,200; left at 1,000; two stayed, at 990 and 1,210 in the end: 1,100."""
    rows = [
        support("in", "107", date(2024, 3, 1), None, pris=1200.0),
        support("out", "107", LONG_AGO, date(2024, 3, 1), pris=1000.0),
        support("a", "107", LONG_AGO, EVE, pris=900.0),
        support("a", "107", NEW_YEAR, None, pris=990.0),
        support("b", "107", LONG_AGO, EVE, pris=1100.0),
        support("b", "107", NEW_YEAR, None, pris=1210.0),
    ]
    found = prices(moves(desk(*rows), 2024))
    assert (found.came, found.left, found.stayed) == (1200.0, 1000.0, 1100.0)
    assert (found.came_n, found.left_n, found.stayed_n) == (1, 1, 2)


def priced(name: str, before: Row, after: Row) -> list[Row]:
    """Return one case with other terms from New Year's Day of 2024 plus one year on."""
    both = {"borger_id": name, "sag_id": f"S-{name}", "paragraf": "85"}
    return [
        case(**both, startdato=LONG_AGO, slutdato=date(2024, 6, 30), **before),
        case(**both, startdato=date(2024, 7, 1), slutdato=None, **after),
    ]


def test_the_drift_of_the_same_cases_weighs_what_they_cost() -> None:
    """900 · 2 hours became 990 (+10 %), 600 stayed: (1,800 · 1.1 + 600) / 2,400 = 1.075."""
    rows = [
        *priced("a", {"pris": 900.0, "antal": 2.0}, {"pris": 990.0, "antal": 2.0}),
        *priced("b", {"pris": 600.0}, {"pris": 600.0}),
        *priced("c", {"pris": 100.0, "tilbud": "Åen"}, {"pris": 900.0, "tilbud": "Søen"}),
        support("new", "85", date(2024, 3, 1), None, pris=9000.0),
    ]
    same = same_cases(desk(*rows), 2024)
    assert same["borger_id"].to_list() == ["a", "b"]
    assert drift(same) == pytest.approx(0.075)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"antal": 1.0}, {"antal": 3.0}),  # more hours are another quantity
        ({"enhed": "år", "pris": 36_500.0}, {"enhed": "år", "pris": 36_500.0}),  # leap year
        ({"enhed": "uge"}, {"enhed": "uge", "antal": 0.5}),
    ],
)
def test_a_price_that_is_the_same_does_not_drift(before: Row, after: Row) -> None:
    assert drift(same_cases(desk(*priced("a", before, after)), 2024)) == 0.0


def test_another_unit_is_another_case_and_without_cases_there_is_no_drift() -> None:
    rows = priced("a", {"enhed": "uge", "pris": 700.0}, {"enhed": "døgn", "pris": 100.0})
    assert drift(same_cases(desk(*rows), 2024)) is None


def test_the_dearest_fifth() -> None:
    """Ten citizens of 2024 at 1,000 a day, but two at 5,000: those are 10,000 of 18,000 a day."""
    rows = [*several(8, name="A"), *several(2, name="B", pris=5000.0)]
    found = dearest(desk(*rows), 2024)
    assert found is not None
    assert (found.citizens, found.cost, found.total) == (2, 366 * 10_000, 366 * 18_000)
    assert (found.citizens_before, found.before) == (0, None)


# --- How long they stay ---------------------------------------------------------------------------


def test_a_textbook_curve() -> None:
    """Days 6, 6, 6, 7, 10 ended, 6, 9, 10 not: 1 − 3/8 = 0.625; · 3/4 = 0.46875; · 1/2.

    (The first lines of Freireich's leukaemia trial, cut to eight patients: at risk 8, 4, 2.)
    """
    days = np.array([6, 6, 6, 6, 7, 9, 10, 10])
    ended = np.array([True, True, True, False, True, False, True, False])
    curve = survival_curve(days, ended, np.zeros(8, dtype=np.int64))
    assert curve.days.tolist() == [6, 7, 10]
    assert curve.alive == pytest.approx([0.625, 0.625 * 3 / 4, 0.625 * 3 / 4 / 2])
    # Greenwood: 3/(8·5) = 0.075; + 1/(4·3) = 0.158333; + 1/(2·1) = 0.658333
    assert curve.variance == pytest.approx([0.075, 0.075 + 1 / 12, 0.075 + 1 / 12 + 0.5])
    # log(−log 0.625) ± 1.95996 · √0.075 / 0.470004: exponents 3.1335 and 0.31913
    assert curve.at(6) == pytest.approx((0.625, 0.22929, 0.86071), abs=1e-4)
    assert curve.at(5) == (1.0, None, None)
    assert curve.at(11) is None


def test_a_curve_is_not_seen_beyond_where_none_are_watched() -> None:
    """The only one watched from the start ends on day 20; 35 long stays are watched later."""
    days = np.array([20, *[3000] * 30, *[3100] * 5])
    ended = np.array([True, *[False] * 30, *[True] * 5])
    curve = survival_curve(days, ended, np.array([0, *[2000] * 35]))
    assert curve.alive.tolist() == []
    assert curve.at(19) == (1.0, None, None)
    assert curve.at(20) is None
    assert curve.at(365) is None


def test_a_curve_ends_at_zero_where_nobody_is_left() -> None:
    """Both were watched from the start and ended: none are left, and no limits can be given."""
    curve = survival_curve(np.array([10, 20]), np.array([True, True]), np.zeros(2, dtype=np.int64))
    assert curve.alive.tolist() == [0.5, 0.0]
    assert curve.at(20) == (0.0, None, None)


TIMES = st.lists(st.tuples(st.integers(1, 30), st.booleans(), st.integers(0, 29)), min_size=1)


@steady
@given(TIMES)
def test_the_curve_is_that_of_a_plain_loop(drawn: list[tuple[int, bool, int]]) -> None:
    """With late entry: at risk are those watched before the day and not gone before it."""
    rows = [(d, e, min(n, d - 1)) for d, e, n in drawn]
    alive, expected = 1.0, []
    for t in sorted({d for d, e, _ in rows if e}):
        risk = sum(n < t <= d for d, _, n in rows)
        if risk == sum(e and d == t for d, e, _ in rows) and any(n >= t for _, _, n in rows):
            break
        alive *= 1 - sum(e and d == t for d, e, _ in rows) / risk
        expected.append(alive)
    curve = survival_curve(
        np.array([d for d, _, _ in rows]),
        np.array([e for _, e, _ in rows]),
        np.array([n for _, _, n in rows]),
    )
    assert curve.alive == pytest.approx(expected)


def test_open_stays_count_as_long_as_they_have_lasted() -> None:
    """Ten open for 639 days, five ended after a year: the median is not what the ended say."""
    rows = [
        *several(10, name="A", startdato=date(2024, 1, 1)),
        *several(5, name="B", startdato=date(2024, 1, 1), slutdato=date(2024, 12, 30)),
    ]
    found = survivals(desk(*rows))[0]
    assert (found.citizens, found.ended, found.median) == (15, 5, None)
    assert found.beyond_12 is not None
    assert found.beyond_12[0] == pytest.approx(10 / 15)
    assert found.beyond_24 is None


# --- Beside plain loops, and what a report shows -------------------------------------------------


def books() -> list[Path]:
    try:
        shared = sorted((oracle.shared() / "workbooks").glob("*.xlsx"))
    except unittest.SkipTest:
        shared = []
    return [SYDDJURS, EXAMPLES / "ikast-brande.xlsx", *shared]


@pytest.mark.parametrize("book", books(), ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_stock_and_flows_are_those_of_plain_loops(book: Path) -> None:
    tables = prepare(read_workbook(book, load_spec()).tables, load_facts())
    rows = [r for r in oracle.load_cases(book) if oracle.ever_runs(r) and r.enhed != "engang"]

    def there(day: date) -> set[tuple[str, str]]:
        return {
            (r.borger_id, r.paragraf)
            for r in rows
            if r.startdato <= day and (r.slutdato is None or r.slutdato >= day)
        }

    before, after = there(EVE), there(NEXT_EVE)
    found = {f.paragraph: f for f in flows(moves(tables, 2024))}
    assert (found[None].start, found[None].end) == (len(before), len(after))
    came, left = Counter(p for _, p in after - before), Counter(p for _, p in before - after)
    for paragraph, f in found.items():
        if paragraph is not None:
            assert sum(f.ins.values()) == came[paragraph]
            assert sum(f.outs.values()) == left[paragraph]
    assert stock(tables, EVE).height == len(before)


@pytest.mark.parametrize("book", books(), ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_the_drift_is_that_of_plain_loops(book: Path) -> None:
    """In fractions; a December day is 1/7 of a week, 1/31 of a month, 1/365 of 2023."""
    tables = prepare(read_workbook(book, load_spec()).tables, load_facts())
    days_of = {"døgn": 1, "uge": 7, "måned": 31, "år": 365}
    sums: dict[date, dict[tuple[str, ...], list[Fraction]]] = {EVE: {}, NEXT_EVE: {}}
    for r in oracle.load_cases(book):
        if not oracle.ever_runs(r) or r.enhed not in days_of or r.pris is None:
            continue
        key = (r.borger_id, r.paragraf, r.sag_id, r.ydelse, r.tilbud, r.enhed)
        number = Fraction(1 if r.antal is None else r.antal)
        for day, found in sums.items():
            if r.startdato <= day and (r.slutdato is None or r.slutdato >= day):
                of = found.setdefault(key, [Fraction(0), Fraction(0)])
                of[0] += Fraction(r.pris) * number
                of[1] += number
    old = new = Fraction(0)
    for same, (cost, number) in sums[EVE].items():
        if same in sums[NEXT_EVE] and cost > 0:
            a_day = cost / days_of[same[-1]]
            later = sums[NEXT_EVE][same]
            old += a_day
            new += a_day * (later[0] / later[1]) / (cost / number)
    assert old > 0
    assert drift(same_cases(tables, 2024)) == pytest.approx(float(new / old - 1), abs=1e-9)


def test_small_numbers_are_withheld_with_what_gives_them_away() -> None:
    """Two moved: neither the two, nor the equal number on the other side, nor one beside alone."""
    rows = [
        *several(12, name="A", startdato=LONG_AGO),
        *several(7, name="N", startdato=date(2024, 5, 1)),
        *(support(f"M{n}", "107", LONG_AGO, date(2024, 5, 1)) for n in range(2)),
        *(support(f"M{n}", "85", date(2024, 5, 2), None) for n in range(2)),
        *(support(f"E{n}", "108", LONG_AGO, date(2024, 5, 1)) for n in range(6)),
    ]
    part = flows_part(desk(*rows))
    assert part is not None
    kinds = {k.kind: k.citizens for k in part.kinds}
    assert kinds["moved_in"] is None
    assert kinds["moved_out"] is None
    assert kinds["new"] is None or kinds["returned"] is None or kinds["added"] is None
    assert sum(kinds[k] is None for k in INS) != 1
    assert sum(kinds[k] is None for k in OUTS) != 1
    assert part.churn == ()


def test_the_only_year_with_moves_does_not_tell_of_the_few() -> None:
    """Twelve moved in all: to show the nine of them would be to tell of the three."""
    rows = several(30, name="A", startdato=LONG_AGO)
    for name, origin, count in (("x", "107", 9), ("y", "108", 3)):
        for n in range(count):
            rows += [support(f"{name}{n}", origin, LONG_AGO, date(2024, 5, 1)),
                     support(f"{name}{n}", "85", date(2024, 5, 2), None)]  # fmt: skip
    part = flows_part(ready(AS_OF, (2024, 2025), sager=rows))
    assert part is not None
    assert {k.kind: k.citizens for k in part.kinds}["moved_in"] == 12
    assert part.churn == ()


def test_a_price_of_few_cannot_be_had_from_that_of_all() -> None:
    """(22 · 1,363.64 − 20 · 1,000) / 2 = 5,000 is what two citizens cost."""
    rows = [
        *several(20, name="A", startdato=LONG_AGO),
        *several(2, name="B", startdato=LONG_AGO, paragraf="107", pris=5000.0),
    ]
    part = flows_part(desk(*rows))
    assert part is not None
    (line,) = part.prices
    assert (line.paragraph, line.drift) == (None, 0.0)
    assert line.stayed == pytest.approx(30_000 / 22)


@pytest.mark.parametrize(("count", "told"), [(24, False), (25, True)])
def test_growth_is_withheld_where_the_fifth_of_the_year_before_is_few(
    count: int, *, told: bool
) -> None:
    """A fifth of 24 is four citizens, of 25 five."""
    rows = [*several(count, name="A", startdato=LONG_AGO),
            *several(6, name="N", startdato=date(2024, 2, 1))]  # fmt: skip
    part = flows_part(desk(*rows))
    assert part is not None
    assert part.dearest_cost is not None
    assert (part.dearest_growth is not None) == told
    assert (part.total_growth is not None) == told


def said(part: FlowsPart) -> str:
    return " ".join(p.da for p in part.points)


def test_the_dearest_fifth_of_the_growth() -> None:
    """Of 25 citizens at 1,000 a day, five cost 3,000 from New Year's Day.

    2023: 25 · 365,000 = 9,125,000, the fifth 5 · 365,000 = 1,825,000. 2024, of 366
    days: 20 · 366,000 + 5 · 1,098,000 = 12,810,000, the fifth 5,490,000.
    Growth 3,685,000, that of the fifth 3,665,000: 99.46 %.
    """
    rows = several(20, name="A", startdato=LONG_AGO)
    rows += several(5, name="B", startdato=LONG_AGO, slutdato=EVE)
    rows += several(5, name="B", startdato=NEW_YEAR, pris=3000.0)
    part = flows_part(desk(*rows))
    assert part is not None
    assert (part.dearest_growth, part.total_growth) == (3_665_000, 3_685_000)
    assert "Den dyreste femtedel står for 99 pct. af stigningen." in said(part)


def test_the_drift_is_set_beside_the_index() -> None:
    """The cases rose by 10 %, the index from 100 to 103: 3 %."""
    rows = [r for n in range(6) for r in priced(f"c{n}", {"pris": 100.0}, {"pris": 110.0})]
    index = [{"aar": 2023, "indeks": 100.0}, {"aar": 2024, "indeks": 103.0}]
    without = flows_part(ready(AS_OF, (2023, 2024, 2025), sager=rows))
    beside = flows_part(ready(AS_OF, (2023, 2024, 2025), sager=rows, prisindeks=index))
    assert without is not None
    assert beside is not None
    assert "Svarer det til pris- og lønudviklingen?" in said(without)
    assert "ændrede sig med +10,0 pct. Flere eller færre timer er ikke med." in said(beside)
    assert "Prisindekset ændrede sig med +3,0 pct. Hvad forklarer forskellen?" in said(beside)


def test_without_cases_there_is_no_section() -> None:
    assert flows_part(ready(AS_OF)) is None


def test_the_report_tells_of_them(tmp_path: Path) -> None:
    ran = styring_says("review", SYDDJURS, "--out", "ud", cwd=tmp_path)
    assert ran.code == 0, ran.err
    text = (tmp_path / "ud" / "review.md").read_text("utf-8")
    assert "### Tilgang og afgang (2024)" in text
    assert "249 forløb; 35 kom til, 35 ophørte, og ved årets slutning var der 249" in text
