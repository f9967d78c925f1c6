"""The self-assessment: answers matched to statements, and a municipality's own statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import polars as pl

from styring.errors import Texts, texts
from styring.model import Aggregate, Catalogue, Indicator, Maturity, Value
from styring.say import not_measured
from styring.tables import Note, Tables
from styring.text import fold

OWN_SOURCE = Texts("Kommunens eget udsagn", "The municipality's own statement")


def own_statements(tables: Tables) -> list[Indicator]:
    """Return an indicator for each statement of the municipality's own (sheet Udsagn)."""
    frame = tables.get("udsagn")
    if frame is None:
        return []
    return [_own(row["udsagn"], row["tekst"], row) for row in frame.iter_rows(named=True)]


def _own(name: str, text: str, row: dict[str, str]) -> Indicator:
    statement = texts(text)
    return Indicator(
        id=f"eget-{slug(name)}",
        version=1,
        kind="practice",
        centre=row["styringscenter"],
        dimension=row["dimension"],
        unit="trin",
        better="higher",
        weight=0.5,
        interval="t",
        decimals=1,
        title=texts(text),
        statement=statement,
        aliases=(name,),
        question=statement,
        description=Texts(
            f"Gennemsnit af svar 1–5 på kommunens eget udsagn «{text}».",
            f"Mean of the answers 1–5 to the municipality's own statement “{text}”.",
        ),
        source=OWN_SOURCE,
        scoring=(Maturity(method="maturity"),),
        value=Value(
            form="amount",
            numerator=Aggregate(
                from_="praksis", mean="score", where=f"udsagn = 'eget-{slug(name)}'"
            ),
        ),
    )


def slug(name: str) -> str:
    """Return a name as an id: lower case, æøå spelt out, hyphens between words."""
    words = "".join(c if c.isalnum() else " " for c in name.lower()).split()
    return "-".join(fold(w) for w in words)


def match_statements(
    tables: Tables, statements: Iterable[Indicator], catalogue: Catalogue | None = None
) -> tuple[Tables, list[Note]]:
    """Return the answers with each statement's id, and notes on reworded and unknown ones.

    A statement is matched by id, text or alias; case, blanks and end punctuation do not matter. Of
    those in the catalogue that are not among the statements it is said that they are known.
    """
    frame = tables.get("praksis")
    if frame is None:
        return tables, []
    ids, reworded = _names(statements)
    found = {text: fold(text) for text in frame["udsagn"].unique().to_list()}
    known = {text: ids.get(key) or reworded.get(key) for text, key in found.items()}
    by_alias = sorted(
        {reworded[key] for key in found.values() if key not in ids and key in reworded}
    )
    unmatched = sorted(text for text, match in known.items() if match is None)
    unmeasured, unknown = _unmeasured(unmatched, catalogue)
    matched = frame.with_columns(pl.col("udsagn").replace_strict(known, return_dtype=pl.String()))
    sheet = tables.sources["praksis"].sheet
    once, twice = _one_answer_each(matched)
    notes = _match_notes(by_alias, unknown, sheet) + _twice_notes(twice, sheet)
    notes += [Note("info", said, sheet, column="udsagn") for said in unmeasured]
    return tables.with_frames({"praksis": once}), notes


def _names(statements: Iterable[Indicator]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the ids of statements by what they are called, and by what they may be called."""
    ids: dict[str, str] = {}
    reworded: dict[str, str] = {}
    for s in statements:
        assert s.statement is not None
        ids |= {fold(s.id): s.id, fold(s.statement.da): s.id, fold(s.statement.en): s.id}
        reworded |= {fold(a): s.id for a in s.aliases}
    return ids, reworded


def _unmeasured(
    found: Sequence[str], catalogue: Catalogue | None
) -> tuple[list[Texts], Sequence[str]]:
    """Return what to say of known statements that are not measured, and those nobody knows."""
    if catalogue is None:
        return [], found
    others = {i.id: i for i in (*catalogue.rest, *catalogue.retired) if i.kind == "practice"}
    ids, reworded = _names(others.values())
    names = reworded | ids
    known = {t: names.get(fold(t)) for t in found}
    named = dict.fromkeys(name for name in known.values() if name)
    said = [not_measured(others[name], catalogue) for name in named]
    return said, [t for t, name in known.items() if name is None]


def _one_answer_each(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return one answer per respondent and statement, and the answers that were left out.

    Two wordings of one statement answered alike count once; answered differently, not at all.
    """
    keys = ["udsagn", "respondent"]
    known = pl.col("udsagn").is_not_null()
    clash = known & (pl.struct("score", "ved_ikke").n_unique().over(keys) > 1)
    again = known & ~pl.struct(keys).is_first_distinct()
    return frame.filter(~clash & ~again), frame.filter(clash | again)


def _twice_notes(twice: pl.DataFrame, sheet: str) -> list[Note]:
    if twice.is_empty():
        return []
    return [
        Note(
            "warning",
            Texts(
                f"{twice.height} svar gentager et udsagn, som samme respondent har svaret på. Ens "
                "svar tæller én gang; forskellige tæller ikke.",
                f"{twice.height} answers repeat a statement the same respondent has answered. "
                "Equal answers count once; different ones do not count.",
            ),
            sheet,
            f"A{twice['raekke'][0]}",
            "udsagn",
        )
    ]


def _match_notes(by_alias: Sequence[str], unknown: Sequence[str], sheet: str) -> list[Note]:
    notes = []
    if standard := [s for s in by_alias if not s.startswith("eget-")]:
        notes.append(
            Note(
                "info",
                Texts(
                    f"{len(standard)} udsagn er stillet med en anden ordlyd end standarden. "
                    "Svarene er brugt, men ligner ikke helt andres.",
                    f"{len(standard)} statements were asked in other words than the standard. "
                    "The answers are used but are not quite like others'.",
                ),
                sheet,
                column="udsagn",
            )
        )
    if unknown:
        listed = ", ".join(f"«{u[:60]}»" for u in unknown[:5])
        notes.append(
            Note(
                "warning",
                Texts(
                    f"Udsagn, der ikke kendes, er ikke brugt: {listed}. "
                    "Skriv dem på arket Udsagn, hvis de er kommunens egne.",
                    f"Unknown statements were not used: {listed}. "
                    "Put them on the sheet Udsagn if they are your own.",
                ),
                sheet,
                column="udsagn",
            )
        )
    return notes
