"""The page in a real browser: nothing is loaded, keys are enough, it sorts, filters and prints."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from running import EXAMPLES, PEERS, SYDDJURS, styring_says

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
)
AXE = "axe_playwright_python.sync_playwright"
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium is installed on this machine")


@pytest.fixture(scope="module")
def reports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example reviewed, as pages in both languages."""
    cwd = tmp_path_factory.mktemp("sider")
    for lang in ("da", "en"):
        ran = styring_says(
            "review", SYDDJURS, "--peers", PEERS, "--context", EXAMPLES / "rammevilkaar.csv",
            "--out", lang, "--format", "html", "--lang", lang, cwd=cwd,
        )  # fmt: skip
        assert ran.code == 0, ran.err
    return cwd


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser of the machine's own."""
    api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with api.sync_playwright() as play:
        one = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield one
        one.close()


class Opened:
    """A page, with what it said in the console and what it asked for."""

    def __init__(self, browser: Any, file: Path, **context: Any) -> None:
        """Open a file."""
        self.said: list[str] = []
        self.asked: list[str] = []
        self.page = browser.new_context(**context).new_page()
        self.page.on("console", lambda m: self.said.append(f"{m.type}: {m.text}"))
        self.page.on("pageerror", lambda e: self.said.append(f"error: {e}"))
        self.page.on("request", lambda r: self.asked.append(r.url))
        self.page.goto(file.as_uri())

    def rows(self) -> list[list[str]]:
        """Return the cells of the rows of the indicator table that are shown."""
        found: list[list[str]] = self.page.evaluate(
            "() => Array.from(document.querySelectorAll('#indikatorer tbody tr'))"
            ".filter(r => !r.hidden).map(r => Array.from(r.cells).map(c => c.textContent.trim()))"
        )
        return found


@pytest.mark.parametrize("lang", ["da", "en"])
def test_nothing_is_loaded_and_nothing_goes_wrong(reports: Path, browser: Any, lang: str) -> None:
    """The page itself is all that is asked for; the console stays empty."""
    file = reports / lang / "review.html"
    opened = Opened(browser, file)
    assert opened.asked == [file.as_uri()]
    assert opened.said == []
    assert opened.page.title()


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("width", [1280, 360])
def test_the_page_is_accessible(reports: Path, browser: Any, lang: str, width: int) -> None:
    """No violation of WCAG 2.2 A and AA that axe-core finds, on a wide and on a narrow screen."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed"
    )
    opened = Opened(
        browser, reports / lang / "review.html", bypass_csp=True,
        viewport={"width": width, "height": 900},
    )  # fmt: skip
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = axe.Axe().run(opened.page, options={"runOnly": {"type": "tag", "values": tags}})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("lang", ["da", "en"])
def test_what_is_folded_away_is_accessible(reports: Path, browser: Any, lang: str) -> None:
    """The figures behind the charts, unfolded on the narrowest screen, and a narrowed table."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed"
    )
    opened = Opened(
        browser, reports / lang / "review.html", bypass_csp=True,
        viewport={"width": 320, "height": 640},
    )  # fmt: skip
    opened.page.evaluate("() => document.querySelectorAll('details').forEach(d => d.open = true)")
    opened.page.fill("#soeg", "85")
    found = axe.Axe().run(opened.page)
    assert found.violations_count == 0, found.generate_report()
    assert opened.page.evaluate("() => document.documentElement.scrollWidth") <= 320


def test_keys_stop_only_at_tables_that_scroll(reports: Path, browser: Any) -> None:
    """Each box has a name; on a wide screen few of them are wider than the page."""
    opened = Opened(
        browser, reports / "da" / "review.html", viewport={"width": 1280, "height": 900}
    )
    boxes = opened.page.evaluate(
        "() => Array.from(document.querySelectorAll('.wide')).map(b => ["
        "b.scrollWidth > b.clientWidth, b.tabIndex === 0,"
        " Boolean(b.ariaLabel || document.getElementById(b.getAttribute('aria-labelledby')))])"
    )
    assert len(boxes) > 40
    assert all(scrolls == stops and named for scrolls, stops, named in boxes)
    narrow = "() => document.querySelectorAll('.wide[tabindex]').length"
    few = opened.page.evaluate(narrow)
    opened.page.set_viewport_size({"width": 320, "height": 640})
    opened.page.wait_for_function(f"n => ({narrow})() > n", arg=few)


def test_axe_has_teeth(browser: Any, tmp_path: Path) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed"
    )
    (tmp_path / "x.html").write_text("<html><body><img src='data:,'><input></body></html>", "utf-8")
    assert axe.Axe().run(Opened(browser, tmp_path / "x.html").page).violations_count > 2


def test_a_narrow_page_does_not_scroll_sideways(reports: Path, browser: Any) -> None:
    """At 320 pixels, which is 1,280 at 400 %."""
    opened = Opened(browser, reports / "da" / "review.html", viewport={"width": 320, "height": 640})
    wide = opened.page.evaluate("() => document.documentElement.scrollWidth")
    assert wide <= 320


def test_a_column_is_sorted_by_its_figures_with_keys_alone(reports: Path, browser: Any) -> None:
    """Danish figures: 1.234,5 is more than 99; what has no figure comes last."""
    opened = Opened(browser, reports / "da" / "review.html")
    head = opened.page.locator("#indikatorer thead th").nth(4)
    head.locator("button").focus()
    opened.page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "ascending"
    points = [row[4] for row in opened.rows()]
    known = [int(p) for p in points if p != "–"]
    assert known == sorted(known)
    assert points == [*map(str, known), *["–"] * (len(points) - len(known))]
    opened.page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert opened.rows()[0][4] == str(max(known))


def test_the_table_is_narrowed_by_word_and_centre(reports: Path, browser: Any) -> None:
    opened = Opened(browser, reports / "da" / "review.html")
    every = opened.rows()
    opened.page.fill("#soeg", "opfølgning")
    some = opened.rows()
    assert 0 < len(some) < len(every)
    assert all("opfølgning" in " ".join(row).lower() for row in some)
    assert opened.page.text_content("#antal") == f"{len(some)} indikatorer"
    opened.page.fill("#soeg", "")
    centre = every[0][1]
    opened.page.select_option("#center", centre)
    assert {row[1] for row in opened.rows()} == {centre}


def test_a_name_leads_to_its_definition(reports: Path, browser: Any) -> None:
    opened = Opened(browser, reports / "da" / "review.html")
    link = opened.page.locator("#indikatorer tbody a").first
    title = link.text_content()
    link.click()
    target = opened.page.evaluate("() => document.querySelector(location.hash).textContent")
    assert target == title


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_figure_opens_its_definition_in_place(reports: Path, browser: Any, lang: str) -> None:
    """With the pointer and with the keyboard; closed again, one is where one was."""
    opened = Opened(browser, reports / lang / "review.html")
    figure = opened.page.locator("a.figure").first
    panel = opened.page.locator("#panel")
    assert not panel.is_visible()
    title = figure.get_attribute("aria-label").split(": ", 1)[1]
    for opens in (figure.click, lambda: figure.press("Enter")):
        opens()
        assert panel.is_visible()
        assert panel.locator("h2").text_content() == title
        said = panel.locator(".told").text_content()
        assert figure.text_content() in said
        assert ("Kommer fra: " if lang == "da" else "Comes from: ") in said
        opened.page.keyboard.press("Escape")
        assert not panel.is_visible()
        assert opened.page.evaluate("() => document.activeElement.className") == "figure"
    assert opened.page.evaluate("() => location.hash") == ""
    figure.click()
    panel.locator("a").click()
    assert not panel.is_visible()
    assert opened.page.evaluate("() => document.querySelector(location.hash).textContent") == title
    assert opened.said == []


def test_an_open_definition_is_accessible(reports: Path, browser: Any) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="axe is not installed"
    )
    opened = Opened(
        browser, reports / "da" / "review.html", bypass_csp=True,
        viewport={"width": 320, "height": 640},
    )  # fmt: skip
    opened.page.locator("a.figure").first.click()
    found = axe.Axe().run(opened.page)
    assert found.violations_count == 0, found.generate_report()
    assert opened.page.evaluate("() => document.getElementById('panel').scrollWidth") <= 320


def test_without_scripts_a_figure_leads_to_its_definition(reports: Path, browser: Any) -> None:
    opened = Opened(browser, reports / "da" / "review.html", java_script_enabled=False)
    figure = opened.page.locator("a.figure").first
    figure.click()
    assert opened.page.url.endswith(figure.get_attribute("href"))
    assert not opened.page.locator("#panel").is_visible()


def test_the_skip_link_comes_first_and_leads_to_the_content(reports: Path, browser: Any) -> None:
    opened = Opened(browser, reports / "da" / "review.html")
    opened.page.keyboard.press("Tab")
    assert opened.page.evaluate("() => document.activeElement.className") == "skip"
    opened.page.keyboard.press("Enter")
    assert opened.page.evaluate("() => location.hash") == "#indhold"


def test_it_is_read_without_scripts(reports: Path, browser: Any) -> None:
    """The table and the charts are there; only the filter is not."""
    opened = Opened(browser, reports / "da" / "review.html", java_script_enabled=False)
    assert opened.page.locator("#indikatorer tbody tr").count() > 30
    assert opened.page.locator("figure svg").count() >= 10
    assert not opened.page.locator(".filter").is_visible()


def test_it_prints(reports: Path, browser: Any) -> None:
    """A PDF of pages, without navigation and filter."""
    opened = Opened(browser, reports / "da" / "review.html")
    data = opened.page.pdf(format="A4")
    assert data.startswith(b"%PDF")
    assert 20 < data.count(b"/Type /Page\n") + data.count(b"/Type /Page ") < 40
    opened.page.emulate_media(media="print")
    assert not opened.page.locator("nav").is_visible()
    assert not opened.page.locator(".filter").is_visible()


@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext (poppler) is not installed")
@pytest.mark.parametrize("lang", ["da", "en"])
def test_each_printed_page_says_what_it_is(
    reports: Path, browser: Any, tmp_path: Path, lang: str
) -> None:
    """Title, mark and page number on all pages, so that a loose page is not taken for another."""
    opened = Opened(browser, reports / lang / "review.html")
    mark = opened.page.locator(".mark").first.text_content()
    (tmp_path / "x.pdf").write_bytes(opened.page.pdf(format="A4"))
    said = subprocess.run(
        ["pdftotext", "-layout", "x.pdf", "-"], cwd=tmp_path, capture_output=True, check=True
    ).stdout.decode("utf-8")
    pages = [" ".join(p.split()) for p in said.split("\f")[:-1]]
    assert len(pages) > 20
    for number, page in enumerate(pages, 1):
        assert page.startswith(opened.page.title()), number
        assert page.endswith(f"{mark} {number} / {len(pages)}")
