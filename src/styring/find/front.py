"""The front page: five lines from the figures at hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from styring.errors import Texts, join_texts, texts
from styring.find.evidence import Evidence
from styring.find.findings import is_apart
from styring.find.parts import function_text
from styring.find.words import names_listed, over_under
from styring.interplay import Reconciled
from styring.prepare import Prepared
from styring.review import (
    ActionPart,
    ActivityLine,
    CentrePart,
    EarlierAction,
    EconomyYear,
    FindingPart,
    FrontLine,
    Outlook,
    StatementGap,
)
from styring.say import capital, sentence, small
from styring.tables import Note
from styring.text import MONTHS, both, count_word, kroner, millions, number, percent, rounded

MOST_FIRST = 2
MOST_STRONG = 2
MOST_UNKNOWN = 3
WIDE_GAP = 2.0
MOVE_LEAST = 1_000_000.0
"""Kroner from which a move between two functions is worth a question."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the front page is written from."""

    economy: Sequence[EconomyYear]
    outlook: Outlook | None
    activity: Sequence[ActivityLine]
    centres: Sequence[CentrePart]
    findings: Sequence[FindingPart]
    actions: Sequence[ActionPart]
    earlier: Sequence[EarlierAction]
    gaps: Sequence[StatementGap]
    reconciled: Sequence[Reconciled]
    notes: Sequence[Note]
    missing: Sequence[str]
    has_peers: bool


def front(e: Evidence, known: Known) -> tuple[FrontLine, ...]:
    """Return the five lines."""
    lines = {
        "status": _status(e.ready, known),
        "cost": _cost(e.ready, known),
        "strength": _strength(e, known),
        "first": _first(known),
        "unknown": _unknown(e, known),
    }
    return tuple(
        FrontLine(key=key, heading=sentence(f"heading.{key}"), text=join_texts(text))
        for key, text in lines.items()
    )


def _status(ready: Prepared, known: Known) -> list[Texts]:
    years = {y.year: y for y in known.economy}
    last = years.get(ready.who.finished_year)
    if last is None or last.accounts is None:
        return [sentence("front.no_ledger")]
    earlier = years.get(last.year - 1)
    said = [_deviation(last)]
    if earlier is not None and earlier.deviation_corrected_share is not None:
        said.append(sentence("front.deviation_before", **_deviations(earlier)))
    if known.outlook is not None:
        said.append(_outlook(known.outlook))
    return [s for s in said if s]


def _deviation(year: EconomyYear) -> Texts:
    figures = _deviations(year)
    if year.deviation_corrected is not None:
        return sentence("front.deviation", **figures)
    return sentence("front.deviation_original", **figures)


def _deviations(year: EconomyYear) -> dict[str, Texts | str | int | None]:
    def amount(x: float | None) -> Texts | None:
        return None if x is None else both(millions, abs(x))

    def share(x: float | None) -> Texts | None:
        return None if x is None else both(percent, abs(x))

    corrected, original = year.deviation_corrected, year.deviation_original
    return {
        "aar": year.year,
        "korrigeret": amount(corrected),
        "korrigeret_andel": share(year.deviation_corrected_share),
        "retning_k": over_under(corrected or 0.0),
        "oprindeligt": amount(original),
        "oprindeligt_andel": share(year.deviation_original_share),
        "retning_o": over_under(original or 0.0),
    }


def _outlook(o: Outlook) -> Texts:
    forecast = None if o.forecast_gap is None else both(millions, o.forecast_gap, sign=True)
    expected = None if o.expected_gap is None else both(millions, o.expected_gap, sign=True)
    key = (
        "outlook" if forecast and expected else "outlook_cases" if expected else "outlook_forecast"
    )
    return sentence(f"front.{key}", aar=o.year, prognose=forecast, forventet=expected)


def _cost(ready: Prepared, known: Known) -> list[Texts]:
    year = ready.who.finished_year
    of_year = [a for a in known.activity if a.year == year]
    total = next((a for a in of_year if a.paragraph is None), None)
    named = [a for a in of_year if a.paragraph and a.cost is not None]
    if total is None:
        return [sentence("front.no_cases")]
    if total.cost is None or not named:
        return [sentence("front.withheld_cases")]
    dearest = max(named, key=lambda a: a.cost or 0.0)
    before = next(
        (a for a in known.activity if a.year == year - 1 and a.paragraph == dearest.paragraph), None
    )
    growth = None
    if before and before.price and dearest.price:
        growth = both(percent, dearest.price / before.price - 1, sign=True)
    return [
        sentence(
            "front.total_cost",
            udgift=both(millions, total.cost),
            aar=year,
            borgere=both(number, float(total.citizens or 0)),
        ),
        sentence(
            "front.dearest",
            paragraf=dearest.title,
            udgift=both(millions, dearest.cost),
            aar=year,
            andel=both(percent, (dearest.cost or 0.0) / total.cost, 0),
            pris=None if dearest.price is None else both(kroner, _thousands(dearest.price)),
            vaekst=growth,
            aar_foer=year - 1,
        ),
    ]


def _thousands(x: float) -> float:
    """Return kroner in whole thousands: a price per person says no more than that."""
    return float(rounded(x / 1000) * 1000)


def _strength(e: Evidence, known: Known) -> list[Texts]:
    """Return the strengths told first: figures before answers, by weight, then by points.

    Of each dimension one, so that the same is not said twice.
    """
    of = {i.id: i for i in e.indicators}

    def place(f: FindingPart) -> tuple[bool, float, float]:
        indicator = of[f.indicator or ""]
        return (indicator.kind == "practice", -indicator.weight, f.weakness)

    strong = sorted((f for f in known.findings if f.kind == "strength"), key=place)
    told = sorted({f.dimension: f for f in reversed(strong)}.values(), key=place)[:MOST_STRONG]
    return [f.summary for f in told] or [sentence("front.no_strength")]


def _first(known: Known) -> list[Texts]:
    said = [join_texts([a.summary, a.title]) for a in known.actions[:MOST_FIRST]]
    said = said or [sentence("front.no_actions")]
    late = [a for a in known.earlier if a.overdue]
    if late:
        effect = both(millions, sum(a.expected_kr or 0.0 for a in late))
        key = "front.overdue_one" if len(late) == 1 else "front.overdue"
        said.append(sentence(key, antal=capital(both(count_word, len(late))), effekt=effect))
    wide = [g for g in known.gaps if g.gap > WIDE_GAP]
    if wide:
        quoted = [Texts(f"«{g.statement.da}»", f"“{g.statement.en}”") for g in wide[:3]]
        said.append(sentence("front.gaps", udsagn=names_listed(quoted)))
    return said


def _unknown(e: Evidence, known: Known) -> list[Texts]:
    said: list[Texts] = []
    lost = [n for n in known.notes if n.severity == "error"]
    if lost:
        said += [n.message for n in lost[:1]]
    unjudged = [small(c.title) for c in known.centres if c.score is None]
    if unjudged:
        said.append(sentence("front.withheld_centre", center=capital(names_listed(unjudged))))
    if known.missing:
        said.append(
            sentence("front.missing_sheets", ark=names_listed([Texts(m, m) for m in known.missing]))
        )
    said += _moved(e.ready) or _apart(e, known)
    if not known.has_peers:
        said.append(sentence("front.no_peers"))
    return said[:MOST_UNKNOWN] or [sentence("front.nothing_unknown")]


def _apart(e: Evidence, known: Known) -> list[Texts]:
    """Return the function where ledger and cases are furthest apart in the finished year."""
    lines = [r for r in known.reconciled if r.year == e.ready.who.finished_year and is_apart(r)]
    if not lines:
        return []
    widest = max(lines, key=lambda r: abs((r.ledger or 0.0) - (r.cases or 0.0)))
    difference = (widest.ledger or 0.0) - (widest.cases or 0.0)
    return [
        sentence(
            "front.apart",
            aar=widest.year,
            beloeb=both(millions, abs(difference)),
            retning=over_under(difference),
            funktion=function_text(widest.function, e.ready.facts.account),
        )
    ]


def _moved(ready: Prepared) -> list[Texts]:
    """Return where the accounts moved an amount between two functions in the finished year."""
    moves = booked_moves(ready)
    if not moves:
        return []
    month, source, target, amount = moves[0]
    names = {
        a.funktion: texts(f"§ {a.main}") if a.main and a.main[0].isdigit() else a.name
        for a in ready.facts.account
    }
    return [
        sentence(
            "front.moved",
            maaned=Texts(MONTHS["da"][month - 1], MONTHS["en"][month - 1]),
            aar=ready.who.finished_year,
            beloeb=both(millions, amount),
            fra=names.get(source) or texts(source),
            til=names.get(target) or texts(target),
        )
    ]


def booked_moves(ready: Prepared) -> list[tuple[int, str, str, float]]:
    """Return (month, from, to, kroner) of amounts moved in the accounts of the finished year.

    A move is a row and its exact opposite on another function in the same month, a million kroner
    or more. Largest first.
    """
    if ready.tables.get("oekonomi") is None:
        return []
    rows = ready.placed("oekonomi", "year").filter(
        (pl.col("aar") == ready.who.finished_year)
        & (pl.col("version") == "regnskab")
        & pl.col("maaned").is_not_null()
        & (pl.col("beloeb").abs() >= MOVE_LEAST)
    )
    columns = ["maaned", "funktion", "beloeb"]
    out = rows.filter(pl.col("beloeb") < 0).select(*columns, opposite=-pl.col("beloeb"))
    into = rows.filter(pl.col("beloeb") > 0).select(*columns)
    pairs = out.join(
        into, left_on=["maaned", "opposite"], right_on=["maaned", "beloeb"], suffix="_til"
    ).filter(pl.col("funktion") != pl.col("funktion_til"))
    return (
        pairs.select("maaned", "funktion", "funktion_til", "opposite")
        .sort("opposite", "maaned", "funktion", descending=[True, False, False])
        .rows()
    )
