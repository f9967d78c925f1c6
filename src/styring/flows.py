"""Who comes, who leaves, who moves between paragraphs, how long they stay, and at what price.

The unit is a citizen in a paragraph: several rows and cases of one citizen there count once. Flows
are what differs from one New Year's Eve to the next, so they add up: stock + inflow − outflow is
the next stock, in every paragraph and in all. A stay that begins and ends between the two is told
apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from styring import cases
from styring.prepare import Prepared
from styring.stats.interval import Z95

PAIR: Final = ("borger_id", "paragraf")
SAME: Final = (*PAIR, "sag_id", "ydelse", "tilbud", "enhed")
"""What a case must have in common at both ends of a year for its price to be compared."""
In = Literal["turned_18", "new", "returned", "added", "moved_in"]
Out = Literal["died_or_moved", "turned_67", "ended", "dropped", "moved_out"]
INS: Final[tuple[In, ...]] = ("turned_18", "new", "returned", "added", "moved_in")
OUTS: Final[tuple[Out, ...]] = ("died_or_moved", "turned_67", "ended", "dropped", "moved_out")
ADULT = 18
GONE = r"(?i)\b(død|døde|dødsfald|afgået|fraflyt|flyttet)"
"""The words of an end's reason that say the citizen died or moved away."""
WINDOW_YEARS = 3
"""How far back the lengths of stay are seen."""
Floats = npt.NDArray[np.float64]
Share = tuple[float, float | None, float | None]
"""A share with its 95 % limits; without limits where all or none are left."""


def stock(ready: Prepared, day: date) -> pl.DataFrame:
    """Return the citizens in each paragraph on a day.

    Returns:
        `borger_id`, `paragraf` (String), `dagspris` (Float64, kr. a day: the sum of what runs; null
        where a price or a unit is missing), `foedselsaar` (Int64), one row per citizen and
        paragraph. One-off payments are left out.
    """
    return (
        ready.runnable.filter(
            cases.runs_on(day) & (pl.col("enhed") != "engang") & pl.col("paragraf").is_not_null()
        )
        .with_columns(dagspris=cases.per_day(day))
        .group_by(PAIR)
        .agg(
            dagspris=pl.when(pl.col("dagspris").null_count() == 0).then(pl.col("dagspris").sum()),
            foedselsaar=pl.col("foedselsaar").min(),
        )
        .sort(PAIR)
    )


def moves(ready: Prepared, year: int) -> pl.DataFrame:
    """Return who came to, left and stayed in each paragraph from one New Year's Eve to the next.

    The year that has begun ends on the as-of date. A citizen who leaves one paragraph and comes to
    another in the year has moved; where several are left and entered they are paired in order. Who
    had support of another kind and keeps it has support *added* or *dropped*.

    Returns:
        `borger_id`, `paragraf` (String), `foer`, `efter` (Boolean: there at the beginning, at the
        end), `kind` (String: one of `INS` or `OUTS`; null for those who stay), `til` (String: where
        one who moved out went), `dagspris_foer`, `dagspris_efter` (Float64, kr. a day).
    """
    first, last = _ends(ready, year)
    before, after = stock(ready, first), stock(ready, last)
    seen = ready.runnable.filter(pl.col("fra_dag") <= first)["borger_id"].unique()
    both = (
        before.select(*PAIR, foer=pl.lit(value=True), dagspris_foer="dagspris", born="foedselsaar")
        .join(
            after.select(
                *PAIR, efter=pl.lit(value=True), dagspris_efter="dagspris", later="foedselsaar"
            ),
            on=PAIR, how="full", coalesce=True,
        )
        .with_columns(
            pl.col("foer", "efter").fill_null(value=False),
            aargang=pl.coalesce("later", "born"),
        )
        .sort(PAIR)
    )  # fmt: skip
    here = both.with_columns(
        had=pl.col("foer").any().over("borger_id"),
        has=pl.col("efter").any().over("borger_id"),
        known=pl.col("borger_id").is_in(seen.implode()),
    )
    came, left = ~pl.col("foer"), ~pl.col("efter")
    ranked = here.with_columns(
        rank_in=pl.when(came).then(came.cum_sum().over("borger_id")),
        rank_out=pl.when(left).then(left.cum_sum().over("borger_id")),
        pairs=pl.min_horizontal(came.sum().over("borger_id"), left.sum().over("borger_id")),
    )
    to = ranked.filter(came).select("borger_id", rank_out="rank_in", til="paragraf")
    ranked = ranked.join(to, on=["borger_id", "rank_out"], how="left").with_columns(
        til=pl.when(pl.col("rank_out") <= pl.col("pairs")).then("til")
    )
    ends = _reasons(ready, first, last)
    return (
        ranked.join(ends, on=PAIR, how="left")
        .with_columns(
            kind=pl.when(came).then(_in(year)).when(left).then(_out(year, ready.pension_age(last)))
        )
        .sort(PAIR)
        .select(*PAIR, "foer", "efter", "kind", "til", "dagspris_foer", "dagspris_efter")
    )  # fmt: skip


def _ends(ready: Prepared, year: int) -> tuple[date, date]:
    """Return the two days that a year's flows lie between."""
    return date(year - 1, 12, 31), ready.until("year").get(year, date(year, 12, 31))


def _in(year: int) -> pl.Expr:
    return (
        pl.when(pl.col("rank_in") <= pl.col("pairs")).then(pl.lit("moved_in"))
        .when(pl.col("had")).then(pl.lit("added"))
        .when(year - pl.col("aargang") == ADULT).then(pl.lit("turned_18"))
        .when(pl.col("known")).then(pl.lit("returned"))
        .otherwise(pl.lit("new"))
    )  # fmt: skip


def _out(year: int, pension: int) -> pl.Expr:
    return (
        pl.when(pl.col("rank_out") <= pl.col("pairs")).then(pl.lit("moved_out"))
        .when(pl.col("has")).then(pl.lit("dropped"))
        .when(pl.col("gone")).then(pl.lit("died_or_moved"))
        .when(year - pl.col("aargang") == pension).then(pl.lit("turned_67"))
        .otherwise(pl.lit("ended"))
    )  # fmt: skip


def _reasons(ready: Prepared, first: date, last: date) -> pl.DataFrame:
    """Return whether the reason of an end in the year says that the citizen died or moved away."""
    said = pl.col("afslutningsaarsag").str.contains(GONE)
    return (
        ready.runnable.filter((pl.col("til_dag") >= first) & (pl.col("til_dag") < last))
        .group_by(PAIR)
        .agg(gone=said.any())
    )


@dataclass(frozen=True, slots=True)
class Flow:
    """One paragraph's year, or all (`paragraph` None), in citizens.

    In all, a citizen counts once in each paragraph. `start` + inflow − outflow = `end`.
    """

    paragraph: str | None
    start: int
    end: int
    ins: dict[In, int]
    outs: dict[Out, int]


def flows(moved: pl.DataFrame) -> tuple[Flow, ...]:
    """Return the flows of a year by paragraph, those of all last, nothing withheld.

    Args:
        moved: from `moves`.
    """
    paragraphs = moved["paragraf"].unique().sort().to_list()
    return (
        *(_flow(moved.filter(pl.col("paragraf") == p), p) for p in paragraphs),
        _flow(moved, None),
    )


def _flow(rows: pl.DataFrame, paragraph: str | None) -> Flow:
    counts = dict(rows.group_by("kind").len().iter_rows())
    return Flow(
        paragraph,
        int(rows["foer"].sum()),
        int(rows["efter"].sum()),
        {k: counts.get(k, 0) for k in INS},
        {k: counts.get(k, 0) for k in OUTS},
    )


def churn(moved: pl.DataFrame) -> dict[tuple[str, str], int]:
    """Return how many moved from one paragraph to another, by (from, to), nothing withheld."""
    rows = moved.filter(pl.col("kind") == "moved_out").group_by("paragraf", "til").len()
    return {(p, q): n for p, q, n in rows.sort("paragraf", "til").iter_rows()}


@dataclass(frozen=True, slots=True)
class Survival:
    """How long those in a paragraph stay, in days; shares with 95 % limits, None if not seen."""

    paragraph: str
    citizens: int
    ended: int
    median: float | None
    beyond_12: Share | None
    beyond_24: Share | None


def survivals(ready: Prepared) -> tuple[Survival, ...]:
    """Return the lengths of stay by paragraph, seen over the latest three years.

    A stay that began before the window is watched from the day the window opens (late entry); one
    that has not ended counts as long as it has lasted (censored).

    Source: Kaplan & Meier, J. Am. Stat. Assoc. 53 (1958); limits by Greenwood's variance on the
    log(−log) scale: Kalbfleisch & Prentice, The Statistical Analysis of Failure Time Data (1980).
    """
    as_of = ready.who.as_of
    every = _stays(ready)
    opened = max(
        date(as_of.year - WINDOW_YEARS, as_of.month, min(as_of.day, 28)), _begun(every, as_of)
    )
    stays = (
        every.filter(pl.col("slut").is_null() | (pl.col("slut") >= opened))
        .filter(pl.col("start") <= as_of)
        .with_columns(
            ended=(pl.col("slut") <= as_of).fill_null(value=False),
            days=(pl.min_horizontal("slut", pl.lit(as_of)) - pl.col("start")).dt.total_days() + 1,
            entry=(pl.lit(opened) - pl.col("start")).dt.total_days().clip(0, None),
        )
    )
    return tuple(
        _survival(str(p), rows)
        for (p,), rows in stays.sort("paragraf").group_by("paragraf", maintain_order=True)
    )


def _begun(stays: pl.DataFrame, as_of: date) -> date:
    """Return the first day the rows can tell of ends: stays that ended before are not in them."""
    first = stays["slut"].min()
    return first if isinstance(first, date) else as_of


def _stays(ready: Prepared) -> pl.DataFrame:
    """Return each unbroken stay of a citizen in a paragraph: first day, last day (null: open)."""
    rows = (
        ready.runnable.filter((pl.col("enhed") != "engang") & pl.col("paragraf").is_not_null())
        .sort(*PAIR, "fra_dag", "til_dag")
        .with_columns(before=pl.col("til_dag").cum_max().shift(1).over(PAIR))
    )
    new = (pl.col("fra_dag") > pl.col("before").dt.offset_by("1d")).fill_null(value=True)
    open_ = pl.col("til_dag") == cases.FAR
    return (
        rows.with_columns(new=pl.when(pl.col("before") == cases.FAR).then(False).otherwise(new))
        .with_columns(stay=pl.col("new").cum_sum().over(PAIR))
        .group_by(*PAIR, "stay")
        .agg(
            start=pl.col("fra_dag").min(),
            slut=pl.when(~open_.any()).then(pl.col("til_dag").max()),
        )
        .sort(*PAIR, "stay")
    )  # fmt: skip


def _survival(paragraph: str, rows: pl.DataFrame) -> Survival:
    curve = survival_curve(
        rows["days"].to_numpy(), rows["ended"].to_numpy(), rows["entry"].to_numpy()
    )
    return Survival(
        paragraph,
        rows["borger_id"].n_unique(),
        int(rows["ended"].sum()),
        next((float(t) for t, s in zip(curve.days, curve.alive, strict=True) if s <= 0.5), None),
        curve.at(365),
        curve.at(730),
    )


@dataclass(frozen=True, slots=True)
class Curve:
    """A survival curve: days on which stays ended, the share that goes on, Greenwood's sum."""

    days: Floats
    alive: Floats
    variance: Floats
    seen: float

    def at(self, day: int) -> Share | None:
        """Return the share beyond a day with its 95 % limits; None where nobody is seen so long."""
        if day > self.seen:
            return None
        n = int(np.searchsorted(self.days, day, side="right"))
        if n == 0:
            return 1.0, None, None
        s, v = float(self.alive[n - 1]), float(self.variance[n - 1])
        if not 0 < s < 1:
            return s, None, None
        theta = Z95 * np.sqrt(v) / abs(np.log(s))
        return s, float(s ** np.exp(theta)), float(s ** np.exp(-theta))


def survival_curve(
    days: npt.NDArray[np.int64], ended: npt.NDArray[np.bool_], entry: npt.NDArray[np.int64]
) -> Curve:
    """Return the Kaplan–Meier curve of stays, late entries and censored ones allowed for.

    Where all who are watched end before others enter, the curve would stay at zero whatever the
    others do. It is seen no further than the day before.

    Args:
        days: how long each stay lasted or has lasted.
        ended: whether it ended then.
        entry: how long it had lasted when it began to be watched: at risk at t when
            entry < t ≤ days.
    """
    times = np.unique(days[ended]).astype(np.float64)
    gone = np.array([np.sum(ended & (days == t)) for t in times], dtype=np.float64)
    risk = np.array([np.sum((entry < t) & (days >= t)) for t in times], dtype=np.float64)
    seen = float(days.max()) if days.size else 0.0
    empty = times[(gone == risk) & (times <= entry.max(initial=0))]
    if empty.size:
        seen = float(empty[0]) - 1
        times, gone, risk = (x[times <= seen] for x in (times, gone, risk))
    alive: Floats = np.cumprod(1 - gone / risk, dtype=np.float64)
    with np.errstate(divide="ignore"):
        terms = np.where(risk > gone, gone / (risk * (risk - gone)), 0.0)
    return Curve(times, alive, np.cumsum(terms), seen)


@dataclass(frozen=True, slots=True)
class Prices:
    """Average prices a day of those who came, left and stayed in a year, kr., and how many."""

    came: float | None
    left: float | None
    stayed: float | None
    came_n: int
    left_n: int
    stayed_n: int


def prices(moved: pl.DataFrame) -> Prices:
    """Return the prices of those who came, left and stayed.

    Args:
        moved: from `moves`, of one paragraph or of all. Pairs without a known price are left out.
    """
    came = moved.filter(~pl.col("foer"))["dagspris_efter"].drop_nulls()
    left = moved.filter(~pl.col("efter"))["dagspris_foer"].drop_nulls()
    stayed = moved.filter(pl.col("foer") & pl.col("efter"))["dagspris_efter"].drop_nulls()
    return Prices(
        _mean(came), _mean(left), _mean(stayed), came.len(), left.len(), stayed.len()
    )  # fmt: skip


def _mean(values: pl.Series) -> float | None:
    return float(values.sum()) / values.len() if values.len() else None


def same_cases(ready: Prepared, year: int) -> pl.DataFrame:
    """Return the prices of the cases that run at both ends of a year.

    The same case has the same number, citizen, paragraph, service, place and unit. More or fewer
    hours are another quantity, not another price.

    Returns:
        `SAME`, `vaegt` (Float64, kr. a day at the beginning), `aendring` (Float64: the price of a
        unit at the end over that at the beginning). Cases without a known price are left out.
    """
    first, last = _ends(ready, year)
    before, after = _unit_prices(ready, first), _unit_prices(ready, last)
    return (
        before.join(after.select(*SAME, efter="pris"), on=SAME, nulls_equal=True)
        .filter(pl.col("pris") > 0)
        .select(*SAME, "vaegt", aendring=pl.col("efter") / pl.col("pris"))
        .sort(SAME)
    )


def _unit_prices(ready: Prepared, day: date) -> pl.DataFrame:
    price = pl.col("enhedspris").sum().cast(pl.Float64())
    rows = ready.runnable.filter(
        cases.runs_on(day)
        & (pl.col("enhed") != "engang")
        & pl.all_horizontal(pl.col("paragraf", "enhedspris").is_not_null())
        & (pl.col("maengde") > 0)
    )
    return (
        rows.with_columns(dagspris=cases.per_day(day))
        .sort(*SAME, "raekke")
        .group_by(SAME, maintain_order=True)
        .agg(
            pris=price / pl.col("maengde").sum().cast(pl.Float64()), vaegt=pl.col("dagspris").sum()
        )
    )


def drift(same: pl.DataFrame) -> float | None:
    """Return how much dearer the same cases became, as a share; None without cases.

    Each case weighs what it cost at the beginning.

    Source: Laspeyres, Jahrbücher für Nationalökonomie und Statistik 16 (1871).

    Args:
        same: from `same_cases`, of one paragraph or of all.
    """
    weight = float(same["vaegt"].sum())
    return float((same["vaegt"] * same["aendring"]).sum()) / weight - 1 if weight > 0 else None


@dataclass(frozen=True, slots=True)
class Dearest:
    """What the dearest fifth of a year's citizens cost, and all, that year and the one before.

    The fifth is that of each year, not the same citizens in both.
    """

    year: int
    citizens: int
    cost: float
    total: float
    citizens_before: int
    before: float | None
    total_before: float | None


def dearest(ready: Prepared, year: int) -> Dearest | None:
    """Return what the dearest fifth cost in a year and the year before; None without cases then."""
    rows = ready.placed("citizen_years", "year")
    parts = {y: _fifth(rows, y) for y in (year, year - 1)}
    now, then = parts[year], parts[year - 1]
    if not now[0]:
        return None
    return Dearest(
        year, now[0], now[1], now[2], then[0],
        then[1] if then[0] else None, then[2] if then[0] else None,
    )  # fmt: skip


def _fifth(rows: pl.DataFrame, year: int) -> tuple[int, float, float]:
    of_year = rows.filter(pl.col("aar") == year)
    top = of_year.filter(pl.col("dyreste_femtedel"))
    return top.height, float(top["udgift"].sum()), float(of_year["udgift"].sum())
