"""Definitions as pages: every word by hand for a few, and nothing left out for all."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rows import indicator, steady
from styring import model, say
from styring.definitions import desk, load_definitions, load_facts
from styring.errors import LANGS, Lang, Texts
from styring.facts import Facts
from styring.formats.definition import catalogue_page, index_page, page
from styring.formats.formula import age_text, rule, scoring, sheet, smallest, trigger, way
from styring.model import Aggregate, FindingText, Indicator
from styring.text import code

FACTS: Facts = load_facts()
UNITS = {u.id: u for u in FACTS.unit}
ALL = [d.indicator for d in load_definitions(desk("indicators"))[0]]
BY_ID = {i.id: i for i in ALL}
CENTRES = [c.id for c in FACTS.centre]
COUNT = {"from": "cases", "aggregate": "count", "period": "as_of"}
KRONER = {"from": "oekonomi", "sum": "beloeb"}
PERSONS = {"from": "sager", "aggregate": "person_years"}


def said(da: str, en: str) -> dict[str, str]:
    """Return a text in both languages as a definition file holds it."""
    return {"da": da, "en": en}


def whole() -> Indicator:
    """Return a definition with something in every place."""
    sides = {
        "numerator": {"what": said("De fulgte.", "Those followed."),
                      "source": said("Arket Sager", "The sheet Sager")},
        "denominator": {"what": said("Alle.", "All."),
                        "source": said("Arket Sager", "The sheet Sager")},
    }  # fmt: skip
    plain = indicator(
        {**COUNT, "where": "NOT botilbud", "minus": {**COUNT, "where": "x = '|'"}},
        COUNT,
        id="fulgt-op", version=2, status="supplementary", centre="socialfaglig",
        dimension="faglig", better="higher", value_type="proportion", interval="wilson",
        title=said("Fulgt op", "Followed up"), question=said("Følger vi op?", "Do we follow up?"),
        description=said("Sager | fulgt op.", "Cases | followed up."),
        rationale=said("For at vide det.", "In order to know."),
        reading=said("Højt er godt.", "High is good."), caveat=said("Kun sager.", "Only cases."),
        missing=said("Aldrig 0.", "Never 0."),
        materiality=0.025, min_count=10, weight=1.5, target=0.9, tolerance=0.01, age_group="18+",
        scoring=[{"method": "goalposts", "worst": 0.5, "best": 1.0}, {"method": "peers"}],
        law=["Serviceloven § 148"], owner=said("Økonomi", "Finance"),
        valid_from="2018-01-01", aliases=["opfølgning"], by="paragraf",
        read_with=["psykiatri", "findes-ikke"], at_stake={"from": "cases", "sum": "aarspris_nu"},
        finding={"weak": {
            "observation": said("{vaerdi} er fulgt op.\nI {periode}.",
                                "{vaerdi} were followed up.\nIn {periode}."),
            "question": said("Hvorfor?", "Why?"), "recommendation": said("Følg op.", "Follow up."),
            "first_step": said("Se ti sager.", "Look at ten cases."), "effort": "low",
            "lead": "socialfaglig", "join": ["oekonomisk-finansiel"], "target": 0.8}},
        change=[{"version": 1, "date": "2025-01-31", "what": said("Første udgave.", "First.")},
                {"version": 2, "date": "2026-02-01", "what": said("Botilbud ude.", "Without.")}],
        test=[{"name": "to af tre", "tables": {},
               "expect": {"2024": 2 / 3, "2025": "zero_denominator"}}],
    )  # fmt: skip
    return Indicator.model_validate({**plain.model_dump(by_alias=True), **sides})


DANISH = """\
# Fulgt op

`fulgt-op` · version 2 · supplerende · Det socialfaglige styringscenter · Faglig styring

**Følger vi op?**

**Definition.** Sager \\| fulgt op.

**Hvorfor.** For at vide det.

**Sådan læses det.** Højt er godt.

**Forbehold.** Kun sager.

**Når noget mangler.** Aldrig 0.

## Kort fortalt

|  |  |
| --- | --- |
| Enhed | pct., vist med 1 decimal |
| Slags tal | andel |
| Interval | 95 pct., Wilsons metode for andele |
| Retning | højere er bedre |
| Aldersgruppe | 18 år og derover |
| Beregning | Et forhold mellem to summer: tæller og nævner lægges sammen hver for sig og deles \
til sidst. Det er ikke et gennemsnit af forhold. |
| Mindste talgrundlag | 10 borgere; tal, der bygger på færre, vises ikke |
| Mindste forskel at handle på | 2,5 procentpoint |
| Point | Den første målestok, der kan bruges, tæller:<br>1. 0 point ved 50 pct. og 100 point ved \
100 pct., en ret linje imellem<br>2. andelen af de andre kommuner, der står dårligere, og \
halvdelen af dem, der står lige (mindst 5 kommuner) |
| Vægt | 1,5 |
| Mål | 90 pct., nået inden for 1 procentpoint |
| Vises for | tilstanden på opgørelsesdatoen |
| Vises også fordelt på | `paragraf` |
| Lov | Serviceloven § 148: Opfølgning på hjælpen |
| Ejer | Økonomi |
| Kilde | tests |
| Gælder | fra 1.1.2018 |
| Kaldes også | opfølgning |

## Tæller

De fulgte. Kilde: Arket Sager.

- Ark: Sager (én række pr. sag)
- Beregnes som: antal rækker
- Betingelse: `NOT botilbud`
- Periode: tilstanden på opgørelsesdatoen
- Herfra trækkes:
  - Ark: Sager (én række pr. sag)
  - Beregnes som: antal rækker
  - Betingelse: `x = '|'`
  - Periode: tilstanden på opgørelsesdatoen

## Nævner

Alle. Kilde: Arket Sager.

- Ark: Sager (én række pr. sag)
- Beregnes som: antal rækker
- Betingelse: alle rækker
- Periode: tilstanden på opgørelsesdatoen

## Beløb på spil

- Ark: Sager (én række pr. sag)
- Beregnes som: summen af pris pr. år på opgørelsesdatoen
- Betingelse: alle rækker
- Periode: året, det løbende år til opgørelsesdatoen

## Læs sammen med

- [Psykiatri](socialfaglig.md#psykiatri): Prøve
- `findes-ikke`

## Henviser hertil

- [Ældre](sammenhaeng.md#aeldre): Prøve

## Det skriver rapporten

En linje, hvis tal ikke alle er kendt, udelades.

**Svagt.** Skrives, når tallet får under 40 point, og intervallet slutter ved højst 60.

> ‹tallet› er fulgt op.\x20\x20
> I ‹periode›.

- Spørgsmål: Hvorfor?
- Anbefaling: Følg op.
- Første skridt: Se ti sager.
- Handleplan: Ansvaret ligger hos det socialfaglige styringscenter. Med er det \
økonomisk-finansielle styringscenter. Indsatsen er lille, fristen 90 dage. Det virker, når tallet \
er 80 pct.

## Regnede eksempler

Hvert eksempel er nogle få rækker og det tal, de skal give, regnet ud i hånden.

- To af tre – 2024: 66,667 pct.; 2025: intet at dele med

## Ændringer

- Version 2, 1.2.2026: Botilbud ude.
- Version 1, 31.1.2025: Første udgave.
"""


def others() -> dict[str, Indicator]:
    """Return the definition with one it is read with, and one that points to it."""
    beside = indicator(COUNT, id="psykiatri", centre="socialfaglig",
                       title=said("Psykiatri", "Psychiatry"))  # fmt: skip
    behind = indicator(COUNT, id="aeldre", centre="sammenhaeng", read_with=["fulgt-op"],
                       title=said("Ældre", "Older"))  # fmt: skip
    return {i.id: i for i in (whole(), beside, behind)}


def test_a_page_tells_everything_in_danish() -> None:
    """Word by word: each part of a definition, the links there and back."""
    assert page(whole(), others(), FACTS, "da") == DANISH


def test_a_page_tells_the_same_in_english() -> None:
    """With the figures in the English format."""
    text = page(whole(), others(), FACTS, "en")
    for line in (
        (
            "`fulgt-op` · version 2 · supplementary · The professional steering centre · "
            "Professional steering"
        ),
        "| Smallest gap worth acting on | 2.5 percentage points |",
        "| Target | 90%, reached within 1 percentage point |",
        "| Age group | 18 and over |",
        "| Weight | 1.5 |",
        "| Valid | from 1 January 2018 |",
        "Those followed. Source: The sheet Sager.",
        "- Computed as: the number of rows",
        "- From this is subtracted:",
        "- [Older](sammenhaeng.md#aeldre): Trial",
        "> ‹the figure› were followed up.  ",
        (
            "- Action plan: Responsible: the professional steering centre. Taking part: the "
            "economic-financial steering centre. The effort is small, the deadline 90 days. "
            "It works when the figure is 80%."
        ),
        "- To af tre – 2024: 66.667%; 2025: nothing to divide by",
        "- Version 2, 1 February 2026: Without.",
    ):
        assert line in text.splitlines()
    assert text.count("\n") == DANISH.count("\n")


def test_what_a_definition_does_not_say_is_left_out() -> None:
    """No empty rows or headings where texts, law, cases and findings are missing."""
    text = page(indicator(KRONER, unit="kr."), {}, FACTS, "da")
    rows = re.findall(r"^\| ([A-ZÆØÅ][^|]+) \|", text, re.MULTILINE)
    assert rows == ["Enhed", "Interval", "Retning", "Beregning", "Mindste talgrundlag", "Point",
                    "Vises for", "Kilde"]  # fmt: skip
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Kort fortalt", "Tallet"]
    assert "| Mindste talgrundlag | ingen grænse |" in text
    assert "| Point | ingen point: tallet sammenlignes og forklares |" in text


def test_a_statement_shows_its_wording_and_its_steps() -> None:
    """Lowest step first; the answers' mean needs three."""
    text = page(BY_ID["psykiatri"], BY_ID, FACTS, "da")
    assert "**Udsagn:** «Samarbejdet med behandlingspsykiatrien fungerer»" in text
    assert [int(x) for x in re.findall(r"^- \*\*Trin (\d):", text, re.MULTILINE)] == [1, 3, 5]
    assert "| Mindste talgrundlag | 3 svar, ellers er der for få |" in text
    assert "0 point ved trin 1 og 100 point ved trin 5" in text


def test_a_definition_that_is_gone_names_what_replaced_it() -> None:
    """With a link, and the years it held."""
    old = whole().model_copy(update={
        "status": "retired", "replaced_by": "psykiatri", "valid_to": whole().change[1].date,
    })  # fmt: skip
    text = page(old, others(), FACTS, "da")
    assert "· udgået, erstattet af [Psykiatri](socialfaglig.md#psykiatri) ·" in text
    assert "| Gælder | fra 1.1.2018 til 1.2.2026 |" in text


def test_no_interval_has_its_reason() -> None:
    """Where the facts shelf gives one for the kind of figure."""
    text = page(indicator(KRONER, unit="kr.", value_type="amount"), {}, FACTS, "da")
    reason = "Interval | intet: beløbet er talt op i kommunens egne systemer og ikke en stikprøve."
    assert reason in text


@pytest.mark.parametrize(
    ("definition", "da"),
    [
        (indicator(KRONER), "En sum."),
        (indicator(COUNT), "Et antal, talt op."),
        (indicator({"from": "sager", "count_unique": "borger_id"}), "Et antal, talt op."),
        (
            indicator({"from": "sager", "median": "pris"}, multiplier=7),
            "En median: det midterste tal. Ganges med 7.",
        ),
        (
            indicator({"from": "sager", "mean": "pris"}, PERSONS, multiplier=10000),
            "Tæller delt med nævner. Ganges med 10.000.",
        ),
        (
            indicator(KRONER, {**KRONER, "lag": 3}, form="growth", deflate=True),
            ("Vækst pr. år: tæller over nævner, som er tre år tidligere. "
             "Nævneren regnes om til årets priser efter arket Prisindeks."),
        ),
        (
            indicator(KRONER, {**KRONER, "lag": 1}, form="growth", current_only=True),
            "Vækst pr. år: tæller over nævner, som er året før. Kun for det løbende år.",
        ),
        (
            indicator(KRONER, KRONER, form="relative", over="aar", window=4,
                      reduce="count_at_most", limit=0.005),
            ("En afvigelse: tæller minus nævner, delt med nævner. Det regnes ud for hvert af de "
             "fire år, der slutter med tallets år; tallet er, hvor mange af dem der højst er "
             "0,5 pct."),
        ),
        (
            indicator(PERSONS, over="paragraf", reduce="diversity"),
            ("Et antal helårspersoner eller persondage, talt op dag for dag. Det regnes ud for "
             "hver værdi i kolonnen `paragraf`; tallet er 1 minus summen af de kvadrerede andele "
             "(0 er ingen spredning)."),
        ),
        (
            indicator(KRONER, PERSONS, common="funktion", window=3),
            ("Et forhold mellem to summer: tæller og nævner lægges sammen hver for sig og deles "
             "til sidst. Det er ikke et gennemsnit af forhold. Kun det, begge sider har i "
             "kolonnen `funktion`, tæller med. Begge sider lægges sammen over tre år, der slutter "
             "med tallets år."),
        ),
    ],
)  # fmt: skip
def test_the_rule_is_told_in_words(definition: Indicator, da: str) -> None:
    """Derived from the value, not written by an author."""
    assert rule(definition).da == da


@pytest.mark.parametrize(
    ("row", "da"),
    [
        (KRONER, "summen af `beløb`"),
        ({"from": "klager", "sum": ["omgjort", "hjemvist"]}, "summen af `omgjort` og `hjemvist`"),
        ({"from": "sager", "count_unique": "borger_id"}, "antal forskellige `borger_id`"),
        ({"from": "sager", "quantile": {"of": "dagspris", "p": 0.9}},
         "90 pct.-fraktilen af pris pr. dag"),
        ({"from": "cases", "median": "ventedage"}, "medianen af dage fra ansøgning til bevilling"),
        ({"from": "cases", "median_time": {"of": "varighed", "ended": "afsluttet"}},
         ("den tid (varighed i dage), hvor halvdelen er nået til afsluttet; de øvrige tæller med, "
          "så længe de kendes (Kaplan–Meier)")),
    ],
)  # fmt: skip
def test_columns_have_the_names_people_use(row: dict[str, Any], da: str) -> None:
    """A sheet's own by its header, as code; a derived one in words."""
    assert way(Aggregate.model_validate(row)).da == da


@pytest.mark.parametrize(
    ("text", "shown"),
    [("a = 'b'", "`a = 'b'`"), ("a\n  AND b", "`a AND b`"), ("a `b`", "`` a `b` ``")],
)
def test_code_stands_as_it_is_on_one_line(text: str, shown: str) -> None:
    """Whatever marks are in it."""
    assert code(text) == shown


def test_a_derived_table_is_named_by_its_sheet() -> None:
    """And says what a row of it is."""
    assert sheet("citizen_years") == Texts(
        "Sager (én række pr. borger og år)", "Sager (one row per citizen and year)"
    )
    assert sheet("oekonomi").da == "Økonomi (hver række: et beløb)"


@pytest.mark.parametrize(
    ("definition", "da"),
    [
        (indicator(PERSONS), "5 borgere; tal, der bygger på færre, vises ikke"),
        (indicator(PERSONS, min_count=3), "5 borgere; tal, der bygger på færre, vises ikke"),
        (indicator(PERSONS, min_count=20), "20 borgere; tal, der bygger på færre, vises ikke"),
        (indicator({"from": "klager", "sum": "afgjort"}, least=1200),
         ("5 klager; tal, der bygger på færre, vises ikke; nævneren skal være mindst 1.200, ellers "
          "er der for få tal")),
        (indicator({"from": "tilbud", "mean": "takst"}), "3 tal, ellers er der for få"),
        (indicator(KRONER, min_count=10), "ingen grænse"),
    ],
)  # fmt: skip
def test_the_smallest_base_is_the_larger_of_two(definition: Indicator, da: str) -> None:
    """The definition's own and, where citizens are behind, the five of every figure."""
    assert smallest(definition).da == da


def test_a_target_is_scored_by_distance() -> None:
    """In percentage points, on both sides of the goal."""
    posts = {"method": "goalposts", "worst": 0.05, "best": 0.01}
    near = indicator(KRONER, KRONER, better="target", target=0.0, scoring=[posts])
    at = indicator(KRONER, KRONER, better="target", target=0.0, scoring=[{**posts, "best": 0}])
    own = indicator(KRONER, KRONER, better="higher", scoring=[{"method": "target", "reach": 0.15}])
    assert scoring(near, UNITS)[0].en == (
        "100 points at most 1 percentage point from the target and 0 points from 5 percentage "
        "points away, a straight line between"
    )
    assert scoring(at, UNITS)[0].da == (
        "100 point på målet og 0 point fra 5 procentpoint derfra, en ret linje imellem"
    )
    assert scoring(own, UNITS)[0].da == (
        "100 point, når kommunens eget mål er nået, og 0 point 15 procentpoint fra det"
    )


@pytest.mark.parametrize(
    ("given_", "da"),
    [
        ({"above": 0.75}, "Skrives, når tallet er over 75 pct."),
        ({"below": -0.03}, "Skrives, når tallet er under −3 pct."),
        ({"growth_above": 0.125, "beyond_peers": "either"},
         ("Skrives, når tallet er vokset mere end 12,5 pct. fra året før, eller når tallet er uden "
          "for de andre kommuners kvartiler og tydeligt fra deres midte.")),
        ({}, "Skrives aldrig af sig selv."),
    ],
)  # fmt: skip
def test_a_point_of_attention_tells_its_triggers(given_: dict[str, Any], da: str) -> None:
    """Any one of them is enough."""
    text = FindingText(observation=Texts("a", "a"), **given_)
    assert trigger("attention", text, UNITS["procent"]).da == da


@pytest.mark.parametrize(
    ("group", "da"), [("alle", "alle aldre"), ("18-64", "18–64 år"), ("18+", "18 år og derover")]
)
def test_an_age_group_is_told_in_words(group: str, da: str) -> None:
    """As a controller would say it."""
    assert age_text(group).da == da


# --- every definition that comes with styring ---------------------------------------------------

NOT_SAID = re.compile(r"\b(None|nan|NaN|inf|Texts|True|False)\b|\{\w*\}")
LABELS = say._sentences()
PLACEHOLDERS = {name for i in ALL for name in re.findall(r"\{(\w+)\}", i.finding.model_dump_json())}


def prose(text: str) -> str:
    """Return a page without its code, where SQL stands as it is."""
    return re.sub(r"`[^`]*`", "", text)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("definition", ALL, ids=lambda i: i.id)
def test_nothing_is_missing_on_any_page(definition: Indicator, lang: Lang) -> None:
    """No placeholder, no value of Python, and no text of the other language's labels."""
    text = prose(page(definition, BY_ID, FACTS, lang))
    assert not NOT_SAID.search(text)
    other: Lang = "en" if lang == "da" else "da"
    labels = {t[other] for t in LABELS["definition"].values() if t["da"] != t["en"]}
    own = {t[lang] for t in LABELS["definition"].values()}
    used = set(re.findall(r"^#+ (.+)$|^\| (\w[^|]*) \||^\*\*([^*]+)[.:]\*\*", text, re.MULTILINE))
    assert not {label for found in used for label in found} & (labels - own)


@pytest.mark.parametrize("lang", LANGS)
def test_every_link_leads_somewhere(lang: Lang) -> None:
    """From the pages of the centres to each other, and from the index to them."""
    made = {c: catalogue_page(c, ALL, BY_ID, FACTS, lang) for c in CENTRES}
    places = {(c, a) for c, text in made.items() for a in re.findall(r'<a id="([^"]+)">', text)}
    assert {a for _, a in places} == set(BY_ID)
    for centre, text in made.items():
        for file, anchor in re.findall(r"\]\((?:([\w-]+)\.md)?#([\w.-]+)\)", text):
            assert (file or centre, anchor) in places
    linked = re.findall(rf"\]\({lang}/([\w-]+)\.md#([\w.-]+)\)", index_page(ALL, FACTS, lang))
    assert sorted(linked) == sorted(places)


def test_a_centres_page_lists_figures_before_statements() -> None:
    """Only its own, each with its place below."""
    text = catalogue_page("socialfaglig", ALL, BY_ID, FACTS, "da")
    own = [i for i in ALL if i.centre == "socialfaglig"]
    listed = re.findall(r"^- \[.+\]\(#([\w.-]+)\)$", text, re.MULTILINE)
    assert listed == [i.id for kind in ("figure", "practice") for i in own if i.kind == kind]
    assert text.startswith("# Det socialfaglige styringscenter\n\n*Får borgeren")
    assert len(re.findall(r"^# ", text, re.MULTILINE)) == 1


def test_the_index_has_a_line_for_each() -> None:
    """With unit, direction and status in words."""
    line = ("| [Followed up](en/socialfaglig.md#fulgt-op) | The professional steering centre | "
            "Professional steering | % | higher is better | supplementary |")  # fmt: skip
    assert index_page([whole()], FACTS, "en").splitlines()[-1] == line


@pytest.mark.parametrize(
    ("section", "values"),
    [
        ("status", get_args(model.Status)),
        ("better", get_args(model.Better)),
        ("interval", get_args(model.Interval)),
        ("form", get_args(model.Form)),
        ("reduce", get_args(model.Reduce)),
        ("rule", get_args(model.Reduce)),
        ("period", get_args(model.PeriodKind)),
        ("absence", get_args(model.Absence)),
        ("placeholder", sorted(PLACEHOLDERS)),
        ("effort", ("low", "medium", "high")),
        ("price_basis", ("løbende", "faste")),
        ("refund", ("før", "efter")),
        ("headline", ("finished", "current")),
    ],
)
def test_every_word_an_author_may_write_is_known_in_both_languages(
    section: str, values: tuple[str, ...]
) -> None:
    """A name without words would be shown as it is."""
    assert set(values) <= set(LABELS[section])


def test_every_derived_column_in_use_has_words() -> None:
    """What is no header of a sheet is told in words."""
    used = {
        (a.from_, c)
        for i in ALL
        for a in i.value.aggregates
        for c in (*a.columns, a.period_by, i.value.over, i.value.common)
        if c and c != "aar"
    }
    told = {c: way(Aggregate.model_validate({"from": t, "sum": c})).da for t, c in used}
    assert [c for c, text in told.items() if "`" not in text and c not in LABELS["column"]] == []


@steady
@given(st.integers(-10_000_000, 10_000_000), st.integers(0, 4), st.sampled_from(sorted(UNITS)))
def test_a_figure_of_a_definition_is_shown_as_it_was_set(n: int, places: int, unit: str) -> None:
    """With the decimals it has: reading it back gives what was written."""
    u = UNITS[unit]
    value = n / 10**places / u.scale
    shown = say.exactly(u, value)
    bare = shown.en.removeprefix(u.prefix.en)
    for suffix in (u.suffix.en, u.one.en if u.one else ""):
        bare = bare.removesuffix(suffix)
    assert float(bare.replace(",", "").replace("−", "-")) == n / 10**places
    assert "." not in bare or not bare.endswith("0")
