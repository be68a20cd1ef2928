"""Speed and memory of the whole chain on the sample meeting, against the limits we promise.

`python -m handenhet.evals.bench_pipeline`. One process runs the headless demo with NeMo, another is asked for help.
"""

import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

AUDIO_S = 305.0
LIMIT_TIMES_REAL_TIME = 3.0
LIMIT_MEMORY_MB = 2_500
LIMIT_HELP_S = 0.5


@dataclass(frozen=True, slots=True)
class Timed:
    """Wall-clock seconds and the largest resident memory (MB) of a finished process."""

    seconds: float
    memory_mb: float
    output: str


def run(*arguments: str) -> Timed:
    """Run `handenhet` with arguments to its end. Raises CalledProcessError if it fails."""
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "handenhet.serving", *arguments], capture_output=True, text=True, check=True
    )
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Timed(time.monotonic() - began, memory, done.stdout)


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


if __name__ == "__main__":
    main()
