"""All that is known of one municipality when its review is put together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from styring.aggregate import columns_used
from styring.compare import Comparison, Peer, PeerKey
from styring.facts import Unit
from styring.figures import Figures
from styring.model import Indicator
from styring.prepare import DERIVED, Prepared
from styring.read.account import Account
from styring.score import Points
from styring.similar import Chosen
from styring.tables import Note


@dataclass(frozen=True, slots=True)
class Evidence:
    """The figures, what they are compared with, and what speaks for and against them.

    `everyone` holds all municipalities of the peers file, `compared` only the chosen ones.
    `left_out` counts the peers' rows of other definitions, price levels or refund bases.
    """

    ready: Prepared
    indicators: Sequence[Indicator]
    figures: Figures
    compared: Mapping[str, Comparison | None]
    points: Mapping[str, Points]
    everyone: Mapping[PeerKey, Sequence[Peer]] = field(default_factory=dict)
    left_out: Mapping[str, int] = field(default_factory=dict)
    chosen: Chosen = field(default_factory=Chosen)
    accounts: Mapping[str, Account] = field(default_factory=dict)
    notes: Sequence[Note] = ()
    file: str = ""

    @property
    def units(self) -> dict[str, Unit]:
        """Return the units by id."""
        return {u.id: u for u in self.ready.facts.unit}

    def sheet_name(self, sheet: str) -> str:
        """Return what the workbook calls a sheet."""
        source = self.ready.tables.sources.get(sheet)
        return source.sheet if source else sheet

    def account(self, sheet: str) -> Account | None:
        """Return what became of a sheet's rows."""
        return self.accounts.get(self.sheet_name(sheet))

    def warnings(self, indicator: Indicator, sheet: str) -> list[Note]:
        """Return the warnings about the cells of a sheet that a figure rests on."""
        columns = {c for a in indicator.value.aggregates for c in columns_used(a)} | {""}
        names = {sheet, self.sheet_name(sheet)}
        return [
            n
            for n in self.notes
            if n.severity != "info" and n.sheet in names and n.column in columns
        ]


def sheets_of(indicator: Indicator) -> list[str]:
    """Return the ids of the sheets a figure rests on."""
    return list(dict.fromkeys(DERIVED.get(a.from_, a.from_) for a in indicator.value.aggregates))
