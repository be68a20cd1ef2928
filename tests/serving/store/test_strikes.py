"""What somebody took back is gone from the store with all that rested on it; the rest is as it was."""

from dataclasses import replace
from datetime import datetime

import pytest

from handenhet.agent.gate import ChildsWords, Gate
from handenhet.agent.observation import AcuteSignal, Confirmed, Observation, Person
from handenhet.knowledge.errors import IllegalState
from handenhet.knowledge.factors import catalogue
from handenhet.knowledge.participants import Meeting
from handenhet.knowledge.sources import STRUCK, Correction, Quote, Utterance, Word, transcript_of
from handenhet.serving.security.access import Actor
from handenhet.serving.store import Store

SECONDS = enumerate("abcd", 10)
WORDS = tuple(Word(text, 1_000 * second, 1_000 * second + 500, 0.9) for second, text in SECONDS)
SAID = Utterance("u9", 3, "barn", 10_000, 14_000, WORDS)


@pytest.fixture
def heard(store: Store, talk: Meeting, eva: Actor, at: datetime) -> Utterance:
    store.append_utterance(eva, talk.id, SAID, at=at)
    return SAID


def quoted(observation: Observation, first: int, end: int) -> Observation:
    return replace(observation, id=f"o-{first}-{end}", quote=Quote(SAID, first, end), context=None)


def test_the_words_are_struck_where_they_stood_and_a_gap_is_marked(
    store: Store, talk: Meeting, heard: Utterance, eva: Actor, at: datetime
) -> None:
    store.strike(eva, talk.id, 11_000, 12_600, at=at)
    left = store.transcript(eva, talk.id, at=at)["u9"]
    assert left.text == f"a {STRUCK} {STRUCK} d"
    assert [word.confidence for word in left.words] == [0.9, None, None, 0.9]
    assert [(gap.kind, gap.start_ms, gap.end_ms) for gap in store.gaps(eva, talk.id, at=at)] == [
        ("struck", 11_000, 12_600)
    ]


def test_what_rested_on_struck_words_is_gone_and_the_rest_stays(
    store: Store, talk: Meeting, heard: Utterance, observation: Observation, eva: Actor, at: datetime
) -> None:
    transcript = store.transcript(eva, talk.id, at=at)
    gate = Gate(talk, transcript, catalogue(), observation.proposer)
    for first, end in ((0, 1), (1, 3), (3, 4)):
        one = quoted(observation, first, end)
        gate.observations[one.id] = one
    gate.acute["a1"] = AcuteSignal("a1", talk.id, Quote(SAID, 2, 4), "vapen", observation.proposer)
    gate.childs_words["c1"] = ChildsWords("c1", Quote(SAID, 0, 2))
    store.save_reading(eva, talk.id, gate, at=at)
    store.acknowledge_acute(eva, "a1", talk.id, at=at)
    store.correct(eva, talk.id, Correction("u9", 1, 2, "be", "Eva"), at=at)
    store.strike(eva, talk.id, 11_000, 12_600, at=at)
    assert [o.id for o in store.observations(eva, talk.id, at=at)] == ["o-0-1", "o-3-4"]
    assert store.history(eva, "o-1-3", talk.id, at=at) == ()
    assert store.acute_signals(eva, talk.id, at=at) == ()
    assert store.childs_words(eva, talk.id, at=at) == ()
    assert store.transcript(eva, talk.id, at=at).corrections == ()


def test_hearing_the_spool_again_brings_nothing_back(
    store: Store, talk: Meeting, heard: Utterance, eva: Actor, at: datetime
) -> None:
    store.strike(eva, talk.id, 11_000, 12_600, at=at)
    assert store.append_utterance(eva, talk.id, heard, at=at) is False
    store.strike(eva, talk.id, 11_000, 12_600, at=at)
    assert store.transcript(eva, talk.id, at=at)["u9"].text == f"a {STRUCK} {STRUCK} d"
    assert len(store.gaps(eva, talk.id, at=at)) == 1
    other = replace(heard, words=(*heard.words[:3], replace(heard.words[3], text="x")))
    with pytest.raises(IllegalState, match="something else is written there"):
        store.append_utterance(eva, talk.id, other, at=at)


def test_what_a_person_has_answered_for_is_not_struck(
    store: Store, talk: Meeting, heard: Utterance, observation: Observation, eva: Actor, at: datetime
) -> None:
    one = quoted(observation, 1, 3)
    store.save_observation(eva, one, at=at)
    confirmed = replace(one, standing=Confirmed(Person("eva", "Eva Ek", "socialsekreterare"), at))
    store.save_observation(eva, confirmed, at=at)
    store.strike(eva, talk.id, 11_000, 12_600, at=at)
    assert store.observations(eva, talk.id, at=at) == (confirmed,)
    assert transcript_of(store.transcript(eva, talk.id, at=at).utterances)["u9"] == heard


def test_a_reading_done_twice_is_kept_once(
    store: Store, talk: Meeting, heard: Utterance, observation: Observation, eva: Actor, at: datetime
) -> None:
    gate = Gate(talk, store.transcript(eva, talk.id, at=at), catalogue(), observation.proposer)
    gate.observations["o-0-1"] = quoted(observation, 0, 1)
    store.save_reading(eva, talk.id, gate, at=at)
    gate.observations["o-3-4"] = quoted(observation, 3, 4)
    store.save_reading(eva, talk.id, gate, at=at)
    assert [o.id for o in store.observations(eva, talk.id, at=at)] == ["o-0-1"]
