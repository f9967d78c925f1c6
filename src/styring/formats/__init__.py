"""Formats: a review in, bytes out. A format is one function; the table names them all."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from styring.errors import InputError, Lang, Texts
from styring.formats.markdown import render_markdown
from styring.formats.xlsx import render_xlsx
from styring.review import Review

Render = Callable[[Review, Path, Lang], bytes]
"""A review, the folder of templates and the language give the file's bytes."""


def render_json(review: Review, _templates: Path, _lang: Lang) -> bytes:
    """Return the review itself, serialised."""
    return review.model_dump_json(indent=1, by_alias=True).encode("utf-8") + b"\n"


def render_html(review: Review, templates: Path, lang: Lang) -> bytes:
    """Return the review as a page.

    Raises:
        InputError: a template is missing or broken.
    """
    from styring.formats.html import render_html as render  # noqa: PLC0415

    return render(review, templates, lang)


def render_docx(review: Review, templates: Path, lang: Lang) -> bytes:
    """Return the review as a Word document.

    Raises:
        InputError: the extra `documents` is not installed, or the template cannot be used.
    """
    try:
        from styring.formats.docx import render_docx as render  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise _not_installed("docx", error) from error
    return render(review, templates, lang)


def render_pdf(review: Review, templates: Path, lang: Lang) -> bytes:
    """Return the review as a tagged PDF.

    Raises:
        InputError: the extra `documents` is not installed, or the template cannot be used.
    """
    try:
        from styring.formats.pdf import render_pdf as render  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise _not_installed("pdf", error) from error
    return render(review, templates, lang)


def _not_installed(form: str, error: ModuleNotFoundError) -> InputError:
    return InputError(
        Texts(
            f"Formatet «{form}» bruger {error.name}, som ikke er installeret.",
            f"The format “{form}” uses {error.name}, which is not installed.",
        ),
        hint=Texts(
            'Kør «pip install "styring[documents]"».', 'Run “pip install "styring[documents]"”.'
        ),
    )


FORMATS: Mapping[str, Render] = {
    "json": render_json,
    "md": render_markdown,
    "html": render_html,
    "xlsx": render_xlsx,
    "docx": render_docx,
    "pdf": render_pdf,
}
