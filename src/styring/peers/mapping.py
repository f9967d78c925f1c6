"""The mapping file of an import: which column is what, and what the file itself does not say."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

import tomli
from pydantic import Field, ValidationError, model_validator

from styring.definitions import Loc, not_utf8, schema_problems, toml_problem
from styring.errors import InputError, Texts
from styring.model import Identifier, Strict
from styring.problem import Problem

Aggregation = Literal["mean", "sum", "last"]


class Columns(Strict):
    """The names of columns; what is not named is found by what stands in the cells."""

    municipality: str | None = None
    code: str | None = None
    period: str | None = None
    indicator: str | None = None
    title: str | None = None
    unit: str | None = None
    value: str | None = None
    numerator: str | None = None
    denominator: str | None = None
    price_level: str | None = None
    refund: str | None = None
    definition_version: str | None = None
    source: str | None = None


class Fixed(Strict):
    """What holds for every row."""

    period: str | None = None
    indicator: Identifier | None = None
    title: str | None = None
    unit: str | None = None
    price_level: Literal["løbende", "faste"] | None = None
    refund: Literal["før", "efter"] | None = None
    definition_version: Annotated[int, Field(ge=1)] | None = None
    source: str | None = None


class ImportMap(Strict):
    """A mapping file.

    `sheet` is a sheet of a workbook, `decimal` the decimal mark where figures do not show it,
    `multiply` what every value is multiplied by (0.01 makes per cent a share), `aggregate` how
    quarters and months become a year, `ids` the id of each name in the indicator column.
    """

    format: Literal[1] = 1
    sheet: str | None = None
    decimal: Literal[",", "."] | None = None
    multiply: float = 1
    aggregate: Aggregation | None = None
    columns: Columns = Columns()
    fixed: Fixed = Fixed()
    ids: dict[str, Identifier] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _parts_fit(self) -> ImportMap:
        columns = self.columns
        for name in Fixed.model_fields:
            if getattr(columns, name, None) is not None and getattr(self.fixed, name) is not None:
                raise ValueError(
                    Texts(
                        f"{name} står både under [columns] og under [fixed].",
                        f"{name} stands both under [columns] and under [fixed].",
                    )
                )
        if (columns.numerator is None) != (columns.denominator is None):
            raise ValueError(
                Texts(
                    "numerator og denominator hører sammen.",
                    "numerator and denominator go together.",
                )
            )
        if columns.numerator is not None and self.aggregate is not None:
            raise ValueError(
                Texts(
                    "aggregate kan ikke bruges, hvor der er numerator og denominator.",
                    "aggregate cannot be used where there are numerator and denominator.",
                )
            )
        return self

    @property
    def named(self) -> dict[str, str]:
        """Return the columns that are named, by what they are."""
        return self.columns.model_dump(exclude_none=True)


def read_mapping(path: Path) -> ImportMap:
    """Return a mapping file.

    Raises:
        InputError: not there, not TOML, or unknown keys; all mistakes with line and column.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(
            Texts("Oversættelsesfilen kan ikke læses.", "The mapping file cannot be read."),
            where=str(path),
            hint=Texts("Se efter, om stien er rigtig.", "Check the path."),
        ) from error
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _mistakes(path, [not_utf8(path.name, error)]) from error
    try:
        return ImportMap.model_validate(tomli.loads(text))
    except tomli.TOMLDecodeError as error:
        raise _mistakes(path, [toml_problem(path.name, text, error)]) from error
    except ValidationError as error:
        problems = list(schema_problems(path.name, text, error, _keys))
        raise _mistakes(path, problems) from error


def _keys(loc: Loc) -> list[str]:
    """Return the keys that may stand where an unknown one does."""
    models: dict[object, type[Strict]] = {"columns": Columns, "fixed": Fixed}
    model = models.get(loc[0], ImportMap) if len(loc) > 1 else ImportMap
    return list(model.model_fields)


def _mistakes(path: Path, problems: Sequence[Problem]) -> InputError:
    first = min(problems, key=lambda p: p.order)
    said = Texts(*(" ".join(p.message[lang] for p in problems) for lang in ("da", "en")))
    return InputError(
        said,
        where=Texts(f"{path}, linje {first.line}", f"{path}, line {first.line}"),
        hint=first.hint,
    )
