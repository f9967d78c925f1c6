"""What the case workers' desks hold, as counts and sentences; no case is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from styring import casework
from styring.errors import Texts, join_texts
from styring.prepare import Prepared
from styring.privacy import is_small, secondary
from styring.review import CaseworkPart, DecisionLine, FollowUpLine, TransitionLine
from styring.say import sentence
from styring.text import both, counted_texts, day, millions, number

LATE = casework.SLOTS[:3]
OWN_LEVEL = "sagsbehandler"
"""The level whose share an indicator publishes: it cannot hide another."""


def casework_part(ready: Prepared) -> CaseworkPart | None:
    """Return follow-up, plans, waiting, decisions, price rises and transitions; None without cases.

    Args:
        ready: the tables.
    """
    if ready.tables.get("sager") is None or ready.runnable.is_empty():
        return None
    due = casework.follow_ups(ready).filter(_is_reported(ready, "sidste_opfoelgning"))
    bare = casework.without_plan(ready).filter(_is_reported(ready, "handleplan_dato"))
    waits, rises = casework.waiting(ready), casework.price_rises(ready)
    late = due.filter(pl.col("gruppe").is_in(LATE))
    waiting = waits.filter(~pl.col("bevilget"))
    year = ready.who.finished_year
    grant, start = (None, None) if _few(waits) else casework.median_waits(waits, year)
    part = CaseworkPart(
        points=(),
        follow_up=tuple(_follow_up(due)) if due.height else (),
        running=_shown(due),
        late=None if _few(due.join(late, on="sag_id", how="anti")) else _shown(late),
        without_plan=_shown(bare),
        open_applications=_shown(waiting),
        grant_days=grant,
        start_days=start,
        year=year,
        decisions=tuple(_decisions(ready)),
        rises=_shown(rises),
        rises_kr=None if _few(rises) else float(rises["stigning"].sum()),
        transitions=tuple(_transitions(ready)),
    )
    return part.model_copy(update={"points": (*_points(part), *_kept(ready))})


def _is_reported(ready: Prepared, column: str) -> bool:
    """Return whether any case row holds the column: where none does, nothing is known of it."""
    return ready.runnable[column].is_not_null().any()


def _few(rows: pl.DataFrame) -> bool:
    """Return whether rows are of so few citizens that their number is not shown."""
    return is_small(rows["borger_id"].n_unique())


def _shown(rows: pl.DataFrame) -> int | None:
    return None if _few(rows) else rows.height


def _follow_up(due: pl.DataFrame) -> Iterator[FollowUpLine]:
    """Yield the groups of weeks.

    How many are overdue in all is published: neither half may hide what the other gives away.
    """
    for half in (LATE, casework.SLOTS[3:]):
        rows = [due.filter(pl.col("gruppe") == slot) for slot in half]
        hidden = secondary([float(r["borger_id"].n_unique()) for r in rows])
        for n, (slot, r) in enumerate(zip(half, rows, strict=True)):
            yield FollowUpLine(
                slot=slot,
                title=sentence(f"casework.slot_{slot}"),
                late=slot in LATE,
                cases=None if n in hidden else r.height,
            )


def _decisions(ready: Prepared) -> Iterator[DecisionLine]:
    found = list(casework.decisions(ready).iter_rows(named=True))
    others = [n for n, row in enumerate(found) if row["niveau"] != OWN_LEVEL]
    hidden = {others[n] for n in secondary([float(found[n]["borgere"]) for n in others])}
    hidden |= {n for n, row in enumerate(found) if is_small(row["borgere"])}
    titles = {level.id: level.title for level in ready.facts.decision_level}
    for n, row in enumerate(found):
        level = row["niveau"]
        yield DecisionLine(
            level=level,
            title=titles.get(level, sentence("casework.no_level")),
            cases=None if n in hidden else row["sager"],
            cost=None if n in hidden else row["aarspris"],
        )


def _transitions(ready: Prepared) -> Iterator[TransitionLine]:
    """Yield those of 16 and 17 with and without a plan, and those of 15."""
    young = casework.transitions(ready)
    if young.is_empty():
        return
    older = pl.col("alder") > casework.YOUNGEST
    kinds = {
        "planned": young.filter(older & pl.col("med_plan")),
        "unplanned": young.filter(older & ~pl.col("med_plan")),
        "younger": young.filter(~older),
    }
    pair = [float(kinds[k].height) for k in ("planned", "unplanned")]
    few = bool(secondary(pair)) or is_small(sum(pair))
    for kind, rows in kinds.items():
        hidden = _few(rows) if kind == "younger" else few
        priced = rows["forventet_aarspris"].drop_nulls()
        rest = rows.height - priced.len()
        told = not (hidden or is_small(priced.len()) or is_small(rest))
        yield TransitionLine(
            kind=kind,
            title=sentence(f"casework.young_{kind}"),
            young=None if hidden else rows.height,
            cost=float(priced.sum()) if told else None,
            priced=priced.len() if told else None,
        )


def _points(part: CaseworkPart) -> Iterator[Texts]:
    """Yield what stands out, and what to ask."""
    if part.late and part.running:
        long = next(line.cases for line in part.follow_up if line.slot == casework.SLOTS[0])
        said = [
            sentence("casework.late", antal=part.late, alle=part.running),
            *([sentence("casework.late_long", antal=long)] if long else []),
            sentence("casework.late_ask"),
        ]
        yield join_texts(said)
    if part.without_plan:
        who = counted_texts(
            part.without_plan, ("borger", "borgere"), ("citizen has", "citizens have")
        )
        yield sentence("casework.without_plan", antal=who)
    if part.grant_days is not None:
        yield sentence("casework.grant", dage=both(number, part.grant_days))
    if part.start_days is not None:
        yield sentence("casework.start", dage=both(number, part.start_days))
    if part.open_applications:
        yield sentence("casework.open", antal=part.open_applications)
    if part.rises:
        kr = both(millions, part.rises_kr)
        yield sentence("casework.rises", antal=part.rises, kr=kr, aar=part.year)
    yield from _about_transitions(part.transitions)


def _about_transitions(lines: Sequence[TransitionLine]) -> Iterator[Texts]:
    bare = next((line for line in lines if line.kind == "unplanned"), None)
    if bare is None or not bare.young:
        return
    said = [sentence("casework.unplanned", antal=bare.young)]
    if bare.cost:
        kr = both(millions, bare.cost)
        said.append(sentence("casework.unplanned_kr", antal=bare.priced, kr=kr))
    yield join_texts(said)


def _kept(ready: Prepared) -> Iterator[Texts]:
    yield sentence("casework.kept", dag=both(day, ready.who.as_of))
