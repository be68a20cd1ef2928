"""A text read aloud by espeak-ng on this machine, for those who do not read yet or read with effort.

The text goes to the program over its standard input, so it is in no process list and no file.
"""

import re
import subprocess

from ..knowledge.errors import HandenhetError

PROGRAM = "espeak-ng"
VOICE = "sv"
WORDS_PER_MINUTE = 125
"""Slow: ordinary Swedish reading aloud lies near 160."""
LONGEST_TEXT = 20_000
"""Characters. A child's version is under 3 000; more than this is something else by mistake."""
_TIME_LIMIT_S = 60


class ReadAloudUnavailable(HandenhetError):
    """The voice is not installed on this machine, or it could not speak."""


def read_aloud(text: str, words_per_minute: int = WORDS_PER_MINUTE, program: str = PROGRAM) -> bytes:
    """The text as a WAV file (PCM, 16 bit, mono).

    `words_per_minute` is 80-200. Raises HandenhetError for a text without words or too long, ReadAloudUnavailable
    if espeak-ng is missing or fails; neither holds any of the text.
    """
    if not re.search(r"\w", text):
        raise HandenhetError("there is nothing to read aloud", mend="give a text with words")
    if len(text) > LONGEST_TEXT:
        raise HandenhetError(f"a text of {len(text)} characters is too long to read aloud", mend="read it in parts")
    if not 80 <= words_per_minute <= 200:
        raise HandenhetError(f"{words_per_minute} words a minute is no reading speed", mend="choose 80 to 200")
    command = [program, "-v", VOICE, "-s", str(words_per_minute), "-g", "2", "-b", "1", "--stdout"]
    try:
        done = subprocess.run(
            command, input=_spoken(text).encode(), capture_output=True, timeout=_TIME_LIMIT_S, check=False
        )
    except FileNotFoundError:
        raise ReadAloudUnavailable(
            f"{program} is not installed",
            mend="install the package espeak-ng, or let the browser read the text",
        ) from None
    except (subprocess.TimeoutExpired, OSError):
        raise ReadAloudUnavailable(f"{program} did not finish", mend="try again with a shorter text") from None
    if done.returncode != 0 or not done.stdout.startswith(b"RIFF"):
        raise ReadAloudUnavailable(
            f"{program} gave no sound (exit status {done.returncode})",
            mend="check that its Swedish voice is installed: espeak-ng --voices=sv",
        )
    return _true_sizes(done.stdout)


def _spoken(text: str) -> str:
    """The text with pauses where the eye sees them: a heading ends, a section ends, a phone number is read by digit."""
    lines = [line.strip() for line in text.splitlines()]
    ended = [line if not line or line[-1] in '.!?:”"' else f"{line}." for line in lines]
    return re.sub(r"\d(?=[\d \-]*\d)", r"\g<0> ", "\n".join(ended))


def _true_sizes(wav: bytes) -> bytes:
    """espeak-ng writes to a pipe before it knows the length, so the two sizes in the header are put right."""
    data = wav.find(b"data", 12)
    if data < 0:
        raise ReadAloudUnavailable("the sound has no samples", mend="check the installation of espeak-ng")
    size = len(wav) - data - 8
    return b"".join(
        (wav[:4], (len(wav) - 8).to_bytes(4, "little"), wav[8 : data + 4], size.to_bytes(4, "little"), wav[data + 8 :])
    )
