"""How fast the live recognizer is, how many meetings it carries, how late its words come, and whether it stays flat.

The soak hears the sample meeting over and over in one stream: the same words must come at the same places each time.

`python -m handenhet.evals.bench_asr [--model FILE] [--streams 1,4,8,16] [--soak-minutes 3] [--json]`. One thread, as
the worker runs it; audio is pushed as fast as it is heard, so times are of the machine as it is, busy or not. The
figures to compare between machines are the ratios. Needs espeak-ng and the `asr` extra.
"""

import argparse
import json
import re
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path

import numpy as np

from ..knowledge.sources import Word
from ..serving.asr.checkpoint import SHIPPED, Checkpoint, read_checkpoint
from ..serving.asr.chosen import heard
from ..serving.asr.nemo import NemoRecognizer
from ..serving.asr.recognizer import SAMPLE_RATE, Event, Final, Partial, Recognizer, to_ms
from ..serving.audio import pcm_blocks
from .asr import Pcm, Spoken, spoken
from .asr_meeting import SAMPLE

LAG_MS = 1_000
SENTENCES = 8
SECONDS = 12
REPETITIONS = 4
"""At least so many times the soak hears its sound; a long soak hears the whole sample meeting more often."""
SEAM_MS = 1_000


@dataclass(frozen=True, slots=True)
class Load:
    """`streams` meetings at once. `real_time`: seconds of CPU a second of one meeting's sound."""

    streams: int
    step_ms_p50: float
    step_ms_p95: float
    real_time: float
    mb: float

    def keeps_up(self, chunk_ms: float) -> bool:
        """Whether a step is done before the next is due, and a partial is seen within a second of its sound."""
        return self.step_ms_p95 <= min(chunk_ms, LAG_MS - chunk_ms)


@dataclass(frozen=True, slots=True)
class Latency:
    """From the first word's start to the first partial, and from the last word's start to its final, in ms of sound."""

    first_partial_p50: float
    first_partial_p95: float
    final_p50: float
    final_p95: float


@dataclass(frozen=True, slots=True)
class Soak:
    """One long stream: growth and slowing between its first and its last fifth, and its clock.

    `drift_ms`: how much later or earlier the words of the last whole repetition begin than those of the second one, in
    the median; `most_ms`: the most that any word moved in any repetition; `again`: the least share (0-1) of the second
    repetition's words that another one has.
    """

    minutes: float
    words: int
    mb_grown: float
    step_ratio: float
    times_in_order: bool
    drift_ms: float
    most_ms: int
    again: float


@dataclass(frozen=True, slots=True)
class Figures:
    chunk_ms: float
    loads: tuple[Load, ...]
    latency: Latency
    soak: Soak

    @property
    def meetings(self) -> int:
        """The most meetings of those tried that keep up; 0 where none does."""
        return max((load.streams for load in self.loads if load.keeps_up(self.chunk_ms)), default=0)


def measure(model: Path, streams: Sequence[int], soak_minutes: float) -> Figures:
    """All figures, shortest first."""
    checkpoint = read_checkpoint(model)
    said = spoken(SENTENCES)
    sound = np.concatenate([one.pcm for one in said])
    recognizer = heard(checkpoint, slots=1)  # first, so that loading NeMo counts in nobody's memory
    chunk = NemoRecognizer(checkpoint, slots=1).chunk_samples
    loads = tuple(load(checkpoint, sound, count, chunk) for count in streams)
    return Figures(
        chunk_ms=chunk * 1000 / SAMPLE_RATE,
        loads=loads,
        latency=latency(recognizer, said, chunk),
        soak=soak(recognizer, sample(round(soak_minutes * 60 * SAMPLE_RATE / REPETITIONS)), soak_minutes, chunk),
    )


def load(checkpoint: Checkpoint, sound: Pcm, streams: int, chunk: int) -> Load:
    """Every stream hears the same sound, each from another place in it."""
    before = resident_mb()
    recognizer = heard(checkpoint, slots=streams)
    ids = [recognizer.open() for _ in range(streams)]
    steps: list[float] = []
    cpu = time.process_time()
    for place in range(SECONDS * SAMPLE_RATE // chunk):
        for number, id in enumerate(ids):
            recognizer.push(id, _piece(sound, (place + 7 * number) * chunk, chunk))
        begun = time.perf_counter()
        recognizer.step()
        steps.append((time.perf_counter() - begun) * 1000)
    used = time.process_time() - cpu
    heard_s = len(steps) * chunk / SAMPLE_RATE
    return Load(
        streams,
        float(np.percentile(steps, 50)),
        float(np.percentile(steps, 95)),
        used / heard_s / streams,
        resident_mb() - before,
    )


def latency(recognizer: Recognizer, said: Sequence[Spoken], chunk: int) -> Latency:
    """By the sound's own clock: what the model and its chunks cost, without the time a step takes."""
    partials: list[float] = []
    finals: list[float] = []
    for one in said:
        stream, pushed = recognizer.open(), 0
        first = True
        for place in range(0, len(one.pcm), chunk):
            recognizer.push(stream, _piece(one.pcm, place, chunk))
            pushed += chunk
            for event in recognizer.step():
                if first and isinstance(event, Partial | Final):
                    partials.append(to_ms(pushed) - one.starts_ms[0])
                    first = False
                if isinstance(event, Final) and abs(event.end_ms - one.starts_ms[-1]) < LAG_MS:
                    finals.append(to_ms(pushed) - one.starts_ms[-1])
        recognizer.close(stream)
        while recognizer.ready(stream):
            recognizer.step()
    return Latency(*(float(np.percentile(times or [0.0], p)) for times in (partials, finals) for p in (50, 95)))


def sample(most: int) -> Pcm:
    """The sample meeting, at most so many samples of it."""
    return np.frombuffer(b"".join(pcm_blocks(SAMPLE / "meeting.opus")), dtype="<i2")[:most]


def soak(recognizer: Recognizer, sound: Pcm, minutes: float, chunk: int) -> Soak:
    """`minutes` of the sound over and over through one stream."""
    stream, said, steps, memory = recognizer.open(), list[Word](), list[float](), list[float]()
    for place in range(max(10, round(minutes * 60 * SAMPLE_RATE / chunk))):
        recognizer.push(stream, _piece(sound, place * chunk, chunk))
        begun = time.process_time()
        events = recognizer.step()
        steps.append(time.process_time() - begun)
        said += _words(events)
        memory.append(resident_mb() if place % 25 == 0 else memory[-1])
    recognizer.close(stream)
    while recognizer.ready(stream):
        said += _words(recognizer.step())
    fifth = len(steps) // 5
    times = [ms for word in said for ms in (word.start_ms or 0, word.end_ms or 0)]
    drift_ms, most_ms, again = clock(said, len(sound) * 1000 / SAMPLE_RATE, len(steps) * chunk // len(sound))
    return Soak(
        minutes=len(steps) * chunk / SAMPLE_RATE / 60,
        words=len(said),
        mb_grown=memory[-1] - memory[fifth],
        step_ratio=float(np.median(steps[-fifth:]) / np.median(steps[:fifth])),
        times_in_order=all(one <= other for one, other in pairwise(times)),
        drift_ms=drift_ms,
        most_ms=most_ms,
        again=again,
    )


def _words(events: Sequence[Event]) -> list[Word]:
    return [word for event in events if isinstance(event, Final) for word in event.words]


def clock(said: Sequence[Word], every_ms: float, repetitions: int) -> tuple[float, int, float]:
    """`drift_ms`, `most_ms` and `again` of a `Soak` whose sound, `every_ms` long, was heard `repetitions` whole times.

    The first repetition alone begins after silence, so the second is what the others are compared with. Words that
    begin within a second of a seam are left out: the cut falls in them.
    """
    parts: list[list[tuple[str, float]]] = [[] for _ in range(repetitions)]
    for word in said:
        number, at_ms = divmod(word.start_ms or 0, every_ms)
        if number < repetitions and SEAM_MS <= at_ms <= every_ms - SEAM_MS:
            parts[int(number)].append((word.text, at_ms))
    drift, most, again = 0.0, 0, 1.0
    for part in parts[2:]:
        matcher = SequenceMatcher(None, [text for text, _ in parts[1]], [text for text, _ in part], autojunk=False)
        moved = [
            part[block.b + n][1] - parts[1][block.a + n][1]
            for block in matcher.get_matching_blocks()
            for n in range(block.size)
        ]
        drift = float(np.median(moved)) if moved else float("inf")
        most = max(most, round(max((abs(ms) for ms in moved), default=0)))
        again = min(again, len(moved) / max(1, len(parts[1])))
    return drift, most, again


def resident_mb() -> float:
    """This process's memory now."""
    found = re.search(r"VmRSS:\s+(\d+)", Path("/proc/self/status").read_text(encoding="ascii"))
    return int(found[1]) / 1024 if found else 0.0


def table(figures: Figures) -> str:
    lines = [f"chunks of {figures.chunk_ms:.0f} ms, one thread", "meetings  step p50  step p95  CPU s per s each  MB"]
    for one in figures.loads:
        steps = f"{one.step_ms_p50:5.0f} ms  {one.step_ms_p95:5.0f} ms"
        lines.append(f"{one.streams:8}  {steps}  {one.real_time:16.3f}  {one.mb:3.0f}")
    late, long = figures.latency, figures.soak
    tried = max(load.streams for load in figures.loads)
    lines += [
        f"meetings that keep up on one thread: {figures.meetings} (tried up to {tried})",
        f"first partial {late.first_partial_p50:.0f} / {late.first_partial_p95:.0f} ms after the first word begins "
        f"(p50 / p95, sound's clock), final {late.final_p50:.0f} / {late.final_p95:.0f} ms after the last one begins",
        f"soak {long.minutes:.1f} min: {long.words} words, {long.mb_grown:+.1f} MB, steps {long.step_ratio:.2f} times "
        f"as long at the end, word times {'in order' if long.times_in_order else 'NOT IN ORDER'}",
        f"  clock: {long.drift_ms:+.0f} ms in the last repetition (median), no word moved more than {long.most_ms} ms, "
        f"{100 * long.again:.1f} % of the words again in every repetition",
    ]
    return "\n".join(lines)


def _piece(sound: Pcm, start: int, length: int) -> bytes:
    return np.take(sound, range(start, start + length), mode="wrap").astype("<i2").tobytes()


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m handenhet.evals.bench_asr")
    parser.add_argument("--model", type=Path, default=SHIPPED)
    parser.add_argument("--streams", default="1,4,8,16", help="how many meetings at once, one figure each")
    parser.add_argument("--soak-minutes", type=float, default=3.0, help="minutes of sound in the long stream")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args(arguments)
    figures = measure(given.model, [int(count) for count in given.streams.split(",")], given.soak_minutes)
    print(json.dumps(asdict(figures) | {"meetings": figures.meetings}) if given.json else table(figures))


if __name__ == "__main__":
    main()
