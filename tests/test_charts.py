"""Charts show the figures they say, in pictures that every reader can read."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from rows import AS_OF, case, ready, steady
from rows import Row as DataRow
from running import EXAMPLES, PEERS, SYDDJURS, styring_says
from styring.bridge.peers import service_range
from styring.charts import Chart, draw, svg
from styring.charts.kinds import (
    Line,
    Measure,
    Pair,
    Place,
    Row,
    Step,
    bars,
    from_zero,
    funnel,
    lines,
    pairs,
    ranges,
    steps,
)  # fmt: skip
from styring.charts.standing import standing
from styring.errors import LANGS, Lang, Texts
from styring.find.cost_bands import EDGES, cost_bands_part, joined
from styring.pipeline import Choices, review
from styring.review import CostBandsPart, IndicatorPart, Review

tree = ET.fromstring  # of our own making
SVG = "{http://www.w3.org/2000/svg}"
MUNICIPALITIES = sorted(p.stem for p in EXAMPLES.glob("*.xlsx"))


@pytest.fixture(scope="module")
def reviews() -> dict[str, Review]:
    return {n: review(EXAMPLES / f"{n}.xlsx", Choices(peers=PEERS)) for n in MUNICIPALITIES}


plain = Measure(lambda x, decimals: f"{x:.{decimals}f}", 0)


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
        size = float(e.get("font-size") or svg.SIZE)
        x, y, w = float(str(e.get("x"))), float(str(e.get("y"))), svg.wide(said, size) * 0.9
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


ROWS = {"centres", "blind", "ahead", "flows", "cost", "bridge", "mix", "spine"}
"""The charts whose rows have labels."""


@pytest.mark.parametrize("lang", LANGS)
def test_no_label_is_cut(reviews: dict[str, Review], lang: Lang) -> None:
    """A label on two lines is whole when they are put together."""
    for name, c in every(reviews, lang):
        if c.key.partition("-")[0] in ROWS:
            said = " ".join("".join(e.itertext()) for e in tree(c.svg).iter(f"{SVG}text"))
            for label, *_ in c.rows:
                assert label in said.replace("\N{NO-BREAK SPACE}", " "), f"{name} {c.key}"


def test_a_label_without_room_says_that_there_is_more() -> None:
    _, found = bars([("ord " * 60, 1.0)], plain)
    said = [e for e in found if e.startswith("<text") and "ord" in e]
    assert len(said) == 2
    assert "…</text>" in said[1]


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
        "cost",
        "mix",
        "funnel",
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


# --- Figures read back from the pictures ----------------------------------------------------------


def marks(c: Chart, tag: str) -> list[ET.Element]:
    return [e for e in tree(c.svg).iter(f"{SVG}{tag}") if e.find(f"{SVG}title") is not None]


def axis(c: Chart, along: str = "x") -> svg.Scale:
    """Return the scale that the figures of an axis stand on: its first and its last."""
    anchor = "middle" if along == "x" else "end"
    found = []
    for e in tree(c.svg).iter(f"{SVG}text"):
        said = "".join(e.itertext()).removesuffix(" pct.")
        if e.get("text-anchor") == anchor and re.fullmatch(r"[−+]?[\d.]+(,\d+)?", said):
            value = float(said.replace("−", "-").replace(".", "").replace(",", "."))
            found.append((value, float(str(e.get(along))) - (4.5 if along == "y" else 0)))
    (low, start), (high, end) = min(found), max(found)
    return svg.Scale(low, high, start, end)


def chart_of(r: Review, key: str) -> Chart:
    return next(c for c in draw(r, "da") if c.key == key)


def test_the_bands_of_cost_are_as_long_as_the_shares(reviews: dict[str, Review]) -> None:
    for r in reviews.values():
        part = r.cost_bands
        assert part is not None
        c = chart_of(r, "cost")
        scale = axis(c)
        bars_of = marks(c, "rect")[2:]
        ends = [scale.back(float(str(e.get("x"))) + float(str(e.get("width")))) for e in bars_of]
        shares = [x * 100 for b in part.bands for x in (b.share, b.cost_share)]
        assert ends == pytest.approx(shares, abs=0.1)


def test_the_marks_of_the_service_range_are_at_the_shares(reviews: dict[str, Review]) -> None:
    r = reviews["syddjurs"]
    mix = next(b.mix for b in r.bridges if b.mix)
    c = chart_of(r, "mix")
    scale = axis(c)
    own = [scale.back(float(str(e.get("cx")))) for e in marks(c, "circle")]
    medians = [
        scale.back(float(str(e.get("d"))[1:].split(" ")[0]))
        for e in marks(c, "path")
    ]  # fmt: skip
    assert own == pytest.approx([s.own * 100 for s in mix], abs=0.1)
    assert medians == pytest.approx([s.median * 100 for s in mix], abs=0.1)


def test_a_funnel_has_each_municipality_at_its_size_and_figure(reviews: dict[str, Review]) -> None:
    for r in reviews.values():
        for f in r.funnels:
            i = r.indicator(f.indicator)
            assert i is not None
            c = chart_of(r, f"funnel-{f.indicator}")
            across, up = axis(c), axis(c, "y")
            found = sorted(
                (across.back(float(str(e.get("cx")))), up.back(float(str(e.get("cy")))))
                for e in marks(c, "circle")
            )
            wanted = sorted((p.size, p.value * i.scale) for p in f.points)
            for (size, value), (size_said, value_said) in zip(found, wanted, strict=True):
                assert size == pytest.approx(size_said, abs=0.02 * (across.high - across.low))
                assert value == pytest.approx(value_said, abs=0.02 * (up.high - up.low))
            assert c.svg.count(r.municipality.name) >= 1


def test_the_years_stand_at_their_amounts(reviews: dict[str, Review]) -> None:
    for r in reviews.values():
        c = chart_of(r, "years")
        up = axis(c, "y")
        found = [up.back(float(str(e.get("cy")))) for e in marks(c, "circle")]
        names = ("original", "corrected", "forecast", "accounts")
        wanted = [
            x / 1e6
            for n in names
            for y in r.economy
            if (x := getattr(y, n)) is not None and not (n == "accounts" and y.partial)
        ]
        assert found == pytest.approx(wanted, abs=0.1)


def test_every_month_that_stands_out_is_marked(reviews: dict[str, Review]) -> None:
    for r in reviews.values():
        for m in r.monthly:
            signals = [p for p in m.points if p.signal]
            if m.mean is None:
                continue
            c = chart_of(r, f"monthly-{m.id.replace('.', '-')}")
            assert len(marks(c, "path")) == len(signals)
            assert len([row for row in c.rows if row[2]]) == len(signals)
    assert any(p.signal for r in reviews.values() for m in r.monthly for p in m.points)


# --- Where we stand -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def part(reviews: dict[str, Review]) -> IndicatorPart:
    """Return an indicator among peers with median 10, P10 8, Q1 9, Q3 12 and P90 14."""
    some = next(i for i in reviews["syddjurs"].indicators if i.peers and i.better == "higher")
    assert some.peers is not None
    spread = {"median": 10.0, "q1": 9.0, "q3": 12.0, "p10": 8.0, "p90": 14.0}
    return some.model_copy(update={"peers": some.peers.model_copy(update=spread)})


@pytest.mark.parametrize(
    ("value", "better", "own"),
    [(14, "higher", 1.0), (8, "higher", -1.0), (12, "higher", 0.5), (8, "lower", 1.0),
     (10, "lower", 0.0), (30, "higher", 5.0)],
)  # fmt: skip
def test_the_outer_tenths_are_one_from_the_median(
    part: IndicatorPart, value: float, better: str, own: float
) -> None:
    """Above the median (14 − 10) is 1, below it (10 − 8); lower is better turns it round.

    The quartiles are (9 − 10) / 2 and (12 − 10) / 4.
    """
    at = standing(part.model_copy(update={"value": value, "better": better}))
    assert at is not None
    assert at.own == pytest.approx(own)
    assert at.drawn == pytest.approx(min(own, 4.0))
    assert (at.low, at.high) == pytest.approx((-0.5, 0.5))


def test_peers_who_are_all_alike_say_nothing(part: IndicatorPart) -> None:
    assert part.peers is not None
    alike = part.peers.model_copy(update={"p90": 10.0})
    assert standing(part.model_copy(update={"peers": alike})) is None


# --- The parts of the review ----------------------------------------------------------------------


def supported(*prices: float, **more: object) -> list[DataRow]:
    """Return a citizen for each price a year: § 108, kroner a year."""
    return [
        case(borger_id=f"B{n}", sag_id=f"S{n}", pris=float(p), enhed="år", **more)
        for n, p in enumerate(prices)
    ]


def bands_of(*prices: float) -> list[tuple[float | None, float | None, int]]:
    part = cost_bands_part(ready(AS_OF, (2024, 2025), sager=supported(*prices)))
    return [] if part is None else [(b.low, b.high, b.citizens) for b in part.bands]


def test_the_bands_of_cost_by_hand() -> None:
    """5 of 50,000 and 5 of 1,500,000: half of the citizens, 7,500,000 of 7,750,000 kroner."""
    part = cost_bands_part(
        ready(AS_OF, (2024, 2025), sager=supported(*[50_000] * 5, *[1_500_000] * 5))
    )
    assert part is not None
    filled = [b for b in part.bands if b.citizens]
    assert [(b.low, b.high, b.citizens, b.share) for b in filled] == [
        (None, 100_000, 5, 0.5),
        (1_000_000, 2_000_000, 5, 0.5),
    ]
    assert filled[-1].cost == pytest.approx(7_500_000)
    assert filled[-1].cost_share == pytest.approx(7_500_000 / 7_750_000)
    assert "50 pct." in part.text.da
    assert "97 pct." in part.text.da


def test_a_citizen_counts_once_with_all_that_runs() -> None:
    """60,000 + 60,000 is 120,000: in the second band, with four others; an edge is above it."""
    rows = supported(*[100_000.0] * 4, *[50_000.0] * 5)
    two = [case(borger_id="X", sag_id=f"X{n}", pris=60_000.0, enhed="år") for n in range(2)]
    once = case(borger_id="Y", sag_id="Y", pris=9e6, enhed="engang", startdato=AS_OF)
    part = cost_bands_part(ready(AS_OF, (2024, 2025), sager=[*rows, *two, once]))
    assert part is not None
    assert [(b.low, b.citizens) for b in part.bands] == [(None, 5), (100_000, 5)]


def test_few_are_joined_with_the_smaller_neighbour() -> None:
    """4 above 2 million join the 5 below; 3 below 100,000 join the 6 above."""
    prices = [*[50_000] * 3, *[150_000] * 6, *[300_000] * 8, *[1_500_000] * 5, *[3e6] * 4]
    assert bands_of(*prices) == [
        (None, 250_000, 9),
        (250_000, 500_000, 8),
        (500_000, 1_000_000, 0),
        (1_000_000, None, 9),
    ]


@pytest.mark.parametrize("prices", [[], [50_000] * 4, [50_000] * 20, [50_000] * 6 + [3e6] * 4])
def test_too_few_for_two_bands_give_none(prices: list[float]) -> None:
    assert bands_of(*prices) == []


@steady
@given(st.lists(st.sampled_from([5e4, 1.5e5, 3e5, 7e5, 1.5e6, 3e6]), max_size=60))
def test_no_band_is_small_and_none_is_lost(prices: list[float]) -> None:
    found = joined([(a, b, tuple(x for x in prices if a <= x < b)) for a, b in pairwise(EDGES)])
    assert not any(0 < len(x) < 5 for _, _, x in found)
    if found:
        assert sum(len(x) for _, _, x in found) == len(prices)
        assert all(a[1] == b[0] for a, b in pairwise(found))
    else:
        assert len(prices) < 5


def test_those_without_a_price_are_told() -> None:
    """6 without a price are counted, none of them in a band."""
    part = priced_and(6)
    assert "6 borgere uden en kendt pris" in part.text.da
    assert sum(b.citizens for b in part.bands) == 10


def test_where_few_lack_a_price_nothing_tells_how_few() -> None:
    part = priced_and(2)
    assert part.bands == ()
    assert "10" not in part.text.da
    assert "2" not in part.text.da


def priced_and(unpriced: int) -> CostBandsPart:
    """Return the bands of 10 citizens with a price and some without."""
    rows = supported(*[50_000] * 5, *[1_500_000] * 5)
    lost = [case(borger_id=f"U{n}", sag_id=f"U{n}", pris=None) for n in range(unpriced)]
    part = cost_bands_part(ready(AS_OF, (2024, 2025), sager=[*rows, *lost]))
    assert part is not None
    return part


def test_the_service_range_by_hand(reviews: dict[str, Review]) -> None:
    """Shares sum to 1 with us; the quartiles of the peers lie about their median."""
    found = [b.mix for r in reviews.values() for b in r.bridges if b.mix]
    assert len(found) == len(reviews)
    for mix in found:
        assert sum(s.own for s in mix) == pytest.approx(1)
        assert all(0 <= s.q1 <= s.median <= s.q3 <= 1 for s in mix)


def test_a_service_range_of_three_peers() -> None:
    """Ours 30 and 10: 75 % and 25 %. Theirs 50, 60, 90 %: median 60, quartiles 55 and 75."""
    named = [Texts("a", "a"), Texts("b", "b")]
    theirs = np.array([[5.0, 5.0], [9.0, 1.0], [6.0, 4.0]])
    one, other = service_range(np.array([30.0, 10.0]), theirs, named)
    assert (one.own, one.q1, one.median, one.q3) == pytest.approx((0.75, 0.55, 0.6, 0.75))
    assert (other.own, other.median) == pytest.approx((0.25, 0.4))
    assert service_range(np.zeros(2), theirs, named) == ()


def test_a_funnel_names_no_other_municipality(reviews: dict[str, Review]) -> None:
    r = reviews["syddjurs"]
    assert r.funnels
    for f in r.funnels:
        assert [p.own for p in f.points].count(True) == 1
        i = r.indicator(f.indicator)
        assert i is not None
        own = next(p for p in f.points if p.own)
        assert (own.size, own.value) == (i.denominator, i.value)
        assert all(p.low <= f.target <= p.high for p in f.points)
        words = str(chart_of(r, f"funnel-{f.indicator}"))
        assert not any(name in words for name in r.peer_names)


# --- Kinds ----------------------------------------------------------------------------------------


@steady
@given(st.lists(st.floats(0, 300), max_size=6))
def test_names_at_the_side_stand_apart(wanted: list[float]) -> None:
    found = svg.apart(sorted(wanted), 17, 10, 290)
    assert len(found) == len(wanted)
    assert all(b - a >= 17 - 1e-9 for a, b in pairwise(found))
    assert not found or (min(found) >= 10 - 1e-9 and max(found) <= 290 + 1e-9)


def test_ticks_have_as_few_decimals_as_tell_them_apart() -> None:
    assert plain.ticks([0, 1, 2]) == ["0", "1", "2"]
    assert plain.ticks([0, 0.5, 1]) == ["0.0", "0.5", "1.0"]
    assert plain.ticks([2.00, 2.05, 2.10]) == ["2.00", "2.05", "2.10"]


def test_an_axis_of_one_large_figure_has_ticks_that_differ() -> None:
    low, high, ticks = svg.nice([151_450_000.0])
    assert low < 151_450_000 < high
    assert len({round(t / 1e6, 1) for t in ticks}) == len(ticks)


def test_steps_say_where_the_axis_does_not_begin_at_nothing() -> None:
    """100 and 110 are ten apart: the axis would hide it from 0. 5 and 15 are not."""
    near = [Step("a", 0, 100, whole=True), Step("b", 100, 110), Step("c", 0, 110, whole=True)]
    far = [Step("a", 0, 5, whole=True), Step("b", 5, 15), Step("c", 0, 15, whole=True)]
    assert not from_zero(near)
    assert from_zero(far)


def test_extremes_of_pairs_and_funnels_are_drawn() -> None:
    """Nothing, the negative, all of one figure, and names that meet."""
    same = [Place(n, 0.0, 0.0, 0.0, "x", "Os" if n == 1 else "") for n in (1.0, 1e6)]
    for height, found in (
        pairs([Pair("<a>", 0.0, -0.1), Pair("b", 1.0, 1.1)], ("x", "y"), plain),
        funnel(same, (0.0, "midt"), "grænse", "antal", plain, plain),
        lines(["1", "2"], [Line("a", (5.0, 5.0))], plain, bands=[(5.0, "a"), (5.0, "b")]),
    ):
        root = tree(svg.framed("k", "t", "d", height, found))
        assert "nan" not in "".join(found)
        levels = [float(str(e.get("y"))) for e in root.iter(f"{SVG}text")]
        assert max(levels) <= height


def test_a_review_without_peers_has_no_chart_of_them(tmp_path: Path) -> None:
    """As a user runs it: no file of peers, so neither spine, funnel nor service range."""
    done = styring_says("review", SYDDJURS, "--out", "r", "--format", "html", cwd=tmp_path)
    assert done.code == 0, done.err
    page = (tmp_path / "r" / "review.html").read_text("utf-8")
    found = {re.sub("-.*", "", k) for k in re.findall(r'<figure id="chart-([a-z0-9-]+)"', page)}
    assert not found & {"spine", "funnel", "mix"}
    assert {"cost", "years", "monthly"} <= found
