"""`handenhet demo`: the whole main job on the sample meeting, from audio to an approved decision basis."""

import asyncio
import os
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from ...agent.child import ChildVersion
from ...agent.draft import Draft
from ...agent.observation import Changed, Disputed, Observation
from ...agent.review import Finding
from ...knowledge.errors import HandenhetError
from ...knowledge.factors import Polarity
from ..hub import Ended, News, Noted, Said, Trouble

RATE = 16_000
_WORD: dict[Polarity, str] = {"risk": "risk ", "protective": "skydd"}
_COLOUR: dict[Polarity, str] = {"risk": "yellow", "protective": "green"}


@click.command()
@click.option("--headless", is_flag=True, help="The scripted answers confirm; ends by itself.")
@click.option("--rough", is_flag=True, help="Tear the connection twice and send again; the result is the same.")
@click.option("--pace", type=float, help="A multiple of real time; without it as fast as it is heard.")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=Path("demo-output"), show_default=True)
def command(headless: bool, rough: bool, pace: float | None, out: Path) -> None:
    """The whole main job on the shipped sample meeting.

    Streams the sample's audio as the hand-held does, shows words and observations as they come, goes through them with
    scripted answers, and writes the approved documents to --out. Without --headless the caseworker's screen then opens
    on the same meeting.
    """
    if pace is not None and pace <= 0:
        raise HandenhetError("--pace must be above 0", mend="1 is real time")
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 120)
    folder = Path(tempfile.mkdtemp(prefix="handenhet-demo-")) if headless else _kept(out)
    try:
        asyncio.run(_run(console, folder, out, rough, pace))
        if not headless:
            _open_screen(folder)
    finally:
        if headless:
            shutil.rmtree(folder, ignore_errors=True)


async def _run(console: Console, data: Path, out: Path, rough: bool, pace: float | None) -> None:
    # The command's help must not wait for the agent. NeMo loads in its own process meanwhile.
    from ..asr.apart import Apart
    from ..asr.checkpoint import SHIPPED, read_checkpoint
    from ..asr.chosen import heard

    recognizer = Apart(partial(heard, read_checkpoint(SHIPPED), slots=1))

    from ...agent.readers.embedded import EmbeddedReader
    from ..asr.worker import Worker
    from ..house import open_house
    from ..sample.play import SampleClock, play
    from ..settings import Settings

    console.print("[bold]Handenhet[/bold] - provmötet. Rösterna är syntetiska; inga riktiga personer förekommer.\n")
    settings = Settings(data_dir=data)
    async with open_house(settings, EmbeddedReader(), clock=SampleClock()) as house:
        with Worker(recognizer.loaded) as worker, _Terminal(console) as show:
            result = await play(house, worker, out, show, rough=rough, pace=pace)
        report = house.store.verify_audit()
    if not report.ok:
        raise HandenhetError("the audit log does not hold together", where=f"entry {report.first_broken}: {report.why}")
    torn = f", {result.sent.connections - 1} avbrott" if result.sent.connections > 1 else ""
    console.print(
        f"\n{result.sent.records} paket kvitterade{torn}. {len(result.observations)} observationer. "
        f"Loggen är hel: {report.entries} poster."
    )
    for path in result.files:
        console.print(f"  {path}")


def _kept(out: Path) -> Path:
    folder = out / "data"
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, mode=0o700)
    return folder


def _open_screen(folder: Path) -> None:
    """Serve the same installation, so that the caseworker's screen opens on the sample's case."""
    arguments = [sys.executable, "-m", "handenhet.serving", "serve"]
    os.execve(sys.executable, arguments, {**os.environ, "HANDENHET_DATA_DIR": str(folder)})


class _Terminal:
    """Tells a terminal what happens: words and observations as lines, a progress bar below."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console, transient=True
        )
        self._task: TaskID | None = None
        self._told: set[str] = set()
        self._names: dict[str, str] = {}

    def __enter__(self) -> "_Terminal":
        from ..sample.script import load_sample

        self._names = {p.id: p.name or p.role for p in load_sample().meeting.participants}
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def step(self, text: str) -> None:
        self._console.print(f"\n[bold]{escape(text)}[/bold]")

    def acknowledged(self, samples: int) -> None:
        if self._task is None:
            self._task = self._progress.add_task("kvitterat ljud", total=305 * RATE)
        self._progress.update(self._task, completed=samples)

    def news(self, news: News) -> None:
        match news:
            case Said():
                who = self._names.get(news.utterance.speaker, news.utterance.speaker)
                words = " ".join(
                    f"[dim]{escape(w.text)}?[/dim]" if w.doubtful else escape(w.text) for w in news.utterance.words
                )
                self._console.print(f"{_clock(news.utterance.start_ms)} [cyan]{escape(who):>14}[/cyan]  {words}")
            case Noted():
                self._noted(news)
            case Trouble():
                self._console.print(f"[red]{escape(news.what)}[/red]")
            case Ended():
                if self._task is not None:
                    self._progress.update(self._task, visible=False)
            case _:
                pass

    def _noted(self, noted: Noted) -> None:
        for signal in noted.acute:
            if signal.id not in self._told:
                self._told.add(signal.id)
                text = f"titta på det här nu (SoL 20 kap. 1 §): {signal.why}\n«{signal.quote.text}»"
                self._console.print(Panel(escape(text), border_style="red", width=90))
        for observation in noted.observations:
            if observation.id not in self._told:
                self._told.add(observation.id)
                self._console.print(f"{'':>22}[{_COLOUR[observation.polarity]}]{_line(observation)}[/]")

    def answered(self, observation: Observation) -> None:
        standing = observation.standing
        match standing:
            case Disputed():
                sign = "håller inte med"
            case Changed():
                sign = "ändrad"
            case _:
                sign = "stämmer"
        self._console.print(f"  {sign:>15}  {_line(observation)}")
        if isinstance(standing, Disputed):
            self._console.print(f"  {'':>15}  [italic]{escape(standing.words)}[/italic]")

    def child_version(self, version: ChildVersion) -> None:
        self._console.print(Panel(escape(version.text), title=f"Barnets version, {version.band} år", width=90))

    def reviewed(self, draft: Draft, findings: list[Finding]) -> None:
        blocking = sum(finding.blocks for finding in findings)
        self._console.print(
            f"  {escape(draft.title)}: {len(draft.sentences)} meningar, alla med källa. "
            f"{blocking} hinder, {len(findings) - blocking} påpekanden. Digest {draft.digest[:16]}"
        )


def _line(observation: Observation) -> str:
    return (
        f"{_WORD[observation.polarity]} {escape(observation.factor.area)}: {escape(observation.factor.name)} "
        f"«{escape(observation.quote.text)}»"
    )


def _clock(ms: int) -> str:
    return f"{ms // 60_000:02d}:{ms // 1000 % 60:02d}"
