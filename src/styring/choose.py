"""The choice of peers: by name, by region, by likeness; and the sets a finding is tried in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from styring.compare import LEAST_PEERS
from styring.definitions import nearest as nearest_id
from styring.errors import InputError, Texts, join_texts, texts
from styring.places import find_place, place_of, places, region_named
from styring.say import sentence
from styring.similar import (
    TIED,
    Alike,
    Chosen,
    PeerSet,
    Scale,
    Scaled,
    distances,
    framework,
    nearest,
    ranked,
    scaled,
    without,
)
from styring.tables import Note, Severity
from styring.text import counted_texts, fold, listed

SIZES = range(5, 16)
"""The numbers of peers that are tried."""
CHEAPEST, OF_ALIKE = 5, 10
OWN_REGION = ("egen", "own")
OTHER_SCALE: Mapping[Scale, Scale] = {"robust": "z", "z": "robust"}
MOST_NAMED = 10


@dataclass(frozen=True, slots=True)
class PeerChoice:
    """Whom to be compared with: named, of a region, the most alike; None or empty is no choice."""

    group: tuple[str, ...] = ()
    region: str | None = None
    similar: int | None = None
    by: tuple[str, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    scale: Scale = "robust"


def choose(
    choice: PeerChoice,
    peers: Mapping[str, str],
    context: pl.DataFrame | None,
    own_code: str,
    year: int,
) -> Chosen:
    """Return the peers chosen and the sets a finding is tried in.

    A named group is taken as it is; a region and the number of the most alike narrow down what is
    left. Without a choice all municipalities of the peers file are compared with. Without a peers
    file likeness alone is told, to the municipalities of the context file.

    Args:
        choice: the user's.
        peers: the municipalities of the peers file, code to name; none where there is no file.
        context: framework conditions, rows of a context file.
        own_code: ours, which is never a peer.
        year: no later framework conditions are used.

    Raises:
        InputError: an unknown municipality, region or framework condition, or likeness without
            framework conditions.
    """
    s, doubts = _conditions(choice, context, own_code, year)
    known = peers or (s.framework.names if s else {})
    others = {c: n for c, n in known.items() if c != own_code}
    region = _region(choice.region, own_code)
    pool, lost = _pool(choice, region, others, own_code)
    notes = [*doubts, *lost]
    alike = ranked(s, own_code, set(pool)) if s else []
    if alike and (unplaced := sorted(set(pool) - {a.code for a in alike})):
        severity: Severity = "warning" if choice.similar is not None else "info"
        notes.append(_note("unplaced", [others[c] for c in unplaced], severity))
    k = choice.similar or OF_ALIKE
    if not peers:
        alike = _with_reciprocity(s, own_code, alike, k)
        text = sentence("peer_choice.no_file")
        return Chosen(text=text, alike=tuple(alike), scaled=s, notes=tuple(notes))
    codes = frozenset(pool)
    if choice.similar is not None:
        taken = _most_alike(choice.similar, s, alike)
        notes += _count_notes(choice.similar, len(taken))
        codes = frozenset(a.code for a in taken)
        marked = {a.code: a for a in taken}
        alike = [marked.get(a.code, a) for a in alike]
    alike = _with_reciprocity(s, own_code, alike, k)
    if not codes:
        notes.append(_note("nobody"))
    sets = _distinct(_sets(choice, s, own_code, others, pool, codes))
    said = _said(choice, region, len(codes), s)
    return Chosen(codes, said, tuple(alike), s, tuple(sets), tuple(notes))


def _conditions(
    choice: PeerChoice, context: pl.DataFrame | None, own_code: str, year: int
) -> tuple[Scaled | None, list[Note]]:
    """Return the framework conditions likeness is measured by, where there are any."""
    if context is None:
        return None, [_note("no_context")] if choice.by or choice.weights else []
    known = sorted(set(context["indikator"]))
    for name in (*choice.by, *choice.weights):
        if name not in known:
            there = ", ".join(known[:MOST_NAMED])
            raise InputError(
                Texts(
                    f"Rammevilkåret «{name}» findes ikke i filen med rammevilkår.",
                    f"There is no framework condition “{name}” in the context file.",
                ),
                hint=nearest_id(name, known) or Texts(f"Der er: {there}.", f"There are: {there}."),
            )
    f, unused = framework(context, own_code, year, choice.by)
    s, doubts = scaled(f, choice.weights, choice.scale)
    return s, [*unused, *doubts]


def _region(asked: str | None, own_code: str) -> str | None:
    """Return the region asked for, by its name or as our own."""
    if asked is None or fold(asked) not in OWN_REGION:
        return None if asked is None else region_named(asked)
    own = places().get(own_code)
    if own is None:
        raise InputError(
            Texts(
                f"Kommunens egen region kendes ikke: «{own_code}» er ikke en kommunekode.",
                f"Our own region is not known: “{own_code}” is not a municipality's code.",
            ),
            hint=Texts("Skriv regionens navn.", "Write the region's name."),
        )
    return own.region


def _pool(
    choice: PeerChoice, region: str | None, others: Mapping[str, str], own_code: str
) -> tuple[list[str], list[Note]]:
    """Return the codes to compare with before likeness narrows them down, and who is not there."""
    pool, notes = sorted(others), []
    if choice.group:
        named = dict.fromkeys(_code(name, others) for name in choice.group)
        if lost := [places()[c].name for c in named if c not in others and c != own_code]:
            notes.append(_note("absent", lost))
        pool = sorted(c for c in named if c in others)
    if region is None:
        return pool, notes
    known = places()
    inside = [c for c in pool if c in known and known[c].region == region]
    if choice.group and (lost := [others[c] for c in pool if c not in inside]):
        notes.append(_note("outside", lost))
    return inside, notes


def _code(name: str, others: Mapping[str, str]) -> str:
    """Return the code a name means: one of the 98, else one that the file alone has."""
    if place_of(name) is None:
        for code, other in others.items():
            if fold(name) in (fold(code), fold(other)):
                return code
    return find_place(name).code


def _note(why: str, names: Sequence[str] = (), severity: Severity = "warning") -> Note:
    if len(names) > MOST_NAMED:
        shown = texts(", ".join(names[:MOST_NAMED]) + " …")
    else:
        shown = Texts(listed(list(names)), listed(list(names), "en"))
    return Note(severity, sentence(f"peer_choice.{why}", navne=shown))


def _most_alike(k: int, s: Scaled | None, alike: Sequence[Alike]) -> list[Alike]:
    if s is not None and s.z.shape[1]:
        return nearest(alike, k)
    hint = "no_context_hint" if s is None else "no_condition_hint"
    raise InputError(
        Texts(
            "De mest lignende kommuner kan ikke findes uden rammevilkår.",
            "The most similar municipalities cannot be found without framework conditions.",
        ),
        hint=sentence(f"peer_choice.{hint}"),
    )


def _count_notes(asked: int, n: int) -> Iterator[Note]:
    if 0 < n < asked:
        yield Note("warning", sentence("peer_choice.fewer", antal=n, bedt=asked))
    elif n > asked:
        yield Note("info", sentence("peer_choice.tied", antal=n, bedt=asked))


def _said(choice: PeerChoice, region: str | None, n: int, s: Scaled | None) -> Texts:
    """Return how the peers were chosen."""
    many = counted_texts(n, ("kommune", "kommuner"), ("municipality", "municipalities"))
    among = "group_" * bool(choice.group) + "region_" * bool(region)
    if choice.similar is None or s is None:
        key = among.rstrip("_") or "all"
        return sentence(f"peer_choice.{key}", antal=many, region=region)
    titles = [v.title for v in s.framework.variables]
    logged = [v.title for v, log in zip(s.framework.variables, s.logged, strict=True) if log]
    key = f"peer_choice.{among}alike"
    said = [sentence(key, antal=many, region=region, vilkaar=_titles(titles))]
    if logged:
        said.append(sentence("peer_choice.logged", skaeve=_titles(logged)))
    return join_texts(said)


def _titles(titles: Sequence[Texts]) -> Texts:
    return Texts(listed([t.da for t in titles]), listed([t.en for t in titles], "en"))


def _with_reciprocity(
    s: Scaled | None, own_code: str, alike: Sequence[Alike], k: int
) -> list[Alike]:
    """Return the municipalities with whether we are among their k nearest of the same ones."""
    found: list[Alike] = []
    if s is None:
        return found
    codes = s.framework.codes
    among = {own_code, *(a.code for a in alike)}
    rows = [n for n, code in enumerate(codes) if code in among]
    for a in alike:
        here = codes.index(a.code)
        d, _ = distances(s, here)
        ours = d[codes.index(own_code)]
        nearer = sum(d[n] < ours - TIED for n in rows if n != here)
        found.append(replace(a, reciprocal=bool(nearer < k)))
    return found


def _sets(
    choice: PeerChoice,
    s: Scaled | None,
    own_code: str,
    others: Mapping[str, str],
    pool: Sequence[str],
    codes: frozenset[str],
) -> Iterator[PeerSet]:
    """Yield the sets a finding is tried in, the chosen one first."""
    yield PeerSet(Texts("de valgte kommuner", "the municipalities chosen"), codes)
    if s is not None and s.z.shape[1]:
        yield from _alike_sets(choice, s, own_code, set(pool))
    if choice.group or choice.region:
        every = Texts("alle kommuner i filen", "all municipalities of the file")
        yield PeerSet(every, frozenset(others))
    for code in sorted(codes):
        yield PeerSet(Texts(f"uden {others[code]}", f"without {others[code]}"), codes - {code})


def _alike_sets(choice: PeerChoice, s: Scaled, own_code: str, pool: set[str]) -> Iterator[PeerSet]:
    """Yield the most alike: more or fewer, by the other scale, without one condition."""
    alike = ranked(s, own_code, pool)
    for k in SIZES:
        if k <= len(alike):
            label = Texts(f"de {k} mest lignende", f"the {k} most alike")
            yield PeerSet(label, frozenset(a.code for a in nearest(alike, k)))
    k = choice.similar or OF_ALIKE
    if len(alike) <= k:
        return
    scale = OTHER_SCALE[choice.scale]
    other, _ = scaled(s.framework, choice.weights, scale)
    tried = [(sentence(f"peer_choice.scale_{scale}"), other)]
    for n, v in enumerate(s.framework.variables):
        tried.append((Texts(f"uden {v.title.da}", f"without {v.title.en}"), without(s, n)))
    for label, left in tried:
        if left.z.shape[1]:
            taken = nearest(ranked(left, own_code, pool), k)
            yield PeerSet(label, frozenset(a.code for a in taken))


def _distinct(sets: Iterator[PeerSet]) -> Iterator[PeerSet]:
    """Yield each set once: the chosen one whatever its size, no other too small to compare with."""
    chosen = next(sets)
    yield chosen
    seen = {chosen.codes}
    for one in sets:
        if len(one.codes) >= LEAST_PEERS and one.codes not in seen:
            seen.add(one.codes)
            yield one


def cheapest(values: Mapping[str, float], alike: Sequence[Alike]) -> tuple[float, list[str]] | None:
    """Return the mean of the five cheapest of the ten most alike, and their names.

    None where fewer than ten of those that can be compared have the value. It is an ambition, not
    an expectation.

    Source:
        KL (2010), the benchmark tool for the disability area: five cheapest of the ten most alike.
    """
    near = [(values[a.code], a.name) for a in alike if a.code in values][:OF_ALIKE]
    if len(near) < OF_ALIKE:
        return None
    best = sorted(near)[:CHEAPEST]
    return sum(v for v, _ in best) / CHEAPEST, [name for _, name in best]
