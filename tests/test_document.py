"""What Word and PDF say: what moved since last time, what became of the plan, what is behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import docx
import polars as pl
import pytest

from running import PEERS, SYDDJURS, styring_in_process
from styring.definitions import desk, load_catalogue, load_spec
from styring.errors import LANGS, Lang, Texts, texts
from styring.formats.content import document
from styring.formats.document import Document, Figure, Paragraph, Section, Table
from styring.formats.telling import NO_BREAK, bound
from styring.formats.words import load_words
from styring.pipeline import Choices
from styring.pipeline import review as make
from styring.review import (
    KeptAction,
    Review,
    SinceAction,
    SinceCentre,
    SinceIndicator,
    SincePart,
    Split,
    TrendPoint,
)

TEMPLATES = desk("templates") / "review"
ID = "opfoelgning-rettidig"


@cache
def made() -> Review:
    """Return a real review."""
    return make(SYDDJURS, Choices(peers=PEERS))


def told(lang: Lang = "da", **changes: object) -> Document:
    """Return what is said of a review with other parts."""
    return document(made().model_copy(update=changes), TEMPLATES, lang)


def section(doc: Document, title: str) -> Section:
    """Return a section of a document."""
    return next(s for s in doc.sections if s.title == title)


def table(part: Section, caption: str) -> Table:
    """Return a table of a section by its caption."""
    found = next(b for b in part.blocks if isinstance(b, Table) and b.caption == caption)
    rows = (tuple(cell.replace(NO_BREAK, " ") for cell in row) for row in found.rows)
    return replace(found, rows=tuple(rows))


def lines(part: Section) -> list[str]:
    """Return the paragraphs of a section."""
    return [b.text.replace(NO_BREAK, " ") for b in part.blocks if isinstance(b, Paragraph)]


def moved(n: int, points: float | None) -> SinceIndicator:
    """Return a figure whose points moved so much."""
    now = None if points is None else points
    return SinceIndicator(
        id=f"tal-{n}", centre="socialfaglig", title=texts(f"Tal {n}"), period_then="2023",
        period_now="2024", then=texts("1"), now=texts("2"), withheld=False,
        figure_split=Split(data=1.0), points_then=None if points is None else 0.0, points_now=now,
        points_split=None if points is None else Split(data=points),
        figure_text=texts("+1 (data)"), points_text=texts("x"),
    )  # fmt: skip


def since(**changes: object) -> SincePart:
    """Return two reviews set against each other."""
    part = SincePart(kind="time", then=texts("a"), now=texts("b"), text=texts("Sammenlignet."))
    return part.model_copy(update=changes)


def centre(split: Split | None) -> SinceCentre:
    """Return a centre that went from 40 points."""
    now = None if split is None else 40 + split.total
    return SinceCentre(
        id="socialfaglig", title=texts("Faglig"), then=None if split is None else 40.0, now=now,
        split=split, text=texts("Ikke bedømt i begge."),
    )  # fmt: skip


@pytest.mark.parametrize("lang", LANGS)
def test_without_an_earlier_review_nothing_is_said_of_it(lang: Lang) -> None:
    titles = [s.title for s in told(lang).sections]
    assert not {"Siden sidst", "Since last time"} & set(titles)


def test_a_centres_move_is_told_with_its_parts() -> None:
    """40 + 3.5 − 0.4 = 43.1, a move of 3.1; what did not move it is not named."""
    some = (centre(Split(data=3.5, definition=-0.4)), centre(Split()), centre(None))
    doc = told(since=since(centres=some))
    assert doc.sections[1].title == "Siden sidst"
    rows = table(doc.sections[1], "Centrenes point sidst og nu").rows
    assert rows == (
        ("Faglig", "40,0", "43,1", "+3,1", "data +3,5, definition −0,4"),
        ("Faglig", "40,0", "40,0", "0,0", "–"),
        ("Faglig", "–", "–", "–", "Ikke bedømt i begge."),
    )
    assert "Ingen tal har flyttet sig." in lines(doc.sections[1])


def test_the_figures_whose_points_moved_most_are_named_and_the_rest_counted() -> None:
    """Of fifteen moves of −1 to −15 points and one without points, twelve are named: −15 to −4."""
    some = (moved(0, None), *(moved(n, -float(n)) for n in range(1, 16)))
    part = told(since=since(centres=(centre(Split()),), indicators=some)).sections[1]
    rows = table(part, "Tal, der har flyttet sig").rows
    assert [r[0] for r in rows] == [f"Tal {n}" for n in range(15, 3, -1)]
    assert rows[0][4] == "0 → −15"
    assert any(line.endswith("har flyttet sig: 4.") for line in lines(part))


def test_a_figure_without_points_has_a_dash_for_them() -> None:
    part = told(since=since(centres=(centre(Split()),), indicators=(moved(0, None),))).sections[1]
    assert table(part, "Tal, der har flyttet sig").rows[0][4] == "–"
    assert not any("Andre tal" in line for line in lines(part))


def test_an_action_is_told_with_its_figure_and_how_far_it_came() -> None:
    done = SinceAction(
        title=texts("Følg op."), source="proposed", indicator=ID, status="i gang", done=False,
        then=texts("44,3 pct."), now=texts("48,8 pct."), target=texts("90,0 pct."), reach="nearer",
        text=texts(""),
    )  # fmt: skip
    own = done.model_copy(
        update={"source": "own", "status": None, "then": None, "now": None, "target": None,
                "reach": None}
    )  # fmt: skip
    part = told(since=since(actions=(done, own))).sections[1]
    assert table(part, "Foreslået sidst").rows == (
        ("Følg op.", "i gang", "44,3 pct.", "48,8 pct.", "90,0 pct.", "nærmere"),
    )
    assert table(part, "Kommunens egne").rows == (("Følg op.", "–", "–", "–", "–", "–"),)


def test_a_trend_is_shown_from_three_reviews() -> None:
    """Two are in the table of the centres already."""
    points = [
        TrendPoint(as_of=date(2025, n, 1), told={"socialfaglig": 40.0 + n}, alike={})
        for n in (3, 6, 9)
    ]
    two, three = (
        told(since=since(centres=(centre(Split()),), trend=tuple(points[:n]))).sections[1]
        for n in (2, 3)
    )
    captions = [b.caption for b in two.blocks if isinstance(b, Table)]
    assert "Centrenes point over tid" not in captions
    rows = table(three, "Centrenes point over tid").rows
    assert [r[0] for r in rows] == ["1.3.2025", "1.6.2025", "1.9.2025"]
    assert [r[3] for r in rows] == ["43", "46", "49"]


def test_the_plan_says_what_is_kept_beside_an_action() -> None:
    """Its own deadline, status and who is in charge, its own actions; a note stays in the sheet."""
    kept = (
        KeptAction(
            id=ID, title="x", status="i gang", owner="Myndighedsleder", deadline=date(2026, 3, 1)
        ),
        KeptAction(id="egen-1", title="Fælles møde", status="gennemført", note="Holdt"),
        KeptAction(id="egen-2", title=""),
    )
    plan = section(told(kept=kept), "2. Handleplan")
    row = table(plan, "Handleplan").rows[0]
    assert made().actions[0].indicator == ID
    assert row[4].endswith("Ansvarlig: Myndighedsleder")
    assert row[6] == "1.3.2026; i gang"
    assert table(plan, "Handleplan").columns[6].header == "Frist og status"
    assert table(plan, "Kommunens egne handlinger").rows == (
        ("Fælles møde", "–", "–", "gennemført"),
    )


def test_the_plan_says_how_it_is_ordered_and_what_overlaps() -> None:
    """The reckoning of the points, overlaps by their number, the first step by its day."""
    plan = section(told(), "2. Handleplan")
    rows, actions = table(plan, "Handleplan").rows, made().actions
    assert table(plan, "Handleplan").columns[6].header == "Frist"
    for row, a in zip(rows, actions, strict=True):
        assert a.points_text is not None
        assert row[8] == a.points_text.da
        ranks = [str(b.rank) for b in actions if b.indicator in a.overlaps]
        assert ("som nr." in row[3]) is bool(ranks)
        assert all(n in row[3].partition("som nr.")[2] for n in ranks)
        assert a.first_step_by is None or row[5].startswith("Senest ")
    assert lines(plan)[0] == made().plan_text.da  # type: ignore[union-attr]


def test_an_older_review_without_the_new_fields_is_still_told() -> None:
    old = [
        a.model_copy(update={"points_text": None, "overlaps": (), "first_step_by": None})
        for a in made().actions
    ]
    plan = section(told(actions=tuple(old), plan_text=None), "2. Handleplan")
    assert lines(plan) == ["Ordnet efter point. Beløb, der overlapper, er ikke lagt sammen."]
    assert {r[8] for r in table(plan, "Handleplan").rows} == {"–"}
    assert not any("som nr." in r[3] for r in table(plan, "Handleplan").rows)


def test_a_picture_stands_with_its_text() -> None:
    """What support costs, the range of services and the funnels: a heading, a text, a picture."""
    for lang, names in {
        "da": ("Hvad borgernes støtte koster om året", "Tal efter størrelse"),
        "en": ("What the citizens' support costs a year", "Figures by size"),
    }.items():
        blocks = [b for s in told(lang).sections for b in s.blocks]  # type: ignore[arg-type]
        heads = [n for n, b in enumerate(blocks) if b.kind == "heading"]
        for name in names:
            at = next(n for n in heads if getattr(blocks[n], "text", "").startswith(name))
            assert isinstance(blocks[at + 1], Paragraph), name
            following = next(b for b in blocks[at + 1 :] if not isinstance(b, Paragraph))
            assert isinstance(following, Figure), name


@pytest.mark.parametrize(
    ("plain", "held"),
    [
        ("81,0 mio. kr. om året", "81,0~mio.~kr. om året"),
        ("97 t. kr. for § 108", "97~t. kr. for §~108"),
        ("+DKK 3.1m, 4,2 pct.", "+DKK~3.1m, 4,2~pct."),
        ("kr. 5 og pct. 4, §§ efter", "kr. 5 og pct. 4, §§ efter"),
    ],
)
def test_a_figure_is_not_parted_from_its_unit(plain: str, held: str) -> None:
    assert bound(plain) == held.replace("~", NO_BREAK)


def test_a_sentence_with_its_source_keeps_the_stops_of_its_words() -> None:
    """`154,8 mio. kr.` at the end of a sentence keeps its stop before the number of the figure."""
    said = lines(told().sections[1])
    sourced = [x for x in said if "(tal nr." in x]
    assert any("pct. (tal nr. " in x for x in sourced)
    rows = table(section(told(), "2. Handleplan"), "Handleplan").rows
    assert any("mio. kr. (tal nr. 12)." in r[2] for r in rows)
    assert not any("kr (tal" in x or "pct (tal" in x for x in (*said, *(r[2] for r in rows)))


def test_a_reckoning_breaks_only_before_what_it_comes_to() -> None:
    plan = section(told(), "2. Handleplan")
    rows = next(b for b in plan.blocks if isinstance(b, Table)).rows
    assert {r[8].count(" ") for r in rows} == {1}
    assert all(f" ={NO_BREAK}" in r[8] for r in rows)


CONDITIONS = {
    "ejer = 'egen' AND paragraf NOT IN ('85', '95')": Texts(
        "ejer = egen og paragraf ikke blandt (85, 95)",
        "ejer = egen and paragraf not among (85, 95)",
    ),
    "NOT a AND (b IS NOT NULL OR c <= as_of)": Texts(
        "ikke a og (b er udfyldt eller c ≤ opgørelsesdagen)",
        "not a and (b is filled in or c ≤ the as-of date)",
    ),
    "version = 'NOT IN'": Texts("version = NOT IN", "version = NOT IN"),
    "udgift > 1000000": Texts("udgift > 1.000.000", "cost > 1,000,000"),
    "leverandoertype <> 'egen'": Texts("leverandørtype ≠ egen", "leverandørtype ≠ egen"),
    "alder BETWEEN 16 AND 17": Texts("alder mellem 16 og 17", "age between 16 and 17"),
}


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("condition", CONDITIONS)
def test_a_condition_is_told_in_words(condition: str, lang: Lang) -> None:
    """What stands in quotes is the sheet's own and stays."""
    first = next(i for i in made().indicators if i.group is None and i.trace and not i.statement)
    trace = (first.trace[0].model_copy(update={"condition": condition}),)
    changed = first.model_copy(update={"trace": trace})
    all_ = tuple(changed if i is first else i for i in made().indicators)
    appendix = told(lang, indicators=all_).sections[-2]
    rows = next(b for b in appendix.blocks if isinstance(b, Table)).rows
    assert rows[0][5] == CONDITIONS[condition][lang]


def test_every_column_of_a_condition_has_a_name_a_reader_knows() -> None:
    """A header of the workbook, or a word in both languages; no id of the definitions' own."""
    headers = {c.id for s in load_spec().sheet for c in s.column}
    wheres = {
        agg.where
        for i in load_catalogue(None, "all").indicators
        for agg in i.value.aggregates
        if agg.where
    }
    used = {name for w in wheres for name in pl.sql_expr(w).meta.root_names()}
    assert len(used) > 20
    for lang in LANGS:
        assert used - headers <= load_words(TEMPLATES, lang)["condition_words"].keys()


def test_the_command_writes_it(tmp_path: Path) -> None:
    """A review, and the next with `--previous`: Word says what moved."""
    common = ("review", SYDDJURS, "--peers", PEERS, "--format")
    first = styring_in_process(
        *common, "md", "--as-of", "2025-06-30", "--out", "sidst", cwd=tmp_path
    )
    assert first.code == 0, first.err
    ran = styring_in_process(*common, "docx", "--previous", "sidst", "--out", "nu", cwd=tmp_path)
    assert ran.code == 0, ran.err
    word = docx.Document(str(tmp_path / "nu" / "review.docx"))
    said = [p.text for p in word.paragraphs]
    at = said.index("Siden sidst", said.index("Indhold") + 5)
    assert said[at + 1] == "Sammenlignet med gennemgangen pr. 30.6.2025. Denne er pr. 30.9.2025."
    heads = {t.rows[0].cells[-1].text for t in word.tables}
    assert {"Hvad flyttede dem", "Pointenes flytning", "Mod målet"} <= heads
