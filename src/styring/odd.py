"""What is odd in the rows themselves: taken as its reading is fixed, and said in a note."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from styring.cases import FAR, PARTS, to_parts
from styring.say import sentence
from styring.tables import Note, Severity, Tables

LONGEST, YOUNGEST, OLDEST = 40, 15, 110
"""Years a case may run, and ages of a citizen, before it is asked whether they can be right."""
_SAME = ("sag_id", "borger_id", "paragraf", "ydelse", "tilbud", "startdato", "slutdato")
"""Rows that agree on these are the same support twice."""
_CASES: dict[str, tuple[Severity, str, pl.Expr]] = {
    "ends_first": ("warning", "slutdato", pl.col("slutdato") < pl.col("startdato")),
    "no_price": ("warning", "pris", pl.col("pris").is_null()),
    "no_unit": ("warning", "enhed", pl.col("enhed").is_null()),
    "granted_first": ("warning", "bevilget_dato", pl.col("bevilget_dato") < pl.col("ansoegt_dato")),
    "long": (
        "warning",
        "startdato",
        pl.col("startdato").dt.offset_by(f"{LONGEST}y") < pl.min_horizontal("slutdato", "as_of"),
    ),
    "young": (
        "warning",
        "foedselsaar",
        pl.col("startdato").dt.year() - pl.col("foedselsaar") < YOUNGEST,
    ),
    "old": (
        "warning",
        "foedselsaar",
        pl.col("startdato").dt.year() - pl.col("foedselsaar") > OLDEST,
    ),
    "two_births": (
        "warning",
        "foedselsaar",
        pl.col("foedselsaar") != pl.col("foedselsaar").first().over("borger_id"),
    ),
    "contradicting": ("warning", "pris", pl.len().over(_SAME) > 1),
    "negative_price": ("info", "pris", pl.col("pris") < 0),
    "no_quantity": ("info", "antal", pl.col("antal") == 0),
    "fine_quantity": (
        "info",
        "antal",
        (to_parts("antal").cast(pl.Float64()) - pl.col("antal") * PARTS).abs() > 1e-6,
    ),
    "once_with_end": (
        "info",
        "slutdato",
        (pl.col("enhed") == "engang") & (pl.col("slutdato") > pl.col("startdato")),
    ),
}
"""By the name of their sentence: how serious, the column, and which rows."""


def odd_notes(tables: Tables, years: Sequence[int]) -> list[Note]:
    """Return a note for each kind of oddity in the case rows and the population."""
    return [*_case_notes(tables), *_population_notes(tables, years)]


def _case_notes(tables: Tables) -> Iterator[Note]:
    sager = tables.get("sager")
    if sager is None or sager.is_empty():
        return
    sager = sager.with_columns(as_of=pl.lit(tables.municipality.as_of))
    found = sager.select(
        pl.col("raekke").filter(rows.fill_null(value=False)).implode().alias(name)
        for name, (_, _, rows) in _CASES.items()
    ).row(0, named=True)
    for name, (severity, column, _) in _CASES.items():
        if found[name]:
            yield _note(tables, name, severity, column, found[name])
    if overlapping := _overlapping(sager):
        yield _note(tables, "overlapping", "warning", "startdato", overlapping)


def _overlapping(sager: pl.DataFrame) -> list[int]:
    """Return the rows that begin before an earlier row of the same case has ended."""
    rows = sager.filter((pl.col("enhed") != "engang").fill_null(value=True))
    ended = pl.col("slutdato").fill_null(FAR).cum_max().shift(1).over("sag_id")
    ordered = rows.select("sag_id", "startdato", "slutdato", "raekke").sort(
        "sag_id", "startdato", "raekke"
    )
    return ordered.filter(pl.col("startdato") <= ended)["raekke"].sort().to_list()


def doubtful_rows(tables: Tables) -> list[int]:
    """Return the numbers of the case rows that a warning is given on, in order."""
    sager = tables.get("sager")
    if sager is None or sager.is_empty():
        return []
    told = [
        rows.fill_null(value=False)
        for severity, _, rows in _CASES.values()
        if severity == "warning"
    ]
    sager = sager.with_columns(as_of=pl.lit(tables.municipality.as_of))
    rows = sager.filter(pl.any_horizontal(told))["raekke"].to_list()
    return sorted({*rows, *_overlapping(sager)})


def _note(tables: Tables, name: str, severity: Severity, column: str, rows: Sequence[int]) -> Note:
    letter = tables.sources["sager"].columns.get(column, "A") if "sager" in tables.sources else "A"
    shown = ", ".join(str(r) for r in rows[:5]) + (" …" if len(rows) > 5 else "")
    key = f"odd.{name}_one" if len(rows) == 1 else f"odd.{name}"
    return Note(
        severity,
        sentence(key, antal=len(rows), raekker=shown),
        "sager",
        f"{letter}{rows[0]}",
        column,
    )


def _population_notes(tables: Tables, years: Sequence[int]) -> Iterator[Note]:
    """Yield which of the years have projected inhabitants only."""
    frame = tables.get("befolkning")
    if frame is None or frame.is_empty():
        return
    counted = pl.col("type").fill_null("faktisk") == "faktisk"
    projected = (
        frame.filter(pl.col("aar").is_in(list(years)))
        .group_by("aar")
        .agg(counted.any().alias("counted"))
        .filter(~pl.col("counted"))["aar"]
        .sort()
    )
    if len(projected):
        listed = ", ".join(str(y) for y in projected)
        yield Note("info", sentence("odd.projected", aar=listed), "befolkning", column="type")
