"""One thread owns the model; audio is never dropped, partials may be, failures are told."""

import asyncio
from collections.abc import Sequence

import pytest

from handenhet.knowledge.sources import Word
from handenhet.serving.asr.recognizer import Event, Final, Partial, Recognizer, RecognizerError, SlotsFull
from handenhet.serving.asr.replay import ReplayRecognizer
from handenhet.serving.asr.worker import Lane, Worker

SCRIPT = [(Word("hej", 500, 800, 0.9),), (Word("ja", 2_500, 2_700, 0.8),)]
SECOND = bytes(2 * 16_000)


async def finals(lane: Lane) -> list[str]:
    return [word.text async for event in lane.events() if isinstance(event, Final) for word in event.words]


async def test_many_meetings_share_one_model() -> None:
    async def one(worker: Worker) -> list[str]:
        lane = await worker.open()
        listening = asyncio.create_task(finals(lane))
        for _ in range(4):
            await lane.push(SECOND)
        lane.close()
        return await listening

    with Worker(lambda: ReplayRecognizer(SCRIPT)) as worker:
        assert await asyncio.gather(*(one(worker) for _ in range(8))) == [["hej", "ja"]] * 8


async def test_a_fast_sender_waits_and_no_audio_is_dropped() -> None:
    with Worker(lambda: ReplayRecognizer(SCRIPT), backlog_s=1) as worker:
        lane = await worker.open()
        for _ in range(60):
            await lane.push(SECOND)
            assert worker.backlog(lane) <= 3 * len(SECOND)
        lane.close()
        assert await finals(lane) == ["hej", "ja"]


def test_of_partials_only_the_newest_waits_for_a_slow_reader() -> None:
    async def run() -> list[Event]:
        lane = Lane(Worker(lambda: ReplayRecognizer(SCRIPT)), 1, 0)
        final = Final(1, SCRIPT[0])
        lane.heard([Partial(1, "h", 1), Partial(1, "he", 2), final, Partial(1, "j", 3)])
        lane.heard([Partial(1, "ja", 4)])
        events = lane.events()
        return [await anext(events) for _ in range(3)]

    assert asyncio.run(run()) == [Partial(1, "he", 2), Final(1, SCRIPT[0]), Partial(1, "ja", 4)]


async def test_no_free_slot_is_a_clear_answer() -> None:
    with Worker(lambda: ReplayRecognizer(SCRIPT, slots=1)) as worker:
        await worker.open()
        with pytest.raises(SlotsFull):
            await worker.open()


class Breaking(ReplayRecognizer):
    def step(self) -> Sequence[Event]:
        if any(self.ready(stream) for stream in (1, 2)):
            raise RuntimeError("tensor trouble")
        return ()


async def test_a_model_that_breaks_is_told_to_every_lane() -> None:
    with Worker(lambda: Breaking(SCRIPT)) as worker:
        lanes = [await worker.open(), await worker.open()]
        await lanes[0].push(SECOND)
        for lane in lanes:
            with pytest.raises(RecognizerError, match="recognizer stopped") as caught:
                await finals(lane)
            assert "tensor" not in str(caught.value)
        with pytest.raises(RecognizerError, match="has stopped"):
            await worker.open()


def test_a_recognizer_that_cannot_be_made_is_told_at_once() -> None:
    def make() -> Recognizer:
        raise RecognizerError("NeMo is not installed", mend="pip install 'handenhet[asr]'")

    with pytest.raises(RecognizerError, match=r"handenhet\[asr\]"), Worker(make):
        pass
