"""The words' own routes: suggestions of a second hearing, and whose voice is whose."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from handenhet.knowledge.errors import HandenhetError
from handenhet.knowledge.participants import Meeting, Participant
from handenhet.knowledge.sources import Utterance, Word
from handenhet.serving.asr.twice import Samples
from handenhet.serving.attribution import Segment
from handenhet.serving.hearing import Heard
from handenhet.serving.house import House, open_house, utc_now
from handenhet.serving.hub import News, Trouble
from handenhet.serving.ingest.frames import AudioFrame
from handenhet.serving.ingest.spool import Spool, spool_path
from handenhet.serving.meeting import LiveMeeting
from handenhet.serving.rehearing import Rehearing
from handenhet.serving.room import MeetingRoom
from handenhet.serving.security.access import Actor
from handenhet.serving.settings import Settings
from handenhet.serving.store.records import Audio, Subject
from handenhet.serving.voices import TOO_MANY, Voices

from ._app import SilentReader, clients

EVA = Actor("eva", "Eva Ek", "socialsekreterare", "Barn")
ULF = Actor("ulf", "Ulf Ask", "socialsekreterare", "Barn")
KEY = bytes(range(32))
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
PEOPLE = tuple(Participant(id, role) for id, role in (("eva", "socialsekreterare"), ("lo", "barn"), ("mia", "mamma")))
SAID = (("röst-A", "hej lo"), ("röst-B", "pappa slår mig"), ("mia", "nej det gör han"), ("röst-A", "jag hör"))


class Again:
    def __init__(self) -> None:
        self.answers = ["hej Lo", "pappa slår inte mig", "nej det gör han", "jag hör"]

    def recognise(self, pcm: Samples, language: str | None) -> Sequence[Word]:
        return [Word(word) for word in self.answers.pop(0).split()]


def utterances() -> list[Utterance]:
    return [
        Utterance(
            f"u{place}", place, speaker, 2_000 * place, 2_000 * place + 1_000, tuple(Word(w) for w in text.split())
        )
        for place, (speaker, text) in enumerate(SAID)
    ]


@asynccontextmanager
async def serving(data: Path) -> AsyncGenerator[tuple[House, httpx.AsyncClient, httpx.AsyncClient]]:
    """The app over one heard meeting whose sound is kept; Eva's client, and Ulf's who has nothing to do with it."""
    async with open_house(Settings.model_validate({"data_dir": data}), SilentReader()) as house:
        store = house.store
        store.create_case(
            EVA, id="c1", number="1", unit="Barn", kind="child", opened=AT.date(), subject=Subject("Lo Berg"), at=AT
        )
        store.open_meeting(EVA, "c1", Meeting("m1", "samtal", 10, PEOPLE), started=AT, at=AT, language="sv-SE")
        for one in utterances():
            store.append_utterance(EVA, "m1", one, at=AT)
        spool = Spool(spool_path(data, "m1"), "m1", KEY)
        for seq in range(8):
            spool.append(AudioFrame(seq, 0, bytes(32_000)))
        spool.commit()
        spool.close()
        store.save_audio(EVA, Audio("a1", "m1", str(spool_path(data, "m1")), KEY.hex()), at=AT)
        store.move_meeting_on(EVA, "m1", "closed", at=AT)
        async with clients(house, (EVA, ULF)) as (eva, ulf):
            yield house, eva, ulf


async def ask(client: httpx.AsyncClient, method: str, path: str, body: object = None) -> tuple[int, Any]:
    answer = await client.request(method, f"/api/v1/meetings/m1{path}", json=body)
    return answer.status_code, answer.json() if answer.content else None


async def test_suggestions_are_shown_and_answered_by_who_has_the_case(tmp_path: Path) -> None:
    async with serving(tmp_path) as (house, eva, ulf):
        assert await ask(eva, "GET", "/suggestions") == (200, [])
        await asyncio.to_thread(Rehearing(house.store, utc_now).hear, EVA, "m1", Again, "starkare")
        status, shown = await ask(eva, "GET", "/suggestions")
        assert [(one["utterance"], one["kind"], one["stored"], one["heard"]) for one in shown] == [
            ("u1", "negation", "slår", "slår inte")
        ]
        path = f"/suggestions/{shown[0]['id']}/answer"
        assert (await ask(ulf, "GET", "/suggestions"))[0] == 403
        assert (await ask(ulf, "PUT", path, {"answer": "taken"}))[0] == 403
        assert (await ask(eva, "PUT", "/suggestions/r99/answer", {"answer": "taken"}))[0] == 404
        assert (await ask(eva, "PUT", path, {"answer": "kanske"}))[0] == 422
        status, taken = await ask(eva, "PUT", path, {"answer": "taken"})
        assert (status, taken["answer"], taken["by"]) == (200, "taken", "Eva Ek")
        transcript = house.store.transcript(EVA, "m1", at=utc_now())
        assert transcript.as_read(transcript["u1"]) == "pappa slår inte mig"
        assert transcript["u1"].text == "pappa slår mig"
        lines = [line.what for line in house.store.review_log(EVA, at=utc_now(), case_id="c1", last=60)]
        assert lines.count("correct words") == 1
        assert {"read audio", "refused"} <= set(lines)


async def test_a_voice_is_named_once_and_holds_for_what_was_said_before(tmp_path: Path) -> None:
    async with serving(tmp_path) as (house, eva, ulf):
        assert (await ask(eva, "GET", "/voices"))[1] == {
            "voices": [
                {"voice": "A", "participant": "", "by": "", "utterances": 2},
                {"voice": "B", "participant": "", "by": "", "utterances": 1},
            ],
            "warning": "",
        }
        assert (await ask(ulf, "PUT", "/voices/A", {"participant": "eva"}))[0] == 403
        for wrong in (("/voices/E", "eva"), ("/voices/AB", "eva"), ("/voices/A", "ingen")):
            assert (await ask(eva, "PUT", wrong[0], {"participant": wrong[1]}))[0] == 400
        status, told = await ask(eva, "PUT", "/voices/A", {"participant": "mia"})
        assert (status, told["voices"][0]) == (
            200,
            {"voice": "A", "participant": "mia", "by": "Eva Ek", "utterances": 0},
        )
        await ask(eva, "PUT", "/voices/A", {"participant": "eva"})
        shown = (await ask(eva, "GET", ""))[1]
        assert [one["speaker"] for one in shown["utterances"]] == ["eva", "röst-B", "mia", "eva"]
        versions = house.store.document(EVA, "voices-m1", at=utc_now()).version
        await ask(eva, "PUT", "/voices/A", {"participant": "eva"})
        assert house.store.document(EVA, "voices-m1", at=utc_now()).version == versions == 2


async def test_a_meeting_heard_again_from_its_spool_meets_the_words_it_wrote(tmp_path: Path) -> None:
    """The stored words keep the voice: naming it changes nothing in them."""
    async with serving(tmp_path) as (house, _, _):
        Voices(house.store, utc_now).assign(EVA, "m1", "A", "eva")
        for one in utterances():
            assert not house.store.append_utterance(EVA, "m1", one, at=AT)


async def test_at_more_than_four_in_the_room_it_is_told_that_voices_will_not_do(tmp_path: Path) -> None:
    async with serving(tmp_path) as (house, _, _):
        many = tuple(Participant(f"p{n}", "anhörig") for n in range(5))
        house.store.open_meeting(EVA, "c1", Meeting("m2", "nätverksmöte", 10, many), started=AT, at=AT)

        async def heard() -> AsyncGenerator[Heard]:
            for start in (1_000, 3_000):
                yield Segment("röst-A", (Word("hej", start, start + 300),))

        news: list[News] = []
        with house.hub.listening("m2", news.append):
            room = MeetingRoom(house.store, "m2", house.clock)
            await LiveMeeting(room, house.meeting_graph, house.deps, house.hub).run(heard())
        assert [one.what for one in news if isinstance(one, Trouble)] == [TOO_MANY]
        assert Voices(house.store, utc_now).unnamed(EVA, "m2")[0].utterances == 2
        with pytest.raises(HandenhetError, match="no such participant"):
            Voices(house.store, utc_now).assign(EVA, "m2", "A", "eva")
