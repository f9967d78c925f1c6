from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

import build
from rows import AS_OF, amount, case, indicator, ready, several, shipped
from styring.compare import Comparison, Peer, compare
from styring.errors import Texts
from styring.figures import Figures
from styring.find.evidence import Evidence
from styring.find.findings import at_stake, indicator_findings
from styring.find.front import Known, booked_moves, front
from styring.find.outcome import outcome
from styring.find.parts import indicator_parts
from styring.find.plan import actions, earlier_actions
from styring.interplay import Reconciled
from styring.measure import Figure
from styring.model import Absence, Indicator
from styring.pipeline import Choices, review
from styring.prepare import Prepared
from styring.review import ActionPart, ActivityLine, FindingPart, Review
from styring.say import fill, first_line
from styring.score import Points

COUNT = {"from": "cases", "aggregate": "count"}
BOOKED = {"from": "oekonomi", "sum": "beloeb"}
PEOPLE = {"from": "befolkning", "sum": "antal", "age": (18, 64)}
GOALPOSTS = {"method": "goalposts", "worst": 0.0, "best": 1.0}
UNKNOWN = Points(50, 50, 50)


def both(da: str) -> dict[str, str]:
    """Return a text in both languages."""
    return {"da": da, "en": da}


def says(observation: str = "Tallet er {vaerdi}.", **changes: Any) -> dict[str, Any]:
    """Return the text of a finding, with a recommendation."""
    plain = {"observation": both(observation), "recommendation": both("Gør noget.")}
    return {**plain, **changes}


def definition(name: str = "proeve", *, better: str = "higher", **changes: Any) -> Indicator:
    """Return a definition that has something to say when it is weak or strong."""
    if better != "context":
        changes = {"scoring": [GOALPOSTS], "finding": {"weak": says(), "strong": says()}, **changes}
    top, bottom = changes.pop("value", (BOOKED, PEOPLE))
    return indicator(top, bottom, id=name, better=better, **changes)


def evidence(
    *definitions: Indicator,
    values: Mapping[str, float | None] | None = None,
    earlier: Mapping[str, float] | None = None,
    points: Mapping[str, Points] | None = None,
    peers: Mapping[str, tuple[Peer, ...]] | None = None,
    tables: Prepared | None = None,
    **changes: Any,
) -> Evidence:
    """Return what is known: figures of 2024 and of 2023, points, and comparisons with peers."""
    goals = changes.pop("goals", {})
    series: dict[str, list[Figure]] = {}
    for d in definitions:
        value = (values or {}).get(d.id, 0.5)
        absence: Absence | None = None if value is not None else "not_reported"
        series[d.id] = [
            Figure(d.id, 2023, None, (earlier or {}).get(d.id)),
            Figure(d.id, 2024, None, value, absence=absence, **changes),
        ]
    compared: dict[str, Comparison | None] = {
        d.id: compare(d, series[d.id][-1], {(d.id, 2024, False): (peers or {}).get(d.id, ())})
        for d in definitions
    }
    return Evidence(
        tables or ready(), definitions, Figures(series, {}, goals, ()), compared, points or {}
    )


def others(*values: float, contact: str | None = "a@b.dk") -> tuple[Peer, ...]:
    """Return peers with these figures."""
    return tuple(Peer(f"{n:03}", f"Kommune {n}", v, contact) for n, v in enumerate(values))


# --- What is weak, strong or worth attention ----------------------------------------------------


@pytest.mark.parametrize(
    ("score", "low", "high", "kind"),
    [
        (39.9, 20, 60, "weakness"),
        (40, 20, 59, None),
        (39, 20, 60.1, None),
        (0, 0, 0, "weakness"),
        (70, 50, 90, "strength"),
        (69.9, 60, 90, None),
        (80, 49.9, 95, None),
        (100, 100, 100, "strength"),
        (55, 50, 60, None),
    ],
)
def test_weak_is_below_40_and_strong_from_70_where_the_interval_bears_it(
    score: float, low: float, high: float, kind: str | None
) -> None:
    """Below 60 for weak, from 50 for strong."""
    d = definition()
    assert outcome(evidence(d, points={"proeve": Points(score, low, high)}), d) == kind


def test_a_finding_needs_words_a_figure_and_points() -> None:
    """A weak figure whose definition says nothing about weakness is no finding."""
    weak = {"proeve": Points(0, 0, 0)}
    mute = definition(finding={"strong": says()})
    assert outcome(evidence(mute, points=weak), mute) is None
    absent = definition()
    assert outcome(evidence(absent, points=weak, values={"proeve": None}), absent) is None
    assert outcome(evidence(absent), absent) is None


@pytest.mark.parametrize(
    ("trigger", "value", "earlier", "raised"),
    [
        ({"above": 0.5}, 0.51, None, True),
        ({"above": 0.5}, 0.5, None, False),
        ({"below": 0.5}, 0.49, None, True),
        ({"below": 0.5}, 0.5, None, False),
        ({"growth_above": 0.05}, 1.06, 1.0, True),
        ({"growth_above": 0.05}, 1.04, 1.0, False),
        ({"growth_above": 0.05}, 1.06, None, False),
        ({"growth_above": 0.05}, -0.9, -1.0, True),  # (−0.9 + 1) / |−1| = 10 %
        ({}, 9.0, 1.0, False),
    ],
)
def test_a_context_figure_is_an_attention_point_by_its_own_triggers(
    trigger: dict[str, Any],
    value: float,
    earlier: float | None,
    raised: bool,  # noqa: FBT001
) -> None:
    """Above or below a point, or growing faster than so much."""
    d = definition(better="context", finding={"attention": says(**trigger)})
    before = {} if earlier is None else {"proeve": earlier}
    found = outcome(evidence(d, values={"proeve": value}, earlier=before), d)
    assert (found == "attention") == raised


PEERS = (90.0, 95.0, 100.0, 105.0, 110.0)  # quartiles 95 and 105


@pytest.mark.parametrize(
    ("side", "value", "raised"),
    [
        ("above", 115, True), ("above", 85, False), ("below", 85, True), ("below", 115, False),
        ("either", 115, True), ("either", 85, True),
        ("above", 109, False),  # above the quartile, and 9 per cent above the median
        ("above", 110, True),  # a tenth
    ],
)  # fmt: skip
def test_beyond_the_peers_is_outside_a_quartile_and_a_tenth_from_the_median(
    side: str,
    value: float,
    raised: bool,  # noqa: FBT001
) -> None:
    """The median is 100 and the quartiles 95 and 105."""
    d = definition(better="context", finding={"attention": says(beyond_peers=side)})
    found = evidence(d, values={"proeve": value}, peers={"proeve": others(*PEERS)})
    assert (outcome(found, d) == "attention") == raised


@pytest.mark.parametrize(("people", "raised"), [(24_999.0, False), (25_000.0, True)])
def test_a_gap_in_kroner_is_worth_a_question_from_half_a_million(
    people: float,
    raised: bool,  # noqa: FBT001
) -> None:
    """20 kr. a head times 25,000 heads."""
    d = definition(better="context", price_basis="løbende", refund="før",
                   finding={"attention": says(beyond_peers="above")})  # fmt: skip
    found = evidence(
        d, values={"proeve": 120}, peers={"proeve": others(*PEERS)}, denominator=people
    )
    assert (outcome(found, d) == "attention") == raised


@pytest.mark.parametrize(("low", "raised"), [(99.0, False), (100.0, False), (100.1, True)])
def test_a_gap_within_the_figures_own_interval_is_no_question(
    low: float,
    raised: bool,  # noqa: FBT001
) -> None:
    """The median 100 must lie outside it."""
    d = definition(better="context", finding={"attention": says(beyond_peers="above")})
    found = evidence(
        d, values={"proeve": 120}, peers={"proeve": others(*PEERS)}, low=low, high=140.0
    )
    assert (outcome(found, d) == "attention") == raised


def test_a_weak_figure_is_a_weakness_before_it_is_an_attention_point() -> None:
    """One finding an indicator."""
    d = definition(finding={"weak": says(), "attention": says(above=0.0)})
    assert outcome(evidence(d, points={"proeve": Points(10, 5, 20)}), d) == "weakness"
    assert outcome(evidence(d, points={"proeve": UNKNOWN}), d) == "attention"


# --- Sentences ----------------------------------------------------------------------------------


def test_a_line_whose_figures_are_not_all_known_is_left_out() -> None:
    """Line by line, in both languages."""
    template = Texts(
        "Tallet er {a}.\nMidten er {b}, i alt {a}.\nSlut.", "It is {a}.\nMedian {b}.\nEnd."
    )
    known = {"a": Texts("1,5", "1.5"), "b": None}
    assert fill(template, known) == Texts("Tallet er 1,5. Slut.", "It is 1.5. End.")
    assert (
        fill(template, {**known, "b": Texts("2", "2")}).da
        == "Tallet er 1,5. Midten er 2, i alt 1,5. Slut."
    )
    assert fill(template, {"b": Texts("2", "2")}).da == "Slut."


def test_a_figure_of_0_is_known() -> None:
    """0 is a figure; an empty text is none."""
    template = Texts("Der er {a}.", "There are {a}.")
    assert fill(template, {"a": Texts("0", "0")}).da == "Der er 0."
    assert fill(template, {"a": Texts("", "")}).da == ""


def test_a_double_full_stop_is_one_and_three_stay() -> None:
    """A figure that ends in a full stop ends the sentence."""
    assert (
        fill(Texts("Det er {a}.", "It is {a}."), {"a": Texts("5 pct.", "5%")}).da == "Det er 5 pct."
    )
    assert fill(Texts("Og så …{a}...", "x {a}"), {"a": Texts("1", "1")}).da == "Og så …1..."


def test_the_first_line_is_the_summary() -> None:
    """Filled as the rest is."""
    assert first_line(Texts("A {x}.\nB.", "C {x}.\nD."), {"x": Texts("1", "1")}) == Texts(
        "A 1.", "C 1."
    )


def observation(found: Evidence) -> FindingPart:
    """Return the only finding."""
    ((_, part),) = indicator_findings(found).firm
    return part


def test_a_findings_sentences_name_what_is_known() -> None:
    """Without peers and without an earlier year their sentences are gone; with them they stand."""
    lines = ("I {aar} er det {vaerdi}.", "Midten er {median}.", "Året før: {forrige}, {aendring}.",
             "Mål: {maal}.")  # fmt: skip
    text = "\n".join(lines)
    d = definition(finding={"weak": says(text)})
    weak = {"proeve": Points(10, 5, 20)}
    alone = observation(evidence(d, points=weak))
    assert alone.observation.da == "I 2024 er det 50,0 pct."
    full = observation(
        evidence(d, points=weak, earlier={"proeve": 0.4}, peers={"proeve": others(0.6, 0.7, 0.8)},
                 goals={"proeve": 0.9})
    )  # fmt: skip
    # (0.5 − 0.4) / 0.4 = +25 %
    assert full.observation.da == (
        "I 2024 er det 50,0 pct. Midten er 70,0 pct. Året før: 40,0 pct., +25,0 pct. Mål: 90,0 pct."
    )
    assert full.summary.da == "I 2024 er det 50,0 pct."
    assert full.weakness == 90
    assert "10 (5–20) point" in full.evidence.da


def test_a_rank_is_named_from_ten_peers_on() -> None:
    """As 11 of 11, own municipality counted."""
    d = definition(finding={"weak": says("Vi er nr. {placering}.\nSlut.")})
    weak = {"proeve": Points(10, 5, 20)}
    nine = evidence(d, points=weak, peers={"proeve": others(*[0.9] * 9)})
    ten = evidence(d, points=weak, peers={"proeve": others(*[0.9] * 10)})
    assert observation(nine).observation.da == "Slut."
    assert observation(ten).observation.da == "Vi er nr. 11 af 11. Slut."


def test_what_is_at_stake_needs_five_citizens() -> None:
    """Five running cases of 365,000 kr. a year are named, four are not."""
    stake = {"from": "cases", "sum": "aarspris_nu", "period": "as_of"}
    d = definition(value=(dict(COUNT, period="as_of"), None), at_stake=stake)
    for citizens, wanted in ((5, 1_825_000.0), (4, None), (0, None)):
        tables = ready(AS_OF, sager=several(citizens) or [case(slutdato=date(2024, 2, 1))])
        figure = Figure("proeve", 2025, None, float(citizens))
        found = Evidence(tables, (d,), Figures({"proeve": [figure]}, {}, {}, ()), {}, {})
        assert at_stake(found, d) == wanted


# --- The action plan ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("materiality", "kind"), [(None, "weakness"), (0.04, "weakness"), (0.06, None)]
)
def test_a_gap_below_what_is_worth_acting_on_is_no_weakness(
    materiality: float | None, kind: str | None
) -> None:
    """Own 0.50 against a median of 0.55: a gap of 0.05."""
    d = definition(materiality=materiality)
    low = {"proeve": Points(10, 5, 20)}
    found = evidence(d, points=low, peers={"proeve": others(0.55, 0.55, 0.55)})
    assert outcome(found, d) == kind


@pytest.mark.parametrize(("value", "kind"), [(0.03, "weakness"), (0.01, None)])
def test_a_deviation_is_held_against_its_target_and_not_against_peers(
    value: float, kind: str | None
) -> None:
    """Worth acting on from 0.02 away from 0, wherever the peers are."""
    d = definition(better="target", target=0.0, materiality=0.02, form="relative",
                   scoring=[{"method": "goalposts", "worst": 0.05, "best": 0.0}])  # fmt: skip
    found = evidence(d, values={"proeve": value}, points={"proeve": Points(10, 5, 20)},
                     peers={"proeve": others(value, value, value)})  # fmt: skip
    assert outcome(found, d) == kind


@pytest.mark.parametrize(("materiality", "kind"), [(None, None), (0.04, "attention")])
def test_a_context_gap_is_material_by_its_definition_else_by_a_tenth(
    materiality: float | None, kind: str | None
) -> None:
    """0.60 against 0.55: less than a tenth of the median, more than 0.04."""
    d = definition(better="context", materiality=materiality,
                   finding={"attention": says(beyond_peers="above")})  # fmt: skip
    found = evidence(d, values={"proeve": 0.60}, peers={"proeve": others(0.55, 0.55, 0.55)})
    assert outcome(found, d) == kind


def per_inhabitant(first: int, last: int) -> Indicator:
    """Return kroner per inhabitant of an age group."""
    people = {"from": "befolkning", "sum": "antal", "age": [first, last]}
    return definition(better="context", price_basis="løbende", refund="efter",
                      value=(BOOKED, people), finding={"attention": says(above=0.0)})  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "born", "said"),
    [
        (18, 64, 1950, "Alle aldre pr. 18–64-årig: borgere på 65 år og derover er med i udgiften."),
        (18, 66, 1950, "Alle aldre pr. 18–66-årig: borgere på 67 år og derover er med i udgiften."),
        (18, 64, None, "Alle aldre pr. 18–64-årig: udgiften er ikke delt efter alder."),
        (18, 66, 1958, None),
        (18, 200, 1950, None),
    ],
)
def test_kroner_that_hold_older_citizens_than_they_are_divided_by_say_so(
    first: int, last: int, born: int | None, said: str | None
) -> None:
    """By the age group of the very figure; one that leaves nobody out has nothing to say."""
    d = per_inhabitant(first, last)
    (part,) = indicator_parts(evidence(d, tables=ready(sager=[case(foedselsaar=born)])))
    assert (part.note.da if part.note else None) == said


def plan(found: Evidence) -> list[ActionPart]:
    """Return the action plan."""
    return list(actions(found, indicator_findings(found).firm, indicator_parts(found)))


def dear(name: str, **changes: Any) -> Indicator:
    """Return a context figure in kroner that is worth attention whatever it is."""
    return definition(name, better="context", price_basis="løbende", refund="før",
                      finding={"attention": says(above=0.0, **changes)})  # fmt: skip


def effects(**kroner: float) -> Evidence:
    """Return figures whose gap to the peers' median is so many kroner: the gap times 1 person."""
    return evidence(
        *(dear(name) for name in kroner),
        values={name: 1e9 + x for name, x in kroner.items()},
        peers={name: others(1e9, 1e9, 1e9) for name in kroner},
        denominator=1.0,
    )


@pytest.mark.parametrize(
    ("kroner", "given"),
    [(0, 1), (199_999, 1), (200_000, 2), (1_999_999, 2), (2_000_000, 3), (10_000_000, 4)],
)
def test_an_effect_counts_1_to_4(kroner: float, given: int) -> None:
    """From 0.2, 2 and 10 million; a gap to either side."""
    (above,) = plan(effects(a=kroner))
    (below,) = plan(effects(a=-kroner))
    assert (above.points_effect, above.effect_kr, above.effect_kind) == (
        given,
        kroner,
        "difference",
    )
    assert (below.points_effect, below.effect_kr) == (given, kroner)


def test_an_unknown_effect_counts_2_and_is_said_to_be_unknown() -> None:
    """A share of cases has no kroner."""
    (found,) = plan(evidence(definition(), points={"proeve": Points(10, 5, 20)}))
    assert (found.points_effect, found.effect_kr, found.effect_kind) == (2, None, "unknown")
    assert found.effect_text.da == "ikke gjort op i kroner"


def test_a_difference_is_never_called_a_saving() -> None:
    """It is a difference, and says so."""
    (found,) = plan(effects(a=3_400_000.0))
    assert found.effect_text.da.startswith("3,4 mio. kr. om året")
    assert "ikke et sparemål" in found.effect_text.da


def test_the_effect_of_a_deviation_is_its_distance_from_the_target_in_kroner() -> None:
    """6 per cent of 250 million is 15 million."""
    d = definition(
        better="target", target=0.0, form="relative", price_basis="løbende", refund="efter"
    )
    found = evidence(
        d, values={"proeve": -0.06}, points={"proeve": Points(0, 0, 0)}, denominator=250e6
    )
    (action,) = plan(found)
    assert (action.effect_kr, action.effect_kind) == (15e6, "deviation")


@pytest.mark.parametrize(
    ("score", "given"), [(39.9, 2), (25.1, 2), (25, 3), (10.1, 3), (10, 4), (0, 4)]
)
def test_weakness_counts_1_to_4(score: float, given: int) -> None:
    """100 less the score, from 60, 75 and 90; an attention point without points counts 1."""
    (found,) = plan(evidence(definition(), points={"proeve": Points(score, 0, 60)}))
    assert found.points_weakness == given
    assert plan(effects(a=0.0))[0].points_weakness == 1


@pytest.mark.parametrize(("effort", "given"), [("low", 3), ("medium", 2), ("high", 1)])
def test_low_effort_counts_3_and_the_three_are_multiplied(effort: str, given: int) -> None:
    """Unknown effect 2, weakness 4, and the effort."""
    d = definition(finding={"weak": says(effort=effort)})
    (found,) = plan(evidence(d, points={"proeve": Points(5, 0, 10)}))
    assert found.points_effort == given
    assert found.points == 2 * 4 * given


def test_the_plan_is_ordered_by_points_then_effect_then_weakness_then_catalogue() -> None:
    """4, 3 and 2 of effect; of equal points the larger amount; the rest as it stands."""
    found = plan(effects(a=0.0, b=2_000_000.0, c=3_000_000.0, d=10_000_000.0, e=250_000.0, f=0.0))
    assert [a.indicator for a in found] == ["d", "c", "b", "e", "a", "f"]
    assert [a.rank for a in found] == [1, 2, 3, 4, 5, 6]


def test_the_plan_has_at_most_twelve_actions() -> None:
    """The first twelve in order."""
    found = plan(effects(**{f"i{n:02}": n * 1e6 for n in range(15)}))
    assert [a.indicator for a in found] == [f"i{n:02}" for n in range(14, 2, -1)]


def test_strengths_and_findings_without_a_recommendation_are_no_actions() -> None:
    """There is nothing to do, or nobody says what."""
    strong = definition("staerk")
    mute = definition("tavs", finding={"weak": {"observation": both("Svagt.")}})
    points = {"staerk": Points(90, 80, 95), "tavs": Points(5, 0, 10)}
    found = evidence(strong, mute, points=points)
    assert len(indicator_findings(found).firm) == 2
    assert plan(found) == []


def test_an_action_says_who_by_when_and_how_it_shows() -> None:
    """Lead and deadline of the definition, else its centre; the goal where the text has none."""
    told = definition("a", finding={"weak": says(
        lead="socialfaglig", join=["strategisk-politisk"], deadline_days=30, target=0.9,
    )})  # fmt: skip
    bare = definition("b")
    points = {"a": Points(5, 0, 10), "b": Points(8, 0, 10)}
    first, second = plan(evidence(told, bare, points=points, goals={"a": 0.6, "b": 0.8}))
    assert (first.lead, first.join) == ("socialfaglig", ("strategisk-politisk",))
    assert (first.deadline_days, first.deadline) == (30, date(2025, 1, 30))
    assert first.target == 0.9
    assert first.target_text.da == "«Prøve» er 90,0 pct. (i dag 50,0 pct.)"
    assert (second.lead, second.deadline_days) == ("oekonomisk-finansiel", 90)
    assert second.deadline == date(2024, 12, 31) + timedelta(days=90)
    assert second.target == 0.8


# --- Whom to call -------------------------------------------------------------------------------


def called(found: Evidence) -> list[str]:
    """Return whom to call about the only indicator."""
    (part,) = indicator_parts(found)
    return [c.name for c in part.call]


def test_only_those_who_do_better_and_may_be_called_are_named() -> None:
    """The best three, less those without a contact and those who do no better."""
    d, weak = definition(), {"proeve": Points(10, 5, 20)}
    peers = (
        *others(0.9), Peer("901", "Uden kontakt", 0.8, None), Peer("902", "Ens", 0.5, "x@y.dk"),
        Peer("903", "Svagere", 0.1, "x@y.dk"),
    )  # fmt: skip
    assert called(evidence(d, points=weak, peers={"proeve": peers})) == ["Kommune 0"]
    better = evidence(d, points=weak, peers={"proeve": others(0.6, 0.9, 0.7, 0.8)})
    assert called(better) == ["Kommune 1", "Kommune 3", "Kommune 2"]


def test_where_low_is_good_the_lower_is_called_and_for_a_target_the_nearer() -> None:
    """Own figure 0.5; the target is 0.4."""
    peers = {"proeve": others(0.9, 0.1, 0.44)}
    weak = {"proeve": Points(10, 5, 20)}
    low = definition(better="lower", scoring=[{**GOALPOSTS, "worst": 1.0, "best": 0.0}])
    assert called(evidence(low, points=weak, peers=peers)) == ["Kommune 1", "Kommune 2"]
    target = definition(better="target", target=0.4)
    assert called(evidence(target, points=weak, peers=peers)) == ["Kommune 2"]


def test_nobody_is_called_about_a_context_figure_or_without_points() -> None:
    """A lower cost is not better."""
    peers = {"proeve": others(0.1, 0.2, 0.3)}
    assert called(evidence(definition(), peers=peers)) == []
    assert (
        called(evidence(definition(better="context"), points={"proeve": UNKNOWN}, peers=peers))
        == []
    )


def test_the_action_names_whom_to_call_with_their_figure() -> None:
    """Name and figure, never the contact."""
    found = plan(evidence(definition(), points={"proeve": Points(10, 5, 20)},
                          peers={"proeve": others(0.6, 0.9, 0.2)}))  # fmt: skip
    assert found[0].call_text == Texts(
        "Ring til Kommune 1 (90,0 pct.) og Kommune 0 (60,0 pct.)",
        "Call Kommune 1 (90.0%) and Kommune 0 (60.0%)",
    )


# --- Earlier actions and moves ------------------------------------------------------------------


def decided(frist: date | None, status: str | None, effect: float | None = None) -> dict[str, Any]:
    """Return an action decided earlier."""
    return {"indsats": "Indsats", "frist": frist, "status": status, "forventet_effekt": effect}


@pytest.mark.parametrize(
    ("frist", "status", "late"),
    [
        (date(2025, 9, 29), "i gang", True),
        (date(2025, 9, 30), "i gang", False),
        (date(2025, 9, 29), "gennemført", False),
        (date(2025, 9, 29), "opgivet", False),
        (date(2025, 9, 29), None, True),
        (date(2025, 9, 29), "ikke påbegyndt", True),
        (None, "i gang", False),
    ],
)
def test_an_action_is_overdue_after_its_deadline_unless_done_or_dropped(
    frist: date | None,
    status: str | None,
    late: bool,  # noqa: FBT001
) -> None:
    """The deadline itself is in time."""
    (found,) = earlier_actions(evidence(tables=ready(AS_OF, handleplan=[decided(frist, status)])))
    assert found.overdue == late


def test_a_move_is_a_row_and_its_opposite_on_another_function_in_the_same_month() -> None:
    """From a million kroner, in the finished year; largest first."""

    def moved(
        kroner: float, month: int, source: str, target: str, year: int = 2024
    ) -> list[dict[str, Any]]:
        return [
            amount(-kroner, maaned=month, funktion=source, aar=year),
            amount(kroner, maaned=month, funktion=target, aar=year),
        ]  # fmt: skip

    rows = [
        *moved(1_000_000.0, 3, "5.38.50", "5.38.52"),
        *moved(5_750_000.0, 11, "5.38.52", "5.38.50"),
        *moved(999_999.99, 4, "5.38.50", "5.38.52"),
        *moved(7_000_000.0, 5, "5.38.50", "5.38.50"),
        *moved(8_000_000.0, 6, "5.38.50", "5.38.52", 2023),
        amount(-6_000_000.0, maaned=7),
        amount(6_000_000.0, maaned=8, funktion="5.38.52"),
        amount(-9_000_000.0, "oprindeligt budget", maaned=9),
        amount(9_000_000.0, "oprindeligt budget", maaned=9, funktion="5.38.52"),
    ]
    assert booked_moves(ready(years=(2023, 2024), oekonomi=rows)) == [
        (11, "5.38.52", "5.38.50", 5_750_000.0),
        (3, "5.38.50", "5.38.52", 1_000_000.0),
    ]
    assert booked_moves(ready()) == []


# --- The front page -----------------------------------------------------------------------------


def reviewed(folder: Path, book: build.Book, **choices: Any) -> Review:
    """Return the review of a small workbook."""
    return review(build.csv_folder(folder / "bog", book), Choices(**choices), shipped())


def line(r: Review, key: str) -> str:
    """Return a line of the front page in Danish."""
    return next(f.text.da for f in r.front if f.key == key)


def ordinary() -> build.Book:
    """Return a small municipality of twelve citizens, a third of them without timely follow-up."""
    rows = [
        [*build.case(n), date(2025, 9, 1) if n <= 6 else date(2024, 1, 1)] for n in range(1, 13)
    ]
    book = build.minimal() | {"Sager": [[*build.CASES, "sidste_opfølgning"], *rows]}
    book["Økonomi"] += [
        [2024, None, "5.38.52", "regnskab", 4_500_000],
        [2024, None, "5.38.52", "oprindeligt budget", 4_000_000],
        [2023, None, "5.38.50", "regnskab", 900_000],
        [2023, None, "5.38.50", "oprindeligt budget", 1_000_000],
        [2025, 8, "5.38.50", "regnskab", 700_000],
    ]
    return book


def test_the_front_page_says_how_it_stands(tmp_path: Path) -> None:
    """5.55 million booked of 5 million; 0.9 of 1 the year before."""
    said = line(reviewed(tmp_path, ordinary()), "status")
    # 5,550,000 − 5,000,000 = 550,000 = 11 %; 900,000 − 1,000,000 = −10 %
    assert said.startswith("2024 endte 0,6 mio. kr. (11,0 pct.) over korrigeret")
    assert "I 2023 var det 10,0 pct. under korrigeret og 10,0 pct. under oprindeligt." in said


def test_without_a_ledger_the_front_page_says_so(tmp_path: Path) -> None:
    """And has no economy, no functions and no outlook."""
    book = ordinary()
    del book["Økonomi"]
    r = reviewed(tmp_path, book)
    assert r.partial
    assert line(r, "status") == "Regnskab og budget er ikke oplyst."
    assert (r.economy, r.functions, r.outlook) == ((), (), None)
    assert "Sagerne kostede" in line(r, "cost")


def test_without_cases_the_front_page_says_so(tmp_path: Path) -> None:
    """The rest of the review stands."""
    book = ordinary()
    del book["Sager"]
    r = reviewed(tmp_path, book)
    assert r.partial
    assert line(r, "cost") == "Sagerne er ikke oplyst."
    assert r.activity == ()
    assert line(r, "status").startswith("2024 endte")


def test_without_peers_the_front_page_says_what_that_means(tmp_path: Path) -> None:
    """Whether the figures are high or low is not known."""
    r = reviewed(tmp_path, ordinary())
    assert all(i.peers is None and i.gap_kr is None for i in r.indicators)
    assert r.peer_text.da.startswith("Ingen kommuner at sammenligne med.")


def unknown(tables: Prepared | None = None, **known: Any) -> str:
    """Return what is not known, in Danish, where nothing else is amiss."""
    nothing: dict[str, Any] = {
        "economy": (), "outlook": None, "activity": (), "centres": (), "findings": (),
        "actions": (), "earlier": (), "gaps": (), "reconciled": (), "notes": (), "missing": (),
        "has_peers": True,
    }  # fmt: skip
    lines = front(evidence(tables=tables), Known(**{**nothing, **known}))
    return next(f.text.da for f in lines if f.key == "unknown")


def test_missing_peers_and_sheets_are_among_what_is_not_known() -> None:
    """And where nothing is missing, that is said."""
    assert unknown() == "Alt det, gennemgangen spørger om, er oplyst."
    assert unknown(has_peers=False).startswith("Ingen andre kommuner er med")
    assert unknown(missing=("Økonomi", "Sager")) == "Økonomi og Sager er ikke oplyst."


def test_the_front_page_tells_strengths_of_different_dimensions() -> None:
    """Two deviations say the same; the best of each dimension is told, the best of all first."""
    strong = [
        definition(name, dimension=of, weight=weight, finding={"strong": says(f"{name} er stærk.")})
        for name, of, weight in (("b", "oekonomi", 2), ("a", "oekonomi", 1), ("c", "faglig", 1))
    ]
    known = evidence(*strong, points={d.id: Points(90, 80, 95) for d in strong})
    parts: dict[str, Any] = dict.fromkeys(
        ("economy", "activity", "centres", "actions", "earlier", "gaps", "reconciled", "notes"), ()
    )
    parts |= {
        "findings": tuple(f for _, f in indicator_findings(known).firm),
        "outlook": None,
        "missing": (),
    }
    lines = front(known, Known(**parts, has_peers=True))
    assert next(f.text.da for f in lines if f.key == "strength") == "b er stærk. c er stærk."


PLAN = ["indsats", "frist", "status", "forventet_effekt"]


@pytest.mark.parametrize(
    ("late", "words"),
    [
        (0, None),
        (1, "En besluttet indsats er over fristen (kommunens eget skøn over effekten: 1,5 mio."),
        (
            3,
            "Tre besluttede indsatser er over fristen (kommunens eget skøn over effekten: 4,5 mio.",
        ),
    ],
)
def test_overdue_actions_are_counted_on_the_front_page(
    late: int, words: str | None, tmp_path: Path
) -> None:
    """With the municipality's own estimate of their effect."""
    rows: list[list[object]] = [[*PLAN], ["I tide", date(2025, 12, 1), "i gang", 9_000_000]]
    rows += [[f"For sent {n}", date(2025, 6, 1), "i gang", 1_500_000] for n in range(late)]
    said = line(reviewed(tmp_path, ordinary() | {"Handleplan": rows}), "first")
    assert bool(re.search("indsats(er)? er over fristen", said)) == bool(late)
    assert words is None or words in said


def test_a_booked_move_is_asked_about_on_the_front_page() -> None:
    """Month, amount, from and to; it goes before a function whose ledger and cases are apart."""
    rows = [
        amount(-5_750_000.0, maaned=11, funktion="5.38.52"), amount(5_750_000.0, maaned=11),
        amount(9_000_000.0),
    ]  # fmt: skip
    apart = [Reconciled("5.38.50", 2024, 14_750_000.0, 1_000_000.0)]
    assert unknown(ready(oekonomi=rows), reconciled=apart).startswith(
        "I november 2024 flyttede regnskabet 5,8 mio. kr. fra § 107 til § 108."
    )
    assert unknown(ready(oekonomi=rows[2:]), reconciled=apart).startswith(
        "I 2024 ligger regnskabet 13,8 mio. kr. over sagerne på 5.38.50"
    )


def test_a_municipality_that_nothing_can_be_scored_for_is_reviewed(tmp_path: Path) -> None:
    """Two citizens and no ledger: no points, and the review says why."""
    book = build.minimal()
    del book["Økonomi"]
    r = reviewed(tmp_path, book)
    assert all(c.score is None for c in r.centres)
    assert r.actions == ()


def test_small_numbers_are_not_said_to_be_missing(tmp_path: Path) -> None:
    """Two citizens: their cost is withheld; the sheet was there."""
    said = line(reviewed(tmp_path, build.minimal()), "cost")
    assert said != "Sagerne er ikke oplyst."
    assert "kr." not in said


def of_year(paragraph: str | None, cost: float, price: float, year: int = 2024) -> ActivityLine:
    """Return a line of the activity table."""
    return ActivityLine(
        paragraph=paragraph, title=Texts("§", "§"), year=year, partial=False, citizens=9,
        person_years=9.0, average_persons=9.0, cost=cost, price=price, inflow=0, outflow=0,
        withheld=False,
    )  # fmt: skip


def costs_of(*lines: ActivityLine) -> str:
    """Return what the front page says of cost, in Danish."""
    known = Known((), None, lines, (), (), (), (), (), (), (), (), has_peers=True)
    return next(f.text.da for f in front(evidence(), known) if f.key == "cost")


@pytest.mark.parametrize(
    ("price", "words"),
    [(1_768_673.75, "1.769.000"), (1_768_500.0, "1.769.000"), (1_767_499.0, "1.767.000")],
)
def test_a_price_is_shown_in_whole_thousands_half_away_from_zero(price: float, words: str) -> None:
    """As Excel rounds: 1,768,500 is 1,769,000."""
    said = costs_of(
        of_year("108", 9 * price, price), of_year("108", 9e6, 1e6, 2023), of_year(None, 2e7, price)
    )
    assert f"{words} kr. pr. helårsperson" in said


def test_the_dearest_paragraph_is_named_with_its_share_and_growth() -> None:
    """6 of 8 million, 10 per cent above the year before."""
    said = costs_of(
        of_year("108", 6e6, 1.1e6), of_year("85", 2e6, 0.2e6), of_year(None, 8e6, 0.5e6),
        of_year("108", 5e6, 1e6, 2023),
    )  # fmt: skip
    assert "koster mest: 6,0 mio. kr. i 2024, 75 pct. af udgiften til sager." in said
    assert "+10,0 pct. i forhold til 2023" in said
