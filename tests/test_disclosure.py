"""Nobody can work out what is withheld from all that is published together."""

from __future__ import annotations

import unittest
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import openpyxl
import pytest

import oracle
from attacker import (
    Known,
    Structure,
    learned,
    made,
    of_both,
    of_finished_years,
    recovered,
    reviewed,
    sensitive,
    together,
)
from running import EXAMPLES
from styring.find.since import since_part
from styring.review import Review


@dataclass(frozen=True)
class Attacked:
    """A municipality's figures: all of them, what is published, and without the second step."""

    name: str
    truth: Known
    told: Known
    first: Known


@pytest.fixture(scope="module")
def attacked() -> Sequence[Attacked]:
    """The example municipalities, and the workbooks written by others where they are there."""
    books = sorted(EXAMPLES.glob("*.xlsx"))
    with suppress(unittest.SkipTest):  # the examples alone are enough to learn from
        books += sorted((oracle.shared() / "workbooks").glob("*.xlsx"))
    return [of_workbook(book) for book in books]


def of_workbook(book: Path) -> Attacked:
    return Attacked(
        f"{book.parent.name}/{book.stem}",
        truth=reviewed(book, primary=False, secondary=False),
        told=reviewed(book, primary=True, secondary=True),
        first=reviewed(book, primary=True, secondary=False),
    )


@pytest.fixture(scope="module")
def structure(attacked: Sequence[Attacked]) -> Structure:
    """What hangs together, learned from all municipalities laid open."""
    return learned([a.truth for a in attacked])


def test_the_attacker_knows_much(structure: Structure) -> None:
    """Else it proves nothing that it finds nothing."""
    assert len(structure.sums) >= 25
    assert len(structure.products) >= 300
    assert len(structure.equal) - len(set(structure.equal.values())) >= 200


def test_nothing_withheld_can_be_recovered(
    attacked: Sequence[Attacked], structure: Structure
) -> None:
    found = [
        f"{a.name}: {' / '.join(path)} = {value}"
        for a in attacked
        for path, value in recovered(a.told, a.truth, structure).items()
        if path in sensitive(a.first, a.truth, structure)
    ]
    assert not found, "\n".join(found)


def test_the_same_attacker_does_recover_some_where_only_small_numbers_are_withheld(
    attacked: Sequence[Attacked], structure: Structure
) -> None:
    """In every municipality: what gives them away must be withheld too."""
    for a in attacked:
        secrets = sensitive(a.first, a.truth, structure)
        assert len(secrets) > 100, a.name
        assert secrets & set(recovered(a.first, a.truth, structure)), a.name


def test_an_earlier_review_gives_nothing_away(structure: Structure) -> None:
    """The finished years stand in the review of June and in that of September: both are known."""
    for name in ("syddjurs", "ikast-brande", "odder"):
        book = EXAMPLES / f"{name}.xlsx"
        now = of_workbook(book)
        june = reviewed(book, primary=True, secondary=True, as_of=date(2025, 6, 30))
        earlier = of_finished_years(june, 2024)
        assert len(earlier) > 300
        both = {**now.told, **{p: v for p, v in earlier.items() if v is not None}}
        secrets = sensitive(now.first, now.truth, structure)
        found = {p: v for p, v in recovered(both, now.truth, structure).items() if p in secrets}
        more = {p: v for p, v in both.items() if p in secrets and v is not None}
        assert not found | more, f"{name}: {found | more}"


# --- Two reviews of one municipality ------------------------------------------------------------

TWICE = ("syddjurs", "ikast-brande", "favrskov")
LEARNED_FROM = (*TWICE, "odder", "norddjurs", "hedensted")


@dataclass(frozen=True)
class Twice:
    """A municipality reviewed twice, as `Attacked`, and the two reviews that are published."""

    name: str
    truth: Known
    told: Known
    first: Known
    old: Review
    new: Review


@pytest.fixture(scope="module")
def books_before(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The workbooks of an earlier day, when every ninth citizen was not yet entered."""
    folder = tmp_path_factory.mktemp("foer")
    return {n: without_some(EXAMPLES / f"{n}.xlsx", folder / f"{n}.xlsx") for n in LEARNED_FROM}


def without_some(book: Path, to: Path) -> Path:
    workbook = openpyxl.load_workbook(book)
    sheet = workbook["Sager"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(n for n, row in enumerate(rows) if "borger_id" in row)
    at = rows[head].index("borger_id")
    citizens = sorted({str(row[at]) for row in rows[head + 1 :]})
    gone = set(citizens[::9])
    sheet.delete_rows(head + 2, len(rows))
    for row in rows[head + 1 :]:
        if str(row[at]) not in gone:
            sheet.append(row)
    workbook.save(to)
    return to


@pytest.fixture(scope="module")
def twice(books_before: dict[str, Path]) -> Sequence[Twice]:
    return [twice_reviewed(n, books_before[n]) for n in TWICE]


def twice_reviewed(name: str, before: Path) -> Twice:
    ways = {"truth": (False, False), "told": (True, True), "first": (True, False)}
    pairs = {
        way: [made(book, primary=p, secondary=s) for book in (before, EXAMPLES / f"{name}.xlsx")]
        for way, (p, s) in ways.items()
    }
    known = {way: together(old, new) for way, (old, new) in pairs.items()}
    old, new = pairs["told"]
    return Twice(name, known["truth"], known["told"], known["first"], old, new)


@pytest.fixture(scope="module")
def structure_of_both(
    structure: Structure, twice: Sequence[Twice], books_before: dict[str, Path]
) -> Structure:
    """What hangs together in one review, and from one to the other."""
    more = [
        together(
            *(made(b, primary=False, secondary=False) for b in (before, EXAMPLES / before.name))
        )
        for name, before in books_before.items()
        if name not in TWICE
    ]
    return of_both(structure, [*(t.truth for t in twice), *more])


def test_the_attacker_knows_how_two_reviews_hang_together(
    structure: Structure, structure_of_both: Structure
) -> None:
    """What stands in both, and that a figure is what it was and what moved it."""
    across = len(structure_of_both.sums) - 2 * len(structure.sums)
    moves = [t for t, ps in structure_of_both.sums if any(p[0] == "since" for p in ps)]
    assert across > 200
    assert len(moves) > 5


def test_the_small_numbers_of_the_two_reviews_differ(twice: Sequence[Twice]) -> None:
    """Else it proves nothing: withheld in both or in one, and not the same."""
    for t in twice:
        sides = [(("then", *p[1:]), p) for p in t.truth if p[0] == "now"]
        moved = [
            (then, now) for then, now in sides
            if None not in (t.truth.get(then), t.truth[now]) and t.truth[then] != t.truth[now]
        ]  # fmt: skip
        withheld = [[t.told.get(p) is None for p in pair] for pair in moved]
        assert withheld.count([True, True]) > 50, t.name
        assert withheld.count([True, False]) + withheld.count([False, True]) > 5, t.name


def test_two_reviews_together_give_nothing_away(
    twice: Sequence[Twice], structure_of_both: Structure
) -> None:
    """Not even with what the later one says of what moved."""
    found = [
        f"{t.name}: {' / '.join(path)} = {value}"
        for t in twice
        for path, value in recovered(t.told, t.truth, structure_of_both).items()
        if path in sensitive(t.first, t.truth, structure_of_both)
    ]
    assert not found, "\n".join(found)


def test_two_reviews_give_some_away_where_only_small_numbers_are_withheld(
    twice: Sequence[Twice], structure_of_both: Structure
) -> None:
    for t in twice[:2]:
        secrets = sensitive(t.first, t.truth, structure_of_both)
        found = set(recovered(t.first, t.truth, structure_of_both)) & secrets
        assert {p[0] for p in found} >= {"then", "now"}, t.name


def test_of_a_figure_withheld_in_either_review_nothing_is_said(twice: Sequence[Twice]) -> None:
    """No split, no points, and no digit in a sentence."""
    hidden = 0
    for t in twice:
        part = since_part([t.old], t.new)
        assert part is not None
        for i in part.indicators:
            either = [r.indicator(i.id) for r in (t.old, t.new)]
            if any(x is not None and x.absence == "suppressed" for x in either):
                hidden += 1
                assert i.withheld
                numbers = (i.figure_split, i.points_then, i.points_now, i.points_split)
                assert numbers == (None,) * 4
                said = (i.then, i.now, i.figure_text, i.points_text)
                assert not any(c.isdigit() for s in said for c in s.da + s.en)
        for a in part.actions:
            either = [r.indicator(a.indicator or "") for r in (t.old, t.new)]
            if any(x is not None and x.absence == "suppressed" for x in either):
                assert (a.then, a.now, a.reach) == (None,) * 3
    assert hidden > 0


# --- The attacker itself ------------------------------------------------------------------------

TOTAL, ONE, OTHER, THIRD = (("t", n, "x") for n in ("alle", "alle a", "alle b", "alle c"))
SUM = Structure({}, [(TOTAL, (ONE, OTHER, THIRD))], [])
TRUTH: Known = {TOTAL: 10.0, ONE: 1.0, OTHER: 3.0, THIRD: 6.0}


@pytest.mark.parametrize(
    ("told", "found"),
    [
        ({TOTAL: 10.0, OTHER: 3.0, THIRD: 6.0}, {ONE: 1.0}),  # 10 - 3 - 6
        ({TOTAL: 10.0, THIRD: 6.0}, {}),  # 4 may be 1 + 3, 2 + 2, ...
        ({OTHER: 3.0, ONE: 1.0, THIRD: 6.0}, {TOTAL: 10.0}),
        ({TOTAL: 10.0}, {}),
    ],
)
def test_what_a_sum_gives_away(told: Known, found: Known) -> None:
    assert recovered(told, TRUTH, SUM) == found


def test_two_sums_together_give_away_what_neither_does() -> None:
    """A + b = 4 and b + c = 9, and a + b + c = 10: so b = 3."""
    first, second = ("u", "ab", "x"), ("u", "bc", "x")
    both = Structure({}, [*SUM.sums, (first, (ONE, OTHER)), (second, (OTHER, THIRD))], [])
    truth = TRUTH | {first: 4.0, second: 9.0}
    assert recovered({TOTAL: 10.0, first: 4.0, second: 9.0}, truth, both) == {
        ONE: 1.0, OTHER: 3.0, THIRD: 6.0,
    }  # fmt: skip


def test_a_price_gives_away_the_persons() -> None:
    """600 kr. at 200 each are three."""
    price, cost, persons = ("l", "price"), ("l", "cost"), ("l", "persons")
    ratio = Structure({}, [], [(price, cost, persons, 1.0)])
    truth: Known = {price: 200.0, cost: 600.0, persons: 3.0}
    told: Known = {price: 200.0, cost: 600.0}
    assert recovered(told, truth, ratio) == {persons: 3.0}
    without: Known = {cost: 600.0}
    assert recovered(without, truth, ratio) == {}


def test_the_same_figure_in_another_place_gives_it_away() -> None:
    here, there = ("a", "x"), ("b", "x")
    same = Structure({here: here, there: here}, [], [])
    truth: Known = {here: 3.0, there: 3.0}
    assert recovered({there: 3.0}, truth, same) == {here: 3.0}
    assert sensitive({there: 3.0}, truth, same) == set()
    assert sensitive({}, truth, same) == {here, there}


def test_what_hangs_together_is_learned_and_chance_is_not() -> None:
    """A sum, an equality and a ratio that hold with many values; not one that holds with few."""
    rows = [(3, 5, 2), (4, 9, 2), (5, 2, 2), (8, 1, 2), (6, 7, 2)]
    open_: list[Known] = [
        {
            TOTAL: float(a + b), ONE: float(a), OTHER: float(b), ("w", "x"): float(a),
            ("r", "top"): float(a), ("r", "under"): float(b), ("r", "share"): 100.0 * a / b,
            ("k", "x"): float(c), ("m", "x"): float(c),
        }
        for a, b, c in rows
    ]  # fmt: skip
    found = learned(open_)
    assert (TOTAL, (ONE, OTHER)) in found.sums
    assert found.equal["w", "x"] == found.equal[ONE]
    ratio = next(p for p in found.products if p[0][-1] == "share" and p[1][-1] == "top")
    assert ratio[2] == ("r", "under")
    assert ratio[3] == pytest.approx(100.0)
    assert ("k", "x") not in found.equal
