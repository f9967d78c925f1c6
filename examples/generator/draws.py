"""Random draws that are the same on every Python version and every machine."""

from __future__ import annotations

import random
from collections.abc import Sequence
from math import fsum
from typing import TypeVar

T = TypeVar("T")


class Draws:
    """A stream of draws from one seed.

    Everything is built on `random.random()`, the only generator that Python promises to keep,
    and on plain arithmetic: `log`, `exp` and `cos` may differ in the last digit between machines.
    Floats are added with `fsum` here and in the other modules, as `sum` changed in Python 3.12.
    """

    def __init__(self, seed: int) -> None:
        """Start the stream of `seed`."""
        self._random = random.Random(seed)

    def unit(self) -> float:
        """A number from 0 up to, but not including, 1."""
        return self._random.random()

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return self.unit() < probability

    def between(self, low: float, high: float) -> float:
        """A number from `low` to `high`, all equally likely."""
        return low + (high - low) * self.unit()

    def integer(self, low: int, high: int) -> int:
        """A whole number from `low` to `high`, both included."""
        return low + int(self.unit() * (high - low + 1))

    def normal(self) -> float:
        """A bell-shaped number with mean 0 and standard deviation 1, never beyond 6."""
        return fsum(self.unit() for _ in range(12)) - 6.0

    def pick(self, items: Sequence[T]) -> T:
        """One of the items, all equally likely."""
        return items[int(self.unit() * len(items))]

    def weighted(self, items: Sequence[tuple[T, float]]) -> T:
        """One of the items, each as likely as its weight says."""
        point = self.unit() * fsum(weight for _, weight in items)
        for item, weight in items:
            point -= weight
            if point < 0:
                return item
        return items[-1][0]

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        """`count` different items in drawn order."""
        left = list(items)
        return [left.pop(int(self.unit() * len(left))) for _ in range(count)]
