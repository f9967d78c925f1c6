"""A scenario as a small TOML file: what is changed, from when, and what that is thought to cost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, ClassVar, Literal

import tomli
from pydantic import Field, ValidationError

from styring.definitions import Loc, nearest, not_utf8, schema_problems, toml_problem
from styring.errors import InputError, Texts
from styring.model import Strict
from styring.privacy import LEAST, mask_cpr
from styring.problem import Problem, line_of, problem
from styring.text import counted_texts, day

Real = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Amount = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=1e6)]
"""Kroner a day, not negative."""
Share = Annotated[float, Field(strict=True, allow_inf_nan=False, ge=0, le=100)]
Number = Annotated[int, Field(strict=True, ge=1)]
Rate = Annotated[float, Field(strict=True, allow_inf_nan=False, gt=0, le=1000)]
Provider = Literal["egen", "anden kommune", "region", "privat"]
Who = Literal["dearest", "cheapest", "average"]
Kind = Literal["price", "move", "home", "inflow", "outflow", "follow_up"]
RULE = "scenario"


class Measure(Strict):
    """What every measure has: a name of one's own, the paragraph, the first day it works."""

    kind: ClassVar[Kind]
    name: str = ""
    paragraph: str | None = None
    start: date = Field(alias="from")


class Price(Measure):
    """A price changed by per cent, or by kroner a day, for all or one paragraph or provider."""

    kind = "price"
    provider: Provider | None = None
    percent: Annotated[float, Field(strict=True, allow_inf_nan=False, ge=-100, le=1000)] | None = (
        None
    )
    kroner: Real | None = None


class Move(Measure):
    """Citizens moved to another paragraph at a price a day."""

    kind = "move"
    number: Number
    paragraph: str
    to_paragraph: str
    who: Who = "average"
    price: Amount


class Home(Measure):
    """Bought places taken home to a price of one's own a day."""

    kind = "home"
    number: Number
    paragraph: str
    provider: Provider | None = None
    who: Who = "average"
    price: Amount


class Inflow(Measure):
    """So many more citizens a month than the cases know of, at a price a day."""

    kind = "inflow"
    number: Rate
    price: Amount


class Outflow(Measure):
    """So many more a month who leave than the cases know of; at the paragraph's average price."""

    kind = "outflow"
    number: Rate
    paragraph: str
    price: Amount | None = None


class FollowUp(Measure):
    """The dearest cases followed up: the share of their cost, in per cent, thought to be saved."""

    kind = "follow_up"
    number: Number
    saved: Share


class ScenarioFile(Strict):
    """What a scenario file says."""

    format: Literal[1] = 1
    title: str = ""
    price: tuple[Price, ...] = ()
    move: tuple[Move, ...] = ()
    home: tuple[Home, ...] = ()
    inflow: tuple[Inflow, ...] = ()
    outflow: tuple[Outflow, ...] = ()
    follow_up: tuple[FollowUp, ...] = ()


PARTS: dict[str, type[Measure]] = {
    m.kind: m for m in (Price, Move, Home, Inflow, Outflow, FollowUp)
}


@dataclass(frozen=True, slots=True)
class Placed:
    """A measure and where it stands: its place in its own list, and its line."""

    measure: Measure
    index: int
    line: int


@dataclass(frozen=True, slots=True)
class Scenario:
    """A scenario: its measures in the order of the file."""

    title: str
    measures: tuple[Placed, ...]


def read_scenario(
    file: Path, as_of: date, paragraphs: Sequence[str], known: Sequence[str]
) -> Scenario:
    """Return a scenario's measures in the order of the file.

    Args:
        file: the TOML file.
        as_of: measures begin after it, and no later than the end of the next year.
        paragraphs: those that cases stand under.
        known: further paragraphs that one may move to.

    Raises:
        InputError: the file cannot be read, or has mistakes; all of them with line and column.
    """
    name = mask_cpr(file.name)
    try:
        text = file.read_bytes().decode("utf-8")
        found = ScenarioFile.model_validate(tomli.loads(text))
    except OSError as error:
        raise InputError(
            Texts("Filen kan ikke læses.", "The file cannot be read."),
            where=mask_cpr(str(file)),
            hint=Texts(
                "Giv stien til en fil, der ender på .toml.", "Give the path of a .toml file."
            ),
        ) from error
    except UnicodeDecodeError as error:
        raise _refusal([not_utf8(name, error)], file) from error
    except tomli.TOMLDecodeError as error:
        raise _refusal([toml_problem(name, text, error)], file) from error
    except ValidationError as error:
        raise _refusal(list(schema_problems(name, text, error, _keys)), file) from error
    placed = [
        Placed(m, n, line_of(text, (kind, n)))
        for kind in PARTS
        for n, m in enumerate(getattr(found, kind))
    ]
    if not placed:
        raise InputError(
            Texts("Filen har ingen tiltag.", "The file has no measures."),
            where=mask_cpr(str(file)),
            hint=Texts(
                f"Skriv mindst ét af {', '.join(f'[[{k}]]' for k in PARTS)}.",
                f"Write at least one of {', '.join(f'[[{k}]]' for k in PARTS)}.",
            ),
        )
    problems = [
        problem(name, text, (p.measure.kind, p.index, key), RULE, message, hint=hint)
        for p in placed
        for key, message, hint in _mistakes(p.measure, as_of, paragraphs, known)
    ]
    if problems:
        raise _refusal(problems, file)
    return Scenario(found.title, tuple(sorted(placed, key=lambda p: p.line)))


def _keys(loc: Loc) -> list[str]:
    """Return the keys that may stand where an unknown one does."""
    model = PARTS.get(str(loc[0]), ScenarioFile) if len(loc) > 1 else ScenarioFile
    return [f.alias or n for n, f in model.model_fields.items()]


def _refusal(problems: Sequence[Problem], file: Path) -> InputError:
    ordered = sorted(problems, key=lambda p: p.order)

    def told(p: Problem, lang: Literal["da", "en"]) -> str:
        hint = f"\n    → {p.hint[lang]}" if p.hint else ""
        return f"\n  {p.file}:{p.line}:{p.place.column}: {p.message[lang]}{hint}"

    listed = Texts(*("".join(told(p, lang) for p in ordered) for lang in ("da", "en")))
    count = counted_texts(len(ordered), ("fejl", "fejl"), ("mistake", "mistakes"))
    return InputError(
        Texts(
            f"Scenariet har {count.da}:{mask_cpr(listed.da)}",
            f"The scenario has {count.en}:{mask_cpr(listed.en)}",
        ),
        where=mask_cpr(str(file)),
    )


Mistake = tuple[str, Texts, Texts | None]
"""A key, what is wrong with its value, what to write."""


def _mistakes(
    m: Measure, as_of: date, paragraphs: Sequence[str], known: Sequence[str]
) -> Iterator[Mistake]:
    """Yield what a measure cannot say of this workbook."""
    last = date(as_of.year + 1, 12, 31)
    if not as_of < m.start <= last:
        span = Texts(*(f"{day(as_of, x)} – {day(last, x)}" for x in ("da", "en")))
        yield (
            "from",
            Texts(
                f"Datoen {day(m.start)} ligger uden for det, der regnes på ({span.da}).",
                f"The date {day(m.start, 'en')} lies outside what is computed ({span.en}).",
            ),
            Texts(
                f"Skriv en dato efter opgørelsesdatoen {day(as_of)}.",
                f"Write a date after the as-of date {day(as_of, 'en')}.",
            ),
        )
    if m.paragraph is not None and m.paragraph not in paragraphs:
        yield _unknown("paragraph", m.paragraph, paragraphs)
    if isinstance(m, Move):
        every = sorted({*paragraphs, *known})
        if m.to_paragraph not in every:
            yield _unknown("to_paragraph", m.to_paragraph, every)
    if isinstance(m, Price) and (m.percent is None) == (m.kroner is None):
        yield (
            "percent",
            Texts(
                "Skriv enten percent eller kroner, ikke begge og ikke ingen af dem.",
                "Write either percent or kroner, not both and not none of them.",
            ),
            None,
        )
    chosen = isinstance(m, FollowUp) or (isinstance(m, Move | Home) and m.who != "average")
    if isinstance(m, Move | Home | FollowUp) and chosen and m.number < LEAST:
        hint = Texts('Eller skriv who = "average".', 'Or write who = "average".')
        yield (
            "number",
            Texts(
                f"Under {LEAST} udvalgte borgere kan kendes på beløbet: skriv mindst {LEAST}.",
                f"Fewer than {LEAST} chosen citizens can be known by the amount: at least {LEAST}.",
            ),
            None if isinstance(m, FollowUp) else hint,
        )


def _unknown(key: str, paragraph: str, paragraphs: Sequence[str]) -> Mistake:
    bare = paragraph.replace("§", "").strip()
    hint = nearest(bare, paragraphs) or Texts(
        f"Der er sager på {', '.join(paragraphs)}.", f"There are cases on {', '.join(paragraphs)}."
    )
    message = Texts(
        f"Paragraffen «{paragraph}» har ingen sager og kendes ikke.",
        f"The paragraph “{paragraph}” has no cases and is not known.",
    )
    return key, message, hint
