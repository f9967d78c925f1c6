"""Markdown through Jinja. Every text from the data is escaped; undefined names are errors."""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined, TemplateError
from jinja2.bccache import Bucket
from jinja2.exceptions import TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from styring import text
from styring.errors import InputError, Lang, Texts, texts
from styring.formats.conditions import condition_in_words
from styring.formats.words import SHIPPED, load_words
from styring.review import Overview, Review

TEMPLATE = "review.md.j2"
OVERVIEW = "overview.md.j2"
FAULTS = (*(TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError),)
"""What a template of somebody else may end in."""
_BREAK = re.compile(r"[\r\n]+")
_ESCAPED = str.maketrans({c: f"\\{c}" for c in r"\`*_[]|"} | {"&": "&amp;", "<": "&lt;"})


def render_markdown(
    review: Review | Overview, templates: Path, lang: Lang, template: str | None = None
) -> bytes:
    """Return the report, the overview, or what another template makes of it, as Markdown.

    Raises:
        InputError: the template is missing or broken; the message names file and line.
    """
    template = template or (TEMPLATE if isinstance(review, Review) else OVERVIEW)
    words = load_words(templates, lang)
    environment = _environment(templates, lang)
    try:
        body = environment.get_template(template).render(review=review, w=words)
    except TemplateSyntaxError as error:
        raise broken(templates / (error.name or template), error.lineno, error) from error
    except FAULTS as e:
        raise broken(*placed(e, templates / template), e) from e
    return re.sub(r"\n{3,}", "\n\n", body).strip().encode("utf-8") + b"\n"


def _environment(templates: Path, lang: Lang) -> Environment:
    """Return the template engine; a folder of the user's own is run in a sandbox."""
    own = templates.resolve() == SHIPPED.resolve()
    kind = Environment if own else ImmutableSandboxedEnvironment
    environment = kind(
        bytecode_cache=_Compiled(templates / "__pycache__") if own else None,
        loader=FileSystemLoader([templates, SHIPPED]),
        undefined=StrictUndefined,
        autoescape=False,
        finalize=escape,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= _filters(lang)
    return environment


class _Compiled(BytecodeCache):
    """Keeps the compiled templates beside them, as Python does with its modules.

    Only those that come with styring, only where the folder can be written, and not at all where
    Python is told to write none.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError), (self.folder / f"{bucket.key}.jinja").open("rb") as file:
            bucket.load_bytecode(file)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if sys.dont_write_bytecode:
            return
        with suppress(OSError):
            self.folder.mkdir(exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.folder)
            with os.fdopen(handle, "wb") as file:
                bucket.write_bytecode(file)
            Path(name).replace(self.folder / f"{bucket.key}.jinja")


def _filters(lang: Lang) -> dict[str, Callable[..., Any]]:
    def mio(x: float | None, sign: bool = False) -> str:  # noqa: FBT001, FBT002 - given by place
        return text.number(None if x is None else x / 1e6, 1, lang, sign=sign)

    def pct(x: float | None, decimals: int = 1, sign: bool = False) -> str:  # noqa: FBT001, FBT002 - given by place
        return text.percent(x, decimals, lang, sign=sign)

    def when(d: date | None) -> str:
        return text.day(d, lang)

    def chosen(t: Texts) -> str:
        return t[lang]

    return {
        "t": chosen,
        "mio": mio,
        "pct": pct,
        "day": when,
        "period": partial(text.period, lang=lang),
        "closed": text.closed,
        "named": lambda ids, names: text.listed([names[i] for i in ids], lang),
        "signed": lambda x, decimals=0: text.number(x, decimals, lang, sign=True),
        "num": lambda x, decimals=0: text.number(x, decimals, lang),
        "kr": partial(text.kroner, lang=lang),
        "condition": partial(condition_in_words, lang=lang),
    }


def escape(value: object) -> object:
    """Return a text so that Markdown shows it as it stands, on one line."""
    if not isinstance(value, str):
        return value
    return _BREAK.sub(" ", value).translate(_ESCAPED)


def placed(error: BaseException, file: Path) -> tuple[Path, int | None]:
    """Return the template and the line at which an error arose; `file` where none is told."""
    line, trace = None, error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name.endswith(".j2"):
            file, line = Path(name), trace.tb_lineno
        trace = trace.tb_next
    return file, line


def broken(file: Path, line: int | None, error: BaseException) -> InputError:
    """Return that a template cannot be used, where and why."""
    place = Texts(f"{file}, linje {line}", f"{file}, line {line}") if line else texts(str(file))
    return InputError(
        Texts(f"Skabelonen kan ikke bruges: {error}", f"The template cannot be used: {error}"),
        where=place,
        hint=Texts(
            "Ret linjen, eller udelad --templates for at bruge skabelonen i styring.",
            "Mend the line, or leave out --templates to use the template in styring.",
        ),
    )
