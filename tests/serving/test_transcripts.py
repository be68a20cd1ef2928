"""Transcripts as people hand them in: JSON lines, plain text, WebVTT, and what is said about broken ones."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handenhet.knowledge.errors import HandenhetError
from handenhet.serving.transcripts import UNKNOWN_AGE, Given, TranscriptError, parse


def meeting(**changes: Any) -> dict[str, Any]:
    return {
        "id": "m1",
        "setting": "barnsamtal",
        "child_age": 9,
        "participants": [{"id": "S", "role": "socialsekreterare"}, {"id": "B", "role": "barn"}],
        "utterances": [
            {"i": 3, "speaker": "S", "start_s": 0.0, "end_s": 1.5, "text": "Hur mår du?"},
            {"i": 7, "speaker": "B", "start_s": 1.2, "end_s": 1.0, "text": "Bra."},
        ],
    } | changes


def one(value: dict[str, Any]) -> Given:
    (only,) = parse(json.dumps(value), "m.jsonl")
    return only


def test_a_json_meeting_keeps_its_own_numbers() -> None:
    read = one(meeting())
    assert read.numbers == {"u0": 3, "u1": 7}
    assert [utterance.text for utterance in read.transcript.utterances] == ["Hur mår du?", "Bra."]


def test_overlapping_backward_and_missing_times_stop_nothing() -> None:
    times = [{"speaker": "B", "text": "ja", "start_s": start} for start in (5, None, "fel", -1, float("nan"))]
    said = one(meeting(utterances=times)).transcript.utterances
    assert len(said) == 5
    assert all(0 <= utterance.start_ms <= utterance.end_ms for utterance in said)


def test_words_by_somebody_unknown_are_heard_and_roles_in_the_speakers_place_understood() -> None:
    read = one(
        meeting(participants=None, utterances=[{"speaker": "mamma", "text": "hej"}, {"speaker": "X", "text": "jo"}])
    )
    assert [read.meeting.participant(speaker).standpoint for speaker in ("mamma", "X")] == ["guardian", "other"]


def test_an_adults_matter_has_no_child_age() -> None:
    grown = [{"id": "S", "role": "socialsekreterare"}, {"id": "B", "role": "klient"}]
    without = meeting(participants=grown)
    del without["child_age"]
    assert one(without).meeting.child_age is None
    assert one(meeting(participants=grown, child_age=None)).meeting.child_age is None


def test_a_child_in_the_room_makes_it_a_childs_matter_without_an_age() -> None:
    assert one(meeting(child_age=None)).meeting.child_age == UNKNOWN_AGE
    (plain,) = parse("S: Hur mår du?\nB: Bra.\n", "m.txt")
    assert plain.meeting.child_age == UNKNOWN_AGE


def test_an_empty_meeting_and_empty_utterances() -> None:
    assert len(one(meeting(utterances=[])).transcript) == 0
    assert one(meeting(utterances=[{"i": 4, "speaker": "B", "text": "  "}])).empty == (4,)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "not JSON (line 1, column 2)"),
        ("[1]", "not a JSON object (line 1)"),
        (json.dumps(meeting(utterances=None)), "utterances is missing (line 1)"),
        (json.dumps(meeting(utterances=["hej"])), "utterances is not a list of objects"),
        (json.dumps(meeting(utterances=[{"text": {}}])), "text is not text (line 1, utterance 0)"),
        (json.dumps(meeting(utterances=[{"i": "x", "text": "a"}])), "i is not a whole number"),
        (json.dumps(meeting(utterances=[{"i": 1, "text": "a"}] * 2)), "two utterances have number 1"),
        (json.dumps(meeting(child_age=44)), "child_age is not a child's age"),
        (json.dumps(meeting(participants=[{"role": "barn"}])), "a participant lacks an id"),
        (json.dumps(meeting()) + "\n" + json.dumps(meeting()), "two meetings share an id (line 2)"),
    ],
)
def test_a_bad_line_is_told_with_its_number_and_a_way_to_mend_it(line: str, told: str) -> None:
    with pytest.raises(TranscriptError) as caught:
        parse(line, "m.jsonl")
    assert told in str(caught.value)
    assert caught.value.mend


def test_plain_text_has_a_speaker_a_line_and_lines_that_go_on() -> None:
    (read,) = parse("S: Hej!\nMamma: Han sover inte\nom nätterna.\n", "samtal.txt", child_age=7)
    assert [u.text for u in read.transcript.utterances] == ["Hej!", "Han sover inte om nätterna."]
    assert [p.standpoint for p in read.meeting.participants] == ["caseworker", "guardian"]


def test_plain_text_without_a_speaker_is_refused() -> None:
    with pytest.raises(TranscriptError, match="line 1"):
        parse("bara ord\n", "samtal.txt")


VTT = """WEBVTT

1
00:00:01.000 --> 00:00:02.500
<v Socialsekreterare>Hur går det?</v>

00:02.600 --> 00:04.000 align:start
Barn: Det går bra.
och mormor hjälper till
"""


def test_webvtt_gives_speakers_and_times() -> None:
    (read,) = parse(VTT, "samtal.vtt", child_age=8)
    said = read.transcript.utterances
    assert [(u.speaker, u.text) for u in said] == [
        ("Socialsekreterare", "Hur går det?"),
        ("Barn", "Det går bra."),
        ("Barn", "och mormor hjälper till"),
    ]
    assert (said[0].start_ms, said[1].end_ms) == (1000, 4000)


@given(st.text(max_size=200), st.sampled_from(["a.txt", "a.vtt", "a.jsonl"]))
def test_any_text_is_read_or_refused_in_our_own_words(text: str, name: str) -> None:
    try:
        parse(text, name)
    except HandenhetError as error:
        assert error.what  # noqa: PT017


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda v: (
            st.lists(v)
            | st.dictionaries(
                st.sampled_from(
                    ["id", "role", "i", "text", "speaker", "start_s", "utterances", "participants", "child_age"]
                ),
                v,
            )
        ),
        max_leaves=12,
    )
)
def test_any_json_is_read_or_refused_in_our_own_words(value: object) -> None:
    try:
        parse(json.dumps(value), "a.jsonl")
    except HandenhetError as error:
        assert error.what  # noqa: PT017
