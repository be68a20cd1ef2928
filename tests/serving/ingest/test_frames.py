"""Frames: what one side encodes the other decodes, and nothing else is taken for a frame."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handenhet.serving.ingest.frames import MAX_FRAME_BYTES, MAX_PCM_BYTES, AudioFrame, FrameError, decode, encode

FRAMES = st.builds(
    AudioFrame,
    seq=st.integers(0, 2**32 - 1),
    capture_ms=st.integers(0, 2**53 - 1),
    pcm=st.binary(min_size=1, max_size=200).map(lambda half: half + half),
)


@given(FRAMES)
def test_what_is_encoded_is_decoded(frame: AudioFrame) -> None:
    assert decode(encode(frame)) == frame


@given(FRAMES, st.data())
def test_a_flipped_bit_is_always_noticed(frame: AudioFrame, data: st.DataObject) -> None:
    message = bytearray(encode(frame))
    bit = data.draw(st.integers(0, 8 * len(message) - 1))
    message[bit // 8] ^= 1 << bit % 8
    with pytest.raises(FrameError):
        decode(bytes(message))


@given(st.binary(max_size=64))
def test_noise_is_no_frame(noise: bytes) -> None:
    with pytest.raises(FrameError):
        decode(noise)


def test_the_largest_frame_passes_and_the_next_does_not() -> None:
    largest = encode(AudioFrame(0, 0, bytes(MAX_PCM_BYTES)))
    assert len(largest) == MAX_FRAME_BYTES
    assert decode(largest).samples == 16_000
    with pytest.raises(FrameError, match="34020") as caught:
        decode(largest + bytes(2003))
    assert caught.value.fault == "size"


@pytest.mark.parametrize("pcm", [b"", b"\0", bytes(3), bytes(MAX_PCM_BYTES + 2)])
def test_a_frame_carries_whole_samples_and_at_most_a_second(pcm: bytes) -> None:
    with pytest.raises(FrameError, match="frame carries"):
        AudioFrame(0, 0, pcm)


def test_the_layout_is_the_one_the_hand_held_writes() -> None:
    assert encode(AudioFrame(7, 1_000, b"\1\0\2\0")).hex() == "a10000000700000000000003e8b3af3ee301000200"
