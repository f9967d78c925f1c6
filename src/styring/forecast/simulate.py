"""The months ahead, drawn many times: who stays, who comes, at what price, by service."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from styring.forecast.coming import come, turn
from styring.forecast.flows import Flows
from styring.forecast.rates import dearer, less_granted, month_of, rates_of
from styring.forecast.rows import Cases, Floats, Rows, Spans, cost, months_after
from styring.forecast.staying import in_lots, longer_of, stay, stayers_of
from styring.forecast.young import Young, chances

DRAWS = 1000
PARTS = ("leaving", "renewing", "coming", "young", "price")


@dataclass(frozen=True, slots=True)
class Drawn:
    """Kroner by service and month: `committed` once, and what each draw adds (draws first).

    The committed and the parts add up to the draw's cost: `leaving` what exits take, `renewing`
    what grants that are made longer add, `coming` and `young` who come, `price` what prices add.
    `listed` is the chance that one who is listed comes, `longer` that a grant is made longer.
    """

    spans: Spans
    committed: Floats
    leaving: Floats
    renewing: Floats
    coming: Floats
    young: Floats
    price: Floats
    listed: Floats
    longer: Floats

    def total(self) -> Floats:
        """Return the cost by draw, service and month."""
        found: Floats = self.committed + sum(getattr(self, p) for p in PARTS)
        return found


def simulate(
    rows: Rows,
    known: Cases,
    flows: Flows,
    as_of: date,
    years: int,
    seed: int,
    draws: int = DRAWS,
    young: tuple[Young, int] | None = None,
) -> Drawn:
    """Draw the months after a day, the uncertainty of the rates in it; PCG64, seeded.

    A case with a known end runs to it, and on from it as often as rows have gone on; an open one
    ends by chance, by its service, age and time since the start. A month in which a case begins or
    ends counts half. `young` are those listed, and how many have come in the months of history.
    """
    rng = np.random.Generator(np.random.PCG64(seed))
    spans = months_after(as_of, years)
    rates = rates_of(rng, flows, spans, draws)
    less_granted(rates.inflow, known, spans)
    by_row = cost(rows, spans)
    services = len(flows.newcomers)
    committed = np.zeros((services, len(spans)))
    np.add.at(committed, rows.service, by_row)
    since = month_of(rows.first, spans)
    stayers, certain = stayers_of(rows, known, by_row, since, as_of, spans)
    longer = longer_of(rng, flows, draws)
    open_cost, renewed, added = stay(rng, in_lots(stayers, spans), longer, rates, spans)
    for j in np.unique(since):
        of = certain & (since == j)
        sure = np.zeros_like(committed)
        np.add.at(sure, rows.service[of], by_row[of])
        added += sure * dearer(rates.level, int(j))[:, None, :]
    base = np.zeros_like(committed)
    np.add.at(base, rows.service[~certain], by_row[~certain])
    listed, unlisted = np.ones(draws), None
    if young:
        listed, unlisted = chances(rng, young[0], young[1], flows.months, draws)
    coming = come(rng, flows, rates, unlisted, spans)
    turned = np.zeros_like(coming)
    if young:
        turned = turn(rng, young[0], listed, flows, rates, spans)
    added += (coming + turned) * dearer(rates.level, -1)[:, None, :]
    leaving = open_cost - base
    return Drawn(spans, committed, leaving, renewed, coming, turned, added, listed, longer)


__all__ = ["DRAWS", "PARTS", "Drawn", "cost", "months_after", "simulate"]
