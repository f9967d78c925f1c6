"""Words that findings share."""

from __future__ import annotations

from collections.abc import Sequence

from styring.errors import Texts
from styring.text import listed


def centre_name(centre: str) -> Texts:
    """Return a centre's short name."""
    names = {
        "strategisk-politisk": Texts("strategisk-politisk", "strategic-political"),
        "oekonomisk-finansiel": Texts("økonomisk-finansiel", "economic-financial"),
        "socialfaglig": Texts("socialfaglig", "professional"),
        "sammenhaeng": Texts("de tre styringscentre sammen", "the three centres together"),
    }
    return names[centre]


def over_under(difference: float) -> Texts:
    """Return `over` or `under`."""
    return Texts("over", "above") if difference >= 0 else Texts("under", "below")


def names_listed(items: Sequence[Texts]) -> Texts:
    """Return `a, b og c` in both languages."""
    return Texts(listed([i.da for i in items]), listed([i.en for i in items], "en"))
