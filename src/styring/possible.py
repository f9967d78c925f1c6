"""Which values a figure can have, as its definition tells; others are not compared with."""

from __future__ import annotations

import math
from collections.abc import Mapping

import polars as pl

from styring.errors import LANGS, Texts
from styring.model import Indicator
from styring.tables import Note
from styring.text import both, counted_texts, decimals_of, number, period

_SIGNED_FORMS = ("relative", "growth")
_ROUNDING = 1e-9
MOST_DECIMALS = 4


def reach(indicator: Indicator) -> tuple[float, float]:
    """Return the least and the greatest value a figure can have: a share 0 and 1, a count 0.

    Kroner and changes can be negative, and so can what its definition does not say the kind of.
    """
    signed = indicator.value_type in (None, "change") or indicator.value.form in _SIGNED_FORMS
    if indicator.is_money or signed:
        return -math.inf, math.inf
    return 0.0, 1 + _ROUNDING if indicator.value_type == "proportion" else math.inf


def impossible_notes(rows: pl.DataFrame, titles: Mapping[str, Texts]) -> list[Note]:
    """Return a note on rows of a peers file with figures out of reach; none where there are none.

    Args:
        rows: `kommune`, `indikator`, `periode`, `vaerdi` and whatever else.
        titles: of the indicators.
    """
    if rows.is_empty():
        return []
    row = rows.row(0, named=True)
    said = counted_texts(
        rows.height,
        ("række i sammenligningsfilen har et tal", "rækker i sammenligningsfilen har tal"),
        ("row of the peers file has a figure", "rows of the peers file have figures"),
    )
    one = rows.height == 1
    title, value = titles[row["indikator"]], row["vaerdi"]
    shown = both(number, value, min(MOST_DECIMALS, decimals_of(value)))
    when = both(period, row["periode"])
    da, en = (f"{row['kommune']}, {title[lang]}, {when[lang]}: {shown[lang]}" for lang in LANGS)
    da, en = f"{'' if one else 'den første: '}{da}", f"{'' if one else 'the first: '}{en}"
    return [
        Note(
            "warning",
            Texts(
                f"{said.da}, der ikke kan passe, og er ikke brugt ({da}). Antal kan ikke være "
                "under 0, og andele skrives som 0,25 for 25 pct.",
                f"{said.en} that cannot be right and {'is' if one else 'are'} not used ({en}). "
                "Counts cannot be below 0, and shares are written as 0.25 for 25%.",
            ),
        )
    ]
