"""What passes the gate, and what is sent back with a word on how to mend it."""

from datetime import datetime

import pytest

from handenhet.agent.gate import Gate
from handenhet.agent.observation import Confirmed, Person, Proposer
from handenhet.knowledge.factors import catalogue
from handenhet.knowledge.participants import Meeting, Participant
from handenhet.knowledge.sources import Transcript, utterance_of_text
from handenhet.tools.proposals import (
    Accepted,
    AcuteProposal,
    ChildsWordsProposal,
    FactorProposal,
    Proposal,
    Refused,
    Withdrawal,
)

MEETING = Meeting(
    "m1",
    "familjesamtal",
    9,
    (Participant("S", "socialsekreterare"), Participant("B", "barn"), Participant("M", "mamma")),
)
TALK = (
    ("S", "Har pappa slagit dig?"),
    ("B", "Ja."),
    ("B", "Han slog mig i fredags och sen gömde jag mig."),
    ("M", "Mormor hämtar dem varje onsdag."),
)


def gate() -> Gate:
    said = tuple(utterance_of_text(f"u{i}", i, who, text) for i, (who, text) in enumerate(TALK))
    return Gate(MEETING, Transcript(said), catalogue(), Proposer("test", "1"))


def risk(
    utterance: str = "u2", quote: str = "Han slog mig i fredags", factor: str = "F-SAK-R1", updates: str = ""
) -> Proposal:
    return FactorProposal("risk", factor, utterance, quote, "pappa", "told_of_oneself", updates=updates)


def test_a_found_quote_becomes_an_observation() -> None:
    desk = gate()
    answer = desk.submit(risk())
    assert isinstance(answer, Accepted)
    kept = desk.observations[answer.id]
    assert (kept.quote.text, kept.speaker, kept.factor.area) == ("Han slog mig i fredags", "B", "Säkerhet")


@pytest.mark.parametrize(
    ("proposal", "kind"),
    [
        (risk(utterance="u9"), "no_such_utterance"),
        (risk(quote="Han slog mig inte"), "quote_not_found"),
        (risk(utterance="u0", quote="Har pappa slagit dig"), "caseworkers_words"),
        (risk(factor="F-XXX-R1"), "no_such_factor"),
        (risk(factor="F-SAK-S1"), "wrong_polarity"),
        (risk(factor="B-HAL-R4"), "wrong_age"),
        (risk(factor="V-VAL-R1"), "wrong_age"),
        (risk(updates="o-nope"), "no_such_observation"),
        (ChildsWordsProposal("u3", "Mormor hämtar dem"), "not_the_child"),
        (AcuteProposal("u0", "slagit dig", "våld"), "caseworkers_words"),
        (Withdrawal("o-nope", "u3"), "no_such_observation"),
    ],
)
def test_what_breaks_a_rule_is_refused_and_leaves_nothing(proposal: Proposal, kind: str) -> None:
    desk = gate()
    answer = desk.submit(proposal)
    assert isinstance(answer, Refused)
    assert answer.kind == kind
    assert not desk.observations
    assert not desk.acute
    assert [refusal.kind for refusal in desk.refusals] == [kind]


def test_a_refusal_never_holds_the_words() -> None:
    desk = gate()
    desk.submit(risk(quote="hemliga ord"))
    assert "hemliga" not in repr(desk.refusals)


def test_the_same_circumstance_is_not_logged_twice() -> None:
    desk = gate()
    desk.submit(risk())
    again = desk.submit(risk(quote="slog mig i fredags och sen"))
    assert isinstance(again, Refused)
    assert again.kind == "already_logged"


def test_a_short_answer_carries_the_question_it_answers() -> None:
    desk = gate()
    answer = desk.submit(risk("u1", "Ja"))
    assert isinstance(answer, Accepted)
    context = desk.observations[answer.id].context
    assert context is not None
    assert context.text == "Har pappa slagit dig?"


def test_an_observation_is_mended_by_id() -> None:
    desk = gate()
    first = desk.submit(risk())
    assert isinstance(first, Accepted)
    second = desk.submit(risk(quote="Han slog mig", updates=first.id))
    assert isinstance(second, Accepted)
    assert list(desk.observations) == [second.id]


def test_later_words_can_take_a_proposal_back_but_not_what_a_person_confirmed(when_noon: datetime) -> None:
    desk = gate()
    answer = desk.submit(risk())
    assert isinstance(answer, Accepted)
    confirmed = Confirmed(Person("p1", "Maria Lindberg", "socialsekreterare"), when_noon)
    desk.observations[answer.id] = desk.observations[answer.id].with_standing(confirmed)
    assert isinstance(desk.submit(Withdrawal(answer.id, "u3")), Refused)


def test_reading_the_same_words_twice_gives_the_same_id() -> None:
    assert gate().submit(risk()) == gate().submit(risk())
