"""Which municipalities are alike: a standardised distance over framework conditions.

Framework conditions (rammevilkår) are what a municipality cannot change in the short run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from styring.errors import InputError, Texts, texts
from styring.index.treat import skewness
from styring.tables import Note
from styring.text import listed

Array = npt.NDArray[np.float64]
Scale = Literal["robust", "z"]
MAD_TO_SD = 1.4826
"""The median absolute deviation of a normal distribution times this is its standard deviation."""
SKEWED = 1.0
"""Skewness from which a positive variable is compared by its logarithm."""
LEAST_WEIGHT = 0.5
"""A peer must share at least this part of the variables' weight with us."""
LEAST_UNITS = 5
"""A variable that fewer municipalities have is not used."""
TIED = 1e-12


@dataclass(frozen=True, slots=True)
class Variable:
    """A framework condition, of its latest period."""

    id: str
    title: Texts
    unit: str
    period: str


@dataclass(frozen=True, slots=True)
class Framework:
    """Framework conditions: municipalities × variables, NaN where there is no figure."""

    codes: tuple[str, ...]
    names: Mapping[str, str]
    variables: tuple[Variable, ...]
    values: Array

    @property
    def ids(self) -> list[str]:
        """Return the variables' ids."""
        return [v.id for v in self.variables]

    def title_of(self, variable: str) -> Texts:
        """Return a variable's title."""
        return self.variables[self.ids.index(variable)].title

    def values_of(self, variable: str) -> dict[str, float]:
        """Return a variable's value by municipality code, those that have one."""
        column = self.values[:, self.ids.index(variable)]
        return {c: float(x) for c, x in zip(self.codes, column, strict=True) if not np.isnan(x)}


@dataclass(frozen=True, slots=True)
class Scaled:
    """Framework conditions without unit, with their weights and which were logged."""

    framework: Framework
    z: Array
    weights: Array
    logged: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Pull:
    """How far two municipalities are apart in a variable: both values, part of the distance."""

    variable: str
    own: float
    theirs: float
    share: float


@dataclass(frozen=True, slots=True)
class Alike:
    """A municipality's likeness to ours; `place` 1 is the most alike."""

    code: str
    name: str
    place: int
    distance: float
    variables: int
    apart: tuple[Pull, ...]
    reciprocal: bool = False
    tied: bool = False


def framework(
    context: pl.DataFrame, own_code: str, year: int, ids: Sequence[str] = ()
) -> tuple[Framework, list[Note]]:
    """Return the framework conditions of a context file, each of its latest period to `year`.

    Args:
        context: rows of a context file (`styring.peers.read_context`).
        own_code: a variable without our own figure cannot be compared and is left out, with a note.
        year: no later period is used.
        ids: the variables to use; all where none are named.

    Raises:
        InputError: a municipality has several figures of a variable in the period used.
    """
    rows = context.filter(
        pl.col("vaerdi").is_not_null()
        & ~pl.col("suppressed")
        & (pl.col("periode").str.head(4).cast(pl.Int64()) <= year)
    )
    if ids:
        rows = rows.filter(pl.col("indikator").is_in(list(ids)))
    rows = rows.filter(pl.col("periode") == pl.col("periode").max().over("indikator"))
    _refuse_several(rows)
    rows = rows.sort(pl.col("kommunekode") != own_code, "kommunekode")
    wanted = list(dict.fromkeys(ids)) or sorted(rows["indikator"].unique())
    ours = set(rows.filter(pl.col("kommunekode") == own_code)["indikator"])
    counts = dict(rows.group_by("indikator").agg(pl.col("kommunekode").n_unique()).iter_rows())
    used = [i for i in wanted if i in ours and counts.get(i, 0) >= LEAST_UNITS]
    notes = []
    if lost := [i for i in wanted if i not in used]:
        notes.append(_unused_note(lost))
    codes = sorted(rows["kommunekode"].unique())
    at = {c: n for n, c in enumerate(codes)}
    values = np.full((len(codes), len(used)), np.nan)
    variables = []
    for n, name in enumerate(used):
        of = rows.filter(pl.col("indikator") == name)
        places = [at[c] for c in of["kommunekode"]]
        values[places, n] = of["vaerdi"].to_numpy()
        title, unit, period = of.select("titel", "enhed", "periode").row(0)
        variables.append(Variable(name, texts(title or name), unit or "", period))
    names = dict(rows.select("kommunekode", "kommune").iter_rows())
    return Framework(tuple(codes), names, tuple(variables), values), notes


def _refuse_several(rows: pl.DataFrame) -> None:
    """Refuse figures that differ in price level, refund or version: which one is meant?"""
    several = rows.filter(pl.struct("kommunekode", "indikator").is_duplicated())
    if several.is_empty():
        return
    first = several.sort("indikator", "kommunekode").row(0, named=True)
    name, period = first["kommune"], first["periode"]
    raise InputError(
        Texts(
            f"{name} har flere tal for rammevilkåret «{first['indikator']}» i {period}.",
            f"{name} has several figures of the framework condition “{first['indikator']}” in "
            f"{period}.",
        ),
        hint=Texts(
            "Behold i filen med rammevilkår ét prisniveau, én refusion og én version.",
            "Keep one price level, one refund basis and one version in the context file.",
        ),
    )


def _unused_note(lost: Sequence[str]) -> Note:
    shown = ", ".join(lost[:5]) + (" …" if len(lost) > 5 else "")
    return Note(
        "warning",
        Texts(
            f"Rammevilkår er ikke brugt, fordi kommunens eget tal mangler, eller under "
            f"{LEAST_UNITS} kommuner har et: {shown}.",
            f"Framework conditions are not used because our own figure is missing or fewer than "
            f"{LEAST_UNITS} municipalities have one: {shown}.",
        ),
    )


def scaled(
    f: Framework, weights: Mapping[str, float] | None = None, scale: Scale = "robust"
) -> tuple[Scaled, list[Note]]:
    """Return framework conditions without unit: logged where skewed, centred, over their spread.

    The robust scale is the median and the median absolute deviation × 1.4826; a variable whose
    deviation is 0 there is scaled by mean and standard deviation, with a note. One that does not
    vary is dropped, with a note.

    Args:
        f: the framework conditions.
        weights: by variable; 1 where nothing is said.
        scale: `robust`, or `z` for mean and standard deviation.
    """
    weights = weights or {}
    columns, kept, logged, constant, fallen_back = [], [], [], [], []
    for n, variable in enumerate(f.variables):
        x = f.values[:, n]
        as_log = bool(np.nanmin(x) > 0 and abs(skewness(x)) > SKEWED)
        y = np.log(x) if as_log else x
        if np.nanmin(y) == np.nanmax(y):
            constant.append(variable.title)
            continue
        middle, spread = _centre(y, scale)
        if spread == 0:
            middle, spread = _centre(y, "z")
            fallen_back.append(variable.title)
        columns.append((y - middle) / spread)
        kept.append(n)
        logged.append(as_log)
    variables = tuple(f.variables[n] for n in kept)
    z = np.column_stack(columns) if columns else np.empty((len(f.codes), 0))
    w = np.array([weights.get(v.id, 1.0) for v in variables])
    notes = [_constant_note(constant)] if constant else []
    notes += [_fallen_back_note(fallen_back)] if fallen_back else []
    return Scaled(
        replace(f, variables=variables, values=f.values[:, kept]), z, w, tuple(logged)
    ), notes


def _centre(y: Array, scale: Scale) -> tuple[float, float]:
    """Return the middle and the spread of the known values."""
    known = y[~np.isnan(y)]
    if scale == "z":
        return float(known.mean()), float(known.std(ddof=1))
    middle = float(np.median(known))
    return middle, float(np.median(np.abs(known - middle))) * MAD_TO_SD


def _constant_note(titles: Sequence[Texts]) -> Note:
    da, en = listed([t.da for t in titles]), listed([t.en for t in titles], "en")
    return Note(
        "warning",
        Texts(
            f"Rammevilkåret er ens for alle kommuner og skiller ingen: {da}.",
            f"The framework condition is the same for all municipalities and parts none: {en}.",
        ),
    )


def _fallen_back_note(titles: Sequence[Texts]) -> Note:
    da, en = listed([t.da for t in titles]), listed([t.en for t in titles], "en")
    return Note(
        "info",
        Texts(
            f"Over halvdelen af kommunerne har samme tal. Derfor er rammevilkåret målt med "
            f"gennemsnit og standardafvigelse: {da}.",
            f"More than half of the municipalities have the same figure. So the condition "
            f"is measured by mean and standard deviation: {en}.",
        ),
    )


def distances(s: Scaled, row: int) -> tuple[Array, Array]:
    """Return the distance of every municipality to one, and the weight both have figures for.

    d(i, j) = √(Σ w (z_i − z_j)² / Σ w) over the variables both have; NaN where they share less
    than half of the weight. Nothing is imputed.
    """
    gaps = (s.z - s.z[row]) ** 2
    both = ~np.isnan(gaps)
    # added one by one: a product of matrices takes an order of its own, and another last digit
    shared = (both * s.weights).sum(axis=1)
    total = (np.where(both, gaps, 0.0) * s.weights).sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        d = np.sqrt(total / shared)
    return np.where(shared >= LEAST_WEIGHT * s.weights.sum() - TIED, d, np.nan), shared


def ranked(s: Scaled, own_code: str, among: set[str] | None = None) -> list[Alike]:
    """Return the municipalities by their likeness to ours, the most alike first.

    Args:
        s: the scaled framework conditions.
        own_code: ours, which is never among them.
        among: the codes to rank; all where it is None.
    """
    if own_code not in s.framework.codes or not s.z.shape[1]:
        return []
    row = s.framework.codes.index(own_code)
    d, _ = distances(s, row)
    found = sorted(
        (round(float(x), 12), code, n)
        for n, (code, x) in enumerate(zip(s.framework.codes, d, strict=True))
        if n != row and not np.isnan(x) and (among is None or code in among)
    )
    alike: list[Alike] = []
    for place, (_, code, n) in enumerate(found, 1):
        pulls = list(_pulls(s, row, n))
        alike.append(
            Alike(code, s.framework.names[code], place, float(d[n]), len(pulls), tuple(pulls[:2]))
        )
    return alike


def _pulls(s: Scaled, row: int, other: int) -> Iterator[Pull]:
    """Yield the variables both have, the one that pulls most apart first."""
    gaps = s.weights * (s.z[other] - s.z[row]) ** 2
    known = ~np.isnan(gaps)
    total = float(gaps[known].sum())
    order = sorted(np.flatnonzero(known), key=lambda k: (-gaps[k], s.framework.ids[k]))
    for k in order:
        ours, theirs = s.framework.values[row, k], s.framework.values[other, k]
        share = float(gaps[k]) / total if total else 0.0
        yield Pull(s.framework.ids[k], float(ours), float(theirs), share)


def nearest(alike: Sequence[Alike], k: int) -> list[Alike]:
    """Return the k most alike; those tied at the k-th place are all taken, and marked."""
    if k >= len(alike):
        return list(alike)
    limit = alike[k - 1].distance
    taken = [a for a in alike if a.distance <= limit + TIED]
    if len(taken) == k:
        return taken
    return [replace(a, tied=abs(a.distance - limit) <= TIED) for a in taken]


def without(s: Scaled, variable: int) -> Scaled:
    """Return the scaled framework conditions without one variable."""
    keep = [n for n in range(s.z.shape[1]) if n != variable]
    f = s.framework
    left = replace(f, variables=tuple(f.variables[n] for n in keep), values=f.values[:, keep])
    return Scaled(left, s.z[:, keep], s.weights[keep], tuple(s.logged[n] for n in keep))


@dataclass(frozen=True, slots=True)
class PeerSet:
    """One of the sets of peers that a finding is tried in."""

    label: Texts
    codes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Chosen:
    """The peers chosen, how alike they are, and the sets a finding is tried in.

    `codes` never holds our own. `alike` ranks those of the group and region that likeness can be
    measured for, whether they were chosen or not. The first of `sets` is the one chosen.
    """

    codes: frozenset[str] = frozenset()
    text: Texts | None = None
    alike: tuple[Alike, ...] = ()
    scaled: Scaled | None = None
    sets: tuple[PeerSet, ...] = ()
    notes: tuple[Note, ...] = field(default=())

    @property
    def framework(self) -> Framework | None:
        """Return the framework conditions, where there are any."""
        return self.scaled.framework if self.scaled else None

    def sets_with(self, code: str) -> int:
        """Return how many of the sets hold a municipality."""
        return sum(code in s.codes for s in self.sets)
