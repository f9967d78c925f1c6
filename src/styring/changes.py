"""Two catalogues set against each other: which definitions changed, in words."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel

from styring.errors import Texts, join_texts, texts
from styring.facts import Facts, Unit
from styring.model import (
    ByPeers,
    ByTarget,
    Change,
    Goalposts,
    Indicator,
    IndicatorTest,
    Maturity,
    Value,
)
from styring.say import capital, distance, exactly, plain, sentence, word
from styring.text import both, code, day, decimals_of, percent

COMPUTED = frozenset({
    "value", "unit", "min_count", "least", "valid_from", "valid_to", "headline",
})  # fmt: skip
"""The keys a figure comes from: where one has changed, the figure may come out otherwise."""
MADE_BY = COMPUTED - {"min_count"} | {"price_basis", "refund"}
"""Of these the checksum of a definition is made: a municipality's own floor moves no figure."""
IN_UNIT = ("target", "above", "below", "worst", "best")
APART = ("tolerance", "materiality", "reach")
SHARES = ("growth_above", "p")
WORDS = ("status", "better", "interval", "kind", "price_basis", "refund", "headline", "form",
         "reduce", "period", "beyond_peers", "effort")  # fmt: skip
"""The keys whose values have words of their own, in a section of the same name."""
SHORT = ("title", "owner")
"""The texts that are short enough to be shown before and after."""
QUOTED = ("law", "aliases")
SHELVES = {"unit": "unit", "centre": "centre", "dimension": "dimension",
           "value_type": "value_type", "lead": "centre", "join": "centre"}  # fmt: skip
"""The keys whose values have titles on the facts shelf."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One definition that is not what it was.

    `what` says what changed, a line each. `figure_may_move` tells whether the figure itself may
    come out otherwise; points and texts do not move it.
    """

    id: str
    title: Texts
    kind: Literal["added", "removed", "renamed", "changed"]
    what: tuple[Texts, ...] = ()
    figure_may_move: bool = False
    version_raised: bool = False


def changes(
    old: Sequence[Indicator], new: Sequence[Indicator], facts: Facts
) -> tuple[Changed, ...]:
    """Return what changed from one catalogue to another.

    Args:
        old: the catalogue before.
        new: the catalogue now; its order is kept, what is gone comes last.
        facts: the shelf that units, centres and kinds of figures stand on.
    """
    before = {i.id: i for i in old}
    now = {i.id for i in new}
    gone = [i for i in old if i.id not in now]
    found: list[Changed] = []
    for i in new:
        earlier = before.get(i.id) or next((g for g in gone if _is_renamed(g, i)), None)
        if earlier is None:
            found.append(Changed(i.id, i.title, "added"))
            continue
        if earlier in gone:
            gone.remove(earlier)
        if earlier != i:
            found.append(_changed(earlier, i, facts))
    return (*found, *(Changed(i.id, i.title, "removed") for i in gone))


def checksum(indicator: Indicator) -> str:
    """Return a checksum of all in a definition that a figure comes from; texts do not move it."""
    said = indicator.model_dump_json(include=set(MADE_BY), by_alias=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _is_renamed(old: Indicator, new: Indicator) -> bool:
    """Return whether a definition that is gone stands in the new one under another id."""
    named = old.replaced_by == new.id or old.id in new.aliases
    return named or old.model_copy(update={"id": new.id}) == new


def _changed(old: Indicator, new: Indicator, facts: Facts) -> Changed:
    units = {u.id: u for u in facts.unit}
    told = _Told(facts, units.get(old.unit), units.get(new.unit))
    moved = {k for k in Indicator.model_fields if getattr(old, k) != getattr(new, k)}
    what = []
    for key in (k for k in Indicator.model_fields if k in moved):
        name = word("field", key)
        lines = list(told.differences(name, key, getattr(old, key), getattr(new, key)))
        what += lines or [sentence("changed.text", navn=name)]
    raised = new.version > old.version
    if moved & {"value", "scoring"} and not raised:
        what.append(sentence("changed.not_raised", version=new.version))
    return Changed(
        new.id,
        new.title,
        "changed" if old.id == new.id else "renamed",
        tuple(capital(line) for line in what),
        figure_may_move=bool(moved & COMPUTED),
        version_raised=raised,
    )


@dataclass(frozen=True, slots=True)
class _Told:
    """How differences are told: the facts, and the units before and now."""

    facts: Facts
    before: Unit | None
    now: Unit | None

    def differences(self, name: Texts, key: str, old: Any, new: Any) -> Iterator[Texts]:
        """Yield the differences between two values of a key, a line each."""
        if old == new:
            return
        match old, new:
            case Value(), Value():
                yield from self._models(None, old, new)
            case (Texts(), Texts()) if key not in SHORT:
                yield sentence("changed.text", navn=name)
            case (None, Texts() | BaseModel()) if key not in SHORT:
                yield sentence("changed.text_added", navn=name)
            case (Texts() | BaseModel(), None) if key not in SHORT:
                yield sentence("changed.text_removed", navn=name)
            case BaseModel(), BaseModel():
                yield from self._models(name, old, new)
            case dict(), dict():
                yield from self._levels(old, new)
            case tuple(), tuple() if key != "age":
                yield from self._entries(name, key, old, new)
            case _:
                before, now = self._shown(key, old, self.before), self._shown(key, new, self.now)
                yield sentence("changed.value", navn=name, foer=before, nu=now)

    def _models(self, name: Texts | None, old: BaseModel, new: BaseModel) -> Iterator[Texts]:
        """Yield the differences of two records, key by key."""
        for key in type(old).model_fields:
            part = word("inner", key)
            whole = sentence("changed.part", hele=name, part=part) if name else part
            yield from self.differences(whole, key, getattr(old, key), getattr(new, key))

    def _levels(self, old: Mapping[str, Texts], new: Mapping[str, Texts]) -> Iterator[Texts]:
        for step in sorted({*old, *new}):
            name = sentence("changed.level", trin=step)
            yield from self.differences(name, "levels", old.get(step), new.get(step))

    def _entries(
        self, name: Texts, key: str, old: Sequence[Any], new: Sequence[Any]
    ) -> Iterator[Texts]:
        """Yield what has come into a list, what has left it, and what is otherwise in it."""
        before, now = ({_key(x): x for x in xs} for xs in (old, new))
        for k in [k for k in before if k not in now]:
            yield sentence("changed.removed", navn=name, hvad=self._entry(key, before[k]))
        for k, x in now.items():
            if k not in before and isinstance(x, Change):
                yield sentence("changed.note", version=x.version, hvad=x.what)
            elif k not in before:
                yield sentence("changed.added", navn=name, hvad=self._entry(key, x))
            elif isinstance(x, IndicatorTest | Change) and x != before[k]:
                yield sentence("changed.rewritten", navn=name, hvad=self._entry(key, x))
            elif isinstance(x, BaseModel) and x != before[k]:
                part = sentence("changed.part", hele=name, part=self._entry(key, x))
                yield from self._models(part, before[k], x)
        if before.keys() == now.keys() and list(before) != list(now):
            yield sentence("changed.order", navn=name)

    def _entry(self, key: str, x: Any) -> Texts:
        """Return what an entry of a list is called."""
        match x:
            case IndicatorTest():
                return sentence("changed.quoted", tekst=x.name)
            case Change():
                return sentence("definition.version", antal=x.version)
            case Goalposts() | ByPeers() | ByTarget() | Maturity():
                return word("method_name", x.method)
            case _:
                return self._shown(key, x, self.now)

    def _shown(self, key: str, x: Any, unit: Unit | None) -> Texts:
        """Return a value as readers see it."""
        match x:
            case None | bool():
                return word("changed", {None: "nothing", True: "yes", False: "no"}[x])
            case float() | int():
                return self._number(key, float(x), unit)
            case date():
                return both(day, x)
            case Texts():
                return sentence("changed.quoted", tekst=x)
            case tuple():
                shown = [self._shown(key, one, unit) for one in x]
                return join_texts(shown, "–" if key == "age" else ", ")
            case _:
                return self._named(key, x)

    def _named(self, key: str, name: str) -> Texts:
        """Return a value that is a name: its title, its word, or as it stands."""
        if key in SHELVES:
            return self._titled(SHELVES[key], name)
        if key in WORDS:
            return word(key, name)
        if key == "aggregate":
            return word("column", name)
        return sentence("changed.quoted", tekst=name) if key in QUOTED else texts(code(name))

    def _number(self, key: str, x: float, unit: Unit | None) -> Texts:
        if key in SHARES:
            return both(percent, x, decimals_of(x * 100))
        if unit and key in APART:
            return distance(self.facts.unit, unit, x)
        return exactly(unit, x) if unit and key in IN_UNIT else plain(x)

    def _titled(self, shelf: str, name: str) -> Texts:
        """Return the title of something on the facts shelf; its id where it is not there."""
        found = next((x for x in getattr(self.facts, shelf) if x.id == name), None)
        if found is None:
            return texts(code(name))
        return found.label if isinstance(found, Unit) else found.title


def _key(entry: Any) -> Any:
    """Return what tells an entry of a list from the others."""
    match entry:
        case IndicatorTest():
            return entry.name
        case Change():
            return entry.version
        case Goalposts() | ByPeers() | ByTarget() | Maturity():
            return entry.method
        case _:
            return entry
