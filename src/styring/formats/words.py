"""The headings and labels of a report, from the template folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import tomli

from styring.errors import InputError, Lang, Texts

Words = dict[str, Any]


def load_words(templates: Path, lang: Lang) -> Words:
    """Return the words of a language.

    Raises:
        InputError: the file is missing or broken.
    """
    file = templates / f"{lang}.toml"
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
