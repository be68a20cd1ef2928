"""One binary WebSocket message: a numbered piece of audio with its capture time and checksum.

    byte 0      version (0xA1)
    bytes 1-4   seq: place among everything the device sends in this meeting, audio and control alike, from 0
    bytes 5-12  capture_ms: the device's clock (Unix milliseconds) at the first sample
    bytes 13-16 CRC-32 of bytes 0-12 and the audio
    bytes 17-   PCM16 little-endian, 16 kHz, mono; 1 to 16,000 samples

Numbers are big-endian. This module knows nothing about order, meetings or disks.
"""

import struct
import zlib
from dataclasses import dataclass
from typing import Literal

from ...knowledge.errors import HandenhetError

VERSION = 0xA1
SAMPLE_RATE = 16_000
MAX_SAMPLES = SAMPLE_RATE
MAX_PCM_BYTES = 2 * MAX_SAMPLES
MAX_SEQ = 2**32 - 1
MAX_CAPTURE_MS = 2**53 - 1
"""The largest integer a browser counts exactly; year 287396 is far enough."""

_HEAD = struct.Struct(">BIQ")
_CRC = struct.Struct(">I")
HEADER_BYTES = _HEAD.size + _CRC.size
MAX_FRAME_BYTES = HEADER_BYTES + MAX_PCM_BYTES

FrameFault = Literal["version", "size", "checksum"]


class FrameError(HandenhetError):
    """A binary message that is no frame; `fault` says in which way."""

    def __init__(self, fault: FrameFault, what: str) -> None:
        self.fault: FrameFault = fault
        super().__init__(what, mend="send it again from the number the server asks for")


@dataclass(frozen=True, slots=True)
class AudioFrame:
    """Up to one second of audio. `pcm` is whole samples, PCM16 little-endian, 16 kHz, mono."""

    seq: int
    capture_ms: int
    pcm: bytes

    def __post_init__(self) -> None:
        if not 0 <= self.seq <= MAX_SEQ or not 0 <= self.capture_ms <= MAX_CAPTURE_MS:
            raise FrameError("size", "a frame's number or capture time is outside its range")
        if not 0 < len(self.pcm) <= MAX_PCM_BYTES:
            raise FrameError("size", f"a frame carries 1 to {MAX_SAMPLES} samples, this one {len(self.pcm)} bytes")
        if len(self.pcm) % 2:
            raise FrameError("size", "a frame carries whole samples of two bytes")

    @property
    def samples(self) -> int:
        return len(self.pcm) // 2


def encode(frame: AudioFrame) -> bytes:
    head = _HEAD.pack(VERSION, frame.seq, frame.capture_ms)
    return head + _CRC.pack(zlib.crc32(frame.pcm, zlib.crc32(head))) + frame.pcm


def decode(message: bytes) -> AudioFrame:
    """The frame in a binary message. Raises FrameError on anything that `encode` cannot have made."""
    if not HEADER_BYTES < len(message) <= MAX_FRAME_BYTES:
        raise FrameError("size", f"a frame is {HEADER_BYTES + 2} to {MAX_FRAME_BYTES} bytes, this one {len(message)}")
    version, seq, capture_ms = _HEAD.unpack_from(message)
    if version != VERSION:
        raise FrameError("version", f"frame version {version:#04x} is not known here")
    pcm = message[HEADER_BYTES:]
    (checksum,) = _CRC.unpack_from(message, _HEAD.size)
    if checksum != zlib.crc32(pcm, zlib.crc32(message[: _HEAD.size])):
        raise FrameError("checksum", "a frame was damaged on its way")
    return AudioFrame(seq, capture_ms, pcm)
