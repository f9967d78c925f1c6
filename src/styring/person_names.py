"""Where a text seems to name a person: a common given name, and a surname after it.

A rule by intent, not a guess by likeness: both words begin with a capital letter, the first is on
the list of given names (`data/given_names.txt`), and neither of the two after it is a road or a
house («Peter Bangs Vej», «Karen Blixen Skolen»). «Hansen, Jens» is one too. A given name alone
never is, so rare names, names in small letters and a lone given name are not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

MASK = "[navn fjernet]"
_WORD = r"[A-ZÆØÅÄÖÜÉ](?:[^\W\d_]|['’\-](?=[^\W\d_]))*"
_INITIAL = r"[A-ZÆØÅ]\."
_APART = r"(?:\s+|_+|\.(?=\S))"
_RUN = re.compile(rf"(?<![^\W_]){_WORD}(?:{_APART}(?:{_INITIAL}|{_WORD}))+")
_ONE = re.compile(rf"{_INITIAL}|{_WORD}")
_TURNED = re.compile(rf"(?<![^\W_])[A-ZÆØÅ][^\W\d_]*(?:sen|SEN),\s*(?P<given>{_WORD})")
_PLACE = re.compile(
    r"(vej|vejen|gade|gaden|all[eé]|plads|torv|stræde|kommune|kirke|kirken|bosted|a/s|aps"
    r"|skole|skolen|hospital|hospitalet|center|centeret|centret|hjem|hjemmet|hus|huset|fond|fonden"
    r"|minde|stiftelse|stiftelsen|bofællesskab|bofællesskabet|institut|instituttet)$"
)


@cache
def given_names() -> frozenset[str]:
    """Return the given names, in small letters."""
    text = resources.files("styring.data").joinpath("given_names.txt").read_text("utf-8")
    return frozenset(line.casefold() for line in text.splitlines() if not line.startswith("#"))


def has_name(text: str) -> bool:
    """Return whether a text seems to name a person."""
    return next(_found(text), None) is not None


def mask_names(text: str) -> str:
    """Return the text with what seems to be names of persons taken out."""
    for start, end in sorted(_found(text), reverse=True):
        text = text[:start] + MASK + text[end:]
    return text


def _found(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each name begins and ends; no two overlap."""
    end = 0
    for turned in _TURNED.finditer(text):
        if _is_given(turned["given"]):
            end = turned.end()
            yield turned.span()
    for run in _RUN.finditer(text, end):
        words = list(_ONE.finditer(text, *run.span()))
        at = 0
        while at < len(words) - 1:
            many = _length([w[0] for w in words[at : at + 4]])
            if many:
                yield words[at].start(), words[at + many - 1].end()
            at += many or 1


def _length(words: list[str]) -> int:
    """Return how many of the words are a name that begins with the first; 0 for none."""
    after = [w.rstrip(".").casefold() for w in words[1:]]
    if not _is_given(words[0]) or any(_PLACE.search(w) for w in after[:2]):
        return 0
    return max((n for n, w in enumerate(after, 2) if len(w) > 1), default=0)


def _is_given(word: str) -> bool:
    word = word.casefold()
    return word in given_names() or word.partition("-")[0] in given_names()
