"""How the action plan is ordered, where the municipality chooses so."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from styring.model import Strict

Power = Annotated[float, Field(strict=True, ge=0, le=5, allow_inf_nan=False)]


class PlanSettings(Strict):
    """How the action plan is ordered: the exponent of each factor, and what comes first."""

    effect: Power = 1.0
    weakness: Power = 1.0
    feasibility: Power = 1.0
    first: tuple[str, ...] = ()

    @property
    def powers(self) -> tuple[float, float, float]:
        """Return the exponents of effect, weakness and feasibility."""
        return self.effect, self.weakness, self.feasibility
