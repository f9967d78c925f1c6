"""Sentences filled with figures, in both languages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import resources

import tomli

from styring.errors import LANGS, Lang, Texts
from styring.facts import Unit
from styring.model import Catalogue, Indicator
from styring.text import both, decimals_of, number

_NAMED = re.compile(r"\{(\w+)\}")
_DOUBLE_STOP = re.compile(r"(?<!\.)\.\.(?!\.)")
EXTREME_LOW, EXTREME_HIGH = 1.5, 4.5
"""Means of answers beyond these are not told apart: they would give single answers away."""
POINTS = "procentpoint"
"""The unit of a distance between two shares."""
Figures = Mapping[str, Texts | None]


@cache
def _sentences() -> dict[str, dict[str, dict[str, str]]]:
    text = resources.files("styring.data").joinpath("sentences.toml").read_text("utf-8")
    return tomli.loads(text)


def sentence(key: str, **figures: Texts | str | int | None) -> Texts:
    """Return the sentence `section.name` with its figures filled in."""
    section, name = key.split(".")
    template = _sentences()[section][name]
    filled = {
        k: v if isinstance(v, Texts) or v is None else Texts(str(v), str(v))
        for k, v in figures.items()
    }
    return fill(Texts(template["da"], template["en"]), filled)


def word(section: str, name: str) -> Texts:
    """Return the word for a name, or the name itself where there is none."""
    return Texts(**_sentences()[section].get(name, {"da": name, "en": name}))


def fill(template: Texts, figures: Figures) -> Texts:
    """Return a template with its figures; a line whose figures are not all known is left out."""
    return Texts(_filled(template.da, figures, "da"), _filled(template.en, figures, "en"))


def first_line(template: Texts, figures: Figures) -> Texts:
    """Return the first sentence of a template, filled."""
    head = Texts(template.da.strip().splitlines()[0], template.en.strip().splitlines()[0])
    return fill(head, figures)


def _filled(text: str, figures: Figures, lang: str) -> str:
    if "{" not in text and "\n" not in text:
        return text
    kept = []
    for line in text.strip().splitlines():
        names = _NAMED.findall(line)
        if all(figures.get(n) for n in names):
            kept.append(_NAMED.sub(lambda m: getattr(figures[m[1]], lang), line.strip()))
    return _DOUBLE_STOP.sub(".", " ".join(kept))


def shown(
    unit: Unit, value: float | None, decimals: int | None = None, *, sign: bool = False
) -> Texts:
    """Return a figure as readers see it: scaled, rounded, with its suffix."""
    if value is None:
        return Texts("–", "–")
    places = unit.decimals if decimals is None else decimals
    x = value * unit.scale
    suffix = unit.one if unit.one and x == 1 else unit.suffix
    return Texts(
        unit.prefix.da + number(x, places, "da", sign=sign) + suffix.da,
        unit.prefix.en + number(x, places, "en", sign=sign) + suffix.en,
    )


def shown_as(indicator: Indicator, unit: Unit, value: float | None, *, sign: bool = False) -> Texts:
    """Return an indicator's figure as readers see it."""
    if indicator.kind == "practice" and value is not None and not sign:
        return mean_text(value, indicator.decimals or 1)
    return shown(unit, value, indicator.decimals, sign=sign)


def range_as(indicator: Indicator, unit: Unit, low: float, high: float) -> Texts:
    """Return a span of figures with its unit once: `43,1–55,1 pct.`."""
    places = unit.decimals if indicator.decimals is None else indicator.decimals
    ends: dict[Lang, str] = {}
    for lang in LANGS:
        first, last = (number(x * unit.scale, places, lang) for x in (low, high))
        between = "–" if low >= 0 else {"da": " til ", "en": " to "}[lang]
        ends[lang] = f"{unit.prefix[lang]}{first}{between}{last}{unit.suffix[lang]}"
    return Texts(ends["da"], ends["en"])


def plain(x: float) -> Texts:
    """Return a bare number with the decimals it has."""
    return both(number, x, decimals_of(x))


def exactly(unit: Unit, value: float, most: int = 4) -> Texts:
    """Return a figure of a definition as it was set: with the decimals it has, no more."""
    return shown(unit, value, decimals_of(value * unit.scale, most))


def distance(units: Sequence[Unit], unit: Unit, value: float) -> Texts:
    """Return how far two figures are apart: shares in percentage points."""
    between = next((u for u in units if u.id == POINTS), unit) if unit.kind == "share" else unit
    return exactly(between, value)


def mean_text(mean: float, decimals: int = 1) -> Texts:
    """Return a mean of answers 1–5; the extremes without giving single answers away."""
    if mean <= EXTREME_LOW:
        return Texts("1,5 eller lavere", "1.5 or lower")
    if mean >= EXTREME_HIGH:
        return Texts("4,5 eller højere", "4.5 or higher")
    return Texts(number(mean, decimals, "da"), number(mean, decimals, "en"))


def not_measured(indicator: Indicator, catalogue: Catalogue) -> Texts:
    """Return why a known indicator is not measured: it is retired, or it is not in the set."""
    if indicator.status == "retired":
        new = indicator.replaced_by
        named = next((i.title for i in catalogue.known if i.id == new), None)
        return sentence("note.retired", titel=indicator.title, ny=named)
    return sentence("note.not_in_set", titel=indicator.title, saet=catalogue.choice)


def capital(words: Texts) -> Texts:
    """Return a text with its first letter large."""
    return Texts(words.da[:1].upper() + words.da[1:], words.en[:1].upper() + words.en[1:])


def small(words: Texts) -> Texts:
    """Return a text with its first letter small, to stand inside a sentence."""
    return Texts(words.da[:1].lower() + words.da[1:], words.en[:1].lower() + words.en[1:])
