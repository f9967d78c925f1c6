"""Charts show the figures they say, in pictures that every reader can read."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rows import steady
from running import EXAMPLES, PEERS, SYDDJURS
from styring.charts import Chart, draw, svg
from styring.charts.kinds import Line, Row, Step, bars, lines, ranges, steps
from styring.errors import LANGS, Lang
from styring.pipeline import Choices, review
from styring.review import Review

tree = ET.fromstring  # of our own making
SVG = "{http://www.w3.org/2000/svg}"
MUNICIPALITIES = sorted(p.stem for p in EXAMPLES.glob("*.xlsx"))


@pytest.fixture(scope="module")
def reviews() -> dict[str, Review]:
    return {n: review(EXAMPLES / f"{n}.xlsx", Choices(peers=PEERS)) for n in MUNICIPALITIES}


def plain(x: float) -> str:
    return f"{x:g}"


def every(reviews: dict[str, Review], lang: Lang) -> list[tuple[str, Chart]]:
    return [(name, c) for name, r in reviews.items() for c in draw(r, lang)]


@pytest.mark.parametrize("lang", LANGS)
def test_a_chart_can_be_read_by_those_who_do_not_see_it(
    reviews: dict[str, Review], lang: Lang
) -> None:
    """A role, a title and a description that the picture names, and a table with every figure."""
    for name, c in every(reviews, lang):
        root = tree(c.svg)
        assert root.get("role") == "img", name
        ids = {e.get("id"): "".join(e.itertext()) for e in root.iter() if e.get("id")}
        assert [ids[i] for i in str(root.get("aria-labelledby")).split()] == [
            c.title,
            c.description,
        ]
        assert c.rows
        assert all(len(row) == len(c.headers) for row in c.rows)
        assert "None" not in c.svg
        assert not re.search(r"\bnan\b", c.svg)


@pytest.mark.parametrize("lang", LANGS)
def test_keys_are_unique_and_fit_for_a_name(reviews: dict[str, Review], lang: Lang) -> None:
    for r in reviews.values():
        keys = [c.key for c in draw(r, lang)]
        assert len(keys) == len(set(keys))
        assert all(re.fullmatch(r"[a-z0-9-]+", k) for k in keys)


def boxes(c: Chart) -> list[tuple[float, float, float, float, str]]:
    """Return about where each text stands: left, top, right, bottom."""
    found = []
    for e in tree(c.svg).iter(f"{SVG}text"):
        said = "".join(e.itertext())
        x, y, w = float(str(e.get("x"))), float(str(e.get("y"))), svg.wide(said) * 0.9
        left = {"start": x, "middle": x - w / 2, "end": x - w}[str(e.get("text-anchor"))]
        found.append((left, y - 11, left + w, y + 2, said))
    return found


@pytest.mark.parametrize("lang", LANGS)
def test_texts_stand_within_the_picture_and_not_over_each_other(
    reviews: dict[str, Review], lang: Lang
) -> None:
    for name, c in every(reviews, lang):
        placed = boxes(c)
        for n, (left, top, right, bottom, said) in enumerate(placed):
            assert left >= -2, f"{name} {c.key}: {said}"
            assert right <= svg.WIDTH + 4, f"{name} {c.key}: {said}"
            assert bottom <= c.height + 2
            for a, b, z, d, other in placed[n + 1 :]:
                over = left < z - 1 and a < right - 1 and top < d - 1 and b < bottom - 1
                assert not over, f"{name} {c.key}: «{said}» and «{other}»"


def test_the_same_review_gives_the_same_charts(reviews: dict[str, Review]) -> None:
    assert draw(reviews["syddjurs"], "da") == draw(reviews["syddjurs"], "da")


def test_the_example_has_every_kind() -> None:
    choices = Choices(peers=PEERS, context=EXAMPLES / "rammevilkaar.csv")
    kinds = {c.key.partition("-")[0] for c in draw(review(SYDDJURS, choices), "da")}
    assert kinds == {
        "centres",
        "blind",
        "years",
        "fan",
        "ahead",
        "flows",
        "bridge",
        "monthly",
        "spine",
    }


def test_the_figures_of_the_centres_are_those_of_the_review(reviews: dict[str, Review]) -> None:
    """The dot stands at the points: read back through the axis, whose ends are 0 and 100."""
    r = reviews["syddjurs"]
    c = next(c for c in draw(r, "da") if c.key == "centres")
    dots = [float(str(e.get("cx"))) for e in tree(c.svg).iter(f"{SVG}circle")]
    scale = svg.Scale(0, 100, 260, svg.WIDTH - 24)
    known = [x.score for x in r.centres if x.score is not None]
    assert [scale.back(x) for x in dots] == pytest.approx(known, abs=0.05)


# --- The parts ------------------------------------------------------------------------------------


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str = "#ffffff") -> float:
    """Source: WCAG 2.2, relative luminance and contrast ratio."""
    a, b = sorted((luminance(one), luminance(other)), reverse=True)
    return (a + 0.05) / (b + 0.05)


def test_contrast() -> None:
    """4.5:1 for text, 3:1 for marks; black on white is 21:1."""
    assert contrast("#000000") == pytest.approx(21)
    for text in (svg.INK, svg.MUTED, svg.ACCENT, svg.OTHER):
        assert contrast(text) >= 4.5
    assert contrast(svg.EDGE) >= 3
    greys = [luminance(c) for c in (svg.INK, svg.ACCENT, svg.OTHER, svg.BAND)]
    assert len({round(g, 2) for g in greys}) == 4


@steady
@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=8), st.sampled_from([0, 1]))
def test_an_axis_holds_all_and_has_few_whole_ticks(values: list[float], zero: int) -> None:
    low, high, ticks = svg.nice(values, zero=bool(zero))
    slack = 1e-6 * max(1.0, *map(abs, values))
    assert low <= min(values) + slack
    assert high >= max(values) - slack
    assert 2 <= len(ticks) <= 8
    assert ticks[0] == pytest.approx(low)
    assert ticks[-1] == pytest.approx(high)
    assert not zero or low <= 0 <= high


@steady
@given(st.floats(-1e6, 1e6), st.floats(-1e6, 1e6), st.floats(0, 1))
def test_a_place_is_read_back(a: float, b: float, part: float) -> None:
    if abs(a - b) < 1e-3:
        return
    scale = svg.Scale(min(a, b), max(a, b), 100, 600)
    x = scale.low + part * (scale.high - scale.low)
    assert 100 - 1e-6 <= scale.at(x) <= 600 + 1e-6
    assert scale.back(scale.at(x)) == pytest.approx(x, abs=1e-6 * max(1, abs(a), abs(b)))


def test_extremes_are_drawn() -> None:
    """One value, zero, the negative, the missing and the hostile."""
    for height, marks in (
        ranges([Row("<b>&", 0.0), Row("x", None, None, None, -5.0)], plain),
        bars([("a", -3.0), ("b", 0.0), ("c", 1e9)], plain),
        lines(["1"], [Line("a", (None,)), Line("b", (2.0,))], plain),
        lines(["1", "2"], [Line("a", (1.0, None))], plain, bands=[(9.0, "øvre")]),
        steps([Step("a", 0, 5, whole=True), Step("b", 5, -2), Step("c", 0, -2, whole=True)],
              plain, plain),
    ):  # fmt: skip
        root = tree(svg.framed("k", "t", "d", height, marks))
        assert float(str(root.get("height"))) > 0
        assert "nan" not in "".join(marks)


def test_a_step_begins_where_the_one_above_ended() -> None:
    """100, +20, −50 and 70: bars between those figures on the axis."""
    some = [Step("f", 0, 100, whole=True), Step("p", 100, 120), Step("m", 120, 70),
            Step("e", 0, 70, whole=True)]  # fmt: skip
    height, marks = steps(some, plain, plain)
    found = tree(svg.framed("k", "t", "d", height, marks)).findall(f"{SVG}rect")[1:]
    ends = [(float(str(r.get("x"))), float(str(r.get("width")))) for r in found]
    (_, whole), (plus, plus_w), (minus, minus_w), _ = ends
    assert plus == pytest.approx(ends[0][0] + whole, abs=0.2)
    assert minus + minus_w == pytest.approx(plus + plus_w, abs=0.2)
    assert minus_w / plus_w == pytest.approx(2.5, abs=0.01)
