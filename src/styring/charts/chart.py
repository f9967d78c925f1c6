"""What a chart is, and the words and measures it is told in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from styring.charts import svg
from styring.charts.kinds import Measure
from styring.errors import Lang, Texts
from styring.review import IndicatorPart
from styring.say import sentence
from styring.text import millions, number, percent


@dataclass(frozen=True, slots=True)
class Chart:
    """One picture of a review.

    `key` is unique in a review and safe as an id in HTML and in a file name; `place` names the
    section it belongs to. `svg` is one self-contained element with a role, a title and a
    description. `headers` and `rows` hold every figure of the picture, as it is written.
    """

    key: str
    place: str
    title: str
    description: str
    svg: str
    height: int
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Table = tuple[Sequence[str], Sequence[tuple[str, ...]]]
"""The headers and the rows of a chart's figures."""


@dataclass(frozen=True, slots=True)
class Saying:
    """Words and figures in the report's language."""

    lang: Lang

    def __call__(self, key: str, **figures: Texts | str | int | None) -> str:
        """Return a text of the charts."""
        return sentence(f"chart.{key}", **figures)[self.lang]

    def heads(self, *names: str) -> tuple[str, ...]:
        """Return the headers of a table."""
        return tuple(self(f"head_{name}") for name in names)

    def plain(self, decimals: int = 0, *, sign: bool = False) -> Measure:
        """Return figures as they are."""
        return Measure(lambda x, d: number(x, d, self.lang, sign=sign), decimals)

    @property
    def mio(self) -> Measure:
        """Millions without the unit, which the title says."""
        return Measure(lambda x, d: number(x / 1e6, d, self.lang), 1)

    @property
    def change(self) -> Measure:
        """Millions with their sign."""
        return Measure(lambda x, d: number(x / 1e6, d, self.lang, sign=True), 1)

    @property
    def share(self) -> Measure:
        """Parts of one in per cent."""
        return Measure(lambda x, d: percent(x, d, self.lang), 0)

    def money(self, kr: float) -> str:
        """Return kroner in millions with the unit."""
        return millions(kr, self.lang)

    def unit_of(self, i: IndicatorPart) -> Measure:
        """Return an indicator's figures as they are shown, without the unit."""
        return Measure(lambda x, d: number(x * i.scale, d, self.lang), i.decimals)


def chart(
    key: str, place: str, say: Saying, drawn: tuple[float, list[str]], table: Table,
    *more: str, **words: str,
) -> Chart:  # fmt: skip
    """Return a chart: its title and description by its kind, filled with `words`.

    Args:
        key: its kind, and after a hyphen what it is of.
        place: the section it belongs to.
        say: the language.
        drawn: the height and the marks.
        table: the figures.
        more: the names of what the description says besides.
        words: what title and description are filled with.
    """
    kind = key.partition("-")[0]
    title = say(f"{kind}_title", **words)
    description = " ".join([say(f"{kind}_said", **words), *(say(name) for name in more)])
    height, marks = drawn
    picture = svg.framed(key, title, description, height, marks)
    headers, rows = table
    return Chart(
        key, place, title, description, picture, round(height), tuple(headers), tuple(rows)
    )
