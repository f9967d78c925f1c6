"""The action plan: what first, by whom, worth what, until when, and how it shows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from math import prod

from styring.errors import LANGS, Texts, join_texts, texts
from styring.find.evidence import Evidence
from styring.find.findings import at_stake
from styring.find.words import names_listed
from styring.model import FindingText, Indicator
from styring.plan_order import PlanSettings
from styring.review import ActionPart, EarlierAction, EffectKind, FindingPart, IndicatorPart
from styring.say import fill, sentence, shown_as
from styring.text import both, decimals_of, millions, number

MOST_ACTIONS = 12
EFFECT_STEPS = (200_000.0, 2_000_000.0, 10_000_000.0)
"""Kroner from which an effect counts 2, 3 and 4; below 1, and 2 where it is not known."""
UNKNOWN_EFFECT = 2
WEAKNESS_STEPS = (60.0, 75.0, 90.0)
"""100 less the score, from which a weakness counts 2, 3 and 4; below 1."""
FEASIBILITY = {"low": 3, "medium": 2, "high": 1}
"""What an effort counts: the smaller, the more feasible."""
FIRST_STEP_DAYS = 30
SAME_KRONER = frozenset({"oekonomi", "sager", "cases", "tilbud"})
"""The tables whose kroner are the area's cost: ledger, cases and services hold the same ones."""
_PARAGRAPH = re.compile(r"(?<!\w)paragraf\s*(?:=\s*|IN\s*\()((?:'[^']*'[,\s]*)+)", re.IGNORECASE)
_QUOTED = re.compile(r"'([^']*)'")
EFFORT_NAMES = {
    "low": Texts("lille", "low"),
    "medium": Texts("middel", "medium"),
    "high": Texts("stor", "high"),
}


def actions(
    e: Evidence,
    found: Sequence[tuple[Indicator, FindingPart]],
    parts: Sequence[IndicatorPart],
    order: PlanSettings | None = None,
) -> tuple[ActionPart, ...]:
    """Return the action plan, at most twelve actions, ordered by their points.

    Points: effect 1–4 (unknown counts 2) × weakness 1–4 × feasibility 1–3, each with the exponent
    that `order` gives it; what `order` names first goes before the others. Ties go to the larger
    effect, then the weaker, then the catalogue's order.
    """
    order = order or PlanSettings()
    shown = {p.id: p for p in parts if p.group is None}
    made = [
        _action(e, i, f, shown[i.id], order)
        for i, f in found
        if f.kind in ("weakness", "attention") and f.recommendation
    ]
    ordered = sorted(
        made,
        key=lambda a: (
            _place(a, order),
            -a.points,
            -(a.effect_kr or 0.0),
            -a.points_weakness,
        ),
    )[:MOST_ACTIONS]
    bases = {a.indicator: _kroner_of(e, a) for a in ordered}
    return tuple(
        a.model_copy(update={"rank": n, **_overlap(a, ordered, bases)})
        for n, a in enumerate(ordered, 1)
    )


def _place(a: ActionPart, order: PlanSettings) -> int:
    """Return an action's place among those that are to come first; the others share the last."""
    return order.first.index(a.indicator) if a.indicator in order.first else len(order.first)


def _action(
    e: Evidence,
    indicator: Indicator,
    finding: FindingPart,
    part: IndicatorPart,
    order: PlanSettings,
) -> ActionPart:
    text = indicator.finding.weak if finding.kind == "weakness" else indicator.finding.attention
    assert text is not None
    assert finding.recommendation is not None
    kroner, kind = _effect(e, indicator, part, text)
    low, high = _span(part, kind)
    factors = (
        UNKNOWN_EFFECT if kroner is None else 1 + sum(kroner >= x for x in EFFECT_STEPS),
        1 + sum(finding.weakness >= x for x in WEAKNESS_STEPS),
        FEASIBILITY[text.effort],
    )
    points = prod(f**p for f, p in zip(factors, order.powers, strict=True))
    unit = e.units[indicator.unit]
    target = text.target if text.target is not None else part.goal
    return ActionPart(
        rank=0,
        title=finding.recommendation,
        summary=finding.summary,
        why=finding.observation,
        dimension=indicator.dimension,
        lead=text.lead or indicator.centre,
        join=text.join,
        effect_kr=kroner,
        effect_kind=kind,
        effect_low=low,
        effect_high=high,
        effect_text=_effect_text(kroner, kind, low, high),
        effort=text.effort,
        deadline_days=text.deadline_days,
        deadline=e.ready.who.as_of + timedelta(days=text.deadline_days),
        indicator=indicator.id,
        today=part.shown,
        target=target,
        target_shown=None if target is None else shown_as(indicator, unit, target),
        target_text=sentence("plan.no_target", tal=indicator.title, vaerdi=part.shown)
        if target is None
        else sentence(
            "plan.target",
            tal=indicator.title,
            maal=shown_as(indicator, unit, target),
            vaerdi=part.shown,
        ),
        first_step=_first_step(text, part),
        call_text=_call_text(e, part),
        first_step_by=e.ready.who.as_of + timedelta(days=FIRST_STEP_DAYS),
        points_effect=factors[0],
        points_weakness=factors[1],
        points_effort=factors[2],
        points=points,
        points_text=_points_text(factors, order.powers, points),
    )


def _effect(
    e: Evidence, indicator: Indicator, part: IndicatorPart, text: FindingText
) -> tuple[float | None, EffectKind]:
    """Return what an action is about in kroner, and what kind of figure that is.

    A gap to the peers counts only on the side that the finding is raised for: a price that grows
    but is lower than the others' is not worth its distance from them.
    """
    stake = at_stake(e, indicator)
    if stake is not None:
        return stake, "at_stake"
    money = indicator.is_money and part.denominator is not None and part.value is not None
    if money and indicator.target is not None and indicator.value.form == "relative":
        assert part.value is not None
        assert part.denominator is not None
        return abs((part.value - indicator.target) * part.denominator), "deviation"
    if part.gap_kr is not None and not _is_other_side(text, part.gap_kr):
        return abs(part.gap_kr), "difference"
    return None, "unknown"


def _is_other_side(text: FindingText, gap: float) -> bool:
    return (text.beyond_peers == "above" and gap < 0) or (text.beyond_peers == "below" and gap > 0)


def _span(part: IndicatorPart, kind: EffectKind) -> tuple[float | None, float | None]:
    """Return how large a difference to the peers may be, in kroner without sign."""
    low, high = part.gap_kr_low, part.gap_kr_high
    if kind != "difference" or low is None or high is None:
        return None, None
    ends = abs(low), abs(high)
    return 0.0 if low * high <= 0 else min(ends), max(ends)


def _effect_text(
    kroner: float | None, kind: EffectKind, low: float | None, high: float | None
) -> Texts:
    if kroner is None:
        return sentence("plan.unknown")
    spanned = low is not None and high is not None
    return sentence(
        f"plan.{kind}_span" if spanned else f"plan.{kind}",
        beloeb=both(millions, kroner),
        procent=both(millions, kroner / 100),
        lav=both(millions, low),
        hoej=both(millions, high),
    )


def _points_text(factors: Sequence[int], powers: Sequence[float], points: float) -> Texts:
    """Return the reckoning as a reader can make it again: `4 × 3 × 2 = 24`."""
    said = [_raised(f, p) for f, p in zip(factors, powers, strict=True)]
    shown = both(number, points, min(2, decimals_of(points)))
    return Texts(*(" × ".join(x[lang] for x in said) + f" = {shown[lang]}" for lang in LANGS))


def _raised(factor: int, power: float) -> Texts:
    if power == 1:
        return texts(str(factor))
    said = both(number, power, decimals_of(power))
    return Texts(f"{factor}^{said.da}", f"{factor}^{said.en}")


def order_text(order: PlanSettings) -> Texts:
    """Return how the plan is ordered."""
    said = sentence("plan.order")
    own = {"effekt": order.effect, "svaghed": order.weakness, "indsats": order.feasibility}
    parts = [said]
    if set(own.values()) != {1.0}:
        powers = {k: both(number, p, decimals_of(p)) for k, p in own.items()}
        parts.append(sentence("plan.order_powers", **powers))
    if order.first:
        parts.append(sentence("plan.order_first"))
    return join_texts([*parts, sentence("plan.order_overlap")])


def _kroner_of(e: Evidence, action: ActionPart) -> frozenset[str] | None:
    """Return the paragraphs whose kroner an effect is of; empty for all of the area.

    None where there are no kroner, or they are others than the area's cost.
    """
    indicator = next(i for i in e.indicators if i.id == action.indicator)
    agg = indicator.at_stake if action.effect_kind == "at_stake" else indicator.value.numerator
    if action.effect_kr is None or agg is None or agg.from_ not in SAME_KRONER:
        return None
    return frozenset(
        name for of in _PARAGRAPH.findall(agg.where or "") for name in _QUOTED.findall(of)
    )


def _overlap(
    a: ActionPart, every: Sequence[ActionPart], bases: Mapping[str, frozenset[str] | None]
) -> dict[str, object]:
    """Return the actions that may count the same kroner as this, and the sentence that says so."""
    own = bases[a.indicator]
    if own is None:
        return {}
    found = [
        (n, other.indicator)
        for n, other in enumerate(every, 1)
        if other.indicator != a.indicator
        and (base := bases[other.indicator]) is not None
        and (not own or not base or own & base)
    ]
    if not found:
        return {}
    numbers = names_listed([texts(str(n)) for n, _ in found])
    key = "plan.overlap" if len(found) > 1 else "plan.overlap_one"
    return {
        "overlaps": tuple(i for _, i in found),
        "overlap_text": sentence(key, numre=numbers),
    }


def _first_step(text: FindingText, part: IndicatorPart) -> Texts | None:
    return fill(text.first_step, {"vaerdi": part.shown}) if text.first_step else None


def _call_text(e: Evidence, part: IndicatorPart) -> Texts:
    if not part.call:
        return sentence("plan.no_call" if e.compared.get(part.id) else "plan.no_peers")
    names = [Texts(f"{c.name} ({c.shown.da})", f"{c.name} ({c.shown.en})") for c in part.call]
    return sentence("plan.call", kommuner=names_listed(names))


def earlier_actions(e: Evidence) -> tuple[EarlierAction, ...]:
    """Return the actions on the sheet Handleplan, with those past their deadline marked."""
    frame = e.ready.tables.get("handleplan")
    if frame is None:
        return ()
    done = ("gennemført", "opgivet")
    return tuple(
        EarlierAction(
            number=r["nr"],
            title=r["indsats"],
            indicator=r["indikator"],
            lead=r["ansvarlig"],
            deadline=r["frist"],
            status=r["status"],
            overdue=bool(r["frist"] and r["frist"] < e.ready.who.as_of and r["status"] not in done),
            expected_kr=r["forventet_effekt"],
            realised_kr=r["realiseret_effekt"],
        )
        for r in frame.iter_rows(named=True)
    )


def effort_name(effort: str) -> Texts:
    """Return an effort in words."""
    return EFFORT_NAMES.get(effort, texts(effort))
