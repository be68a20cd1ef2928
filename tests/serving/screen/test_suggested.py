"""Beside the going through of a meeting: what was heard otherwise and its two answers, and whose the voices are."""

# Gradio types its components in part.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from starlette.requests import Request

from handenhet.knowledge.participants import Meeting, Participant
from handenhet.knowledge.sources import Utterance, Word
from handenhet.serving.asr.twice import Samples
from handenhet.serving.house import House, open_house, utc_now
from handenhet.serving.ingest.frames import AudioFrame
from handenhet.serving.ingest.spool import Spool, spool_path
from handenhet.serving.rehearing import Rehearing
from handenhet.serving.screen.context import Context
from handenhet.serving.screen.door import guarded
from handenhet.serving.screen.going import GoingThrough
from handenhet.serving.security.access import Actor
from handenhet.serving.settings import Settings
from handenhet.serving.store.records import Audio, Subject

from .._app import SilentReader

EVA = Actor("eva", "Eva Ek", "socialsekreterare", "Barn")
AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
KEY = bytes(range(32))


class Again:
    def recognise(self, pcm: Samples, language: str | None) -> Sequence[Word]:
        return [Word(text, confidence=0.8) for text in ("pappa", "slår", "inte", "<b>dig</b>", "hemma")]


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    """One closed meeting of one utterance, whose sound is kept."""
    async with open_house(Settings.model_validate({"data_dir": tmp_path}), SilentReader()) as opened:
        store, subject = opened.store, Subject("Lo Berg")
        store.create_case(EVA, id="c1", number="1", unit="Barn", kind="child", opened=AT.date(), subject=subject, at=AT)
        meeting = Meeting("m1", "samtal", 10, (Participant("lo", "barn", "Lo Berg"),))
        store.open_meeting(EVA, "c1", meeting, started=AT, at=AT)
        words = tuple(Word(text, 400 * n, 400 * n + 300) for n, text in enumerate(("pappa", "slår", "mig", "hemma")))
        store.append_utterance(EVA, "m1", Utterance("u0", 0, "lo", 0, 1_500, words), at=AT)
        spool = Spool(spool_path(tmp_path, "m1"), "m1", KEY)
        spool.append(AudioFrame(0, 0, bytes(32_000)))
        spool.commit()
        spool.close()
        store.save_audio(EVA, Audio("a1", "m1", str(spool_path(tmp_path, "m1")), KEY.hex()), at=AT)
        store.move_meeting_on(EVA, "m1", "closed", at=AT)
        yield opened


def click() -> gr.Request:
    """A click by Eva."""
    return gr.Request(request=Request({"type": "http", "headers": [], "state": {"actor": EVA}}), session_hash="s")


def tab(house: House) -> GoingThrough:
    with gr.Blocks():
        return GoingThrough(Context(house, guarded), gr.State("c1"))


def shown(house: House) -> list[Any]:
    going = tab(house)
    opened = going.context.open("c1", click())
    updates = going.refresh(opened, EVA)
    assert len(updates) == len(going.outputs)
    return going.suggested.shown(opened, opened.meeting("m1"))


async def test_a_meeting_that_was_not_heard_again_shows_nothing(house: House) -> None:
    part, listed, *_ = shown(house)
    assert (part["visible"], listed) == (False, "")


async def test_what_was_heard_otherwise_is_shown_in_its_place_and_runs_nothing(house: House) -> None:
    Rehearing(house.store, utc_now).hear(EVA, "m1", Again, "starkare")
    part, listed, choice, take, _ = shown(house)
    assert part["visible"]
    assert take["visible"]
    assert choice["choices"] == [("00:00 mig → inte <b>dig</b>", "r1")]
    assert "Nekande ord" in listed
    assert "starkare" in listed
    assert "80 %" in listed
    assert "pappa slår <strong>mig</strong> hemma" in listed
    assert "<b>dig" not in listed
    assert "&lt;b&gt;dig" in listed


@pytest.mark.parametrize(("button", "left", "says"), [("take", 1, "rättade orden"), ("keep", 0, "behöll orden")])
async def test_an_answer_is_kept_with_who_gave_it(house: House, button: str, left: int, says: str) -> None:
    Rehearing(house.store, utc_now).hear(EVA, "m1", Again, "starkare")
    suggested = tab(house).suggested
    answer = suggested._answer("taken" if button == "take" else "dismissed")  # pyright: ignore[reportPrivateUsage]
    part, listed, choice, take, _ = answer("c1", "m1", "r1", click())
    assert part["visible"]
    assert not take["visible"]
    assert choice["choices"] == []
    assert f"Eva Ek {says}" in listed
    transcript = house.store.transcript(EVA, "m1", at=utc_now())
    assert len(transcript.corrections) == left
    assert transcript["u0"].text == "pappa slår mig hemma"
    with pytest.raises(gr.Error, match="Välj"):
        answer("c1", "m1", None, click())


async def test_a_voice_is_given_to_a_participant_for_the_whole_meeting(house: House) -> None:
    for place in (1, 2):
        said = Utterance(f"u{place}", place, "röst-B", 2_000 * place, 2_000 * place + 500, (Word("hej"),))
        house.store.append_utterance(EVA, "m1", said, at=AT)
    voices = tab(house).voices
    opened = voices.context.open("c1", click())
    part, listed, voice, who = voices.shown(opened, opened.meeting("m1"))
    assert part["visible"]
    assert (voice["choices"], who["choices"]) == (["B"], [("Lo (barn)", "lo")])
    assert "Röst B</strong>: 2 yttranden" in listed
    with pytest.raises(gr.Error, match="både röst och person"):
        voices._save("c1", "m1", "B", None, click())  # pyright: ignore[reportPrivateUsage]
    _, listed, _, _ = voices._save("c1", "m1", "B", "lo", click())  # pyright: ignore[reportPrivateUsage]
    assert "Röst B</strong>: Lo (barn), enligt Eva Ek" in listed
    assert {u.speaker for u in house.store.transcript(EVA, "m1", at=utc_now()).utterances} == {"lo"}
