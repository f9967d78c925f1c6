"""Rules across definitions: names, references, dates, copies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import PurePosixPath

from styring.check.rules import Found
from styring.definitions import Definition, load_facts
from styring.errors import Texts
from styring.model import CatalogueFile, Indicator

Known = Mapping[str, Indicator]
"""Every definition a folder may refer to: its own, and those it is added to."""


def catalogue_rules(
    found: Sequence[Definition], about: CatalogueFile, theirs: Known, *, shipped: bool
) -> Iterator[tuple[Definition, Found]]:
    """Yield what is wrong with the definitions of a folder seen together.

    Args:
        found: the folder's definitions.
        about: what its catalogue.toml says.
        theirs: the definitions that come with styring, where the folder is added to them.
        shipped: whether the folder is styring's own.
    """
    known = {**theirs, **{d.indicator.id: d.indicator for d in found}}
    for d in found:
        for rule in (_names(d, about, theirs, shipped=shipped), _references(d, known), _times(d)):
            for one in rule:
                yield d, one
    yield from _rings(found, known)
    yield from _copies(found)


def _names(d: Definition, about: CatalogueFile, theirs: Known, *, shipped: bool) -> Iterator[Found]:
    """Yield an id that is taken out, has no namespace, or another name than its file."""
    i = d.indicator
    if i.id in about.retired:
        message = Texts(f"Id'et {i.id!r} er taget ud af brug.", f"The id {i.id!r} is retired.")
        hint = Texts("Giv definitionen et nyt id.", "Give the definition a new id.")
        yield Found(("id",), "reused", message, hint)
    space, dot, bare = i.id.rpartition(".")
    wanted = about.namespace
    if not shipped and not dot and i.id not in theirs:
        name = wanted or "kommune"
        message = Texts(
            f"{i.id!r} har intet navnerum og er ikke en af styrings.",
            f"{i.id!r} has no namespace and is none of styring's.",
        )
        hint = Texts(f'Skriv id = "{name}.{i.id}".', f'Write id = "{name}.{i.id}".')
        yield Found(("id",), "namespace", message, hint)
    elif dot and wanted and space != wanted:
        message = Texts(
            f"Mappens navnerum er {wanted!r}, ikke {space!r}.",
            f"The folder's namespace is {wanted!r}, not {space!r}.",
        )
        hint = Texts(f'Skriv id = "{wanted}.{bare}".', f'Write id = "{wanted}.{bare}".')
        yield Found(("id",), "namespace", message, hint)
    if PurePosixPath(d.name).stem not in (i.id, bare):
        message = Texts(f"Filen hedder ikke {bare}.toml.", f"The file is not named {bare}.toml.")
        yield Found(("id",), "file-name", message)
    if i.owner is None and about.owner is None:
        message = Texts("Ingen ejer definitionen.", "Nobody owns the definition.")
        hint = Texts(
            "Skriv owner her eller i catalogue.toml.", "Write owner here or in catalogue.toml."
        )
        yield Found(("id",), "complete", message, hint)


def _references(d: Definition, known: Known) -> Iterator[Found]:
    """Yield references to figures and laws that are not there, or not any more."""
    i = d.indicator
    for name in i.read_with:
        other = known.get(name)
        if other is None or name == i.id:
            message = Texts(
                f"Tallet {name!r} findes ikke." if other is None else "Tallet peger på sig selv.",
                f"There is no figure {name!r}."
                if other is None
                else "The figure points to itself.",
            )
            yield Found(("read_with",), "read-with", message, None, name)
        elif other.status == "retired":
            message = Texts(f"{name!r} er taget ud af brug.", f"{name!r} is retired.")
            yield Found(("read_with",), "retired", message, None, name)
    if i.status == "retired" and (i.replaced_by is None or i.replaced_by not in known):
        message = Texts(
            "Det siges ikke, hvad der kom i stedet.", "It is not said what took its place."
        )
        hint = Texts(
            'Skriv replaced_by = "…" med et id, der findes.',
            'Write replaced_by = "…" with an id that exists.',
        )
        yield Found(("status",), "retired", message, hint)
    if not i.read_with and i.is_money and i.better == "context":
        message = Texts("Udgiften læses alene.", "The cost is read alone.")
        hint = Texts(
            'Skriv read_with = ["…"] med omfang eller kvalitet.',
            'Write read_with = ["…"] with volume or quality.',
        )
        yield Found(("id",), "alone", message, hint)
    yield from _laws(i)


def _laws(i: Indicator) -> Iterator[Found]:
    facts = load_facts()
    spans = {p.law: (p.valid_from, p.valid_to) for p in facts.paragraph}
    spans |= {x.id: (x.valid_from, x.valid_to) for x in facts.law}
    for law in i.law:
        if law not in spans:
            message = Texts(f"{law!r} er ikke på hylden.", f"{law!r} is not on the facts shelf.")
            hint = Texts(
                'Skriv den som på hylden, fx "Serviceloven § 108".',
                'Write it as on the shelf, e.g. "Serviceloven § 108".',
            )
            yield Found(("law",), "law", message, hint, law)
            continue
        start, end = spans[law]
        from_, to = i.valid_from or date.min, i.valid_to or date.max
        if to < start or (end is not None and from_ > end):
            message = Texts(
                f"{law!r} gjaldt ikke, da definitionen gælder.",
                f"{law!r} does not apply while the definition does.",
            )
            yield Found(("law",), "law", message, None, law)


def _times(d: Definition) -> Iterator[Found]:
    """Yield dates the wrong way round, and versions the change log does not tell of."""
    i = d.indicator
    if i.valid_from and i.valid_to and i.valid_to <= i.valid_from:
        message = Texts(
            "Definitionen slutter, før den begynder.", "The definition ends before it begins."
        )
        yield Found(("valid_to",), "dates", message)
    versions = [c.version for c in i.change]
    if versions and (versions != sorted(set(versions)) or versions[-1] != i.version):
        message = Texts(
            f"Ændringsloggen slutter ikke med version {i.version}.",
            f"The change log does not end with version {i.version}.",
        )
        hint = Texts(
            "Skriv en [[change]] for hver version, den nyeste til sidst.",
            "Write a [[change]] for each version, the newest last.",
        )
        yield Found(("version",), "change-log", message, hint)


def _rings(found: Sequence[Definition], known: Known) -> Iterator[tuple[Definition, Found]]:
    """Yield definitions that are read together with one another in a ring, each ring once."""
    ours = {d.indicator.id: d for d in found}
    done: set[str] = set()
    for start in ours:
        trail: list[str] = []
        open_: list[tuple[str, int]] = [(start, 0)]
        while open_:
            name, depth = open_.pop()
            del trail[depth:]
            if name in trail:
                ring = trail[trail.index(name) :]
                if name in ours:
                    listed = " → ".join([*ring, name])
                    message = Texts(
                        f"Tal peger i ring: {listed}.", f"Figures point in a ring: {listed}."
                    )
                    hint = Texts(
                        "Lad det tal, der læses først, ikke pege.",
                        "Let the figure read first not point.",
                    )
                    yield ours[name], Found(("read_with",), "cycle", message, hint)
                    done |= set(ring)
                continue
            if name in done:
                continue
            trail.append(name)
            other = known.get(name)
            open_ += [(n, depth + 1) for n in (other.read_with if other else ()) if n != name]
        done |= {start}


def _copies(found: Sequence[Definition]) -> Iterator[tuple[Definition, Found]]:
    """Yield the second and later of definitions with one formula, or one caveat."""
    formulas: dict[object, list[Definition]] = defaultdict(list)
    caveats: dict[object, list[Definition]] = defaultdict(list)
    for d in found:
        formulas[d.indicator.value].append(d)
        if d.indicator.caveat:
            caveats[d.indicator.caveat.da.strip()].append(d)
    for same in formulas.values():
        for d in same[1:]:
            message = Texts(
                f"Formlen er den samme som i {same[0].name}.",
                f"The formula is the same as in {same[0].name}.",
            )
            yield d, Found(("value",), "twice", message)
    for same in caveats.values():
        for d in same[1:]:
            message = Texts(
                f"Forbeholdet er det samme som i {same[0].name}.",
                f"The caveat is the same as in {same[0].name}.",
            )
            yield d, Found(("caveat",), "caveat", message)
