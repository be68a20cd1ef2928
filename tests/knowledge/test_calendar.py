"""Due dates by the calendar: weeks, months, holidays, and rules that were not yet in force."""

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handenhet.knowledge.calendar import add, all_due, due, events, is_working_day, limits, next_working_day
from handenhet.knowledge.errors import HandenhetError

BY_ID = {limit.id: limit for limit in limits()}


@pytest.mark.parametrize(
    ("start", "amount", "unit", "end"),
    [
        (date(2026, 11, 20), 14, "days", date(2026, 12, 4)),
        (date(2026, 11, 20), 1, "weeks", date(2026, 11, 27)),
        (date(2026, 10, 31), 4, "months", date(2027, 2, 28)),
        (date(2027, 10, 31), 4, "months", date(2028, 2, 29)),
        (date(2026, 8, 15), 6, "months", date(2027, 2, 15)),
        (date(2024, 2, 29), 2, "years", date(2026, 2, 28)),
    ],
)
def test_spans_end_on_the_day_with_the_same_name_or_number(start: date, amount: int, unit: str, end: date) -> None:
    assert add(start, amount, unit) == end  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    "day",
    [
        date(2026, 11, 21),
        date(2026, 11, 22),
        date(2026, 12, 24),
        date(2026, 12, 25),
        date(2026, 12, 31),
        date(2026, 6, 19),
        date(2026, 4, 3),
        date(2026, 5, 14),
    ],
)
def test_days_off(day: date) -> None:
    assert not is_working_day(day)


def test_an_ordinary_tuesday_is_a_working_day() -> None:
    assert is_working_day(date(2026, 11, 24))


def test_an_appeal_that_would_end_on_christmas_day_ends_on_the_next_working_day() -> None:
    one = due(BY_ID["fl-overklagande"], date(2026, 12, 4))
    assert (one.last, one.due) == (date(2026, 12, 25), date(2026, 12, 28))
    assert "1930:173" in one.why


def test_inner_limits_keep_the_strict_day() -> None:
    one = due(BY_ID["barnutredning"], date(2026, 10, 31))
    assert one.due == one.last == date(2027, 2, 28)
    assert "flyttas inte" in one.why


def test_a_report_starts_three_clocks_and_the_first_is_at_once() -> None:
    found = all_due("anmalan", date(2026, 11, 20))
    assert [(one.limit.section, one.due) for one in found] == [
        ("20 kap. 1 §", date(2026, 11, 20)),
        ("20 kap. 2 §", date(2026, 12, 4)),
    ]
    assert found[0].why.startswith("genast")


def test_a_rule_does_not_reach_back_before_it_ruled() -> None:
    assert all_due("anmalan", date(2025, 6, 30)) == ()
    with pytest.raises(HandenhetError, match="not in force"):
        due(BY_ID["svar-anmalare"], date(2026, 1, 14))


def test_an_unknown_event_names_the_known_ones() -> None:
    with pytest.raises(HandenhetError, match="anmalan"):
        all_due("anmlan", date(2026, 11, 20))


def test_every_event_starts_a_clock_and_k7_is_covered() -> None:
    assert {limit.event for limit in limits()} == set(events())
    cited = {(limit.sfs, limit.section) for limit in limits()}
    wanted = {("1990:52", f"{n} §") for n in (7, 8, 13, 14, 26)} | {("2017:900", "44 §")}
    wanted |= {("2025:400", s) for s in ("20 kap. 1 §", "20 kap. 2 §", "20 kap. 3 §", "19 kap. 6 §", "23 kap. 5 §")}
    assert wanted <= cited


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(0, 60))
def test_months_add_up_and_never_skip_one(start: date, months: int) -> None:
    end = add(start, months, "months")
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day == min(start.day, monthrange(end.year, end.month)[1])


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)))
def test_the_next_working_day_is_near_and_works(day: date) -> None:
    found = next_working_day(day)
    assert is_working_day(found)
    assert timedelta(0) <= found - day <= timedelta(days=6)
