"""Citizens, their stays in services, and the case rows with prices that come out of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from generator.amounts import month_cost, months_between, yearly_price
from generator.catalogue import (
    AS_OF,
    PERIOD_START,
    PRICE_INDEX,
    PRIVATE,
    RESIDENTIAL,
    SELF_REFERRAL,
    SERVICE,
    SERVICES,
    YEARS,
    Service,
)
from generator.draws import Draws
from generator.profiles import Profile
from generator.providers import Provider, build_providers, choose_provider

PENSION_AGE = 67
STOCK_SHARE = 0.58  # of the citizens have a service already on 1 January 2021
LAST_START = date(2025, 11, 15)  # granted before the as-of date, starting after it


@dataclass(frozen=True)
class Citizen:
    """A citizen without a name: an id and a year of birth."""

    id: str
    birth_year: int


@dataclass(frozen=True)
class Stay:
    """A citizen in a service, from the first day to the last; `end` is None while it runs on."""

    citizen: Citizen
    service: Service
    target_group: str
    start: date
    end: date | None
    end_reason: str
    inflow: str


@dataclass(frozen=True)
class Paperwork:
    """The dates and decisions that the case system holds on a case."""

    applied: date | None
    granted: date
    level: str
    followed_up: date | None
    plan_date: date | None
    plan_offered: str


@dataclass(frozen=True)
class CaseRow:
    """One row of Sager: a granted service in a period with one price."""

    case_id: str
    stay: Stay
    provider: Provider
    paperwork: Paperwork
    start: date
    end: date | None
    price: int
    quantity: int
    title: str
    unit: str
    price_source: str

    @property
    def paragraph(self) -> str:
        """The paragraph of the service, as text."""
        return self.stay.service.paragraph


def monthly_costs(row: CaseRow, last: date) -> Iterator[tuple[int, int, float]]:
    """(year, month, cost) for every month from 2021 to `last` in which the row costs something."""
    stop = last if row.end is None else min(row.end, last)
    amount = row.price * row.quantity
    for year, month in months_between(max(row.start, PERIOD_START), stop):
        yield year, month, month_cost(row.unit, amount, row.start, row.end, year, month)


# --- stays --------------------------------------------------------------------------------------


def exit_reason(draws: Draws, service: Service) -> str:
    """Why a stay ended that was not followed by another."""
    if service.paragraph in ("108", "ABL-105"):
        return draws.weighted([("død", 6), ("fraflyttet", 4), ("mål nået", 1)])
    if service.paragraph in ("101", *SELF_REFERRAL):
        return draws.weighted([("planlagt ophør", 5), ("eget ønske", 4), ("fraflyttet", 1)])
    return draws.weighted([("mål nået", 5), ("eget ønske", 2), ("fraflyttet", 2), ("død", 1)])


def leave(draws: Draws, citizen: Citizen, service: Service, start: date) -> tuple[date | None, str]:
    """Last day and reason of a stay; no reason yet for one that runs beyond the as-of date."""
    for year, month in list(months_between(max(start, PERIOD_START), AS_OF))[1:]:
        day = date(year, month, draws.integer(1, 28))
        if service.ends_at_67 and year - citizen.birth_year >= PENSION_AGE:
            return day, "fyldt 67 år"
        if draws.chance(1 / service.months):
            return day, exit_reason(draws, service)
    time_limited = service.paragraph in ("85", "101", "102", "107")
    if time_limited and draws.chance(0.30):
        return max(start, AS_OF) + timedelta(days=draws.integer(45, 400)), ""
    return None, ""


def first_stay(draws: Draws, profile: Profile, citizen_id: str) -> Stay:
    """The citizen and the service that he or she had on 1 January 2021 or came to later."""
    if draws.chance(STOCK_SHARE):
        return stock_stay(draws, profile, citizen_id)
    start = PERIOD_START + timedelta(days=draws.integer(5, (LAST_START - PERIOD_START).days))
    if draws.chance(0.22):
        service = SERVICE[draws.pick(("85", "85", "85+", "107", "107", "107", "104", "103"))]
        birth_year, source = start.year - 18, "børneområdet, fyldt 18 år"
    else:
        service = draws.weighted([(service, service.inflow) for service in SERVICES])
        birth_year = start.year - draws.integer(service.ages[0] + 1, service.ages[1])
        source = draws.weighted([("nyt behov", 7), ("tilflyttet", 2), ("psykiatrien", 1)])
    return stay_from(draws, Citizen(citizen_id, birth_year), service, start, source)


def stock_stay(draws: Draws, profile: Profile, citizen_id: str) -> Stay:
    """A stay that ran already on 1 January 2021."""
    weights = [
        (service, service.stock * (profile.residential if service.paragraph in RESIDENTIAL else 1))
        for service in SERVICES
    ]
    service = draws.weighted(weights)
    age = draws.integer(*service.ages)
    longest = min(2 * service.months, 150, (age - 18) * 12 + 8)
    start = PERIOD_START - timedelta(days=draws.integer(20, max(60, longest * 30)))
    citizen = Citizen(citizen_id, PERIOD_START.year - 1 - age)
    source = draws.weighted([("nyt behov", 7), ("tilflyttet", 2), ("børneområdet", 2)])
    return stay_from(draws, citizen, service, start, source)


def stay_from(
    draws: Draws,
    citizen: Citizen,
    service: Service,
    start: date,
    inflow: str,
    target_group: str = "",
) -> Stay:
    """A stay with its end drawn; a citizen keeps the target group of the first stay."""
    group = target_group or draws.pick(service.target_groups)
    end, reason = leave(draws, citizen, service, start)
    return Stay(citizen, service, group, start, end, reason, inflow)


def care_path(draws: Draws, first: Stay) -> list[Stay]:
    """The citizen's stays one after the other: moves to other services, and returns."""
    stays, stay = [], first
    for _ in range(5):
        end, service, group = stay.end, stay.service, stay.target_group
        if end is None or end > AS_OF or stay.end_reason in ("fyldt 67 år", "død"):
            break
        if draws.chance(service.move):
            successor = SERVICE[draws.pick(service.successors)]
            stays.append(replace(stay, end_reason="skift af tilbud"))
            stay = stay_from(
                draws, stay.citizen, successor, end + timedelta(days=1), "andet tilbud", group
            )
        elif draws.chance(service.returns):
            start = end + timedelta(days=draws.integer(30, 240))
            if start > AS_OF:
                break
            stays.append(stay)
            stay = stay_from(draws, stay.citizen, service, start, "tidligere forløb", group)
        else:
            break
    return [*stays, stay]


def companion(draws: Draws, stay: Stay) -> Stay | None:
    """A second service beside a stay: day activity or an escort; None for most."""
    if stay.service.paragraph in RESIDENTIAL and draws.chance(0.48):
        key = draws.weighted([("104", 7), ("104+", 2), ("103", 3)])
    elif stay.service.paragraph == "85" and draws.chance(0.16):
        key = draws.weighted([("97", 3), ("103", 2), ("104", 1)])
    else:
        return None
    start = stay.start + timedelta(days=draws.integer(5, 150))
    if start >= (stay.end or AS_OF):
        return None
    return Stay(
        stay.citizen,
        SERVICE[key],
        stay.target_group,
        start,
        stay.end,
        stay.end_reason,
        "andet tilbud",
    )


# --- case rows ----------------------------------------------------------------------------------


def decision_level(draws: Draws, profile: Profile, price_of_year: float) -> str:
    """Who granted the service: dearer services higher up, with the profile's exceptions."""
    levels = ("sagsbehandler", "leder", "visitationsudvalg", "chef")
    limits = (150_000, 600_000, 1_500_000)
    step = sum(price_of_year > limit for limit in limits)
    if draws.chance(profile.below_level):
        step = max(0, step - draws.integer(1, 2))
    return levels[step]


def follow_up_date(draws: Draws, profile: Profile, start: date, end: date | None) -> date | None:
    """The latest registered follow-up before the end or the as-of date; None without any."""
    seen = AS_OF if end is None else min(end, AS_OF)
    recent = draws.chance(profile.follow_up)
    day = seen - timedelta(days=draws.integer(5, 350) if recent else draws.integer(380, 900))
    return day if day >= start + timedelta(days=14) else None


def paperwork(draws: Draws, profile: Profile, stay: Stay, price_of_year: float) -> Paperwork:
    """Application, grant, follow-up and action plan of one case."""
    level = decision_level(draws, profile, price_of_year)
    if stay.service.paragraph in SELF_REFERRAL:
        return Paperwork(None, min(stay.start, AS_OF), "leder", None, None, "")
    longest_wait = 70 if stay.service.paragraph in RESIDENTIAL else 25
    granted = stay.start - timedelta(days=draws.integer(1, longest_wait))
    granted = min(granted, AS_OF - timedelta(days=draws.integer(1, 20)))
    case_days = stay.service.case_days * profile.case_time * draws.between(0.4, 1.8)
    followed_up = follow_up_date(draws, profile, stay.start, stay.end)
    offered = draws.chance(profile.plan_offered)
    plan_date = stay.start + timedelta(days=draws.integer(20, 140))
    made = offered and draws.chance(0.92) and plan_date <= min(stay.end or AS_OF, AS_OF)
    return Paperwork(
        granted - timedelta(days=round(case_days)),
        granted,
        level,
        followed_up,
        plan_date if made else None,
        "ja" if offered else "nej",
    )


def price_in(profile: Profile, service: Service, base: float, year: int) -> int:
    """The unit price in a year, in whole kroner: index, and the profile's own drift."""
    drift = profile.price_drift if service.paragraph in ("107", "108") else 0.0
    step = max(0, year - PERIOD_START.year)
    index = PRICE_INDEX[PERIOD_START.year + step] / PRICE_INDEX[PERIOD_START.year]
    return int(base * index * (1 + drift) ** step + 0.5)


def price_periods(
    years: tuple[int, ...], start: date, end: date | None
) -> list[tuple[date, date | None]]:
    """A stay cut at every January of `years`."""
    last = AS_OF if end is None else end
    cuts = [date(year, 1, 1) for year in years if start < date(year, 1, 1) <= last]
    starts = [start, *cuts]
    ends: list[date | None] = [cut - timedelta(days=1) for cut in cuts]
    return list(zip(starts, [*ends, end], strict=True))


def base_price(draws: Draws, profile: Profile, service: Service, provider: Provider) -> float:
    """The unit price of a case in 2021: catalogue, municipality, provider and the case itself."""
    extra = profile.residential_price if service.paragraph in ("107", "108") else 1.0
    need = 1 + service.spread * max(-1.8, min(2.4, draws.normal()))
    if service.paragraph in ("107", "108") and draws.chance(0.05):
        need *= 1.6
    return service.price * profile.price_level * extra * provider.factor * need


def case_rows(
    draws: Draws, profile: Profile, stay: Stay, provider: Provider, case_id: str
) -> list[CaseRow]:
    """All rows of one case, a new one where the price is regulated."""
    service = stay.service
    base = base_price(draws, profile, service, provider)
    quantity = draws.integer(*service.quantity)
    paper = paperwork(draws, profile, stay, yearly_price(service.unit, base * quantity))
    source = "takstblad" if provider.owner != PRIVATE else "aftale"
    years = YEARS[1:] if service.yearly else provider.regulated
    return [
        CaseRow(
            case_id,
            stay,
            provider,
            paper,
            start,
            end,
            price_in(profile, service, base, start.year),
            quantity,
            service.title,
            service.unit,
            source,
        )
        for start, end in price_periods(years, stay.start, stay.end)
    ]


def settling_in(draws: Draws, row: CaseRow, case_id: str) -> CaseRow:
    """A one-off grant on the day a citizen moves in."""
    paper = replace(
        row.paperwork, level="sagsbehandler", followed_up=None, plan_date=None, plan_offered=""
    )
    return replace(
        row,
        case_id=case_id,
        stay=replace(row.stay, end=row.start, end_reason="planlagt ophør"),
        paperwork=paper,
        end=row.start,
        price=draws.integer(12, 38) * 1_000,
        quantity=1,
        title="Etablering ved indflytning",
        unit="engang",
    )


def simulate_cases(profile: Profile) -> tuple[list[Provider], list[CaseRow]]:
    """Providers and case rows of one municipality."""
    draws = profile.draws(1)
    providers = build_providers(draws)
    rows: list[CaseRow] = []
    number = 0
    for index in range(1, profile.citizens + 1):
        path = care_path(draws, first_stay(draws, profile, f"B{profile.code}-{index:04d}"))
        beside = [second for stay in path if (second := companion(draws, stay))]
        for stay in [*path, *beside]:
            provider = choose_provider(draws, profile, providers, stay.service.paragraph)
            number += 1
            new = case_rows(draws, profile, stay, provider, f"S{profile.code}-{number:05d}")
            rows += new
            moved_in = stay.service.paragraph == "107" and PERIOD_START <= stay.start <= AS_OF
            if moved_in and draws.chance(0.3):
                number += 1
                rows.append(settling_in(draws, new[0], f"S{profile.code}-{number:05d}"))
    return providers, rows
