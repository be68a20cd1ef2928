"""Speed and memory of the whole chain on the sample meeting, against the limits we promise.

`python -m handenhet.evals.bench_pipeline`. One process runs the headless demo with NeMo, another is asked for help;
with `--live` the same meeting is then streamed at the pace it was spoken, and what a screen is told is timed.
"""

import asyncio
import bisect
import os
import re
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

from ..agent.child import ChildVersion
from ..agent.draft import Draft
from ..agent.observation import Observation
from ..agent.readers.embedded import EmbeddedReader
from ..agent.review import Finding
from ..serving.asr.chosen import recognizer
from ..serving.asr.worker import Worker
from ..serving.house import open_house
from ..serving.hub import Hearing, News, Noted, Said
from ..serving.sample.play import SampleClock, play
from ..serving.settings import Settings

AUDIO_S = 305.0
LIMIT_TIMES_REAL_TIME = 3.0
LIMIT_MEMORY_MB = 2_500
LIMIT_HELP_S = 0.5
LIMIT_PARTIAL_S = 1.5
LIMIT_OBSERVATION_S = 2.0
LOOK_S = 0.05
SAMPLE_RATE = 16_000


@dataclass(frozen=True, slots=True)
class Timed:
    """Wall-clock seconds of a finished process, and the largest resident memory (MB) of it and its own together."""

    seconds: float
    memory_mb: float
    output: str


def run(*arguments: str) -> Timed:
    """Run `handenhet` with arguments to its end. Raises CalledProcessError if it fails."""
    began, most = time.monotonic(), 0.0
    command = [sys.executable, "-m", "handenhet.serving", *arguments]
    with tempfile.TemporaryFile("w+", encoding="utf-8") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT, text=True)
        while process.poll() is None:
            most = max(most, resident_mb(process.pid))
            time.sleep(LOOK_S)
        seconds = time.monotonic() - began
        out.seek(0)
        output = out.read()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, output)
    return Timed(seconds, most, output)


def resident_mb(pid: int) -> float:
    """Resident memory of a process and all it started, shared pages counted once in each. 0 when it is gone."""
    folder = Path(f"/proc/{pid}")
    try:
        found = re.search(r"VmRSS:\s+(\d+)", (folder / "status").read_text(encoding="ascii", errors="replace"))
        started = [child for task in (folder / "task").iterdir() for child in (task / "children").read_text().split()]
    except OSError:
        return 0.0
    return (int(found[1]) / 1024 if found else 0.0) + sum(resident_mb(int(child)) for child in started)


@dataclass
class Watch:
    """When a screen was told what, against when it was said. Times are seconds of one clock."""

    began: float = float("inf")
    """When sample 0 was spoken: no acknowledgement can come before its sound."""
    shown: list[tuple[float, int]] = field(default_factory=list[tuple[float, int]])
    """(told at, how far in the meeting in ms) of live and final words."""
    said: list[Said] = field(default_factory=list[Said])
    partial_lags: list[float] = field(default_factory=list[float])
    observation_lags: list[float] = field(default_factory=list[float])
    _last: Said | None = None

    def acknowledged(self, samples: int) -> None:
        self.began = min(self.began, time.monotonic() - samples / SAMPLE_RATE)

    def news(self, news: News) -> None:
        now = time.monotonic()
        match news:
            case Hearing():
                self.shown.append((now, news.at_ms))
            case Said(utterance):
                self.shown.append((now, utterance.end_ms))
                self.said.append(news)
                self._last = news
            case Noted() if self._last is not None:
                self.observation_lags.append(now - self.began - self._last.utterance.end_ms / 1000)
                self._last = None
            case _:
                pass

    def word_lags(self) -> list[float]:
        """For every word, how long after its end some text that reaches so far was shown."""
        reach = 0
        steps = [(reach := max(reach, at_ms), told) for told, at_ms in self.shown]
        ends = [word.end_ms for one in self.said for word in one.utterance.words if word.end_ms is not None]
        firsts = [(end, bisect.bisect_left(steps, (end, 0.0))) for end in ends]
        return [steps[place][1] - self.began - end / 1000 for end, place in firsts if place < len(steps)]

    def step(self, text: str) -> None: ...

    def answered(self, observation: Observation) -> None: ...

    def child_version(self, version: ChildVersion) -> None: ...

    def reviewed(self, draft: Draft, findings: list[Finding]) -> None: ...


async def live() -> Watch:
    """The sample meeting at the pace it was spoken."""
    watch = Watch()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder) / "data")
        async with open_house(settings, EmbeddedReader(), clock=SampleClock()) as house:
            with Worker(lambda: recognizer(settings, slots=1)) as worker:
                await play(house, worker, Path(folder) / "out", watch, pace=1.0)
    return watch


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def report_live() -> None:
    watch = asyncio.run(live())
    for name, lags, limit in (
        ("a word's end to a text that has it", watch.word_lags(), LIMIT_PARTIAL_S),
        ("an utterance's end to its reading", watch.observation_lags, LIMIT_OBSERVATION_S),
    ):
        told = f"{percentile(lags, 0.5):.2f} / {percentile(lags, 0.95):.2f} / {max(lags):.2f}"
        print(f"{name:36}{told:>22} s (p50 / p95 / most), limit {limit}, n {len(lags)}")


def main() -> None:
    helped = min((run("--help") for _ in range(5)), key=lambda timed: timed.seconds)
    with tempfile.TemporaryDirectory() as folder:
        demo = run("demo", "--headless", "--out", str(Path(folder) / "out"))
    found = re.search(r"(\d+) observationer", demo.output)
    cores, load = os.cpu_count(), os.getloadavg()[0]
    print(f"{cores} cores, load {load:.1f}")
    print(f"{'':32}{'measured':>12}{'limit':>12}")
    print(f"{'headless demo, times real time':32}{AUDIO_S / demo.seconds:>12.1f}{LIMIT_TIMES_REAL_TIME:>12.1f}")
    print(f"{'headless demo, seconds':32}{demo.seconds:>12.1f}{AUDIO_S / LIMIT_TIMES_REAL_TIME:>12.1f}")
    print(f"{'resident memory, MB':32}{demo.memory_mb:>12.0f}{LIMIT_MEMORY_MB:>12}")
    print(f"{'handenhet --help, seconds':32}{helped.seconds:>12.2f}{LIMIT_HELP_S:>12.1f}")
    print(f"observations: {found[1] if found else 'none'}")
    if "--live" in sys.argv[1:]:
        report_live()


if __name__ == "__main__":
    main()
