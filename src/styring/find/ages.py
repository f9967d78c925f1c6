"""Do more get support, or are we only older?"""

from __future__ import annotations

from styring.ages import ages
from styring.prepare import Prepared
from styring.review import AgeLine, AgesPart
from styring.say import sentence
from styring.text import both, number

PER = 1000


def ages_part(ready: Prepared) -> AgesPart | None:
    """Return citizens with support per 1,000 adults with age held fixed, and what it says."""
    found = ages(ready)
    if found is None:
        return None
    first, last = found.years[0], found.years[-1]
    ratio = found.expected
    key = "more" if ratio.low > 1 else "fewer" if ratio.high < 1 else "same"
    expected = last.citizens / ratio.value
    return AgesPart(
        lines=tuple(
            AgeLine(
                year=y.year,
                citizens=y.citizens,
                crude=y.crude * PER,
                standardised=y.standardised.value * PER,
                low=y.standardised.low * PER,
                high=y.standardised.high * PER,
            )
            for y in found.years
        ),
        ratio=ratio.value,
        ratio_low=ratio.low,
        ratio_high=ratio.high,
        text=sentence(
            f"ages.{key}",
            aar=last.year,
            foer=first.year,
            antal=both(number, float(last.citizens)),
            ventet=both(number, expected),
            fast=both(number, last.standardised.value * PER, 1),
            dengang=both(number, first.standardised.value * PER, 1),
        ),
    )
