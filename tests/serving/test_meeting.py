"""A live meeting when it cannot be heard yet: the room is told, and a full server is no fault in its log."""

import logging
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from handenhet.knowledge.errors import HandenhetError
from handenhet.knowledge.participants import Meeting, Participant
from handenhet.knowledge.sources import Word
from handenhet.serving.asr.recognizer import RecognizerError, SlotsFull
from handenhet.serving.attribution import Segment
from handenhet.serving.hearing import Heard
from handenhet.serving.house import open_house
from handenhet.serving.hub import News, Said, Trouble
from handenhet.serving.meeting import LiveMeeting
from handenhet.serving.room import MeetingRoom
from handenhet.serving.security.access import Actor
from handenhet.serving.settings import Settings
from handenhet.serving.store.records import Subject

from ._app import SilentReader

EVA = Actor("eva", "Eva Ek", "socialsekreterare", "Barn")
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


async def broken_off_by(error: HandenhetError) -> AsyncGenerator[Heard]:
    yield Segment("lo", (Word("hej", 1_000, 1_300),))
    raise error


@pytest.mark.parametrize(
    ("error", "told", "level"),
    [
        (SlotsFull(4), "när ett annat möte är slut", logging.WARNING),
        (RecognizerError("the model is gone"), "skrivs inte ner just nu", logging.ERROR),
    ],
)
async def test_words_that_cannot_be_written_now_are_told_of_and_the_sound_is_kept(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, error: HandenhetError, told: str, level: int
) -> None:
    caplog.set_level(logging.WARNING, "handenhet.serving.meeting")  # whatever a program run before has set
    async with open_house(Settings.model_validate({"data_dir": tmp_path}), SilentReader()) as house:
        house.store.create_case(
            EVA, id="c1", number="1", unit="Barn", kind="child", opened=AT.date(), subject=Subject("Lo Berg"), at=AT
        )
        meeting = Meeting("m1", "samtal", 10, (Participant("lo", "barn"),))
        house.store.open_meeting(EVA, "c1", meeting, started=AT, at=AT)
        news: list[News] = []
        room = MeetingRoom(house.store, "m1", house.clock)
        with house.hub.listening("m1", news.append):
            live = LiveMeeting(room, house.meeting_graph, house.deps, house.hub)
            await live.run_in_background(broken_off_by(error))
        assert [one.utterance.text for one in news if isinstance(one, Said)] == ["hej"]
        troubles = [one.what for one in news if isinstance(one, Trouble)]
        assert len(troubles) == 1
        assert told in troubles[0]
        assert "Ljudet är sparat" in troubles[0]
        mine = [record for record in caplog.records if record.name.endswith("serving.meeting")]
        assert [(record.levelno, record.exc_info is None) for record in mine] == [(level, level == logging.WARNING)]
