"""What headers, titles and a sheet's name say of amounts: version, year, month, unit."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from styring.model import Sheet
from styring.read import parse
from styring.text import fold

ACCOUNTS, FORECAST = "regnskab", "forventet regnskab"
Words = Mapping[str, str]
"""The versions of a ledger by every name they have, folded."""

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_SHORT_YEAR = re.compile(r"(?<=[^\W\d_])[ .'’-]{0,2}(\d{2})$")
_DAY_MONTH = re.compile(r"(?<!\d)(\d{1,2})[./-](\d{1,2})(?:[./-](\d{4}))?(?!\d)")
_MONTH = r"(?:jan|feb|mar|apr|maj|jun|jul|aug|sep|okt|nov|dec)[^\W\d_]*"
_DATE = re.compile(
    rf"(?<!\d)(?:\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{4}}|\d{{4}}-\d{{1,2}}-\d{{1,2}}"
    rf"|\d{{1,2}}\.? ?{_MONTH}\.? \d{{4}})",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\([^)]*\)")
_FORMULA = re.compile(r"\b[A-ZÆØÅ] ?= ?\(?[-−–+A-ZÆØÅ ]+\)?")
_LETTER = re.compile(r"[A-ZÆØÅ]")
_NOISE = re.compile(r"\bpr\b\.?|\bpl\b|\bin[ck]l\b.*|\bkr\b\.?|[-/]", re.IGNORECASE)
_MOST_WORDS = 4

_KRONER = r"(?:kr|dkk|kroner)\b"
_BEFORE = r"(?:^|[(\[,;/–-]|\b(?:i|hele|enhed|kr|dkk|(beløb))\b[.:]?) ?"
"""What stands before 1.000 where it is a unit: `Poster over 1.000 kr.` is not in thousands."""
_THOUSANDS = re.compile(
    rf"{_BEFORE}1[., ]?000(?![.,]?\d)[ -]?(?:{_KRONER}|[)\]]|$)"
    rf"|\btusinde?r? ?{_KRONER}|\b(?:i|hele) tusind|\bt\. ?kr\b|\btkr\b",
    re.IGNORECASE,
)
_MILLIONS = re.compile(
    rf"(?:(?<![\d.,])(?<![\d.,] )|{_BEFORE}1 ?)\b(?:mio|mill?)\b\.? ?kr"
    r"|\b(?:i|hele) millioner|(?<!\d )\bmillioner kr",
    re.IGNORECASE,
)
"""`Ramme 250 mio. kr.` is an amount and not in millions."""
_PLAIN = re.compile(r"\b(?:kr|dkk|kroner)\b", re.IGNORECASE)
_CHECKS = {
    **dict.fromkeys(("ialt", "total", "sum", "aarettotal"), "total"),
    **dict.fromkeys(("afvigelse", "difference", "forskel", "mermindreforbrug"), "deviation"),
    **dict.fromkeys(("restbudget", "rest", "restkorrigeretbudget"), "rest"),
}


@dataclass(frozen=True, slots=True)
class Measure:
    """A column of amounts in a wide ledger, and what is said of it."""

    index: int
    version: str | None = None
    year: int | None = None
    month: int | None = None
    follow_up: tuple[int, int, int | None] | None = None
    check: str | None = None

    @property
    def meaning(self) -> tuple[object, ...]:
        """Return what tells its amounts from others; accounts have no day of their own."""
        day = self.follow_up if self.version == FORECAST else None
        return self.version, self.year, self.month, day


@dataclass(frozen=True, slots=True)
class Around:
    """What the titles and the sheet's name say of every amount, where they say one thing."""

    version: str | None = None
    year: int | None = None

    def without(self, columns: Container[str]) -> Around:
        """Return what no column of the table says."""
        return Around(
            None if "version" in columns else self.version,
            None if "aar" in columns else self.year,
        )


def version_words(sheet: Sheet) -> Words:
    """Return the versions of a sheet by every name they have; none where it has no versions."""
    column = next((c for c in sheet.column if c.id == "version"), None)
    versions = column.values if column else {}
    aliases = {fold(a): v for v, names in versions.items() for a in names}
    return aliases | {fold(v): v for v in versions}


def header_name(cell: object) -> str:
    """Return a header as names are compared, without its unit, formula and brackets."""
    return fold(_bare(cell)) if isinstance(cell, str) else ""


def _bare(header: str) -> str:
    text = parse.tidy(header)
    without = _BRACKETS.sub(" ", _FORMULA.sub(" ", text))
    without = _MILLIONS.sub(" ", _THOUSANDS.sub(r"\1 ", without)).strip()
    return without if fold(without) else text


def is_letter_row(row: Sequence[object]) -> bool:
    """Return whether a row under the header only letters the columns: `A`, `D=(A+B+C)`."""
    filled = [c for c in row if c != "" and not (isinstance(c, str) and not c.strip())]
    return bool(filled) and all(
        isinstance(c, str) and (_LETTER.fullmatch(t := parse.tidy(c)) or _FORMULA.fullmatch(t))
        for c in filled
    )


def measures_of(words: Words, row: Sequence[object], named: Iterable[int]) -> Iterator[Measure]:
    """Yield the columns of amounts a header row names, but for those `named` as something else."""
    taken = set(named)
    for index, cell in enumerate(row):
        if index not in taken and (measure := _measure(words, index, cell)):
            yield measure


def _measure(words: Words, index: int, cell: object) -> Measure | None:
    if isinstance(cell, (date, datetime)):
        return Measure(index, year=cell.year, month=cell.month)
    if isinstance(cell, float):
        is_year = cell.is_integer() and 1990 <= cell <= 2100
        return Measure(index, year=int(cell)) if is_year else None
    return _worded(words, index, cell) if isinstance(cell, str) and cell.strip() else None


def _worded(words: Words, index: int, header: str) -> Measure | None:
    """Return what a header in words says of a column of amounts, None where it holds none.

    Every word of it must be understood: `Jan akkumuleret` is not January.
    """
    text = _bare(header)
    if check := _CHECKS.get(fold(_YEAR.sub("", text))):
        return Measure(index, check=check)
    year, text = _cut(_YEAR, text)
    day, text = _cut(_DAY_MONTH, text)
    text = _NOISE.sub(" ", text).strip(" .,:")
    short, text = (None, text) if year else _cut(_SHORT_YEAR, text)
    month, text = _cut_month(text)
    version = words.get(fold(text))
    if (fold(text) and not version) or not (version or month or year or short):
        return None
    said_year = int(year[0]) if year else 2000 + int(short[1]) if short else None
    follow_up = (int(day[1]), int(day[2]), int(day[3]) if day[3] else None) if day else None
    return Measure(index, version, said_year, month, follow_up)


def _cut(pattern: re.Pattern[str], text: str) -> tuple[re.Match[str] | None, str]:
    """Return the first match, and the text without it."""
    found = pattern.search(text)
    return found, pattern.sub(" ", text, count=1).strip() if found else text


def _cut_month(text: str) -> tuple[int | None, str]:
    """Return the first month a text names, and the text without it."""
    parts = text.split()
    for n, word in enumerate(parts):
        if month := parse.month_number(word):
            return month, " ".join(parts[:n] + parts[n + 1 :])
    return None, text


def groups_over(words: Words, row: Sequence[object]) -> list[Measure | None]:
    """Return what the row over the header says of each column; a cell holds until the next."""
    groups: list[Measure | None] = []
    current: Measure | None = None
    for index, cell in enumerate(row):
        if cell != "":
            current = _measure(words, index, cell)
        groups.append(current)
    return groups


def settled(
    measure: Measure, group: Measure | None, around: Around, columns: Container[str]
) -> Measure:
    """Return a column of amounts with what its own header does not say.

    What no column of the table says is taken from the row over the header, and what that does not
    say from around the table.
    """
    over = group if group and not group.check else Measure(measure.index)
    version = None if "version" in columns else over.version or around.version
    year = None if "aar" in columns else over.year or around.year
    month = None if "maaned" in columns else over.month
    return replace(
        measure,
        version=measure.version or version,
        year=measure.year or year,
        month=measure.month or month,
        follow_up=measure.follow_up or over.follow_up,
    )


def said_around(words: Words, texts: Sequence[str]) -> Around:
    """Return the version and the year that texts around a ledger agree on; days are no years."""
    if not words:
        return Around()
    years = {int(y) for t in texts for y in _YEAR.findall(_DATE.sub(" ", t))}
    versions = {v for t in texts for v in _versions_in(words, t)}
    return Around(
        versions.pop() if len(versions) == 1 else None, years.pop() if len(years) == 1 else None
    )


def _versions_in(words: Words, text: str) -> Iterator[str]:
    """Yield the versions a text names, each by the longest name that fits."""
    parts = [fold(p) for p in re.findall(r"[^\W\d_]+", text)]
    at = 0
    while at < len(parts):
        fits = (n for n in range(_MOST_WORDS, 0, -1) if "".join(parts[at : at + n]) in words)
        length = next(fits, 0)
        if length:
            yield words["".join(parts[at : at + length])]
        at += length or 1


def is_part_of_a_year(header: str) -> bool:
    """Return whether a header names a day or months that are not a whole year's."""
    text = parse.tidy(header)
    days = {(int(d), int(m)) for d, m, _ in _DAY_MONTH.findall(text)}
    months = {m for w in re.findall(r"[^\W\d_]{3,}", text) if (m := parse.month_number(w))}
    return bool(days - {(31, 12), (1, 1)}) or bool(months and not {1, 12} <= months)


def unit_of(text: str) -> int | None:
    """Return how many kroner an amount counts by a text; None where it does not say."""
    tidy = parse.tidy(text)
    if _THOUSANDS.search(tidy):
        return 1000
    if _MILLIONS.search(tidy):
        return 10**6
    return 1 if _PLAIN.search(tidy) else None
