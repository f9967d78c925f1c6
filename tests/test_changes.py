"""Two catalogues set against each other: what is told, by hand, and that nothing goes untold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from rows import indicator, shipped, steady
from styring import say
from styring.changes import COMPUTED, Changed, changes
from styring.definitions import load_facts
from styring.errors import Texts
from styring.model import Indicator

FACTS = load_facts()
CASES = {"from": "cases", "aggregate": "count", "where": "a", "period": "as_of"}
POSTS = {"method": "goalposts", "worst": 0.5, "best": 1.0}
ONE = {"name": "en sag", "tables": {"sager": [{"paragraf": "85"}]}, "expect": {"2024": 1.0}}
TWO = {**ONE, "name": "to sager"}


def trial(**given_: Any) -> Indicator:
    """Return a scored share of cases, changed in what is given."""
    numerator = {**CASES, **given_.pop("numerator", {})}
    denominator = {**CASES, **given_.pop("denominator", {})}
    plain: dict[str, Any] = {"better": "higher", "scoring": [POSTS, {"method": "peers"}],
                             "test": [ONE]}  # fmt: skip
    return indicator(numerator, denominator, **{**plain, **given_})


def told(**given_: Any) -> Changed:
    """Return what is told of a trial that was changed in what is given."""
    (found,) = changes([trial()], [trial(**given_)], FACTS)
    return found


def danish(**given_: Any) -> list[str]:
    """Return the lines on a change in Danish."""
    return [t.da for t in told(**given_).what]


UNRAISED = "Beregning eller point er ændret, men versionen er stadig 1."


def test_nothing_is_told_where_nothing_changed() -> None:
    """Not of the same catalogue, nor of an empty one."""
    assert changes([trial()], [trial()], FACTS) == ()
    assert changes([], [], FACTS) == ()


def test_what_is_new_and_what_is_gone_is_told_by_title() -> None:
    """In the order of the new catalogue; what is gone comes last."""
    a, b, c, d = (trial(id=x, title={"da": x.upper(), "en": x}, aliases=[x + x]) for x in "abcd")
    b2 = b.model_copy(update={"weight": 3.0})
    found = changes([c, d, b], [b2, a, c], FACTS)
    assert [(f.id, f.kind, f.title.da) for f in found] == [
        ("b", "changed", "B"),
        ("a", "added", "A"),
        ("d", "removed", "D"),
    ]
    assert all(f.what == () for f in found[1:])


@pytest.mark.parametrize(
    ("given_", "lines"),
    [
        ({"numerator": {"where": "b"}}, ["Tæller, betingelse: `a` → `b`", UNRAISED]),
        ({"numerator": {"where": None}}, ["Tæller, betingelse: `a` → intet", UNRAISED]),
        (
            {"denominator": {"period": "whole_year"}},
            [
                "Nævner, periode: tilstanden på opgørelsesdatoen → hele kalenderåret",
                UNRAISED,
            ],
        ),
        (
            {"numerator": {"aggregate": None, "count_unique": "borger_id"}},
            [
                "Tæller, antal forskellige: intet → `borger_id`",
                "Tæller, optælling: antal rækker → intet",
                UNRAISED,
            ],
        ),
        ({"numerator": {"minus": CASES}}, ["Tæller, fradraget er kommet til", UNRAISED]),
        ({"numerator": {"age": [18, 64]}}, ["Tæller, alder: intet → 18–64", UNRAISED]),
        (
            {"form": "relative"},
            ["Form: tæller delt med nævner → (tæller − nævner) / nævner", UNRAISED],
        ),
        ({"multiplier": 10000}, ["Ganges med: 1 → 10.000", UNRAISED]),
        ({"current_only": True}, ["Kun løbende år: nej → ja", UNRAISED]),
        (
            {"scoring": [{**POSTS, "worst": 0.405}, {"method": "peers"}]},
            ["Point, faste grænser, 0 point ved: 50 pct. → 40,5 pct.", UNRAISED],
        ),
        ({"scoring": [POSTS]}, ["Point: andre kommuner er faldet bort", UNRAISED]),
        (
            {"scoring": [{"method": "peers"}, POSTS]},
            ["Point: rækkefølgen er ændret", UNRAISED],
        ),
        ({"weight": 2}, ["Vægt: 1 → 2"]),
        ({"weight": 0.5}, ["Vægt: 1 → 0,5"]),
        ({"target": 0.9}, ["Mål: intet → 90 pct."]),
        ({"materiality": 0.025}, ["Mindste forskel at handle på: intet → 2,5 procentpoint"]),
        ({"status": "retired"}, ["Status: kerne → udgået"]),
        ({"better": "lower"}, ["Retning: højere er bedre → lavere er bedre"]),
        ({"unit": "forhold"}, ["Enhed: pct. → forhold"]),
        ({"dimension": "faglig"}, ["Dimension: Økonomi → Faglig styring"]),
        ({"value_type": "ratio"}, ["Slags tal: intet → forhold mellem to summer"]),
        ({"valid_from": "2018-01-01"}, ["Gælder fra: intet → 1.1.2018"]),
        ({"title": {"da": "Ny", "en": "New"}}, ["Titel: «Prøve» → «Ny»"]),
        ({"description": {"da": "Ny", "en": "New"}}, ["Definitionens tekst er skrevet om"]),
        ({"caveat": {"da": "Ny", "en": "New"}}, ["Forbeholdet er kommet til"]),
        ({"law": ["Serviceloven § 85"]}, ["Lov: «Serviceloven § 85» er kommet til"]),
        ({"read_with": ["x"]}, ["Læs sammen med: `x` er kommet til"]),
        ({"levels": {"3": {"da": "Ny", "en": "New"}}}, ["Trin 3 er kommet til"]),
        ({"test": [ONE, TWO]}, ["Regnede eksempler: «to sager» er kommet til"]),
        (
            {"test": [TWO]},
            [
                "Regnede eksempler: «en sag» er faldet bort",
                "Regnede eksempler: «to sager» er kommet til",
            ],
        ),
        (
            {"test": [{**ONE, "expect": {"2024": 2.0}}]},
            ["Regnede eksempler: «en sag» er ændret"],
        ),
        (
            {"finding": {"weak": {"observation": {"da": "Ny", "en": "New"}}}},
            ["Rapportens tekst, det svage er kommet til"],
        ),
    ],
)
def test_a_change_is_told_in_words(given_: dict[str, Any], lines: list[str]) -> None:
    """With the value before and now; long texts by name only."""
    assert danish(**given_) == lines


def test_a_change_is_told_in_english_too() -> None:
    """With the figures in the English format."""
    found = told(numerator={"where": "b"}, target=0.905, multiplier=10000, version=2)
    assert [t.en for t in found.what] == [
        "Version: 1 → 2",
        "Numerator, condition: `a` → `b`",
        "Multiplied by: 1 → 10,000",
        "Target: none → 90.5%",
    ]


def test_a_raised_version_is_told_with_its_own_words() -> None:
    """Then nothing is said of a version that is still the same."""
    log = [{"version": 2, "date": "2026-02-01", "what": {"da": "Botilbud ude.", "en": "Out."}}]
    found = told(version=2, numerator={"where": "b"}, change=log)
    assert found.version_raised
    assert found.figure_may_move
    assert [t.da for t in found.what] == [
        "Version: 1 → 2",
        "Version 2: Botilbud ude.",
        "Tæller, betingelse: `a` → `b`",
    ]


@pytest.mark.parametrize(
    ("given_", "moves"),
    [
        ({"numerator": {"where": "b"}}, True),
        ({"min_count": 20}, True),
        ({"valid_to": "2024-12-31"}, True),
        ({"scoring": [POSTS]}, False),
        ({"weight": 2}, False),
        ({"caveat": {"da": "Ny", "en": "New"}}, False),
    ],
)
def test_a_figure_moves_only_by_what_it_comes_from(given_: dict[str, Any], *, moves: bool) -> None:
    """Points, weights and texts leave the figure where it is."""
    assert told(**given_).figure_may_move is moves


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({}, {"aliases": ["proeve"]}),
        ({"replaced_by": "nyt-id"}, {"weight": 2}),
        ({}, {}),
    ],
)
def test_a_definition_under_a_new_id_is_renamed(old: dict[str, Any], new: dict[str, Any]) -> None:
    """Told by what replaced it, by an alias, or by being the same in all else."""
    (found,) = changes([trial(**old)], [trial(id="nyt-id", **new)], FACTS)
    assert (found.id, found.kind) == ("nyt-id", "renamed")
    assert found.what[0] == Texts("Id: `proeve` → `nyt-id`", "Id: `proeve` → `nyt-id`")


def test_another_definition_is_no_new_name() -> None:
    """One is gone and one has come."""
    found = changes([trial()], [trial(id="nyt-id", weight=2)], FACTS)
    assert [(f.id, f.kind) for f in found] == [("nyt-id", "added"), ("proeve", "removed")]


def test_two_methods_alike_do_not_hide_a_change() -> None:
    """Where the parts cannot be told apart, it is said that there is a change."""
    double = [POSTS, {**POSTS, "worst": 0.1}]
    other = [{**POSTS, "worst": 0.2}, {**POSTS, "worst": 0.1}]
    (found,) = changes([trial(scoring=double)], [trial(scoring=other)], FACTS)
    assert found.what[0].da == "Point er skrevet om"


# --- every key an author may write ---------------------------------------------------------------


def inner_models(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """Yield the models that stand inside a model, at any depth, each once."""
    seen: set[type[BaseModel]] = set()

    def walk(kind: Any) -> Iterator[type[BaseModel]]:
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            if kind in seen:
                return
            seen.add(kind)
            yield kind
            for f in kind.model_fields.values():
                yield from walk(f.annotation)
        for part in get_args(kind):
            yield from walk(part)

    yield from (m for m in walk(model) if m is not model)


def test_every_key_of_a_definition_has_a_name() -> None:
    """In both languages, and no name without its key."""
    assert set(say._sentences()["field"]) == set(Indicator.model_fields)


def test_every_key_inside_has_a_name() -> None:
    """Of values, aggregates, yardsticks, findings, cases and the log."""
    keys = {k for m in inner_models(Indicator) for k in m.model_fields}
    assert keys == set(say._sentences()["inner"])


def test_the_keys_a_figure_comes_from_are_keys() -> None:
    """A key that is renamed is renamed here too."""
    assert set(Indicator.model_fields) >= COMPUTED


@steady
@given(st.data())
def test_no_change_goes_untold(data: st.DataObject) -> None:
    """Whatever keys of one definition are put in another, each gives a line of its own."""
    every = shipped().indicators
    one, two = (data.draw(st.sampled_from(every)) for _ in range(2))
    keys = data.draw(st.sets(st.sampled_from(sorted(Indicator.model_fields)))) - {"id"}
    mixed = one.model_copy(update={k: getattr(two, k) for k in keys})
    differ = {k for k in keys if getattr(one, k) != getattr(two, k)}
    found = changes([one], [mixed], FACTS)
    assert len(found) == bool(differ)
    for f in found:
        assert f.kind == "changed"
        assert len(f.what) >= len(differ)
        assert f.figure_may_move == bool(differ & COMPUTED)
        for line in f.what:
            for text in (line.da, line.en):
                assert text
                assert not re.search(r"\b(None|nan|Texts|True|False)\b|\{\w+\}", text)


@steady
@given(st.data())
def test_there_and_back_the_same_definitions_are_told(data: st.DataObject) -> None:
    """What is added one way is removed the other."""
    every = shipped().indicators
    ids = st.sets(st.sampled_from([i.id for i in every]))
    first, second = data.draw(ids), data.draw(ids)
    old, new = ([i for i in every if i.id in some] for some in (first, second))
    there, back = changes(old, new, FACTS), changes(new, old, FACTS)
    assert {f.id for f in there if f.kind == "added"} == {f.id for f in back if f.kind == "removed"}
