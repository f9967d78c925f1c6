"""A document as PDF: tagged for screen readers (PDF/UA-1), set by typst without an office suite."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import typst

from styring.errors import InputError, Lang, Texts
from styring.formats.content import document
from styring.formats.picture import FONT, fonts
from styring.formats.words import template_file
from styring.review import Review

TEMPLATE = "review.typ"
STANDARD: Final = "ua-1"
FETCHES = re.compile(r'\beval\b|\b(?:import|include)\b(?!\s*"[^"@\\][^"\\]*\.typ")')
"""What can fetch packages from the net: anything but a file named in so many words."""
UNSET = re.compile(
    "[^\t\n\x20-\x7e\xa0-\u036f\u0384-\u038a\u038c\u038e-\u03a1\u03a3-\u03ce\u0400-\u0513"
    "\u1e00-\u1e9b\u1ea0-\u1ef9\u2000-\u200a\u2010-\u2022\u2026\u202f\u2030\u2032-\u2034\u2039\u203a"
    "\u2044\u20a0-\u20b5\u2122\u2190-\u2195\u2206\u2211\u2212\u221e\u2248\u2260\u2264\u2265\u25a0\u25a1]"
)
"""Signs that the font lacks: a tagged PDF may not hold them."""
IN_PLACE = "□"


def render_pdf(review: Review, templates: Path, lang: Lang) -> bytes:
    """Return a review as a PDF. A sign that the font lacks is shown as an empty square.

    Raises:
        InputError: the template cannot be used, or a word is missing; the message names the line.
    """
    doc = document(review, templates, lang)
    file, day = template_file(templates, TEMPLATE), doc.created
    created = {"year": day.year, "month": day.month, "day": day.day}
    data = _settable({**asdict(doc), "font": FONT, "created": created})
    _refuse_fetching(file)
    try:
        made = typst.compile(
            file,
            root=file.parent,
            format="pdf",
            pdf_standards=STANDARD,
            sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            timestamp=datetime(day.year, day.month, day.day, tzinfo=UTC),
            font_paths=fonts(),
        )
    except typst.TypstError as error:
        raise _broken(file, error.diagnostic or error.message) from error
    assert isinstance(made, bytes)
    return made


def _refuse_fetching(template: Path) -> None:
    """Refuse a template that could fetch something, itself or by a file beside it."""
    for file in sorted({template, *template.parent.rglob("*.typ")}):
        try:
            source = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise _broken(file, str(error)) from error
        if found := FETCHES.search(source):
            line = source.count("\n", 0, found.start()) + 1
            raise InputError(
                Texts(
                    f"Skabelonen må kun hente filer, der står ved siden af den ({found[0]}).",
                    f"The template may only fetch files that stand beside it ({found[0]}).",
                ),
                where=Texts(f"{file}, linje {line}", f"{file}, line {line}"),
                hint=Texts(
                    'Skriv #import "fil.typ" eller #include "fil.typ".',
                    'Write #import "file.typ" or #include "file.typ".',
                ),
            )


def _settable(value: Any) -> Any:
    """Return a value of any depth in which every text can be set in the font."""
    if isinstance(value, str):
        return UNSET.sub(IN_PLACE, value)
    if isinstance(value, dict):
        return {k: _settable(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_settable(v) for v in value]
    return value


def _broken(file: Path, why: str) -> InputError:
    return InputError(
        Texts(f"Skabelonen kan ikke bruges: {why}", f"The template cannot be used: {why}"),
        where=str(file),
        hint=Texts(
            "Ret linjen, eller udelad --templates for at bruge skabelonen i styring.",
            "Mend the line, or leave out --templates to use the template in styring.",
        ),
    )
