"""A definition's arithmetic in words: how it adds up, what it comes to, how it gives points."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from styring.aggregate import kind_of
from styring.definitions import load_spec
from styring.errors import Lang, Texts, join_texts, texts
from styring.facts import Unit
from styring.find.outcome import STRONG_LOW, WEAK_HIGH
from styring.find.parts import column_name
from styring.measure import COUNTED_TABLES, LEAST_ANSWERS, LEAST_STATEMENTS
from styring.model import (
    Aggregate,
    ByPeers,
    ByTarget,
    FindingText,
    Goalposts,
    Indicator,
    Maturity,
    Value,
)
from styring.prepare import DERIVED
from styring.privacy import LEAST
from styring.say import distance, exactly, plain, sentence, word
from styring.score import LEAST_PEERS, STRONG, WEAK
from styring.text import both, code, count_word, decimals_of, listed, number, percent

YEARS = "aar"
SUMS = ("sum", "count_unique", "aggregate")
"""The ways of adding up whose results may be added up in turn."""
WAYS = ("sum", "count_unique", "mean", "median", "quantile", "median_time")
OLDEST = 120
"""An upper age beyond this is none."""
_AGES = re.compile(r"(\d+)(?:-(\d+)|\+)")


def column(table: str, name: str) -> Texts:
    """Return a column as people know it: a sheet's own by its header, another in words."""
    known = column_name(table, name)
    own = {c.name for c in load_spec()[DERIVED.get(table, table)].column}
    return texts(code(known.da)) if known.da in own else known


def all_of(items: Sequence[Texts]) -> Texts:
    """Return `a, b and c` in both languages."""
    return Texts(listed([t.da for t in items], "da"), listed([t.en for t in items], "en"))


def sheet(table: str) -> Texts:
    """Return the sheet of a table and what a row of it is."""
    found = load_spec()[DERIVED.get(table, table)]
    row = word("table", table) if table in DERIVED else sentence("table.row", raekke=found.row)
    return sentence("table.named", ark=found.name, hvad=row)


def way_of(agg: Aggregate) -> str:
    """Return the name of the way an aggregate adds up."""
    return next((w for w in WAYS if getattr(agg, w) is not None), "aggregate")


def way(agg: Aggregate) -> Texts:
    """Return what an aggregate adds up and how."""
    name = way_of(agg)
    if name == "aggregate":
        return word("way", agg.aggregate or "count")
    columns = [column(agg.from_, c) for c in agg.columns]
    if agg.median_time:
        seen = columns[2] if agg.median_time.seen_from else None
        key = "way.median_time_seen" if seen else "way.median_time"
        return sentence(key, tid=columns[0], slut=columns[1], foer=seen)
    share = both(percent, agg.quantile.p, 0) if agg.quantile else None
    return sentence(f"way.{name}", kolonner=all_of(columns), andel=share)


def age_text(group: str) -> Texts:
    """Return an age group in words: `18-64`, `18+` or `alle`."""
    found = _AGES.fullmatch(group)
    if found is None:
        return word("age", "all")
    return _ages(int(found[1]), int(found[2]) if found[2] else None)


def _ages(low: int, high: int | None) -> Texts:
    if high is None or high > OLDEST:
        return sentence("age.from", fra=low)
    return sentence("age.between", fra=low, til=high)


def lag_text(lag: int) -> Texts:
    """Return how many years back something lies."""
    if lag == 1:
        return word("formula", "lag_one")
    return sentence("formula.lag_many", antal=both(count_word, lag))


def aggregate_lines(agg: Aggregate, lang: Lang, depth: int = 0) -> Iterator[str]:
    """Yield the lines of a list that tells how an aggregate is computed."""
    indent = "  " * depth

    def line(label: str, said: str) -> str:
        return f"{indent}- {word('formula', label)[lang]}: {said}".rstrip()

    yield line("sheet", sheet(agg.from_)[lang])
    yield line("way", way(agg)[lang])
    yield line("where", code(agg.where) if agg.where else word("formula", "all")[lang])
    if agg.age:
        yield line("age", _ages(*agg.age)[lang])
    yield line("period", word("period", kind_of(agg))[lang])
    if agg.period_by:
        yield line("period_by", column(agg.from_, agg.period_by)[lang])
    if agg.lag:
        yield line("lag", lag_text(agg.lag)[lang])
    if agg.minus:
        yield line("minus", "")
        yield from aggregate_lines(agg.minus, lang, depth + 1)
    if agg.scale:
        yield line("scale", "")
        yield from aggregate_lines(agg.scale.numerator, lang, depth + 1)
        yield line("over", "")
        yield from aggregate_lines(agg.scale.denominator, lang, depth + 1)


def rule(indicator: Indicator) -> Texts:
    """Return in words how the figure comes from its parts."""
    return join_texts([t for t in _pieces(indicator.value) if t])


def _pieces(value: Value) -> Iterator[Texts]:
    yield _formed(value)
    if value.multiplier != 1:
        yield sentence("rule.multiplier", tal=plain(value.multiplier))
    if value.deflate:
        yield sentence("rule.deflate", ark=load_spec()["prisindeks"].name)
    if value.common:
        yield sentence("rule.common", kolonne=column(value.numerator.from_, value.common))
    if value.over:
        yield _reduced(value)
    elif value.window:
        key = "rule.window" if value.denominator else "rule.window_one"
        yield sentence(key, antal=both(count_word, value.window))
    if value.current_only:
        yield word("rule", "current_only")


def _formed(value: Value) -> Texts:
    top, bottom = value.numerator, value.denominator
    match value.form:
        case "growth":
            return sentence("rule.growth", afstand=lag_text(bottom.lag if bottom else 1))
        case "relative":
            return word("rule", "relative")
        case "ratio":
            added = bottom is not None and {way_of(top), way_of(bottom)} <= set(SUMS)
            return word("rule", "ratio_sums" if added else "ratio_other")
        case _:
            kind = way_of(top)
            if kind == "mean" and top.from_ == "praksis":
                kind = "answers"
            elif kind == "aggregate":
                kind = "count" if top.aggregate == "count" else "persons"
            return word("rule", f"amount_{'count' if kind == 'count_unique' else kind}")


def _reduced(value: Value) -> Texts:
    limit = value.limit or 0.0
    share = value.form in ("relative", "growth")
    shown = both(percent, limit, decimals_of(limit * 100)) if share else plain(limit)
    together = sentence(f"rule.{value.reduce}", graense=shown)
    if value.over == YEARS:
        years = both(count_word, value.window or 1)
        return sentence("rule.over_years", antal=years, samlet=together)
    over = column(value.numerator.from_, value.over or "")
    return sentence("rule.over_column", kolonne=over, samlet=together)


def smallest(indicator: Indicator) -> Texts:
    """Return how much a figure must rest on to be shown."""
    value, found = indicator.value, []
    tables = {a.from_ for a in value.aggregates} & COUNTED_TABLES
    if tables:
        key = "least.complaints" if tables == {"klager"} else "least.citizens"
        found.append(sentence(key, antal=max(LEAST, indicator.min_count)))
    if indicator.least:
        found.append(sentence("least.sum", antal=both(number, float(indicator.least))))
    if value.numerator.from_ == "praksis" and value.over:
        found.append(sentence("least.statements", antal=LEAST_STATEMENTS))
    if value.numerator.mean:
        key = "least.answers" if value.numerator.from_ == "praksis" else "least.figures"
        found.append(sentence(key, antal=LEAST_ANSWERS))
    return join_texts(found, "; ") if found else word("least", "none")


def scoring(indicator: Indicator, units: Mapping[str, Unit]) -> tuple[Texts, ...]:
    """Return the yardsticks that give points, in their order."""
    unit, every = units[indicator.unit], list(units.values())
    told = []
    for method in indicator.scoring:
        match method:
            case Goalposts(worst=worst, best=best) if indicator.better == "target":
                ends = {"daarligst": distance(every, unit, worst),
                        "bedst": distance(every, unit, best)}  # fmt: skip
                key = "scoring.goalposts_target" if best else "scoring.goalposts_at_target"
                told.append(sentence(key, **ends))
            case Goalposts(worst=worst, best=best):
                ends = {"daarligst": exactly(unit, worst), "bedst": exactly(unit, best)}
                told.append(sentence("scoring.goalposts", **ends))
            case ByPeers():
                told.append(sentence("scoring.peers", antal=LEAST_PEERS))
            case ByTarget(reach=reach):
                told.append(sentence("scoring.target", raekkevidde=distance(every, unit, reach)))
            case Maturity():
                told.append(word("scoring", "maturity"))
    return tuple(told)


def trigger(outcome: str, text: FindingText, unit: Unit) -> Texts:
    """Return when a finding is written."""
    if outcome == "weak":
        return sentence("trigger.weak", point=plain(WEAK), graense=plain(WEAK_HIGH))
    if outcome == "strong":
        return sentence("trigger.strong", point=plain(STRONG), graense=plain(STRONG_LOW))
    found = []
    if text.above is not None:
        found.append(sentence("trigger.above", tal=exactly(unit, text.above)))
    if text.below is not None:
        found.append(sentence("trigger.below", tal=exactly(unit, text.below)))
    if (growth := text.growth_above) is not None:
        shown = both(percent, growth, decimals_of(growth * 100))
        found.append(sentence("trigger.growth_above", tal=shown))
    if text.beyond_peers:
        found.append(word("trigger", f"beyond_peers_{text.beyond_peers}"))
    if not found:
        return word("trigger", "attention_none")
    either = Texts(
        ", eller når ".join(t.da for t in found), ", or where ".join(t.en for t in found)
    )
    return sentence("trigger.attention", vilkaar=either)
