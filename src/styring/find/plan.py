"""The action plan: what first, by whom, worth what, until when, and how it shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from styring.errors import Texts, texts
from styring.find.evidence import Evidence
from styring.find.findings import at_stake
from styring.find.words import names_listed
from styring.model import FindingText, Indicator
from styring.review import ActionPart, EarlierAction, EffectKind, FindingPart, IndicatorPart
from styring.say import fill, sentence, shown_as
from styring.text import both, millions

MOST_ACTIONS = 12
EFFECT_STEPS = (200_000.0, 2_000_000.0, 10_000_000.0)
"""Kroner from which an effect gives 1, 2 and 3 points."""
WEAKNESS_STEPS = (60.0, 75.0, 90.0)
"""100 less the score, from which a weakness gives 1, 2 and 3 points."""
EFFORT_POINTS = {"low": 2, "medium": 1, "high": 0}
EFFORT_NAMES = {
    "low": Texts("lille", "low"),
    "medium": Texts("middel", "medium"),
    "high": Texts("stor", "high"),
}


def actions(
    e: Evidence,
    found: Sequence[tuple[Indicator, FindingPart]],
    parts: Sequence[IndicatorPart],
) -> tuple[ActionPart, ...]:
    """Return the action plan, at most twelve actions, ordered by their points.

    Points: effect 0–3 (unknown counts 1), weakness 0–3, low effort 0–2. Ties go to the larger
    effect, then the weaker, then the catalogue's order.
    """
    shown = {p.id: p for p in parts if p.group is None}
    made = [
        _action(e, i, f, shown[i.id])
        for i, f in found
        if f.kind in ("weakness", "attention") and f.recommendation
    ]
    ordered = sorted(made, key=lambda a: (-a.points, -(a.effect_kr or 0.0), -a.points_weakness))
    return tuple(a.model_copy(update={"rank": n}) for n, a in enumerate(ordered[:MOST_ACTIONS], 1))


def _action(
    e: Evidence, indicator: Indicator, finding: FindingPart, part: IndicatorPart
) -> ActionPart:
    text = indicator.finding.weak if finding.kind == "weakness" else indicator.finding.attention
    assert text is not None
    assert finding.recommendation is not None
    kroner, kind = _effect(e, indicator, part, text)
    effect_points = 1 if kroner is None else sum(kroner >= s for s in EFFECT_STEPS)
    weakness = sum(finding.weakness >= s for s in WEAKNESS_STEPS)
    effort = EFFORT_POINTS[text.effort]
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
        effect_text=_effect_text(kroner, kind),
        effort=text.effort,
        deadline_days=text.deadline_days,
        deadline=e.ready.who.as_of + timedelta(days=text.deadline_days),
        indicator=indicator.id,
        today=part.shown,
        target=target,
        target_text=sentence("plan.no_target", vaerdi=part.shown)
        if target is None
        else sentence("plan.target", maal=shown_as(indicator, unit, target), vaerdi=part.shown),
        first_step=_first_step(text, part),
        call_text=_call_text(part),
        points_effect=effect_points,
        points_weakness=weakness,
        points_effort=effort,
        points=effect_points + weakness + effort,
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


def _effect_text(kroner: float | None, kind: EffectKind) -> Texts:
    if kroner is None:
        return sentence("plan.unknown")
    return sentence(
        f"plan.{kind}", beloeb=both(millions, kroner), procent=both(millions, kroner / 100)
    )


def _first_step(text: FindingText, part: IndicatorPart) -> Texts | None:
    return fill(text.first_step, {"vaerdi": part.shown}) if text.first_step else None


def _call_text(part: IndicatorPart) -> Texts | None:
    if not part.call:
        return None
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
