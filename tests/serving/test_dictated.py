"""A dictation from the hand-held: what becomes of its words, and that nobody takes it for a meeting."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from handenhet.agent.draft import draft_of
from handenhet.agent.readers.embedded import EmbeddedReader
from handenhet.agent.written import OwnNote
from handenhet.knowledge.errors import HandenhetError
from handenhet.knowledge.participants import Meeting, Participant
from handenhet.knowledge.prerequisites import grounds
from handenhet.knowledge.sources import Transcript, Utterance, Word
from handenhet.serving.dictated import words_of
from handenhet.serving.house import House, open_house
from handenhet.serving.sample.play import CASEWORKER, SampleClock
from handenhet.serving.security.access import SYSTEM, Actor
from handenhet.serving.settings import Settings
from handenhet.serving.statistics.rows import rows_of
from handenhet.serving.store.records import Consent, Gap, Subject

CHEF = Actor("chef", "Karin Chef", "chef", CASEWORKER.unit)
ID = "diktat-1"


def said(*sentences: str) -> Iterator[Utterance]:
    """Each sentence a second after the one before; `~` marks a word heard with little confidence."""
    for place, text in enumerate(sentences):
        words = tuple(
            Word(w.lstrip("~"), 10_000 * place + 500 * n, 10_000 * place + 500 * n + 400, 0.2 if w[0] == "~" else 0.9)
            for n, w in enumerate(text.split())
        )
        yield Utterance(f"u{place}", place, "maria", words[0].start_ms or 0, words[-1].end_ms or 0, words)


def test_words_come_in_order_with_what_was_not_heard_in_its_place_and_what_was_struck_gone() -> None:
    transcript = Transcript(tuple(said("emma ~sov", "– – mamma log")))
    gaps = [Gap("g1", "no_words", 5_000, 6_000), Gap("g2", "pause", 7_000, 7_000)]
    words = words_of(transcript, gaps)
    assert [(word.text, word.unsure) for word in words] == [
        ("emma", False), ("sov", True), ("[ohörbart]", False), ("mamma", False), ("log", False),
    ]  # fmt: skip


@pytest.fixture
async def house(tmp_path: Path):
    async with open_house(Settings(data_dir=tmp_path), EmbeddedReader(), clock=SampleClock()) as house:
        at = house.clock()
        house.store.create_case(
            CASEWORKER, id="emma", number="2026-1", unit=CASEWORKER.unit, kind="child", opened=at.date(), at=at,
            subject=Subject("Emma Ek", at.date()), matter="child_investigation",
        )  # fmt: skip
        alone = Meeting(ID, "Diktat", 10, (Participant("maria", "socialsekreterare", "Maria Lindberg"),))
        house.store.open_meeting(CASEWORKER, "emma", alone, started=at, at=at, consents=(Consent("maria", True, True),))
        yield house


def ended(house: House, *sentences: str) -> None:
    for utterance in said(*sentences):
        house.store.append_utterance(SYSTEM, ID, utterance, at=house.clock())
    house.store.move_meeting_on(SYSTEM, ID, "closed", at=house.clock())
    house.desk.close_review(CASEWORKER, ID)


async def test_it_is_written_once_in_the_words_of_the_one_who_dictated(house: House) -> None:
    ended(house, "rubrik barnet punkt elsa är ~trött punkt")
    document = house.desk.compose_journal(CASEWORKER, ID)
    written = draft_of(document.content).wrote("dictated-0")
    assert isinstance(written, OwnNote)
    assert (written.text, written.by) == ("Elsa är trött[?].", CASEWORKER.person)
    mended = house.desk.write(CASEWORKER, document.id, "dictated-0", "Elsa var trött.")
    assert house.desk.compose_journal(SYSTEM, ID).digest == mended.digest, "the graph composes it again after a crash"
    assert house.desk.sign_meeting(CASEWORKER, ID, mended.digest) is not None
    assert house.store.meeting_record(CASEWORKER, ID, at=house.clock()).status == "approved"


async def test_without_a_word_there_is_a_field_to_write_in(house: House) -> None:
    ended(house)
    (section,) = draft_of(house.desk.compose_journal(SYSTEM, ID).content).sections
    assert (section.heading, section.field) == ("Diktat", "dictated-0")


async def test_nothing_dictated_is_material_for_a_decision_or_counted_as_a_meeting(house: House) -> None:
    ended(house, "pappa dricker punkt")
    with pytest.raises(HandenhetError, match="nothing confirmed"):
        house.desk.compose_basis(CASEWORKER, "emma", grounds()["sol-11-1"], house.clock().date())
    (row,) = rows_of(house.store, CHEF, b"secret", house.clock())
    assert row.talks == ()
