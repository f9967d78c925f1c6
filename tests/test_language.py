"""Every report in every format and both languages is finished text: no machinery, no raw figure."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

from rows import shipped
from running import EXAMPLES, PEERS
from styring.definitions import desk
from styring.errors import LANGS, Lang
from styring.formats import FORMATS
from styring.pipeline import Choices, review
from styring.review import Review

MUNICIPALITIES = sorted(p.stem for p in EXAMPLES.glob("*.xlsx"))
TEMPLATES = desk("templates") / "review"
NO_TEXT = {"json", "pdf"}
"""Formats that are no text for readers, or say what another says: PDF and Word are one content."""
MACHINERY = re.compile(
    r"(?<![\w-])(?:None(?!\.?$| of )|nan|NaN|inf|null|undefined|Undefined|True|False)(?![\w-])"
    r"|[{}]|%s|Texts\(|<\w+ at 0x|\bTODO\b|(?<!\.)\.\.(?!\.)"
)
ISO_DATE = re.compile(r"(?<!\d)\d{4}-\d\d-\d\d(?!\d)")
NO_FIGURE = re.compile(
    r"[0-9a-f]{12,64}|\d\.\d\d\.\d\d|\d{1,2}\.\d{1,2}\.\d{4}|version \d[\d.]+|§+ ?[\d., ]+"
    r"|[\w.+-]+@[\w.-]+|\b[A-Z]{1,3}\d+\b"
)
"""What holds digits and is no figure: checksums, functions, dates, versions, laws, cells."""
WRITTEN = {
    "da": re.compile(r"(?:\d{1,3}(?:\.\d{3})+|\d{1,4})(?:,\d{1,4})?"),
    "en": re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d{1,4})(?:\.\d{1,4})?"),
}
"""1.234.567,8 and 1,234,567.8; five digits run together are no figure for a reader."""


def faults(line: str, lang: Lang, ids: frozenset[str] = frozenset()) -> list[str]:
    """What of a line no reader should meet; an id alone in a cell is a key to look things up by."""
    found = [m[0] for m in MACHINERY.finditer(line)]
    found += ISO_DATE.findall(line)
    words = re.findall(r"[a-zæøå0-9]+(?:-[a-zæøå0-9]+)+", line)
    found += [w for w in words if w in ids and w != line.strip()]
    numbers = re.findall(r"(?<![\w.,/-])\d[\d.,]*\d(?![\w/-])", NO_FIGURE.sub(" ", line))
    found += [n for n in numbers if not WRITTEN[lang].fullmatch(n)]
    return found


class _Words(HTMLParser):
    """The text of a page, block by block, without scripts and styles."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self.hidden = 0

    def handle_starttag(self, tag: str, _attrs: object) -> None:
        """Enter an element."""
        self.hidden += tag in {"script", "style"}

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        self.hidden -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        """Take text."""
        if not self.hidden and data.strip():
            self.lines.append(" ".join(data.split()))


def of_html(data: bytes) -> list[str]:
    page = _Words()
    page.feed(data.decode("utf-8"))
    return page.lines


def of_xlsx(data: bytes) -> list[str]:
    book = openpyxl.load_workbook(io.BytesIO(data), read_only=True)
    return [
        line
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if isinstance(cell, str) and not cell.startswith("=")
        for line in cell.splitlines()
    ]


def of_docx(data: bytes) -> list[str]:
    docx = pytest.importorskip("docx", reason="python-docx (the extra documents) is not installed")
    document = docx.Document(io.BytesIO(data))
    cells = (c.text for t in document.tables for row in t.rows for c in row.cells)
    return [*(p.text for p in document.paragraphs), *cells]


READ: Mapping[str, Callable[[bytes], list[str]]] = {
    "md": lambda data: data.decode("utf-8").splitlines(),
    "html": of_html,
    "xlsx": of_xlsx,
    "docx": of_docx,
}


@cache
def made(name: str) -> Review:
    return review(EXAMPLES / f"{name}.xlsx", Choices(peers=PEERS))


def lines(name: str, lang: Lang) -> Iterator[tuple[str, str]]:
    for form in FORMATS:
        if form not in NO_TEXT:
            for line in READ[form](FORMATS[form](made(name), Path(TEMPLATES), lang)):
                yield form, line


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("name", MUNICIPALITIES)
def test_every_report_is_finished_text(name: str, lang: Lang) -> None:
    ids = frozenset(i.id for i in shipped().indicators)
    found = [
        f"{form}: {fault}: {line[:140]}"
        for form, line in lines(name, lang)
        for fault in faults(line, lang, ids)
    ]
    assert not found, f"{len(found)} found\n" + "\n".join(found[:30])


def test_every_format_is_looked_at() -> None:
    """A format that is added is read here, or said to be no text."""
    assert set(FORMATS) - NO_TEXT <= set(READ)


@pytest.mark.parametrize(
    ("line", "lang", "fault"),
    [
        ("Udgiften er None i år", "da", "None"),
        ("Udgiften er nan kr.", "da", "nan"),
        ("Vi er {antal} kommuner", "da", "{"),
        ("{{ w.title }}", "en", "{"),
        ("Udgiften er 1234567 kr.", "da", "1234567"),
        ("Udgiften er 1234.5 kr.", "da", "1234.5"),
        ("Udgiften er 1,234.5 kr.", "da", "1,234.5"),
        ("The cost is 1.234,5", "en", "1.234,5"),
        ("The cost is 0.123456", "en", "0.123456"),
        ("Opgjort 2025-09-30", "da", "2025-09-30"),
        ("Tallet enhedsudgift-108 er højt", "da", "enhedsudgift-108"),
        ("The trial is True", "en", "True"),
    ],
)
def test_a_fault_is_found(line: str, lang: Lang, fault: str) -> None:
    assert fault in faults(line, lang, frozenset({"enhedsudgift-108"}))


@pytest.mark.parametrize(
    ("line", "lang"),
    [
        ("Ingen bananer i Nansensgade, 1.234,5 kr. pr. 30.9.2025 (5.38.50), § 108, stk. 1", "da"),
        ("1,234.5 kr. on 30 September 2025, 18–64 years, 2022–2024", "en"),
        ("I 2024 var der 12 af 1.000, og 0,5 pct. …", "da"),
    ],
)
def test_sound_text_is_left_alone(line: str, lang: Lang) -> None:
    assert faults(line, lang) == []
