"""A meeting whose sound was kept is heard again: the words stay, and what differs waits for a person's answer."""

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handenhet.knowledge.errors import HandenhetError, IllegalState
from handenhet.knowledge.participants import Meeting, Participant
from handenhet.knowledge.sources import Quote, Utterance, Word
from handenhet.serving.asr.recognizer import RecognizerError
from handenhet.serving.asr.replay import ReplayRecognizer
from handenhet.serving.asr.twice import FinalRecognizer, Samples
from handenhet.serving.asr.worker import Worker
from handenhet.serving.attribution import Segment
from handenhet.serving.hearing import hear
from handenhet.serving.ingest.frames import AudioFrame
from handenhet.serving.ingest.messages import End, Record, Turn
from handenhet.serving.ingest.spool import Spool, spool_path
from handenhet.serving.rehearing import Rehearing, Sound
from handenhet.serving.security.access import AccessRefused, Actor
from handenhet.serving.store.errors import NotThere
from handenhet.serving.store.facade import Store
from handenhet.serving.store.records import Audio, Subject

EVA = Actor("eva", "Eva Ek", "socialsekreterare", "Barn")
ULF = Actor("ulf", "Ulf Ask", "socialsekreterare", "Barn")
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
KEY = bytes(range(32))
MEETING = "m1"


def words(text: str, start_ms: int) -> tuple[Word, ...]:
    return tuple(Word(word, start_ms + 400 * n, start_ms + 400 * n + 300, 0.8) for n, word in enumerate(text.split()))


SAID = (words("pappa slår mig", 1_000), words("jag är sju år", 4_000), words("det är bra", 8_000))
AGAIN = ("pappa slår inte mig", "jag är sjutton år", "det var bra")


class Says:
    """A final model with an answer for each utterance in turn, that remembers how much it was given."""

    def __init__(self, *answers: str | Exception) -> None:
        self.answers, self.samples = list(answers), list[int]()

    def recognise(self, pcm: Samples, language: str | None) -> Sequence[Word]:
        assert language == "sv-SE"
        self.samples.append(len(pcm))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return [Word(word, confidence=0.7) for word in answer.split()]


def records() -> list[Record]:
    """Ten seconds of sound; who speaks is tapped."""
    frames: list[Record] = [AudioFrame(1 + place, 0, bytes(32_000)) for place in range(10)]
    return [Turn(seq=0, sample=0, at_ms=0, speaker="lo"), *frames, End(seq=11, sample=160_000, at_ms=0)]


@pytest.fixture
async def rehearing(tmp_path: Path) -> AsyncIterator[Rehearing]:
    """A meeting that was streamed, heard by the replay recognizer and closed; its sound is kept."""
    store = Store.open(f"sqlite:///{tmp_path}/handenhet.db", tmp_path / "master.key")
    subject = Subject("Lo Berg", date(2015, 6, 7))
    store.create_case(EVA, id="c1", number="1", unit="Barn", kind="child", opened=AT.date(), subject=subject, at=AT)
    meeting = Meeting(MEETING, "samtal", 10, (Participant("lo", "barn", "Lo Berg"), Participant("eva", "handläggare")))
    store.open_meeting(EVA, "c1", meeting, started=AT, at=AT, language="sv-SE")
    path = spool_path(tmp_path, MEETING)
    spool = Spool(path, MEETING, KEY)
    for record in records():
        spool.append(record)
    spool.commit()

    async def durable() -> AsyncIterator[Record]:
        for record in spool.reader().read():
            yield record

    with Worker(lambda: ReplayRecognizer(SAID)) as worker:
        heard = [one async for one in hear(durable(), worker) if isinstance(one, Segment)]
    spool.close()
    for place, part in enumerate(heard):
        said = Utterance(f"u{place}", place, part.speaker, part.start_ms, part.end_ms, part.words)
        store.append_utterance(EVA, MEETING, said, at=AT)
    store.save_audio(EVA, Audio("a1", MEETING, str(path), KEY.hex()), at=AT)
    store.move_meeting_on(EVA, MEETING, "closed", at=AT)
    ticking = (AT + timedelta(seconds=n) for n in range(10_000))
    yield Rehearing(store, lambda: next(ticking))
    store.close()


def heard(rehearing: Rehearing, *answers: str | Exception) -> list[tuple[str, str, str, str]]:
    found = rehearing.hear(EVA, MEETING, lambda: Says(*answers), "starkare")
    return [(one.utterance, one.kind, one.stored, one.heard) for one in found if one.answer is None]


async def test_what_differs_is_suggested_the_gravest_first_and_the_words_stay(rehearing: Rehearing) -> None:
    before = rehearing.store.transcript(EVA, MEETING, at=AT)
    assert heard(rehearing, *AGAIN) == [
        ("u0", "negation", "slår", "slår inte"),
        ("u1", "number", "sju", "sjutton"),
        ("u2", "other", "är", "var"),
    ]
    assert rehearing.store.transcript(EVA, MEETING, at=AT) == before
    assert {one.confidence for one in rehearing.suggestions(EVA, MEETING)} == {0.7}


async def test_each_utterance_is_heard_with_a_little_around_it(rehearing: Rehearing) -> None:
    model = Says(*AGAIN)
    rehearing.hear(EVA, MEETING, lambda: model, "starkare")
    assert model.samples == [(1_100 + 600) * 16, (1_500 + 600) * 16, (1_100 + 600) * 16]


async def test_taken_it_corrects_the_words_above_and_what_rests_on_them_is_looked_at_anew(rehearing: Rehearing) -> None:
    heard(rehearing, *AGAIN)
    first = rehearing.suggestions(EVA, MEETING)[0]
    for _ in range(2):  # a double click is one correction
        taken = rehearing.answer(EVA, MEETING, first.id, "taken")
        assert (taken.answer, taken.by) == ("taken", EVA.person)
    transcript = rehearing.store.transcript(EVA, MEETING, at=AT)
    said = transcript["u0"]
    assert said.text == "pappa slår mig"
    assert transcript.as_read(said) == "pappa slår inte mig"
    assert len(transcript.corrections) == 1
    assert transcript.rests_on_correction(Quote(said, 0, 3))
    with pytest.raises(IllegalState, match="taken already"):
        rehearing.answer(EVA, MEETING, first.id, "dismissed")
    assert rehearing.suggestions(EVA, MEETING)[-1].id == first.id, "what is answered comes last"


async def test_dismissed_it_does_not_come_back_but_something_else_may(rehearing: Rehearing) -> None:
    heard(rehearing, *AGAIN)
    number = rehearing.suggestions(EVA, MEETING)[1]
    rehearing.answer(EVA, MEETING, number.id, "dismissed")
    assert heard(rehearing, "pappa slår mig", "jag är sjutton år", "det är bra") == []
    assert heard(rehearing, "pappa slår mig", "jag är tjugo år", "det är bra") == [("u1", "number", "sju", "tjugo")]
    kept = rehearing.suggestions(EVA, MEETING)
    assert len({one.id for one in kept}) == len(kept) == 2
    assert rehearing.store.transcript(EVA, MEETING, at=AT).corrections == ()


async def test_a_model_that_fails_midway_keeps_nothing_and_lets_go_of_the_sound(rehearing: Rehearing) -> None:
    with pytest.raises(RecognizerError):
        heard(rehearing, AGAIN[0], RecognizerError("the final model failed"))
    assert rehearing.suggestions(EVA, MEETING) == ()
    assert len(heard(rehearing, *AGAIN)) == 3


async def test_before_a_model_is_loaded_it_is_told_what_hinders(rehearing: Rehearing, tmp_path: Path) -> None:
    def make() -> FinalRecognizer:
        raise AssertionError("the model was loaded")

    def refused(actor: Actor, meeting: str) -> type[HandenhetError]:
        with pytest.raises(HandenhetError) as caught:
            rehearing.hear(actor, meeting, make, "starkare")
        return type(caught.value)

    store = rehearing.store
    assert refused(ULF, MEETING) is AccessRefused
    store.open_meeting(EVA, "c1", Meeting("m2", "samtal", 10, ()), started=AT, at=AT)
    assert refused(EVA, "m2") is IllegalState
    store.move_meeting_on(EVA, "m2", "closed", at=AT)
    assert refused(EVA, "m2") is NotThere
    spool_path(tmp_path, MEETING).unlink()
    assert refused(EVA, MEETING) is NotThere
    assert not spool_path(tmp_path, MEETING).exists(), "looking for sound makes none"


@given(
    st.lists(st.integers(1, 400), min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(0, 300), st.integers(0, 500)), max_size=8),
)
def test_sound_is_cut_as_from_the_whole(sizes: list[int], cuts: list[tuple[int, int]]) -> None:
    whole = np.arange(sum(sizes), dtype="<i2")
    frames: list[Record] = []
    for seq, size in enumerate(sizes):
        at = sum(sizes[:seq])
        frames.append(AudioFrame(seq, 0, whole[at : at + size].tobytes()))
    sound, first = Sound(iter(frames)), 0
    for forward, length in cuts:
        first += forward
        assert np.array_equal(sound.cut(first, first + length), whole[first : first + length])
