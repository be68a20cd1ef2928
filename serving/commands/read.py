"""`handenhet read`: transcripts in, factors with quotes out. All input is checked before anything is written."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ...knowledge.errors import HandenhetError

if TYPE_CHECKING:
    from ...agent.gate import Gate
    from ...agent.readers.embedded import EmbeddedReader
    from ..settings import Settings
    from ..transcripts import Given


@click.command()
@click.argument("meetings", type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--reader",
    "reader_name",
    type=click.Choice(["embedded", "model", "both"]),
    help="Default: both where a language model is set up, else embedded.",
)
@click.option("--age", type=int, help="The child's age, for plain text and WebVTT. Leave it out for an adult's matter.")
@click.option("--setting", default="", help="The meeting's setting, for plain text and WebVTT.")
@click.option("--json", "as_json", is_flag=True, help="JSON lines; what is written anyway.")
def command(meetings: Path, reader_name: str | None, age: int | None, setting: str, as_json: bool) -> None:
    """Read transcripts: risk and protective factors with quotes.

    MEETINGS is JSON lines (a meeting a line), plain text (`NAME: words`) or WebVTT; `-` reads standard input.
    Writes one JSON line a meeting. Nothing in it is confirmed by anybody yet.
    """
    text = _text(meetings)
    # The command's help must not wait for numpy and the agent.
    from ...agent.readers.embedded import EmbeddedReader
    from ...knowledge.factors import catalogue
    from ..reading import answer, read_embedded
    from ..settings import load
    from ..transcripts import parse

    given = parse(text, meetings.name, setting=setting, child_age=age)
    embedded = EmbeddedReader()
    # Without a wish for the model, settings are not needed and their faults must not stop an offline reading.
    settings = None if reader_name == "embedded" else load()
    if reader_name in ("model", "both") and (settings is None or not settings.llm_url):
        raise HandenhetError("no language model is set up", mend="set llm_url and llm_model, or use --reader embedded")
    for one in given:
        if settings is None or not settings.llm_url:
            gate = read_embedded(one, embedded, catalogue())
        else:
            gate = _with_model(one, embedded, settings, alone=reader_name == "model")
        _write(answer(one, gate, catalogue()))


def _with_model(given: "Given", embedded: "EmbeddedReader", settings: "Settings", *, alone: bool) -> "Gate":
    from ...agent.engine import Engine
    from ...knowledge.factors import catalogue
    from ..llm import language_model
    from ..reading_model import read_both, read_with_model

    # A new client for each meeting: each is read in an event loop of its own.
    model = language_model(settings)
    assert model is not None
    read = read_with_model if alone else read_both
    return read(given, Engine(embedded, model, calls=settings.llm_calls), model, catalogue())


def _text(path: Path) -> str:
    try:
        raw = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise HandenhetError("not UTF-8 text", where=f"{path} line {line}", mend="save the file as UTF-8") from None
    except OSError as error:
        raise HandenhetError(f"cannot read the file: {error.strerror}", where=str(path)) from None


def _write(value: dict[str, Any]) -> None:
    click.echo(json.dumps(value, ensure_ascii=False))
