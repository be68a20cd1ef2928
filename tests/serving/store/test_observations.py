"""Observations: found in the words or refused, every version kept, a person's answer never undone by a reader."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from handenhet.agent.gate import ChildsWords, Gate, JournalNote, Refusal
from handenhet.agent.observation import (
    AcuteSignal,
    Changed,
    Confirmed,
    Disputed,
    Observation,
    Person,
    Proposed,
    Proposer,
    Rejected,
    Standing,
)
from handenhet.knowledge.errors import IllegalState
from handenhet.knowledge.factors import catalogue
from handenhet.knowledge.participants import Meeting
from handenhet.knowledge.sources import Quote, Utterance, Word, transcript_of
from handenhet.serving.security.access import Actor
from handenhet.serving.store import Store
from handenhet.serving.store.act import decoded, encoded
from handenhet.serving.store.kept import KeptObservation, observation_of, to_keep

EVA = Person("eva", "Eva Ek", "socialsekreterare")


def test_an_observation_comes_back_with_its_quote(
    store: Store, talk: Meeting, observation: Observation, eva: Actor, at: datetime
) -> None:
    store.save_observation(eva, observation, at=at)
    assert store.observations(eva, talk.id, at=at) == (observation,)
    assert store.case_observations(eva, "case-1", at=at) == (observation,)


def test_a_quote_that_is_not_in_the_stored_words_is_refused(
    store: Store, talk: Meeting, observation: Observation, words: tuple[Utterance, ...], eva: Actor, at: datetime
) -> None:
    forged = replace(words[1], words=(Word("Mamma"), Word("slår"), Word("mig")))
    with pytest.raises(IllegalState, match="not found in the stored words"):
        store.save_observation(eva, replace(observation, quote=Quote(forged, 1, 3)), at=at)
    with pytest.raises(IllegalState, match="no utterance u9"):
        store.save_observation(eva, replace(observation, quote=Quote(replace(words[1], id="u9"), 1, 3)), at=at)
    assert store.observations(eva, talk.id, at=at) == ()


def test_an_observation_whose_words_are_elsewhere_cannot_load(
    observation: Observation, words: tuple[Utterance, ...]
) -> None:
    kept = to_keep(observation, transcript_of(words))
    other = transcript_of([words[0], replace(words[1], words=words[1].words[::-1]), words[2]])
    with pytest.raises(IllegalState, match="not found in the stored words"):
        observation_of("o1", "m1", kept, other)


def test_a_person_answers_and_every_version_is_kept(
    store: Store, talk: Meeting, observation: Observation, eva: Actor, at: datetime
) -> None:
    confirmed = observation.with_standing(Confirmed(EVA, at))
    disputed = observation.with_standing(Disputed(EVA, at + timedelta(minutes=1), "Jag skriker aldrig"))
    for version in (observation, confirmed, confirmed, disputed):
        store.save_observation(eva, version, at=at)
    assert store.observations(eva, talk.id, at=at) == (disputed,)
    assert store.history(eva, "o1", talk.id, at=at) == (observation, confirmed, disputed)


def test_a_reading_done_again_does_not_undo_an_answer(
    store: Store, talk: Meeting, observation: Observation, eva: Actor, at: datetime
) -> None:
    confirmed = observation.with_standing(Confirmed(EVA, at))
    rejected = observation.with_standing(Rejected(EVA, at + timedelta(minutes=1), "fel person"))
    for version in (observation, confirmed, rejected, observation, confirmed):
        store.save_observation(eva, version, at=at)
    assert store.observations(eva, talk.id, at=at) == (rejected,)


def test_content_is_changed_only_by_a_person_who_says_so(
    store: Store, talk: Meeting, observation: Observation, eva: Actor, at: datetime
) -> None:
    store.save_observation(eva, observation, at=at)
    other = replace(observation, about="pappa", standing=Confirmed(EVA, at))
    with pytest.raises(IllegalState, match="changed only by a person"):
        store.save_observation(eva, other, at=at)
    changed = replace(other, standing=Changed(EVA, at, "mamma"))
    store.save_observation(eva, changed, at=at)
    assert store.observations(eva, talk.id, at=at) == (changed,)


def test_a_whole_reading_is_kept_and_kept_again_without_a_trace(
    store: Store, talk: Meeting, observation: Observation, words: tuple[Utterance, ...], eva: Actor, at: datetime
) -> None:
    transcript = store.transcript(eva, talk.id, at=at)
    gate = Gate(talk, transcript, catalogue(), observation.proposer, {observation.id: observation})
    signal = AcuteSignal("a1", talk.id, Quote(words[1], 1, 2), "ord om våld", observation.proposer)
    note = JournalNote("n1", Quote(words[2], 0, 2), "Hemmet")
    said = ChildsWords("c1", Quote(words[1], 0, 2))
    refusal = Refusal("quote_not_found", "FactorProposal", "u1", observation.proposer)
    gate.acute["a1"], gate.notes["n1"], gate.childs_words["c1"] = signal, note, said
    gate.refusals += [refusal, refusal]
    store.save_reading(eva, talk.id, gate, at=at)
    entries = store.verify_audit().entries
    store.save_reading(eva, talk.id, gate, at=at + timedelta(seconds=5))
    assert store.verify_audit().entries == entries
    assert store.observations(eva, talk.id, at=at) == (observation,)
    assert store.acute_signals(eva, talk.id, at=at) == (signal,)
    assert store.journal_notes(eva, talk.id, at=at) == (note,)
    assert store.childs_words(eva, talk.id, at=at) == (said,)
    assert store.refusals(eva, talk.id, at=at) == (refusal,)


def test_what_the_speaker_took_back_is_gone_unless_a_person_has_answered(
    store: Store, talk: Meeting, observation: Observation, eva: Actor, at: datetime
) -> None:
    answered = replace(observation, id="o2")
    store.save_observation(eva, observation, at=at)
    store.save_observation(eva, answered, at=at)
    answered = answered.with_standing(Confirmed(EVA, at))
    store.save_observation(eva, answered, at=at)
    gate = Gate(talk, store.transcript(eva, talk.id, at=at), catalogue(), observation.proposer)
    gate.withdrawn.update({"o1": "u2", "o2": "u2", "o-unknown": "u2"})
    store.save_reading(eva, talk.id, gate, at=at)
    store.save_reading(eva, talk.id, gate, at=at)
    store.save_observation(eva, observation, at=at)
    assert store.observations(eva, talk.id, at=at) == (answered,)
    assert store.history(eva, "o1", talk.id, at=at) == (observation,)


def test_a_named_person_looks_at_an_acute_signal(
    store: Store, talk: Meeting, words: tuple[Utterance, ...], eva: Actor, at: datetime
) -> None:
    signal = AcuteSignal("a1", talk.id, Quote(words[1], 1, 2), "ord om våld", Proposer("embedded", "1"))
    store.save_acute(eva, signal, at=at)
    assert store.acute_seen(eva, talk.id, at=at) == {"a1": ()}
    store.acknowledge_acute(eva, "a1", talk.id, at=at)
    store.acknowledge_acute(eva, "a1", talk.id, at=at + timedelta(hours=1))
    (seen,) = store.acute_seen(eva, talk.id, at=at)["a1"]
    assert (seen.by, seen.at) == (EVA, at)


TEXTS = st.text(min_size=1, max_size=30).filter(lambda text: bool(text.strip()))
MOMENTS = st.datetimes(timezones=st.just(UTC), min_value=datetime(1980, 1, 1), max_value=datetime(2100, 1, 1))
PEOPLE = st.builds(Person, TEXTS, TEXTS, st.text(max_size=10))
STANDINGS: st.SearchStrategy[Standing] = st.one_of(
    st.just(Proposed()),
    st.builds(Confirmed, PEOPLE, MOMENTS),
    st.builds(Changed, PEOPLE, MOMENTS, st.text(max_size=20)),
    st.builds(Rejected, PEOPLE, MOMENTS, st.text(max_size=20)),
    st.builds(Disputed, PEOPLE, MOMENTS, TEXTS),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(standing=STANDINGS, first=st.integers(0, 4), length=st.integers(1, 2), about=st.text(max_size=10))
def test_whatever_stands_in_an_observation_survives_being_written(
    observation: Observation, words: tuple[Utterance, ...], standing: Standing, first: int, length: int, about: str
) -> None:
    transcript = transcript_of(words)
    written = replace(
        observation, standing=standing, quote=Quote(words[1], first, first + length), about=about,
        flags=frozenset({"past", "uncertain"}),
    )  # fmt: skip
    kept = decoded(KeptObservation, encoded(to_keep(written, transcript)), "here")
    assert observation_of("o1", "m1", kept, transcript) == written
