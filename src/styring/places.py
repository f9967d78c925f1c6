"""The 98 municipalities, by code or any spelling of the name, and what is not a municipality."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from importlib import resources

from styring.errors import InputError, Texts
from styring.text import fold

_AUTHORITY = re.compile(r"(regions)?kommune$")
_CODE_AND_NAME = re.compile(r"^\s*0?(\d{3})\s*[-:,]?\s+(\D.*)$")
_TOTALS = re.compile(
    r"^(hele$|helelandet|ialt|total|danmark|denmark|alldenmark|wholecountry)"
    r"|region|landsdel|province|kommunegruppe|gruppe|hovedstadskommuner|storbykommuner"
    r"|provinsbykommuner|oplandskommuner|landkommuner|kommuner$|municipalities|gennemsnit|uoplyst"
    r"|christiansoe|udenforkommune"
)
"""What stands among the municipalities of public statistics without being one."""
_TOTAL_CODES = frozenset({"0", "411"})
_GROUP_CODES = re.compile(r"^(08\d|8\d|108\d|9\d\d)$")
"""Regions, parts of the country and municipality groups in Statistics Denmark's codes."""
OLD_NAMES = {
    "broenderslevdronninglund": "810",
    "aarhus": "751",
    "lyngbytaarbaek": "173",
    "copenhagen": "101",
    "kbh": "101",
    "frbc": "147",
    "hoejetaastrup": "169",
    "vesthimmerland": "820",
    "nordfyn": "480",
    "faaborgmidtfyn": "430",
}
"""Spellings that are no longer or not officially used."""


@dataclass(frozen=True, slots=True)
class Place:
    """A municipality: three-digit code, name without «Kommune», region."""

    code: str
    name: str
    region: str


@cache
def places() -> Mapping[str, Place]:
    """Return the municipalities by code."""
    text = resources.files("styring.data").joinpath("municipalities.csv").read_text("utf-8")
    rows = csv.DictReader(text.splitlines())
    return {r["kommunekode"]: Place(r["kommunekode"], r["kommune"], r["region"]) for r in rows}


@cache
def _by_spelling() -> dict[str, Place]:
    known = places()
    found = {_bare(key): p for p in known.values() for key in (p.code, p.name)}
    return found | {_bare(name): known[code] for name, code in OLD_NAMES.items()}


def _bare(text: str) -> str:
    """Return a code or name as they are compared.

    The authority's name has an s and a word that the place has not (`Københavns Kommune`), and a
    code may have a zero before it.
    """
    return _AUTHORITY.sub("", fold(text)).removesuffix("s").lstrip("0")


def place_of(text: str) -> Place | None:
    """Return the municipality a code, a name, or a code before a name means; None for no such.

    A code and a name that disagree mean none.
    """
    both = _CODE_AND_NAME.match(text)
    if both is None:
        return _by_spelling().get(_bare(text))
    code, name = (_by_spelling().get(_bare(part)) for part in both.groups())
    return code if code is not None and code == name else None


def disagreement(text: str) -> tuple[Place, Place] | None:
    """Return what the code and what the name mean, where a text has both and they disagree."""
    both = _CODE_AND_NAME.match(text)
    if both is None:
        return None
    code, name = (_by_spelling().get(_bare(part)) for part in both.groups())
    return (code, name) if code and name and code != name else None


def is_no_municipality(text: str) -> bool:
    """Return whether a name or code is the country, a region, or a group of municipalities."""
    code = text.strip()
    if place_of(text) is not None:
        return False
    bare = code.lstrip("0") or "0"
    if code.isdigit():
        return bare in _TOTAL_CODES or bool(_GROUP_CODES.match(code) or _GROUP_CODES.match(bare))
    named = _CODE_AND_NAME.match(text)
    return bool(_TOTALS.search(fold(named[2] if named else text)))


def find_place(text: str) -> Place:
    """Return the municipality a text means.

    Raises:
        InputError: it means none; the nearest names are suggested.
    """
    found = place_of(text)
    if found is None:
        raise InputError(
            Texts(f"«{text}» er ikke en kommune.", f"“{text}” is not a municipality."),
            hint=near_names(text),
        )
    return found


def near_names(text: str) -> Texts:
    """Return a question after the municipalities whose names are most like a text."""
    names = {_bare(p.name): p.name for p in places().values()}
    near = [names[n] for n in get_close_matches(_bare(text), names, n=3, cutoff=0.6)]
    if not near:
        return Texts(
            "Skriv kommunens navn eller trecifrede kode.",
            "Write the municipality's name or three-digit code.",
        )
    return Texts(f"Mener du {' eller '.join(near)}?", f"Do you mean {' or '.join(near)}?")


def region_named(text: str) -> str:
    """Return the region a text means.

    Raises:
        InputError: there is no such region.
    """
    regions = {fold(p.region): p.region for p in places().values()}
    bare = fold(text).removeprefix("region")
    if bare not in regions:
        listed = ", ".join(sorted(regions.values()))
        raise InputError(
            Texts(f"Regionen «{text}» findes ikke.", f"There is no region “{text}”."),
            hint=Texts(f"Regionerne er {listed}.", f"The regions are {listed}."),
        )
    return regions[bare]
