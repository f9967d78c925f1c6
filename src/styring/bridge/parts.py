"""What the bridges share: the split of a difference over its factors, and what comes out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt

from styring.errors import Texts
from styring.review import BridgeKey, BridgeKind, Effect
from styring.stats.shapley import product_parts

Array = npt.NDArray[np.float64]
LOW, HIGH = 0.05, 0.95
Why = Literal[
    "no_area", "no_services", "few_peers", "one_year", "no_cases", "no_assumptions", "withheld"
]


class Volume(NamedTuple):
    """What services cost: full-year persons and kroner per service, float64 (…, services).

    `inhabitants` (…, 1) and the price `level` (services) are factors of their own where given.
    """

    persons: Array
    cost: Array
    inhabitants: Array | None = None
    level: Array | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a bridge in kroner a year; a detail is part of a step and moves nothing itself."""

    key: BridgeKey
    effect: Effect
    detail: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    """A service's part: its number (with mix and inhabitants), the price level, its price."""

    id: str
    title: Texts | None
    number: Effect
    level: Effect | None
    price: Effect
    total: Effect


@dataclass(frozen=True, slots=True)
class Mixed:
    """A service's share of the full-year persons: ours, and the peers' median and quartiles."""

    title: Texts
    own: float
    median: float
    q1: float
    q3: float


@dataclass(frozen=True, slots=True)
class Bridge:
    """The way from `before` to `after`, kroner a year; the steps that are no detail sum to `gap`.

    `why` says why there are no steps, or why the gap is not split. `title` of a service is None
    for those shown together. `inhabitants` are our own, of `ages`, where the bridge is per
    inhabitant. `without_population` and `without_index` say which factors are not told apart.
    """

    kind: BridgeKind
    year: int
    before: float = 0.0
    after: float = 0.0
    gap: Effect | None = None
    steps: tuple[Step, ...] = ()
    services: tuple[Service, ...] = ()
    beside: tuple[Step, ...] = ()
    mix: tuple[Mixed, ...] = ()
    why: Why | None = None
    inhabitants: float | None = None
    ages: tuple[int, int] | None = None
    peers: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    not_split: tuple[Texts, ...] = ()
    one_sided: tuple[Texts, ...] = ()
    merged: bool = False
    without_population: bool = False
    without_index: bool = False
    unread: int = 0


def split(before: Volume, after: Volume) -> dict[BridgeKey, Array]:
    """Return the parts of the change in cost by factor, kroner, each (…, services).

    Cost = inhabitants × persons per inhabitant × mix × price level × price beyond it. Without
    inhabitants the first two are one, the number of persons. Where one side has no persons of a
    service it gets the other side's price, so that the whole effect lies in the number; where it
    has none at all it gets the other side's mix.

    Source:
        See `styring.stats.shapley.product_parts`.
    """
    first, last = _factors(before, after), _factors(after, before)
    shape = np.broadcast_shapes(*(f.shape for f in (*first.values(), *last.values())))
    x0, x1 = (
        np.stack([np.broadcast_to(f, shape) for f in side.values()], axis=-2)
        for side in (first, last)
    )
    parts = product_parts(x0, x1)
    return {key: parts[..., n, :] for n, key in enumerate(first)}


def _factors(side: Volume, other: Volume) -> dict[BridgeKey, Array]:
    factors: dict[BridgeKey, Array] = {}
    total = side.persons.sum(axis=-1, keepdims=True)
    other_total = other.persons.sum(axis=-1, keepdims=True)
    if side.inhabitants is not None:
        factors["population"] = side.inhabitants
        factors["users"] = total / side.inhabitants
    else:
        factors["number"] = total
    factors["mix"] = _over(side.persons, total, _over(other.persons, other_total, np.zeros(1)))
    level, other_level = side.level, other.level
    if level is None or other_level is None:
        level = other_level = np.ones(1)
    else:
        factors["level"] = level
    theirs = _over(other.cost, other.persons * other_level, np.zeros(1))
    factors["price"] = _over(side.cost, side.persons * level, theirs)
    return factors


def _over(top: Array, bottom: Array, instead: Array) -> Array:
    """Return top / bottom, and `instead` where there is nothing to divide by."""
    top, bottom, instead = np.broadcast_arrays(top, bottom, instead)
    return np.divide(top, bottom, out=instead.astype(np.float64), where=bottom != 0)


def span(draws: Array) -> Effect:
    """Return the first of some amounts with the 5–95 % span of the rest."""
    amount = float(draws[0])
    if len(draws) == 1:
        return Effect(amount=amount)
    low, high = (float(x) for x in np.quantile(draws[1:], [LOW, HIGH]))
    return Effect(amount=amount, low=min(low, amount), high=max(high, amount))


def step_parts(parts: Mapping[BridgeKey, Array]) -> list[Step]:
    """Return each factor's step over all services; parts are (draws, services)."""
    return [Step(key, span(part.sum(axis=-1))) for key, part in parts.items()]


def service_parts(
    parts: Mapping[BridgeKey, Array], named: Sequence[tuple[str, Texts | None]]
) -> tuple[Service, ...]:
    """Return each service's part, the largest first, those shown together last."""
    level, price = parts.get("level"), parts["price"]
    number = sum((p for k, p in parts.items() if k not in ("level", "price")), np.zeros(1))
    total = sum(parts.values(), np.zeros(1))
    found = [
        Service(
            name,
            title,
            span(number[:, n]),
            None if level is None else span(level[:, n]),
            span(price[:, n]),
            span(total[:, n]),
        )
        for n, (name, title) in enumerate(named)
    ]
    return tuple(sorted(found, key=lambda s: (s.title is None, -abs(s.total.amount), s.id)))


def one_sided(
    named: Sequence[tuple[str, Texts | None]], before: Array, after: Array
) -> tuple[Texts, ...]:
    """Return the names of the services that only one side has persons of; (services) each."""
    lonely = (before == 0) != (after == 0)
    return tuple(t for (_, t), alone in zip(named, lonely, strict=True) if alone and t is not None)
