"""A review with what it takes to tell of it: the words, the language, the charts, the numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from styring import text
from styring.charts import Chart
from styring.charts.svg import WIDTH
from styring.errors import InputError, Lang, Texts
from styring.formats.document import Column, Figure, Paragraph, Table
from styring.formats.words import Words
from styring.review import IndicatorPart, Review
from styring.text import closed

CONTINUED = "; "
ABBREVIATED = ("kr.", "pct.", "mv.")
"""A stop that belongs to the word is kept in the middle of a sentence."""
NO_BREAK = "\N{NO-BREAK SPACE}"
MOST_SAID = 16
"""A picture of so many rows of figures is told with all of them."""
MOST_WHOLE = 12
"""A table of so many rows is held on one page."""


_BOUND = re.compile(
    r"(?<=§) (?=\d)|(?<=\d) (?=pct\.|kr\.|mio\.|t\. kr\.)|(?<=mio\.) (?=kr\.)|(?<=DKK) (?=\d)"
)
"""Where no line may break: between a sign or unit and its figure."""


def bound(text: str) -> str:
    """Return a text whose figures and their units stay on one line."""
    return _BOUND.sub(NO_BREAK, text)


def in_words(chart: Chart) -> str:
    """Return a chart for those who cannot see it: how it is read, and its figures if few."""
    if len(chart.rows) > MOST_SAID:
        return chart.description
    rows = (f"{name}: {', '.join(cells)}" for name, *cells in chart.rows)
    return closed(f"{chart.description} {CONTINUED.join(rows)}")


def label(text: str) -> str:
    """Return words as the label before a text: with a colon, or with their own question mark."""
    return text if text.endswith("?") else f"{text}:"


def ended(text: str) -> str:
    """Return a sentence with the stop at its end that it may lack."""
    return text if text.endswith(("?", "!")) else closed(text)


def capital(text: str) -> str:
    """Return a text with its first letter large, to stand alone in a cell."""
    return text[:1].upper() + text[1:]


@dataclass(frozen=True)
class Telling:
    """A review, the words and language it is told in, its charts, the figures' numbers by id."""

    review: Review
    words: Words
    lang: Lang
    charts: Sequence[Chart]
    numbers: dict[str, int]

    def word(self, *path: str) -> str:
        """Return a word of the language.

        Raises:
            InputError: what stands there is no word.
        """
        found: Any = self.words
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        if not isinstance(found, str):
            name = ".".join(path)
            raise InputError(
                Texts(f"«{name}» er ikke et ord.", f"“{name}” is no word."),
                where=f"{self.lang}.toml",
                hint=Texts(
                    f'Skriv {name} = "…", eller slet linjen.',
                    f'Write {name} = "…", or delete the line.',
                ),
            )
        return found

    def named(self, name: str) -> str:
        """Return a word as the label before a text."""
        return label(self.word(name))

    def say(self, texts: Texts | None) -> str:
        """Return a text in the language, its amounts and paragraphs unbroken; nothing for none."""
        return bound(texts[self.lang]) if texts else ""

    def number(self, x: float | None, decimals: int = 0, *, sign: bool = False) -> str:
        """Return a number as readers write it."""
        return text.number(x, decimals, self.lang, sign=sign)

    def millions(self, x: float | None, *, sign: bool = False) -> str:
        """Return kroner as millions, with one decimal and no unit."""
        return text.number(None if x is None else x / 1e6, 1, self.lang, sign=sign)

    def percent(self, x: float | None, decimals: int = 0, *, sign: bool = False) -> str:
        """Return a share as per cent."""
        return text.percent(x, decimals, self.lang, sign=sign)

    def day(self, d: date | None) -> str:
        """Return a day as readers write it."""
        return text.day(d, self.lang)

    def period(self, name: str, *, partial: bool = False) -> str:
        """Return a period as readers write it, and that it is not over yet."""
        said = text.period(name, self.lang)
        return f"{said} ({self.word('to_date')})" if partial else said

    def figures(self, place: str, size: float = 1.0) -> Iterator[Figure]:
        """Yield the charts of a place, and below how to read them: once for those read alike.

        Args:
            place: of the charts.
            size: of their own size, 1 is the width of the page.
        """
        charts = [c for c in self.charts if c.place == place]
        for n, c in enumerate(charts):
            note = (
                "" if c.description in {x.description for x in charts[n + 1 :]} else c.description
            )
            width, height = round(WIDTH * size), round(c.height * size)
            yield Figure(c.title, in_words(c), c.svg, width, height, note)

    def cited(self, indicator: str | None) -> str:
        """Return ` (tal nr. 12)`, or nothing where there is no such figure."""
        n = self.numbers.get(indicator or "")
        return f" ({self.word('figure_number')}{NO_BREAK}{n})" if n else ""

    def with_source(self, said: str, indicator: str | None) -> str:
        """Return a sentence with the number of its figure before its stop."""
        open_ended = said if said.endswith(ABBREVIATED) else said.removesuffix(".")
        return closed(open_ended + self.cited(indicator))

    def with_figure(self, indicator: str) -> str:
        """Return an indicator's title with its figure."""
        found = self.review.indicator(indicator)
        assert found is not None
        return f"{self.say(found.title)} ({self.say(found.shown)})"

    def own(self) -> list[IndicatorPart]:
        """Return the indicators' overall figures in order, as they are numbered."""
        return [i for i in self.review.indicators if i.group is None]

    def bullets(self, lines: Iterable[Texts]) -> list[Paragraph]:
        """Return lines of a list."""
        return [Paragraph(self.say(line), style="bullet") for line in lines]

    def table(
        self,
        caption: str,
        columns: Sequence[Column],
        rows: Iterable[Sequence[str]],
        most_whole: int = MOST_WHOLE,
    ) -> list[Table]:
        """Return a table in a list, or none where it would have no rows."""
        filled = tuple(tuple(row) for row in rows)
        whole = len(filled) <= most_whole
        return [Table(capital(caption), tuple(columns), filled, whole=whole)] if filled else []
