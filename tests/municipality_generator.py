"""Made-up municipalities: citizens one by one, long-tailed stays, inflow with seasons."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass

YEAR = 365.25


@dataclass(frozen=True)
class Stay:
    """A citizen's stay: service, first and last day (from day 0), kroner a day."""

    service: int
    first: int
    last: int
    price: float


def municipality(seed: int, days: int, warm: int = 3650) -> list[Stay]:
    """Return the stays of one municipality that touch day 0 to `days`.

    Inflow swings with the season and a little from year to year; stays are lognormal; prices are a
    mixture of cheap and dear. Starts from long before day 0, so that stock is grown, not set.
    """
    rng = random.Random(seed)  # noqa: S311 made-up people, no secrets
    stays: list[Stay] = []
    for service in range(rng.choice((3, 4, 5))):
        a_year = rng.uniform(8, 45)
        mu, sigma = math.log(rng.uniform(250, 1100)), rng.uniform(0.5, 0.9)
        usual, high = rng.uniform(400, 1500), rng.uniform(2000, 4000)
        phase, swing = rng.uniform(0, 1), rng.uniform(0.1, 0.4)
        mood = {y: rng.gauss(1.0, 0.05) for y in range(-20, 20)}
        day = float(-warm)
        while day < days:
            season = 1 + swing * math.sin(2 * math.pi * (day / YEAR + phase))
            rate = max(a_year * season * mood[math.floor(day / YEAR)], 1.0)
            day += rng.expovariate(rate) * YEAR
            stay = max(1, round(rng.lognormvariate(mu, sigma)))
            price = high if rng.random() < 0.15 else usual
            price *= rng.uniform(0.8, 1.25)
            if day + stay > 0 and day < days:
                stays.append(Stay(service, math.floor(day), math.floor(day) + stay, price))
    return stays
