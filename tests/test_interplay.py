from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from rows import AS_OF, Row, amount, answers, indicator, ready, several, shipped
from styring import methods
from styring.figures import Figures
from styring.find.assemble import _line
from styring.find.evidence import Evidence
from styring.find.findings import gap_parts, is_apart, reconcile_findings
from styring.interplay import (
    Gap,
    Reconciled,
    agreement,
    reconciliation,
    respondents,
    self_image,
    statement_gaps,
)
from styring.measure import measure_one
from styring.model import Indicator
from styring.prepare import Prepared
from styring.score import Points

POLITICAL, ECONOMIC, SOCIAL = "strategisk-politisk", "oekonomisk-finansiel", "socialfaglig"
STATEMENTS = {i.id: i for i in shipped().indicators if i.kind == "practice"}
LEADERS, PANEL, GOALS = "leder-oekonomi", "visitation-arbejdsgang", "politiske-maal"


def asked(*rows: Sequence[Row]) -> Prepared:
    """Return the answers of several centres and statements."""
    return ready(AS_OF, praksis=[r for part in rows for r in part])


def gaps(tables: Prepared) -> list[Gap]:
    """Return the gaps of the standard statements."""
    return statement_gaps(tables, [*STATEMENTS.values()])


# --- Do they answer alike -----------------------------------------------------------------------


def test_agreement_is_alpha_over_all_statements() -> None:
    """Units are statements; who answered does not matter; blanks are no answers."""
    tables = asked(
        answers(LEADERS, POLITICAL, [4, 5, None]), answers(LEADERS, SOCIAL, [1, 2]),
        answers(PANEL, SOCIAL, [3, 3, 4]), answers(GOALS, ECONOMIC, [5]),
    )  # fmt: skip
    whole, _ = agreement(tables, [*STATEMENTS.values()])
    assert whole == methods.alpha_ordinal([[4, 5, 1, 2], [3, 3, 4]])


def test_agreement_of_a_dimension_needs_two_statements() -> None:
    """One statement alone cannot be told from its own spread."""
    one = asked(answers(LEADERS, POLITICAL, [4, 5]), answers(LEADERS, SOCIAL, [1, 2]))
    assert agreement(one, [*STATEMENTS.values()])[1] == {}
    second = next(
        i.id for i in STATEMENTS.values()
        if i.dimension == STATEMENTS[LEADERS].dimension and i.id != LEADERS
    )  # fmt: skip
    two = asked(
        answers(LEADERS, POLITICAL, [4, 5]), answers(LEADERS, SOCIAL, [1, 2]),
        answers(second, SOCIAL, [2, 2]),
    )  # fmt: skip
    _, by_dimension = agreement(two, [*STATEMENTS.values()])
    assert by_dimension == {
        STATEMENTS[LEADERS].dimension: methods.alpha_ordinal([[4, 5, 1, 2], [2, 2]])
    }


def test_without_answers_or_variation_there_is_no_agreement() -> None:
    """Neither is 1 nor 0."""
    assert agreement(ready(AS_OF), [*STATEMENTS.values()]) == (None, {})
    alike = asked(answers(LEADERS, SOCIAL, [4, 4]), answers(PANEL, SOCIAL, [4, 4]))
    assert agreement(alike, [*STATEMENTS.values()]) == (None, {})


def test_respondents_are_counted_once_where_they_have_answered() -> None:
    """Three of four politicians answered, two of them twice."""
    tables = asked(
        answers(LEADERS, POLITICAL, [4, 5, 3, None]), answers(PANEL, POLITICAL, [4, 5]),
        answers(PANEL, SOCIAL, [1]),
    )  # fmt: skip
    assert respondents(tables) == {POLITICAL: 3, SOCIAL: 1}


# --- Gaps between the centres -------------------------------------------------------------------


def test_a_gap_is_from_the_highest_to_the_lowest_centre_mean() -> None:
    """Means 4, 3 and 1.5: the gap is 2.5, and it is clear."""
    (gap,) = gaps(asked(
        answers(LEADERS, POLITICAL, [4, 4, 4, 4]), answers(LEADERS, ECONOMIC, [3, 3, 3]),
        answers(LEADERS, SOCIAL, [1, 1, 2, 2]),
    ))  # fmt: skip
    assert gap.means == {POLITICAL: 4, ECONOMIC: 3, SOCIAL: 1.5}
    assert gap.answers == {POLITICAL: 4, ECONOMIC: 3, SOCIAL: 4}
    assert (gap.gap, gap.clear) == (2.5, True)


def test_a_centre_needs_three_answers() -> None:
    """Two very low answers, or three with a blank, are no centre mean; one centre is no gap."""
    two = asked(
        answers(LEADERS, POLITICAL, [4, 4, 5]), answers(LEADERS, ECONOMIC, [3, 3, 3]),
        answers(LEADERS, SOCIAL, [1, 1, None]),
    )  # fmt: skip
    assert [set(g.means) for g in gaps(two)] == [{POLITICAL, ECONOMIC}]
    one = asked(answers(LEADERS, POLITICAL, [4, 4, 5]), answers(LEADERS, SOCIAL, [1, 1]))
    assert gaps(one) == []


@pytest.mark.parametrize(
    ("first", "second", "clear"),
    [
        ([4, 4, 4, 4, 4], [3, 3, 3, 3, 3], True),  # one step, no spread
        ([4, 4, 4, 4, 4], [3, 3, 3, 3, 4], False),  # 0.8 of a step
        ([5, 5, 5], [1, 3, 5], False),  # two steps that chance explains
    ],
)
def test_a_gap_is_clear_from_one_step_where_chance_does_not_explain_it(
    first: list[int],
    second: list[int],
    clear: bool,  # noqa: FBT001
) -> None:
    """Both are needed."""
    (gap,) = gaps(asked(answers(LEADERS, POLITICAL, first), answers(LEADERS, SOCIAL, second)))
    assert gap.clear == clear
    assert len(gap_parts([gap], STATEMENTS)) == int(clear)


def test_the_widest_gap_comes_first_and_ties_by_statement() -> None:
    """Two of three steps, and one of two."""
    found = gaps(asked(
        *(answers(s, POLITICAL, [high] * 3) for s, high in ((PANEL, 5), (LEADERS, 4), (GOALS, 5))),
        *(answers(s, SOCIAL, [2] * 3) for s in (PANEL, LEADERS, GOALS)),
    ))  # fmt: skip
    assert [(g.statement, g.gap) for g in found] == [(GOALS, 3), (PANEL, 3), (LEADERS, 2)]


def test_extreme_means_are_cut_off_and_the_gap_with_them() -> None:
    """5 and 1 are shown as 4.5 and 1.5, so the gap is at least 3."""
    (gap,) = gaps(asked(answers(LEADERS, POLITICAL, [5] * 4), answers(LEADERS, SOCIAL, [1] * 4)))
    (part,) = gap_parts([gap], STATEMENTS)
    assert part.means == {POLITICAL: 4.5, SOCIAL: 1.5}
    assert part.gap == 3
    assert "mindst 3,0 trin" in part.text.da
    assert "4,5 eller højere" in part.text.da
    assert "1,5 eller lavere" in part.text.da
    assert "5,0" not in part.text.da


def test_means_within_the_scale_are_shown_as_they_are() -> None:
    """4 and 2 are two steps apart, and that is all."""
    (gap,) = gaps(asked(answers(LEADERS, POLITICAL, [4] * 4), answers(LEADERS, SOCIAL, [2] * 4)))
    (part,) = gap_parts([gap], STATEMENTS)
    assert (part.gap, part.means) == (2, {POLITICAL: 4, SOCIAL: 2})
    assert part.text.da == "Strategisk-politisk ligger 2,0 trin over socialfaglig (4,0 mod 2,0)."


# --- Self-image and figures ---------------------------------------------------------------------


def judged(name: str, kind: str, weight: float = 1, dimension: str = "faglig") -> Indicator:
    """Return a definition of a dimension: a statement or a figure."""
    words = {"da": "Vi følger op", "en": "We follow up"}
    return indicator(
        {"from": "cases", "aggregate": "count"}, id=name, kind=kind, weight=weight,
        dimension=dimension, better="higher", scoring=[{"method": "maturity"}],
        **({"statement": words} if kind == "practice" else {}),
    )  # fmt: skip


def points(**scores: float) -> dict[str, Points]:
    """Return points without an interval."""
    return {name: Points(s, s, s) for name, s in scores.items()}


@pytest.mark.parametrize(
    ("figure", "apart"), [(45.0, True), (45.1, False), (60.0, False), (75.0, True)]
)
def test_self_image_and_figures_differ_from_fifteen_points_on(figure: float, apart: bool) -> None:  # noqa: FBT001
    """A self-image of 60, to either side."""
    both = [judged("svar", "practice"), judged("tal", "figure")]
    (found,) = self_image(both, points(svar=60.0, tal=figure))
    assert (found.self_image, found.figures, found.flagged) == (60, figure, apart)


def test_each_side_is_the_weighted_mean_of_its_indicators() -> None:
    """(1 x 40 + 3 x 80) / 4 = 70 against 50."""
    every = [
        judged("a", "practice"), judged("b", "practice", 3), judged("c", "figure"),
        judged("d", "figure"), judged("e", "practice", dimension="strategi"),
    ]  # fmt: skip
    (found,) = self_image(every, points(a=40.0, b=80.0, c=50.0, e=1.0))
    assert (found.dimension, found.self_image, found.figures) == ("faglig", 70, 50)


def test_a_side_without_points_is_no_blind_spot() -> None:
    """A dimension is looked at where both are known."""
    both = [judged("svar", "practice"), judged("tal", "figure")]
    assert self_image(both, points(svar=60.0)) == []


# --- Cases against ledger -----------------------------------------------------------------------


def five(funktion: str | None, **changes: object) -> list[Row]:
    """Return five citizens' cases on a function, a day's 1,000 kr. each."""
    return several(5, name=f"{funktion}-", funktion=funktion, **changes)


def test_cases_and_ledger_are_set_beside_each_other_by_function() -> None:
    """2024 whole, 2025 to September; what stands on one side only has no other side."""
    ledger = [
        amount(2_000_000.0), amount(5.0, funktion="5.38.40"), amount(3.0, aar=2023),
        amount(1_500_000.0, aar=2025, maaned=9), amount(9.0, aar=2025, maaned=10),
    ]  # fmt: skip
    rows = [*five("5.38.50"), *five("5.38.52", startdato=date(2025, 9, 30)), *five(None)]
    found = reconciliation(ready(AS_OF, (2023, 2024, 2025), oekonomi=ledger, sager=rows))
    # 5 x 366 days x 1,000 = 1,830,000 in 2024; 5 x 273 x 1,000 = 1,365,000 to 30 September 2025
    assert found == [
        Reconciled("", 2024, None, 1_830_000),
        Reconciled("5.38.40", 2024, 5, None),
        Reconciled("5.38.50", 2024, 2_000_000, 1_830_000),
        Reconciled("", 2025, None, 1_365_000),
        Reconciled("5.38.50", 2025, 1_500_000, 1_365_000),
        Reconciled("5.38.52", 2025, None, 5000),
    ]


def test_mid_month_both_sides_end_with_the_last_month_that_has_ended() -> None:
    """On 15 September cases are counted to 31 August, as the ledger is."""
    ledger = [amount(1.0, aar=2025, maaned=m) for m in range(1, 13)]
    found = reconciliation(ready(date(2025, 9, 15), oekonomi=ledger, sager=five("5.38.50")))
    # 243 days to 31 August
    assert found == [Reconciled("5.38.50", 2025, 8, 5 * 243_000)]


def test_refund_is_left_out_of_the_reconciliation() -> None:
    """Cases are before refund, and so is the ledger beside them."""
    ledger = [amount(2_000_000.0), amount(-500_000.0, art="8.6")]
    (line,) = reconciliation(ready(oekonomi=ledger, sager=five("5.38.50")))
    assert line.ledger == 2_000_000


def test_without_ledger_or_cases_nothing_is_reconciled() -> None:
    """In January, before a month has ended, only the finished year is."""
    ledger = [amount(2_000_000.0), amount(7.0, aar=2025, maaned=1)]
    tables = ready(date(2025, 1, 15), (2024, 2025), oekonomi=ledger, sager=five("5.38.50"))
    assert [line.year for line in reconciliation(tables)] == [2024]


def evidence(tables: Prepared) -> Evidence:
    """Return tables as what a review is put together from."""
    return Evidence(tables, (), Figures({}, {}, {}, ()), {}, {})


def test_difference_and_share_need_both_sides() -> None:
    """170,000 kr. of 2,000,000: the cases are 91.5 per cent."""
    tables = ready(oekonomi=[amount(2_000_000.0)], sager=five("5.38.50"))
    line = _line(evidence(tables), Reconciled("5.38.50", 2024, 2_000_000, 1_830_000))
    assert (line.difference, line.side) == (170_000, "both")
    assert line.share == pytest.approx(0.915)
    alone = _line(evidence(tables), Reconciled("5.38.52", 2024, None, 5.0))
    assert (alone.difference, alone.share, alone.side) == (None, None, "cases")


def test_the_case_cost_of_1_to_4_citizens_on_a_function_is_withheld() -> None:
    """One citizen's cost would stand in the table of reconciliation."""
    rows = [*five("5.38.50"), *several(1, name="E", funktion="5.38.52")]
    ledger = [amount(2_000_000.0), amount(400_000.0, funktion="5.38.52")]
    found = {r.function: r.cases for r in reconciliation(ready(oekonomi=ledger, sager=rows))}
    assert found["5.38.52"] is None


@pytest.mark.parametrize(
    ("ledger", "cost", "apart"),
    [
        (20e6, 19e6, True),  # exactly a million and 5 per cent
        (20e6, 19.1e6, False),
        (21e6, 20e6, False),  # a million and 4.8 per cent
        (20e6, 21e6, True),
        (20e6, None, False),
        (None, 20e6, False),
    ],
)
def test_functions_are_apart_from_a_million_and_five_per_cent(
    ledger: float | None,
    cost: float | None,
    apart: bool,  # noqa: FBT001
) -> None:
    """Both, and both sides known; only such a line gives rise to a finding, of its year."""
    line = Reconciled("5.38.50", 2024, ledger, cost)
    assert is_apart(line) == apart
    e = evidence(ready(AS_OF))
    assert len(list(reconcile_findings(e, [line], (), 2024))) == int(apart)
    assert list(reconcile_findings(e, [line], (), 2023)) == []


def test_the_share_of_the_ledger_is_of_functions_both_have() -> None:
    """1,830,000 of 2,000,000; the function without cases is left out."""
    ledger = [amount(2_000_000.0), amount(900_000.0, funktion="5.38.40")]
    tables = ready(oekonomi=ledger, sager=five("5.38.50"))
    found = measure_one(tables, shipped()["afstemning-sag-oekonomi"])[-1]
    assert found.year == 2024
    assert found.value == pytest.approx(0.915)
