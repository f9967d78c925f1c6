"""Likeness: a standardised distance by hand, its laws, and the choice of peers."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from dataclasses import replace
from math import isnan, log, nan, sqrt
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import oracle
from rows import steady
from running import PEERS as PEERS_FILE
from running import SYDDJURS, Ran, styring_in_process
from styring.choose import PeerChoice, cheapest, choose
from styring.errors import InputError
from styring.index.treat import skewness
from styring.places import places
from styring.similar import (
    Alike,
    Scale,
    Scaled,
    distances,
    framework,
    nearest,
    ranked,
    scaled,
)

OWN = "706"
SCALES: tuple[Scale, ...] = ("robust", "z")
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
    """Its median deviation is 0; that is said."""
    f, _ = framework(context({"a": column(0, 0, 0, 0, 0, 0, 7)}), OWN, 2024)
    s, notes = scaled(f)
    # mean 1, six deviations of 1 and one of 6: √((6 + 36) / 6) = √7
    assert s.z[:, 0].tolist() == pytest.approx([-1 / sqrt(7)] * 6 + [6 / sqrt(7)])
    assert [n.severity for n in notes] == ["info"]
    assert "gennemsnit og standardafvigelse: Titel a" in notes[0].message.da
    assert scaled(f, None, "z")[1] == []


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
    """It parts nobody; 1.1 seven times has a mean that is not quite 1.1 in binary."""
    f, _ = framework(context({"a": column(*[1.1] * 7), "b": column(*range(7))}), OWN, 2024)
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
    assume(len(set(a)) > 2)
    assume(len(set(b)) > 2)
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
    if not s.logged[0] and not t.logged[0]:
        assert distances(t, 0)[0] == pytest.approx(distances(s, 0)[0], rel=1e-6, abs=1e-6)


@steady
@given(numbers, numbers, st.floats(0.1, 50), st.permutations(range(14)), st.sampled_from(SCALES))
def test_neither_the_order_of_rows_nor_a_constant_nor_kroner_or_thousands_matter(
    a: list[float], b: list[float], factor: float, order: list[int], scale: Scale
) -> None:
    """A logarithm only moves when a unit changes, and what is the same everywhere parts nobody."""
    assume(len(set(a)) > 2)
    assume(len(set(b)) > 2)
    a = [abs(x) + 1 for x in a]
    assume(len(set(a)) > 2)
    plain = context({"a": column(*a), "b": column(*b)})
    s, _ = scaled(framework(plain, OWN, 2024)[0], {"b": 3.0}, scale)
    mixed = pl.concat(
        [plain[order], context({"c": column(*[0.7] * 7), "d": column(*[factor] * 7)})]
    )
    t, _ = scaled(framework(mixed, OWN, 2024)[0], {"b": 3.0}, scale)
    assert distances(t, 0)[0].tolist() == distances(s, 0)[0].tolist()
    assume(abs(abs(skewness(np.array(a))) - 1) > 1e-6)
    other = context({"a": column(*(x * factor for x in a)), "b": column(*b)})
    u, _ = scaled(framework(other, OWN, 2024)[0], {"b": 3.0}, scale)
    assert u.logged == s.logged
    assert distances(u, 0)[0] == pytest.approx(distances(s, 0)[0], rel=1e-6, abs=1e-6)


def test_the_skewness_is_the_bias_corrected() -> None:
    """1 1 1 1 6: mean 2, m2 = (4 + 16)/5 = 4, m3 = (−4 + 64)/5 = 12, g1 = 12/8 = 1.5.

    G1 = 1.5 · √(5 · 4) / 3 = √5.
    """
    assert skewness(np.array([1.0, 1, 1, 1, 6])) == pytest.approx(sqrt(5))


def test_several_figures_of_a_municipality_are_refused() -> None:
    """One price level or the other: nobody can tell which is meant."""
    twice = pl.concat([context(VALUES), context({"a": {"727": 9.0}})])
    with pytest.raises(InputError) as refused:
        framework(twice, OWN, 2024)
    assert "Odder har flere tal for rammevilkåret «a» i 2024" in refused.value.message("da")


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
    for own in ("egen", "Egen", "own", "Midtjylland", "region midtjylland"):
        assert chosen(PeerChoice(region=own)) == sorted(set(CODES) - {OWN})
    assert chosen(PeerChoice(region="Sjælland")) == []


def test_nobody_left_is_said_and_likeness_does_not_look_elsewhere() -> None:
    """No municipality of the file is in Sjælland, so none is the most alike there."""
    found = choose(PeerChoice(region="Sjælland", similar=2), PEERS, context(VALUES), OWN, 2024)
    assert found.codes == frozenset()
    assert [n.message.da.split(".")[0] for n in found.notes] == [
        "Ingen kommuner er tilbage at sammenligne med"
    ]
    assert found.sets[0].codes == frozenset()


def test_a_group_and_a_region_are_those_of_the_group_in_the_region() -> None:
    """Who falls out is named."""
    peers = PEERS | {"101": "København"}
    choice = PeerChoice(group=("Odder", "København", "Aarhus"), region="egen")
    found = choose(choice, peers, None, OWN, 2024)
    assert sorted(found.codes) == ["727", "751"]
    assert found.notes[0].message.da.endswith("derfor ikke med: København.")
    assert found.text is not None
    assert found.text.da == (
        "Der sammenlignes med 2 kommuner, valgt ved navn, i Region Midtjylland."
    )
    assert [s.label.da for s in found.sets] == ["de valgte kommuner", "alle kommuner i filen"]


def test_our_own_region_is_not_known_of_a_code_that_is_none() -> None:
    """Said, and what to do."""
    with pytest.raises(InputError, match="999"):
        choose(PeerChoice(region="egen"), PEERS, None, "999", 2024)


def test_peers_that_are_none_of_the_98_are_kept_and_can_be_named() -> None:
    """Christiansø, or a unit of one's own."""
    peers = PEERS | {"411": "Christiansø"}
    assert "411" in choose(PeerChoice(), peers, None, OWN, 2024).codes
    for name in ("411", "christiansø"):
        assert choose(PeerChoice(group=(name,)), peers, None, OWN, 2024).codes == {"411"}


def test_the_most_alike_are_the_nearest() -> None:
    """Odder and Favrskov are nearest by both variables; likeness needs framework conditions."""
    assert chosen(PeerChoice(similar=2)) == ["710", "727"]
    with pytest.raises(InputError):
        chosen(PeerChoice(similar=2), told=False)


def test_likeness_may_be_sought_within_a_group() -> None:
    """The nearest of those named."""
    assert chosen(PeerChoice(group=("Silkeborg", "Skanderborg", "Aarhus"), similar=1)) == ["740"]


@pytest.mark.parametrize(
    ("choice", "hint"),
    [
        (PeerChoice(group=("Odderr",)), "Mener du Odder eller"),
        (PeerChoice(region="Skåne"), "Regionerne er Hovedstaden"),
        (PeerChoice(by=("befolkningstethed",)), "Mener du 'befolkningstaethed'?"),
        (PeerChoice(weights={"x": 1.0}), "Der er: a, b, befolkningstaethed."),
    ],
)
def test_unknown_names_regions_and_conditions_are_refused(choice: PeerChoice, hint: str) -> None:
    """With the nearest, or with what there is."""
    frame = context(VALUES | {"befolkningstaethed": column(*range(7))})
    with pytest.raises(InputError) as refused:
        choose(choice, PEERS, frame, OWN, 2024)
    assert hint in refused.value.message("da")


def test_likeness_without_figures_of_our_own_is_refused_with_the_reason() -> None:
    """The file is there, but nobody can be compared with us by it."""
    with pytest.raises(InputError) as refused:
        choose(PeerChoice(similar=2), PEERS, context({"a": VALUES["a"]}), "101", 2024)
    assert "kommunens egne tal" in refused.value.message("da")


def test_conditions_chosen_without_a_file_of_them_are_told() -> None:
    """They are not used."""
    for choice in (PeerChoice(by=("a",)), PeerChoice(weights={"a": 2.0})):
        found = choose(choice, PEERS, None, OWN, 2024)
        assert "giv filen med --context" in found.notes[0].message.da


def test_those_likeness_cannot_be_measured_for_are_named() -> None:
    """Skanderborg has one of three conditions, Samsø none: they are no peers by likeness."""
    values = {
        "a": VALUES["a"],
        "b": column(1, 2, 3.2, 4.5, 5, nan, 6),
        "c": column(3, 1, 4, 1, 5, nan, 2),
    }
    peers = PEERS | {"741": "Samsø"}
    found = choose(PeerChoice(similar=9), peers, context(values), OWN, 2024)
    assert not found.codes & {"741", "746"}
    assert (found.notes[0].severity, "Samsø og Skanderborg" in found.notes[0].message.da) == (
        "warning", True,
    )  # fmt: skip
    every = choose(PeerChoice(), peers, context(values), OWN, 2024)
    assert every.codes >= {"741", "746"}
    assert every.notes[0].severity == "info"


def test_without_a_peers_file_likeness_is_shown_and_nothing_compared() -> None:
    """To the municipalities of the context file; there are no sets to try anything in."""
    found = choose(PeerChoice(), {}, context(VALUES), OWN, 2024)
    assert [a.code for a in found.alike][:2] == ["710", "727"]
    assert len(found.alike) == 6
    assert (found.codes, found.sets, found.notes) == (frozenset(), (), ())
    assert all(a.reciprocal for a in found.alike)
    assert found.text is not None
    assert found.text.da.startswith("Der er ingen sammenligningsfil.")


def test_asking_for_more_than_there_are_is_said() -> None:
    """Six others can be used."""
    found = choose(PeerChoice(similar=9), PEERS, context(VALUES), OWN, 2024)
    assert len(found.codes) == 6
    assert "9 lignende" in found.notes[-1].message.da


def test_the_sets_are_sizes_conditions_left_out_and_peers_left_out_each_once() -> None:
    """5 and 6 of six, without a, without b, by the other scale, each of the five left out."""
    found = choose(PeerChoice(similar=5), PEERS, context(VALUES), OWN, 2024)
    labels = [s.label.da for s in found.sets]
    assert labels[0] == "de valgte kommuner"
    assert "de 6 mest lignende" in labels
    assert sum(label.startswith("uden ") for label in labels) >= 5
    assert len({s.codes for s in found.sets}) == len(found.sets)
    assert all(OWN not in s.codes for s in found.sets)


def test_the_other_scale_is_one_of_the_sets_where_it_chooses_others() -> None:
    """900 widens the standard deviation of a so much that b decides; its median deviation not."""
    values = {"a": column(0, 1, 2, 3, 30, 40, 900), "b": column(0, 5, 6, 7, 1, 2, 9)}
    robust = choose(PeerChoice(similar=3), PEERS, context(values), OWN, 2024)
    assert sorted(robust.codes) == ["710", "727", "730"]
    for scale in SCALES:
        choice = PeerChoice(similar=3, scale=scale)
        found = choose(choice, PEERS, context(values), OWN, 2024)
        other = choose(replace(choice, scale=SCALES[scale == "robust"]), PEERS, context(values),
                       OWN, 2024)  # fmt: skip
        assert found.codes != other.codes
        word = {"robust": "målt med gennemsnit", "z": "målt med median"}[scale]
        assert [s.codes for s in found.sets if s.label.da.startswith(word)] == [other.codes]


def test_a_set_too_small_to_compare_with_is_not_tried() -> None:
    """Of three chosen by name none can be left out: a comparison takes three."""
    found = choose(PeerChoice(group=("Odder", "Silkeborg", "Aarhus")), PEERS, None, OWN, 2024)
    assert [len(s.codes) for s in found.sets] == [3, 6]


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
        assert code not in found.codes
        assert {a.code for a in found.alike} == set(places()) - {code}
        order = [a.distance for a in found.alike]
        assert order == sorted(order)
        assert {a.code for a in found.alike[: len(found.codes)]} == found.codes
        tied = [a for a in found.alike if a.tied]
        assert len(found.codes) == 10 or (len(tied) > 1 and found.notes[-1].severity == "info")
        assert all(len(a.apart) == 2 and a.variables == 7 for a in found.alike)


def test_a_tie_for_the_tenth_place_among_98_is_declared() -> None:
    """1 … 98 by one condition: from the 50th two are at each distance, so the 9th is two."""
    values = {"a": {c: float(n) for n, c in enumerate(sorted(places()))}}
    names = {c: p.name for c, p in places().items()}
    middle = sorted(places())[49]
    found = choose(PeerChoice(similar=9), names, context(values), middle, 2024)
    assert len(found.codes) == 10
    assert sum(a.tied for a in found.alike) == 2
    assert "10 kommuner er med i stedet for 9" in found.notes[-1].message.da


# --- The command --------------------------------------------------------------------------------


def test_the_settings_name_the_file_of_framework_conditions(tmp_path: Path) -> None:
    """Beside them; the command line goes first, and one that is not there is told with its line."""
    settings = tmp_path / "styring.toml"
    settings.write_text('[peers]\nsimilar = 3\ncontext = "vilkaar.csv"\n', "utf-8")

    def ran(*options: str) -> Ran:
        return styring_in_process(
            "review", SYDDJURS, "--peers", PEERS_FILE, "--config", settings, "--out", "ud",
            "--format", "json", "--overwrite", *options, cwd=tmp_path,
        )  # fmt: skip

    refused = ran()
    assert refused.code == 3
    assert "styring.toml:3:" in refused.err
    assert "Filen med rammevilkår findes ikke" in refused.err
    shutil.copy(SYDDJURS.parent / "rammevilkaar.csv", tmp_path / "vilkaar.csv")
    assert ran().code == 0
    review = json.loads((tmp_path / "ud" / "review.json").read_text("utf-8"))
    assert len(review["peer_names"]) == 3
    assert "vilkaar.csv" in [i["name"] for i in review["provenance"]["inputs"]]
    assert "andet.csv" in ran("--context", "andet.csv").err


@pytest.mark.parametrize("option", ["--group=Odder", "--region=egen", "--similar=3", "--by=a"])
def test_a_choice_among_nobody_is_refused(tmp_path: Path, option: str) -> None:
    """Without a file of others there is nothing to choose from."""
    ran = styring_in_process("review", SYDDJURS, "--out", "ud", option, cwd=tmp_path)
    assert ran.code == 2
    assert option.partition("=")[0] in ran.err
    assert not (tmp_path / "ud").exists()
