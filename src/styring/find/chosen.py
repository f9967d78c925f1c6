"""What was chosen, in words: the set, definitions of one's own, the municipality's settings."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from styring.errors import Texts, join_texts, texts
from styring.facts import Facts, RefundRule, Unit
from styring.find.words import names_listed
from styring.model import Catalogue, Indicator
from styring.privacy import LEAST, mask_cpr
from styring.say import distance, exactly, plain, sentence, shown
from styring.settings import Config, IndicatorSettings, goalposts, years_of
from styring.text import both, decimals_of, kroner, percent


def set_lines(catalogue: Catalogue) -> Iterator[Texts]:
    """Yield which set was measured, and which definitions are the municipality's own."""
    some, every = len(catalogue.indicators), len(catalogue.known)
    if catalogue.choice == "all":
        yield sentence("method.set_all")
    else:
        key = "method.set_core" if catalogue.choice == "core" else "method.set"
        yield sentence(key, saet=mask_cpr(catalogue.choice), antal=some, alle=every)
    for key, ids in (("own_added", catalogue.added), ("own_replaced", catalogue.replaced)):
        if titles := [i.title for i in catalogue.indicators if i.id in ids]:
            yield sentence(f"method.{key}", titler=names_listed(titles))
    if not catalogue.extends:
        yield sentence("method.own_alone")


def settings_lines(before: Catalogue, config: Config, facts: Facts) -> Iterator[Texts]:
    """Yield what the municipality has chosen: what it is now, and what it is in the definitions.

    Args:
        before: the definitions without the settings.
        config: the settings.
        facts: the shelf the units stand on.
    """
    if config.file is None:
        return
    settings = config.settings
    yield sentence("settings.intro", fil=config.name)
    if settings.set is not None:
        used = before.choice == Path(settings.set).name
        key = "settings.set" if used else "settings.set_not_used"
        yield sentence(key, saet=mask_cpr(settings.set))
    for i in before.indicators:
        chosen = settings.indicator.get(i.id)
        if chosen is not None and (said := list(_choices(i, chosen, facts))):
            yield sentence("settings.indicator", titel=i.title, valg=join_texts(said, "; "))
    idle = [i.title for i in before.rest if i.id in settings.indicator]
    if idle:
        yield sentence("settings.unmeasured", titler=names_listed(idle))
    yield from map(_refund, settings.refund)


def _choices(i: Indicator, s: IndicatorSettings, facts: Facts) -> Iterator[Texts]:
    """Yield each thing chosen for an indicator."""
    unit = next(u for u in facts.unit if u.id == i.unit)
    if s.weight is not None:
        yield _instead("weight", plain(s.weight), plain(i.weight))
    if s.goal is not None:
        key = "settings.goal" if s.goal_year is None else "settings.goal_year"
        yield sentence(key, nu=_goal(i, unit, s.goal), aar=s.goal_year)
    posts = goalposts(i)
    apart = i.better == "target"
    for key in ("worst", "best"):
        now = getattr(s, key)
        if now is not None and posts is not None:
            ends = (now / unit.scale, getattr(posts, key))
            said = (distance(facts.unit, unit, x) if apart else exactly(unit, x) for x in ends)
            yield _instead(f"{key}_target" if apart else key, *said)
    if s.min_count is not None:
        yield _instead("min_count", texts(str(s.min_count)), texts(str(max(LEAST, i.min_count))))
    if s.materiality is not None:
        now = distance(facts.unit, unit, s.materiality / unit.scale)
        old = None if i.materiality is None else distance(facts.unit, unit, i.materiality)
        yield _instead("materiality", now, old)


def _instead(key: str, now: Texts, old: Texts | None) -> Texts:
    """Return a choice with what it stands in for."""
    said = sentence(f"settings.{key}", nu=now)
    if old is None:
        return sentence("settings.new", valg=said)
    return sentence("settings.same" if now == old else "settings.instead", valg=said, foer=old)


def _goal(i: Indicator, unit: Unit, goal: float) -> Texts:
    """Return a goal with the decimals the figure is shown with, more where it has more."""
    usual = unit.decimals if i.decimals is None else i.decimals
    return shown(unit, goal / unit.scale, max(usual, decimals_of(goal)))


def _refund(rule: RefundRule) -> Texts:
    steps = [
        sentence("settings.step", andel=both(percent, s.rate, decimals_of(s.rate * 100)),
                 beloeb=both(kroner, s.above))
        for s in rule.step
    ]  # fmt: skip
    ages = _ages(rule)
    return sentence(
        "settings.refund_ages" if ages else "settings.refund",
        lov=rule.law,
        aar=years_of(rule),
        aldre=ages,
        trin=names_listed(steps),
        kilde=texts(mask_cpr(rule.source).rstrip(".")),
    )


def _ages(rule: RefundRule) -> Texts | None:
    low, high = rule.from_age or None, rule.below_age
    if low is None and high is None:
        return None
    key = "between" if low and high else "below" if high else "from"
    return sentence(f"settings.{key}", fra=low, til=high)
