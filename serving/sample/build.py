"""Speak the sample meeting with espeak-ng and write it as Ogg/Opus with the taps that say who speaks.

Run as `python -m handenhet.serving.sample.build` after changing `meeting.yaml`; the result is shipped.
"""

import json
import subprocess
import wave
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .script import SampleMeeting, load_sample

RATE = 16_000
PAUSE_S = 1.1
ROOM_NOISE_DBFS = -58.0
SEED = 20_261_122

Samples = npt.NDArray[np.float32]


def speak(text: str, variant: str, speed: int, pitch: int) -> Samples:
    """espeak-ng's Swedish voice at 16 kHz, -1..1."""
    command = ["espeak-ng", "-v", f"sv+{variant}", "-s", str(speed), "-p", str(pitch), "--stdout", text]
    raw = subprocess.run(command, capture_output=True, check=True).stdout
    with wave.open(BytesIO(raw)) as file:
        rate = file.getframerate()
        said = np.frombuffer(raw[44:], dtype="<i2").astype(np.float32) / 32768.0
    positions: npt.NDArray[np.float64] = np.arange(0, len(said), rate / RATE, dtype=np.float64)
    below = positions.astype(np.int64)
    above = np.minimum(below + 1, len(said) - 1)
    share = (positions - below).astype(np.float32)
    return (said[below] * (1 - share) + said[above] * share).astype(np.float32)


def render(meeting: SampleMeeting) -> tuple[Samples, list[dict[str, object]]]:
    """The whole meeting with pauses and room noise, and one tap a turn: {speaker, sample}."""
    rng = np.random.default_rng(SEED)
    pause = np.zeros(int(PAUSE_S * RATE), np.float32)
    pieces: list[Samples] = [pause]
    taps: list[dict[str, object]] = []
    length = len(pause)
    for turn in meeting.turns:
        voice = meeting.voices[turn.speaker]
        said = speak(turn.text, voice.variant, voice.speed, voice.pitch)
        said = said / (np.abs(said).max() + 1e-6) * 0.55
        taps.append({"speaker": turn.speaker, "sample": length - len(pause) // 2})
        pieces += [said, pause]
        length += len(said) + len(pause)
    audio = np.concatenate(pieces)
    noise = rng.standard_normal(len(audio)) * 10 ** (ROOM_NOISE_DBFS / 20)
    return np.clip(audio + noise, -1.0, 1.0).astype(np.float32), taps


def write_opus(audio: Samples, path: Path) -> None:
    pcm = (audio * 32767).astype("<i2").tobytes()
    source = ["-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", "-"]
    command = ["ffmpeg", "-loglevel", "error", "-y", *source, "-c:a", "libopus", "-b:a", "28k", "-bitexact"]
    subprocess.run([*command, str(path)], input=pcm, check=True)


def main() -> None:
    folder = Path(__file__).parent
    meeting = load_sample()
    audio, taps = render(meeting)
    write_opus(audio, folder / "meeting.opus")
    (folder / "turns.json").write_text(json.dumps(taps, indent=0) + "\n", encoding="utf-8")
    print(f"{len(audio) / RATE:.0f} s, {len(taps)} turns")


if __name__ == "__main__":
    main()
