"""Why two amounts differ: shared out over number, mix and price, closed to the krone.

Three bridges: our own expenditure against the peers', a year against the year before, the budget
against the accounts. Each is a sum over services of products, so the parts do not depend on the
order in which factors or services are looked at.
"""

from __future__ import annotations

from styring.bridge.own import between_years, budget_to_accounts
from styring.bridge.parts import Bridge, Service, Step, Volume, split
from styring.bridge.peers import against_peers

__all__ = [
    "Bridge",
    "Service",
    "Step",
    "Volume",
    "against_peers",
    "between_years",
    "budget_to_accounts",
    "split",
]
