"""Figures read back from the rows that were written, and the stories that they must tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from generator.amounts import active_days, days_in_year, month_cost, months_between
from generator.catalogue import (
    ADVICE_FUNCTION,
    AS_OF,
    LAST_FINISHED_YEAR,
    PERIOD_START,
    PROFESSIONAL,
    REFUND_FUNCTION,
    SELF_REFERRAL,
    STATEMENTS,
    STRATEGIC,
    YEARS,
)
from generator.ledger import ACCOUNTS, CARRIED, CORRECTED, FORECAST, MOVED, ORIGINAL, SUPPLEMENT
from generator.workbook import Cell, Sheet

Record = dict[str, Cell]
Tables = dict[str, list[Record]]  # sheet name -> its rows by column name
FINISHED = YEARS[:-1]


class StoryError(Exception):
    """The rows do not tell the story that the profile promises."""


@dataclass(frozen=True)
class Summary:
    """The figures of one municipality that are printed when its workbook has been written."""

    name: str
    accounts: float
    original_deviation: float
    corrected_deviation: float
    citizens: int
    followed_up: float
    unit_price: float

    def __str__(self) -> str:
        """One line."""
        return (
            f"{self.name}: accounts {LAST_FINISHED_YEAR} {self.accounts / 1e6:.1f} mio. kr., "
            f"{self.original_deviation:+.1%} of original and {self.corrected_deviation:+.1%} of "
            f"corrected budget; {self.citizens} citizens; {self.followed_up:.0%} of cases "
            f"followed up within 12 months; § 108 {round(self.unit_price, -3):,.0f} kr. a year"
        )


def tables_of(sheets: Sequence[Sheet]) -> Tables:
    """The rows of every sheet with a header, by column name."""
    return {
        sheet.name: [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows]
        for sheet in sheets
        if sheet.columns
    }


def number(record: Record, column: str) -> float:
    """A cell that holds a number."""
    return float(cast("float", record[column]))


def day(record: Record, column: str) -> date | None:
    """A cell that holds a date or nothing."""
    return cast("date | None", record[column])


# --- the ledger ---------------------------------------------------------------------------------


def booked(tables: Tables, year: int, version: str) -> float:
    """The sum of a version in a year, refund included."""
    return sum(
        number(row, "beløb")
        for row in tables["Økonomi"]
        if row["år"] == year and row["version"] == version
    )


def corrected_budget(tables: Tables, year: int) -> float:
    """The original budget with everything that was added or moved."""
    parts = (ORIGINAL, SUPPLEMENT, MOVED, CARRIED)
    return sum(booked(tables, year, version) for version in parts)


def deviation(tables: Tables, year: int, budget: float) -> float:
    """Accounts over budget; 0.05 is an overspend of five per cent."""
    return booked(tables, year, ACCOUNTS) / budget - 1


def forecast_errors(tables: Tables, year: int) -> list[float]:
    """Forecast over accounts for each follow-up of a finished year, in time order."""
    sums: dict[date, float] = defaultdict(float)
    for row in tables["Økonomi"]:
        followed_up = day(row, "opfølgning")
        if row["år"] == year and row["version"] == FORECAST and followed_up:
            sums[followed_up] += number(row, "beløb")
    accounts = booked(tables, year, ACCOUNTS)
    return [sums[followed_up] / accounts - 1 for followed_up in sorted(sums)]


# --- the cases ----------------------------------------------------------------------------------


def case_cost(tables: Tables, year: int, paragraph: str = "") -> float:
    """What the cases cost in a year, to the as-of date; of one paragraph if it is named."""
    last = min(AS_OF, date(year, 12, 31))
    total = 0.0
    for row in tables["Sager"]:
        start, end = day(row, "startdato") or PERIOD_START, day(row, "slutdato")
        if paragraph not in ("", row["paragraf"]):
            continue
        amount = number(row, "pris") * number(row, "antal")
        for _, month in months_between(max(start, date(year, 1, 1)), min(end or last, last)):
            total += month_cost(str(row["enhed"]), amount, start, end, year, month)
    return total


def unit_price(tables: Tables, paragraph: str, year: int = LAST_FINISHED_YEAR) -> float:
    """Case cost per person-year (gennemsnitlig bevilget pris)."""
    days = sum(
        active_days(
            day(row, "startdato") or PERIOD_START,
            day(row, "slutdato"),
            date(year, 1, 1),
            date(year, 12, 31),
        )
        for row in tables["Sager"]
        if row["paragraf"] == paragraph and row["enhed"] != "engang"
    )
    return case_cost(tables, year, paragraph) / (days / days_in_year(year))


def followed_up_share(tables: Tables) -> float:
    """Share of the open cases with a follow-up within twelve months.

    §§ 109 and 110 and one-off grants are left out, and so are cases that are themselves younger
    than twelve months and have no follow-up yet.
    """
    limit = AS_OF.replace(year=AS_OF.year - 1)
    first: dict[Cell, date] = {}
    open_cases: dict[Cell, date | None] = {}
    for row in tables["Sager"]:
        start, end = day(row, "startdato") or PERIOD_START, day(row, "slutdato")
        first[row["sag_id"]] = min(start, first.get(row["sag_id"], start))
        left_out = row["paragraf"] in SELF_REFERRAL or row["enhed"] == "engang"
        if start <= AS_OF and (end is None or end >= AS_OF) and not left_out:
            open_cases[row["sag_id"]] = day(row, "sidste_opfølgning")
    counted = {case: seen for case, seen in open_cases.items() if seen or first[case] < limit}
    return sum(bool(seen and seen >= limit) for seen in counted.values()) / len(counted)


# --- the other sheets ---------------------------------------------------------------------------


def mean_score(tables: Tables, statement: str, centre: str) -> float:
    """The mean answer of one centre to a statement, named by id or by text."""
    names = (statement, STATEMENTS[statement])
    scores = [
        number(row, "score")
        for row in tables["Praksis"]
        if row["udsagn"] in names
        and row["styringscenter"] == centre
        and isinstance(row["score"], int)
    ]
    return sum(scores) / len(scores)


def investment_share(tables: Tables) -> float:
    """Investments over the accounts of the last finished year."""
    invested = sum(
        number(row, "beløb") for row in tables["Investeringer"] if row["år"] == LAST_FINISHED_YEAR
    )
    return invested / booked(tables, LAST_FINISHED_YEAR, ACCOUNTS)


def planned_transitions(tables: Tables) -> float:
    """Share of those aged 16-17 on the as-of date who have a plan."""
    latest = AS_OF.replace(year=AS_OF.year - 16)
    plans = [
        row["plan_dato"] is not None
        for row in tables["Overgange"]
        if (day(row, "fødselsdato") or AS_OF) <= latest
    ]
    return sum(plans) / len(plans)


def summarise(name: str, tables: Tables) -> Summary:
    """The figures of one municipality."""
    year = LAST_FINISHED_YEAR
    return Summary(
        name,
        accounts=booked(tables, year, ACCOUNTS),
        original_deviation=deviation(tables, year, booked(tables, year, ORIGINAL)),
        corrected_deviation=deviation(tables, year, corrected_budget(tables, year)),
        citizens=len({row["borger_id"] for row in tables["Sager"]}),
        followed_up=followed_up_share(tables),
        unit_price=unit_price(tables, "108"),
    )


# --- the stories --------------------------------------------------------------------------------


def require(true: bool, what: str) -> None:  # noqa: FBT001 - reads as an assertion
    """Raise StoryError where a promised figure did not come out."""
    if not true:
        raise StoryError(what)


def check_common(name: str, tables: Tables) -> None:
    """What holds for every municipality: the sheets agree with each other."""
    for year in YEARS:
        no_cases = sum(
            number(row, "beløb")
            for row in tables["Økonomi"]
            if row["år"] == year
            and row["version"] == ACCOUNTS
            and row["funktion"] in (ADVICE_FUNCTION, REFUND_FUNCTION)
        )
        gap = (booked(tables, year, ACCOUNTS) - no_cases) / case_cost(tables, year) - 1
        require(0.01 <= gap <= 0.04, f"{name} {year}: accounts are {gap:+.1%} from the cases")
        printed = booked(tables, year, CORRECTED)
        require(printed in (0.0, corrected_budget(tables, year)), f"{name} {year}: budget parts")
        assumed = sum(
            number(row, "helårspersoner") * number(row, "pris")
            for row in tables["Budgetforudsætninger"]
            if row["år"] == year
        )
        budget = sum(
            number(row, "beløb")
            for row in tables["Økonomi"]
            if row["år"] == year
            and row["version"] == ORIGINAL
            and row["funktion"] not in (ADVICE_FUNCTION, REFUND_FUNCTION)
        )
        require(abs(assumed / budget - 1) < 0.0001, f"{name} {year}: number times price")


def check_syddjurs(own: Tables, others: Sequence[Tables]) -> None:
    """Overspend in spite of supplements, dear places, low follow-up, two different pictures."""
    for year in (2023, 2024):
        original = deviation(own, year, booked(own, year, ORIGINAL))
        corrected = deviation(own, year, corrected_budget(own, year))
        require(0.07 <= original <= 0.08, f"Syddjurs {year}: {original:+.1%} of original budget")
        require(0.04 <= corrected <= 0.06, f"Syddjurs {year}: {corrected:+.1%} of corrected")
        early, _, late = forecast_errors(own, year)
        require(early < late < 0 and early < -0.03, f"Syddjurs {year}: forecasts")
    for paragraph in ("107", "108"):
        usual = sum(unit_price(tables, paragraph) for tables in others) / len(others)
        dearer = unit_price(own, paragraph) / usual - 1
        require(0.13 <= dearer <= 0.22, f"Syddjurs § {paragraph}: {dearer:+.1%}")
    share = followed_up_share(own)
    require(0.45 <= share <= 0.55, f"Syddjurs: {share:.0%} followed up")
    for statement in ("visitation-arbejdsgang", "leder-oekonomi", "pris-kendt-ved-valg"):
        gap = mean_score(own, statement, STRATEGIC) - mean_score(own, statement, PROFESSIONAL)
        require(gap >= 1.9, f"Syddjurs {statement}: gap {gap:.1f}")
    low = mean_score(own, "myndighed-udfoerer", PROFESSIONAL)
    require(low <= 2.2, f"Syddjurs myndighed-udfoerer: {low:.1f}")


def check_ikast_brande(own: Tables, others: Sequence[Tables]) -> None:
    """Budgets that hold, close follow-up; few investments, weak child-adult cooperation."""
    for year in FINISHED:
        for budget in (booked(own, year, ORIGINAL), corrected_budget(own, year)):
            require(abs(deviation(own, year, budget)) <= 0.01, f"Ikast-Brande {year}: budget")
        errors = forecast_errors(own, year)
        require(max(map(abs, errors)) <= 0.012, f"Ikast-Brande {year}: forecasts {errors}")
    share = followed_up_share(own)
    require(0.87 <= share <= 0.94, f"Ikast-Brande: {share:.0%} followed up")
    usual = sum(investment_share(tables) for tables in others) / len(others)
    invested = investment_share(own) / usual
    require(0.25 <= invested <= 0.42, f"Ikast-Brande: investments {invested:.0%} of the others")
    planned = planned_transitions(own)
    require(planned <= 0.40, f"Ikast-Brande: {planned:.0%} of transitions planned")
    for statement in ("barn-voksen-samarbejde", "overgang-barn-voksen"):
        for centre in (STRATEGIC, PROFESSIONAL):
            low = mean_score(own, statement, centre)
            require(low <= 3.0, f"Ikast-Brande {statement}: {low:.1f}")


def check_stories(by_name: dict[str, Tables]) -> None:
    """Raise StoryError unless every workbook tells its story."""
    for name, tables in by_name.items():
        check_common(name, tables)
    for name, check in (("Syddjurs", check_syddjurs), ("Ikast-Brande", check_ikast_brande)):
        check(by_name[name], [tables for other, tables in by_name.items() if other != name])
