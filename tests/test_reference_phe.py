"""Intervals and standardised rates are those of PHEindicatormethods, every row to a billionth."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from math import nan, sqrt
from statistics import mean, stdev

from conftest import has_references
from reference import folder, mismatches, number, table
from styring.stats import interval
from styring.stats.interval import Interval
from styring.stats.standardise import direct, indirect

Pairs = Iterator[tuple[str, float | None, float]]


def limits_of(row: dict[str, str], limits: Interval | None, scale: float) -> Pairs:
    """Yield both limits beside the reference's."""
    for n, key in enumerate(("lowercl", "uppercl")):
        ours = limits[n] * scale if limits else None
        yield f"{row['case_id']} {key}", ours, number(row[key])


def proportions(method: Callable[[float, float, float], Interval]) -> Pairs:
    """Yield the limits of every proportion by a method."""
    for row in table("phe", "proportions.csv"):
        level, scale = float(row["confidence_level"]), float(row["multiplier"])
        x, n = float(row["x"]), float(row["n"])
        yield f"{row['case_id']} value", x / n * scale, number(row["value"])
        yield from limits_of(row, method(x, n, interval.z_of(level)), scale)


def test_proportions_are_wilsons() -> None:
    """Three confidence levels, none and all among them."""
    pairs = list(proportions(interval.wilson))
    assert len(pairs) > 300
    assert not mismatches(pairs)


def test_a_wrong_formula_is_not_wilsons() -> None:
    """The comparison has teeth: z instead of z² in the middle, and Wald's interval, are found."""

    def slip(x: float, n: float, z: float) -> Interval:
        p = x / n
        middle, scale = p + z / (2 * n), 1 + z * z / n
        half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
        return (middle - half) / scale, (middle + half) / scale

    def wald(x: float, n: float, z: float) -> Interval:
        half = z * sqrt(x / n * (1 - x / n) / n)
        return x / n - half, x / n + half

    assert len(mismatches(proportions(slip))) > 100
    assert len(mismatches(proportions(wald))) > 100


def test_rates_are_exact_below_ten_events_and_byars_from_ten() -> None:
    """Fractions of an event among them."""
    pairs: list[tuple[str, float | None, float]] = []
    for row in table("phe", "rates.csv"):
        x, n, scale = (float(row[k]) for k in ("x", "n", "multiplier"))
        pairs.append((row["case_id"], x / n * scale, number(row["value"])))
        limits = interval.rate(x, n, float(row["confidence_level"]))
        pairs += limits_of(row, limits, scale)
        assert row["method"] == ("Exact" if x < interval.LEAST_BYAR else "Byars")
    assert len(pairs) > 250
    assert not mismatches(pairs)


def test_means_are_students() -> None:
    """Any number of observations, three levels."""
    values: dict[str, list[float]] = defaultdict(list)
    for row in table("phe", "means_input.csv"):
        values[row["case_id"]].append(float(row["v"]))
    pairs: list[tuple[str, float | None, float]] = []
    for row in table("phe", "means_output.csv"):
        x = values[row["case_id"]]
        pairs.append((f"{row['case_id']} value", mean(x), number(row["value"])))
        spread = stdev(x) if len(x) > 1 else nan
        pairs.append((f"{row['case_id']} stdev", spread, number(row["stdev"])))
        limits = interval.mean(mean(x), spread, len(x), float(row["confidence_level"]))
        pairs += limits_of(row, limits, 1)
    assert len(pairs) > 50
    assert not mismatches(pairs)


def by_case(name: str) -> dict[str, list[dict[str, str]]]:
    """Return the rows of a table by case."""
    found: dict[str, list[dict[str, str]]] = defaultdict(list)
    for row in table("phe", name):
        found[row["case_id"]].append(row)
    return found


def test_directly_standardised_rates_are_dobsons() -> None:
    """None below ten events."""
    given = by_case("dsr_input.csv")
    pairs: list[tuple[str, float | None, float]] = []
    for row in table("phe", "dsr_output.csv"):
        rows = given[row["case_id"]]
        events, people, standard = ([float(r[k]) for r in rows] for k in ("x", "n", "stdpop"))
        scale = float(row["multiplier"])
        found = direct(events, people, standard, float(row["confidence_level"]))
        value = found.value * scale if found else None
        pairs.append((row["case_id"], value, number(row["value"])))
        pairs += limits_of(row, (found.low, found.high) if found else None, scale)
    assert len(pairs) == 90
    assert not mismatches(pairs)


def test_indirectly_standardised_ratios_are_theirs() -> None:
    """Observed over expected, exact or Byar's limits on the observed."""
    given = by_case("isr_input.csv")
    standard = {r["ageband"]: r for r in table("phe", "isr_reference.csv")}
    pairs: list[tuple[str, float | None, float]] = []
    for row in table("phe", "isratio_output.csv"):
        rows = given[row["case_id"]]
        found = indirect(
            [float(r["x"]) for r in rows],
            [float(r["n"]) for r in rows],
            [float(standard[r["ageband"]]["x_ref"]) for r in rows],
            [float(standard[r["ageband"]]["n_ref"]) for r in rows],
            float(row["confidence_level"]),
        )
        scale = float(row["refvalue"])
        pairs.append((row["case_id"], found.value * scale, number(row["value"])))
        pairs += limits_of(row, (found.low, found.high), scale)
        observed = sum(float(r["x"]) for r in rows)
        pairs.append((row["case_id"], observed / found.value, number(row["expected"])))
    assert len(pairs) == 120
    assert not mismatches(pairs)


def test_a_figure_is_lower_similar_or_higher_than_a_benchmark_as_theirs() -> None:
    """At 95 and at 99.8 per cent, all 98 areas."""
    rows = table("phe", "benchmark_proportion.csv")
    assert len(rows) == 98
    pairs: list[tuple[str, float | None, float]] = []
    for row in rows:
        x, n, benchmark = float(row["x"]), float(row["n"]), float(row["benchmark"]) / 100
        pairs.append((row["area"], x / n * 100, number(row["value"])))
        for level, verdict, name in ((0.95, "vs_95", "95_0cl"), (0.998, "vs_99_8", "99_8cl")):
            limits = interval.wilson(x, n, interval.z_of(level))
            assert interval.against(limits, benchmark) == row[verdict], row["area"]
            for side, figure in zip(("lower", "upper"), limits, strict=True):
                pairs.append((row["area"], figure * 100, number(row[f"{side}{name}"])))
    assert len(pairs) == 490
    assert not mismatches(pairs)
    assert {row["vs_95"] for row in rows} == {"lower", "similar", "higher"}


def test_a_comparison_may_not_be_skipped_where_the_results_are_there() -> None:
    """The hook of the tests turns such a skip into a failure; other tests may skip."""
    folder("phe")
    assert has_references("test_reference_phe.py")
    assert not has_references("test_stats.py")
