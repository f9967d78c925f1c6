"""All sheets of one municipality, in the order of the workbook."""

from __future__ import annotations

from generator.cases import CaseRow, simulate_cases
from generator.catalogue import (
    ADVICE_FUNCTION,
    FUNCTIONS,
    REFUND_FUNCTION,
    SUPPORT_FUNCTION,
)
from generator.ledger import LedgerRow, build_ledger
from generator.practice import practice_sheet, statement_sheet
from generator.profiles import Profile
from generator.registers import (
    action_sheet,
    assumption_sheet,
    case_review_sheet,
    complaint_sheet,
    deadline_sheet,
    document_sheet,
    goal_sheet,
    index_sheet,
    investment_sheet,
    municipality_sheet,
    population_sheet,
    provider_sheet,
    transition_sheet,
)
from generator.workbook import Row, Sheet

LEDGER_COLUMNS = (
    "år",
    "måned",
    "funktion",
    "funktionsnavn",
    "dranst",
    "gruppering",
    "tilbud",
    "art",
    "version",
    "beløb",
    "prisniveau",
    "opfølgning",
)
CASE_COLUMNS = (
    "sag_id",
    "borger_id",
    "paragraf",
    "ydelse",
    "tilbud",
    "leverandørtype",
    "funktion",
    "startdato",
    "slutdato",
    "pris",
    "enhed",
    "antal",
    "målgruppe",
    "fødselsår",
    "ansøgt_dato",
    "bevilget_dato",
    "iværksat_dato",
    "bevilget_niveau",
    "sidste_opfølgning",
    "handleplan_dato",
    "handleplan_tilbudt",
    "afslutningsårsag",
    "tilgang_fra",
    "betalingskommune",
    "pris_kilde",
)


def ledger_row(row: LedgerRow) -> Row:
    """A row of Økonomi, the amount in kroner.

    The support function holds several paragraphs, and the invented ledger does not split it, so its
    grouping is blank.
    """
    refund = row.function == REFUND_FUNCTION
    split = row.function != SUPPORT_FUNCTION
    provider = "Rådgivningsenheden" if row.function == ADVICE_FUNCTION else None
    return (
        row.year,
        row.month,
        row.function,
        FUNCTIONS[row.function],
        "2" if refund else "1",
        "001" if split else None,
        provider,
        row.art,
        row.version,
        row.oere / 100,
        "løbende",
        row.followed_up,
    )


def case_row(row: CaseRow, payer: str) -> Row:
    """A row of Sager; the reason why a case ended stands on its last row only."""
    stay, paper = row.stay, row.paperwork
    last = row.end is not None and row.end == stay.end
    return (
        row.case_id,
        stay.citizen.id,
        row.paragraph,
        row.title,
        row.provider.name,
        row.provider.owner,
        stay.service.function,
        row.start,
        row.end,
        row.price,
        row.unit,
        row.quantity,
        stay.target_group,
        stay.citizen.birth_year,
        paper.applied,
        paper.granted,
        stay.start,
        paper.level,
        paper.followed_up,
        paper.plan_date,
        paper.plan_offered or None,
        (stay.end_reason or None) if last else None,
        stay.inflow,
        payer,
        row.price_source,
    )


def build_sheets(profile: Profile) -> list[Sheet]:
    """Every sheet of the municipality's workbook."""
    providers, cases = simulate_cases(profile)
    ledger = build_ledger(profile, cases)
    return [
        municipality_sheet(profile),
        population_sheet(profile),
        Sheet("Økonomi", LEDGER_COLUMNS, [ledger_row(row) for row in ledger.rows]),
        Sheet("Sager", CASE_COLUMNS, [case_row(row, str(profile.code)) for row in cases]),
        provider_sheet(profile, providers, cases),
        practice_sheet(profile),
        statement_sheet(),
        transition_sheet(profile),
        investment_sheet(profile, ledger),
        index_sheet(),
        complaint_sheet(profile),
        goal_sheet(),
        action_sheet(profile),
        assumption_sheet(ledger.assumptions),
        deadline_sheet(),
        case_review_sheet(profile, cases),
        document_sheet(profile),
    ]
