"""One cell's text as a number, a date, a paragraph, a function. No frames, no notes."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Literal

from styring.text import MONTHS, UNSEEN

Marks = Literal["da", "en", "either", "plain"]
Order = Literal["dmy", "mdy", "either"]

_SPACES = re.compile(r"\s+")
_MINUS = "-−–"
_MONEY = r"(?:dkk|kr\.?)"
_UNIT = rf"(?: ?(?:{_MONEY}|%|pct\.?))?"
_BARE = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
_NUMBER = re.compile(
    rf"{_MONEY}? ?(?P<before>[{_MINUS}+(]?) ?{_MONEY}? ?(?P<digits>[0-9]+(?:[., ][0-9]+)*)"
    rf"(?P<price>,[{_MINUS}]{{1,2}})?{_UNIT} ?(?P<behind>[{_MINUS})]?){_UNIT}"
)
_SIGNS = {"": 1, "+": 1, "()": -1} | dict.fromkeys(_MINUS, -1)
"""The sign before and behind a number, and what it makes of it; any other pair is no number."""
_BLANK_GROUPS = re.compile(r"[1-9][0-9]{0,2}(?: [0-9]{3})+(?:[.,][0-9]+)?")
_WRITTEN = {
    "da": re.compile(r"(?:[1-9][0-9]{0,2}(?:\.[0-9]{3})+|[0-9]+)(?:,[0-9]+)?"),
    "en": re.compile(r"(?:[1-9][0-9]{0,2}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?"),
}
_AS_POINT = {"da": str.maketrans(",", ".", "."), "en": str.maketrans("", "", ",")}
_MONTHS = {
    name[:length].lower(): number
    for names in MONTHS.values()
    for number, name in enumerate(names, 1)
    for length in range(3, len(name) + 1)
}
"""Every beginning of a month's name, from three letters on."""
_DMY = re.compile(r"(\d{1,2})[-./ ](\d{1,2})[-./ ](\d{4}|\d{2})(?:[ T]\d{1,2}[:.]\d{2}.*)?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]\d{1,2}:\d{2}.*)?")
_WORDS = re.compile(r"(\d{1,2})\.? ?([a-zæøå]+)\.? (\d{4})")
_BASIC = re.compile(r"((?:19|20|99)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])")
"""`20241231`: no day, month and year in another order can be taken for it."""
_LAWS = {
    "SEL": r"sel|sl|servicelov(?:en)?s?|lov om social service",
    "ABL": r"abl|almenboliglov(?:en)?s?|lov om almene boliger",
    "SUL": r"s[uh]l|sundhedslov(?:en)?s?",
    "BL": r"bl(?!\. ?a)|barnets lovs?",
}
_LAW = re.compile(
    rf"\b(?:{'|'.join(f'(?P<{law}>{names})' for law, names in _LAWS.items())})"
    r"(?![^\W\d])[ ,:-]*",
    re.IGNORECASE,
)
_OTHER_LAW = re.compile(r"(?i:lov(?:en)?s?\b)|\b[A-ZÆØÅ]{2,4}[ -]?§")
"""A name of a law (with those above gone), or an abbreviation where a law's would stand."""
_PART = re.compile(r"\b(?:stk|nr|pkt)\.? ?\d+(?:(?: og |-)\d\b)*", re.IGNORECASE)
"""Part of a paragraph: `stk. 1`, `nr. 2`, `stk. 1 og 2`."""
_PARAGRAPH = re.compile(
    r"(?:\D*§ ?|(?:paragraf|par\.|pgf\.?) ?)?([1-9]\d{0,2})(?: ?([a-h])(?![\w/]|\.\w))?(?!\w)\D*",
    re.IGNORECASE,
)
_FUNCTION = re.compile(r"0?(\d)(\.)?(\d\d)(?(2)\.)(\d\d)(?(2)(?:\.\d+)*)(?!\w|\.\w)")
_AND_MORE = re.compile(r" ?(?:[-–/+,&]|og|til) ?\d|.*\b0?\d\.\d\d\.\d\d\b")
"""A number joined to a function, or another function anywhere behind it."""


def tidy(text: str) -> str:
    """Return the text with one kind of letters and single blanks, none at the ends, all seen."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return _SPACES.sub(" ", unicodedata.normalize("NFC", UNSEEN.sub("", text))).strip()


def number_marks(text: str) -> Marks | None:
    """Return which decimal mark a number's text shows; None where it is no number.

    `1.234,5` and `12,5` are Danish, `1,234.5` and `12.5` English, `1.234` and `1,234` could be
    either, `1234` is plain.
    """
    parts = _sign_and_digits(text)
    if parts is None:
        return None
    digits = parts[1]
    danish, english = (bool(_WRITTEN[m].fullmatch(digits)) for m in ("da", "en"))
    if danish and english:
        return "plain" if digits.isdigit() else "either"
    return "da" if danish else "en" if english else None


def to_number(text: str, marks: Literal["da", "en"] = "da") -> float | None:
    """Return a number's value, or None where the text is no number.

    `(1.234)`, `1.234-` and `−1.234` are negative; `kr.`, `%` and blanks inside are left out.
    `1.234,-` is a price without øre.
    """
    parts = _sign_and_digits(text)
    if parts is None or not _WRITTEN[marks].fullmatch(parts[1]):
        return None
    return parts[0] * float(parts[1].translate(_AS_POINT[marks]))


def is_dash(text: str) -> bool:
    """Return whether a cell holds only a dash, as accounts write zero."""
    return text.strip() in ("-", "–", "—", "−")


def _sign_and_digits(text: str) -> tuple[int, str] | None:
    """Return 1 or -1, and the digits and marks of a number's text without blanks; or None."""
    if _BARE.fullmatch(text):
        return 1, text
    found = _NUMBER.fullmatch(tidy(text).lower())
    sign = _SIGNS.get(found["before"] + found["behind"]) if found else None
    if not found or sign is None:
        return None
    digits = found["digits"]
    if _BLANK_GROUPS.fullmatch(digits):
        digits = digits.replace(" ", "")
    return sign, f"{digits},0" if found["price"] else digits


def date_order(text: str) -> Order | None:
    """Return which order a date's text shows; None where it is no date of that kind."""
    if _ISO.fullmatch(text) or _BASIC.fullmatch(text) or _WORDS.fullmatch(text.lower()):
        return "either"
    found = _DMY.fullmatch(text)
    if not found:
        return None
    first, second = int(found[1]), int(found[2])
    if first > 12 >= second:
        return "dmy"
    if second > 12 >= first:
        return "mdy"
    return "either" if first <= 12 else None


def to_date(text: str, order: Literal["dmy", "mdy"] = "dmy") -> date | None:
    """Return a date's value, or None. A two-digit year is this century's up to 69."""
    if found := _ISO.fullmatch(text) or _BASIC.fullmatch(text):
        return _safe_date(int(found[1]), int(found[2]), int(found[3]))
    if found := _WORDS.fullmatch(text.lower()):
        return _safe_date(int(found[3]), month_number(found[2]) or 0, int(found[1]))
    if not (found := _DMY.fullmatch(text)):
        return None
    day, month = int(found[1]), int(found[2])
    if order == "mdy":
        day, month = month, day
    year = int(found[3])
    if len(found[3]) == 2:
        year += 2000 if year < 70 else 1900
    return _safe_date(year, month, day)


def _safe_date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_number(text: str) -> int | None:
    """Return 1–12 for a month's name or its first letters, at least three, Danish or English."""
    return _MONTHS.get(text.strip().lower().rstrip("."))


def to_paragraph(text: str) -> str | None:
    """Return a paragraph's short form (`85`, `107`, `ABL-105`, `SUL-141`, `BL-32`), or None.

    `Serviceloven § 85, stk. 1`, `SEL §85`, `Botilbud (§ 85)` and `85` are `85`. A text with another
    number in it, or with another law or more than one, is not read as the first. A bare `105`
    stays `105`: it could be ABL § 105, so it is asked about.
    """
    bare = tidy(text)
    laws = {found.lastgroup for found in _LAW.finditer(bare)}
    rest = _PART.sub("", _LAW.sub(" ", bare)).strip()
    found = _PARAGRAPH.fullmatch(rest)
    if not found or len(laws) > 1 or _OTHER_LAW.search(rest):
        return None
    paragraph = f"{found[1]}{(found[2] or '').lower()}"
    law = next(iter(laws), "SEL")
    return paragraph if law == "SEL" else f"{law}-{paragraph}"


def to_function(text: str) -> str | None:
    """Return a function as `5.38.50`, from `5.38.50`, `53850`, `05.38.50` or text after it.

    More than one function, or a span of them, is not read as the first.
    """
    bare = tidy(text)
    found = _FUNCTION.match(bare)
    if not found or _AND_MORE.match(bare, found.end()):
        return None
    return f"{found[1]}.{found[3]}.{found[4]}"
