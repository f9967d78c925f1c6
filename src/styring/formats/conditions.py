"""Conditions of the definitions as readers read them: words for operators and columns."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from styring.definitions import load_spec
from styring.errors import Lang
from styring.text import number

_OPERATOR = re.compile(
    r"'([^']*)'|IS NOT NULL|IS NULL|NOT IN|\b(?:IN|AND|OR|NOT|BETWEEN|ILIKE|INTERVAL)\b|<>|<=|>="
    r"|\b[a-z]\w*"
)
"""What a reader has words for: a text in quotes, an operator, a column."""
_AMOUNT = re.compile(r"(?<![\w'.])\d{4,}(?![\w'.])")


@cache
def _headers() -> dict[str, str]:
    """Return the header of each column of the workbook by its id."""
    return {column.id: column.name for sheet in load_spec().sheet for column in sheet.column}


def condition_in_words(condition: str, words: Mapping[str, str], lang: Lang) -> str:
    """Return a condition of SQL in words: `paragraf ikke blandt (85, 95) og antal er udfyldt`.

    A column of the workbook is called by its header, one that is worked out by its word; a column
    of somebody else's definition that has neither stays as it is.

    Raises:
        KeyError: an operator has no word.
    """
    known = {**_headers(), **words}
    said = _AMOUNT.sub(lambda m: number(float(m[0]), 0, lang), condition)

    def word(found: re.Match[str]) -> str:
        if found[1] is not None:
            return found[1]
        return known.get(found[0], found[0]) if found[0].islower() else known[found[0]]

    told = _OPERATOR.sub(word, said)
    return " ".join(told.split())
