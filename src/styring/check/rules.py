"""What a breach of a rule is, and the parts of a definition the rules look at."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from styring.errors import Texts
from styring.model import Aggregate, Indicator
from styring.prepare import CASE_TABLES
from styring.problem import Path

PERSON_TABLES = CASE_TABLES | {"overgange", "befolkning"}
"""Tables whose figures are about people of some age."""


@dataclass(frozen=True, slots=True)
class Found:
    """A breach of a rule; `word` is what to point at in the value of `path`."""

    path: Path
    rule: str
    message: Texts
    hint: Texts | None = None
    word: str = ""


def aggregates(indicator: Indicator) -> Iterator[tuple[Path, Aggregate]]:
    """Yield every aggregate of a definition with the path it stands on."""
    value = indicator.value
    tops: list[tuple[Path, Aggregate | None]] = [
        (("value", "numerator"), value.numerator),
        (("value", "denominator"), value.denominator),
        (("at_stake",), indicator.at_stake),
    ]
    for path, agg in tops:
        if agg is None:
            continue
        yield path, agg
        if agg.minus is not None:
            yield (*path, "minus"), agg.minus
        if agg.scale is not None:
            yield (*path, "scale", "numerator"), agg.scale.numerator
            yield (*path, "scale", "denominator"), agg.scale.denominator


def choose(words: Iterable[str]) -> Texts:
    """Return `write one of …`."""
    listed = ", ".join(words)
    return Texts(f"Skriv en af: {listed}.", f"Write one of: {listed}.")
