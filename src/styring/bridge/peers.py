"""Our expenditure per inhabitant against the peers': number, mix, price, and what lies outside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from math import fsum
from typing import NamedTuple

import numpy as np
import polars as pl

from styring.bridge.parts import (
    Array,
    Bridge,
    Mixed,
    Step,
    Volume,
    one_sided,
    service_parts,
    span,
    split,
    step_parts,
)
from styring.compare import LEAST_PEERS, Peer, comparable
from styring.economy import withheld_paragraphs
from styring.errors import Texts
from styring.figures import Figures, withheld
from styring.measure import Figure, measure_one
from styring.model import Catalogue, Indicator
from styring.prepare import Prepared

AREAS = ("udgift-pr-18-66-aarig", "udgift-pr-18-64-aarig")
"""The figures the gap to the peers may be of, net expenditure per inhabitant; the first known."""
SERVICE = "bevilget-pris-"
"""Figures whose numerator is a service's case cost and whose denominator its persons."""
DRAWS = 1000
_QUOTED = re.compile(r"'([^']*)'")


def against_peers(
    ready: Prepared, figures: Figures, peers: pl.DataFrame, catalogue: Catalogue, seed: int
) -> Bridge | None:
    """Return why our expenditure per inhabitant differs from the peers', in the last finished year.

    The peers are taken together: their sums over their inhabitants. The interval comes from drawing
    the peers again. A service that is withheld with us, or that more than half of the peers lack,
    is not split; a peer that lacks a service that is split is left out.

    Args:
        ready: the tables.
        figures: our figures; those of definitions not chosen are measured here.
        peers: rows of the peers to compare with (`styring.peers.SCHEMA`); our own are not used.
        catalogue: the definitions.
        seed: of the draws.

    Returns:
        None where there is no definition of expenditure per inhabitant to compare by.

    Source:
        Efron B (1979), Ann Stat 7, 1-26 (percentile bootstrap).
    """
    year = ready.who.finished_year
    known = {i.id: i for i in catalogue.known}
    areas = [(known[a], _figure(ready, figures, known[a], year)) for a in AREAS if a in known]
    if not areas:
        return None
    area, ours = next(((i, f) for i, f in areas if f.numerator and f.denominator), areas[0])
    if ours.numerator is None or not ours.denominator:
        return Bridge("peers", year, why="no_area")
    definitions = [i for i in known.values() if i.id.startswith(SERVICE)]
    found, _, _ = comparable(peers, [area, *definitions], ready.who.code)
    everyone, *theirs = (
        {p.code: p for p in found.get((i.id, year, False), ()) if _counts(p)}
        for i in (area, *definitions)
    )
    services = [
        _Candidate(
            i, _figure(ready, figures, i, year), {c: p for c, p in of.items() if c in everyone}
        )
        for i, of in zip(definitions, theirs, strict=True)
    ]
    hidden = _hidden(ready, year)
    usable, lost = _splittable(services, hidden, len(everyone))
    taken = sorted(c for c in everyone if all(c in u.theirs for u in usable))
    left_out = tuple(sorted(p.name for c, p in everyone.items() if c not in taken))
    about = Bridge(
        "peers",
        year,
        inhabitants=ours.denominator,
        ages=area.value.denominator.age if area.value.denominator else None,
        left_out=left_out,
        not_split=lost,
    )
    if not usable or len(taken) < LEAST_PEERS:
        return replace(about, why="few_peers" if usable else "no_services")
    rows = [[everyone[c], *(u.theirs[c] for u in usable)] for c in taken]
    named = [(u.indicator.id, service_title(u.indicator)) for u in usable]
    return _pooled(about, [ours, *(u.own for u in usable)], rows, named, seed)


class _Candidate(NamedTuple):
    """A service that may be split: our figure, and the peers' by code."""

    indicator: Indicator
    own: Figure
    theirs: dict[str, Peer]


def _counts(peer: Peer) -> bool:
    return peer.numerator is not None and peer.denominator is not None and peer.denominator > 0


def _hidden(ready: Prepared, year: int) -> set[str]:
    if ready.tables.get("sager") is None:
        return set()
    return {p for y, p in withheld_paragraphs(ready) if y == year}


def _figure(ready: Prepared, figures: Figures, indicator: Indicator, year: int) -> Figure:
    series = figures.series.get(indicator.id) or withheld(indicator, measure_one(ready, indicator))
    absent = Figure(indicator.id, year, None, None, absence="not_reported")
    found = next((f for f in series if f.year == year), absent)
    nobody = found.absence == "zero_denominator"
    return Figure(indicator.id, year, None, 0.0, 0.0, 0.0) if nobody else found


def _splittable(
    services: Sequence[_Candidate], hidden: set[str], peers: int
) -> tuple[list[_Candidate], tuple[Texts, ...]]:
    """Return the services to split, and the names of those that are not."""
    usable: list[_Candidate] = []
    lost: list[Texts] = []
    taken: set[str] = set()
    for s in services:
        paragraphs = set(_QUOTED.findall(s.indicator.value.numerator.where or ""))
        known = s.own.numerator is not None and s.own.denominator is not None
        apart = bool(paragraphs) and not paragraphs & (taken | hidden)
        if known and apart and 2 * len(s.theirs) >= peers:
            usable.append(s)
            taken |= paragraphs
        else:
            lost.append(service_title(s.indicator))
    return usable, tuple(lost)


def service_title(indicator: Indicator) -> Texts:
    """Return the service that a granted price is of: what its title says after the first comma."""
    da, en = (t.partition(", ") for t in (indicator.title.da, indicator.title.en))
    return Texts(da[2] or da[0], en[2] or en[0])


def _pooled(
    about: Bridge,
    own: Sequence[Figure],
    peers: Sequence[Sequence[Peer]],
    named: Sequence[tuple[str, Texts]],
    seed: int,
) -> Bridge:
    """Return the bridge from the peers together; the area comes first, then each service."""
    ours = np.array([(f.numerator, f.denominator) for f in own], dtype=np.float64)
    theirs = np.array([[(p.numerator, p.denominator) for p in one] for one in peers], np.float64)
    n = len(peers)
    drawn = np.random.default_rng(seed).integers(n, size=(DRAWS, n))
    sums = np.concatenate([theirs.sum(axis=0)[None], theirs[drawn].sum(axis=1)])
    scale = ours[0, 1] / sums[:, 0, 1]
    level = sums * scale[:, None, None]
    parts = split(Volume(level[:, 1:, 1], level[:, 1:, 0]), Volume(ours[1:, 1], ours[1:, 0]))
    parts = {("users" if k == "number" else k): p for k, p in parts.items()}
    gap = ours[0, 0] - level[:, 0, 0]
    cases = fsum(ours[1:, 0]) - level[:, 1:, 0].sum(axis=-1)
    return replace(
        about,
        before=float(level[0, 0, 0]),
        after=float(ours[0, 0]),
        gap=span(gap),
        steps=(*step_parts(parts), Step("outside", span(gap - cases))),
        services=service_parts(parts, named),
        peers=tuple(sorted(one[0].name for one in peers)),
        mix=service_range(ours[1:, 1], theirs[:, 1:, 1], [title for _, title in named]),
        one_sided=one_sided(named, level[0, 1:, 1], ours[1:, 1]),
    )


def service_range(ours: Array, theirs: Array, titles: Sequence[Texts]) -> tuple[Mixed, ...]:
    """Return each service's share of the full-year persons.

    Args:
        ours: full-year persons by service, float64 (services).
        theirs: the same of each peer, float64 (peers, services).
        titles: of the services.
    """
    if not ours.sum() or len(titles) < 2:
        return ()
    own = ours / ours.sum()
    spread = np.quantile(theirs / theirs.sum(axis=1, keepdims=True), (0.25, 0.5, 0.75), axis=0)
    return tuple(
        Mixed(title, float(own[n]), float(spread[1, n]), float(spread[0, n]), float(spread[2, n]))
        for n, title in enumerate(titles)
    )
