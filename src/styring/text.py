"""Numbers, dates, kroner and code as readers see them. Values in, strings out.

Figures are rounded here and nowhere else, half away from zero as Excel does.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from styring.errors import Lang, Texts

MINUS = "−"
MISSING = "–"
MONTHS: dict[Lang, tuple[str, ...]] = {
    "da": ("januar", "februar", "marts", "april", "maj", "juni",
           "juli", "august", "september", "oktober", "november", "december"),
    "en": ("January", "February", "March", "April", "May", "June",
           "July", "August", "September", "October", "November", "December"),
}  # fmt: skip

_FOLD = str.maketrans({"æ": "ae", "ø": "oe", "å": "aa", "ä": "ae", "ö": "oe", "ü": "y"})

UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
"""Signs without width: soft hyphens, blanks of no width, marks of direction."""
_NOT_NAME = re.compile(r"[^\w§+]|_")
_WITH_DIGITS = re.compile(r"(\D*)(\d*)")


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return a name as names are compared: without case, blanks, punctuation; æøå as aeoeaa."""
    plain = text if text.isascii() else unicodedata.normalize("NFC", text)
    return _NOT_NAME.sub("", plain.casefold().translate(_FOLD))


def natural(name: str) -> list[tuple[str, int]]:
    """Return the key that sorts names as readers do: 85 before 101, both before ABL-105."""
    return [(letters, int(digits or 0)) for letters, digits in _WITH_DIGITS.findall(name)]


def rounded(x: float, decimals: int = 0) -> Decimal:
    """Return `x` rounded half away from zero, from the shortest decimal that means `x`."""
    return Decimal(repr(float(x))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def number(x: float | None, decimals: int = 0, lang: Lang = "da", *, sign: bool = False) -> str:
    """Return `1.234,5` (da) or `1,234.5` (en); an en dash where there is no figure."""
    if x is None:
        return MISSING
    value = rounded(x, decimals)
    text = f"{abs(value):,.{decimals}f}"
    if lang == "da":
        text = text.translate(str.maketrans(",.", ".,"))
    return f"{MINUS if value < 0 else '+' if sign and value > 0 else ''}{text}"


def decimals_of(x: float, most: int = 4) -> int:
    """Return how many decimals it takes to write `x` as it is, at most so many."""
    exponent = rounded(x, most).normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return max(0, -exponent)


def percent(x: float | None, decimals: int = 1, lang: Lang = "da", *, sign: bool = False) -> str:
    """Return the share `x` (0.042) as `4,2 pct.` or `4.2%`."""
    if x is None:
        return MISSING
    suffix = " pct." if lang == "da" else "%"
    return number(x * 100, decimals, lang, sign=sign) + suffix


def kroner(x: float | None, lang: Lang = "da", *, sign: bool = False) -> str:
    """Return whole kroner: `1.234.567 kr.` or `DKK 1,234,567`."""
    if x is None:
        return MISSING
    text = number(x, 0, lang, sign=sign)
    return f"{text} kr." if lang == "da" else _dkk(text)


def millions(x: float | None, lang: Lang = "da", *, sign: bool = False) -> str:
    """Return kroner in millions with one decimal: `10,7 mio. kr.` or `DKK 10.7m`.

    Amounts that would be shown as 0,0 are shown in whole thousands instead.
    """
    if x is None:
        return MISSING
    if x == 0:
        return kroner(0.0, lang)
    if abs(x) < 100_000:
        text = number(x / 1000, 0, lang, sign=sign)
        return f"{text} t. kr." if lang == "da" else _dkk(f"{text}k")
    text = number(x / 1e6, 1, lang, sign=sign)
    return f"{text} mio. kr." if lang == "da" else _dkk(f"{text}m")


def _dkk(amount: str) -> str:
    """Return an amount with the currency between its sign and its figures: `+DKK 3.1m`."""
    sign = amount[0] if amount[0] in f"+{MINUS}" else ""
    return f"{sign}DKK {amount.removeprefix(sign)}"


def day(d: date | None, lang: Lang = "da") -> str:
    """Return `30.9.2025` or `30 September 2025`."""
    if d is None:
        return MISSING
    if lang == "da":
        return f"{d.day}.{d.month}.{d.year}"
    return f"{d.day} {MONTHS['en'][d.month - 1]} {d.year}"


def period(name: str, lang: Lang = "da") -> str:
    """Return a period as readers write it: a year as it is, a month by name, a date as a day."""
    if len(name) == len("2024-01"):
        return f"{MONTHS[lang][int(name[5:]) - 1]} {name[:4]}"
    return day(date.fromisoformat(name), lang) if "-" in name else name


_FORMULA = re.compile(r"'*[=+\-@\t\r]")


def guarded(text: str) -> str:
    """Return a text that a spreadsheet opening a CSV file takes for text, never for a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def unguarded(text: str) -> str:
    """Return a text of a CSV file without the apostrophe that `guarded` put before it."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def closed(text: str) -> str:
    """Return a text with one full stop at its end."""
    return text if text.endswith(".") else f"{text}."


def listed(items: list[str], lang: Lang = "da") -> str:
    """Return `a, b og c`."""
    if len(items) < 2:
        return "".join(items)
    word = "og" if lang == "da" else "and"
    return f"{', '.join(items[:-1])} {word} {items[-1]}"


def count_word(n: int, lang: Lang = "da") -> str:
    """Return a small count in words: `tre`, `12`."""
    words = {
        "da": ("nul", "en", "to", "tre", "fire", "fem", "seks", "syv", "otte", "ni", "ti"),
        "en": ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    }[lang]
    return words[n] if n < len(words) else number(n, 0, lang)


def code(text: str) -> str:
    """Return a text as code in Markdown: as it stands, on one line."""
    fence, pad = ("``", " ") if "`" in text else ("`", "")
    return f"{fence}{pad}{' '.join(text.split())}{pad}{fence}"


def counted(n: int, one: str, many: str, lang: Lang = "da") -> str:
    """Return `1 række` or `12 rækker`."""
    return f"{number(n, 0, lang)} {one if n == 1 else many}"


def counted_texts(n: int, da: tuple[str, str], en: tuple[str, str]) -> Texts:
    """Return a count of things, each named as one and as many, in both languages."""
    return Texts(counted(n, *da), counted(n, *en, lang="en"))


def both(function: object, *args: object, **kwargs: object) -> Texts:
    """Return the text that a formatter of this module gives in each language."""
    assert callable(function)
    return Texts(function(*args, lang="da", **kwargs), function(*args, lang="en", **kwargs))
