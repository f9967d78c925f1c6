"""Rules on the words: there, in both languages, with the same figures, and fit to print."""

from __future__ import annotations

import re
from collections.abc import Iterator

from styring.check.rules import Found
from styring.errors import Texts
from styring.model import FindingText, Indicator
from styring.problem import Path

PLACEHOLDERS = frozenset({
    "vaerdi", "taeller", "naevner", "periode", "aar", "kommune", "median", "kvartil", "gap",
    "gap_kr", "forrige", "forrige_periode", "aendring", "maal", "antal_kommuner", "paa_spil",
    "placering",
})  # fmt: skip
"""The figures a finding's sentences may name."""
NEEDED = (
    "rationale", "reading", "caveat", "missing", "numerator", "value_type", "materiality",
    "valid_from",
)  # fmt: skip
"""What a figure does not hold in a meeting without."""
SENTENCES = ("description", "rationale", "reading", "caveat", "missing")
LEAST_CAVEAT = 40
_PLACEHOLDER = re.compile(r"\{(\w*)\}")
_NUMBER = re.compile(r"\d[\d.,]*")
_END = (".", "?", "!", "»", "”")


def wording_rules(indicator: Indicator) -> Iterator[Found]:
    """Yield what is wrong with the texts of a definition."""
    yield from _needed(indicator)
    for path, words in named_texts(indicator):
        yield from _two_languages(path, words)
    yield from _style(indicator)
    if indicator.kind == "practice":
        yield from _practice(indicator)


def _needed(i: Indicator) -> Iterator[Found]:
    gone = [name for name in NEEDED if getattr(i, name) is None] + ([] if i.change else ["change"])
    if gone:
        listed = ", ".join(gone)
        message = Texts(f"Der mangler: {listed}.", f"Missing: {listed}.")
        hint = Texts("Se «Write an indicator».", "See “Write an indicator”.")
        yield Found(("id",), "complete", message, hint)
    caveat = i.caveat
    if caveat and min(len(caveat.da), len(caveat.en)) < LEAST_CAVEAT:
        message = Texts(
            f"Forbeholdet er kortere end {LEAST_CAVEAT} tegn.",
            f"The caveat is shorter than {LEAST_CAVEAT} characters.",
        )
        hint = Texts(
            "Skriv, hvad netop dette tal ikke kan bære.",
            "Write what this very figure cannot carry.",
        )
        yield Found(("caveat",), "caveat", message, hint)


def named_texts(i: Indicator) -> Iterator[tuple[Path, Texts]]:
    """Yield every text of a definition with the path it stands on."""
    plain = ("title", "question", *SENTENCES, "statement")
    for name in plain:
        if (words := getattr(i, name)) is not None:
            yield (name,), words
    for name in ("numerator", "denominator"):
        if (side := getattr(i, name)) is not None:
            yield (name, "what"), side.what
            yield (name, "source"), side.source
    for level, words in i.levels.items():
        yield ("levels", level), words
    for n, change in enumerate(i.change):
        yield ("change", n, "what"), change.what
    for outcome in ("weak", "strong", "attention"):
        finding: FindingText | None = getattr(i.finding, outcome)
        for part in ("observation", "question", "recommendation", "first_step"):
            if finding is not None and (said := getattr(finding, part)) is not None:
                yield ("finding", outcome, part), said


def _two_languages(path: Path, words: Texts) -> Iterator[Found]:
    """Yield a text that is empty, or that does not say the same in both languages."""
    in_finding = path[0] == "finding"
    for lang, text in (("da", words.da), ("en", words.en)):
        if not text.strip():
            message = Texts(f"Teksten er tom på {lang!r}.", f"The text is empty in {lang!r}.")
            yield Found((*path, lang), "translation", message)
            return
        for name in _PLACEHOLDER.findall(text) if in_finding else ():
            if name not in PLACEHOLDERS:
                message = Texts(
                    f"Pladsholderen {{{name}}} findes ikke.", f"There is no placeholder {{{name}}}."
                )
                listed = ", ".join(sorted(PLACEHOLDERS))
                hint = Texts(f"Brug en af: {listed}.", f"Use one of: {listed}.")
                yield Found((*path, lang), "placeholder", message, hint, name)
                return
    ours, theirs = (sorted(set(_PLACEHOLDER.findall(t))) for t in (words.da, words.en))
    if in_finding and ours != theirs:
        apart = ", ".join(sorted(set(ours) ^ set(theirs)))
        message = Texts(
            f"Dansk og engelsk nævner ikke de samme tal: {apart}.",
            f"Danish and English do not name the same figures: {apart}.",
        )
        yield Found((*path, "en"), "pair", message)
    if _numbers(words.da) != _numbers(words.en):
        message = Texts(
            f"Tallene er forskellige på dansk ({', '.join(_numbers(words.da))}) og engelsk "
            f"({', '.join(_numbers(words.en))}).",
            f"The numbers differ in Danish ({', '.join(_numbers(words.da))}) and English "
            f"({', '.join(_numbers(words.en))}).",
        )
        yield Found((*path, "en"), "numbers", message)


def _numbers(text: str) -> list[str]:
    """Return the digits of a text's numbers, whatever marks stand in them."""
    return sorted(re.sub(r"[.,]", "", found) for found in _NUMBER.findall(text))


def _style(i: Indicator) -> Iterator[Found]:
    for lang, text in (("da", i.title.da), ("en", i.title.en)):
        if text and (text.endswith(".") or text[0].islower()):
            message = Texts(
                "En titel begynder med stort og har intet punktum.",
                "A title begins with a capital and has no full stop.",
            )
            yield Found(("title", lang), "style", message)
    for name in SENTENCES:
        words = getattr(i, name)
        for lang in ("da", "en"):
            text = getattr(words, lang).rstrip() if words else ""
            if text and not text.endswith(_END):
                message = Texts("Sætninger slutter med punktum.", "Sentences end with a full stop.")
                yield Found((name, lang), "style", message)


def _practice(i: Indicator) -> Iterator[Found]:
    """Yield what keeps a statement from being asked and measured the same way everywhere."""
    if i.value.numerator.where != f"udsagn = '{i.id}'":
        message = Texts("Et udsagn måler sine egne svar.", "A statement measures its own answers.")
        hint = Texts(f"Skriv \"udsagn = '{i.id}'\".", f"Write \"udsagn = '{i.id}'\".")
        yield Found(("value", "numerator", "where"), "practice", message, hint)
    if missing := sorted({"1", "3", "5"} - set(i.levels)):
        listed = ", ".join(missing)
        message = Texts(f"Trin {listed} er ikke beskrevet.", f"Level {listed} is not described.")
        at = ("levels", min(i.levels)) if i.levels else ("statement",)
        yield Found(at, "practice", message)
