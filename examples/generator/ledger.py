"""Accounts that follow from the cases, and the budgets and forecasts that follow from both."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from math import fsum

from generator.amounts import active_days, days_in_year
from generator.cases import CaseRow, monthly_costs
from generator.catalogue import (
    ADVICE_FUNCTION,
    AS_OF,
    CURRENT_YEAR,
    FUNCTION_OF,
    FUNCTIONS,
    OWN,
    PARAGRAPHS,
    PRICE_INDEX,
    PRIVATE,
    REFUND_BELOW_AGE,
    REFUND_FUNCTION,
    REFUND_STEPS_2022,
    YEAR_END,
    YEARS,
)
from generator.draws import Draws
from generator.profiles import Profile

OWN_ART, PUBLIC_ART, PRIVATE_ART, BOUGHT_ART = "1.0", "4.7", "4.9", "4.0"
FULL_ARTS = ("5.38.50", "5.38.51", "5.38.52")  # elsewhere all bought places are one art
ADVICE_ARTS = (("1.0", 0.0085), ("4.0", 0.0015))  # share of the month's case costs
REFUND_ART = "8.6"
ORIGINAL, SUPPLEMENT = "oprindeligt budget", "tillægsbevilling"
MOVED, CARRIED = "omplacering", "overførsel"
CORRECTED, FORECAST, ACCOUNTS = "korrigeret budget", "forventet regnskab", "regnskab"

YearAmounts = dict[tuple[int, str], float]  # (year, function) -> kroner


@dataclass(frozen=True)
class LedgerRow:
    """One row of Økonomi, in øre; `month` is None for a whole year, `art` for all arts together."""

    year: int
    month: int | None
    function: str
    art: str | None
    version: str
    oere: int
    followed_up: date | None = None


@dataclass(frozen=True)
class BudgetAssumption:
    """What the original budget assumes for one paragraph in one year."""

    year: int
    paragraph: str
    person_years: float
    price: int


@dataclass(frozen=True)
class Ledger:
    """Everything on Økonomi, and what the sheet Budgetforudsætninger says about it."""

    rows: list[LedgerRow]
    assumptions: list[BudgetAssumption]


def oere(kroner: float) -> int:
    """Kroner as whole øre, half away from zero."""
    return int(kroner * 100 + (0.5 if kroner >= 0 else -0.5))


def thousands(kroner: float) -> int:
    """Kroner rounded to whole thousands."""
    return int(kroner / 1_000 + (0.5 if kroner >= 0 else -0.5)) * 1_000


# --- what the cases cost ------------------------------------------------------------------------


def art_of(function: str, owner: str) -> str:
    """The art on which a provider is paid; public and private apart only where it matters."""
    if owner == OWN:
        return OWN_ART
    if function not in FULL_ARTS:
        return BOUGHT_ART
    return PRIVATE_ART if owner == PRIVATE else PUBLIC_ART


def case_costs(rows: list[CaseRow]) -> dict[tuple[int, int, str, str], float]:
    """Cost per (year, month, function, art), to the end of the current year."""
    costs: dict[tuple[int, int, str, str], float] = defaultdict(float)
    for row in rows:
        for year, month, cost in monthly_costs(row, YEAR_END):
            function = row.stay.service.function
            costs[year, month, function, art_of(function, row.provider.owner)] += cost
    return dict(costs)


def paragraph_totals(
    rows: list[CaseRow],
) -> tuple[dict[tuple[int, str], float], dict[tuple[int, str], float]]:
    """Person-years and cost per (year, paragraph), the current year to its end."""
    person_years: dict[tuple[int, str], float] = defaultdict(float)
    costs: dict[tuple[int, str], float] = defaultdict(float)
    for row in rows:
        for year, _month, cost in monthly_costs(row, YEAR_END):
            costs[year, row.paragraph] += cost
        if row.unit == "engang":
            continue
        for year in YEARS:
            days = active_days(row.start, row.end, date(year, 1, 1), date(year, 12, 31))
            person_years[year, row.paragraph] += days / days_in_year(year)
    return person_years, costs


def refund_claims(rows: list[CaseRow]) -> dict[int, float]:
    """The refund per year that the steps give on the cost of each citizen under 67."""
    costs: dict[tuple[int, str], float] = defaultdict(float)
    for row in rows:
        for year, _month, cost in monthly_costs(row, YEAR_END):
            if year - row.stay.citizen.birth_year < REFUND_BELOW_AGE:
                costs[year, row.stay.citizen.id] += cost
    claims = dict.fromkeys(YEARS, 0.0)
    for (year, _citizen), cost in costs.items():
        level = PRICE_INDEX[year] / PRICE_INDEX[2022]
        claims[year] += fsum(
            share * max(0.0, cost - limit * level) for limit, share in REFUND_STEPS_2022
        )
    return claims


# --- accounts -----------------------------------------------------------------------------------


def finished_months(year: int) -> range:
    """The months of a year that have ended on the as-of date."""
    return range(1, (AS_OF.month if year == CURRENT_YEAR else 12) + 1)


def account_rows(
    draws: Draws, costs: dict[tuple[int, int, str, str], float], claims: dict[int, float]
) -> list[LedgerRow]:
    """Monthly accounts: case costs and a little more, advice, and refund as income."""
    rows: list[LedgerRow] = []
    for year in YEARS:
        overhead = {function: draws.between(1.014, 1.030) for function in FUNCTIONS}
        booked_refund = claims[year] * draws.between(0.92, 0.98)
        for month in finished_months(year):
            spent = 0.0
            for function in FUNCTIONS:
                for art in (OWN_ART, PUBLIC_ART, PRIVATE_ART, BOUGHT_ART):
                    cost = costs.get((year, month, function, art), 0.0)
                    if cost:
                        spent += cost
                        amount = cost * overhead[function] * (1 + 0.02 * draws.normal())
                        rows.append(LedgerRow(year, month, function, art, ACCOUNTS, oere(amount)))
            for art, share in ADVICE_ARTS:
                amount = spent * share * (1 + 0.05 * draws.normal())
                rows.append(LedgerRow(year, month, ADVICE_FUNCTION, art, ACCOUNTS, oere(amount)))
            refund = -booked_refund / 12 * (1 + 0.04 * draws.normal())
            rows.append(LedgerRow(year, month, REFUND_FUNCTION, REFUND_ART, ACCOUNTS, oere(refund)))
    return rows


def expected_accounts(
    accounts: list[LedgerRow], costs: dict[tuple[int, int, str, str], float]
) -> YearAmounts:
    """Accounts per year and function; the current year with its last months added.

    The months to come cost what the granted cases cost, times what the months so far were booked
    at; functions without cases go on as before.
    """
    booked: YearAmounts = defaultdict(float)
    for row in accounts:
        booked[row.year, row.function] += row.oere / 100
    to_date: dict[str, float] = defaultdict(float)
    to_come: dict[str, float] = defaultdict(float)
    for (year, month, function, _art), cost in costs.items():
        if year == CURRENT_YEAR:
            (to_date if month <= AS_OF.month else to_come)[function] += cost
    for function in FUNCTIONS:
        so_far = booked[CURRENT_YEAR, function]
        rest = to_come[function] / to_date[function] if function in to_date else 3 / 9
        booked[CURRENT_YEAR, function] = so_far * (1 + rest)
    return dict(booked)


# --- budgets ------------------------------------------------------------------------------------


def whole_year(year: int, function: str, version: str, kroner: int) -> LedgerRow:
    """A row for a whole year; refund keeps its own art, the rest is not divided by art."""
    art = REFUND_ART if function == REFUND_FUNCTION else None
    return LedgerRow(year, None, function, art, version, kroner * 100)


def original_budget(
    draws: Draws, expected: YearAmounts, year: int, deviation: float
) -> dict[str, int]:
    """The original budget per function, so that the accounts deviate by `deviation` in all."""
    target = fsum(expected[year, function] for function in FUNCTIONS) / (1 + deviation)
    raw = {
        function: expected[year, function] * (1 + 0.025 * draws.normal()) for function in FUNCTIONS
    }
    scale = target / fsum(raw.values())
    return {function: thousands(amount * scale) for function, amount in raw.items()}


def budget_rows(
    draws: Draws, profile: Profile, year: int, original: dict[str, int]
) -> list[LedgerRow]:
    """The original budget and everything that was added to it or moved within it."""
    total = sum(original.values())
    supplement = total * profile.supplement[YEARS.index(year)]
    rows = [whole_year(year, function, ORIGINAL, kroner) for function, kroner in original.items()]
    for function, share in (("5.38.50", 0.55), ("5.38.52", 0.30), ("5.38.51", 0.15)):
        rows.append(whole_year(year, function, SUPPLEMENT, thousands(supplement * share)))
    if profile.transfers:
        moved = thousands(original["5.38.52"] * draws.between(0.01, 0.03))
        carried = thousands(total * draws.between(-0.002, 0.003))
        rows += [
            whole_year(year, "5.38.52", MOVED, -moved),
            whole_year(year, "5.38.50", MOVED, moved),
            whole_year(year, "5.38.59", CARRIED, carried),
        ]
    if profile.corrected_rows:
        corrected: dict[str, int] = defaultdict(int)
        for row in rows:
            corrected[row.function] += row.oere // 100
        rows += [whole_year(year, name, CORRECTED, kroner) for name, kroner in corrected.items()]
    return rows


def forecast_rows(
    draws: Draws, profile: Profile, year: int, expected: YearAmounts
) -> list[LedgerRow]:
    """Three forecasts of a year, nearer to the accounts each time."""
    rows: list[LedgerRow] = []
    days = (date(year, 3, 31), date(year, 6, 30), date(year, 9, 30))
    for day, error in zip(days, profile.forecast_error, strict=True):
        of_the_year = error * draws.between(0.8, 1.2)
        for function in FUNCTIONS:
            amount = expected[year, function] * (1 + of_the_year) * (1 + 0.003 * draws.normal())
            art = REFUND_ART if function == REFUND_FUNCTION else None
            rows.append(
                LedgerRow(year, None, function, art, FORECAST, thousands(amount) * 100, day)
            )
    return rows


def budget_assumptions(
    draws: Draws,
    year: int,
    original: dict[str, int],
    person_years: dict[tuple[int, str], float],
    costs: dict[tuple[int, str], float],
    deviation: float,
) -> list[BudgetAssumption]:
    """Number and price per paragraph; number times price is the original budget of the function.

    Two thirds of a deviation lie in the number of citizens that the budget did not see coming.
    """
    assumptions: list[BudgetAssumption] = []
    for paragraph in PARAGRAPHS:
        function = FUNCTION_OF[paragraph]
        of_function = fsum(
            costs[year, name] for name in PARAGRAPHS if FUNCTION_OF[name] == function
        )
        budget = original[function] * costs[year, paragraph] / of_function
        unseen = 0.67 * deviation + 0.01 * draws.normal()
        assumed = max(0.1, round(person_years[year, paragraph] / (1 + unseen), 1))
        assumptions.append(BudgetAssumption(year, paragraph, assumed, round(budget / assumed)))
    return assumptions


def build_ledger(profile: Profile, cases: list[CaseRow]) -> Ledger:
    """Accounts, budgets, forecasts and budget assumptions of one municipality."""
    draws = profile.draws(2)
    costs = case_costs(cases)
    person_years, paragraph_costs = paragraph_totals(cases)
    rows = account_rows(draws, costs, refund_claims(cases))
    expected = expected_accounts(rows, costs)
    assumptions: list[BudgetAssumption] = []
    for year, deviation in zip(YEARS, profile.original_deviation, strict=True):
        original = original_budget(draws, expected, year, deviation)
        rows += budget_rows(draws, profile, year, original)
        rows += forecast_rows(draws, profile, year, expected)
        assumptions += budget_assumptions(
            draws, year, original, person_years, paragraph_costs, deviation
        )
    return Ledger(rows, assumptions)
