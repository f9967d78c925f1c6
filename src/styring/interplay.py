"""Do the three centres see the same picture: agreement, self-image, and two systems' figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from styring import economy, methods
from styring.aggregate import exact_sum
from styring.errors import Texts, texts
from styring.facts import Account
from styring.model import CentreId, Indicator
from styring.prepare import Prepared
from styring.privacy import secondary
from styring.score import Points

LEAST_RESPONDENTS = 3
"""A centre's mean on a statement needs this many answers."""
LEAST_GAP = 1.0
BLIND_SPOT = 15.0
"""Points between self-image and figures from which they are said to differ."""
_FEW = {"aar": pl.Int64(), "paragraf": pl.String()}
CENTRES: tuple[CentreId, ...] = ("strategisk-politisk", "oekonomisk-finansiel", "socialfaglig")


@dataclass(frozen=True, slots=True)
class Gap:
    """How far apart the centres' means on a statement are."""

    statement: str
    means: dict[CentreId, float]
    answers: dict[CentreId, int]
    gap: float
    clear: bool


@dataclass(frozen=True, slots=True)
class SelfImage:
    """A dimension's practice points beside its points by figures."""

    dimension: str
    self_image: float
    figures: float
    flagged: bool


@dataclass(frozen=True, slots=True)
class Reconciled:
    """Case cost against ledger on one function in one year, kroner before refund.

    `withheld` where the cases are there, but their cost would give few citizens away.
    """

    function: str
    year: int
    ledger: float | None
    cases: float | None
    withheld: bool = False


def agreement(
    ready: Prepared, statements: Sequence[Indicator]
) -> tuple[float | None, dict[str, float]]:
    """Return Krippendorff's alpha over all statements, and per dimension."""
    answers = _answers(ready)
    units = {s.id: [v for _, v in answers.get(s.id, [])] for s in statements}
    whole = methods.alpha_ordinal(list(units.values()))
    found: dict[str, float] = {}
    for dimension in dict.fromkeys(s.dimension for s in statements):
        part = [units[s.id] for s in statements if s.dimension == dimension]
        alpha = methods.alpha_ordinal(part)
        if alpha is not None and len([u for u in part if len(u) > 1]) > 1:
            found[dimension] = alpha
    return whole, found


def _answers(ready: Prepared) -> dict[str, list[tuple[CentreId, int]]]:
    """Return each statement's answers with the respondent's centre."""
    frame = ready.tables.get("praksis")
    if frame is None:
        return {}
    rows = frame.filter(pl.col("score").is_not_null() & pl.col("udsagn").is_not_null())
    found: dict[str, list[tuple[CentreId, int]]] = {}
    for statement, centre, value in rows.select("udsagn", "styringscenter", "score").iter_rows():
        found.setdefault(statement, []).append((centre, value))
    return found


def respondents(ready: Prepared) -> dict[CentreId, int]:
    """Return how many respondents of each centre have given an answer."""
    frame = ready.tables.get("praksis")
    if frame is None:
        return {}
    answered = frame.filter(pl.col("score").is_not_null() & pl.col("udsagn").is_not_null())
    counts = dict(
        answered.group_by("styringscenter").agg(pl.col("respondent").n_unique()).iter_rows()
    )
    return {c: counts[c] for c in CENTRES if c in counts}


def statement_gaps(ready: Prepared, statements: Sequence[Indicator]) -> list[Gap]:
    """Return each statement's gap between centre means, widest first.

    A gap is clear when it is at least one step and more than chance explains (`methods.differ`).
    """
    answers = _answers(ready)
    gaps = []
    for s in statements:
        by_centre: dict[CentreId, list[int]] = {}
        for centre, value in answers.get(s.id, []):
            by_centre.setdefault(centre, []).append(value)
        enough = {c: v for c, v in by_centre.items() if len(v) >= LEAST_RESPONDENTS}
        if len(enough) < 2:
            continue
        means = {c: sum(enough[c]) / len(enough[c]) for c in CENTRES if c in enough}
        high, low = max(means, key=lambda c: means[c]), min(means, key=lambda c: means[c])
        gap = means[high] - means[low]
        clear = gap >= LEAST_GAP and methods.differ(enough[high], enough[low])
        gaps.append(Gap(s.id, means, {c: len(enough[c]) for c in means}, gap, clear))
    return sorted(gaps, key=lambda g: (-g.gap, g.statement))


def self_image(indicators: Sequence[Indicator], scores: Mapping[str, Points]) -> list[SelfImage]:
    """Return each dimension's self-image beside its figures, where both are known.

    They are said to differ when they are at least 15 points apart.
    """
    found = []
    for dimension in dict.fromkeys(i.dimension for i in indicators):
        sides = []
        for kind in ("practice", "figure"):
            part = [
                i
                for i in indicators
                if i.dimension == dimension and i.kind == kind and i.id in scores
            ]
            weight = sum(i.weight for i in part)
            if part:
                sides.append(sum(scores[i.id].score * i.weight for i in part) / weight)
        if len(sides) == 2:
            apart = abs(sides[0] - sides[1]) >= BLIND_SPOT
            found.append(SelfImage(dimension, sides[0], sides[1], apart))
    return found


def reconciliation(ready: Prepared) -> list[Reconciled]:
    """Return case cost and ledger before refund by function.

    Of the latest finished year, and of the current one to the last month that has ended.
    """
    if ready.tables.get("oekonomi") is None or ready.tables.get("sager") is None:
        return []
    years = {ready.who.finished_year, ready.who.accounting_year} & set(ready.years)
    ledger = ready.placed("oekonomi", "year").filter(
        (pl.col("version") == "regnskab") & ~pl.col("refusion")
    )
    cut = ready.placed("sager", "to_date").filter(pl.col("aar") > ready.who.finished_year)
    whole = ready.placed("sager", "year").filter(pl.col("aar") <= ready.who.finished_year)
    spent = pl.concat([whole, cut], how="diagonal")
    booked = _by_function(ledger, "beloeb", years)
    cost = _by_function(spent, "udgift", years)
    few = withheld_functions(ready)
    return [
        Reconciled(
            f, y, booked.get((f, y)), None if (f, y) in few else cost.get((f, y)), (f, y) in few
        )
        for y, f in sorted({(y, f) for f, y in [*booked, *cost]})
    ]


def withheld_functions(ready: Prepared) -> set[tuple[str, int]]:
    """Return the functions and years whose case cost would give few citizens away.

    Those with few citizens, and those whose cost less that of the paragraphs shown is the cost of
    few; each with one more where the total would give it.
    """
    few = economy.withheld_paragraphs(ready)
    hidden = pl.DataFrame(sorted(few), schema=_FEW, orient="row").with_columns(few=True)
    counts = (
        ready.placed("sager", "year")
        .join(hidden, on=["aar", "paragraf"], how="left")
        .with_columns(pl.col("funktion").fill_null(""))
        .group_by("funktion", "aar")
        .agg(
            pl.col("borger_id").n_unique().alias("all"),
            pl.col("borger_id").filter("few").n_unique().alias("of_few"),
        )
        .sort("aar", "funktion")
    )
    found: set[tuple[str, int]] = set()
    for _, of_year in counts.group_by("aar", maintain_order=True):
        gone = secondary(of_year["all"].to_list()) | secondary(of_year["of_few"].to_list())
        found |= set(of_year[sorted(gone)].select("funktion", "aar").iter_rows())
    return found


def _by_function(frame: pl.DataFrame, column: str, years: set[int]) -> dict[tuple[str, int], float]:
    sums = (
        frame.filter(pl.col("aar").is_in(sorted(years)))
        .with_columns(pl.col("funktion").fill_null(""))
        .group_by("funktion", "aar", maintain_order=True)
        .agg(exact_sum(column, frame.columns).alias("sum"))
    )
    return {(f, y): s for f, y, s in sums.iter_rows() if s is not None}


def function_name(function: str, accounts: Sequence[Account]) -> Texts:
    """Return a function's name, or the function itself."""
    return next((a.name for a in accounts if a.funktion == function), texts(function))
