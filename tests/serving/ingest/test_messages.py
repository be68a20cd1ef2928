"""Text messages: a closed family, and a stranger's words are never repeated."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handenhet.serving.ingest.messages import Hello, MessageError, Strike, Turn, parse_control, parse_hello

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


def test_a_hello_says_meeting_device_and_from_where() -> None:
    hello = parse_hello('{"type":"hello","meeting":"m1","token":"t","device":"telefon-1","from":12}')
    assert hello == Hello(meeting="m1", token="t", device="telefon-1", from_=12)
    assert parse_hello(hello.text()) == hello
    assert "token" not in repr(hello)


@pytest.mark.parametrize(
    "change", [{"meeting": "../m"}, {"meeting": ""}, {"device": "a b"}, {"from": -1}, {"from": "1"}, {"extra": 1}]
)
def test_a_hello_outside_the_protocol_is_refused(change: dict[str, object]) -> None:
    good: dict[str, object] = {"type": "hello", "meeting": "m1", "token": "t", "device": "d", "from": 0}
    with pytest.raises(MessageError):
        parse_hello(json.dumps(good | change))


@given(st.text(max_size=300) | JSON.map(json.dumps))
def test_hostile_text_is_one_clear_error(text: str) -> None:
    for parse in (parse_hello, parse_control):
        with pytest.raises(MessageError):
            parse(text)


def test_deep_and_long_text_is_one_clear_error() -> None:
    for text in ("[" * 3_900, '{"a":' * 700, "x" * 5_000):
        with pytest.raises(MessageError):
            parse_hello(text)


def test_an_error_never_repeats_what_came() -> None:
    with pytest.raises(MessageError) as caught:
        parse_control('{"type":"turn","seq":0,"sample":0,"at_ms":0,"speaker":"han slog mig","hemligt":"x"}')
    assert "slog" not in str(caught.value)
    assert "hemligt" not in str(caught.value)


def test_a_tap_carries_speaker_and_sample() -> None:
    turn = Turn(seq=3, sample=32_000, at_ms=1, speaker="p2")
    assert parse_control(turn.text()) == turn


def test_a_strike_goes_forward() -> None:
    with pytest.raises(ValueError, match="at least one sample"):
        Strike(seq=0, sample=100, since=100, at_ms=0)
