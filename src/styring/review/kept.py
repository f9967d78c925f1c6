"""Parts of a review: what the municipality keeps in the plan sheet of its report workbook."""

from __future__ import annotations

from datetime import date
from typing import Literal

from styring.errors import Texts
from styring.review.part import Part

Status = Literal["ikke påbegyndt", "i gang", "gennemført", "opgivet"]
STATUSES: dict[Status, Texts] = {
    "ikke påbegyndt": Texts("ikke påbegyndt", "not begun"),
    "i gang": Texts("i gang", "under way"),
    "gennemført": Texts("gennemført", "done"),
    "opgivet": Texts("opgivet", "dropped"),
}
"""What an action can be, in the words of the sheet; the same as on the sheet Handleplan."""


class KeptAction(Part):
    """What the municipality has written beside an action, or an action of its own.

    `id` is the indicator of an action that styring proposed, else `egen-1`, `egen-2` …
    """

    id: str
    title: str
    status: Status | None = None
    owner: str = ""
    deadline: date | None = None
    note: str = ""

    @property
    def is_touched(self) -> bool:
        """Return whether anything was written beside the action."""
        return bool(self.status or self.owner or self.deadline or self.note)
