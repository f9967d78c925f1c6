"""What is weak, strong or worth attention: figure → meaning → question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from styring.aggregate import Query, aggregate
from styring.compare import Comparison
from styring.errors import Texts
from styring.facts import Account, Unit
from styring.find.evidence import Evidence
from styring.find.holds import LEAST_SHARE, Holds, holds
from styring.find.objections import objections, other_objections
from styring.find.outcome import before, growth_of, outcome
from styring.find.parts import function_text, period
from styring.find.words import centre_name, over_under
from styring.interplay import LEAST_GAP, Gap, Reconciled, SelfImage
from styring.measure import Figure, is_state
from styring.model import Indicator
from styring.privacy import is_small
from styring.review import FindingKind, FindingPart, StatementGap, UnsureFinding
from styring.say import (
    EXTREME_HIGH,
    EXTREME_LOW,
    capital,
    fill,
    first_line,
    mean_text,
    sentence,
    shown_as,
)
from styring.text import both, day, kroner, millions, number, percent

MONEY_COLUMNS = frozenset({
    "beloeb", "udgift", "aarspris", "aarspris_nu", "aarspris_foer_opfoelgning", "forudsat_udgift",
    "beregnet_refusion", "nettoudgift", "forventet_gevinst", "realiseret_gevinst",
})  # fmt: skip
"""Columns whose sums are kroner, told in millions."""
LARGE = 1_000_000.0
"""Kroner from which a difference between ledger and cases is worth a question."""
LARGE_SHARE = 0.05


def placeholders(e: Evidence, indicator: Indicator) -> dict[str, Texts | None]:
    """Return the figures a finding's sentences may name."""
    figure = e.figures.main(e.ready, indicator)
    unit = e.units[indicator.unit]
    c: Comparison | None = e.compared.get(indicator.id)
    earlier = before(e, indicator, figure)
    growth = growth_of(e, indicator, figure)
    goal = e.figures.goals.get(indicator.id)
    when = period_text(e, indicator, figure)
    best = None
    if c and c.gap_best is not None and figure.value is not None:
        best = shown_as(indicator, unit, figure.value - c.gap_best)
    return {
        "vaerdi": shown_as(indicator, unit, figure.value),
        "taeller": _amount(indicator, figure.numerator, numerator=True),
        "naevner": _amount(indicator, figure.denominator, numerator=False),
        "periode": when,
        "aar": Texts(str(figure.year), str(figure.year)),
        "kommune": Texts(e.ready.who.name, e.ready.who.name),
        "median": shown_as(indicator, unit, c.median) if c else None,
        "kvartil": best,
        "gap": shown_as(indicator, unit, c.gap, sign=True) if c else None,
        "gap_kr": both(millions, abs(c.gap_kr)) if c and c.gap_kr is not None else None,
        "forrige": shown_as(indicator, unit, earlier.value) if earlier else None,
        "forrige_periode": Texts(str(earlier.year), str(earlier.year)) if earlier else None,
        "aendring": both(percent, growth, sign=True) if growth is not None else None,
        "maal": shown_as(indicator, unit, goal) if goal is not None else None,
        "antal_kommuner": both(number, float(len(c.peers))) if c else None,
        "placering": Texts(f"{c.rank} af {len(c.peers) + 1}", f"{c.rank} of {len(c.peers) + 1}")
        if c and c.rank
        else None,
        "paa_spil": _stake_text(e, indicator),
    }


def period_text(e: Evidence, indicator: Indicator, figure: Figure) -> Texts:
    """Return a figure's period as readers write it."""
    name = period(e.ready, indicator, figure)
    if is_state(indicator.value) or figure.partial:
        return both(day, e.ready.who.as_of)
    return Texts(name, name)


def _amount(indicator: Indicator, x: float | None, *, numerator: bool) -> Texts | None:
    """Return a numerator or denominator: kroner in millions, counts whole, time 1 decimal."""
    value = indicator.value
    agg = value.numerator if numerator else value.denominator
    if x is None or (agg is None and numerator):
        return None
    if agg is not None and agg.sum in MONEY_COLUMNS:
        return both(millions, x)
    if agg is not None and agg.aggregate in ("person_years", "person_days"):
        return both(number, x, 1)
    return both(number, x)


def at_stake(e: Evidence, indicator: Indicator) -> float | None:
    """Return the kroner a finding is about by its definition, where enough citizens are behind."""
    agg = indicator.at_stake
    if agg is None or (agg.from_ not in e.ready.tables.frames and agg.from_ != "cases"):
        return None
    parts = aggregate(e.ready, Query(agg))
    part = parts.get((e.figures.main(e.ready, indicator).year, None, None))
    if part is None or part.x is None or is_small(part.persons):
        return None
    return part.x or None


def _stake_text(e: Evidence, indicator: Indicator) -> Texts | None:
    kr = at_stake(e, indicator)
    return both(millions, kr) if kr is not None else None


@dataclass(frozen=True, slots=True)
class Found:
    """What the indicators give rise to: findings that hold, and readings that flip."""

    firm: tuple[tuple[Indicator, FindingPart], ...]
    unsure: tuple[UnsureFinding, ...]


def indicator_findings(e: Evidence) -> Found:
    """Return what the indicators give rise to, in the catalogue's order.

    A grade that flips with the choice of peers, or when weights, method and values are varied, is
    no finding; it is told apart.
    """
    firm, unsure = [], []
    for indicator in e.indicators:
        kind = outcome(e, indicator)
        if kind is None:
            continue
        held = holds(e, indicator, kind)
        if held.is_firm:
            firm.append((indicator, _finding(e, indicator, kind, held)))
        else:
            unsure.append(_unsure(indicator, kind, held))
    return Found(tuple(firm), tuple(unsure))


def _finding(e: Evidence, indicator: Indicator, kind: FindingKind, held: Holds) -> FindingPart:
    text = {
        "weakness": indicator.finding.weak,
        "strength": indicator.finding.strong,
        "attention": indicator.finding.attention,
    }[kind]
    assert text is not None
    figures = placeholders(e, indicator)
    c = e.compared.get(indicator.id)
    points = e.points.get(indicator.id)
    return FindingPart(
        id=f"{kind}-{indicator.id}",
        kind=kind,
        centre=indicator.centre,
        dimension=indicator.dimension,
        indicator=indicator.id,
        title=indicator.title,
        summary=first_line(text.observation, figures),
        observation=fill(text.observation, figures),
        question=fill(text.question, figures) if text.question else None,
        recommendation=fill(text.recommendation, figures) if text.recommendation else None,
        evidence=_evidence(e, indicator),
        gap_kr=c.gap_kr if c else None,
        weakness=100 - points.score if points else 0.0,
        holds=held.holds if held.sets else None,
        sets=held.sets,
        holds_text=_holds_text(held) if c else None,
        objections=objections(e, indicator, e.figures.main(e.ready, indicator), held),
    )


def _holds_text(held: Holds) -> Texts:
    if not held.sets:
        return sentence("holds.apart")
    if held.sets == 1:
        return sentence("holds.one")
    key = "holds.all" if held.holds == held.sets else "holds.some"
    return sentence(key, holder=held.holds, antal=held.sets)


def _unsure(indicator: Indicator, kind: FindingKind, held: Holds) -> UnsureFinding:
    by_sets = held.sets and held.holds < LEAST_SHARE * held.sets
    text = sentence(
        "holds.unsure" if by_sets else "holds.draws",
        titel=indicator.title,
        holder=held.holds,
        antal=held.sets,
        andel=both(percent, held.draws),
    )
    return UnsureFinding(
        indicator=indicator.id,
        kind=kind,
        title=indicator.title,
        holds=held.holds,
        sets=held.sets,
        text=text,
    )


def _evidence(e: Evidence, indicator: Indicator) -> Texts:
    """Return the figures behind a finding on one line."""
    figure = e.figures.main(e.ready, indicator)
    unit: Unit = e.units[indicator.unit]
    when = period_text(e, indicator, figure)
    value = shown_as(indicator, unit, figure.value)
    c, points = e.compared.get(indicator.id), e.points.get(indicator.id)
    da, en = [f"{when.da}: {value.da}"], [f"{when.en}: {value.en}"]
    if c:
        middle = shown_as(indicator, unit, c.median)
        da.append(f"midten af {len(c.peers)} kommuner: {middle.da}")
        en.append(f"median of {len(c.peers)} municipalities: {middle.en}")
    if points:
        span = f"{number(points.score)} ({number(points.low)}–{number(points.high)})"
        da.append(f"{span} point")
        en.append(f"{span} points")
    return Texts("; ".join(da), "; ".join(en))


def gap_parts(gaps: Sequence[Gap], statements: Mapping[str, Indicator]) -> tuple[StatementGap, ...]:
    """Return the statements the centres clearly answer differently, as far as may be shown."""
    parts = [_gap_part(g, statements[g.statement]) for g in gaps if g.clear]
    return tuple(p for p in parts if p.gap >= LEAST_GAP)


def _gap_part(gap: Gap, statement: Indicator) -> StatementGap:
    """Return a gap as it may be shown: means are cut off at 1,5 and 4,5, and so is the gap."""
    assert statement.statement is not None
    means = {c: min(max(m, EXTREME_LOW), EXTREME_HIGH) for c, m in gap.means.items()}
    high = max(gap.means, key=lambda c: gap.means[c])
    low = min(gap.means, key=lambda c: gap.means[c])
    shown_gap = means[high] - means[low]
    text = sentence(
        "interplay.gap" if shown_gap == gap.gap else "interplay.gap_least",
        hoej=capital(centre_name(high)),
        lav=centre_name(low),
        forskel=both(number, shown_gap, 1),
        hoej_tal=mean_text(gap.means[high]),
        lav_tal=mean_text(gap.means[low]),
    )
    return StatementGap(
        id=gap.statement,
        statement=statement.statement,
        means=means,
        answers=gap.answers,
        gap=shown_gap,
        text=text,
    )


def gap_findings(
    e: Evidence, parts: Sequence[StatementGap], statements: Mapping[str, Indicator]
) -> Iterator[FindingPart]:
    """Yield a finding for each clear gap between the centres' answers."""
    for g in parts:
        yield FindingPart(
            id=f"gap-{g.id}",
            kind="statement_gap",
            centre="sammenhaeng",
            dimension=statements[g.id].dimension,
            indicator=g.id,
            title=sentence("interplay.gap_title", udsagn=statements[g.id].title),
            summary=g.text,
            observation=g.text,
            question=sentence("interplay.gap_question"),
            recommendation=None,
            evidence=g.statement,
            gap_kr=None,
            weakness=0.0,
            objections=other_objections(e, ["praksis"], sentence("reply.gap_chance")),
        )


def blind_findings(
    e: Evidence, images: Sequence[SelfImage], titles: Mapping[str, Texts]
) -> Iterator[FindingPart]:
    """Yield a finding for each dimension where self-image and figures are apart."""
    for image in images:
        if not image.flagged:
            continue
        yield FindingPart(
            id=f"blind-{image.dimension}",
            kind="blind_spot",
            centre="sammenhaeng",
            dimension=image.dimension,
            indicator=None,
            title=sentence("interplay.blind_title", dimension=titles[image.dimension]),
            summary=blind_text(image),
            observation=blind_text(image),
            question=None,
            recommendation=None,
            evidence=Texts(
                f"selvbillede {number(image.self_image)}, tal {number(image.figures)} point",
                f"self-image {number(image.self_image)}, figures {number(image.figures)} points",
            ),
            gap_kr=None,
            weakness=abs(image.self_image - image.figures),
            objections=other_objections(e, ["praksis"]),
        )


def blind_text(image: SelfImage) -> Texts:
    """Return what a dimension's self-image says beside its figures."""
    difference = image.self_image - image.figures
    if not image.flagged:
        return sentence("interplay.blind_same")
    key = "interplay.blind_above" if difference > 0 else "interplay.blind_below"
    return sentence(key, forskel=both(number, abs(difference)))


def reconcile_findings(
    e: Evidence, lines: Sequence[Reconciled], accounts: Sequence[Account], year: int
) -> Iterator[FindingPart]:
    """Yield a finding for each function where ledger and cases are far apart in a finished year."""
    for line in lines:
        if line.year != year or not is_apart(line):
            continue
        assert line.ledger is not None
        assert line.cases is not None
        name = function_text(line.function, accounts)
        difference = line.ledger - line.cases
        said = sentence(
            "front.apart",
            aar=line.year,
            beloeb=both(millions, abs(difference)),
            retning=over_under(difference),
            funktion=name,
        )
        yield FindingPart(
            id=f"afstemning-{line.function}",
            kind="reconciliation",
            centre="sammenhaeng",
            dimension="ledelsesinformation",
            indicator="afstemning-sag-oekonomi",
            title=sentence("interplay.reconcile_title", funktion=name),
            summary=said,
            observation=said,
            question=None,
            recommendation=None,
            evidence=Texts(
                f"regnskab {kroner(line.ledger)}, sager {kroner(line.cases)}",
                f"accounts {kroner(line.ledger, 'en')}, cases {kroner(line.cases, 'en')}",
            ),
            gap_kr=difference,
            weakness=0.0,
            objections=other_objections(e, ["oekonomi", "sager"]),
        )


def is_apart(line: Reconciled) -> bool:
    """Return whether a function's ledger and cases differ by 5 % and a million kroner or more."""
    if not line.ledger or line.cases is None:
        return False
    difference = abs(line.ledger - line.cases)
    return difference >= LARGE and difference / abs(line.ledger) >= LARGE_SHARE


def alpha_text(alpha: float | None, respondents: int) -> Texts:
    """Return what Krippendorff's alpha says."""
    if alpha is None:
        return sentence("interplay.no_alpha")
    return sentence("interplay.alpha", antal=respondents, alpha=both(number, alpha, 2))
