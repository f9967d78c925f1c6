"""Several municipalities side by side, from their finished reviews."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from styring.errors import Texts
from styring.review import CentrePart, Overview, OverviewFigure, OverviewRow, Review


def overview(reviews: Sequence[Review], failed: Mapping[str, str]) -> Overview:
    """Return the municipalities in order of name, their figures side by side, and what failed."""
    ordered = sorted(reviews, key=lambda r: r.municipality.name)
    marks = [r.mark for r in ordered if r.mark]
    return Overview(
        mark=marks[0] if marks else None,
        municipalities=tuple(_row(r) for r in ordered),
        figures=tuple(
            OverviewFigure(
                indicator=i.id,
                title=i.title,
                centre=i.centre,
                unit=i.unit,
                municipality=r.municipality.name,
                period=i.period,
                value=i.value,
                shown=i.shown,
                score=i.score,
            )
            for i_id in _ids(ordered)
            for r in ordered
            if (i := r.indicator(i_id)) is not None
        ),
        failed=dict(sorted(failed.items())),
    )


def _ids(reviews: Sequence[Review]) -> list[str]:
    return list(dict.fromkeys(i.id for r in reviews for i in r.indicators if i.group is None))


def _row(review: Review) -> OverviewRow:
    year = next((y for y in review.economy if y.year == review.year), None)
    follow_up = review.indicator("opfoelgning-rettidig")
    price = review.indicator("bevilget-pris-108")
    return OverviewRow(
        code=review.municipality.code,
        name=review.municipality.name,
        as_of=review.as_of,
        year=review.year,
        strategic=_score(review, "strategisk-politisk"),
        economic=_score(review, "oekonomisk-finansiel"),
        professional=_score(review, "socialfaglig"),
        interplay=_score(review, "sammenhaeng"),
        accounts=year.accounts if year else None,
        deviation_original=year.deviation_original_share if year else None,
        deviation_corrected=year.deviation_corrected_share if year else None,
        follow_up=follow_up.value if follow_up else None,
        price_108=price.value if price else None,
        weaknesses=sum(f.kind == "weakness" for f in review.findings),
        strengths=sum(f.kind == "strength" for f in review.findings),
        warnings=sum(n.severity != "info" for n in review.data_notes),
        first_action=review.actions[0].title if review.actions else Texts("–", "–"),
    )


def _score(review: Review, centre: str) -> float | None:
    found: CentrePart | None = next((c for c in review.centres if c.id == centre), None)
    return found.score if found else None
