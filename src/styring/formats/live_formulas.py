"""Formulas of the workbook's calculation: value, points by each method, and which points count.

Each is the formula of a cell as Excel in English has it, by the names that `name` gives.
"""

from __future__ import annotations

from collections.abc import Iterable

from styring.model import Better
from styring.review import Method, ScoringMethod

LEAST_PEERS, LEAST_COVERAGE, BLIND_SPOT = "mindste_kommuner", "mindste_daekning", "blind_vinkel"
"""The names of the limits that hold for all."""


def name(kind: str, indicator: str, end: str = "") -> str:
    """Return the defined name of a cell: `vaegt_belaegning`, `graense_belaegning_bedst`."""
    return "_".join(x for x in (kind, indicator.replace("-", "_"), end) if x)


def value(form: str, top: str, bottom: str, factor: str, years: str) -> str:
    """Return the formula of a figure from its two sums; nothing where one of them is missing.

    Args:
        form: amount, ratio, relative or growth.
        top: the cell of the numerator.
        bottom: the cell of the denominator.
        factor: the cell of what it is multiplied by.
        years: the cell of the years a growth is over.
    """
    if form == "amount":
        return f'=IF(ISNUMBER({top}),{top}*{factor},"")'
    made = {
        "ratio": f"{top}/{bottom}*{factor}",
        "relative": f"({top}-{bottom})/{bottom}*{factor}",
        "growth": f"(({top}/{bottom})^(1/{years})-1)*{factor}",
    }[form]
    usable = f"{top}/{bottom}>=0" if form == "growth" else "TRUE"
    given = f"AND(ISNUMBER({top}),ISNUMBER({bottom}))"
    return f'=IF({given},IF({bottom}=0,"",IF({usable},{made},"")),"")'


def points(method: Method, indicator: str, better: Better) -> str:
    """Return the formula of the points a method gives; nothing where it cannot be used."""
    x = name("vaerdi", indicator)
    match method:
        case "goalposts":
            return _goalposts(indicator, x, better)
        case "target":
            return _target(indicator, x, better)
        case "maturity":
            return f'=IF(ISNUMBER({x}),MAX(0,MIN(100,({x}-1)/4*100)),"")'
        case "peers":
            return _peers(indicator, x, better)


def _goalposts(indicator: str, x: str, better: Better) -> str:
    worst, best = (name("graense", indicator, end) for end in ("daarligst", "bedst"))
    if better == "target":
        goal, target = name("maal", indicator), name("sigte", indicator)
        x_from = f"ABS({x}-IF(ISNUMBER({goal}),{goal},{target}))"
    else:
        x_from = x
    line = f"MAX(0,MIN(100,({x_from}-{worst})/({best}-{worst})*100))"
    return f'=IF(AND(ISNUMBER({x}),{best}<>{worst}),{line},"")'


def _target(indicator: str, x: str, better: Better) -> str:
    goal, reach = name("maal", indicator), name("raekkevidde", indicator)
    short = {"higher": f"{goal}-{x}", "lower": f"{x}-{goal}"}.get(better, f"ABS({x}-{goal})")
    line = f"MAX(0,MIN(100,100-MAX(0,{short})/{reach}*100))"
    return f'=IF(AND(ISNUMBER({x}),ISNUMBER({goal})),{line},"")'


def _peers(indicator: str, x: str, better: Better) -> str:
    others = name("kommuner", indicator)
    theirs, ours, worse = others, x, "<"
    if better == "lower":
        worse = ">"
    elif better == "target":
        target = name("sigte", indicator)
        theirs, ours, worse = f"ABS({others}-{target})", f"ABS({x}-{target})", ">"
    share = f"(({theirs}{worse}{ours})+0.5*({theirs}={ours}))"
    line = f"SUMPRODUCT(ISNUMBER({others})*{share})/COUNT({others})*100"
    return f'=IF(AND(ISNUMBER({x}),COUNT({others})>={LEAST_PEERS}),{line},"")'


def first(cells: Iterable[str]) -> str:
    """Return the formula of the first of some cells that holds a number."""
    found = '""'
    for cell in reversed([*cells]):
        found = f"IF(ISNUMBER({cell}),{cell},{found})"
    return f"={found}"


def usable(methods: Iterable[ScoringMethod]) -> list[ScoringMethod]:
    """Return a definition's methods, each kind once: a second of a kind never counts."""
    found: dict[Method, ScoringMethod] = {}
    for m in methods:
        found.setdefault(m.method, m)
    return list(found.values())
