"""The lists for the team, beside a review: never in its folder, which is sent on."""

from __future__ import annotations

from pathlib import Path

from styring.errors import Lang, Texts, UsageError
from styring.formats.case_lists import case_lists
from styring.output import write_files
from styring.pipeline import Choices, measure_workbook, setup


def refuse_place(file: Path, report: Path) -> None:
    """Refuse a place where the lists would be sent on, or could not be opened.

    Raises:
        UsageError: the file is not .xlsx, or lies in the report's folder.
    """
    if file.suffix.lower() != ".xlsx":
        raise UsageError(
            Texts("Listerne skrives som .xlsx.", "The lists are written as .xlsx."),
            where=str(file),
            hint=Texts("Skriv --case-lists FIL.xlsx.", "Write --case-lists FILE.xlsx."),
        )
    if file.parent.resolve() == report.resolve():
        raise UsageError(
            Texts(
                "Listerne rummer personoplysninger og må ikke ligge i rapportens mappe.",
                "The lists hold personal data and must not lie in the report's folder.",
            ),
            where=str(file),
            hint=Texts("Vælg en anden mappe.", "Choose another folder."),
        )


def write_case_lists(workbook: Path, choices: Choices, file: Path, lang: Lang) -> Path:
    """Write the lists of a workbook and return their path.

    Raises:
        InputError: the workbook cannot be used, or has no cases.
        OutputError: the file cannot be written.
    """
    by = setup(choices, workbook)
    measured = measure_workbook(workbook, by, choices.as_of, beside=choices.beside)
    data = case_lists(measured.ready, lang)
    return write_files(file.parent, {file.name: data}, overwrite=True)[0]
