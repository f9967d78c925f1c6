"""Parts of a review: what the case workers' desks hold on the as-of date, as counts."""

from __future__ import annotations

from styring.errors import Texts, join_texts
from styring.review.part import Part


class FollowUpLine(Part):
    """Running cases by when their next follow-up is due; None where few citizens are behind."""

    slot: str
    title: Texts
    late: bool
    cases: int | None


class DecisionLine(Part):
    """New grants of the latest finished year that one level decided on; a full year's kroner."""

    level: str | None
    title: Texts
    cases: int | None
    cost: float | None


class TransitionLine(Part):
    """Young people who turn 18: how many, and what is expected of them a year, kroner.

    `priced` is how many of them have an expected price.
    """

    kind: str
    title: Texts
    young: int | None
    cost: float | None
    priced: int | None


class CaseworkPart(Part):
    """Follow-up, plans, waiting, decisions, price rises and transitions.

    A count is None where 1–4 citizens are behind it, or would follow from the others.
    `grant_days` and `start_days` are medians in which open cases are censored.
    """

    points: tuple[Texts, ...]
    follow_up: tuple[FollowUpLine, ...]
    running: int | None
    late: int | None
    without_plan: int | None
    open_applications: int | None
    grant_days: float | None
    start_days: float | None
    year: int
    decisions: tuple[DecisionLine, ...]
    rises: int | None
    rises_kr: float | None
    transitions: tuple[TransitionLine, ...]

    @property
    def text(self) -> Texts:
        """Return the points as one text."""
        return join_texts([*self.points])
