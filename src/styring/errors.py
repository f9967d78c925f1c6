"""What can go wrong, and the exit code each kind has.

    StyringError
    ├── UsageError    2   the command was given something it cannot take
    ├── InputError    3   a workbook, peers file or template cannot be used
    │   └── DefinitionError   an indicator definition is broken (1 in `check`)
    └── OutputError   5   a file or folder cannot be written

Each says what is wrong, where (file, sheet, cell), and what to do, in both languages.
`ContractError` stands outside the tree: a broken frame is a bug of ours, never the user's.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, ClassVar, Literal, get_args

Lang = Literal["da", "en"]
LANGS: tuple[Lang, ...] = get_args(Lang)


@dataclass(frozen=True, slots=True)
class Texts:
    """One message in both languages."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    da: str
    en: str

    def __getitem__(self, lang: Lang) -> str:
        """Return the text in `lang`."""
        return self.da if lang == "da" else self.en

    def __bool__(self) -> bool:
        """Return whether there is anything to say."""
        return bool(self.da or self.en)


def texts(text: str) -> Texts:
    """Return a text that reads the same in both languages (a name, a number)."""
    return Texts(text, text)


def join_texts(parts: list[Texts], sep: str = " ") -> Texts:
    """Return the parts put together, language by language."""
    return Texts(*(sep.join(getattr(p, f.name) for p in parts) for f in fields(Texts)))


class StyringError(Exception):
    """An error the user can mend; shown as one message, never as a traceback."""

    exit_code = 70

    def __init__(self, what: Texts, *, where: Texts | str = "", hint: Texts | None = None) -> None:
        super().__init__(what, where, hint)
        self.what, self.hint = what, hint
        self.where = where if isinstance(where, Texts) else texts(where)

    def __str__(self) -> str:
        """Return the whole message in English."""
        return self.message("en")

    def message(self, lang: Lang) -> str:
        """Return the whole message: place, what is wrong, what to do."""
        place = f"{self.where[lang]}: " if self.where else ""
        hint = f"\n  → {self.hint[lang]}" if self.hint else ""
        return f"{place}{self.what[lang]}{hint}"


class UsageError(StyringError):
    """The command was given something it cannot take."""

    exit_code = 2


class InputError(StyringError):
    """A file that was given cannot be used."""

    exit_code = 3


class DefinitionError(InputError):
    """An indicator definition is broken."""


class OutputError(StyringError):
    """A file or folder cannot be written."""

    exit_code = 5


class ContractError(Exception):
    """A frame broke its contract: a bug of ours."""
