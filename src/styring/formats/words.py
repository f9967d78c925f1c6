"""The headings and labels of a report, from the template folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tomli

from styring.definitions import desk
from styring.errors import InputError, Lang, Texts

Words = dict[str, Any]
SHIPPED = desk("templates") / "review"
"""The folder of templates that comes with styring."""


def template_file(templates: Path, name: str) -> Path:
    """Return a template of a folder, or styring's own where the folder has none of that name."""
    own = templates / name
    return own if own.is_file() else SHIPPED / name


def load_words(templates: Path, lang: Lang) -> Words:
    """Return the words of a language: styring's own, and over them those of the folder.

    Raises:
        InputError: a file is missing or broken.
    """
    words = _read(SHIPPED / f"{lang}.toml")
    own = templates / f"{lang}.toml"
    if not own.is_file():
        return words
    for name, value in _read(own).items():
        is_table = isinstance(value, dict) and isinstance(words.get(name), dict)
        words[name] = {**words[name], **value} if is_table else value
    return words


def _read(file: Path) -> Words:
    try:
        return tomli.loads(file.read_text("utf-8"))
    except OSError as error:
        raise InputError(
            Texts(
                "Filen med ord mangler i skabelonmappen.", "The template folder lacks its words."
            ),
            where=str(file),
        ) from error
    except (tomli.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            Texts(f"Filen med ord kan ikke læses: {error}", f"The words cannot be read: {error}"),
            where=str(file),
        ) from error
