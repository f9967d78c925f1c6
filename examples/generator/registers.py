"""The smaller sheets: inhabitants, providers, transitions, investments, complaints and the rest."""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil, fsum

from generator.cases import CaseRow, monthly_costs
from generator.catalogue import (
    AS_OF,
    CURRENT_YEAR,
    LAST_FINISHED_YEAR,
    OWN,
    PARAGRAPHS,
    PRICE_INDEX,
    SELF_REFERRAL,
    SERVICES,
    YEAR_END,
    YEARS,
)
from generator.draws import Draws
from generator.ledger import ACCOUNTS, BudgetAssumption, Ledger
from generator.profiles import Profile
from generator.providers import Provider
from generator.workbook import Row, Sheet

# fmt: off
AGE_BANDS: tuple[tuple[int, int | None, float, float], ...] = (
    # from, to, share of the inhabitants in 2021, growth a year
    (0, 5, 0.060, -0.004), (6, 17, 0.136, -0.006), (18, 24, 0.073, -0.003),
    (25, 39, 0.166, 0.006), (40, 64, 0.334, -0.002), (65, 66, 0.026, 0.008),
    (67, 79, 0.153, 0.012), (80, None, 0.052, 0.041),
)
# fmt: on
PLACES_NOT_COUNTED = ("85", "95", "96", "97")
STAFF_PER_PERSON = {
    "108": 2.1,
    "107": 1.6,
    "ABL-105": 1.1,
    "104": 0.34,
    "103": 0.14,
    "85": 0.25,
    "95": 0.05,
    "96": 1.9,
    "97": 0.03,
    "101": 0.12,
}
CHILD_SERVICES = (
    ("Anbringelse på døgninstitution", 1_450_000),
    ("Opholdssted", 1_120_000),
    ("Plejefamilie", 560_000),
    ("Aflastning", 240_000),
    ("Specialskole", 310_000),
    ("Støtte- og kontaktperson", 120_000),
)
ADULT_FUTURE = (
    ("107", 1_150_000),
    ("ABL-105", 800_000),
    ("85", 130_000),
    ("108", 1_480_000),
    ("104", 225_000),
)
EFFORTS = (
    ("Bostøttehold til unge 18-24 år", 1.9),
    ("Egne døgnpladser i stedet for køb", 1.5),
    ("Fælles forløb med behandlingspsykiatrien", 1.1),
    ("Velfærdsteknologi i bostøtten", 1.3),
    ("Mestringskurser i grupper", 1.2),
)
COMPLAINT_PARAGRAPHS = (("85", 11), ("95", 4), ("96", 6), ("97", 4), ("107", 8), ("108", 6))
ACTIONS = (
    (
        "Følge op på alle sager uden opfølgning i 12 måneder",
        "opfoelgning-rettidig",
        "myndighedschef",
        date(2025, 6, 30),
        1_800_000,
    ),
    (
        "Genforhandle priser på de dyreste længerevarende pladser",
        "enhedsudgift-laengerevarende-botilbud",
        "økonomichef",
        date(2025, 8, 31),
        2_600_000,
    ),
    (
        "Plan for alle unge fra 16 år",
        "overgang-18-plan",
        "myndighedschef",
        date(2025, 9, 15),
        1_200_000,
    ),
    (
        "Månedlig gennemgang af antal og pris med tilbudslederne",
        "budgetafvigelse-korrigeret",
        "økonomichef",
        date(2025, 12, 1),
        900_000,
    ),
    (
        "Udnytte ledige pladser i egne tilbud",
        "belaegning",
        "driftschef",
        date(2026, 3, 31),
        700_000,
    ),
)
QUESTIONS = (
    "Er borgerens mål beskrevet i sagen?",
    "Er der fulgt op på målene inden for 12 måneder?",
    "Er flere egnede tilbud sammenlignet?",
    "Er prisen kendt, før der blev bevilget?",
)
DOCUMENTS = (
    ("serviceniveau", date(2023, 11, 22), date(2025, 12, 31)),
    ("kompetenceplan", date(2022, 5, 18), None),
    ("tilbudsstrategi", date(2021, 3, 24), date(2024, 12, 31)),
    ("procedure for overgang fra barn til voksen", date(2024, 2, 7), date(2027, 12, 31)),
    ("kvalitetsstandard for socialpædagogisk støtte", date(2024, 6, 19), date(2026, 6, 30)),
)


def municipality_sheet(profile: Profile) -> Sheet:
    """Kommune: keys and values, no header row."""
    rows: list[Row] = [
        ("kommunekode", str(profile.code)),
        ("kommune", profile.name),
        ("opgørelsesdato", AS_OF),
        ("regnskabsår", CURRENT_YEAR),
        ("kontakt", f"styring@{profile.slug}.example"),
        ("mærkning", "KONSTRUERET EKSEMPEL"),
    ]
    return Sheet("Kommune", (), rows)


def population_sheet(profile: Profile) -> Sheet:
    """Befolkning: counts to the current year, then a projection."""
    draws = profile.draws(4)
    starts = [
        profile.inhabitants * share * draws.between(0.96, 1.04)
        for _first, _last, share, _growth in AGE_BANDS
    ]
    rows: list[Row] = []
    for year in range(YEARS[0], 2031):
        kind = "faktisk" if year <= CURRENT_YEAR else "prognose"
        for start, (first, last, _share, growth) in zip(starts, AGE_BANDS, strict=True):
            count = start
            for _ in range(year - YEARS[0]):
                count *= 1 + growth
            rows.append((year, first, last, round(count), kind))
    return Sheet("Befolkning", ("år", "alder_fra", "alder_til", "antal", "type"), rows)


def daily_price(row: CaseRow) -> float:
    """The price of a day in 2025."""
    amount = row.price * row.quantity
    return amount / {"døgn": 1.0, "uge": 7.0, "måned": 30.0, "år": 365.0}[row.unit]


def cost_in(cases: list[CaseRow], provider: Provider, wanted: int) -> float:
    """What the provider's cases cost in one year."""
    return fsum(
        cost
        for row in cases
        if row.provider == provider
        for year, _month, cost in monthly_costs(row, YEAR_END)
        if year == wanted
    )


def provider_row(
    draws: Draws, profile: Profile, cases: list[CaseRow], provider: Provider
) -> Row | None:
    """A row of Tilbud; only own providers have capacity and staff; None for an unused one."""
    known = [row for row in cases if row.provider == provider and row.unit != "engang"]
    if not known:
        return None
    active = [row for row in known if row.start <= AS_OF and (row.end or AS_OF) >= AS_OF]
    priced = active or known[-1:]
    rate = round(fsum(daily_price(row) for row in priced) / len(priced), 2)
    if provider.owner != OWN:
        return (
            provider.name,
            provider.paragraph,
            provider.owner,
            None,
            None,
            None,
            None,
            rate,
            None,
            None,
            None,
        )
    counted = provider.paragraph not in PLACES_NOT_COUNTED
    sold = draws.integer(2, 8) if counted else None
    occupied = len(active) + (sold or 0)
    share = profile.occupancy * draws.between(0.97, 1.03)
    places = max(occupied, int(occupied / share + draws.unit())) if counted else None
    cost = round(cost_in(cases, provider, LAST_FINISHED_YEAR) * 1.02)
    staff = round(occupied * STAFF_PER_PERSON.get(provider.paragraph, 0.2), 1)
    return (
        provider.name,
        provider.paragraph,
        provider.owner,
        places,
        occupied if counted else None,
        97 if counted else None,
        sold,
        rate,
        cost,
        staff,
        round(draws.between(3.6, 8.4), 1),
    )


def provider_sheet(profile: Profile, providers: list[Provider], cases: list[CaseRow]) -> Sheet:
    """Tilbud: the providers that the cases name."""
    draws = profile.draws(5)
    rows = [provider_row(draws, profile, cases, provider) for provider in providers]
    columns = (
        "tilbud",
        "paragraf",
        "ejer",
        "pladser",
        "belagte_pladser",
        "budgetteret_belægning",
        "solgte_pladser",
        "takst",
        "nettoudgift",
        "årsværk",
        "sygefravær",
    )
    return Sheet("Tilbud", columns, [row for row in rows if row is not None])


def transition_sheet(profile: Profile) -> Sheet:
    """Overgange: young people of 14-17, two thirds of them 16 or 17."""
    draws = profile.draws(6)
    rows: list[Row] = []
    for number in range(1, profile.transitions + 1):
        age = draws.weighted([(14, 1), (15, 1), (16, 2), (17, 2)])
        born = date(AS_OF.year - age, AS_OF.month, 28) - timedelta(days=draws.integer(0, 350))
        child, child_price = draws.pick(CHILD_SERVICES)
        paragraph, adult_price = draws.pick(ADULT_FUTURE)
        planned = draws.chance(profile.transition_plans if age >= 16 else 0.15)
        plan = AS_OF - timedelta(days=draws.integer(15, 300)) if planned else None
        known = planned or draws.chance(0.6)
        rows.append(
            (
                f"U{profile.code}-{number:03d}",
                born,
                child,
                round(child_price * draws.between(0.8, 1.3), -3),
                plan,
                paragraph if known else None,
                round(adult_price * draws.between(0.85, 1.25), -3) if known else None,
            )
        )
    columns = (
        "borger_id",
        "fødselsdato",
        "foranstaltning",
        "årspris",
        "plan_dato",
        "forventet_paragraf",
        "forventet_årspris",
    )
    return Sheet("Overgange", columns, rows)


def accounts_of_year(ledger: Ledger, year: int) -> float:
    """The accounts of a year in kroner; an unfinished year as twelve months like those so far."""
    rows = [row for row in ledger.rows if row.version == ACCOUNTS and row.year == year]
    months = len({row.month for row in rows})
    return sum(row.oere for row in rows) / 100 * 12 / months


def investment_sheet(profile: Profile, ledger: Ledger) -> Sheet:
    """Investeringer: two efforts a year, together the profile's share of the accounts."""
    draws = profile.draws(7)
    rows: list[Row] = []
    for year in YEARS:
        invested = accounts_of_year(ledger, year) * profile.investment_share
        for (effort, gain), share in zip(draws.sample(EFFORTS, 2), (0.6, 0.4), strict=True):
            amount = round(invested * share, -3)
            expected = round(amount * gain, -3)
            realised = round(expected * draws.between(0.5, 1.1), -3)
            rows.append((year, effort, amount, expected, realised if year < CURRENT_YEAR else None))
    columns = ("år", "indsats", "beløb", "forventet_gevinst", "realiseret_gevinst")
    return Sheet("Investeringer", columns, rows)


def index_sheet() -> Sheet:
    """Prisindeks: an invented index, the same for all."""
    rows: list[Row] = [(year, index, "konstrueret") for year, index in PRICE_INDEX.items()]
    return Sheet("Prisindeks", ("år", "indeks", "kilde"), rows)


def complaint_sheet(profile: Profile) -> Sheet:
    """Klager: decided complaints per year and paragraph; changed and returned among them."""
    draws = profile.draws(8)
    rows: list[Row] = []
    for year in YEARS[:-1]:
        for paragraph, usual in COMPLAINT_PARAGRAPHS:
            decided = draws.integer(usual - 3, usual + 3)
            lost = [draws.chance(profile.reversal_share) for _ in range(decided)]
            changed = sum(reverse and draws.chance(0.45) for reverse in lost)
            rows.append((year, paragraph, decided, changed, sum(lost) - changed))
    return Sheet("Klager", ("år", "paragraf", "afgjort", "omgjort", "hjemvist"), rows)


def goal_sheet() -> Sheet:
    """Mål: four goals, in the unit in which the figure is shown."""
    goals = (
        ("opfoelgning-rettidig", 90),
        ("budgetafvigelse-korrigeret", 0),
        ("belaegning", 96),
        ("overgang-18-plan", 80),
    )
    rows: list[Row] = [(indicator, CURRENT_YEAR, target) for indicator, target in goals]
    return Sheet("Mål", ("indikator", "år", "målværdi"), rows)


def action_sheet(profile: Profile) -> Sheet:
    """Handleplan: five actions decided earlier; the first ones may be overdue."""
    draws = profile.draws(9)
    rows: list[Row] = []
    for number, (effort, indicator, role, deadline, effect) in enumerate(ACTIONS, start=1):
        overdue = deadline <= AS_OF and number <= profile.overdue_actions
        done = deadline <= AS_OF and not overdue
        expected = round(effect * draws.between(0.7, 1.3), -4)
        status = "gennemført" if done else draws.pick(("i gang", "i gang", "ikke påbegyndt"))
        realised = round(expected * draws.between(0.5, 1.0), -4) if done else None
        rows.append((number, effort, indicator, role, deadline, status, expected, realised))
    columns = (
        "nr",
        "indsats",
        "indikator",
        "ansvarlig",
        "frist",
        "status",
        "forventet_effekt",
        "realiseret_effekt",
    )
    return Sheet("Handleplan", columns, rows)


def assumption_sheet(assumptions: list[BudgetAssumption]) -> Sheet:
    """Budgetforudsætninger: number and price behind the original budget."""
    rows: list[Row] = [
        (row.year, row.paragraph, row.person_years, row.price, "løbende") for row in assumptions
    ]
    columns = ("år", "paragraf", "helårspersoner", "pris", "prisniveau")
    return Sheet("Budgetforudsætninger", columns, rows)


def deadline_sheet() -> Sheet:
    """Frister: follow-up in months, case time in days per paragraph."""
    rows: list[Row] = [("opfølgning", None, 12, None)]
    for paragraph in PARAGRAPHS:
        usual = max(service.case_days for service in SERVICES if service.paragraph == paragraph)
        if paragraph not in SELF_REFERRAL:
            rows.append(("sagsbehandling", paragraph, None, ceil(usual * 1.4 / 10) * 10))
    return Sheet("Frister", ("emne", "paragraf", "måneder", "dage"), rows)


def case_review_sheet(profile: Profile, cases: list[CaseRow]) -> Sheet:
    """Sagsgennemgang: four questions answered for ten drawn cases that run on the as-of date.

    The answer about follow-up is the one that the case's own date gives.
    """
    draws = profile.draws(10)
    limit = AS_OF.replace(year=AS_OF.year - 1)
    followed_up = {
        row.case_id: row.paperwork.followed_up is not None and row.paperwork.followed_up >= limit
        for row in cases
        if row.unit != "engang" and row.paragraph not in SELF_REFERRAL
        if row.start <= AS_OF and (row.end or AS_OF) >= AS_OF
    }
    rows: list[Row] = []
    for case_id in draws.sample(sorted(followed_up), 10):
        answers = (
            draws.chance(0.8),
            followed_up[case_id],
            None if draws.chance(0.15) else draws.chance(0.55),
            draws.chance(0.7),
        )
        for question, answer in zip(QUESTIONS, answers, strict=True):
            word = "ikke relevant" if answer is None else "ja" if answer else "nej"
            rows.append((case_id, question, word))
    return Sheet("Sagsgennemgang", ("sag_id", "spørgsmål", "svar"), rows)


def document_sheet(profile: Profile) -> Sheet:
    """Dokumenter: four or five governing documents, one of them lapsed."""
    rows: list[Row] = list(DOCUMENTS[: 5 if profile.plan_offered > 0.5 else 4])
    return Sheet("Dokumenter", ("dokument", "vedtaget", "gælder_til"), rows)
