"""Formats: a review in, bytes out. A format is one function; the table names them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from styring.errors import Lang
from styring.formats.html import render_html
from styring.formats.markdown import render_markdown
from styring.formats.xlsx import render_xlsx
from styring.review import Review

Render = Callable[[Review, Path, Lang], bytes]
"""A review, the folder of templates and the language give the file's bytes."""


def render_json(review: Review, _templates: Path, _lang: Lang) -> bytes:
    """Return the review itself, serialised."""
    return review.model_dump_json(indent=1, by_alias=True).encode("utf-8") + b"\n"


FORMATS: Mapping[str, Render] = {
    "json": render_json,
    "md": render_markdown,
    "html": render_html,
    "xlsx": render_xlsx,
}
