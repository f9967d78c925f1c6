"""Account strings of nine digits: function, dranst and grouping, in one of two orders.

`528201003` has the function first: 5.28.20, dranst 1, grouping 003. `153850001` has the dranst
first: dranst 1, 5.38.50, grouping 001. Nothing but the chart of accounts tells them apart.

Source:
    Function first: account strings of activities in OS2bos (activities.csv). Dranst first, and
    dranst 1-7: Danmarks Statistik, documentation of the municipal accounts (REGK31).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

Order = Literal["function", "dranst"]
"""Which of the two stands first."""
ORDERS: tuple[Order, ...] = ("function", "dranst")
PARTS = ("funktion", "dranst", "gruppering")

_PLACES: Mapping[Order, tuple[int, int]] = {"function": (0, 5), "dranst": (1, 0)}
"""Where the five digits of the function begin, and where the dranst stands."""
_DRANST = tuple("1234567")
_STRING = re.compile(r"[0-9]{9}")


@dataclass(frozen=True, slots=True)
class Signs:
    """What a column says of its order.

    `only` holds per order the first row (index) with a string that can be read in that order alone,
    `either` the first with one that can be read in both and means two things.
    """

    only: Mapping[Order, int]
    either: int | None = None

    @property
    def order(self) -> Order | None:
        """Return the order, or None where nothing decides it or two strings contradict."""
        return next(iter(self.only)) if len(self.only) == 1 else None


def is_account_string(text: str) -> bool:
    """Return whether a text is nine digits and nothing else."""
    return _STRING.fullmatch(text) is not None


def split(strings: pl.Series, order: Order, functions: Collection[str]) -> pl.DataFrame:
    """Return account strings split in one order.

    Args:
        strings: String, nine digits; null where a row has none.
        order: which of function and dranst stands first.
        functions: the functions of the chart of accounts, as `5.28.20`.

    Returns:
        One row per string: `funktion` (as `5.28.20`), `dranst` (`1`-`7`), `gruppering` (three
        digits), all String; all null where the string has no such function or dranst there.
    """
    start, place = _PLACES[order]
    text = pl.lit(strings)
    digits = [text.str.slice(start + at, length) for at, length in ((0, 1), (1, 2), (3, 2))]
    function = pl.concat_str(digits, separator=".")
    dranst = text.str.slice(place, 1)
    known = function.is_in(sorted(functions)) & dranst.is_in(_DRANST)
    read = (function, dranst, text.str.slice(6, 3))
    return pl.select(
        pl.when(known).then(part).alias(name) for name, part in zip(PARTS, read, strict=True)
    )


def signs(strings: pl.Series, functions: Collection[str]) -> Signs:
    """Return what account strings say of the order they are written in.

    Args:
        strings: String, nine digits; null where a row has none.
        functions: the functions of the chart of accounts, as `5.28.20`.
    """
    by_order = {o: split(strings, o, functions)["funktion"] for o in ORDERS}
    frame = pl.DataFrame([s.alias(o) for o, s in by_order.items()])
    first, second = (pl.col(o).is_not_null() for o in ORDERS)
    found = frame.select(
        function=first & ~second,
        dranst=second & ~first,
        either=first & second & (pl.col("function") != pl.col("dranst")),
    )
    rows = {name: found[name].arg_true() for name in found.columns}
    only = {o: int(rows[o][0]) for o in ORDERS if len(rows[o])}
    return Signs(only, int(rows["either"][0]) if len(rows["either"]) else None)


def look_alikes(
    text: str, orders: Iterable[Order], functions: Collection[str]
) -> tuple[tuple[str, str], ...]:
    """Return what an account string would be with two neighbouring digits swapped back.

    Args:
        text: nine digits that hold no function in any of the orders.
        orders: the orders the string may be written in.
        functions: the functions of the chart of accounts, as `5.28.20`.

    Returns:
        Each string it looks like and the function that string holds, in order of the digits
        swapped: `582211001` looks like `528211001`, 5.28.21.
    """
    swapped = [
        text[:at] + text[at + 1] + text[at] + text[at + 2 :]
        for at in range(len(text) - 1)
        if text[at] != text[at + 1]
    ]
    strings = pl.Series(swapped, dtype=pl.String())
    found: dict[str, str] = {}
    for order in orders:
        read = split(strings, order, functions)["funktion"]
        found |= {s: f for s, f in zip(swapped, read, strict=True) if f is not None}
    return tuple(found.items())
