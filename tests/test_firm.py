"""Findings that hold: peer sets, draws, four answers, objections, whom to call, months."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest

from rows import AS_OF, amount, ready
from styring.compare import Comparison, Peer, compare, supported
from styring.course import monthly
from styring.errors import Texts
from styring.find.answers import answers, trend
from styring.find.calls import asked, calls
from styring.find.evidence import Evidence
from styring.find.findings import indicator_findings
from styring.find.holds import holds
from styring.find.months import monthly_parts
from styring.find.objections import objections
from styring.measure import Figure
from styring.model import Indicator
from styring.read.account import Account
from styring.score import Points
from styring.similar import Alike, Chosen, Framework, PeerSet, Scaled, Variable
from styring.tables import Note
from test_find import GOALPOSTS, definition, evidence, says

PEERS_METHOD = {"method": "peers"}


def peer(code: str, value: float, **changes: Any) -> Peer:
    """Return a peer that may be called."""
    given = {"contact": "mail@kommune.example", **changes}
    return Peer(code, f"Kommune {code}", value, **given)


def known(
    d: Indicator, value: float, peers: list[Peer], *, sets: tuple[tuple[str, ...], ...] = (),
    points: Points | None = None, **changes: Any,
) -> Evidence:  # fmt: skip
    """Return a figure of 2024 beside peers, and the sets a finding is tried in."""
    e = evidence(d, values={d.id: value}, points={d.id: points} if points else None, **changes)
    key = (d.id, 2024, False)
    chosen = Chosen(
        codes=frozenset(p.code for p in peers),
        sets=tuple(PeerSet(Texts("sæt", "set"), frozenset(s)) for s in sets),
    )
    c = compare(d, e.figures.series[d.id][-1], {key: peers})
    return replace(e, compared={d.id: c}, everyone={key: peers}, chosen=chosen, file="kommune.xlsx")


SIX = [peer(str(n), x) for n, x in enumerate((0.1, 0.2, 0.3, 0.7, 0.8, 0.9))]
CHEAP, DEAR = ("0", "1", "2"), ("3", "4", "5")


def dear(**changes: Any) -> Indicator:
    """Return a context figure that is worth attention above the peers' upper quarter."""
    return definition(better="context", finding={"attention": says(beyond_peers="above")},
                      materiality=0.01, **changes)  # fmt: skip


# --- Holds --------------------------------------------------------------------------------------


def test_a_finding_is_counted_in_the_sets_it_holds_in() -> None:
    """0.5 is above the three cheap and below the three dear: it holds in one of two sets."""
    d = dear()
    e = known(d, 0.5, SIX[:3], sets=(CHEAP, DEAR))
    e = replace(e, everyone={("proeve", 2024, False): SIX})
    held = holds(e, d, "attention")
    assert (held.holds, held.sets, held.is_firm) == (1, 2, False)


def test_a_finding_that_flips_is_no_finding_and_is_said_apart() -> None:
    """It gives neither recommendation nor action."""
    d = dear()
    e = known(d, 0.5, SIX[:3], sets=(CHEAP, DEAR))
    e = replace(e, everyone={("proeve", 2024, False): SIX})
    found = indicator_findings(e)
    assert found.firm == ()
    (unsure,) = found.unsure
    assert (unsure.holds, unsure.sets) == (1, 2)
    assert "1 af 2" in unsure.text.da
    assert "1 of 2" in unsure.text.en


def test_a_finding_that_holds_says_in_how_many_sets() -> None:
    """0.95 is above all of them."""
    d = dear()
    e = known(d, 0.95, SIX, sets=(CHEAP, DEAR))
    ((_, part),) = indicator_findings(e).firm
    assert (part.holds, part.sets) == (2, 2)
    assert part.holds_text == Texts(
        "Holder i alle 2 sammenligningsgrupper.", "Holds in all 2 peer sets."
    )


def test_a_finding_by_its_own_yardstick_does_not_depend_on_the_peers() -> None:
    """Goalposts say 20 points whoever the others are."""
    e = known(definition(), 0.2, SIX, sets=(CHEAP, DEAR), points=Points(20, 10, 30))
    ((_, part),) = indicator_findings(e).firm
    assert (part.holds, part.sets) == (None, 0)
    assert part.holds_text is not None
    assert part.holds_text.da == "Afhænger ikke af, hvem I sammenlignes med."


@pytest.mark.parametrize(("share", "firm"), [(0.8, True), (0.79, False)])
def test_a_grade_must_hold_in_four_fifths_of_the_draws(share: float, firm: bool) -> None:  # noqa: FBT001
    """Otherwise it flips when weights, method and values are varied."""
    e = known(definition(), 0.2, SIX, points=Points(20, 10, 55, weak=share))
    found = indicator_findings(e)
    assert bool(found.firm) == firm
    assert bool(found.unsure) != firm


# --- Four answers -------------------------------------------------------------------------------


def keys(e: Evidence, d: Indicator) -> tuple[str, ...]:
    """Return the keys of the four answers."""
    figure = e.figures.series[d.id][-1]
    found = answers(e, d, e.units[d.unit], figure)
    return (found.level.key, found.relation.key, found.support.key, found.quality.key)


def test_four_answers_instead_of_one_colour() -> None:
    """80 points by goalposts, above the others' middle half, no measured chance, good data."""
    assert keys(known(definition(), 0.8, SIX[:3]), definition()) == (
        "good", "above", "unknown", "good",
    )  # fmt: skip
    assert keys(known(definition(), 0.5, SIX), definition())[:2] == ("middle", "within")
    assert keys(known(definition(), 0.05, SIX), definition())[:2] == ("low", "below")


def test_a_yardstick_of_peers_alone_gives_no_level() -> None:
    """Only a relation; and a context figure is no mark."""
    d = definition(scoring=[PEERS_METHOD])
    assert keys(known(d, 0.8, SIX), d)[0] == "unknown"
    assert keys(known(dear(), 0.8, SIX), dear())[0] == "context"


def test_what_is_not_there_cannot_be_judged() -> None:
    """Every answer is "cannot be judged"."""
    d = definition()
    e = evidence(d, values={"proeve": None})
    assert keys(e, d) == ("unknown",) * 4


def test_warnings_and_rows_not_used_are_reservations() -> None:
    """A warning on a column the figure uses is one; on another it is not; 1 % unused is poor."""
    d = definition()
    plain = known(d, 0.8, SIX)
    loud = Note("warning", Texts("x", "x"), "oekonomi", "H2", "beloeb")
    other = Note("warning", Texts("x", "x"), "oekonomi", "H2", "tilbud")
    assert keys(replace(plain, notes=(loud,)), d)[3] == "reserved"
    assert keys(replace(plain, notes=(other,)), d)[3] == "good"
    account = Account("oekonomi", "Økonomi", 1, {}, rows=100, accepted=98, rejected=2, totals=0,
                      duplicates=0, converted=0)  # fmt: skip
    assert keys(replace(plain, accounts={"oekonomi": account}), d)[3] == "poor"


@pytest.mark.parametrize(
    ("values", "direction"),
    [([1, 2, 3, 4, 5], "rising"), ([5, 4, 3, 2, 1], "falling"), ([1, 3, 2, 5, 4], "none"),
     ([1, 2, 3, 4], "too_few")],
)  # fmt: skip
def test_the_trend_of_finished_years(values: list[float], direction: str) -> None:
    """Unfinished years do not count."""
    series = [Figure("proeve", 2019 + n, None, float(v)) for n, v in enumerate(values)]
    unfinished = Figure("proeve", 2025, None, 99.0, partial=True)
    found = trend(definition(), [*series, unfinished])
    assert found is not None
    assert (found.direction, found.years) == (direction, len(values))


# --- Objections ---------------------------------------------------------------------------------


def replies(e: Evidence, d: Indicator) -> dict[str, tuple[bool | None, str]]:
    """Return whether each objection stands, and the Danish answer."""
    held = holds(e, d, "attention")
    found = objections(e, d, e.figures.series[d.id][-1], held)
    return {o.id: (o.stands, o.answer.da) for o in found}


def test_every_objection_is_answered_or_said_why_not() -> None:
    """Ten of them, in both languages."""
    d = dear()
    e = known(d, 0.95, SIX, sets=(CHEAP, DEAR))
    found = objections(e, d, e.figures.series[d.id][-1], holds(e, d, "attention"))
    assert [o.id for o in found] == [
        "wrong", "source", "time", "same", "chance", "coverage", "sparse", "schooling", "sicker",
        "special",
    ]  # fmt: skip
    assert all(o.answer.da and o.answer.en and o.objection.da for o in found)
    untested = [o.answer.da for o in found if o.stands is None]
    assert all("ikke prøves" in answer for answer in untested)


def test_we_are_special_where_the_finding_holds_in_few_sets() -> None:
    """One of two."""
    d = dear()
    e = replace(known(d, 0.5, SIX[:3], sets=(CHEAP, DEAR)), everyone={("proeve", 2024, False): SIX})
    assert replies(e, d)["special"] == (
        True, "Det kan I være: fundet holder kun i 1 af 2 sammenligningsgrupper.",
    )  # fmt: skip
    assert replies(known(d, 0.95, SIX, sets=(CHEAP, DEAR)), d)["special"][0] is False


def test_the_time_is_wrong_where_other_years_show_something_else() -> None:
    """Above the median in 2024, below it in 2023."""
    d = dear()
    e = known(d, 0.95, SIX)
    series = [Figure("proeve", 2023, None, 0.1), e.figures.series["proeve"][-1]]
    figures = replace(e.figures, series={"proeve": series})
    every = {("proeve", y, False): SIX for y in (2023, 2024)}
    e = replace(e, figures=figures, everyone=every)
    assert replies(e, d)["time"] == (
        True, "Det kan det være: kun 1 af 2 afsluttede år viser det samme.",
    )  # fmt: skip
    assert replies(known(d, 0.95, SIX), d)["time"][0] is None


def frame(values: dict[str, float]) -> Chosen:
    """Return framework conditions with a density."""
    codes = tuple(values)
    f = Framework(codes, {c: c for c in codes}, (
        Variable("befolkningstaethed", Texts("Befolkningstæthed", "Density"), "", "2024"),
    ), np.array([[v] for v in values.values()]))  # fmt: skip
    return Chosen(frozenset(codes), scaled=Scaled(f, f.values, np.ones(1), (False,)))


def test_sparse_population_is_tested_by_those_as_sparse() -> None:
    """Against all, 0.6 is dear; against the three as sparse (0.7, 0.8, 0.9) it is cheap."""
    d = dear()
    density = {
        ready().who.code: 10.0,
        "0": 900.0,
        "1": 800.0,
        "2": 700.0,
        "3": 11.0,
        "4": 12.0,
        "5": 13.0,
    }
    e = known(d, 0.6, SIX)
    e = replace(e, chosen=replace(frame(density), codes=e.chosen.codes))
    stands, said = replies(e, d)["sparse"]
    assert stands is True
    assert "Befolkningstæthed" in said
    alike = {**density, "3": 900.0, "0": 11.0}
    firm = known(d, 0.95, SIX)
    firm = replace(firm, chosen=replace(frame(alike), codes=firm.chosen.codes))
    assert replies(firm, d)["sparse"][0] is False
    assert replies(firm, d)["schooling"][0] is None


def test_chance_is_answered_by_the_test_of_all_figures_together() -> None:
    """30 of 100 against 60 of 400 stands out; 16 of 100 does not."""
    d = definition(interval="wilson")
    peers = [peer(str(n), 0.15, numerator=15.0, denominator=100.0) for n in range(4)]
    for events, stands in ((40.0, False), (16.0, True)):
        e = known(d, events / 100, peers, numerator=events, denominator=100.0)
        figure = e.figures.series["proeve"][-1]
        both = supported(e.compared, [d], {"proeve": figure}, 1)
        assert replies(replace(e, compared=both), d)["chance"][0] is stands


def test_coverage_tells_how_many_of_the_group_have_the_figure() -> None:
    """Five of six."""
    d = dear()
    e = known(d, 0.95, SIX[:5])
    e = replace(e, chosen=replace(e.chosen, codes=frozenset(str(n) for n in range(6))))
    assert replies(e, d)["coverage"] == (
        True, "5 af 6 kommuner i gruppen har tallet; de andre mangler.",
    )  # fmt: skip


# --- Better or worse ----------------------------------------------------------------------------


def beside(own: float, better: str = "higher", n: int = 4) -> Comparison:
    """Return the comparison of so many of 100 with peers that have 30 of 100 each."""
    d = definition(better=better, interval="wilson", scoring=[
        {**GOALPOSTS, **({"worst": 1.0, "best": 0.0} if better == "lower" else {})}])  # fmt: skip
    peers = [peer(str(k), 0.3, numerator=30.0, denominator=100.0) for k in range(n)]
    figure = Figure("proeve", 2024, None, own / 100, numerator=own, denominator=100.0)
    c = compare(d, figure, {("proeve", 2024, False): peers})
    found = supported({"proeve": c}, [d], {"proeve": figure}, 1)["proeve"]
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("own", "better", "outcome"),
    [(60, "higher", "better"), (60, "lower", "worse"), (5, "higher", "worse"),
     (5, "lower", "better"), (34, "higher", "similar"), (27, "lower", "similar")],
)  # fmt: skip
def test_better_or_worse_is_said_only_where_the_test_says_so(
    own: float, better: str, outcome: str
) -> None:
    """Against 120 of 400 together."""
    assert beside(own, better).outcome == outcome


def test_figures_without_measured_chance_or_counts_are_neither() -> None:
    """Nor are context figures, or peers that do not tell numerator and denominator."""
    figure = Figure("proeve", 2024, None, 0.9, numerator=90.0, denominator=100.0)
    for d, peers in (
        (definition(interval="wilson"), SIX),
        (definition(), SIX),
        (definition(better="context", interval="wilson",
                    finding={"attention": says(above=0.0)}), SIX),
    ):  # fmt: skip
        c = compare(d, figure, {("proeve", 2024, False): peers})
        found = supported({"proeve": c}, [d], {"proeve": figure}, 1)["proeve"]
        assert found is not None
        assert (found.outcome, found.p, found.q) == (None, None, None)


def test_the_gap_in_kroner_spans_what_other_peers_would_have_given() -> None:
    """The median drawn again lies among the peers' values, and the span holds the gap."""
    d = definition(better="context", price_basis="løbende", refund="før",
                   finding={"attention": says(above=0.0)})  # fmt: skip
    peers = [peer(str(n), 100.0 + 10 * n) for n in range(7)]
    figure = Figure("proeve", 2024, None, 150.0, numerator=15_000.0, denominator=100.0)
    c = compare(d, figure, {("proeve", 2024, False): peers})
    found = supported({"proeve": c}, [d], {"proeve": figure}, 1)["proeve"]
    assert found is not None
    assert found.gap_kr == pytest.approx(2000)
    assert found.gap_kr_span is not None
    low, high = found.gap_kr_span
    assert -1000 <= low <= 2000 <= high <= 5000
    assert low < high


# --- Whom to call -------------------------------------------------------------------------------


def test_those_called_are_clearly_better_and_the_most_alike_first() -> None:
    """0.8 is nearer to us than 0.9; 0.52 is not clearly better than 0.5."""
    d = definition()
    peers = [peer("a", 0.9), peer("b", 0.8), peer("c", 0.52), peer("d", 0.3)]
    e = known(d, 0.5, peers)
    alike = tuple(Alike(c, c, n, float(n), 1, ()) for n, c in enumerate("bac", 1))
    e = replace(e, chosen=replace(e.chosen, alike=alike))
    found = calls(e, d, e.figures.series["proeve"][-1])
    assert [(c.code, c.alike) for c in found] == [("b", 1), ("a", 2)]


def test_what_they_do_otherwise_is_told_from_mix_price_and_follow_up() -> None:
    """Their bought share is two quartile ranges from ours."""
    d, lever = definition(), definition("koebsandel", better="context",
                                        finding={"attention": says(above=0.0)})  # fmt: skip
    peers = [peer("a", 0.9), peer("b", 0.4), peer("c", 0.3)]
    e = known(d, 0.5, peers)
    mix = [peer("a", 0.2), peer("b", 0.3), peer("c", 0.4), peer("x", 0.5)]
    figure = Figure("koebsandel", 2024, None, 0.9)
    series = {**e.figures.series, "koebsandel": [figure]}
    both = {**e.compared, "koebsandel": compare(lever, figure, {("koebsandel", 2024, False): mix})}
    e = replace(
        e,
        indicators=(d, lever),
        compared=both,
        figures=replace(e.figures, series=series),
    )
    (call,) = calls(e, d, e.figures.series["proeve"][-1])
    assert call.differs is not None
    assert "20,0 pct. mod vores 90,0 pct." in call.differs.da


def test_others_may_call_us_where_we_are_in_their_best_quarter() -> None:
    """A strength above the peers' third quartile; not one inside it."""
    d = definition()
    for value, count in ((0.95, 1), (0.6, 0)):
        e = known(d, value, SIX, points=Points(90, 80, 95))
        assert len(list(asked(e, indicator_findings(e).firm))) == count


# --- Months -------------------------------------------------------------------------------------


def ledger(values: list[float], function: str = "5.38.50") -> list[Any]:
    """Return the accounts of the months from January 2023 on."""
    return [
        amount(v, aar=2023 + n // 12, maaned=n % 12 + 1, version="regnskab", funktion=function)
        for n, v in enumerate(values)
    ]


def test_the_months_of_the_ledger_are_added_and_in_order() -> None:
    """Two functions, in all and each; a month that is missing breaks the series."""
    rows = [*ledger([1e6] * 24), *ledger([2e6] * 24, "5.38.52")]
    every, first, second = monthly(ready(date(2025, 1, 31), (2023, 2024), oekonomi=rows))
    assert (every.function, set(every.values), len(every.months)) == (None, {3e6}, 24)
    assert (first.function, second.function) == ("5.38.52", "5.38.50")
    broken = [r for r in ledger([1e6] * 24) if (r["aar"], r["maaned"]) != (2023, 6)]
    (every, _) = monthly(ready(date(2025, 1, 31), (2023, 2024), oekonomi=broken))
    assert every.months[0] == (2023, 7)


def test_fewer_than_twelve_months_are_too_few() -> None:
    """They are said, not judged."""
    tables = ready(date(2024, 1, 31), (2023,), oekonomi=ledger([1e6] * 11))
    part = monthly_parts(tables)[0]
    assert part.mean is None
    assert part.text.da.startswith("For få måneder")


def test_a_month_out_of_the_usual_is_told() -> None:
    """23 months of 1 or 1.4 million, and one of three: the limit is 2.5."""
    quiet = [1e6 + 4e5 * (n % 2) for n in range(24)]
    quiet[10] = 3e6
    part = monthly_parts(ready(date(2025, 1, 31), (2023, 2024), oekonomi=ledger(quiet)))[0]
    (loud,) = [p for p in part.points if p.signal]
    assert loud.month == "2023-11"
    assert loud.signal is not None
    assert loud.signal.da == "uden for grænserne"
    assert part.text.da.startswith("En af 24 måneder")


def test_a_level_that_has_moved_is_told_as_such() -> None:
    """Twelve months of about one million and twelve of about two."""
    values = [1e6 + 2e4 * (n % 2) + (1e6 if n >= 12 else 0) for n in range(24)]
    part = monthly_parts(ready(date(2025, 1, 31), (2023, 2024), oekonomi=ledger(values)))[0]
    assert part.text.da.startswith("Niveauet har flyttet sig")


def test_without_a_ledger_there_are_no_months() -> None:
    """And nothing to say."""
    assert monthly_parts(ready(AS_OF)) == ()
