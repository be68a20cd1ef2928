"""Swedish expressions of time, told as two days."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handenhet.agent.questions.periods import find_period, shifted
from handenhet.tools.cases import Period

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("i år", "2026-01-01 till 2026-11-20"),
        ("förra året", "2025-01-01 till 2025-12-31"),
        ("förra kvartalet", "2026-07-01 till 2026-09-30"),
        ("kv 2 2025", "2025-04-01 till 2025-06-30"),
        ("tertial 1", "2026-01-01 till 2026-04-30"),
        ("förra halvåret", "2026-01-01 till 2026-06-30"),
        ("i mars", "2026-03-01 till 2026-03-31"),
        ("mars förra året", "2025-03-01 till 2025-03-31"),
        ("i december", "2025-12-01 till 2025-12-31"),
        ("mellan november och februari", "2025-11-01 till 2026-02-28"),
        ("hösten 2025", "2025-09-01 till 2025-11-30"),
        ("i våras", "2026-03-01 till 2026-05-31"),
        ("i höstas", "2025-09-01 till 2025-11-30"),
        ("i höst", "2026-09-01 till 2026-11-20"),
        ("i vintras", "2025-12-01 till 2026-02-28"),
        ("sen i somras", "2026-06-01 till 2026-11-20"),
        ("senaste tre månaderna", "2026-08-21 till 2026-11-20"),
        ("senaste året", "2025-11-21 till 2026-11-20"),
        ("föregående månad", "2026-10-01 till 2026-10-31"),
        ("v. 40", "2026-09-28 till 2026-10-04"),
        ("vecka 40-43", "2026-09-28 till 2026-10-25"),
        ("vecka 50", "2025-12-08 till 2025-12-14"),
        ("1 mars till 15 april 2026", "2026-03-01 till 2026-04-15"),
        ("2026-02-01 till 2026-02-28", "2026-02-01 till 2026-02-28"),
        ("för två år sedan", "2024-01-01 till 2024-12-31"),
        ("igår", "2026-11-19"),
    ],
)
def test_expressions(text: str, period: str) -> None:
    found = find_period(text, TODAY)
    assert found is not None
    assert found.told == period


def test_no_period_is_none_and_no_such_day_is_an_error() -> None:
    assert find_period("hur många utredningar", TODAY) is None
    with pytest.raises(ValueError, match="day"):
        find_period("2026-02-31", TODAY)


def test_whole_months_are_compared_with_whole_months() -> None:
    quarter = Period(start=date(2026, 7, 1), end=date(2026, 9, 30))
    assert shifted(quarter, "previous_period").told == "2026-04-01 till 2026-06-30"
    february = Period(start=date(2024, 2, 1), end=date(2024, 2, 29))
    assert shifted(february, "previous_year").told == "2023-02-01 till 2023-02-28"


@given(st.dates(date(2002, 1, 1), date(2090, 1, 1)), st.integers(0, 800))
def test_the_period_before_ends_the_day_before(start: date, days: int) -> None:
    period = Period(start=start, end=start + timedelta(days=days))
    before = shifted(period, "previous_period")
    assert before.end == period.start - timedelta(days=1)
    assert shifted(period, "previous_year").start < period.start
