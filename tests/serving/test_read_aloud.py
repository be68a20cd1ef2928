"""Reading aloud: real sound where espeak-ng is installed, one clear error where it is not."""

import io
import shutil
import wave
from pathlib import Path

import pytest

from handenhet.knowledge.errors import HandenhetError
from handenhet.serving.read_aloud import LONGEST_TEXT, ReadAloudUnavailable, read_aloud

installed = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")


@installed
def test_a_text_becomes_a_wav_of_some_seconds() -> None:
    with wave.open(io.BytesIO(read_aloud("Vem bestämmer?\nDet är vuxna som bestämmer."))) as sound:
        assert sound.getnchannels() == 1
        assert sound.getsampwidth() == 2
        assert 1.5 < sound.getnframes() / sound.getframerate() < 12


@installed
def test_slower_takes_longer() -> None:
    text = "Du får säga vad du vill, och du får vara tyst."
    assert len(read_aloud(text, words_per_minute=90)) > len(read_aloud(text, words_per_minute=180))


@installed
def test_what_looks_like_an_option_or_markup_is_only_text() -> None:
    assert read_aloud("--version -f /etc/passwd <b>hej</b>").startswith(b"RIFF")


def test_a_missing_program_is_said_in_one_line_without_the_text() -> None:
    with pytest.raises(ReadAloudUnavailable) as caught:
        read_aloud("Hemligt om Emma.", program="espeak-ng-som-saknas")
    assert "not installed" in str(caught.value)
    assert "Emma" not in str(caught.value)


def test_a_program_that_gives_no_sound_is_told_apart(tmp_path: Path) -> None:
    silent = tmp_path / "silent"
    silent.write_text("#!/bin/sh\ncat >/dev/null\nexit 3\n")
    silent.chmod(0o755)
    with pytest.raises(ReadAloudUnavailable, match="exit status 3"):
        read_aloud("Hej.", program=str(silent))


@pytest.mark.parametrize(
    ("text", "speed", "says"),
    [("", 125, "nothing"), (" … ", 125, "nothing"), ("a" * (LONGEST_TEXT + 1), 125, "too long"), ("Hej", 500, "500")],
)
def test_bad_input_says_what_is_wrong(text: str, speed: int, says: str) -> None:
    with pytest.raises(HandenhetError, match=says):
        read_aloud(text, words_per_minute=speed)
