"""HTML: the report of the Markdown template laid out as one page, with charts and a sortable table.

One file without anything from elsewhere: style, script and pictures are in it, and the page says by
its content security policy that nothing else may be loaded or run.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from jinja2.exceptions import TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import OptionsDict

from styring.charts import Chart, draw
from styring.errors import Lang
from styring.formats.links import link_indicators
from styring.formats.markdown import FAULTS, broken, placed, render_markdown
from styring.formats.words import SHIPPED, load_words, template_file
from styring.review import IndicatorPart, Review
from styring.text import number

TEMPLATE, STYLE, SCRIPT = "review.html.j2", "review.css", "review.js"
PLACES = {
    "centres": "centres",
    "interplay": "interplay",
    "economy": "years",
    "forecast": "forecast_section",
    "flows": "flows",
    "cost_bands": "cost_bands",
    "bridges": "bridges",
    "service_range": "bridges",
    "monthly": "monthly",
    "indicators": "indicators",
    "funnels": "indicators",
}
"""The section of each chart: the word its heading is."""
DENSE = ("indicators", "objections")
"""The sections to look things up in: on paper they are set in two columns."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with its anchor."""

    level: int
    text: str
    id: str


@dataclass(frozen=True, slots=True)
class IndicatorRow:
    """An indicator in the sortable table: `value` sorts what is shown."""

    title: str
    anchor: str
    centre: str
    shown: str
    median: str
    points: str
    status: str


def render_html(review: Review, templates: Path, lang: Lang) -> bytes:
    """Return the report as one HTML page.

    Raises:
        InputError: a template is missing or broken; the message names file and line.
    """
    words = load_words(templates, lang)
    text = render_markdown(review, templates, lang).decode("utf-8")
    tokens = _parser().parse(text)
    headings = list(_headings(tokens))
    _name_tables(tokens)
    link_indicators(tokens, review, {h.text: h.id for h in headings}, lang)
    _lay_out(tokens, headings, draw(review, lang), words)
    _part(tokens, [str(words[name]) for name in DENSE])
    body = (
        _parser()
        .renderer.render(tokens, _parser().options, {})
        .replace("§ ", "§\N{NO-BREAK SPACE}")
    )
    style, script = (template_file(templates, n).read_text("utf-8") for n in (STYLE, SCRIPT))
    mark = review.mark[lang] if review.mark else ""
    style += _running(headings[0].text, mark)
    environment = _environment(templates)
    try:
        page = environment.get_template(TEMPLATE).render(
            review=review,
            lang=lang,
            w=words,
            mark=mark,
            headings=headings,
            body=body,
            rows=list(_rows(review, headings, words, lang)),
            style=style,
            script=script,
            policy=_policy(script, style),
        )
    except TemplateSyntaxError as error:
        raise broken(templates / (error.name or TEMPLATE), error.lineno, error) from error
    except FAULTS as error:
        raise broken(*placed(error, templates / TEMPLATE), error) from error
    return page.encode("utf-8")


def _parser() -> MarkdownIt:
    """Return the Markdown reader: tables, and no HTML of the text's own."""
    parser = MarkdownIt("commonmark", {"html": False}, renderer_cls=_Renderer)
    return parser.enable("table")


LONG = 16
"""A text of more letters than these takes some room beside wide figures."""


class _Renderer(RendererHTML):
    """Tables that may be scrolled sideways, and headers that say what they are over."""

    def table_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Mapping[str, Any]
    ) -> str:
        """Return the beginning of a table, named by the heading it stands under."""
        del options, env
        named = f' aria-labelledby="{tokens[index].attrs["under"]}"'
        return f'<div class="wide" tabindex="0" role="group"{named}><table>\n'

    def table_close(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Mapping[str, Any]
    ) -> str:
        """Return the end of a table."""
        del tokens, index, options, env
        return "</table></div>\n"

    def th_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Mapping[str, Any]
    ) -> str:
        """Return the beginning of a header cell; an empty one is a header of nothing."""
        del options, env
        if not tokens[index + 1].content:
            return "<td>"
        style = str(tokens[index].attrs.get("style", ""))
        side = ' class="number"' if "right" in style else ""
        return f'<th scope="col"{side}>'

    def th_close(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Mapping[str, Any]
    ) -> str:
        """Return the end of a header cell."""
        del options, env
        return "</th>" if tokens[index - 1].content else "</td>"

    def td_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: Mapping[str, Any]
    ) -> str:
        """Return the beginning of a cell; one with a long text is not made narrow."""
        del options, env
        style = str(tokens[index].attrs.get("style", ""))
        if "right" in style:
            return '<td class="number">'
        return '<td class="words">' if len(tokens[index + 1].content) > LONG else "<td>"


def _headings(tokens: Sequence[Token]) -> Iterator[Heading]:
    """Yield the headings, and give each its anchor."""
    taken: dict[str, int] = {}
    for n, token in enumerate(tokens):
        if token.type != "heading_open":
            continue
        said = "".join(
            c.content for c in tokens[n + 1].children or () if c.type in {"text", "code_inline"}
        )
        name = re.sub(r"[^a-z0-9]+", "-", _plain(said)).strip("-") or "afsnit"
        taken[name] = taken.get(name, 0) + 1
        anchor = name if taken[name] == 1 else f"{name}-{taken[name]}"
        token.attrSet("id", anchor)
        yield Heading(int(token.tag[1:]), said, anchor)


def _name_tables(tokens: Sequence[Token]) -> None:
    """Give each table the anchor of the heading it stands under."""
    under = ""
    for token in tokens:
        if token.type == "heading_open":
            under = str(token.attrs["id"])
        elif token.type == "table_open":
            token.attrSet("under", under)


def _running(title: str, mark: str) -> str:
    """Return the style that puts the title, the mark and the page number on each printed page."""

    def quoted(text: str) -> str:
        return '"' + "".join(c if c.isalnum() else f"\\{ord(c):06x}" for c in text) + '"'

    return (
        f"@page {{ @top-left {{ content: {quoted(title)}; }}"
        f" @bottom-left {{ content: {quoted(mark)}; }}"
        ' @bottom-right { content: counter(page) " / " counter(pages); } }\n'
    )


def _plain(text: str) -> str:
    return text.lower().replace("æ", "ae").replace("ø", "oe").replace("å", "aa")


def _lay_out(
    tokens: list[Token],
    headings: Sequence[Heading],
    charts: Sequence[Chart],
    words: Mapping[str, Any],
) -> None:
    """Put each chart under its section's heading; one without a section ends the page."""
    closed = [n for n, t in enumerate(tokens) if t.type == "heading_close"]
    under: dict[int, list[Chart]] = {}
    for chart in charts:
        word = str(words.get(PLACES[chart.place], ""))
        at = next((n for n, h in enumerate(headings) if word and word in h.text), len(headings) - 1)
        under.setdefault(at, []).append(chart)
    for at in sorted(under, reverse=True):
        pictures = Token("html_block", "", 0, content="".join(map(_figure(words), under[at])))
        tokens.insert(closed[at] + 1, pictures)


def _part(tokens: list[Token], dense: Sequence[str]) -> None:
    """Put each section of the page in a part of its own; those of these names are marked dense."""
    heads = [n for n, t in enumerate(tokens) if t.type == "heading_open" and t.tag == "h2"]
    for n, end in reversed(list(zip(heads, [*heads[1:], len(tokens)], strict=True))):
        name = "part dense" if any(d in tokens[n + 1].content for d in dense) else "part"
        tokens.insert(end, Token("html_block", "", 0, content="</div>\n"))
        tokens.insert(n, Token("html_block", "", 0, content=f'<div class="{name}">\n'))


def _figure(words: Mapping[str, Any]) -> Callable[[Chart], str]:
    """Return what makes a chart a figure, with its table for those who want the figures."""

    def figure(chart: Chart) -> str:
        head = "".join(f'<th scope="col">{escape(h)}</th>' for h in chart.headers)
        rows = "".join(
            "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>"
            for row in chart.rows
        )
        return (
            f'<figure id="chart-{chart.key}"><figcaption>{escape(chart.title)}</figcaption>'
            f"{chart.svg}<details><summary>{escape(str(words['chart_figures']))}</summary>"
            f"<p>{escape(chart.description)}</p>"
            f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></details></figure>\n"
        )

    return figure


def _rows(
    review: Review, headings: Sequence[Heading], words: Mapping[str, Any], lang: Lang
) -> Iterator[IndicatorRow]:
    """Yield the indicators of the sortable table, each with its definition's anchor."""
    centres = {c.id: c.title[lang] for c in review.centres}
    anchors = {h.text: h.id for h in headings}
    for i in review.indicators:
        if i.group is None and i.title[lang] in anchors:
            yield IndicatorRow(
                title=i.title[lang],
                anchor=anchors[i.title[lang]],
                centre=centres.get(i.centre, str(words["interplay"])),
                shown=i.shown[lang],
                median=i.peers.median_text[lang] if i.peers else "–",
                points="–" if i.score is None else number(i.score, 0, lang),
                status=_status(i, review, words),
            )


def _status(i: IndicatorPart, review: Review, words: Mapping[str, Any]) -> str:
    """Return what the review finds of an indicator, in a word."""
    kinds = {f.kind for f in review.findings if f.indicator == i.id}
    named = words["observation_kinds_one"]
    return next((str(named[k]) for k in named if k in kinds), "–")


def _environment(templates: Path) -> Environment:
    """Return the template engine for HTML; a folder of the user's own is run in a sandbox."""
    own = templates.resolve() == SHIPPED.resolve()
    kind = Environment if own else ImmutableSandboxedEnvironment
    return kind(
        loader=FileSystemLoader([templates, SHIPPED]),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _policy(script: str, style: str) -> str:
    """Return what the page may run and load: its own script and style, and nothing else."""

    def sum_of(text: str) -> str:
        return base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode()

    return (
        f"default-src 'none'; script-src 'sha256-{sum_of(script)}'; "
        f"style-src 'sha256-{sum_of(style)}'; img-src data:; base-uri 'none'; form-action 'none'"
    )
