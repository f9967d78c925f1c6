"""What Word and PDF say: the parts of a document, plain values without any layout of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from styring.errors import Lang


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading below its section's: level 2 or 3."""

    text: str
    level: Literal[2, 3]
    kind: str = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, with a few words in bold before it where there is a label.

    `keep` holds it on the page of what follows.
    """

    text: str
    label: str = ""
    style: Literal["body", "bullet", "note"] = "body"
    keep: bool = False
    kind: str = "paragraph"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its header, its share of the width, and whether figures stand in it."""

    header: str
    share: float
    figures: bool = False


def figures_column(header: str, share: float) -> Column:
    """Return a column of figures."""
    return Column(header, share, figures=True)


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its caption; every row is as long as `columns`.

    `label` becomes `Tabel 3`; `whole` holds the table on one page.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    label: str = ""
    kind: str = "table"
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture with its caption; `alt` says in words what it shows.

    `width` and `height` are in units of 1/96 inch; `note` stands below it, on the same page.
    """

    caption: str
    alt: str
    svg: str
    width: int
    height: int
    note: str = ""
    label: str = ""
    kind: str = "figure"


@dataclass(frozen=True, slots=True)
class Contents:
    """The place of the table of contents."""

    title: str
    kind: str = "contents"


Block = Heading | Paragraph | Table | Figure | Contents


@dataclass(frozen=True, slots=True)
class Section:
    """A heading of level 1 and what stands below it; the first starts below the title."""

    title: str
    blocks: tuple[Block, ...]
    landscape: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document; `mark` stands on every page where it is not empty.

    `page` and `page_of` are the words around the number of a page and of the last.
    """

    title: str
    subtitle: str
    municipality: str
    as_of: str
    mark: str
    page: str
    page_of: str
    created: date
    lang: Lang
    sections: tuple[Section, ...]
