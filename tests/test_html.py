"""The page says what the text report says, and takes nothing of the data for markup."""

from __future__ import annotations

import re
from collections import Counter
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from running import EXAMPLES, PEERS, SYDDJURS, styring_says
from styring.definitions import desk
from styring.errors import LANGS, InputError, Lang
from styring.formats import FORMATS
from styring.formats.html import render_html
from styring.pipeline import Choices, review
from styring.review import Review
from test_formats import FOR_MARKDOWN, with_titles

TEMPLATES = desk("templates") / "review"
VOID = {"meta", "input", "br", "hr", "img", "rect", "line", "path", "circle", "link"}


@pytest.fixture(scope="module")
def syddjurs_page() -> Review:
    choices = Choices(peers=PEERS, context=EXAMPLES / "rammevilkaar.csv")
    return review(SYDDJURS, choices)


class Page(HTMLParser):
    """The words, ids, links and open elements of a page."""

    def __init__(self, text: str) -> None:
        """Read a page."""
        super().__init__()
        self.words: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.used: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter an element."""
        self.used.add(tag)
        given = dict(attrs)
        self.attributes |= set(given)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if tag == "a":
            self.links.append(str(given.get("href")))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Leave an element."""
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_startendtag(self, tag: str, _attrs: list[tuple[str, str | None]]) -> None:
        """Pass an element without content."""
        self.used.add(tag)

    def handle_data(self, data: str) -> None:
        """Take text."""
        if self.open and self.open[-1] not in {"script", "style"}:
            self.words.append(data)

    @property
    def text(self) -> str:
        """Return all words, blanks made one."""
        return " ".join("".join(self.words).split())


@pytest.mark.parametrize("lang", LANGS)
def test_the_page_is_well_formed_and_leads_nowhere_else(syddjurs_page: Review, lang: Lang) -> None:
    page = Page(render_html(syddjurs_page, TEMPLATES, lang).decode("utf-8"))
    assert page.open == []
    assert len(page.ids) == len(set(page.ids))
    assert page.links
    assert {h.removeprefix("#") for h in page.links} <= set(page.ids)


@pytest.mark.parametrize("lang", LANGS)
def test_every_figure_of_the_text_report_is_on_the_page(syddjurs_page: Review, lang: Lang) -> None:
    """Each number of the Markdown report, as often or more."""
    text = FORMATS["md"](syddjurs_page, TEMPLATES, lang).decode("utf-8")
    page = Page(render_html(syddjurs_page, TEMPLATES, lang).decode("utf-8")).text
    said, shown = (Counter(re.findall(r"\d(?:[\d.,]*\d)?", t)) for t in (text, page))
    assert len(said) > 500
    assert not said - shown


def test_nothing_is_taken_from_elsewhere(syddjurs_page: Review) -> None:
    """No address of the net but what SVG is called by; the policy allows only what is in it."""
    text = unescape(render_html(syddjurs_page, TEMPLATES, "da").decode("utf-8"))
    outside = set(re.findall(r"(?:src|href|url)\s*[=(]\s*[\"']?(?!#|data:)([^\"'\s)>]+)", text))
    assert outside == set()
    assert "default-src 'none'" in text
    assert len(text) < 1_500_000


def test_texts_of_the_data_are_shown_as_they_stand(syddjurs_page: Review) -> None:
    hostile = (*FOR_MARKDOWN, "</script><script>alert(1)</script>", '" onload="x', "{{ 7*7 }}")
    made = with_titles(syddjurs_page, hostile)
    data = render_html(made, TEMPLATES, "da").decode("utf-8")
    page = Page(data)
    assert "img" not in page.used
    assert data.count("<script>") == 1
    assert not any(name.startswith("on") for name in page.attributes)
    for said in ("<b>fed</b>", "[her](http://x.dk)", "**to**", "{{ 7*7 }}", "</script>"):
        assert said in page.text


def test_a_name_cannot_leave_the_style_of_the_printed_page(syddjurs_page: Review) -> None:
    """The title runs on every printed page, and so stands in the style."""
    name = '"; } </style><script>alert(1)</script>'
    of = syddjurs_page.municipality.model_copy(update={"name": name})
    made = syddjurs_page.model_copy(update={"municipality": of})
    data = render_html(made, TEMPLATES, "da").decode("utf-8")
    assert data.count("</style>") == data.count("<script>") == 1
    style = data.split("<style>")[1].split("</style>")[0]
    running = style.splitlines()[-1]
    assert running.count('"') == 6
    assert r"\00003c\00002fstyle\00003e" in running


def test_titles_in_the_text_lead_to_their_definitions(syddjurs_page: Review) -> None:
    """The longest title wins, nothing within a word is one, and headings stay as they are."""
    data = render_html(syddjurs_page, TEMPLATES, "da").decode("utf-8")
    (weak,) = (
        i.title.da
        for i in syddjurs_page.indicators
        if i.id == "budgetafvigelse-oprindelig" and i.group is None
    )
    link = re.escape(f'<a href="#{_anchor(data, weak)}">{weak}</a>')
    assert len(re.findall(link, data)) > 2
    assert not re.findall(r"<h\d[^>]*>[^\n]*<a ", data)
    assert not re.findall(r"<a [^>]*>[^<]*<a ", data)


def test_a_figure_leads_to_the_definition_of_its_indicator(syddjurs_page: Review) -> None:
    """After its title, in its finding and what that rests on, in its action, in its row."""
    data = render_html(syddjurs_page, TEMPLATES, "da").decode("utf-8")
    i = syddjurs_page.indicator("budgetafvigelse-oprindelig")
    assert i is not None
    title, shown = i.title.da, i.shown.da
    anchor = _anchor(data, title)
    figure = f'<a href="#{anchor}" class="figure" aria-label="{shown}: {title}">{shown}</a>'
    name = f'<a href="#{anchor}">{title}</a>'
    assert f"{name} ({figure})" in data  # what is weak
    assert f"Grundlag: {i.period}: {figure};" in data
    finding = next(f for f in syddjurs_page.findings if f.indicator == i.id)
    assert finding.observation.da.replace(shown, figure, 1) in unescape(data)
    action = next(a for a in syddjurs_page.actions if a.indicator == i.id)
    assert action.why.da.replace(shown, figure, 1) in unescape(data)
    target = action.target_text.da.replace(title, name, 1)
    assert target.replace(f"(i dag {shown})", f"(i dag {figure})", 1) in unescape(data)
    assert f'<td class="words">{name}</td>\n<td class="number">{figure}</td>' in data
    rows = re.findall(r"<tr>.*?</tr>", data, re.DOTALL)
    assert max(len(re.findall('class="figure"', row)) for row in rows) == 1
    once = re.findall(r"<(?:p|li|td)[^>]*>(?:(?!</?(?:p|li|td)\b).)*", data)
    assert max(len(re.findall(re.escape(figure), block)) for block in once) == 1


def test_a_figure_that_is_not_there_leads_nowhere(syddjurs_page: Review) -> None:
    without = tuple(
        i.model_copy(update={"value": None}) if i.id == "budgetafvigelse-oprindelig" else i
        for i in syddjurs_page.indicators
    )
    changed = syddjurs_page.model_copy(update={"indicators": without})
    changed.__dict__.pop("_overall", None)
    data = render_html(changed, TEMPLATES, "da").decode("utf-8")
    assert "Afvigelse fra korrigeret budget" in data
    labels = set(re.findall(r'class="figure" aria-label="([^"]*)"', data))
    assert any(x.endswith(": Afvigelse fra korrigeret budget") for x in labels)
    assert not any(x.endswith(": Afvigelse fra oprindeligt budget") for x in labels)


def _anchor(data: str, title: str) -> str:
    found = re.search(rf'<h\d id="([^"]+)">{re.escape(title)}</h', data)
    assert found
    return found[1]


def test_the_same_bytes_twice(syddjurs_page: Review) -> None:
    first, second = (render_html(syddjurs_page, TEMPLATES, "da") for _ in range(2))
    assert first == second


def test_a_template_of_ones_own(syddjurs_page: Review, tmp_path: Path) -> None:
    """Only what is changed need be there; it is run in a sandbox, and mistakes are named."""
    (tmp_path / "review.html.j2").write_text("<p>{{ review.municipality.name }}</p>", "utf-8")
    assert render_html(syddjurs_page, tmp_path, "da") == b"<p>Syddjurs</p>"
    for bad in ("{{ findes_ikke }}", "{{ ''.__class__.__mro__ }}", "{% if %}"):
        (tmp_path / "review.html.j2").write_text(f"\n{bad}", "utf-8")
        with pytest.raises(InputError) as caught:
            render_html(syddjurs_page, tmp_path, "da")
        assert "review.html.j2" in caught.value.where.da


def test_a_municipality_without_peers_has_a_page(tmp_path: Path) -> None:
    ran = styring_says(
        "review", EXAMPLES / "odder.xlsx", "--out", "ud", "--format", "html", cwd=tmp_path
    )
    assert ran.code == 0, ran.err
    assert (tmp_path / "ud" / "review.html").stat().st_size > 50_000
