"""The plan that is kept in a report workbook is not lost when the report is written again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from styring.errors import InputError, OutputError, Texts
from styring.read_plan import REPORT, is_changed, report_of


def taken_over(folder: Path, previous: Sequence[Path]) -> frozenset[str]:
    """Return the files of a folder that may be replaced, for their plan was read."""
    file = folder / REPORT
    given = [report_of(p) for p in previous]
    read = file.is_file() and any(p.is_file() and p.samefile(file) for p in given)
    return frozenset({REPORT}) if read else frozenset()


def refuse_lost_plan(folder: Path, previous: Sequence[Path] = (), *, overwrite: bool) -> None:
    """Refuse to write over a report workbook whose plan was changed and not read.

    Args:
        folder: the review's own.
        previous: the workbooks, or their folders, that the plan was read from.
        overwrite: whether the plan may be lost.

    Raises:
        OutputError: the plan sheet holds what styring did not write.
    """
    file = folder / REPORT
    if overwrite or not file.is_file() or taken_over(folder, previous):
        return
    try:
        changed = is_changed(file)
    except InputError:
        return  # no report workbook of ours: there is no plan in it to lose
    if changed:
        raise OutputError(
            Texts(
                "Handleplanen i projektmappen er ændret og bliver ikke overskrevet.",
                "The action plan in the workbook was changed and is not overwritten.",
            ),
            where=str(file),
            hint=Texts(
                f"Tag den med i gennemgangen med --previous {folder}, eller vælg en anden mappe "
                f"med --out. Med --overwrite går ændringerne tabt.",
                f"Carry it on in the review with --previous {folder}, or choose another folder "
                f"with --out. With --overwrite the changes are lost.",
            ),
        )
