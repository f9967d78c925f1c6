"""Likeness: a standardised distance by hand, its laws, and the choice of peers."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan, log, nan, sqrt

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from rows import steady
from styring.choose import PeerChoice, cheapest, choose
from styring.errors import InputError
from styring.places import places
from styring.similar import (
    Alike,
    Scaled,
    distances,
    framework,
    nearest,
    ranked,
    scaled,
)

OWN = "706"
CODES = ("706", "710", "727", "730", "740", "746", "751")
SCHEMA = {
    "kommunekode": pl.String(), "kommune": pl.String(), "periode": pl.String(),
    "indikator": pl.String(), "vaerdi": pl.Float64(), "suppressed": pl.Boolean(),
    "titel": pl.String(), "enhed": pl.String(),
}  # fmt: skip


def context(values: Mapping[str, Mapping[str, float]], period: str = "2024") -> pl.DataFrame:
    """Return a context file: variable → code → value."""
    rows = [
        (code, places()[code].name, period, name, value, False, f"Titel {name}", "pct.")
        for name, by_code in values.items()
        for code, value in by_code.items()
    ]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def column(*values: float) -> dict[str, float]:
    """Return values by the codes above, those that are not NaN."""
    return {c: v for c, v in zip(CODES, values, strict=True) if not isnan(v)}


def scaled_of(
    values: Mapping[str, Mapping[str, float]], weights: Mapping[str, float] | None = None
) -> Scaled:
    """Return framework conditions scaled by mean and deviation."""
    f, _ = framework(context(values), OWN, 2024)
    return scaled(f, weights, "z")[0]


# --- The distance -------------------------------------------------------------------------------


def test_the_distance_by_hand() -> None:
    """Two variables, one of double weight: √((1·Δa² + 2·Δb²) / 3) in standard deviations.

    a is 1 … 7: deviation 2.1602. b is 7, 6, … 1: the same. From 1 to 4 both differ by 3, so
    Δ = 3/2.1602 and the distance is that whatever the weights.
    """
    s = scaled_of({"a": column(1, 2, 3, 4, 5, 6, 7), "b": column(7, 6, 5, 4, 3, 2, 1)}, {"b": 2.0})
    found, _ = distances(s, 0)
    assert found[3] == pytest.approx(3 / 2.160246899469287)
    s = scaled_of({"a": column(1, 2, 3, 4, 5, 6, 7), "b": column(1, 1, 1, 1, 1, 1, 8)}, {"b": 2.0})
    found, _ = distances(s, 0)
    # b: deviation of six 1 and one 8 is √7; ours and the fourth are equal in b
    assert found[3] == pytest.approx(sqrt((3 / 2.160246899469287) ** 2 / 3))
    b = (7 / sqrt(7)) ** 2
    a = (6 / 2.160246899469287) ** 2
    assert found[6] == pytest.approx(sqrt((a + 2 * b) / 3))


def test_the_robust_scale_is_the_median_and_its_deviation() -> None:
    """1 … 7: median 4, deviations 3 2 1 0 1 2 3, their median 2, times 1.4826."""
    f, _ = framework(context({"a": column(1, 2, 3, 4, 5, 6, 7)}), OWN, 2024)
    s, notes = scaled(f)
    assert s.z[:, 0].tolist() == pytest.approx([(v - 4) / (2 * 1.4826) for v in range(1, 8)])
    assert notes == []


def test_a_variable_of_mostly_one_value_falls_back_on_the_standard_deviation() -> None:
    """Its median deviation is 0."""
    f, _ = framework(context({"a": column(1, 1, 1, 1, 1, 1, 8)}), OWN, 2024)
    s, _ = scaled(f)
    assert s.z[6, 0] - s.z[0, 0] == pytest.approx(7 / sqrt(7))


def test_a_skewed_positive_variable_is_compared_by_its_logarithm() -> None:
    """1, 2, 4 … 64 is skewed, and an even step in logarithms; with a 0 in it, it stays."""
    f, _ = framework(context({"a": column(1, 2, 4, 8, 16, 32, 64)}), OWN, 2024)
    s, _ = scaled(f, None, "z")
    assert s.logged == (True,)
    steps = np.diff(s.z[:, 0])
    assert steps == pytest.approx([steps[0]] * 6)
    deviation = float(np.std([log(2) * n for n in range(7)], ddof=1))
    assert steps[0] == pytest.approx(log(2) / deviation)
    f, _ = framework(context({"a": column(0, 2, 4, 8, 16, 32, 64)}), OWN, 2024)
    assert scaled(f)[0].logged == (False,)


def test_a_constant_variable_is_dropped_with_a_note() -> None:
    """It parts nobody."""
    f, _ = framework(context({"a": column(*[3.0] * 7), "b": column(*range(7))}), OWN, 2024)
    s, notes = scaled(f)
    assert s.framework.ids == ["b"]
    assert "Titel a" in notes[0].message.da


def test_nothing_is_imputed() -> None:
    """The distance is over what both have; below half of the weight there is none."""
    s = scaled_of({
        "a": column(1, 2, 3, 4, 5, 6, 7),
        "b": column(1, nan, 3, 4, 5, 6, 7),
        "c": column(1, nan, 3, 4, 5, 6, 7),
    })  # fmt: skip
    found, shared = distances(s, 0)
    assert isnan(found[1])
    assert shared[1] == 1
    s = scaled_of({"a": column(1, 2, 3, 4, 5, 6, 7), "b": column(1, nan, 3, 4, 5, 6, 7)})
    found, _ = distances(s, 0)
    assert found[1] == pytest.approx(1 / 2.160246899469287)
    assert ranked(s, OWN)[0].variables == 1


def test_a_variable_we_lack_or_few_have_is_left_out_with_a_note() -> None:
    """Nobody can be compared by it."""
    values = {"a": column(nan, 2, 3, 4, 5, 6, 7), "b": column(1, 2, 3, 4, nan, nan, nan)}
    f, notes = framework(context(values), OWN, 2024)
    assert f.ids == []
    assert "a, b" in notes[0].message.da


def test_the_latest_period_not_after_the_year_counts() -> None:
    """2025 is not known in 2024, and 2019 is old news."""
    every = [
        context({"a": {c: float(year) + n for n, c in enumerate(CODES)}}, str(year))
        for year in (2019, 2023, 2025)
    ]
    f, _ = framework(pl.concat(every), OWN, 2024)
    assert f.variables[0].period == "2023"
    assert f.values_of("a")[OWN] == 2023


numbers = st.lists(st.floats(-100, 100).map(lambda x: round(x, 3)), min_size=7, max_size=7)


@steady
@given(numbers, numbers, st.floats(0.1, 50), st.floats(-50, 50))
def test_distance_is_symmetric_and_knows_no_unit(
    a: list[float], b: list[float], factor: float, shift: float
) -> None:
    """Kroner or thousands of kroner, Celsius or Fahrenheit: the same distance; 0 to oneself."""
    if len(set(a)) < 3 or len(set(b)) < 3:
        return
    f, _ = framework(context({"a": column(*a), "b": column(*b)}), OWN, 2024)
    s, _ = scaled(f, None, "z")
    moved = [x * factor + shift for x in a]
    g, _ = framework(context({"a": column(*moved), "b": column(*b)}), OWN, 2024)
    t, _ = scaled(g, None, "z")
    for row in range(7):
        found, _ = distances(s, row)
        assert found[row] == 0
        for other in range(7):
            assert found[other] == pytest.approx(distances(s, other)[0][row], abs=1e-9)
    if s.logged == t.logged:
        assert distances(t, 0)[0] == pytest.approx(distances(s, 0)[0], rel=1e-6, abs=1e-6)


# --- Ranked -------------------------------------------------------------------------------------


def test_the_two_variables_that_pull_most_apart_are_named_with_their_share() -> None:
    """B pulls 4 of 5 parts where it differs by two deviations and a by one."""
    s = Scaled(
        framework(context({"a": column(1, 2, 3, 4, 5, 6, 7), "b": column(1, 3, 5, 7, 9, 11, 13),
                           "c": column(1, 1, 1, 1, 1, 1, 2)}), OWN, 2024)[0],
        np.array([[0, 0, 0], [1, 2, 0], [9, 9, 0], [9, 9, 0], [9, 9, 0], [9, 9, 0], [9, 9, 0]],
                 dtype=float),
        np.ones(3),
        (False,) * 3,
    )  # fmt: skip
    first = ranked(s, OWN)[0]
    assert first.code == "710"
    assert [(p.variable, p.own, p.theirs) for p in first.apart] == [("b", 1, 3), ("a", 1, 2)]
    assert [p.share for p in first.apart] == pytest.approx([0.8, 0.2])


def alike(*found: float) -> list[Alike]:
    """Return municipalities at these distances."""
    return [Alike(f"{n}", f"K{n}", n, d, 1, ()) for n, d in enumerate(found, 1)]


def test_those_tied_at_the_last_place_are_all_taken_and_marked() -> None:
    """Two at 0.5: the second place is both of theirs."""
    taken = nearest(alike(0.1, 0.5, 0.5, 0.9), 2)
    assert [(a.code, a.tied) for a in taken] == [("1", False), ("2", True), ("3", True)]
    assert [a.code for a in nearest(alike(0.1, 0.5, 0.9), 2)] == ["1", "2"]
    assert len(nearest(alike(0.1, 0.5), 9)) == 2


def test_the_five_cheapest_of_the_ten_most_alike() -> None:
    """The mean of 1 … 5 among 10 … 1; the eleventh is cheaper and not alike enough."""
    near = alike(*(n / 10 for n in range(1, 12)))
    values = {str(n): float(11 - n) for n in range(1, 11)} | {"11": 0.1}
    found = cheapest(values, near)
    assert found is not None
    assert found[0] == 3
    assert found[1] == ["K10", "K9", "K8", "K7", "K6"]
    assert cheapest({str(n): 1.0 for n in range(1, 10)}, near) is None


# --- The choice ---------------------------------------------------------------------------------

PEERS = {c: places()[c].name for c in CODES}
VALUES = {"a": column(1, 2, 3, 4, 5, 6, 7), "b": column(1, 2, 3.2, 4.5, 5, 7, 6)}


def chosen(choice: PeerChoice, *, told: bool = True) -> list[str]:
    """Return the codes chosen."""
    frame = context(VALUES) if told else None
    return sorted(choose(choice, PEERS, frame, OWN, 2024).codes)


def test_without_a_choice_all_but_ourselves_are_peers() -> None:
    """One's own municipality never is."""
    assert chosen(PeerChoice()) == sorted(set(CODES) - {OWN})
    assert chosen(PeerChoice(group=("Syddjurs", "Odder"))) == ["727"]


def test_a_group_is_named_in_any_spelling() -> None:
    """By code, with «Kommune», with aa for å; one without rows is noted."""
    assert chosen(PeerChoice(group=("751", "Odder Kommune", "silkeborg"))) == ["727", "740", "751"]
    found = choose(PeerChoice(group=("Odder", "Samsø")), PEERS, None, OWN, 2024)
    assert "Samsø" in found.notes[0].message.da


def test_a_region_is_named_or_our_own() -> None:
    """All of these are in Midtjylland."""
    assert chosen(PeerChoice(region="egen")) == sorted(set(CODES) - {OWN})
    assert chosen(PeerChoice(region="Sjælland")) == []


def test_the_most_alike_are_the_nearest() -> None:
    """Odder and Favrskov are nearest by both variables; likeness needs framework conditions."""
    assert chosen(PeerChoice(similar=2)) == ["710", "727"]
    with pytest.raises(InputError):
        chosen(PeerChoice(similar=2), told=False)


def test_likeness_may_be_sought_within_a_group() -> None:
    """The nearest of those named."""
    assert chosen(PeerChoice(group=("Silkeborg", "Skanderborg", "Aarhus"), similar=1)) == ["740"]


def test_unknown_names_regions_and_conditions_are_refused() -> None:
    """With what there is."""
    for choice in (
        PeerChoice(group=("Andeby",)),
        PeerChoice(region="Skåne"),
        PeerChoice(by=("c",)),
        PeerChoice(weights={"c": 1.0}),
    ):
        with pytest.raises(InputError):
            chosen(choice)


def test_asking_for_more_than_there_are_is_said() -> None:
    """Six others can be used."""
    found = choose(PeerChoice(similar=9), PEERS, context(VALUES), OWN, 2024)
    assert len(found.codes) == 6
    assert "9 lignende" in found.notes[-1].message.da


def test_the_sets_are_sizes_conditions_left_out_and_peers_left_out_each_once() -> None:
    """5 and 6 of six, without a, without b, and each of the six left out."""
    found = choose(PeerChoice(similar=5), PEERS, context(VALUES), OWN, 2024)
    labels = [s.label.da for s in found.sets]
    assert labels[0] == "de valgte kommuner"
    assert "de 6 mest lignende" in labels
    assert sum(label.startswith("uden ") for label in labels) >= 5
    assert len({s.codes for s in found.sets}) == len(found.sets)
    assert all(OWN not in s.codes for s in found.sets)


def test_mutual_likeness_is_told() -> None:
    """The far end is nearest to its own neighbours, not to us."""
    found = choose(PeerChoice(similar=2), PEERS, context(VALUES), OWN, 2024)
    by_code = {a.code: a for a in found.alike}
    assert by_code["710"].reciprocal
    assert not by_code["746"].reciprocal


# --- Real figures -------------------------------------------------------------------------------


def real() -> pl.DataFrame:
    """Return the real accounts per inhabitant as framework conditions, read plainly."""
    codes = {p.name: p.code for p in places().values()}
    frame = pl.read_csv(oracle.shared() / "data" / "regk31_social.csv", infer_schema=False)
    kept = frame.filter(pl.col("kommune") != "Hele landet")
    assert kept.height == 4802
    return kept.select(
        pl.col("kommune").replace_strict(codes).alias("kommunekode"),
        "kommune",
        pl.col("aar").alias("periode"),
        pl.col("funktion").alias("indikator"),
        pl.col("kr_pr_indbygger").cast(pl.Float64()).alias("vaerdi"),
        pl.lit(False).alias("suppressed"),
        pl.col("funktionsnavn").alias("titel"),
        pl.lit("kr. pr. indbygger").alias("enhed"),
    )


def test_all_98_real_municipalities_have_ten_that_are_alike() -> None:
    """Never themselves, ten different ones, nearest first."""
    frame = real()
    names = {c: p.name for c, p in places().items()}
    for code in places():
        found = choose(PeerChoice(similar=10), names, frame, code, 2024)
        assert len(found.codes) >= 10
        assert code not in found.codes
        assert len(found.alike) == 97
        order = [a.distance for a in found.alike]
        assert order == sorted(order)
        assert all(len(a.apart) == 2 for a in found.alike)
