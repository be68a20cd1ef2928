"""What comes after a line: whose turns count, how many, and what is not there yet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handenhet.agent.readers.alarm import Around, Heat, alarm_features, alarms
from handenhet.agent.readers.lines import Side
from handenhet.agent.readers.reaction import ALARMED, CALM, REPLIES, Turn, afterwards, kept_within, reaction
from handenhet.agent.readers.weights import shipped
from handenhet.knowledge.factors import catalogue

TURNS = st.lists(st.builds(Turn, st.booleans(), st.none() | st.floats(-20, 20)), max_size=8)


def test_a_turn_that_has_not_come_is_missing_and_not_calm() -> None:
    assert afterwards([]) == {}
    assert afterwards([Turn(False, -3.0)]) == {"told next": pytest.approx(-0.6), "next": 0.5}
    assert afterwards([Turn(False, None)]) == {}
    assert "replied 1" not in afterwards([Turn(True, 1.0)])


def test_an_answer_right_after_the_line_is_told_from_a_later_one() -> None:
    at_once, later = afterwards([Turn(True, 2.0)]), afterwards([Turn(False, -6.0), Turn(True, 2.0)])
    assert at_once["reply 0"] == later["reply 0"]
    assert "reply at once" in at_once
    assert "reply at once" not in later


@given(TURNS)
def test_only_the_first_replies_count_and_nothing_is_believed_too_far(turns: list[Turn]) -> None:
    named = afterwards(turns)
    assert sum(name.startswith("replied ") and name != "replied at once" for name in named) == min(
        REPLIES, sum(turn.caseworker for turn in turns)
    )
    assert all(0.2 * CALM <= value <= 0.2 * ALARMED + 0.5 for value in named.values())


@given(TURNS)
def test_the_alarm_is_what_its_model_says_of_the_turns_that_had_come(turns: list[Turn]) -> None:
    model, factors = shipped().alarm, {factor.id: 0.0 for factor in catalogue()}
    before = Around(Heat(CALM, CALM, CALM, CALM), CALM)
    known = [before._replace(following=tuple(turns[:many])) for many in range(len(turns) + 1)]
    at_once = [float(model.scores(alarm_features(0.5, around, (0.0, 0.0), factors))[0]) for around in known]
    assert list(alarms(0.5, known[-1], (0.0, 0.0), factors, model)) == pytest.approx(at_once, abs=1e-4)


def test_only_the_caseworkers_words_are_an_answer() -> None:
    model = shipped().reaction
    words = ("är", "han", "kvar", "där", "nu", "jag", "ringer", "polisen")
    assert reaction(Side(words, "child"), model) is None
    assert reaction(Side((), "caseworker"), model) is None
    grave, calm = reaction(Side(words, "caseworker"), model), reaction(Side(("vad", "roligt"), "caseworker"), model)
    assert grave is not None
    assert calm is not None
    assert grave > calm


def test_nothing_said_is_calm() -> None:
    assert kept_within(None) == CALM
