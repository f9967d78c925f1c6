"""The ledger and the cases side by side: the years, the functions, the activity, the outlook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

import polars as pl

from styring import cases, ledger
from styring.errors import Texts, texts
from styring.facts import Facts, Paragraph
from styring.prepare import Prepared
from styring.privacy import is_small, secondary
from styring.review import ActivityLine, EconomyYear, FunctionLine, Outlook

ALL = Texts("I alt", "Total")
Sums = Mapping[tuple[int, str], float]


def years(ready: Prepared) -> tuple[EconomyYear, ...]:
    """Return each year's budget, changes, forecast and accounts."""
    if ready.tables.get("oekonomi") is None:
        return ()
    sums, refunds = _by_version(ready)
    latest = _latest_forecasts(ready)
    return tuple(
        _year(ready, y, sums, latest.get(y, (None, None))[1], refunds.get(y)) for y in ready.years
    )


def _by_version(ready: Prepared) -> tuple[dict[tuple[int, str], float], dict[int, float]]:
    rows = ready.placed("oekonomi", "whole_year").filter(pl.col("opfoelgning").is_null())
    booked = _booked(ready)
    amount = cases.from_exact(pl.col("beloeb_exact").cast(pl.Int128()).sum(), ledger.AMOUNT_SCALE)
    planned = rows.filter(pl.col("version") != "regnskab").group_by("aar", "version").agg(amount)
    sums = {(y, v): s for y, v, s in planned.iter_rows()}
    sums |= {(y, "regnskab"): s for y, s in booked.group_by("aar").agg(amount).iter_rows()}
    refunds = dict(booked.filter("refusion").group_by("aar").agg(amount).iter_rows())
    return sums, refunds


def _booked(ready: Prepared) -> pl.DataFrame:
    """Return the accounts, of an unfinished year those of the months that have ended."""
    return ready.placed("oekonomi", "year").filter(pl.col("version") == "regnskab")


def _latest_forecasts(ready: Prepared) -> dict[int, tuple[date | None, float | None]]:
    rows = ready.placed("oekonomi", "whole_year").filter(pl.col("version") == "forventet regnskab")
    amount = cases.from_exact(pl.col("beloeb_exact").cast(pl.Int128()).sum(), ledger.AMOUNT_SCALE)
    sums = rows.group_by("aar", "opfoelgning").agg(amount.alias("sum"))
    ordered = sums.sort("aar", "opfoelgning", nulls_last=False)
    return {y: (d, s) for y, d, s in ordered.select("aar", "opfoelgning", "sum").iter_rows()}


def _year(
    ready: Prepared, year: int, sums: Sums, forecast: float | None, refund: float | None
) -> EconomyYear:
    of = {version: amount for (y, version), amount in sums.items() if y == year}
    original, corrected = of.get("oprindeligt budget"), of.get("korrigeret budget")
    accounts = of.get("regnskab")
    others = [of[v] for v in ("omplacering", "overførsel") if of.get(v) is not None]
    done = ready.finished(year)
    return EconomyYear(
        year=year,
        partial=not done,
        original=original,
        supplementary=of.get("tillægsbevilling"),
        other_changes=sum(others) if others else None,
        corrected=corrected,
        forecast=forecast,
        accounts=accounts,
        refund=refund,
        deviation_original=_less(accounts, original) if done else None,
        deviation_original_share=_share(accounts, original) if done else None,
        deviation_corrected=_less(accounts, corrected) if done else None,
        deviation_corrected_share=_share(accounts, corrected) if done else None,
    )


def _less(a: float | None, b: float | None) -> float | None:
    return None if a is None or b is None else a - b


def _share(a: float | None, b: float | None) -> float | None:
    return None if a is None or not b else (a - b) / b


def functions(ready: Prepared) -> tuple[FunctionLine, ...]:
    """Return each function's budget and accounts in the latest finished year."""
    year = ready.who.finished_year
    if ready.tables.get("oekonomi") is None or year not in ready.years:
        return ()
    rows = ready.placed("oekonomi", "whole_year").filter(
        pl.col("aar").is_in([year - 1, year]) & pl.col("opfoelgning").is_null()
    )
    amount = cases.from_exact(pl.col("beloeb_exact").cast(pl.Int128()).sum(), ledger.AMOUNT_SCALE)
    sums = {
        (f, y, v): s
        for f, y, v, s in rows.group_by("funktion", "aar", "version").agg(amount).iter_rows()
    }
    names = dict(
        rows.group_by("funktion").agg(pl.col("funktionsnavn").drop_nulls().first()).iter_rows()
    )
    known = {a.funktion: a.name for a in ready.facts.account}
    lines = []
    for f in sorted(k for k in names if k):
        accounts = sums.get((f, year, "regnskab"))
        original = sums.get((f, year, "oprindeligt budget"))
        corrected = sums.get((f, year, "korrigeret budget"))
        lines.append(
            FunctionLine(
                function=f,
                name=known.get(f) or texts(names[f] or f),
                original=original,
                corrected=corrected,
                accounts=accounts,
                deviation_original=_less(accounts, original),
                deviation_corrected=_less(accounts, corrected),
                previous=sums.get((f, year - 1, "regnskab")),
            )
        )
    return tuple(lines)


def outlook(ready: Prepared) -> Outlook | None:
    """Return how the current year looks; None where it has ended or there is no ledger."""
    year, months = ready.who.accounting_year, ready.who.ended_months
    if ready.finished(year) or ready.tables.get("oekonomi") is None or not months:
        return None
    sums, _ = _by_version(ready)
    when, forecast = _latest_forecasts(ready).get(year, (None, None))
    booked, corrected = sums.get((year, "regnskab")), sums.get((year, "korrigeret budget"))
    to_date = committed = expected = None
    if ready.tables.get("sager") is not None and not is_small(_citizens(ready, year)):
        to_date = _case_cost(ready.placed("sager", "to_date"), year)
        committed = _case_cost(ready.placed("sager", "whole_year"), year)
        if booked is not None and to_date:
            expected = booked * committed / to_date
    return Outlook(
        year=year,
        months=months,
        original=sums.get((year, "oprindeligt budget")),
        corrected=corrected,
        booked=booked,
        forecast=forecast,
        forecast_date=when,
        case_cost_to_date=to_date,
        committed=committed,
        expected=expected,
        forecast_gap=_less(forecast, corrected),
        expected_gap=_less(expected, corrected),
    )


def _case_cost(frame: pl.DataFrame, year: int) -> float:
    total = cases.from_exact(pl.col("udgift_exact").sum(), cases.COST_SCALE)
    return float(frame.filter(pl.col("aar") == year).select(total).item() or 0.0)


def _citizens(ready: Prepared, year: int) -> int:
    of_year = ready.placed("sager", "year").filter(pl.col("aar") == year)
    return of_year["borger_id"].n_unique()


def withheld_paragraphs(ready: Prepared) -> set[tuple[int, str]]:
    """Return the years and paragraphs whose citizens are too few for anything to be shown."""
    counts = (
        ready.placed("sager", "year")
        .filter(pl.col("paragraf").is_not_null())
        .group_by("aar", "paragraf")
        .agg(pl.col("borger_id").n_unique())
        .sort("aar", "paragraf")
    )
    found: set[tuple[int, str]] = set()
    for _, of_year in counts.group_by("aar", maintain_order=True):
        hidden = sorted(secondary(of_year["borger_id"].to_list()))
        found |= set(of_year[hidden].select("aar", "paragraf").iter_rows())
    return found


def activity(ready: Prepared) -> tuple[ActivityLine, ...]:
    """Return cost, full-year persons, citizens, inflow and outflow by paragraph and year.

    Small counts are withheld, and one more paragraph where a single withheld one could be found
    from the total.
    """
    if ready.tables.get("sager") is None:
        return ()
    frame = ready.placed("sager", "year")
    by_paragraph = _activity(frame, ["paragraf"])
    total = _activity(frame.with_columns(paragraf_=pl.lit(None, pl.String())), ["paragraf_"])
    flows, few = _flows(ready), withheld_paragraphs(ready)
    until = ready.until("year")
    lines: list[ActivityLine] = []
    for year in ready.years:
        rows = sorted((k[1], v) for k, v in by_paragraph.items() if k[0] == year and k[1])
        counts = {
            "in": [flows.get((year, p, "in"), 0) for p, _ in rows],
            "out": [flows.get((year, p, "out"), 0) for p, _ in rows],
        }
        hidden = {what: secondary(numbers) for what, numbers in counts.items()}
        for n, (paragraph, values) in enumerate(rows):
            gone = {what for what in counts if n in hidden[what]}
            gone |= {"persons"} if (year, paragraph) in few else set()
            lines.append(_line(ready.facts, paragraph, year, values, flows, until, gone))
        if (year, None) in total:
            own = {"persons": total[year, None][0]} | {
                way: flows.get((year, None, way), 0) for way in ("in", "out")
            }
            gone = {what for what, n in own.items() if is_small(n)}
            lines.append(_line(ready.facts, None, year, total[year, None], flows, until, gone))
    return tuple(sorted(lines, key=lambda line: _place(ready.facts, line)))


Values = tuple[int, float, float]


def case_sums(ready: Prepared) -> dict[tuple[int, str | None], Values]:
    """Return citizens, full-year persons and cost (kr.) per year and paragraph, nothing withheld.

    Empty where there are no cases. What is shown of it must heed `withheld_paragraphs`.
    """
    if ready.tables.get("sager") is None:
        return {}
    return _activity(ready.placed("sager", "year"), ["paragraf"])


def _activity(frame: pl.DataFrame, keys: list[str]) -> dict[tuple[int, str | None], Values]:
    """Return citizens, person-days / days of the year, and cost per year and key."""
    counted = cases.person_days(frame.lazy())
    cost = cases.from_exact(pl.col("udgift_exact").sum(), cases.COST_SCALE)
    sums = (
        counted.group_by("aar", *keys)
        .agg(
            pl.col("borger_id").n_unique().alias("citizens"),
            (pl.col("persondage").sum() / pl.col("aar_dage").first()).alias("years"),
            cost.alias("cost"),
        )
        .collect(engine="in-memory")
    )
    return {(y, k): (c, p, u) for y, k, c, p, u in sums.iter_rows()}


def _flows(ready: Prepared) -> dict[tuple[int, str | None, str], int]:
    """Return new and ended cases per year and paragraph, and in all."""
    found: dict[tuple[int, str | None, str], int] = {}
    for what, column in (("in", "foerste_start"), ("out", "sidste_slut")):
        placed = ready.placed("cases", "year", column)
        for year, paragraph, n in placed.group_by("aar", "paragraf").agg(pl.len()).iter_rows():
            found[year, paragraph, what] = n
            found[year, None, what] = found.get((year, None, what), 0) + n
    return found


def _line(
    facts: Facts,
    paragraph: str | None,
    year: int,
    values: Values,
    flows: Mapping[tuple[int, str | None, str], int],
    until: Mapping[int, date],
    gone: set[str],
) -> ActivityLine:
    """Return a line; `gone` names what is withheld: persons (and with them all), in, out."""
    citizens, years_, cost = values
    withheld = "persons" in gone
    end = until[year]
    days = (end - date(year, 1, 1)).days + 1
    of_year = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    inflow, outflow = flows.get((year, paragraph, "in"), 0), flows.get((year, paragraph, "out"), 0)
    return ActivityLine(
        paragraph=paragraph,
        title=paragraph_title(facts.paragraph, paragraph),
        year=year,
        partial=end < date(year, 12, 31),
        citizens=None if withheld else citizens,
        person_years=None if withheld else years_,
        average_persons=None if withheld else years_ * of_year / days,
        cost=None if withheld else cost,
        price=None if withheld or not years_ else cost / years_,
        inflow=None if withheld or "in" in gone else inflow,
        outflow=None if withheld or "out" in gone else outflow,
        withheld=withheld,
    )


def paragraph_title(paragraphs: Iterable[Paragraph], paragraph: str | None) -> Texts:
    """Return a paragraph's name, or `§ 85` where it has none on the shelf."""
    if paragraph is None:
        return ALL
    found = next((p.title for p in paragraphs if p.id == paragraph), None)
    name = paragraph.replace("ABL-", "ABL § ").replace("SUL-", "SUL § ").replace("BL-", "BL § ")
    return found or (Texts(name, name) if "§" in name else Texts(f"§ {name}", f"§ {name}"))


def _place(facts: Facts, line: ActivityLine) -> tuple[int, int, str]:
    """Return where a line stands: by year, in the shelf's order of paragraphs, totals last."""
    if line.paragraph is None:
        return (line.year, 10_000, "")
    shelf = {p.id: n for n, p in enumerate(facts.paragraph)}
    return (line.year, shelf.get(line.paragraph, 9_999), line.paragraph)
