"""One cell's text as a number, a date, a paragraph, a function. No frames, no notes."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Literal

Marks = Literal["da", "en", "either", "plain"]
Order = Literal["dmy", "mdy", "either"]

_SPACES = re.compile(r"\s+")
_PLAIN = re.compile(r"\d+")
_DANISH = re.compile(r"\d{1,3}(\.\d{3})+(,\d+)?|\d+,\d+")
_ENGLISH = re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?|\d+\.\d+")
_MONTHS = ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec")
_ENGLISH_MONTHS = {"may": 5, "oct": 10}
_DMY = re.compile(r"(\d{1,2})[-./ ](\d{1,2})[-./ ](\d{4}|\d{2})(?:[ T]\d{1,2}[:.]\d{2}.*)?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]\d{1,2}:\d{2}.*)?")
_WORDS = re.compile(r"(\d{1,2})\.? ?([a-zæøå]+)\.? (\d{4})")
_PARAGRAPH = re.compile(r"(\d{1,3})\s?([a-z])?\b")
_FUNCTION = re.compile(r"(\d)\.(\d{2})\.(\d{2})")


def tidy(text: str) -> str:
    """Return the text with one kind of letters and single blanks, none at the ends."""
    if text.isascii() and "  " not in text and "\n" not in text:
        return text.strip()
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()


def number_marks(text: str) -> Marks | None:
    """Return which decimal mark a number's text shows; None where it is no number.

    `1.234,5` and `12,5` are Danish, `1,234.5` and `12.5` English, `1.234` and `1,234` could be
    either, `1234` is plain.
    """
    core = _core(text)
    if core is None:
        return None
    if _PLAIN.fullmatch(core):
        return "plain"
    danish, english = _DANISH.fullmatch(core), _ENGLISH.fullmatch(core)
    if danish and english:
        return "either"
    return "da" if danish else "en" if english else None


def to_number(text: str, marks: Literal["da", "en"] = "da") -> float | None:
    """Return a number's value, or None where the text is no number.

    `(1.234)`, `1.234-` and `−1.234` are negative; `kr.`, `%` and blanks inside are left out.
    """
    core = _core(text)
    if core is None:
        return None
    plain = core.replace(".", "").replace(",", ".") if marks == "da" else core.replace(",", "")
    try:
        value = float(plain)
    except ValueError:
        return None
    bare = text.strip()
    negative = bare.startswith(("-", "−", "–", "(")) or bare.rstrip("kr. ").endswith(("-", "−"))
    return -value if negative else value


def is_dash(text: str) -> bool:
    """Return whether a cell holds only a dash, as accounts write zero."""
    return text.strip() in ("-", "–", "—", "−")


def _core(text: str) -> str | None:
    """Return the digits and marks of a number's text, or None."""
    bare = text.replace("\xa0", " ").replace("\u202f", " ").strip().lower()
    bare = bare.removeprefix("dkk").removeprefix("kr.").removeprefix("kr").strip()
    bare = bare.removesuffix("%").removesuffix("pct.").removesuffix(",-").strip()
    bare = bare.removesuffix("kr.").removesuffix("kr").strip()
    if bare.startswith("(") and bare.endswith(")"):
        bare = bare[1:-1]
    bare = bare.strip().lstrip("+-−–").rstrip("-−").strip()
    if re.fullmatch(r"\d{1,3}( \d{3})+([,.]\d+)?", bare):
        bare = bare.replace(" ", "")
    return bare if bare and bare[0].isdigit() and set(bare) <= set("0123456789.,") else None


def date_order(text: str) -> Order | None:
    """Return which order a date's text shows; None where it is no date of that kind."""
    if _ISO.fullmatch(text) or _WORDS.fullmatch(text.lower()):
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
    if found := _ISO.fullmatch(text):
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
    """Return 1–12 for a month's name or its first three letters, Danish or English."""
    bare = text.strip().lower().rstrip(".")
    short = bare[:3]
    if not bare.isalpha() or len(bare) > 9:
        return None
    if short in _MONTHS:
        return _MONTHS.index(short) + 1
    return _ENGLISH_MONTHS.get(short)


def to_paragraph(text: str) -> str | None:
    """Return a paragraph's short form (`85`, `107`, `ABL-105`, `SUL-141`, `BL-32`), or None.

    `Serviceloven § 85, stk. 1`, `SEL §85` and `85` are `85`. A bare `105` stays `105`: it could be
    ABL § 105, so it is asked about.
    """
    low = tidy(text).lower()
    law = ""
    if "almen" in low or re.search(r"\babl\b", low):
        law = "ABL-"
    elif "sundhed" in low or re.search(r"\bs(u|h)l\b", low):
        law = "SUL-"
    elif "barnet" in low or re.search(r"\bbl\b", low):
        law = "BL-"
    found = _PARAGRAPH.search(re.sub(r"stk\.? ?\d+.*|nr\.? ?\d+.*", "", low))
    return f"{law}{found[1]}{found[2] or ''}" if found else None


def to_function(text: str) -> str | None:
    """Return a function as `5.38.50`, from `5.38.50`, `53850`, `05.38.50` or text after it."""
    bare = tidy(text)
    if found := _FUNCTION.match(bare.lstrip("0") if bare[:2] == "05" else bare):
        return found[0]
    digits = bare.split(" ", 1)[0]
    if digits.isdigit() and len(digits) in (5, 6):
        digits = digits.lstrip("0") if len(digits) == 6 else digits
        return f"{digits[0]}.{digits[1:3]}.{digits[3:]}" if len(digits) == 5 else None
    return None
