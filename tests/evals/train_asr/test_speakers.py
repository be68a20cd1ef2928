"""Speakers made up for espeak-ng."""

import ctypes.util

import numpy as np
import pytest

from handenhet.evals.train_asr import speakers
from handenhet.evals.train_asr.espeak import Espeak, Voice


def test_a_number_is_always_the_same_speaker_and_no_two_are_alike() -> None:
    assert speakers.variant(5) == speakers.variant(5)
    assert len({speakers.variant(number).partition("pitch")[2] for number in range(200)}) == 200


@pytest.mark.skipif(ctypes.util.find_library("espeak-ng") is None, reason="espeak-ng is not installed")
def test_espeak_speaks_with_them_and_with_its_own() -> None:
    speaker = Espeak()
    made, own, other = (
        speaker.speak("vi bor kvar hemma", Voice(name))[0] for name in (speakers.name(7), "m1", speakers.name(8))
    )
    spectra = [np.abs(np.fft.rfft(sound, 8192)) for sound in (made, own, other)]
    alike = [float(np.corrcoef(spectra[0], spectrum)[0, 1]) for spectrum in spectra[1:]]
    assert max(alike) < 0.95
