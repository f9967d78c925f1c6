"""Somebody who knows all that is published, and the way it hangs together, and wants the rest.

How a review hangs together is learned from reviews in which nothing is withheld: what is equal in
every one of them, what sums to what, what is the product of what. That is used on a review in
which small numbers are withheld, until nothing more can be worked out.

With two reviews of one municipality also what is the same in both is learned, and that a figure is
what it was and what moved it.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from math import isclose
from pathlib import Path
from unittest.mock import patch

from scipy.optimize import linprog

from styring import privacy
from styring.find.since import since_part
from styring.flows import INS, OUTS
from styring.pipeline import Choices, review
from styring.review import FACTORS, Review
from styring.trace import leaves

_YEAR = re.compile(r"\b(20\d\d)\b")
Path_ = tuple[str, ...]
Known = dict[Path_, float | None]
NO_COUNTS = {
    "score", "score_low", "score_high", "score_median", "low", "high", "weight", "p", "q",
    "p_value", "rank", "scale", "decimals", "definition_version", "year", "n", "percentile",
}  # fmt: skip
"""Fields that are no figure of citizens: what is said of a figure, not the figure."""
OF_PEOPLE = {
    "indicators", "activity", "casework", "ages", "case_months", "reconcile", "bridges",
    "functions", "economy", "flows", "forecast", "cost_bands", "interplay", "outlook",
}  # fmt: skip


ENOUGH = 4
Line = tuple[dict[Path_, float], float]
"""An equation: unknowns with their signs, and what they sum to."""


@contextmanager
def suppression(*, primary: bool, secondary: bool) -> Iterator[None]:
    """Withhold small numbers or not, and what would give them away or not."""

    def small(count: float | None, least: int = privacy.LEAST) -> bool:
        return primary and count is not None and 0 < count < least

    def alone(counts: Sequence[float | None], least: int = privacy.LEAST) -> set[int]:
        return {i for i, n in enumerate(counts) if small(n, least)}

    changed: list[tuple[object, str, Callable[..., object]]] = []
    for name, module in list(sys.modules.items()):
        if name.startswith("styring"):
            for what, instead in (("is_small", small), ("secondary", alone)):
                if getattr(module, what, None) is getattr(privacy, what):
                    changed.append((module, what, instead))
    patches = [
        patch.object(module, what, instead)
        for module, what, instead in changed
        if not (primary and what == "is_small") and not (secondary and what == "secondary")
    ]
    for one in patches:
        one.start()
    try:
        yield
    finally:
        for one in patches:
            one.stop()


def published(of: Review) -> Known:
    """Return every figure of a review by where it stands; None where there is none.

    And of every line of the flows both sides of its balance, where either is shown.
    """
    found = _numbers(of, OF_PEOPLE)
    for line in sorted({p[:3] for p in found if p[:2] == ("flows", "lines")}):
        sides = [[found[*line, x] for x in pair] for pair in (("start", "came"), ("left", "end"))]
        whole = [sum(x or 0.0 for x in side) for side in sides if None not in side]
        found["end of", *line] = whole[0] if whole else None
    return found


def _numbers(of: Review, parts: AbstractSet[str]) -> Known:
    return {
        path: None if leaf is None else float(leaf)
        for path, leaf in leaves(of)
        if path[0] in parts and path[-1] not in NO_COUNTS and not isinstance(leaf, str)
    }


def reviewed(workbook: Path, *, primary: bool, secondary: bool, as_of: date | None = None) -> Known:
    """Return what a workbook's review publishes."""
    return published(made(workbook, primary=primary, secondary=secondary, as_of=as_of))


def made(workbook: Path, *, primary: bool, secondary: bool, as_of: date | None = None) -> Review:
    """Return a workbook's review."""
    with suppression(primary=primary, secondary=secondary):
        return review(workbook, Choices(as_of=as_of))


def together(old: Review, new: Review) -> Known:
    """Return what two reviews of a municipality publish, and the later one of what moved since."""
    told = new.model_copy(update={"since": since_part([old], new)})
    sides = {"then": published(old), "now": published(new)}
    return {(side, *p): v for side, known in sides.items() for p, v in known.items()} | _numbers(
        told, {"since"}
    )


def of_finished_years(known: Known, last: int) -> Known:
    """Return the figures of years to `last`: reviews of the year after all have them."""
    years = {path: {int(y) for y in _YEAR.findall(" ".join(path))} for path in known}
    return {p: v for p, v in known.items() if years[p] and max(years[p]) <= last}


@dataclass(frozen=True)
class Structure:
    """How the figures of a review hang together."""

    equal: Mapping[Path_, Path_]
    sums: Sequence[tuple[Path_, tuple[Path_, ...]]]
    products: Sequence[tuple[Path_, Path_, Path_, float]]


def learned(open_: Sequence[Known]) -> Structure:
    """Return what holds in all of several reviews in which nothing is withheld.

    An equality, a sum or a product is believed when it holds wherever its figures are, with at
    least `ENOUGH` different values: else it may be chance.
    """
    return Structure(_equal(open_), list(_sums(open_)), list(_products(open_)))


def of_both(within: Structure, open_: Sequence[Known]) -> Structure:
    """Return how the figures of two reviews hang together.

    Args:
        within: how those of one do.
        open_: what several municipalities' two reviews publish where nothing is withheld.
    """
    then, now = _of_side(within, "then"), _of_side(within, "now")
    here = [p for p in dict.fromkeys(p for known in open_ for p in known) if p[0] == "now"]
    same = [(p, (("then", *p[1:]),)) for p in here if _holds(open_, p, (("then", *p[1:]),))]
    return Structure(
        {**then.equal, **now.equal},
        [*then.sums, *now.sums, *same, *_moves(open_)],
        [*then.products, *now.products],
    )


def _of_side(within: Structure, side: str) -> Structure:
    def of(p: Path_) -> Path_:
        return (side, *p)

    return Structure(
        {of(p): of(q) for p, q in within.equal.items()},
        [(of(t), tuple(map(of, ps))) for t, ps in within.sums],
        [(of(ratio), of(a), of(b), factor) for ratio, a, b, factor in within.products],
    )


def _moves(open_: Sequence[Known]) -> Iterator[tuple[Path_, tuple[Path_, ...]]]:
    """Yield every figure as what it was and what moved it."""
    every = list(dict.fromkeys(p for known in open_ for p in known))
    figures = [p for p in every if p[1] == "indicators" and len(p) == 4 and p[-1] == "value"]
    for split in [p for p in every if p[0] == "since" and p[-2:] == ("figure_split", "data")]:
        of = [p for p in figures if p[2].split()[0] == split[2]]
        parts = tuple((*split[:-1], f) for f in FACTORS)
        for now in [p for p in of if p[0] == "now"]:
            for then in [p for p in of if p[0] == "then"]:
                if _holds(open_, now, (then, *parts)):
                    yield now, (then, *parts)


def _equal(open_: Sequence[Known]) -> dict[Path_, Path_]:
    signs: dict[tuple[object, ...], Path_] = {}
    found: dict[Path_, Path_] = {}
    for path in dict.fromkeys(p for known in open_ for p in known):
        values = tuple(None if (v := known.get(path)) is None else round(v, 6) for known in open_)
        told = [v for v in values if v]
        if len(told) < ENOUGH or len(set(told)) < ENOUGH:
            continue
        found[path] = signs.setdefault(values, path)
    return found


def _sums(open_: Sequence[Known]) -> Iterator[tuple[Path_, tuple[Path_, ...]]]:
    """Yield totals with their parts: siblings whose names say what the total's does and one more.

    And in the casework, where the total stands apart from its parts.
    """
    every = list(dict.fromkeys(p for known in open_ for p in known))
    families: dict[tuple[Path_, int, str], list[Path_]] = defaultdict(list)
    for path in every:
        for at in range(1, len(path) - 1):
            families[path[:at], len(path), path[-1]].append(path)
    seen: set[tuple[Path_, tuple[Path_, ...]]] = set()
    for (prefix, _, _), members in families.items():
        by_name: dict[tuple[frozenset[str], Path_], list[Path_]] = defaultdict(list)
        for path in members:
            words = frozenset(w for w in path[len(prefix)].split() if not w.startswith("#"))
            by_name[words, path[len(prefix) + 1 :]].append(path)
        for (words, rest), totals in by_name.items():
            parts = tuple(
                p for (other, r), ps in by_name.items() for p in ps
                if r == rest and words < other and len(other) == len(words) + 1
            )  # fmt: skip
            relation = (totals[0], parts)
            if (
                len(totals) == 1
                and len(parts) >= 2
                and relation not in seen
                and _holds(open_, *relation)
            ):
                seen.add(relation)
                yield relation
    slots = tuple(p for p in every if p[:2] == ("casework", "follow_up") and p[-1] == "cases")
    late = tuple(p for p in slots if "late" in p[2])
    known = [(("casework", "running"), slots), (("casework", "late"), late)]
    for total, parts in (*known, *_of_flows(every)):
        if parts and _holds(open_, total, parts):
            yield total, parts


def _of_flows(every: Sequence[Path_]) -> Iterator[tuple[Path_, tuple[Path_, ...]]]:
    """Yield what comes and goes: by kind in all, and the balance of every line.

    The balance has two sides: what was there and came is what left and is there.
    """
    lines = sorted({p[:3] for p in every if p[:2] == ("flows", "lines")})
    kinds = [p for p in every if p[:2] == ("flows", "kinds") and p[-1] == "citizens"]
    for way, names in (("came", INS), ("left", OUTS)):
        total = ("flows", "lines", "#1", way)
        yield total, tuple(p for p in kinds if p[2] in names)
    for line in lines:
        yield ("end of", *line), tuple((*line, x) for x in ("start", "came"))
        yield ("end of", *line), tuple((*line, x) for x in ("left", "end"))


def _holds(open_: Sequence[Known], total: Path_, parts: Sequence[Path_]) -> bool:
    values = set()
    for known in open_:
        whole, terms = known.get(total), [known.get(p) for p in parts]
        if whole is None:
            continue
        if not isclose(whole, sum(t or 0.0 for t in terms), rel_tol=1e-6, abs_tol=1e-4):
            return False
        if whole:
            values.add(round(whole, 6))
    return len(values) >= ENOUGH


def _products(open_: Sequence[Known]) -> Iterator[tuple[Path_, Path_, Path_, float]]:
    """Yield figures that are a ratio of two others beside them, times a factor."""
    groups: dict[Path_, list[Path_]] = defaultdict(list)
    for path in dict.fromkeys(p for known in open_ for p in known):
        groups[path[:-1]].append(path)
    for beside in groups.values():
        for ratio in beside:
            for top, bottom in combinations([p for p in beside if p != ratio], 2):
                for a, b in ((top, bottom), (bottom, top)):
                    rows = [[known.get(p) or 0.0 for p in (ratio, a, b)] for known in open_]
                    rows = [row for row in rows if all(row)]
                    if min(len({row[n] for row in rows}) for n in range(3)) < ENOUGH:
                        continue
                    factors = [r * y / x for r, x, y in rows]
                    if all(isclose(f, factors[0], rel_tol=1e-9) for f in factors):
                        yield ratio, a, b, factors[0]


def recovered(told: Known, truth: Known, structure: Structure) -> dict[Path_, float]:
    """Return the withheld figures that can be worked out from the published ones."""
    hidden = {p for p, v in truth.items() if v is not None and told.get(p) is None}
    known = {p: v for p, v in told.items() if v is not None}
    before = -1
    while len(known) != before:
        before = len(known)
        _spread(known, structure)
        _multiply(known, structure)
        _solve(known, hidden, structure)
    return {
        p: known[p] for p in sorted(hidden)
        if p in known and isclose(known[p], truth[p] or 0.0, rel_tol=1e-3, abs_tol=1e-3)
    }  # fmt: skip


def sensitive(primary: Known, truth: Known, structure: Structure) -> set[Path_]:
    """Return the figures that rest on few citizens, wherever they stand.

    `primary` is what is published when only small numbers are withheld. A figure that may be shown
    in one place is no secret in another.
    """
    open_ = {structure.equal.get(p, p) for p, v in primary.items() if v is not None}
    return {
        p for p, v in truth.items()
        if v is not None and primary.get(p) is None and structure.equal.get(p, p) not in open_
    }  # fmt: skip


def _spread(known: dict[Path_, float], structure: Structure) -> None:
    by_class = {structure.equal[p]: v for p, v in known.items() if p in structure.equal}
    for path, of in structure.equal.items():
        if of in by_class:
            known.setdefault(path, by_class[of])


def _multiply(known: dict[Path_, float], structure: Structure) -> None:
    for ratio, a, b, factor in structure.products:
        have = [p in known for p in (ratio, a, b)]
        if have == [False, True, True] and known[b]:
            known[ratio] = factor * known[a] / known[b]
        elif have == [True, False, True] and factor:
            known[a] = known[ratio] * known[b] / factor
        elif have == [True, True, False] and known[ratio]:
            known[b] = factor * known[a] / known[ratio]


def _solve(known: dict[Path_, float], hidden: set[Path_], structure: Structure) -> None:
    """Work out the unknown terms of all sums together: what can be one number only is found."""
    rows = [
        (total, [p for p in parts if p in known or p in hidden]) for total, parts in structure.sums
    ]
    rows = [(t, ps) for t, ps in rows if t in known or t in hidden]
    lines: list[Line] = []
    for total, parts in rows:
        line, value = dict[Path_, float](), 0.0
        for p, sign in ((total, -1.0), *((p, 1.0) for p in parts)):
            if p in known:
                value -= sign * known[p]
            else:
                line[p] = line.get(p, 0.0) + sign
        if any(line.values()):
            lines.append((line, value))
    for group in _apart(lines):
        _solve_group(known, group)


def _apart(lines: Sequence[Line]) -> list[list[Line]]:
    """Return the equations in groups that have no unknown in common."""
    groups: list[tuple[set[Path_], list[Line]]] = []
    for line in lines:
        names, own = set(line[0]), [line]
        apart = []
        for group in groups:
            if group[0] & names:
                names, own = names | group[0], [*group[1], *own]
            else:
                apart.append(group)
        groups = [*apart, (names, own)]
    return [own for _, own in groups]


def _solve_group(known: dict[Path_, float], lines: Sequence[Line]) -> None:
    names = sorted({p for line, _ in lines for p in line})
    matrix = [[line.get(p, 0.0) for p in names] for line, _ in lines]
    right = [value for _, value in lines]
    bounds = [(None if p[0] == "since" else 0.0, None) for p in names]
    for at, p in enumerate(names):
        ends: list[float] = []
        for sign in (1.0, -1.0):
            way = [sign if n == at else 0.0 for n in range(len(names))]
            solved = linprog(way, A_eq=matrix, b_eq=right, bounds=bounds, method="highs")
            if solved.status != 0:
                break
            ends.append(sign * float(solved.fun or 0.0))
        if len(ends) == 2 and ends[1] - ends[0] < 0.01 * max(1.0, ends[1]):
            known[p] = ends[0]
