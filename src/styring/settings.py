"""A municipality's own choices (`styring.toml`): weights, goals, yardsticks, steps of the refund.

All in the unit a report shows; what a definition holds is in its raw unit (0.9 for 90 per cent).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise
from pathlib import Path
from typing import Annotated, Any, Literal

import tomli
from pydantic import Field, ValidationError

from styring.definitions import Loc, nearest, not_utf8, schema_problems, toml_problem
from styring.errors import InputError, Texts
from styring.facts import Facts, RefundRule, Unit
from styring.model import Catalogue, Goalposts, Indicator, Strict
from styring.plan_order import PlanSettings
from styring.privacy import LEAST, mask_cpr
from styring.problem import Problem, line_of, problem
from styring.text import counted_texts, fold

FILE = "styring.toml"
RULE = "settings"
YEARS = range(1990, 2101)
Real = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Whole = Annotated[int, Field(strict=True)]


class IndicatorSettings(Strict):
    """What is chosen for one indicator, in the unit a report shows."""

    weight: Real | None = None
    goal: Real | None = None
    goal_year: Whole | None = None
    worst: Real | None = None
    best: Real | None = None
    min_count: Whole | None = None
    materiality: Real | None = None


class RefundSettings(RefundRule):
    """Steps of the central refund for years the facts shelf lacks."""

    law: str = "Serviceloven § 176"
    verified: bool = False


class PeerSettings(Strict):
    """Whom to be compared with, where the command line does not say."""

    group: tuple[str, ...] = ()
    region: str | None = None
    similar: Annotated[int, Field(strict=True, ge=1)] | None = None
    by: tuple[str, ...] = ()
    context: str | None = None
    scale: Literal["robust", "z"] = "robust"
    weight: dict[str, Annotated[float, Field(strict=True, gt=0, allow_inf_nan=False)]] = Field(
        default_factory=dict
    )


class Settings(Strict):
    """What `styring.toml` says."""

    format: Literal[1] = 1
    set: str | None = None
    indicator: dict[str, IndicatorSettings] = Field(default_factory=dict)
    refund: tuple[RefundSettings, ...] = ()
    peers: PeerSettings = PeerSettings.model_construct()
    plan: PlanSettings = PlanSettings.model_construct()


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal in the unit shown; `year` is None for the accounting year. `place` is `file:line`."""

    indicator: str
    year: int | None
    value: float
    place: str


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of a review and the file they came from, if there is one."""

    settings: Settings = field(default_factory=Settings.model_construct)
    file: Path | None = None
    text: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def name(self) -> str:
        """Return the name of the file."""
        return mask_cpr(self.file.name) if self.file else FILE

    @property
    def sha256(self) -> str:
        """Return the SHA-256 of the file."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def chosen(self) -> str | None:
        """Return the set it names, a file by its path; None where it names none."""
        name, file = self.settings.set, self.file
        if name is None or file is None or _is_no_set(name, file):
            return None
        return name if name in {"core", "all"} else str(file.parent / name)

    @property
    def context(self) -> Path | None:
        """Return the file of framework conditions it names; None where it names none."""
        name, file = self.settings.peers.context, self.file
        return None if name is None or file is None else file.parent / name

    @property
    def goals(self) -> tuple[Goal, ...]:
        """Return the goals it sets."""
        return tuple(
            Goal(i, s.goal_year, s.goal, self.place("indicator", i, "goal"))
            for i, s in self.settings.indicator.items()
            if s.goal is not None
        )

    def place(self, *path: str) -> str:
        """Return where a key stands, as `file:line`."""
        return f"{mask_cpr(str(self.file))}:{line_of(self.text, path)}"


def config_for(workbook: Path, file: Path | None = None) -> Config:
    """Return the settings in a file, else in the `styring.toml` beside a workbook, else none.

    What is wrong with them is kept for `refuse_mistakes`, which knows the indicators.

    Raises:
        InputError: the file is not there, or is no TOML.
    """
    if file is None:
        beside = workbook.parent / FILE
        return read_config(beside) if beside.is_file() else Config()
    if not file.is_file():
        raise InputError(
            Texts("Filen med indstillinger findes ikke.", "There is no such file of settings."),
            where=mask_cpr(str(file)),
        )
    return read_config(file)


def read_config(file: Path) -> Config:
    """Return the settings in a file; what could not be read of them as problems.

    Raises:
        InputError: the file cannot be read, or is no TOML.
    """
    name = mask_cpr(file.name)
    try:
        text = file.read_bytes().decode("utf-8")
        data = tomli.loads(text)
    except OSError as error:
        raise InputError(
            Texts("Filen kan ikke læses.", "The file cannot be read."), where=mask_cpr(str(file))
        ) from error
    except UnicodeDecodeError as error:
        raise _refusal([not_utf8(name, error)], file) from error
    except tomli.TOMLDecodeError as error:
        raise _refusal([toml_problem(name, text, error)], file) from error
    try:
        config = Config(Settings.model_validate(data), file, text)
    except ValidationError as error:
        problems = tuple(schema_problems(name, text, error, _keys))
        config = Config(_what_holds(data, error), file, text, problems)
    return replace(config, problems=(*config.problems, *_missing_files(config, file)))


def _missing_files(config: Config, file: Path) -> Iterator[Problem]:
    """Yield the set and the file of framework conditions that are named and not there."""
    name, text = config.name, config.text
    chosen = config.settings.set
    if chosen is not None and _is_no_set(chosen, file):
        message = Texts(f"Sættet «{chosen}» findes ikke.", f"There is no set “{chosen}”.")
        hint = Texts(
            'Skriv "core", "all" eller navnet på en fil ved siden af med ét id på hver linje.',
            'Write "core", "all" or the name of a file beside this one with one id a line.',
        )
        yield problem(name, text, ("set",), RULE, message, hint=hint)
    if config.context is not None and not config.context.is_file():
        message = Texts(
            "Filen med rammevilkår findes ikke.", "There is no such file of framework conditions."
        )
        hint = Texts(
            "Skriv navnet på en fil ved siden af, eller stien til den herfra.",
            "Write the name of a file beside this one, or the path to it from here.",
        )
        yield problem(name, text, ("peers", "context"), RULE, message, hint=hint)


def _is_no_set(chosen: str, file: Path) -> bool:
    return chosen not in {"core", "all"} and not (file.parent / chosen).is_file()


def _keys(loc: Loc) -> list[str]:
    """Return the keys that may stand where an unknown one does."""
    model: type[Strict] = Settings
    if len(loc) > 1:
        parts: dict[str, type[Strict]] = {
            "indicator": IndicatorSettings,
            "peers": PeerSettings,
            "plan": PlanSettings,
        }
        model = parts.get(str(loc[0]), RefundSettings)
    return list(model.model_fields)


def _what_holds(data: Mapping[str, Any], error: ValidationError) -> Settings:
    """Return the settings without the parts that a model refused, so that the rest is looked at."""
    bad = {e["loc"][:2] if e["loc"][0] == "indicator" else e["loc"][:1] for e in error.errors()}
    kept = {k: v for k, v in data.items() if (k,) not in bad}
    if isinstance(own := kept.get("indicator"), dict):
        kept["indicator"] = {k: v for k, v in own.items() if ("indicator", k) not in bad}
    return Settings.model_validate(kept)


def refuse_mistakes(config: Config, catalogue: Catalogue, facts: Facts) -> None:
    """Refuse settings that have mistakes.

    Raises:
        InputError: any mistake, all of them listed with their place.
    """
    if config.file is None:
        return
    problems = [*config.problems, *_mistakes(config, catalogue, facts)]
    if problems:
        raise _refusal(problems, config.file)


def _refusal(problems: Sequence[Problem], file: Path) -> InputError:
    listed = Texts(*("".join(_told(p, lang) for p in _ordered(problems)) for lang in ("da", "en")))
    count = counted_texts(len(problems), ("fejl", "fejl"), ("mistake", "mistakes"))
    return InputError(
        Texts(
            f"Indstillingerne har {count.da}:{mask_cpr(listed.da)}",
            f"The settings have {count.en}:{mask_cpr(listed.en)}",
        ),
        where=mask_cpr(str(file)),
    )


def _ordered(problems: Sequence[Problem]) -> list[Problem]:
    return sorted(problems, key=lambda p: p.order)


def _told(p: Problem, lang: Literal["da", "en"]) -> str:
    hint = f"\n    → {p.hint[lang]}" if p.hint else ""
    return f"\n  {p.file}:{p.line}:{p.place.column}: {p.message[lang]}{hint}"


def _mistakes(config: Config, catalogue: Catalogue, facts: Facts) -> Iterator[Problem]:
    known = {i.id: i for i in catalogue.known}
    units = {u.id: u for u in facts.unit}
    for name, chosen in config.settings.indicator.items():
        i = known.get(name)
        if i is None:
            yield _stranger(config, catalogue, ("indicator", name))
            continue
        for key, message in _against(i, chosen, units[i.unit]):
            path = ("indicator", name, key)
            yield problem(config.name, config.text, path, RULE, message)
    for n, name in enumerate(config.settings.plan.first):
        if name not in known:
            yield _stranger(config, catalogue, ("plan", "first", n), name)
    for n, key, message in _refund_mistakes(config.settings.refund, facts):
        yield problem(config.name, config.text, ("refund", n, key), RULE, message)


def _stranger(
    config: Config, catalogue: Catalogue, path: tuple[str | int, ...], name: str | None = None
) -> Problem:
    """Return that nobody measures what a place names; the last of its path where none is given."""
    named = name or str(path[-1])
    message, hint = _unknown(named, catalogue)
    return problem(config.name, config.text, path, RULE, message, hint=hint, word=named)


def _unknown(name: str, catalogue: Catalogue) -> tuple[Texts, Texts | None]:
    """Return what to say of an id nobody measures, and what may be meant."""
    gone = next((i for i in catalogue.retired if i.id == name), None)
    if gone is not None:
        new = gone.replaced_by
        return (
            Texts(f"Indikatoren «{name}» er udgået.", f"The indicator “{name}” is retired."),
            Texts(f"Skriv {new!r}.", f"Write {new!r}.") if new else None,
        )
    by_name = {fold(n): i.id for i in catalogue.known for n in (*i.aliases, i.title.da, i.title.en)}
    meant = by_name.get(fold(name))
    return (
        Texts(f"Indikatoren «{name}» kendes ikke.", f"The indicator “{name}” is not known."),
        Texts(f"Skriv {meant!r}.", f"Write {meant!r}.")
        if meant
        else nearest(name, [i.id for i in catalogue.known]),
    )


def _against(i: Indicator, s: IndicatorSettings, unit: Unit) -> Iterator[tuple[str, Texts]]:
    """Yield what is chosen for an indicator that its definition does not allow, by key."""
    if s.weight is not None and i.better == "context":
        yield (
            "weight",
            Texts(
                "Et belysende tal får ingen point og har derfor ingen vægt.",
                "A context figure gets no points and so has no weight.",
            ),
        )
    elif s.weight is not None and s.weight <= 0:
        yield (
            "weight",
            Texts(
                "Et tal, der får point, skal have en vægt over 0.",
                "A figure that gets points needs a weight above 0.",
            ),
        )
    floor = max(LEAST, i.min_count)
    if s.min_count is not None and s.min_count < floor:
        yield (
            "min_count",
            Texts(
                f"min_count kan kun hæves: mindst {floor}.",
                f"min_count can only be raised: at least {floor}.",
            ),
        )
    if s.materiality is not None and s.materiality <= 0:
        yield "materiality", Texts("materiality skal være over 0.", "materiality must be above 0.")
    if s.goal_year is not None and s.goal is None:
        yield "goal_year", Texts("goal_year hører til goal.", "goal_year goes with goal.")
    elif s.goal_year is not None and s.goal_year not in YEARS:
        yield "goal_year", Texts(f"{s.goal_year} er ikke et år.", f"{s.goal_year} is no year.")
    yield from _ends(i, s, unit)


def _ends(i: Indicator, s: IndicatorSettings, unit: Unit) -> Iterator[tuple[str, Texts]]:
    given = [k for k in ("worst", "best") if getattr(s, k) is not None]
    if not given:
        return
    posts = goalposts(i)
    if posts is None:
        yield (
            given[0],
            Texts(
                "Indikatoren får ikke point efter worst og best.",
                "The indicator does not get its points by worst and best.",
            ),
        )
        return
    now = _moved_ends(posts, s, unit)
    match i.better:
        case "higher" if now.worst >= now.best:
            yield (
                given[0],
                Texts(
                    "Højt er godt: best skal være over worst.",
                    "High is good: best must be above worst.",
                ),
            )
        case "lower" if now.worst <= now.best:
            yield (
                given[0],
                Texts(
                    "Lavt er godt: best skal være under worst.",
                    "Low is good: best must be below worst.",
                ),
            )
        case "target" if now.worst <= now.best or now.best < 0:
            yield (
                given[0],
                Texts(
                    "worst og best er afstande fra målet: best skal være den mindste og mindst 0.",
                    "worst and best are distances from the target: best must be the smaller and at "
                    "least 0.",
                ),
            )


def goalposts(indicator: Indicator) -> Goalposts | None:
    """Return the goalposts an indicator is scored by, if it is."""
    return next((m for m in indicator.scoring if isinstance(m, Goalposts)), None)


def _moved_ends(posts: Goalposts, s: IndicatorSettings, unit: Unit) -> Goalposts:
    ends = {"worst": s.worst, "best": s.best}
    return posts.model_copy(
        update={k: x / unit.scale for k, x in ends.items() if x is not None},
    )


def _refund_mistakes(
    rules: Sequence[RefundSettings], facts: Facts
) -> Iterator[tuple[int, str, Texts]]:
    """Yield what is wrong with steps of the refund: which, at what key, why."""
    verified = [r for r in facts.refund if r.verified]
    for n, rule in enumerate(rules):
        first, last = rule.valid_from, rule.valid_to
        if (first.month, first.day) != (1, 1) or (last.month, last.day) != (12, 31) or last < first:
            yield (
                n,
                "valid_from",
                Texts(
                    "Trappen gælder hele år: fra 1. januar til 31. december.",
                    "The steps cover whole years: from 1 January to 31 December.",
                ),
            )
        if rule.below_age is not None and rule.below_age <= rule.from_age:
            yield (
                n,
                "below_age",
                Texts("below_age skal være over from_age.", "below_age must be above from_age."),
            )
        if not rule.step or any(
            high.above <= low.above or high.rate <= low.rate for low, high in pairwise(rule.step)
        ):
            yield (
                n,
                "step",
                Texts(
                    "Der skal være mindst ét trin, og hvert trin skal have en højere grænse og en "
                    "højere andel end det forrige.",
                    "At least one step is needed, and each must have a higher limit and a higher "
                    "rate than the one before.",
                ),
            )
        if any(_same_years(rule, r) for r in verified):
            yield (
                n,
                "valid_from",
                Texts(
                    "styring har årets trappe i forvejen; den kan ikke ændres.",
                    "styring has the steps of the year already; they cannot be changed.",
                ),
            )
    for (_, one), (n, other) in combinations(enumerate(rules), 2):
        if _same_years(one, other) and _same_ages(one, other):
            yield (
                n,
                "valid_from",
                Texts(
                    "En anden trappe gælder de samme år og aldre.",
                    "Other steps cover the same years and ages.",
                ),
            )


def _same_years(one: RefundRule, other: RefundRule) -> bool:
    return one.valid_from <= other.valid_to and other.valid_from <= one.valid_to


def _same_ages(one: RefundRule, other: RefundRule) -> bool:
    def ends(rule: RefundRule) -> tuple[int, float]:
        return rule.from_age, float("inf") if rule.below_age is None else rule.below_age

    (low, high), (other_low, other_high) = ends(one), ends(other)
    return low < other_high and other_low < high


def applied(catalogue: Catalogue, settings: Settings, facts: Facts) -> Catalogue:
    """Return a catalogue with what is chosen for its indicators, in their raw units."""
    if not settings.indicator:
        return catalogue
    units = {u.id: u for u in facts.unit}

    def chosen(i: Indicator) -> Indicator:
        s = settings.indicator.get(i.id)
        return i if s is None else _applied(i, s, units[i.unit])

    return catalogue.model_copy(
        update={
            "indicators": tuple(map(chosen, catalogue.indicators)),
            "rest": tuple(map(chosen, catalogue.rest)),
        }
    )


def _applied(i: Indicator, s: IndicatorSettings, unit: Unit) -> Indicator:
    update: dict[str, object] = {}
    if s.weight is not None:
        update["weight"] = s.weight
    if s.min_count is not None:
        update["min_count"] = s.min_count
    if s.materiality is not None:
        update["materiality"] = s.materiality / unit.scale
    if s.worst is not None or s.best is not None:
        posts = goalposts(i)
        update["scoring"] = tuple(
            _moved_ends(m, s, unit) if isinstance(m, Goalposts) and m is posts else m
            for m in i.scoring
        )
    return i.model_copy(update=update) if update else i


def facts_with(facts: Facts, settings: Settings) -> Facts:
    """Return the facts with one's own steps of the refund.

    They take the place of steps of the same years that nobody has looked up.
    """
    own = settings.refund
    if not own:
        return facts
    kept = [r for r in facts.refund if r.verified or not any(_same_years(r, o) for o in own)]
    return facts.model_copy(update={"refund": (*kept, *own)})


def years_of(rule: RefundRule) -> str:
    """Return the years that steps of the refund cover: `2024` or `2024–2025`."""
    first, last = rule.valid_from.year, rule.valid_to.year
    return str(first) if first == last else f"{first}–{last}"
