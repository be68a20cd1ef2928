"""Any audio file becomes the hand-held's blocks; any other file becomes one clear error."""

import os
import tracemalloc
import wave
from itertools import islice
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt
import pytest

from handenhet.serving.audio import AudioError, check_audio, pcm_blocks


def tone(rate: int, seconds: float, channels: int) -> npt.NDArray[np.int16]:
    """A 440 Hz tone, the same in every channel: (samples, channels)."""
    time = np.arange(int(rate * seconds)) / rate
    return np.repeat((8_000 * np.sin(2 * np.pi * 440 * time)).astype("<i2")[:, None], channels, axis=1)


def write_wav(path: Path, rate: int = 16_000, seconds: float = 2.0, channels: int = 1) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(tone(rate, seconds, channels).tobytes())
    return path


def write_coded(path: Path, codec: str, rate: int = 48_000) -> Path:
    frame = av.AudioFrame.from_ndarray(tone(rate, 2.0, 2).reshape(1, -1), format="s16", layout="stereo")
    frame.rate = rate
    container: Any = av.open(str(path), "w")  # the library's own types leave half of encoding unsaid
    with container:
        stream = container.add_stream(codec, rate=rate, layout="stereo")
        resampler = av.AudioResampler(format=stream.format, layout="stereo", rate=rate, frame_size=stream.frame_size)
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return path


def heard(path: Path) -> npt.NDArray[np.int16]:
    return np.frombuffer(b"".join(pcm_blocks(path)), dtype="<i2")


def assert_tone(samples: npt.NDArray[np.int16], seconds: float = 2.0) -> None:
    assert len(samples) / 16_000 == pytest.approx(seconds, abs=0.08)
    middle = samples[8_000:24_000].astype(float)
    assert np.abs(np.fft.rfft(middle)).argmax() == pytest.approx(440, abs=2)
    assert np.sqrt(np.mean(middle**2)) == pytest.approx(8_000 / np.sqrt(2), rel=0.15)


@pytest.mark.parametrize(("rate", "channels"), [(8_000, 1), (16_000, 1), (22_050, 2), (44_100, 2), (96_000, 1)])
def test_any_rate_and_any_channels(tmp_path: Path, rate: int, channels: int) -> None:
    assert_tone(heard(write_wav(tmp_path / "t.wav", rate, channels=channels)))


@pytest.mark.parametrize(
    ("name", "codec"),
    [("t.flac", "flac"), ("t.ogg", "libopus"), ("t.opus", "libopus"), ("t.mp3", "libmp3lame"), ("t.m4a", "aac")],
)
def test_every_kept_format(tmp_path: Path, name: str, codec: str) -> None:
    assert_tone(heard(write_coded(tmp_path / name, codec)))


def test_16_khz_mono_comes_through_untouched(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "t.wav")
    assert np.array_equal(heard(path), tone(16_000, 2.0, 1)[:, 0])
    assert [len(block) for block in pcm_blocks(path, block_samples=7_000)] == [14_000] * 4 + [8_000]


def test_a_long_file_takes_no_more_memory_than_a_short_one(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "t.wav", rate=8_000, seconds=0.1)
    seconds = 200
    with path.open("r+b") as file:
        file.truncate(44 + seconds * 16_000)
        file.seek(4)
        file.write((36 + seconds * 16_000).to_bytes(4, "little"))
        file.seek(40)
        file.write((seconds * 16_000).to_bytes(4, "little"))
    tracemalloc.start()
    samples = sum(len(block) // 2 for block in pcm_blocks(path))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert samples / 16_000 == pytest.approx(seconds, abs=0.1)
    assert peak < 1_000_000  # the audio itself is 6.4 MB


@pytest.mark.parametrize(
    ("content", "answer"),
    [
        (b"", "is empty"),
        (b"detta ar ingen ljudfil", "cannot be read as audio"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "cannot be read as audio"),
        (bytes(10_000), "cannot be read as audio"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "audio"),
    ],
)
def test_what_is_no_audio_says_so(tmp_path: Path, content: bytes, answer: str) -> None:
    path = tmp_path / "fil.wav"
    path.write_bytes(content)
    with pytest.raises(AudioError, match=answer) as caught:
        check_audio(path)
    assert "fil.wav" in str(caught.value)


def test_a_header_without_sound_says_so(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match=r"holds no audio|cannot be read"):
        check_audio(write_wav(tmp_path / "t.wav", seconds=0))


def test_a_missing_file_and_a_folder_say_so(tmp_path: Path) -> None:
    with pytest.raises(AudioError, match="cannot be opened"):
        check_audio(tmp_path / "saknas.wav")
    with pytest.raises(AudioError, match="folder"):
        check_audio(tmp_path)


@pytest.mark.parametrize(
    ("name", "codec"), [("t.flac", "flac"), ("t.ogg", "libopus"), ("t.mp3", "libmp3lame"), ("t.m4a", "aac")]
)
def test_a_file_damaged_in_its_middle_is_never_taken_for_a_shorter_one(tmp_path: Path, name: str, codec: str) -> None:
    path = write_coded(tmp_path / name, codec)
    content = bytearray(path.read_bytes())
    middle, eighth = len(content) // 2, len(content) // 8
    content[middle : middle + eighth] = bytes(eighth)
    path.write_bytes(content)
    with pytest.raises(AudioError, match=r"damaged|cannot be read as audio") as caught:
        list(pcm_blocks(path))
    assert name in str(caught.value)


def test_a_file_that_goes_on_too_long_is_stopped(tmp_path: Path) -> None:
    path = write_wav(tmp_path / "t.wav", seconds=4.0)
    assert sum(len(block) for block in pcm_blocks(path, longest_s=4)) == 4 * 32_000
    blocks = pcm_blocks(path, longest_s=3)
    assert sum(len(block) for block in islice(blocks, 10)) == 2 * 32_000
    with pytest.raises(AudioError, match="more than 3 s"):
        list(blocks)


def test_a_pipe_is_refused_at_once_instead_of_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "rör.wav")
    with pytest.raises(AudioError, match="pipe or a device"):
        check_audio(tmp_path / "rör.wav")
    with pytest.raises(AudioError, match="pipe or a device"):
        check_audio(Path("/dev/zero"))
