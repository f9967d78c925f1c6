"""What is weak, strong or worth attention: figure → meaning → question."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from styring.aggregate import Query, aggregate
from styring.compare import Comparison
from styring.errors import Texts
from styring.facts import Account, Unit
from styring.find.parts import Evidence, function_text, period
from styring.interplay import LEAST_GAP, Gap, Reconciled, SelfImage
from styring.measure import Figure, is_state
from styring.model import FindingText, Indicator
from styring.privacy import is_small
from styring.review import FindingKind, FindingPart, StatementGap
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
from styring.text import both, day, kroner, listed, millions, number, percent

MONEY_COLUMNS = frozenset({
    "beloeb", "udgift", "aarspris", "aarspris_nu", "aarspris_foer_opfoelgning", "forudsat_udgift",
    "beregnet_refusion", "nettoudgift", "forventet_gevinst", "realiseret_gevinst",
})  # fmt: skip
"""Columns whose sums are kroner, told in millions."""
WEAK, WEAK_HIGH = 40.0, 60.0
STRONG, STRONG_LOW = 70.0, 50.0
MATERIAL_SHARE, MATERIAL_KR = 0.1, 500_000.0
LARGE = 1_000_000.0
"""Kroner from which a difference between ledger and cases is worth a question."""
LARGE_SHARE = 0.05


def outcome(e: Evidence, indicator: Indicator) -> FindingKind | None:
    """Return whether an indicator is a weakness, a strength, worth attention, or neither.

    Weak is below 40 points with the interval below 60, and apart from the peers or the target by at
    least the definition's materiality; strong is 70 and over with the interval above 50. Context
    figures are attention points by the triggers of their definition.
    """
    figure = e.figures.main(e.ready, indicator)
    if figure.value is None:
        return None
    points = e.points.get(indicator.id)
    weak = points is not None and points.score < WEAK and points.high <= WEAK_HIGH
    if weak and indicator.finding.weak and _is_worth_acting_on(e, indicator, figure.value):
        return "weakness"
    if points and indicator.finding.strong and points.score >= STRONG and points.low >= STRONG_LOW:
        return "strength"
    attention = indicator.finding.attention
    if attention and _is_triggered(e, indicator, attention, figure):
        return "attention"
    return None


def _is_worth_acting_on(e: Evidence, indicator: Indicator, value: float) -> bool:
    """Return whether a figure is apart by at least what its definition calls worth acting on.

    From its target or goal, where it has one to keep to; else from the peers' median.
    """
    least, c = indicator.materiality, e.compared.get(indicator.id)
    if least is None:
        return True
    if indicator.better == "target":
        target = e.figures.goals.get(indicator.id, indicator.target)
        return target is None or abs(value - target) >= least
    return c is None or abs(c.gap) >= least


def _is_triggered(e: Evidence, indicator: Indicator, text: FindingText, figure: Figure) -> bool:
    value = figure.value
    assert value is not None
    compared = e.compared.get(indicator.id)
    growth = growth_of(e, indicator, figure)
    apart = compared is not None and _is_material(indicator, figure, compared)
    above = apart and compared is not None and value > compared.q3
    below = apart and compared is not None and value < compared.q1
    triggers = (
        text.above is not None and value > text.above,
        text.below is not None and value < text.below,
        text.growth_above is not None and growth is not None and growth > text.growth_above,
        text.beyond_peers in ("above", "either") and above,
        text.beyond_peers in ("below", "either") and below,
    )
    return any(triggers)


def _is_material(indicator: Indicator, figure: Figure, c: Comparison) -> bool:
    """Return whether a gap to the peers' median is worth a question.

    At least what the definition calls worth acting on (a tenth of the median where it does not
    say), half a million kroner a year where it is kroner, and outside the figure's own interval.
    """
    least = indicator.materiality or MATERIAL_SHARE * abs(c.median)
    if abs(c.gap) < least:
        return False
    if c.gap_kr is not None and abs(c.gap_kr) < MATERIAL_KR:
        return False
    inside = (
        figure.low is not None
        and figure.high is not None
        and (figure.low <= c.median <= figure.high)
    )
    return not inside


def before(e: Evidence, indicator: Indicator, figure: Figure) -> Figure | None:
    """Return the figure a year earlier, where there is one to compare with."""
    if is_state(indicator.value):
        return None
    return next(
        (
            f
            for f in e.figures.series[indicator.id]
            if f.year == figure.year - 1 and f.value is not None and f.partial == figure.partial
        ),
        None,
    )


def growth_of(e: Evidence, indicator: Indicator, figure: Figure) -> float | None:
    """Return the relative change from the year before."""
    earlier = before(e, indicator, figure)
    if earlier is None or not earlier.value or figure.value is None:
        return None
    return (figure.value - earlier.value) / abs(earlier.value)


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


def indicator_findings(e: Evidence) -> Iterator[tuple[Indicator, FindingPart]]:
    """Yield what the indicators give rise to, in the catalogue's order."""
    for indicator in e.indicators:
        kind = outcome(e, indicator)
        if kind is None:
            continue
        text = {
            "weakness": indicator.finding.weak,
            "strength": indicator.finding.strong,
            "attention": indicator.finding.attention,
        }[kind]
        assert text is not None
        figures = placeholders(e, indicator)
        c = e.compared.get(indicator.id)
        points = e.points.get(indicator.id)
        yield (
            indicator,
            FindingPart(
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
            ),
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


def centre_name(centre: str) -> Texts:
    """Return a centre's short name."""
    names = {
        "strategisk-politisk": Texts("strategisk-politisk", "strategic-political"),
        "oekonomisk-finansiel": Texts("økonomisk-finansiel", "economic-financial"),
        "socialfaglig": Texts("socialfaglig", "professional"),
        "sammenhaeng": Texts("de tre styringscentre sammen", "the three centres together"),
    }
    return names[centre]


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
    parts: Sequence[StatementGap], statements: Mapping[str, Indicator]
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
        )


def blind_findings(
    images: Sequence[SelfImage], titles: Mapping[str, Texts]
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
        )


def blind_text(image: SelfImage) -> Texts:
    """Return what a dimension's self-image says beside its figures."""
    difference = image.self_image - image.figures
    if not image.flagged:
        return sentence("interplay.blind_same")
    key = "interplay.blind_above" if difference > 0 else "interplay.blind_below"
    return sentence(key, forskel=both(number, abs(difference)))


def reconcile_findings(
    lines: Sequence[Reconciled], accounts: Sequence[Account], year: int
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
        )


def is_apart(line: Reconciled) -> bool:
    """Return whether a function's ledger and cases differ by 5 % and a million kroner or more."""
    if not line.ledger or line.cases is None:
        return False
    difference = abs(line.ledger - line.cases)
    return difference >= LARGE and difference / abs(line.ledger) >= LARGE_SHARE


def over_under(difference: float) -> Texts:
    """Return `over` or `under`."""
    return Texts("over", "above") if difference >= 0 else Texts("under", "below")


def alpha_text(alpha: float | None, respondents: int) -> Texts:
    """Return what Krippendorff's alpha says."""
    if alpha is None:
        return sentence("interplay.no_alpha")
    return sentence("interplay.alpha", antal=respondents, alpha=both(number, alpha, 2))


def names_listed(items: Sequence[Texts]) -> Texts:
    """Return `a, b og c` in both languages."""
    return Texts(listed([i.da for i in items]), listed([i.en for i in items], "en"))
