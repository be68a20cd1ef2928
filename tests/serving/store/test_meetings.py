"""Meetings and their words: written once, in order, never changed."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from handenhet.knowledge.errors import IllegalState
from handenhet.knowledge.participants import Meeting
from handenhet.knowledge.sources import Correction, Transcript, Utterance, Word
from handenhet.serving.security.access import AccessRefused, Actor
from handenhet.serving.store import Store
from handenhet.serving.store.records import Audio, Consent, Gap


def test_a_meeting_comes_back_with_its_people(store: Store, meeting: Meeting, eva: Actor, at: datetime) -> None:
    assert store.meeting(eva, meeting.id, at=at) == meeting
    record = store.meeting_record(eva, meeting.id, at=at)
    assert (record.status, record.started, record.ended, record.language) == ("live", at, None, "sv")
    assert store.case_of_meeting(meeting.id) == "case-1"


def test_opening_it_again_changes_nothing(store: Store, meeting: Meeting, eva: Actor, at: datetime) -> None:
    entries = store.verify_audit().entries
    store.open_meeting(eva, "case-1", meeting, started=at, at=at)
    assert store.verify_audit().entries == entries
    with pytest.raises(IllegalState, match="something else"):
        store.open_meeting(eva, "case-1", replace(meeting, child_age=11), started=at, at=at)


def test_consents_can_be_changed(store: Store, meeting: Meeting, eva: Actor, at: datetime) -> None:
    consents = (Consent("mamma", informed=True, agreed=False), Consent("barn", informed=True, agreed=None))
    store.record_consents(eva, meeting.id, consents, at=at)
    assert store.meeting_record(eva, meeting.id, at=at).consents == consents
    assert store.meeting(eva, meeting.id, at=at) == meeting


def test_the_words_come_back_as_they_were_heard(
    store: Store, talk: Meeting, words: tuple[Utterance, ...], eva: Actor, at: datetime
) -> None:
    assert store.transcript(eva, talk.id, at=at) == Transcript(words)


def test_a_restart_that_writes_the_last_words_again_leaves_no_trace(
    store: Store, talk: Meeting, words: tuple[Utterance, ...], eva: Actor, at: datetime
) -> None:
    entries = store.verify_audit().entries
    assert not store.append_utterance(eva, talk.id, words[2], at=at + timedelta(seconds=9))
    assert store.verify_audit().entries == entries
    assert len(store.transcript(eva, talk.id, at=at)) == 3


def test_other_words_in_the_same_place_are_refused(
    store: Store, talk: Meeting, words: tuple[Utterance, ...], eva: Actor, at: datetime
) -> None:
    with pytest.raises(IllegalState, match="something else"):
        store.append_utterance(eva, talk.id, replace(words[2], words=(Word("Nej"),)), at=at)
    with pytest.raises(IllegalState, match="another utterance"):
        store.append_utterance(eva, talk.id, replace(words[2], id="u9"), at=at)
    with pytest.raises(IllegalState, match="came before"):
        store.append_utterance(eva, talk.id, replace(words[2], id="u9", index=4), at=at)
    assert store.transcript(eva, talk.id, at=at) == Transcript(words)


@pytest.mark.parametrize("table", ["utterances", "audit"])
@pytest.mark.parametrize("change", ["UPDATE {} SET case_id = 'x'", "DELETE FROM {}"])
def test_the_database_itself_refuses_to_change_words(
    store: Store, talk: Meeting, url: str, eva: Actor, at: datetime, table: str, change: str
) -> None:
    engine = create_engine(url)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(change.format(table)))
    engine.dispose()
    assert len(store.transcript(eva, talk.id, at=at)) == 3


def test_a_correction_lies_above_the_words(
    store: Store, talk: Meeting, words: tuple[Utterance, ...], eva: Actor, at: datetime
) -> None:
    correction = Correction("u1", 4, 6, "drack vin", "Eva Ek")
    store.correct(eva, talk.id, correction, at=at, id="c1")
    store.correct(eva, talk.id, correction, at=at, id="c1")
    transcript = store.transcript(eva, talk.id, at=at)
    assert transcript == Transcript(words, (correction,))
    assert transcript.as_read(transcript["u1"]) == "Mamma zxqskriker när hon drack vin"
    with pytest.raises(IllegalState, match="not in the utterance"):
        store.correct(eva, talk.id, replace(correction, end=99), at=at)


def test_a_meeting_moves_on_and_never_back(store: Store, talk: Meeting, eva: Actor, at: datetime) -> None:
    store.move_meeting_on(eva, talk.id, "closed", at=at)
    store.move_meeting_on(eva, talk.id, "closed", at=at + timedelta(hours=1))
    store.move_meeting_on(eva, talk.id, "approved", at=at + timedelta(hours=2))
    record = store.meeting_record(eva, talk.id, at=at)
    assert (record.status, record.ended, record.approved) == ("approved", at, at + timedelta(hours=2))
    with pytest.raises(IllegalState, match="does not become live"):
        store.move_meeting_on(eva, talk.id, "live", at=at)


def test_gaps_and_recordings_are_kept(store: Store, talk: Meeting, eva: Actor, at: datetime) -> None:
    later, sooner = Gap("g1", "pause", 500, 900, "paus"), Gap("g2", "microphone_lost", 100, 200)
    for gap in (later, sooner, later):
        store.save_gap(eva, talk.id, gap, at=at)
    assert store.gaps(eva, talk.id, at=at) == (sooner, later)
    audio = Audio("a1", talk.id, "/srv/a1.enc", "00" * 32)
    store.save_audio(eva, audio, at=at)
    assert store.audio(eva, talk.id, at=at) == (audio,)


def test_a_colleague_hears_nothing(store: Store, talk: Meeting, ulf: Actor, admin: Actor, at: datetime) -> None:
    for actor in (ulf, admin):
        with pytest.raises(AccessRefused):
            store.transcript(actor, talk.id, at=at)
        with pytest.raises(AccessRefused):
            store.observations(actor, talk.id, at=at)
