"""Speed, memory and disk of the law search, as it is and grown to 50,000 sections.

`python -m handenhet.evals.bench_law --statutes FOLDER [--grow 10000 50000]`. Each size runs in a process of its own.
Plain BM25 over words is timed in the same run, so that a busy machine slows both. Sections beyond the real ones are
drawn from the real ones' words, and belong to made-up acts.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np

from ..knowledge.entries import gather, library_of, load_library, save_library
from ..knowledge.errors import HandenhetError
from ..knowledge.guidance import shipped_notes
from ..knowledge.index import Query
from ..knowledge.lexical import FieldKey, build
from ..knowledge.lookup import LawLookup
from ..knowledge.provisions import Provision
from .retrieval import provisions_of

LIMIT_P50_MS, LIMIT_P99_MS, LIMIT_BUILD_S = 15.0, 50.0, 20.0
QUESTIONS = 500
_TODAY = date(2026, 11, 22)
_WORDS: FieldKey = ("statute", "words")
_SECTIONS_AN_ACT = 300


@dataclass(frozen=True, slots=True)
class Measured:
    """One size. Times are wall-clock except `cpu_`; `words_` is plain BM25 over the same sections."""

    sections: int
    build_s: float
    build_cpu_s: float
    open_s: float
    disk_mb: float
    memory_mb: float
    p50_ms: float
    p99_ms: float
    cpu_p50_ms: float
    cpu_p99_ms: float
    words_p50_ms: float
    words_p99_ms: float


def grown(provisions: Sequence[Provision], sections: int) -> list[Provision]:
    """At least `sections` sections: the real ones, and drawn ones of like length from their words."""
    draw = np.random.default_rng(7)
    words = np.array([word for provision in provisions for word in provision.text.split()])
    found = list(provisions)
    while len(found) < sections:
        like = provisions[int(draw.integers(len(provisions)))]
        number = len(found)
        found.append(
            replace(
                like,
                sfs=f"9000:{number // _SECTIONS_AN_ACT}",
                section=f"{number % _SECTIONS_AN_ACT + 1} §",
                title="",
                headings=(),
                text=" ".join(draw.choice(words, len(like.text.split()))),
            )
        )
    return found


def measure(folder: Path, sections: int) -> Measured:
    """Build, save, open and search one size. Raises HandenhetError when the folder holds no acts."""
    provisions = provisions_of(folder)
    if not provisions:
        raise HandenhetError("no acts to measure on", where=str(folder), mend="give a folder of statutes")
    provisions = grown(provisions, sections)
    notes = shipped_notes()
    began, began_cpu = time.perf_counter(), time.process_time()
    library = library_of(provisions, notes)
    built, built_cpu = time.perf_counter() - began, time.process_time() - began_cpu
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "index.npz"
        save_library(path, library)
        disk = path.stat().st_size
        began = time.perf_counter()
        reopened = load_library(path)
        opened = time.perf_counter() - began
    assert reopened is not None
    lookup = LawLookup(reopened)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    questions = [question for note in notes for question in note.questions]
    asked = [str(q) for q in np.random.default_rng(1).choice(questions, QUESTIONS + 20, replace=False)]
    wall, cpu = timed(lambda text: lookup.search(Query(text, _TODAY)), asked)
    index = build(gather(provisions, ())[1], (_WORDS,))
    words_wall, _ = timed(lambda text: np.argsort(-index.rank(text, {_WORDS: 1.0}))[:10], asked)
    return Measured(
        sections=len(library.entries),
        build_s=round(built, 1),
        build_cpu_s=round(built_cpu, 1),
        open_s=round(opened, 2),
        disk_mb=round(disk / 2**20, 1),
        memory_mb=round(memory),
        p50_ms=_quantile(wall, 0.5),
        p99_ms=_quantile(wall, 0.99),
        cpu_p50_ms=_quantile(cpu, 0.5),
        cpu_p99_ms=_quantile(cpu, 0.99),
        words_p50_ms=_quantile(words_wall, 0.5),
        words_p99_ms=_quantile(words_wall, 0.99),
    )


def _quantile(times: Sequence[float], share: float) -> float:
    return round(float(np.quantile(times, share)), 1)


def timed(search: Callable[[str], object], asked: Sequence[str]) -> tuple[list[float], list[float]]:
    """Wall-clock and processor milliseconds of each question, the first twenty left out as warming up."""
    wall: list[float] = []
    cpu: list[float] = []
    for text in asked:
        began, began_cpu = time.perf_counter(), time.process_time()
        search(text)
        wall.append((time.perf_counter() - began) * 1000)
        cpu.append((time.process_time() - began_cpu) * 1000)
    return wall[20:], cpu[20:]


def shown(rows: Sequence[Measured]) -> str:
    """A Markdown table, and whether the first row keeps the limits."""
    heads = ("sections", "build s (CPU)", "open s", "disk MB", "memory MB", "p50/p99 ms", "CPU p50/p99 ms", "words ms")
    lines = ["| " + " | ".join(heads) + " |", "| --- " * len(heads) + "|"]
    for row in rows:
        cells = (
            f"{row.sections:,}",
            f"{row.build_s} ({row.build_cpu_s})",
            f"{row.open_s}",
            f"{row.disk_mb}",
            f"{row.memory_mb:.0f}",
            f"{row.p50_ms} / {row.p99_ms}",
            f"{row.cpu_p50_ms} / {row.cpu_p99_ms}",
            f"{row.words_p50_ms} / {row.words_p99_ms}",
        )
        lines.append("| " + " | ".join(cells) + " |")
    first = rows[0]
    kept = first.p50_ms <= LIMIT_P50_MS and first.p99_ms <= LIMIT_P99_MS and first.build_s <= LIMIT_BUILD_S
    limits = f"p50 {LIMIT_P50_MS} ms, p99 {LIMIT_P99_MS} ms, build {LIMIT_BUILD_S} s"
    return "\n".join([*lines, "", f"limits for the real acts ({limits}): {'kept' if kept else 'NOT kept in this run'}"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--statutes", type=Path, required=True)
    parser.add_argument("--grow", type=int, nargs="*", default=[10_000, 50_000])
    parser.add_argument("--one", type=int, help="Measure this size alone and print it as JSON.")
    given = parser.parse_args()
    if given.one is not None:
        print(json.dumps(asdict(measure(given.statutes, given.one))))
        return
    rows: list[Measured] = []
    for size in (0, *given.grow):
        command = [sys.executable, "-m", "handenhet.evals.bench_law", "--statutes", str(given.statutes)]
        done = subprocess.run([*command, "--one", str(size)], capture_output=True, text=True, check=True)
        rows.append(Measured(**json.loads(done.stdout)))
    print(shown(rows))


if __name__ == "__main__":
    main()
