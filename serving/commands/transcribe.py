"""`handenhet transcribe`: audio files through the hand-held's own path, from the stream to words with times.

Each file is a meeting: a client streams it to the real ingest server on this machine, the spool is written and read
back, and the words come out of the same recognizer as in the room. The spool's key and folder live as long as the run.
"""

import asyncio
import contextlib
import json
import secrets
import sys
import tempfile
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from pydantic import TypeAdapter, ValidationError

from ...knowledge.errors import HandenhetError
from ...knowledge.sources import Word
from ..asr.recognizer import Recognizer
from ..asr.worker import Worker
from ..attribution import Segment, turns_by_pause
from ..audio import SAMPLE_RATE, check_audio, pcm_blocks
from ..hearing import Heard, Missing, hear
from ..ingest.client import Client, numbered
from ..ingest.loopback import on_loopback
from ..ingest.messages import Hello, Turn
from ..ingest.server import Grant, Ingest

TOGETHER = 4
"""Files heard at once: one batched step of the model costs little more than one file alone."""
COMMIT_S = 0.02
Progress = Callable[[Path, int], None]
"""Told of each file how many samples are acknowledged."""


@dataclass(frozen=True, slots=True)
class Job:
    """One file, with the taps that say who speaks."""

    path: Path
    turns: tuple[Turn, ...] = ()


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One line a segment.")
@click.option(
    "--turns",
    type=click.Path(path_type=Path),
    help='Who speaks from when: a JSON list of {"speaker", "start_s"}. Without it one unknown speaker a file.',
)
@click.option("--model", type=click.Path(path_type=Path), help="Another streaming model: a .nemo file or a name.")
@click.option("--rough", is_flag=True, help="Tear the connection twice in each file; the words are the same.")
def command(files: tuple[Path, ...], as_json: bool, turns: Path | None, model: Path | None, rough: bool) -> None:
    """Audio files (WAV, FLAC, Ogg/Opus, MP3, M4A) through the hand-held's streaming path.

    Without --turns nobody is told apart: all words are by "okänd", and a blank line marks a long pause, where a speaker
    may have changed.
    """
    if turns is not None and len(files) > 1:
        raise HandenhetError("--turns is for one file", mend="give one file at a time")
    jobs = [Job(path, read_turns(turns) if turns is not None else ()) for path in files]
    for job in jobs:
        check_audio(job.path)
    with Worker(lambda: recognizer_for(model, min(TOGETHER, len(jobs)))) as worker:
        progress = _on_terminal if sys.stderr.isatty() else _silent
        heard = asyncio.run(transcribe(jobs, worker, rough=rough, progress=progress))
    if sys.stderr.isatty():
        click.echo("\r\033[K", err=True, nl=False)
    for job, said in zip(jobs, heard, strict=True):
        lines = _json_lines(job, said, len(jobs) > 1) if as_json else _text_lines(job, said, len(jobs) > 1)
        for line in lines:
            click.echo(line)


async def transcribe(
    jobs: Sequence[Job], worker: Worker, *, rough: bool = False, progress: Progress | None = None
) -> list[list[Heard]]:
    """Everything final heard in each file, in its order. Raises HandenhetError naming the file that failed."""
    key, token = secrets.token_bytes(32), secrets.token_urlsafe()

    async def authorise(hello: Hello, headers: Mapping[str, str]) -> Grant | None:
        return Grant(key) if secrets.compare_digest(hello.token, token) else None

    with tempfile.TemporaryDirectory(prefix="handenhet-") as folder:
        ingest = Ingest(Path(folder), authorise, commit_s=COMMIT_S)
        few = asyncio.Semaphore(TOGETHER)

        async with on_loopback(ingest) as url:

            async def one(number: int, job: Job) -> list[Heard]:
                hello = Hello(meeting=f"fil-{number}", token=token, device="fil")
                async with few:
                    return await _one(job, hello, url, ingest, key, worker, rough, progress or _silent)

            tasks = [asyncio.create_task(one(number, job)) for number, job in enumerate(jobs)]
            async with _together(*tasks):
                return await asyncio.gather(*tasks)


async def _one(
    job: Job, hello: Hello, url: str, ingest: Ingest, key: bytes, worker: Worker, rough: bool, progress: Progress
) -> list[Heard]:
    def acknowledged(samples: int) -> None:
        progress(job.path, samples)

    async def stream() -> None:
        client = Client(url, hello, rough=rough, acknowledged=acknowledged)
        await client.stream(numbered(pcm_blocks(job.path), job.turns))

    async def listen() -> list[Heard]:
        async with (
            contextlib.aclosing(ingest.follow(hello.meeting, key)) as records,
            contextlib.aclosing(hear(records, worker)) as heard,
        ):
            return [one async for one in heard if isinstance(one, (Segment, Missing))]

    streaming, listening = asyncio.create_task(stream()), asyncio.create_task(listen())
    async with _together(streaming, listening):
        _, heard = await asyncio.gather(streaming, listening)
    return heard


@contextlib.asynccontextmanager
async def _together(*tasks: asyncio.Task[Any]) -> AsyncGenerator[None]:
    """Where one task fails the others stop too, before anything they use is closed."""
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def read_turns(path: Path) -> tuple[Turn, ...]:
    """Taps from a JSON list of `{"speaker": ..., "start_s": ...}`. Raises HandenhetError."""
    try:
        data = TypeAdapter(list[dict[str, str | float]]).validate_json(path.read_bytes())
        return tuple(
            Turn(seq=0, sample=round(float(turn["start_s"]) * SAMPLE_RATE), at_ms=0, speaker=str(turn["speaker"]))
            for turn in data
        )
    except (OSError, ValidationError, KeyError, ValueError) as error:
        raise HandenhetError(
            "the turns cannot be read",
            where=str(path),
            mend='a JSON list of {"speaker": "p1", "start_s": 0.0}; speakers are ids without spaces',
        ) from error


def recognizer_for(model: Path | None, slots: int) -> Recognizer:
    """The recognizer the settings choose, with another live model if one is given."""
    # The command's help and its errors must not wait for NeMo.
    from ..asr.chosen import recognizer
    from ..settings import load

    settings = load()
    return recognizer(settings if model is None else settings.model_copy(update={"asr_model": model}), slots=slots)


def _json_lines(job: Job, said: Sequence[Heard], many: bool) -> list[str]:
    lines: list[str] = []
    for segment in said:
        if isinstance(segment, Segment):
            line: dict[str, object] = {"file": str(job.path)} if many else {}
            line |= {
                "speaker": segment.speaker,
                "start_s": segment.start_ms / 1000,
                "end_s": segment.end_ms / 1000,
                "text": segment.text,
                "words": [_word(word) for word in segment.words],
            }
            lines.append(json.dumps(line, ensure_ascii=False))
    return lines


def _word(word: Word) -> dict[str, object]:
    return {
        "text": word.text,
        "start_s": (word.start_ms or 0) / 1000,
        "end_s": (word.end_ms or 0) / 1000,
        "confidence": None if word.confidence is None else round(word.confidence, 3),
    }


def _text_lines(job: Job, said: Sequence[Heard], many: bool) -> list[str]:
    lines = [f"== {job.path}"] if many else []
    turns = {id(segment): turn for turn, segment in turns_by_pause(one for one in said if isinstance(one, Segment))}
    before = 1
    for one in said:
        if isinstance(one, Segment):
            if turns[id(one)] != before:
                lines.append("")
            before = turns[id(one)]
            words = " ".join(f"[{word.text}?]" if word.doubtful else word.text for word in one.words)
            lines.append(f"{_clock(one.start_ms)} {one.speaker}: {words}")
        elif isinstance(one, Missing):
            lines.append(f"{_clock(one.start_ms)} [ohörbart till {_clock(one.end_ms)}]")
    return lines


def _clock(ms: int) -> str:
    return f"{ms // 60_000:02d}:{ms // 1000 % 60:02d}.{ms // 100 % 10}"


def _silent(path: Path, samples: int) -> None:
    pass


def _on_terminal(path: Path, samples: int) -> None:
    click.echo(f"\r\033[K{path.name}: {_clock(samples * 1000 // SAMPLE_RATE)}", err=True, nl=False)
