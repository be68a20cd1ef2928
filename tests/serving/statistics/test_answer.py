"""Figures over made-up rows: counts with cell keys, what is withheld, and what an attacker gets."""

import random
from collections import Counter
from datetime import date, timedelta
from statistics import mean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handenhet.serving.statistics.answer import NOISE, Event, answer, noisy
from handenhet.serving.statistics.rows import CaseRow, demonstration_rows
from handenhet.tools.cases import CaseQuery, Filters, Measure, Period, Statistic

TODAY = date(2026, 11, 20)
YEAR = Period(start=date(2026, 1, 1), end=TODAY)
UNIT = "Barn och unga"


def case(key: float = 0.5, **known: object) -> CaseRow:
    return CaseRow(key=key, unit=UNIT, kind="child", age=8, **known)  # pyright: ignore[reportArgumentType]


def query(measure: Measure, statistic: Statistic = "count", **more: object) -> CaseQuery:
    return CaseQuery.model_validate({"measure": measure, "statistic": statistic, "period": YEAR, **more})


def test_the_same_question_gets_the_same_answer() -> None:
    rows = demonstration_rows((UNIT, "Vuxen"), TODAY)
    asked = query("reports", groups=("month", "age_band"))
    assert answer(asked, rows, TODAY) == answer(asked, list(reversed(rows)), TODAY)


@pytest.mark.parametrize("count", range(len(NOISE)))
def test_noise_is_right_on_average_and_never_one_or_two(count: int) -> None:
    at = [step / 1000 for step in range(1000)]
    shown = [next(value for upto, value in NOISE[count] if key < upto) for key in at]
    assert mean(shown) == pytest.approx(count, abs=0.01)
    assert not {1, 2} & set(shown)


@given(st.lists(st.floats(0, 1, exclude_max=True), max_size=40))
def test_a_count_is_never_negative_nor_far_off(keys: list[float]) -> None:
    events = [Event(case(key), TODAY) for key in keys]
    assert noisy(events) not in (1, 2)
    assert abs(noisy(events) - len(keys)) <= 3


def test_many_talks_of_one_case_are_still_a_small_cell() -> None:
    one = case()
    assert noisy([Event(one, TODAY)] * 12) in (0, 3)


def test_differences_tell_no_more_than_guessing_the_most_common_count() -> None:
    """Total with a small cell less total without it, over many cells: does it find how many are in the cell?"""
    rng = random.Random(11)
    right, sizes = 0, list[int]()
    for _ in range(1500):
        size = rng.choices((1, 2, 3), (0.5, 0.3, 0.2))[0]
        cell = [Event(case(rng.random()), TODAY) for _ in range(size)]
        rest = [Event(case(rng.random()), TODAY) for _ in range(rng.randint(10, 60))]
        guess = min(3, max(1, noisy([*rest, *cell]) - noisy(rest)))
        right += guess == size
        sizes.append(size)
    assert right <= Counter(sizes).most_common(1)[0][1]


def test_times_of_few_cases_are_withheld_with_a_note() -> None:
    rows = [case(reported=date(2026, 3, 1), assessed=date(2026, 3, 9)) for _ in range(4)]
    told = answer(query("assessment_days", "median"), rows, TODAY)
    assert told["value"] is None
    assert told["notes"]
    told = answer(query("assessment_days", "median"), [*rows, rows[0], case(0.1, **_assessed(10))], TODAY)
    assert told["value"] == 8


def _assessed(days: int) -> dict[str, date]:
    return {"reported": date(2026, 3, 1), "assessed": date(2026, 3, 1) + timedelta(days=days)}


def test_a_share_is_between_nothing_and_everything() -> None:
    rows = [case(i / 20, opened=date(2026, 3, 1), child_heard=i % 2 == 0) for i in range(20)]
    told = answer(query("child_heard", "share"), rows, TODAY)
    assert 35 <= told["value"] <= 65
    assert told["unit"] == "procent"


@pytest.mark.parametrize(("days", "late"), [(14, False), (15, True)])
def test_an_assessment_is_late_after_fourteen_days(days: int, late: bool) -> None:
    rows = [case(0.5, **_assessed(days)) for _ in range(10)]
    told = answer(query("overdue", filters=Filters(limit="assessment")), rows, TODAY)
    assert (told["value"] > 0) == late


def test_only_children_have_these_limits_and_only_what_stands_counts_on_a_day() -> None:
    long_ago = date(2026, 1, 10)
    done = case(0.5, opened=long_ago, closed=date(2026, 9, 1))
    adult = CaseRow(key=0.5, unit=UNIT, kind="adult", age=40, opened=long_ago)
    standing = [case(0.5, opened=long_ago) for _ in range(10)]
    asked = query("overdue", period=Period(start=TODAY, end=TODAY))
    assert answer(asked, standing, TODAY)["value"] >= 8
    assert answer(asked, [done, adult] * 10, TODAY)["value"] == 0


def test_the_load_is_a_mean_over_caseworkers_and_hidden_for_few() -> None:
    rows = [case(0.5, opened=date(2026, 10, 1), workers=frozenset((f"w{i % 4}",))) for i in range(20)]
    asked = query("load", "mean", period=Period(start=TODAY, end=TODAY))
    assert answer(asked, rows, TODAY)["value"] == pytest.approx(5, abs=0.5)
    few = [case(0.5, opened=date(2026, 10, 1), workers=frozenset(("w1",))) for _ in range(20)]
    assert answer(asked, few, TODAY)["value"] is None
