"""Conditions of the definitions as readers read them: words for operators, numbers as written."""

from __future__ import annotations

import re
from collections.abc import Mapping

from styring.errors import Lang
from styring.text import number

_OPERATOR = re.compile(
    r"'([^']*)'|IS NOT NULL|IS NULL|NOT IN|\b(?:IN|AND|OR|NOT|BETWEEN|ILIKE|INTERVAL)\b|<>|<=|>="
    r"|\b(?:as_of|period_start)\b"
)
"""What a reader has words for: a text in quotes, an operator, a day with a name of its own."""
_AMOUNT = re.compile(r"(?<![\w'.])\d{4,}(?![\w'.])")


def condition_in_words(condition: str, operators: Mapping[str, str], lang: Lang) -> str:
    """Return a condition of SQL in words: `paragraf ikke blandt (85, 95) og antal er udfyldt`.

    Raises:
        KeyError: an operator has no word.
    """
    said = _AMOUNT.sub(lambda m: number(float(m[0]), 0, lang), condition)
    words = _OPERATOR.sub(lambda m: operators[m[0]] if m[1] is None else m[1], said)
    return " ".join(words.split())
