"""The embedded recognizer on sentences it has never heard: by voice, speed, register and noise; and its silence.

Nothing is stored: the speech is synthesised from the repository's own texts each time, the same for the same texts and
seed. Needs espeak-ng and the `asr` extra. `python -m handenhet.evals.asr [--sentences N] [--model FILE] [--json]`.

What these figures do not show: real human voices, overlapping talk, dialects, a real room.
"""

# PyAV's packets are typed in part only.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

import argparse
import io
import json
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt

from ..knowledge.sources import Word
from ..serving.asr.checkpoint import SHIPPED, read_checkpoint
from ..serving.asr.chosen import heard, heard_live
from ..serving.asr.gate import Levels
from ..serving.asr.recognizer import Final, Recognizer
from .train_asr import corpus, rooms, synthesis
from .train_asr.corpus import Register
from .train_asr.espeak import Espeak, Voice
from .train_asr.score import Rate, rate

Pcm = npt.NDArray[np.int16]
RATE = 16_000
SEED = 4711
BEFORE_S, AFTER_S = 0.3, 1.5
"""Quiet around a sentence; enough after it for the end of the utterance."""
PUSH = 1_600
NO_GATE = Levels(long_run=-1.0, one_more=0.0)
EMPTY_MINUTES = 10.0
ON_GRID = 7 * 640 + 2 * 160
"""Silence, in samples, that puts a whole sound on the embedded model's grid of chunks as a stream lies on it: seven
frames, since offline the first frame has a chunk begin with it, and two steps of the window."""
SPEEDS = {"slow": (120, 145), "medium": (146, 175), "fast": (176, 200)}


@dataclass(frozen=True, slots=True)
class Spoken:
    """A sentence of the test: its sound at 16 kHz, its words and where they start, in ms of the sound."""

    pcm: Pcm
    words: tuple[str, ...]
    starts_ms: tuple[int, ...]
    register: Register
    voice: Voice

    @property
    def text(self) -> str:
        return " ".join(self.words)

    @property
    def speed(self) -> str:
        return next(name for name, (_, most) in SPEEDS.items() if self.voice.speed <= most)

    @property
    def heard_in_training(self) -> bool:
        return self.voice.variant not in synthesis.UNHEARD


@dataclass(frozen=True, slots=True)
class Figures:
    """Rates in percent; times in ms. `gated` rates count words the gate holds back as missed."""

    sentences: int
    words: int
    clean: Rate
    by: dict[str, Rate]
    offline: Rate
    time_median_ms: float
    time_p90_ms: float
    empty_words: dict[str, int]


def spoken(count: int = 120) -> list[Spoken]:
    """Unseen sentences of unseen meetings, templates and guidance, a third by voices that were never trained on.

    Which they are and how each is spoken hangs on its own words alone, so that a corpus that grows changes none of the
    others, and figures of two days are of the same sentences.
    """
    speaker = Espeak()
    fitting = [sentence for sentence in corpus.build().unseen if 3 <= len(sentence.words) <= 16]
    made: list[Spoken] = []
    for sentence in sorted(fitting, key=lambda sentence: corpus.lot(sentence.label))[:count]:
        lot = corpus.lot(sentence.label)
        rng = random.Random(lot)
        variants = synthesis.UNHEARD if lot % 3 == 0 else synthesis.VARIANTS
        voice = synthesis.voice_for(sentence.register, rng, variants)
        clip = synthesis.render(sentence.words, synthesis.Recipe(voice, rng.randrange(1 << 31)), speaker)
        before = int(BEFORE_S * RATE)
        pcm = np.pad(clip.samples, (before, int(AFTER_S * RATE)))
        starts = tuple(start + int(BEFORE_S * 1000) for start in clip.starts_ms)
        made.append(Spoken(pcm, clip.words, starts, sentence.register, voice))
    return made


def hear(recognizer: Recognizer, sounds: Sequence[Pcm]) -> list[tuple[Word, ...]]:
    """The final words of every sound, each on a stream of its own and as many at once as there are slots to ask for."""
    streams = {recognizer.open(): index for index in range(len(sounds))}
    for stream, index in streams.items():
        data = sounds[index].astype("<i2").tobytes()
        for start in range(0, len(data), PUSH * 2):
            recognizer.push(stream, data[start : start + PUSH * 2])
        recognizer.close(stream)
    words: list[list[Word]] = [[] for _ in sounds]
    while any(recognizer.ready(stream) for stream in streams):
        for event in recognizer.step():
            if isinstance(event, Final):
                words[streams[event.stream]] += event.words
    return [tuple(found) for found in words]


def finals(recognizer: Recognizer, blocks: Iterable[bytes]) -> list[Final]:
    """The utterances of one stream of sound, heard as it comes."""
    stream = recognizer.open()
    heard: list[Final] = []
    for block in blocks:
        recognizer.push(stream, block)
        heard += _until_quiet(recognizer, stream)
    recognizer.close(stream)
    return heard + _until_quiet(recognizer, stream)


def _until_quiet(recognizer: Recognizer, stream: int) -> list[Final]:
    heard: list[Final] = []
    while recognizer.ready(stream):
        heard += [event for event in recognizer.step() if isinstance(event, Final)]
    return heard


def text_of(words: Iterable[Word]) -> str:
    return " ".join(word.text for word in words)


def noisy(pcm: Pcm, decibel: float, seed: int) -> Pcm:
    """White noise `decibel` below the speech's own power, over the whole sound."""
    samples = pcm.astype(np.float64) / 32768.0
    power = float(np.sqrt((samples[np.abs(samples) > 1e-4] ** 2).mean()))
    made = samples + np.random.default_rng(seed).standard_normal(len(samples)) * power * 10 ** (-decibel / 20)
    return (np.clip(made, -1, 1) * 32767).astype(np.int16)


def through_opus(pcm: Pcm, bitrate: int = 24_000) -> Pcm:
    """As a phone sends it: up to 48 kHz, Opus, and back to 16 kHz. The codec's delay is cut off."""
    written = io.BytesIO()
    with av.open(written, "w", format="ogg") as sending:
        stream = sending.add_stream("libopus", rate=48_000, layout="mono")
        stream.bit_rate = bitrate
        up = av.AudioResampler(format="s16", layout="mono", rate=48_000)
        frame = av.AudioFrame.from_ndarray(pcm[None, :], format="s16", layout="mono")
        frame.sample_rate = RATE
        for piece in [*up.resample(frame), *up.resample(None)]:
            sending.mux(stream.encode(piece))
        sending.mux(stream.encode(None))
    written.seek(0)
    down = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(written, "r") as container:
        pieces = [piece.to_ndarray()[0] for frame in container.decode(audio=0) for piece in down.resample(frame)]
    pieces += [piece.to_ndarray()[0] for piece in down.resample(None)]
    return np.resize(np.concatenate([*pieces, np.zeros(len(pcm), np.int16)]), len(pcm)).astype(np.int16)


def time_errors_ms(said: Spoken, heard: Sequence[Word]) -> list[int]:
    """How far off the start of each rightly heard word is, with its sign."""
    texts = [word.text for word in heard]
    errors: list[int] = []
    for block in SequenceMatcher(None, list(said.words), texts, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            errors.append((heard[block.b + step].start_ms or 0) - said.starts_ms[block.a + step])
    return errors


def empty_rooms(minutes: float = EMPTY_MINUTES, seed: int = SEED) -> dict[str, Pcm]:
    """Sounds without a word in them, `minutes` in all."""
    rng = np.random.default_rng(seed)
    kinds = ("silence", *rooms.NOISES)
    share = minutes * 60 / len(kinds)
    made = {kind: rooms.noise(kind, share, rng) for kind in rooms.NOISES}
    levels = np.repeat(10 ** (-rng.uniform(15, 60, size=int(share) + 1) / 20), RATE)
    sounds = {name: np.clip(sound * levels[: len(sound)], -1, 1) for name, sound in made.items()}
    return {
        "silence": np.zeros(int(share * RATE), np.int16),
        **{name: (sound * 32767).astype(np.int16) for name, sound in sounds.items()},
    }


def measure(model: Path = SHIPPED, sentences: int = 120, empty_minutes: float = EMPTY_MINUTES) -> Figures:
    """Every figure of the suite. About a minute of CPU time for each 30 sentences."""
    from .train_asr import network
    from .train_asr.recognise import offline

    checkpoint = read_checkpoint(model)
    said = spoken(sentences)
    gated, bare = (
        _listener(heard(checkpoint, slots=16)),
        _listener(heard(checkpoint, slots=16, levels=NO_GATE)),
    )
    clean, ungated = gated([one.pcm for one in said]), bare([one.pcm for one in said])
    live = _listener(heard_live(checkpoint, slots=16, levels=NO_GATE))([one.pcm for one in said])
    by = {"clean, without the gate": _pooled(said, ungated), "the same, live words alone": _pooled(said, live)}
    for decibel in (20.0, 10.0, 5.0):
        by[f"{decibel:.0f} dB noise"] = _pooled(said, gated([noisy(one.pcm, decibel, i) for i, one in enumerate(said)]))
    by["48 kHz and Opus"] = _pooled(said, gated([through_opus(one.pcm) for one in said]))
    groups: dict[str, Callable[[Spoken], str]] = {
        "voice": lambda one: "known" if one.heard_in_training else "unknown",
        "speed": lambda one: one.speed,
        "register": lambda one: one.register,
    }
    for name, group in groups.items():
        for value in sorted({group(one) for one in said}):
            chosen = [index for index, one in enumerate(said) if group(one) == value]
            by[f"{name} {value}"] = _pooled([said[i] for i in chosen], [clean[i] for i in chosen])
    network.quiet()
    waves = [one.pcm.astype(np.float32) / 32768.0 for one in said]
    whole = offline(network.load(model).eval(), waves, around=(ON_GRID, 0))
    late = [abs(error) for one, words in zip(said, ungated, strict=True) for error in time_errors_ms(one, words)]
    rooms_heard = empty_rooms(empty_minutes)
    empty = dict(zip(rooms_heard, (len(words) for words in gated(list(rooms_heard.values()))), strict=True))
    return Figures(
        sentences=len(said),
        words=sum(len(one.words) for one in said),
        clean=_pooled(said, clean),
        by=by,
        offline=sum((rate(one.text, text) for one, text in zip(said, whole, strict=True)), Rate()),
        time_median_ms=float(np.median(late)) if late else 0.0,
        time_p90_ms=float(np.percentile(late, 90)) if late else 0.0,
        empty_words=empty,
    )


def _listener(recognizer: Recognizer, slots: int = 16) -> Callable[[Sequence[Pcm]], list[tuple[Word, ...]]]:
    def listen(sounds: Sequence[Pcm]) -> list[tuple[Word, ...]]:
        return [
            words for start in range(0, len(sounds), slots) for words in hear(recognizer, sounds[start : start + slots])
        ]

    return listen


def _pooled(said: Sequence[Spoken], heard: Sequence[Sequence[Word]]) -> Rate:
    return sum((rate(one.text, text_of(words)) for one, words in zip(said, heard, strict=True)), Rate())


def table(figures: Figures) -> str:
    """The figures as lines a person reads."""
    lines = [f"{figures.sentences} unseen sentences, {figures.words} words", f"{'':28}   WER    CER  words"]
    rows = {"clean": figures.clean, **figures.by, "the live model offline": figures.offline}
    lines += [f"{name:28} {one.wer:5.1f}  {one.cer:5.1f}  {one.words:5}" for name, one in rows.items()]
    lines.append(
        f"word start off by {figures.time_median_ms:.0f} ms (median), {figures.time_p90_ms:.0f} ms (nine in ten)"
    )
    lines.append(f"words heard in empty rooms: {sum(figures.empty_words.values())} {figures.empty_words}")
    return "\n".join(lines)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m handenhet.evals.asr", description="Measure the embedded recognizer."
    )
    parser.add_argument("--sentences", type=int, default=120)
    parser.add_argument("--model", type=Path, default=SHIPPED)
    parser.add_argument("--empty-minutes", type=float, default=EMPTY_MINUTES)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    figures = measure(given.model, given.sentences, given.empty_minutes)
    print(json.dumps(asdict(figures), indent=2) if given.json else table(figures))


if __name__ == "__main__":
    main()
