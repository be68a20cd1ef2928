"""espeak-ng through its library: samples and the time each word starts, without a process a sentence."""

# ctypes structures carry no types of their own.
# pyright: reportUnknownMemberType=false, reportUnknownArgumentType=false, reportUnknownVariableType=false

import atexit
import ctypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ...knowledge.errors import HandenhetError
from . import speakers

Samples = npt.NDArray[np.float32]
_WORD = 1
_RETRIEVAL, _BUFFER_MS = 1, 500
_UTF8, _PHONEMES = 1, 0x100
_SPEED, _PITCH, _RANGE, _GAP = 1, 3, 4, 7


class EspeakMissing(HandenhetError):
    """espeak-ng is not installed, so no speech can be synthesised."""


class _Id(ctypes.Union):
    _fields_ = (("number", ctypes.c_int), ("name", ctypes.c_void_p), ("string", ctypes.c_char * 8))


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    )


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


@dataclass(frozen=True)
class Voice:
    """One espeak-ng speaker: words a minute, pitch and its range 0-99, extra gap between words in 10 ms."""

    variant: str
    speed: int = 160
    pitch: int = 50
    range: int = 50
    gap: int = 0


@cache
def started() -> tuple[Any, int, Path]:
    """The library, once in a process: its sample rate, and the folder of variants where more speakers can be put."""
    try:
        library = ctypes.CDLL("libespeak-ng.so.1")
    except OSError as error:
        raise EspeakMissing("espeak-ng is not installed; on Debian: apt-get install espeak-ng") from error
    library.espeak_Info.restype = ctypes.c_char_p
    place = ctypes.c_char_p()
    if library.espeak_Initialize(_RETRIEVAL, _BUFFER_MS, None, 0) <= 0:
        raise EspeakMissing("espeak-ng found no voice data; reinstall the package espeak-ng-data")
    library.espeak_Info(ctypes.byref(place))
    library.espeak_Terminate()
    folder = speakers.folder(Path((place.value or b"").decode()))
    atexit.register(folder.cleanup)
    rate = library.espeak_Initialize(_RETRIEVAL, _BUFFER_MS, folder.name.encode(), 0)
    return library, rate, Path(folder.name) / speakers.VARIANTS


class Espeak:
    """A speaker with every voice of espeak-ng, and those of `speakers.py`. `rate` is its own sample rate in Hz."""

    def __init__(self) -> None:
        self._library, self.rate, self._variants = started()
        self._pieces: list[npt.NDArray[np.int16]] = []
        self._marks: list[tuple[int, int]] = []
        self._callback = _Callback(self._receive)  # kept: the library holds only a bare pointer

    def speak(self, text: str, voice: Voice) -> tuple[Samples, list[tuple[int, int]]]:
        """Samples -1..1 at `rate` and, for each spoken word, (character in `text`, start in ms)."""
        self._pieces, self._marks = [], []
        self._library.espeak_SetSynthCallback(self._callback)
        speakers.make(self._variants, voice.variant)
        self._library.espeak_SetVoiceByName(f"sv+{voice.variant}".encode())
        for key, value in ((_SPEED, voice.speed), (_PITCH, voice.pitch), (_RANGE, voice.range), (_GAP, voice.gap)):
            self._library.espeak_SetParameter(key, value, 0)
        data = text.encode() + b"\0"
        self._library.espeak_Synth(data, len(data), 0, 1, 0, _UTF8 | _PHONEMES, None, None)
        self._library.espeak_Synchronize()
        said = np.concatenate(self._pieces) if self._pieces else np.zeros(0, np.int16)
        return said.astype(np.float32) / 32768.0, self._marks

    def _receive(self, wave: object, count: int, events: object) -> int:
        if wave and count > 0:
            self._pieces.append(np.ctypeslib.as_array(wave, (count,)).copy())  # type: ignore[arg-type]
        index = 0
        while events[index].type != 0:  # type: ignore[index]
            event = events[index]  # type: ignore[index]
            if event.type == _WORD:
                self._marks.append((event.text_position - 1, event.audio_position))
            index += 1
        return 0
