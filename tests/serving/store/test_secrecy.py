"""What was said cannot be read from the database's files, and a destroyed case not at all."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from handenhet.agent.gate import Gate, JournalNote
from handenhet.agent.observation import AcuteSignal, Disputed, Observation
from handenhet.knowledge.errors import IllegalState
from handenhet.knowledge.factors import catalogue
from handenhet.knowledge.participants import Meeting
from handenhet.knowledge.sources import Correction, Quote, Utterance
from handenhet.serving.security.access import AccessRefused, Actor
from handenhet.serving.security.keys import KeyRefused, load_keys
from handenhet.serving.security.retention import table
from handenhet.serving.store import Store
from handenhet.serving.store.errors import NotThere
from handenhet.serving.store.records import Audio, Communication, Consent, Deadline, Gap, Subject

MARK = "zxq"
RULES = table()


@pytest.fixture
def full(
    store: Store, talk: Meeting, observation: Observation, words: tuple[Utterance, ...], eva: Actor, at: datetime,
    tmp_path: Path,
) -> Store:  # fmt: skip
    """A store in which every kind of content carries the mark."""
    recording = tmp_path / "a1.enc"
    recording.write_bytes(b"sealed sound")
    store.save_observation(eva, observation, at=at)
    store.save_observation(eva, observation.with_standing(Disputed(eva.person, at, "zxqnej")), at=at)
    gate = Gate(talk, store.transcript(eva, talk.id, at=at), catalogue(), observation.proposer)
    gate.acute["a1"] = AcuteSignal("a1", talk.id, Quote(words[1], 1, 2), "zxqskäl", observation.proposer)
    gate.notes["n1"] = JournalNote("n1", Quote(words[2], 0, 2), "zxqrubrik")
    store.save_reading(eva, talk.id, gate, at=at)
    store.correct(eva, talk.id, Correction("u1", 1, 2, "zxqropar", "Eva Ek"), at=at)
    store.save_gap(eva, talk.id, Gap("g1", "pause", 1, 2, "zxqpaus"), at=at)
    store.record_consents(eva, talk.id, (Consent("mamma", True, True, "zxqsamtycke"),), at=at)
    shown = store.save_document(
        eva, id="d1", case_id="case-1", kind="journal", content="zxqtext " * 50, at=at, meeting_id=talk.id
    )
    store.approve(eva, "d1", shown.digest, at=at, note="zxqnotis")
    store.save_deadline(eva, Deadline("l1", "case-1", "zxqregel", date(2026, 3, 1), date(2026, 3, 9)), at=at)
    store.log_communication(eva, "case-1", Communication("k1", at, eva.person, "zxqmor", "brev", "zxqutkast"), at=at)
    store.hold_case(eva, "case-1", held=True, reason="zxqtillsyn", at=at)
    store.hold_case(eva, "case-1", held=False, reason="zxqklart", at=at)
    store.save_audio(eva, Audio("a1", talk.id, str(recording), "11" * 32), at=at)
    store.find_cases(eva, "zxqberg", at=at)
    return store


def lines_of(store_url: str, folder: Path) -> Iterator[bytes]:
    """Every byte a thief of the disk would see: SQLite's files, or PostgreSQL's rows."""
    for path in folder.glob("handenhet.db*"):
        yield path.read_bytes()
    if store_url.startswith("postgresql"):
        engine = create_engine(store_url)
        with engine.connect() as connection:
            tables = connection.execute(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).scalars()
            for name in tables.all():
                for row in connection.execute(text(f"SELECT * FROM {name}")):
                    yield b"|".join(v if isinstance(v, bytes) else str(v).encode() for v in row)
        engine.dispose()


def test_no_word_name_or_quote_is_readable_on_disk(
    full: Store, url: str, tmp_path: Path, eva: Actor, at: datetime
) -> None:
    seen = b"".join(lines_of(url, tmp_path)).lower()
    assert b"sn 2026/17" in seen, "the search looks in the right place"
    assert MARK.encode() not in seen
    assert MARK.encode("utf-16-le") not in seen
    assert b"20150607" not in seen
    assert MARK in full.transcript(eva, "m1", at=at)["u1"].text


def test_no_error_tells_what_was_said(
    store: Store, talk: Meeting, words: tuple[Utterance, ...], eva: Actor, at: datetime
) -> None:
    with pytest.raises(IllegalState) as refused:
        store.append_utterance(eva, talk.id, replace(words[1], words=words[1].words[:2]), at=at)
    assert MARK not in str(refused.value)


def test_a_destroyed_case_is_gone_and_leaves_a_receipt(
    full: Store, eva: Actor, admin: Actor, at: datetime, tmp_path: Path
) -> None:
    full.close_case(eva, "case-1", date(2026, 9, 1), at=at)
    late = date(2046, 1, 1)
    with pytest.raises(AccessRefused):
        full.destroy_case(eva, "case-1", today=late, at=at, rules=RULES)
    receipt = json.loads(full.destroy_case(admin, "case-1", today=late, at=at, rules=RULES))
    assert (receipt["case"], receipt["rule"], receipt["key"]) == ("case-1", "sol-16-2a-1", "destroyed")
    assert receipt["rows"]["utterances"] == 3
    assert json.loads(full.destroy_case(admin, "case-1", today=late, at=at, rules=RULES)) == receipt
    assert not (tmp_path / "a1.enc").exists()
    with pytest.raises((NotThere, AccessRefused)):
        full.case(eva, "case-1", at=at)
    with pytest.raises(NotThere):
        full.meeting(eva, "m1", at=at)
    assert full.retention_plan(admin, late, at=at, rules=RULES) == ()
    assert full.verify_audit().ok


def test_a_case_not_due_or_held_is_not_destroyed(full: Store, eva: Actor, admin: Actor, at: datetime) -> None:
    with pytest.raises(IllegalState, match=r"not due for destruction.*open"):
        full.destroy_case(admin, "case-1", today=date(2046, 1, 1), at=at, rules=RULES)
    full.close_case(eva, "case-1", date(2026, 9, 1), at=at)
    full.hold_case(eva, "case-1", held=True, reason="tillsyn", at=at)
    with pytest.raises(IllegalState, match="held"):
        full.destroy_case(admin, "case-1", today=date(2046, 1, 1), at=at, rules=RULES)
    full.hold_case(eva, "case-1", held=False, reason="klart", at=at)
    with pytest.raises(IllegalState, match="not_yet"):
        full.destroy_case(admin, "case-1", today=date(2040, 1, 1), at=at, rules=RULES)
    assert full.case(eva, "case-1", at=at).closed == date(2026, 9, 1)


def test_a_recording_goes_when_its_days_are_over(
    full: Store, eva: Actor, admin: Actor, at: datetime, tmp_path: Path
) -> None:
    assert full.audio_plan(admin, date(2030, 1, 1), at=at, days=30) == ()
    full.move_meeting_on(eva, "m1", "approved", at=at)
    assert full.audio_plan(admin, date(2026, 4, 1), at=at, days=30) == ()
    (plan,) = full.audio_plan(admin, date(2026, 4, 2), at=at, days=30)
    assert (plan.audio_id, plan.due) == ("a1", date(2026, 4, 1))
    full.destroy_audio(admin, "a1", at=at)
    full.destroy_audio(admin, "a1", at=at)
    assert not (tmp_path / "a1.enc").exists()
    assert full.audio(eva, "m1", at=at) == ()
    assert len(full.transcript(eva, "m1", at=at)) == 3


def test_rotation_leaves_old_copies_of_case_keys_without_a_lock_that_opens_them(
    full: Store, url: str, tmp_path: Path, eva: Actor, admin: Actor, subject: Subject, at: datetime
) -> None:
    engine = create_engine(url)
    with engine.connect() as connection:
        old = connection.execute(text("SELECT wrapped FROM case_keys")).scalar_one()
    another_process = Store.open(url, tmp_path / "master.key")
    before = full.transcript(eva, "m1", at=at)
    full.rotate_master_key(admin, at=at)
    assert full.transcript(eva, "m1", at=at) == before
    assert another_process.transcript(eva, "m1", at=at) == before
    made = another_process.create_case(
        eva, number="SN 9", unit="Barn", kind="adult", subject=subject, opened=date(2026, 3, 1), at=at
    )
    assert full.case(eva, made.id, at=at) == made
    another_process.close()
    with pytest.raises(KeyRefused):
        load_keys(tmp_path / "master.key").cipher("case-1", bytes(old))
    engine.dispose()
