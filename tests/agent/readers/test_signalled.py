"""Which lines somebody must look at: those sure by themselves, and what is told beside them."""

from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handenhet.agent.readers.alarm import LESS, TOGETHER, signalled

SURE, NEARLY, CALM = 3.0, 3.0 - LESS, 2.9 - LESS
HEARD = st.dictionaries(
    st.integers(0, 30), st.lists(st.floats(-6, 6) | st.just(inf), max_size=9).map(tuple), max_size=20
)


def test_a_line_is_shown_from_the_turn_that_makes_it_plain() -> None:
    assert signalled({4: (CALM, CALM, SURE, CALM)}, SURE) == {4: 2}
    assert signalled({4: (CALM, 2.99)}, SURE) == {}
    assert signalled({}, SURE) == {}


@pytest.mark.parametrize("away", [-TOGETHER, -1, 1, TOGETHER])
def test_less_is_enough_beside_a_signal(away: int) -> None:
    assert set(signalled({9: (SURE,), 9 + away: (NEARLY,) * 9}, SURE)) == {9, 9 + away}
    assert set(signalled({9: (SURE,), 9 + away: (CALM,) * 9}, SURE)) == {9}


@pytest.mark.parametrize("away", [-TOGETHER - 1, TOGETHER + 1])
def test_less_is_not_enough_further_away(away: int) -> None:
    assert set(signalled({9: (SURE,), 9 + away: (NEARLY,) * 9}, SURE)) == {9}


def test_what_was_nearly_plain_is_shown_with_the_signal_that_follows_it() -> None:
    assert signalled({3: (NEARLY,) * 4, 5: (CALM, SURE)}, SURE) == {3: 3, 5: 1}
    assert signalled({3: (NEARLY,) * 3, 5: (CALM, SURE)}, SURE) == {5: 1}, "by then the line lies too far back"


def test_beside_what_is_only_nearly_plain_nothing_is_shown() -> None:
    assert set(signalled({1: (SURE,), 4: (NEARLY,), 8: (NEARLY,)}, SURE)) == {1, 4}


@given(HEARD, st.floats(-3, 3), st.floats(0, 3))
def test_who_asks_for_more_is_shown_less(heard: dict[int, tuple[float, ...]], at: float, more: float) -> None:
    assert set(signalled(heard, at + more)) <= set(signalled(heard, at))


@given(HEARD, st.floats(-3, 3), st.integers(0, 40))
def test_what_is_shown_up_to_a_moment_stands_when_more_is_said(
    heard: dict[int, tuple[float, ...]], at: float, moment: int
) -> None:
    so_far = {place: scores[: moment - place + 1] for place, scores in heard.items() if place <= moment}
    then = {place: after for place, after in signalled(heard, at).items() if place + after <= moment}
    assert signalled(so_far, at) == then
