"""`handenhet dictate`: one speaker's dictation, from a recording or from words, to text with its punctuation."""

import asyncio
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import click

from ...agent.dictation import INAUDIBLE, Part, Said, dictated, text_of
from ...knowledge.errors import HandenhetError
from ..attribution import Segment
from ..audio import check_audio
from ..hearing import Heard, Missing

WORDS = ".txt"


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--case", "number", help="Keep it as a draft of a journal entry in this case.")
@click.option("--as", "user", help="Who dictates: a user assigned to the case.")
@click.option("--json", "as_json", is_flag=True, help="Headings and texts as JSON.")
@click.option("--model", type=click.Path(path_type=Path), help="Another streaming model: a .nemo file or a name.")
def command(file: Path, number: str | None, user: str | None, as_json: bool, model: Path | None) -> None:
    """A dictation (audio, or words in a .txt) as text.

    Say punkt, komma, kolon, frågetecken, utropstecken, ny rad, nytt stycke, rubrik ..., stryk det. A word heard with
    little confidence has [?] after it.
    """
    if (number is None) != (user is None):
        raise HandenhetError("--case and --as belong together", mend="give both to keep the dictation, or neither")
    parts = dictated(_read(file) if file.suffix.lower() == WORDS else said(_hear(file, model)))
    if not parts:
        raise HandenhetError("nothing was dictated", where=str(file), mend="check the recording")
    kept = _keep(number, user, parts) if number is not None and user is not None else ""
    if as_json:
        shown = [{"heading": part.heading, "text": part.text} for part in parts]
        click.echo(json.dumps({"parts": shown, **({"document": kept} if kept else {})}, ensure_ascii=False, indent=2))
        return
    click.echo(text_of(parts))
    if kept:
        click.echo(f"\nUtkast: {kept}", err=True)


def said(heard: Sequence[Heard]) -> list[Said]:
    """The words in order; what could not be made out stands as such."""
    words: list[Said] = []
    for one in heard:
        if isinstance(one, Segment):
            words += [Said(word.text, word.doubtful) for word in one.words]
        elif isinstance(one, Missing) and one.why == "unclear":
            words.append(Said(INAUDIBLE))
    return words


def _read(file: Path) -> list[Said]:
    try:
        return [Said(word) for word in file.read_text(encoding="utf-8").split()]
    except (OSError, UnicodeDecodeError) as error:
        raise HandenhetError("the words cannot be read", where=str(file), mend="a text file in UTF-8") from error


def _hear(file: Path, model: Path | None) -> list[Heard]:
    from ..asr.worker import Worker
    from . import transcribe

    check_audio(file)
    with Worker(lambda: transcribe.recognizer_for(model, 1)) as worker:
        (heard,) = asyncio.run(transcribe.transcribe([transcribe.Job(file)], worker))
    return heard


def _keep(number: str, user: str, parts: Sequence[Part]) -> str:
    from ..dictated import keep
    from ..settings import load
    from ..store.facade import Store
    from ..users import load_users

    settings = load()
    who = load_users(settings).find(user)
    store = Store.of(settings)
    try:
        return keep(store, who, number, parts, datetime.now(UTC)).id
    finally:
        store.close()
