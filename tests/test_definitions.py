"""The definitions that come with styring: what is there, that it holds, and that its cases bite."""

from __future__ import annotations

import pytest

import mutants
from styring.check import check_folder
from styring.check.cases import prove
from styring.definitions import Definition, load_definitions, load_facts, load_spec

FOUND, _ = load_definitions(mutants.INDICATORS)
BY_ID = {d.indicator.id: d for d in FOUND}
CENTRES = {
    "strategisk-politisk": (
        "tillaegsbevilling-andel", "investeringer-andel", "mix-uden-for-botilbud",
        "differentiering", "koebsandel", "maalopfyldelse",
    ),
    "oekonomisk-finansiel": (
        "budgetafvigelse-oprindelig", "budgetafvigelse-korrigeret", "budgetoverholdelse-aar",
        "prognosefejl", "prognosestabilitet", "forbrugsprocent-gab", "budget-realisme",
        "udgift-pr-18-64-aarig", "realvaekst-udgift", "forventet-ud-fra-sager", "prisspredning",
        "dyre-sager-1m", "dyre-sager-2m", "belaegning", "afstemning-sag-oekonomi",
        *(f"{kind}-{p}" for kind in ("enhedsudgift", "bevilget-pris")
          for p in ("85", "103", "104", "107", "108")),
    ),
    "socialfaglig": (
        "brugerandel-botilbud", "brugerandel-bostoette", "sagsbehandlingstid",
        "opfoelgning-rettidig", "handleplan-daekning", "nettotilgang", "overgang-18-plan",
        "omgoerelsesprocent", "beslutning-egenkompetence",
    ),
}  # fmt: skip
"""What a review measures at least, by steering centre."""

ORGANISING, ECONOMY, PRACTICE = "organisering", "oekonomi", "faglig"
INFORMATION, STRATEGY = "ledelsesinformation", "strategi"
ALL, SOCIAL, MONEY = "sammenhaeng", "socialfaglig", "oekonomisk-finansiel"
POLITICAL = "strategisk-politisk"
STATEMENTS = {
    "opgaver-ansvar": (ALL, ORGANISING), "beslutningskompetence": (SOCIAL, ORGANISING),
    "leder-oekonomi": (MONEY, ORGANISING), "tid-til-opfoelgning": (SOCIAL, PRACTICE),
    "overgang-barn-voksen": (SOCIAL, ORGANISING), "barn-voksen-samarbejde": (SOCIAL, ORGANISING),
    "myndighed-udfoerer": (SOCIAL, ORGANISING), "psykiatri": (SOCIAL, ORGANISING),
    "visitation-arbejdsgang": (SOCIAL, PRACTICE), "indsatsmaal-i-opfoelgning": (SOCIAL, PRACTICE),
    "flere-tilbud-sammenlignes": (SOCIAL, PRACTICE), "pris-forhandles": (MONEY, ECONOMY),
    "pris-kendt-ved-valg": (ALL, PRACTICE), "budget-antal-pris": (MONEY, ECONOMY),
    "investeringer-i-budget": (POLITICAL, STRATEGY), "afvigelser-forklares": (ALL, ECONOMY),
    "maanedligt-billede": (MONEY, INFORMATION), "politiske-maal": (POLITICAL, STRATEGY),
    "prognoser-til-at-stole-paa": (MONEY, INFORMATION), "borgernes-maal": (SOCIAL, INFORMATION),
    "udvalgets-opfoelgning": (POLITICAL, INFORMATION), "handling-ved-afvigelse": (ALL, ECONOMY),
    "serviceniveau-i-visitationen": (POLITICAL, STRATEGY),
    "tilbudsvifte-plan": (POLITICAL, STRATEGY),
}  # fmt: skip
"""The standard statements: the centre and the dimension each belongs in."""
CONTEXT = ("differentiering", "mix-uden-for-botilbud", "koebsandel", "prisspredning",
           "udgift-pr-18-64-aarig", "brugerandel-botilbud", "handleplan-daekning",
           *(i for i in BY_ID if i.startswith(("enhedsudgift-", "bevilget-pris-"))))  # fmt: skip


def test_the_catalogue_breaks_no_rule() -> None:
    """Not even one that is only a warning; and the check saw all of it."""
    checked = check_folder(mutants.INDICATORS)
    assert [str(p) for p in checked.problems] == []
    assert len(checked.definitions) == len(FOUND) >= 90
    assert checked.cases == sum(len(d.indicator.test) for d in FOUND)


def test_the_core_set_is_what_a_review_measures_by_default() -> None:
    """Between forty and forty-five definitions, the legal quality among them."""
    core = {i for i, d in BY_ID.items() if d.indicator.status == "core"}
    assert 40 <= len(core) <= 45
    assert core >= {
        "sagsbehandlingstid", "ventetid-ivaerksaettelse", "opfoelgning-rettidig",
        "handleplan-daekning", "omgoerelsesprocent",
    }  # fmt: skip


@pytest.mark.parametrize(("centre", "ids"), CENTRES.items())
def test_a_centre_has_the_indicators_a_review_needs(centre: str, ids: tuple[str, ...]) -> None:
    """Each under its own centre."""
    assert {i: BY_ID[i].indicator.centre for i in ids} == dict.fromkeys(ids, centre)


def test_the_standard_statements_are_indicators_of_their_centre_and_dimension() -> None:
    """Twenty-four, all of them in the core set; every statement has levels 1, 3 and 5 described."""
    asked = {d.indicator.id: d.indicator for d in FOUND if d.indicator.kind == "practice"}
    core = {i: (p.centre, p.dimension) for i, p in asked.items() if p.status == "core"}
    assert core == STATEMENTS
    assert [i for i, p in asked.items() if not {"1", "3", "5"} <= set(p.levels)] == []


def test_cost_mix_and_spread_are_compared_and_never_scored() -> None:
    """Many reasons lie behind them, so they are no marks."""
    assert {i: BY_ID[i].indicator.better for i in CONTEXT} == dict.fromkeys(CONTEXT, "context")


@pytest.mark.parametrize("definition", FOUND, ids=lambda d: d.indicator.id)
def test_a_definitions_worked_cases_hold(definition: Definition) -> None:
    """At least three, computed by hand."""
    cases = definition.indicator.test
    assert len(cases) >= 3
    assert [m for case in cases for m in prove(definition.indicator, case)] == []


@pytest.mark.parametrize("definition", FOUND, ids=lambda d: d.indicator.id)
def test_a_wrong_definition_breaks_one_of_its_cases(definition: Definition) -> None:
    """Another condition, aggregate, period, age, window or form does not go unnoticed."""
    assert next(mutants.mutants(definition.indicator), None) is not None
    assert mutants.survivors(definition.indicator) == []


def test_decision_levels_are_those_a_workbook_may_hold() -> None:
    """The shelf ranks them, lowest first; the sheet Sager knows them by the same names."""
    sager = load_spec()["sager"]
    column = next(c for c in sager.column if c.id == "bevilget_niveau")
    levels = load_facts().decision_level
    assert [x.id for x in levels] == list(column.values)
    assert [x.rank for x in levels] == sorted({x.rank for x in levels})
