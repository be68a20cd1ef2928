"""The replay recognizer keeps the recognizer's manners: same words whatever the pushes, in order, then Closed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handenhet.knowledge.errors import HandenhetError
from handenhet.knowledge.sources import Word
from handenhet.serving.asr.recognizer import Closed, Event, Final, Partial, Recognizer, SlotsFull, utterance
from handenhet.serving.asr.replay import ReplayRecognizer, read_script

HELLO = (Word("hej", 500, 800, 0.9), Word("du", 900, 1_000, 0.4))
ANSWER = (Word("ja", 2_500, 2_700, 0.8),)
SECOND = bytes(2 * 16_000)


def drain(recognizer: Recognizer, stream: int) -> list[Event]:
    events: list[Event] = []
    while recognizer.ready(stream):
        events += recognizer.step()
    return events


def hear(pieces: list[bytes]) -> list[Event]:
    recognizer = ReplayRecognizer([HELLO, ANSWER])
    stream = recognizer.open()
    events: list[Event] = []
    for piece in pieces:
        recognizer.push(stream, piece)
        events += drain(recognizer, stream)
    recognizer.close(stream)
    return events + drain(recognizer, stream)


def test_partials_then_finals_then_closed() -> None:
    assert hear([SECOND] * 4) == [
        Partial(1, "hej", 960),
        Partial(1, "hej du", 1_280),
        Final(1, HELLO),
        Partial(1, "ja", 2_880),
        Final(1, ANSWER),
        Closed(1),
    ]


@given(st.lists(st.integers(0, 9_000), max_size=12))
def test_the_size_of_the_pushes_changes_nothing(cuts: list[int]) -> None:
    audio, pieces, at = SECOND * 4, list[bytes](), 0
    for cut in cuts:
        pieces.append(audio[at : at + 2 * cut])
        at += 2 * cut
    assert hear([*pieces, audio[at:]]) == hear([audio])


def test_a_stream_that_stops_in_mid_utterance_keeps_what_was_heard() -> None:
    assert hear([SECOND[: 2 * 14_000]]) == [Final(1, HELLO[:1]), Closed(1)]


def test_a_stream_opened_after_a_pause_says_what_comes_after_it() -> None:
    recognizer = ReplayRecognizer([HELLO, ANSWER])
    stream = recognizer.open(start_sample=2 * 16_000)
    recognizer.push(stream, SECOND)
    recognizer.close(stream)
    assert drain(recognizer, stream)[-2:] == [Final(1, ANSWER), Closed(1)]


def test_slots_run_out_with_a_clear_answer_and_come_back() -> None:
    recognizer = ReplayRecognizer([HELLO], slots=1)
    stream = recognizer.open()
    with pytest.raises(SlotsFull, match="1 meetings are being heard"):
        recognizer.open()
    recognizer.close(stream)
    drain(recognizer, stream)
    recognizer.open()


def test_a_final_becomes_an_utterance_with_its_own_times() -> None:
    made = utterance(Final(1, HELLO), id="u1", index=0, speaker="p1")
    assert (made.text, made.start_ms, made.end_ms, made.words) == ("hej du", 500, 1_000, HELLO)


def test_a_script_is_read_from_transcribed_lines(tmp_path: Path) -> None:
    path = tmp_path / "manus.jsonl"
    path.write_text('{"words":[{"text":"hej","start_s":0.5,"end_s":0.8,"confidence":0.9}]}\n\n', encoding="utf-8")
    assert read_script(path) == (HELLO[:1],)
    path.write_text('{"words":[]}\n', encoding="utf-8")
    with pytest.raises(HandenhetError, match="line 1"):
        read_script(path)
    with pytest.raises(HandenhetError, match="cannot be read"):
        read_script(tmp_path / "saknas.jsonl")
