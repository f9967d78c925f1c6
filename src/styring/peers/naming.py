"""The id, name and unit of an export's figures, made of what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from styring.peers.mapping import ImportMap
from styring.peers.table import Entry, Layout, Sheet, text_of
from styring.text import fold

_CODE = re.compile(r"\d+(?:\.\d+)*")
_CODE_AND_TEXT = re.compile(r"(\d+(?:\.\d+)+)\s+(\S.*)")
_LETTERS = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa"})
_NOT_SLUG = re.compile(r"[^a-z0-9]+")
_ABBREVIATED = re.compile(r"\b(kr|pr|pct)\b(?!\.)")
_FIXED = re.compile(r"fastepriser|(19|20)\d\d(priser|pl)")


@dataclass(frozen=True, slots=True)
class Series:
    """What the values of one indicator are: its id, name and unit, and the level of its prices."""

    id: str
    title: str
    unit: str | None = None
    price: str | None = None


def slug(text: str) -> str:
    """Return a text as an id: lower case, digits and single hyphens, æøå as ae, oe, aa."""
    return _NOT_SLUG.sub("-", text.lower().translate(_LETTERS)).strip("-")


@dataclass(frozen=True, slots=True)
class Naming:
    """What is common to all series of a file.

    `alone` says that there is one column of values only; `names` gives each label column of codes
    the one that names them.
    """

    how: ImportMap
    alone: bool
    names: Mapping[int, int]
    heading: str
    above: str


def naming(ours: Sequence[Entry], layout: Layout, sheet: Sheet, how: ImportMap) -> Naming:
    """Return what is common to the series of a file's entries."""
    heading = layout.titles[0] if layout.titles else sheet.path.stem
    alone = len({e.column.name for e in ours}) == 1
    names = _names_of_codes({e.labels for e in ours})
    return Naming(how, alone, names, heading, " ".join(layout.titles))


def _names_of_codes(labels: Iterable[Sequence[str]]) -> dict[int, int]:
    """Return the columns of codes whose next column has one name for each code."""
    columns = list(zip(*labels, strict=True))
    found = {}
    for c in range(len(columns) - 1):
        pairs = set(zip(columns[c], columns[c + 1], strict=True))
        codes = [code for code, _ in pairs]
        named = not any(_CODE.fullmatch(name) for _, name in pairs)
        if named and all(map(_CODE.fullmatch, codes)) and len(set(codes)) == len(codes):
            found[c] = c + 1
    return found


def series(e: Entry, n: Naming) -> Series:
    """Return what an entry's values are, by the mapping file or by what stands around them."""
    fixed, fields = n.how.fixed, {k: text_of(v) for k, v in e.fields.items()}
    ids, titles = _parts(e, n)
    header = _spelt(e.column.name)
    as_unit = header if n.alone and titles and header not in titles else None
    title = fixed.title or fields.get("title") or ", ".join(titles)
    unit = fixed.unit or fields.get("unit") or ", ".join(filter(None, e.units)) or as_unit
    name = fields.get("indicator")
    if name:
        title = title if "title" in fields or fixed.title else name
    found = fixed.indicator or (n.how.ids.get(name) or slug(name) if name else "-".join(ids))
    said = fold(" ".join([n.above, e.section, e.column.name, *e.labels, *e.units]))
    price = "løbende" if "loebendepriser" in said else "faste" if _FIXED.search(said) else None
    return Series(found, title or found, unit or None, price)


def _parts(e: Entry, n: Naming) -> tuple[list[str], list[str]]:
    """Return the parts of a series' id and of its title."""
    ids, titles = [slug(e.column.name), slug(e.section)], [e.section]
    if not n.alone or not (e.section or any(e.labels)):
        titles.append(_spelt(e.column.name))
    named = set(n.names.values())
    for c, label in enumerate(e.labels):
        both = _CODE_AND_TEXT.fullmatch(label)
        if c not in named:
            ids.append(slug(both[1] if both else label))
        if c not in n.names:
            titles.append(both[2] if both else label)
    if not any(ids):
        heading = re.split(r" efter ", n.heading)[0]
        ids, titles = [slug(heading)], [heading]
    return [*filter(None, [*ids, *map(slug, e.units)])], [*filter(None, titles)]


def _spelt(header: str) -> str:
    """Return a column's header as words: `kr_pr_indbygger` is «kr. pr. indbygger»."""
    return _ABBREVIATED.sub(r"\1.", header.replace("_", " ")).strip()
