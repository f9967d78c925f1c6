"""Limits and signals of control charts are those of NHSRplotthedots, every point."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from reference import folder, mismatches, number, table
from styring.stats import control
from styring.stats.control import Limits, Signal, assurance, limits, signals, variation

NAMES: dict[str, Signal | None] = {
    "Common Cause": None,
    "Above UCL": "above",
    "Below LCL": "below",
    "7 Point Trend (Increasing)": "rising",
    "7 Point Trend (Decreasing)": "falling",
    "7 Points Above CL": "shift_up",
    "7 Points Below CL": "shift_down",
    "2 in 3 Above CL": "close_up",
    "2 in 3 Below CL": "close_down",
}
Rows = list[dict[str, str]]


def series() -> dict[tuple[str, str], Rows]:
    """Return the points of each case and part that has limits of its own."""
    found: dict[tuple[str, str], Rows] = defaultdict(list)
    for row in table("spc", "points.csv"):
        found[row["case_id"], row["rebase_group"]].append(row)
    return found


def settings() -> dict[str, Any]:
    """Return how each case was made."""
    told: dict[str, Any] = json.loads((folder("spc") / "params.json").read_text("utf-8"))
    return told


def limits_of(case: str, rows: Rows) -> Limits:
    """Return our limits of a case, from the points it says and screened as it says."""
    told = settings()[case]
    values = [float(r["value"]) if r["value"] else None for r in rows][: told["fix_after_n_points"]]
    return limits(values, screen=told["screen_outliers"])


def test_limits_are_theirs() -> None:
    """Re-based, fixed after some points, with and without screening."""
    pairs: list[tuple[str, float | None, float]] = []
    for (case, part), rows in series().items():
        of = limits_of(case, rows)
        pairs.append((f"{case} {part} mean", of.mean, number(rows[0]["mean"])))
        if of.high > of.low:
            pairs.append((f"{case} {part} low", of.low, number(rows[0]["lpl"])))
            pairs.append((f"{case} {part} high", of.high, number(rows[0]["upl"])))
        else:
            assert not rows[0]["lpl"]
    assert len(pairs) > 60
    assert not mismatches(pairs)


def test_signals_are_theirs() -> None:
    """Every rule, at every point."""
    seen = 0
    for (case, part), rows in series().items():
        of = limits_of(case, rows)
        known = [r for r in rows if r["value"]]
        ours = signals([float(r["value"]) for r in known], of)
        theirs = [NAMES[r["special_cause_type"]] for r in known]
        assert ours == theirs, (case, part)
        seen += sum(s is not None for s in ours)
    assert seen == 199


VARIATION = {
    "common": "common_cause",
    "improvement": "special_cause_improvement",
    "concern": "special_cause_concern",
    "high": "special_cause_neutral_high",
    "low": "special_cause_neutral_low",
}
BETTER: dict[str, control.Better] = {
    "increase": "higher",
    "decrease": "lower",
    "neutral": "neutral",
}


def variations(case: str, rows: Rows) -> list[str]:
    """Return our label of every point of a case that has a value."""
    better = BETTER[settings()[case]["improvement_direction"]]
    values = [float(r["value"]) for r in rows if r["value"]]
    return [VARIATION[variation(s, better)] for s in signals(values, limits_of(case, rows))]


def test_improvement_and_concern_are_theirs() -> None:
    """At every point, and counted and summed up for every series."""
    told = {(r["case_id"], r["rebase_group"]): r for r in table("spc", "summary.csv")}
    assert set(told) == set(series())
    for (case, part), rows in series().items():
        ours = variations(case, rows)
        assert ours == [r["point_type"] for r in rows if r["value"]], (case, part)
        theirs = told[case, part]
        absent = len(rows) - len(ours)  # they count a missing month as common cause
        assert ours.count("common_cause") + absent == int(theirs["common_cause"])
        for label in ("special_cause_improvement", "special_cause_concern"):
            assert ours.count(label) == int(theirs[label]), (case, part, label)
        assert ours[-1] == theirs["variation_type"]
        assert int(theirs["n"]) == len(rows)


def test_assurance_is_theirs() -> None:
    """Where there is a target, of the last part of each series."""
    names = {"pass": "consistent_pass", "fail": "consistent_fail", "inconsistent": "inconsistent"}
    told = {
        (r["case_id"], r["rebase_group"]): r["assurance_type"] for r in table("spc", "summary.csv")
    }
    seen = set()
    for (case, part), rows in series().items():
        target = settings()[case]["target"]
        if target is None or (case, str(int(part) + 1)) in told:
            assert not told[case, part]
            continue
        better = settings()[case]["improvement_direction"]
        ours = assurance(
            limits_of(case, rows), target, "higher" if better == "increase" else "lower"
        )
        assert names[ours] == told[case, part], case
        seen.add(ours)
    assert seen == set(names)


def test_what_a_point_is_beside_its_limits_is_theirs() -> None:
    """The target, the side of the mean, outside the limits, close to them, and tentative limits."""
    flag = {True: "TRUE", False: "FALSE"}
    for (case, part), rows in series().items():
        of = limits_of(case, rows)
        for r in (r for r in rows if r["value"]):
            v = float(r["value"])
            assert str((v > of.mean) - (v < of.mean)) == r["relative_to_mean"], (case, r["date"])
            assert r["special_cause_flag"] == flag[r["special_cause_type"] != "Common Cause"]
            if of.high > of.low:
                outside = not of.low <= v <= of.high
                assert flag[outside] == r["outside_limits"], (case, r["date"])
                reach = control.CLOSE * (of.high - of.mean)
                close = not outside and abs(v - of.mean) >= reach
                assert flag[close] == r["close_to_limits"], (case, r["date"])
        assert {r["short_group_warning"] for r in rows} == {flag[control.trial(len(rows))]}, part


def test_a_wrong_factor_is_not_theirs() -> None:
    """The comparison has teeth: limits at 2.67 instead of 2.66 are found."""
    pairs: list[tuple[str, float | None, float]] = []
    for (case, _), rows in series().items():
        of = limits_of(case, rows)
        wider = of.mean + (of.high - of.mean) * 2.67 / control.TO_LIMITS
        if of.high > of.low:
            pairs.append((case, wider, number(rows[0]["upl"])))
    assert len(mismatches(pairs)) == len(pairs)
