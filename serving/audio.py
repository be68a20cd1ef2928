"""Audio files to what the hand-held sends: PCM16, 16 kHz, mono, block by block, so that length costs no memory.

WAV, FLAC, Ogg/Opus, MP3 and M4A of any rate and channel count, decoded by FFmpeg's libraries through PyAV.
"""

from collections.abc import Iterator
from pathlib import Path

import av
import av.error
import numpy as np
from av.container import InputContainer

from ..knowledge.errors import HandenhetError
from .ingest.frames import SAMPLE_RATE

BLOCK_SAMPLES = 3_200
"""200 ms, what the hand-held sends."""
LONGEST_S = 24 * 3600
"""No meeting is longer; a file that goes on is broken, or no recording."""
_MEASURED = frozenset({"flac", "ogg", "mov,mp4,m4a,3gp,3g2,mj2"})
"""Formats whose stated length is counted, where others guess it from the file's size."""


class AudioError(HandenhetError):
    """A file that is not there, is empty, holds no audio or cannot be decoded."""


def pcm_blocks(path: Path, *, block_samples: int = BLOCK_SAMPLES, longest_s: int = LONGEST_S) -> Iterator[bytes]:
    """The file's audio as blocks of `block_samples` samples, the last one shorter.

    Channels are mixed to one. Raises AudioError before the first block for a file that holds no audio, where decoding
    stops or at the end for a file that is damaged further on, and after `longest_s` seconds for one that goes on.
    """
    size = 2 * block_samples
    held = bytearray()
    left = 2 * longest_s * SAMPLE_RATE
    for chunk in _decoded(path):
        left -= len(chunk)
        if left < 0:
            raise AudioError(
                f"the audio goes on for more than {longest_s} s", where=str(path), mend="cut the recording in parts"
            )
        held += chunk
        while len(held) >= size:
            yield bytes(held[:size])
            del held[:size]
    if held:
        yield bytes(held)


def check_audio(path: Path) -> None:
    """Raises AudioError unless the file begins with audio that can be decoded."""
    if next(pcm_blocks(path), None) is None:
        raise AudioError("the file holds no audio", where=str(path))


def _decoded(path: Path) -> Iterator[bytes]:
    _refuse_nothing(path)
    try:
        with av.open(str(path), metadata_errors="ignore") as container:
            if not container.streams.audio:
                raise AudioError("the file holds no audio track", where=str(path), mend="give an audio file")
            resampler = av.AudioResampler(format="s16", layout="mono", rate=SAMPLE_RATE)
            heard, promised = 0, _promised(container)
            for frame in container.decode(container.streams.audio[0]):
                frame.pts = None  # gaps in a file's own clock are not filled: samples are the clock here
                for resampled in resampler.resample(frame):
                    heard += resampled.samples
                    yield _bytes(resampled)
            for resampled in resampler.resample(None):
                heard += resampled.samples
                yield _bytes(resampled)
    except av.error.FFmpegError as error:
        raise AudioError(
            "the file cannot be read as audio",
            where=f"{path}: {error.strerror or type(error).__name__}",
            mend="give WAV, FLAC, Ogg/Opus, MP3 or M4A",
        ) from error
    if not heard:
        raise AudioError("the file holds no audio", where=str(path), mend="check the recording")
    if promised - heard > max(0.3 * SAMPLE_RATE, 0.02 * promised):
        told = f"{heard / SAMPLE_RATE:.1f} of {promised / SAMPLE_RATE:.1f} s could be read"
        raise AudioError("the file is damaged", where=f"{path}: {told}", mend="give a whole copy of the recording")


def _promised(container: InputContainer) -> int:
    """Samples at our rate that the file says it holds; 0 where it does not say, or would only guess."""
    if container.format.name not in _MEASURED or container.duration is None:
        return 0
    return container.duration * SAMPLE_RATE // 1_000_000


def _refuse_nothing(path: Path) -> None:
    if path.is_dir():
        raise AudioError("this is a folder, not an audio file", where=str(path))
    if path.exists() and not path.is_file():
        # A pipe or device cannot be read twice, and opening one may wait for ever.
        raise AudioError("this is a pipe or a device", where=str(path), mend="save the sound in a file first")
    try:
        with path.open("rb") as file:
            empty = not file.read(1)
    except OSError as error:
        raise AudioError("the file cannot be opened", where=f"{path}: {error.strerror}") from error
    if empty:
        raise AudioError("the file is empty", where=str(path), mend="check the recording")


def _bytes(frame: av.AudioFrame) -> bytes:
    return np.ascontiguousarray(frame.to_ndarray()).astype("<i2", copy=False).tobytes()
