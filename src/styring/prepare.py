"""Tables made ready to be measured: derived columns, derived tables, rows placed in periods."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Literal

import polars as pl

from styring import cases, ledger
from styring.facts import Facts
from styring.model import PeriodKind
from styring.odd import odd_notes
from styring.refund import computed_refund
from styring.tables import Municipality, Note, Tables

Cut = PeriodKind | Literal["year_ended"]
"""A period; `year_ended` is the year with the current one cut off where its months have ended."""
STATE_TABLES = frozenset({
    "praksis", "udsagn", "tilbud", "overgange", "handleplan", "sagsgennemgang", "dokumenter",
    "frister", "goals",
})  # fmt: skip
"""Tables without a time of their own: they tell how it is on the as-of date."""
CASE_TABLES = frozenset({"sager", "cases", "citizen_years"})
DERIVED = {"cases": "sager", "citizen_years": "sager", "goals": "maal"}
"""Derived tables and the sheet each is made from."""
PERSON = "borger_id"
MOST_YEARS = 10
DEFAULT_YEARS = 5


@dataclass(frozen=True)
class Prepared:
    """The tables, the facts, and every frame derived from them, each made once when asked for."""

    tables: Tables
    facts: Facts
    years: tuple[int, ...]
    notes: tuple[Note, ...] = ()
    given: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    _placed: dict[tuple[str, Cut, str | None], pl.DataFrame] = field(default_factory=dict)

    @property
    def who(self) -> Municipality:
        """Return whose tables they are."""
        return self.tables.municipality

    def finished(self, year: int) -> bool:
        """Return whether `year` had ended on the as-of date."""
        return year <= self.who.finished_year

    def until(self, kind: Cut) -> dict[int, date]:
        """Return the last day that counts of each year.

        `year`: to the as-of date in the accounting year; `year_ended`: to the end of its last month
        that has ended. `to_date`: to the end of the same month in every year. `whole_year`: to
        31 December.
        """
        ends = {y: date(y, 12, 31) for y in self.years}
        months = self.who.ended_months
        if kind == "to_date":
            return {y: _month_end(y, months) for y in self.years if months}
        now = self.who.accounting_year
        if kind == "year" and not self.finished(now):
            ends[now] = self.who.as_of
        if kind == "year_ended" and not self.finished(now):
            ends[now] = _month_end(now, months) if months else date(now - 1, 12, 31)
        return ends

    @cached_property
    def runnable(self) -> pl.DataFrame:
        """Return the case rows that run, with what the facts say of their paragraph."""
        sager = self.tables.frames["sager"]
        return cases.mark_alone(cases.runnable(sager)).with_columns(
            self._in_set("paragraf", (p.id for p in self.facts.paragraph if p.residential)).alias(
                "botilbud"
            ),
            self._in_set("paragraf", (p.id for p in self.facts.paragraph if p.self_referral)).alias(
                "selvhenvender"
            ),
        )

    @staticmethod
    def _in_set(column: str, ids: Iterable[str]) -> pl.Expr:
        return pl.col(column).is_in(sorted(ids)).fill_null(value=False)

    def pension_age(self, day: date) -> int:
        """Return the pension age on `day`; 67 where no fact covers it."""
        for p in self.facts.pension_age:
            if p.valid_from <= day and (p.valid_to is None or day <= p.valid_to):
                return p.age
        return 67

    def price_factor(self, then: int, now: int) -> float | None:
        """Return what a krone of `then` is in the prices of `now`, by the user's index."""
        sheet = self.tables.get("prisindeks")
        index = {} if sheet is None else dict(sheet.select("aar", "indeks").iter_rows())
        return index[now] / index[then] if index.get(then) and index.get(now) else None

    @cached_property
    def case_table(self) -> pl.DataFrame:
        """Return the cases with waiting days, deadlines and age on the as-of date."""
        table = cases.case_table(self.runnable, self.who.as_of)
        flags = self.runnable.select("raekke", "selvhenvender", "botilbud")
        age = pl.lit(self.who.as_of.year) - pl.col("foedselsaar")
        return table.join(flags, on="raekke", how="left", maintain_order="left").with_columns(
            ventedage=(pl.col("bevilget_dato") - pl.col("ansoegt_dato")).dt.total_days(),
            **_until_begun(self.who.as_of),
            alder=age,
            under_pensionsalder=age < self.pension_age(self.who.as_of),
            as_of=pl.lit(self.who.as_of),
            frist_dage=self._case_deadline(),
            opfoelgning_fra=self._follow_up(pl.lit(self.who.as_of), "-"),
            opfoelgning_senest=self._follow_up(
                pl.coalesce("sidste_opfoelgning", "foerste_start"), ""
            ),
        )

    def _deadline(self, topic: str) -> tuple[pl.Expr, pl.Expr]:
        """Return the municipality's own deadline for a case in months, else in days.

        The paragraph's own goes before the general one; both are null where there is none.
        """
        frister = self.tables.get("frister")
        if frister is None:
            return pl.lit(None, pl.Int64()), pl.lit(None, pl.Int64())
        rows = frister.filter(
            (pl.col("emne") == topic) & pl.any_horizontal(pl.col("maaneder", "dage").is_not_null())
        )
        found = {
            p or "": (m, None if m else d)
            for p, m, d in rows.select("paragraf", "maaneder", "dage").iter_rows()
        }
        general = found.pop("", (None, None))
        months, days = (
            pl.col("paragraf").replace_strict(
                {p: of[n] for p, of in found.items()}, default=general[n], return_dtype=pl.Int64()
            )
            for n in (0, 1)
        )
        return months, days

    def _case_deadline(self) -> pl.Expr:
        """Return the days from application within which a case is to be granted."""
        months, days = self._deadline("sagsbehandling")
        asked = pl.col("ansoegt_dato")
        until = asked.dt.offset_by(pl.concat_str(months, pl.lit("mo")))
        return pl.coalesce(days, (until - asked).dt.total_days())

    def _follow_up(self, day: pl.Expr, way: str) -> pl.Expr:
        """Return the day that lies one deadline of follow-up after `day`, or before it (`-`).

        The facts shelf says how often where the municipality has no deadline of its own.
        """
        months, days = self._deadline("opfølgning")
        shelf = next(
            f.months
            for f in self.facts.follow_up
            if f.valid_from <= self.who.as_of
            and (f.valid_to is None or self.who.as_of <= f.valid_to)
        )
        by_months = day.dt.offset_by(
            pl.concat_str(pl.lit(way), months.fill_null(shelf), pl.lit("mo"))
        )
        return (
            pl.when(days.is_null())
            .then(by_months)
            .otherwise(day.dt.offset_by(pl.concat_str(pl.lit(way), days, pl.lit("d"))))
        )

    def placed(self, table: str, kind: Cut, by: str | None = None) -> pl.DataFrame:
        """Return a table's rows with `aar`, each row in the years it counts in.

        Args:
            table: a sheet, or `cases`, `citizen_years`, `goals`.
            kind: which part of the year counts.
            by: the date column that places a row; without it a case counts in the years it runs.
        """
        if kind == "year_ended" and self.until("year") == self.until("year_ended"):
            kind = "year"
        key = (table, kind, by)
        if key not in self._placed:
            self._placed[key] = self._place(table, kind, by)
        return self._placed[key]

    def _place(self, table: str, kind: Cut, by: str | None) -> pl.DataFrame:
        if table in self.given:
            return self._placed_by_year(self.given[table], kind)
        if table in CASE_TABLES:
            return self._place_cases(table, kind, by)
        frame = self.tables.frames[table]
        if table == "oekonomi":
            return self._place_ledger(frame, kind)
        if table in DERIVED_COLUMNS:
            frame = frame.with_columns(**DERIVED_COLUMNS[table](self.who.as_of))
        if by:
            frame = frame.with_columns(aar=pl.col(by).dt.year().cast(pl.Int64())).filter(
                pl.col(by) <= self.who.as_of
            )
        return self._placed_by_year(frame, kind)

    def _placed_by_year(self, frame: pl.DataFrame, kind: Cut) -> pl.DataFrame:
        now = pl.lit(self.who.accounting_year, pl.Int64())
        if "aar" not in frame.columns:
            frame = frame.with_columns(aar=now)
        return self._with_period(frame, kind)

    def _with_period(self, frame: pl.DataFrame, kind: Cut) -> pl.DataFrame:
        until = self.until(kind)
        return frame.with_columns(
            as_of=pl.lit(self.who.as_of),
            period_start=pl.date(pl.col("aar"), 1, 1),
            period_end=pl.col("aar").replace_strict(
                until, default=self.who.as_of, return_dtype=pl.Date()
            ),
        )

    def _place_ledger(self, frame: pl.DataFrame, kind: Cut) -> pl.DataFrame:
        """Return the ledger's rows; of a whole-year budget the share of the months that ended."""
        months = self.who.ended_months
        if kind == "whole_year" or months == ledger.TWELFTHS:
            return self._with_period(frame, kind)
        unfinished = pl.col("aar") > self.who.finished_year
        cut = pl.lit(value=True) if kind == "to_date" else unfinished
        whole = pl.col("maaned").is_null() & cut
        share = whole & pl.col("version").is_in(list(ledger.BUDGETS))
        lost = whole & (pl.col("version") == "regnskab") & ~unfinished
        kept = frame.filter(~(cut & (pl.col("maaned") > months)).fill_null(value=False))
        amounts = (
            pl.when(share)
            .then(pl.col("beloeb_exact") // ledger.TWELFTHS * months)
            .when(~lost)
            .then(pl.col("beloeb_exact"))
        )
        return self._with_period(kept.with_columns(beloeb_exact=amounts), kind)

    def _place_cases(self, table: str, kind: Cut, by: str | None) -> pl.DataFrame:
        if table == "cases":
            return self._place_case_table(kind, by)
        if table == "sager" and kind == "as_of":
            return self._running()
        if table == "citizen_years":
            return self._citizen_years(self.placed("sager", kind), kind)
        frame = self._spells(kind)
        if by:
            first = pl.col(by).dt.year().cast(pl.Int64())
            frame = frame.filter((first == pl.col("aar")) & (pl.col(by) <= self.who.as_of))
        return frame

    def _spells(self, kind: Cut) -> pl.DataFrame:
        months = cases.by_month(self.runnable, self.years)
        if kind == "whole_year":  # what is not granted yet does not run after the as-of date
            late = self.runnable.filter(pl.col("bevilget_dato") > self.who.as_of)["raekke"]
            waits = pl.col("raekke").is_in(late.implode())
            months = months.filter(~waits | (pl.col("fra") <= self.who.as_of)).with_columns(
                til=pl.when(waits)
                .then(pl.min_horizontal("til", pl.lit(self.who.as_of)))
                .otherwise("til")
            )
        frame = cases.spells(self.runnable, months, self.until(kind))
        age = pl.col("aar") - pl.col("foedselsaar")
        pension = {y: self.pension_age(date(y, 12, 31)) for y in self.years}
        return self._with_period(frame, kind).with_columns(
            alder=age,
            under_pensionsalder=age
            < pl.col("aar").replace_strict(pension, default=67, return_dtype=pl.Int64()),
        )

    def _running(self) -> pl.DataFrame:
        """Return the case rows that run on the as-of date, with `dagspris` and `aarspris`."""
        day = self.who.as_of
        age = pl.lit(day.year) - pl.col("foedselsaar")
        year = pl.lit(day.year, pl.Int64())
        once = pl.col("enhed") == "engang"
        frame = self.runnable.filter(cases.runs_on(day)).with_columns(
            aar=pl.lit(self.who.accounting_year, pl.Int64()),
            dagspris=cases.per_day(day),
            aarspris_exact=pl.when(~once).then(cases.full_year(year)),
            alder=age,
            under_pensionsalder=age < self.pension_age(day),
            fra=pl.lit(day),
            til=pl.lit(day),
            dage=pl.lit(1, pl.Int64()),
            alene=pl.lit(value=False),
        )
        return self._with_period(frame, "as_of").with_columns(
            aarspris=cases.from_exact(pl.col("aarspris_exact"), cases.COST_SCALE)
        )

    def _citizen_years(self, frame: pl.DataFrame, kind: Cut) -> pl.DataFrame:
        sums = frame.group_by("borger_id", "aar", maintain_order=True).agg(
            pl.col("udgift_exact").sum(), pl.col("raekke").first(), pl.col("alder").max()
        )
        rules = self.facts.refund
        place = pl.col("udgift").rank("ordinal", descending=True).over("aar").cast(pl.Int64())
        return (
            self._with_period(sums, kind)
            .with_columns(udgift=cases.from_exact(pl.col("udgift_exact"), cases.COST_SCALE))
            .with_columns(
                dyreste_femtedel=place * 5 <= pl.len().over("aar"),
                beregnet_refusion=computed_refund(
                    rules, self.years, pl.col("udgift"), pl.col("alder"), pl.col("aar")
                ),
            )
        )

    def _place_case_table(self, kind: Cut, by: str | None) -> pl.DataFrame:
        table = self.case_table
        if kind == "as_of":
            now = pl.lit(self.who.accounting_year, pl.Int64())
            return self._lasting(table.filter("loebende").with_columns(aar=now), kind)
        if by:
            placed = table.with_columns(aar=pl.col(by).dt.year().cast(pl.Int64())).filter(
                pl.col(by) <= self.who.as_of
            )
            return self._lasting(placed, kind)
        active = (
            self.placed("sager", kind)
            .select("sag_id", "aar")
            .unique(maintain_order=True)
            .join(table, on="sag_id", how="left", maintain_order="left")
        )
        return self._lasting(active, kind)

    def _lasting(self, table: pl.DataFrame, kind: Cut) -> pl.DataFrame:
        """Return cases with how long they have lasted when their period ends, in days.

        `varighed_foer` is what had passed before the period began: nobody saw it end by then.
        """
        start, end = pl.col("foerste_start"), pl.col("sidste_slut")
        until = pl.min_horizontal("period_end", "as_of")
        last = pl.min_horizontal(end, until)
        return self._with_period(table, kind).with_columns(
            varighed=(last - start).dt.total_days() + 1,
            varighed_foer=(pl.col("period_start") - start).dt.total_days().clip(0, None),
            afsluttet=(end <= until).fill_null(value=False),
        )


def prepare(
    tables: Tables,
    facts: Facts,
    *,
    years: Iterable[int] | None = None,
    given: Mapping[str, pl.DataFrame] | None = None,
) -> Prepared:
    """Return the tables ready to be measured.

    Args:
        tables: from the reader.
        facts: the fact shelf.
        years: the years to measure; by default those that have accounts, at most ten.
        given: derived tables given as they are (worked cases).
    """
    notes: list[Note] = []
    if (rows := tables.get("oekonomi")) is not None:
        prepared, notes = ledger.prepare(rows, facts.account, tables.municipality)
        tables = tables.with_frames({"oekonomi": prepared})
    span = tuple(sorted(years)) if years is not None else _years(tables)
    notes += odd_notes(tables, span)
    return Prepared(tables, facts, span, tuple(notes), given or {})


def _years(tables: Tables) -> tuple[int, ...]:
    """Return the years that have accounts, else the accounting year and the four before it."""
    last = tables.municipality.accounting_year
    rows = tables.get("oekonomi")
    found: list[int] = []
    if rows is not None:
        found = sorted(rows.filter(pl.col("version") == "regnskab")["aar"].drop_nulls().unique())
    years = [y for y in found if y <= last] or list(range(last - DEFAULT_YEARS + 1, last + 1))
    return tuple(range(max(years[0], last - MOST_YEARS + 1), last + 1))


def _month_end(year: int, month: int) -> date:
    first_of_next = date(year + month // 12, month % 12 + 1, 1)
    return date.fromordinal(first_of_next.toordinal() - 1)


def _document(as_of: date) -> dict[str, pl.Expr]:
    """Return whether a document applies, and the whole months since it was adopted."""
    adopted, until = pl.col("vedtaget"), pl.col("gaelder_til")
    day = pl.lit(as_of)
    months = (day.dt.year() - adopted.dt.year()).cast(pl.Int64()) * 12 + (
        day.dt.month().cast(pl.Int64()) - adopted.dt.month()
    )
    return {
        "gaelder": (adopted <= day) & (until.is_null() | (until >= day)),
        "maaneder_siden": months - (adopted.dt.day() > as_of.day).cast(pl.Int64()),
    }


DERIVED_COLUMNS: Mapping[str, Callable[[date], dict[str, pl.Expr]]] = {
    "tilbud": lambda _: {
        "budgetterede_pladser": pl.col("pladser") * (pl.col("budgetteret_belaegning") / 100),
        "fravaer_aarsvaerk": pl.col("sygefravaer") / 100 * pl.col("aarsvaerk"),
    },
    "overgange": lambda as_of: {"alder": _age_on("foedselsdato", as_of)},
    "dokumenter": _document,
    "budgetforudsaetninger": lambda _: {
        "forudsat_udgift": pl.col("helaarspersoner") * pl.col("pris")
    },
}
"""Columns that are made of a sheet's own, by sheet, as known on the as-of date."""


def _until_begun(as_of: date) -> dict[str, pl.Expr]:
    """Return the days from grant to start of a case, and whether it has begun.

    A case that still waits counts to the as-of date. One that runs without a registered start, or
    began before it was granted, is not known.
    """
    granted, begun, day = pl.col("bevilget_dato"), pl.col("ivaerksat_dato"), pl.lit(as_of)
    seen = begun <= day
    waits = ~seen.fill_null(value=False) & (begun.is_not_null() | (pl.col("foerste_start") > day))
    days = pl.when(seen).then(begun - granted).when(waits & (granted <= day)).then(day - granted)
    known = days.dt.total_days()
    return {
        "ivaerksaettelsesdage": pl.when(known >= 0).then(known),
        "ivaerksat": seen.fill_null(value=False),
    }


def _age_on(column: str, day: date) -> pl.Expr:
    """Return the age in whole years on `day`."""
    born = pl.col(column)
    before = (born.dt.month() > day.month) | (
        (born.dt.month() == day.month) & (born.dt.day() > day.day)
    )
    return day.year - born.dt.year() - before.cast(pl.Int64())
