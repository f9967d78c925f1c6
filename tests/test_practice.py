"""Answers to statements: matched by id, text or alias, once per respondent."""

from __future__ import annotations

from pathlib import Path

import pytest

import build
from rows import shipped
from styring import practice
from styring.tables import Note

TEXT = "Jeg ved, hvem der må træffe afgørelse i en sag"
ALIAS = "Beslutningskompetencen i den enkelte sag er entydig og kendt"
HEADER = ["udsagn", "respondent", "rolle", "styringscenter", "score"]
Answer = tuple[str, str, object]
"""Statement, respondent, score."""


def matched(
    folder: Path, answers: list[Answer], own: list[list[object]] | None = None
) -> tuple[list[tuple[str | None, str, int | None]], list[Note]]:
    """Return the answers (statement, respondent, score) that are used, and what is said."""
    rows: list[list[object]] = [[u, r, "leder", "socialfaglig", s] for u, r, s in answers]
    book = build.minimal() | {"Praksis": [[*HEADER], *rows]}
    if own:
        book["Udsagn"] = [["udsagn", "tekst", "styringscenter", "dimension"], *own]
    tables = build.read(folder, book).tables
    statements = [i for i in shipped().indicators if i.kind == "practice"]
    statements += practice.own_statements(tables)
    found, notes = practice.match_statements(tables, statements)
    return found.frames["praksis"].select("udsagn", "respondent", "score").rows(), notes


@pytest.mark.parametrize(
    "words", ["beslutningskompetence", TEXT, TEXT.upper(), f"  {TEXT}. ", TEXT.replace("å", "aa")]
)
def test_a_statement_is_known_by_its_id_or_text(tmp_path: Path, words: str) -> None:
    """Case, blanks and end punctuation do not matter."""
    found, notes = matched(tmp_path, [(words, "r1", 4)])
    assert found == [("beslutningskompetence", "r1", 4)]
    assert notes == []


def test_an_answer_to_other_words_is_used_and_said(tmp_path: Path) -> None:
    """The alias is the same statement reworded."""
    found, notes = matched(tmp_path, [(ALIAS, "r1", 2)])
    assert found == [("beslutningskompetence", "r1", 2)]
    assert [(n.severity, n.message.da[:9]) for n in notes] == [("info", "1 udsagn ")]


def test_an_unknown_statement_is_said_and_not_used(tmp_path: Path) -> None:
    """By its own words, and what to do."""
    found, notes = matched(tmp_path, [("Kaffen er god", "r1", 5)])
    assert found == [(None, "r1", 5)]
    assert "«Kaffen er god»" in notes[0].message.da
    assert "Udsagn" in notes[0].message.da


def test_a_statement_of_the_municipalitys_own_is_measured(tmp_path: Path) -> None:
    """Its id tells that it is."""
    own: list[list[object]] = [["kaffe", "Kaffen er god", "socialfaglig", "faglig"]]
    found, notes = matched(tmp_path, [("Kaffen er god", "r1", 5), ("kaffe", "r2", 3)], own)
    assert found == [("eget-kaffe", "r1", 5), ("eget-kaffe", "r2", 3)]
    assert notes == []


def test_two_wordings_answered_alike_count_once(tmp_path: Path) -> None:
    """One respondent, one statement, one answer."""
    found, notes = matched(tmp_path, [(TEXT, "r1", 4), (ALIAS, "r1", 4), (TEXT, "r2", 1)])
    assert found == [("beslutningskompetence", "r1", 4), ("beslutningskompetence", "r2", 1)]
    assert [n.message.da[:6] for n in notes if n.severity == "warning"] == ["1 svar"]


def test_two_wordings_answered_differently_do_not_count(tmp_path: Path) -> None:
    """Nobody knows which of the two is meant."""
    found, notes = matched(tmp_path, [(TEXT, "r1", 4), (ALIAS, "r1", 2), (TEXT, "r2", 1)])
    assert found == [("beslutningskompetence", "r2", 1)]
    assert [n.message.da[:6] for n in notes if n.severity == "warning"] == ["2 svar"]


def test_a_name_as_an_id() -> None:
    """Plain letters, hyphens between words."""
    assert practice.slug("Åbne  døre, hver (uge)") == "aabne-doere-hver-uge"
