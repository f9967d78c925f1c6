"""The answers that respondents from the three centres give to the statements."""

from __future__ import annotations

from generator.catalogue import (
    CENTRES,
    OWN_STATEMENT,
    OWN_STATEMENT_TEXT,
    PROFESSIONAL,
    ROLES,
    STATEMENTS,
    STRATEGIC,
)
from generator.draws import Draws
from generator.profiles import Means, Profile
from generator.workbook import Row, Sheet

COMMENTS = (
    "Afhænger af, hvem der har sagen",
    "Bedre end for et år siden",
    "Vi mangler fælles overblik",
    "Aftalt på skrift, men ikke altid fulgt",
    "Gælder de fleste sager",
)


def mean_of(means: Means, centre: str) -> float:
    """The mean of one centre."""
    if centre == STRATEGIC:
        return means.strategic
    return means.professional if centre == PROFESSIONAL else means.economic


def score(draws: Draws, mean: float, spread: float) -> int:
    """A whole score from 1 to 5 around the mean."""
    return max(1, min(5, int(mean + spread * draws.normal() + 0.5)))


def answer(draws: Draws, mean: float, spread: float) -> tuple[int | str | None, str | None]:
    """A score, `ved ikke` or nothing, and now and then a comment."""
    value = score(draws, mean, spread)
    kind = draws.unit()
    comment = draws.pick(COMMENTS) if draws.chance(0.04) else None
    if kind < 0.02:
        return None, None
    return ("ved ikke" if kind < 0.05 else value), comment


def practice_sheet(profile: Profile) -> Sheet:
    """Praksis: every respondent's answer to every statement."""
    draws = profile.draws(3)
    texts = {**STATEMENTS, OWN_STATEMENT: OWN_STATEMENT_TEXT}
    told = dict(profile.statement_means)
    shift = {statement: 0.3 * draws.normal() for statement in texts}
    rows: list[Row] = []
    for centre, count in zip(CENTRES, profile.respondents, strict=True):
        for role in ROLES[centre][:count]:
            respondent = f"R{len(rows) // len(texts) + 1:02d}"
            mood = 0.25 * draws.normal()
            for statement, text in texts.items():
                if statement in told:
                    value, comment = answer(draws, mean_of(told[statement], centre), 0.35)
                else:
                    mean = mean_of(profile.practice, centre) + shift[statement] + mood
                    value, comment = answer(draws, mean, 0.55)
                name = text if profile.full_texts else statement
                rows.append((name, respondent, role, centre, value, comment))
    columns = ("udsagn", "respondent", "rolle", "styringscenter", "score", "kommentar")
    return Sheet("Praksis", columns, rows)


def statement_sheet() -> Sheet:
    """Udsagn: the one statement that the municipality has added."""
    row: Row = (OWN_STATEMENT, OWN_STATEMENT_TEXT, "sammenhæng", "faglig", "opfoelgning-rettidig")
    columns = ("udsagn", "tekst", "styringscenter", "dimension", "indikator")
    return Sheet("Udsagn", columns, [row])
