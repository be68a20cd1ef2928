"""`handenhet llm`: which language model for which card, and vLLM started as we need it."""

import json
import os
import shlex
import shutil
from typing import Any

import click

from ...knowledge.errors import HandenhetError
from ..settings import load
from ..vllm.models import OpenModel, table
from ..vllm.start import Served, environment
from ..vllm.start import command as command_line


@click.group("llm")
def command() -> None:
    """The language model: open models by graphics card, and vLLM started for one."""


@command.command("models")
@click.option("--gpu", type=click.IntRange(1, 2000), metavar="GB", help="Only what this much graphics memory carries.")
@click.option("--json", "as_json", is_flag=True, help="One JSON list instead of lines.")
def models(gpu: int | None, as_json: bool) -> None:
    """Open models we would try, best Swedish scores first. None has been measured on our own cases."""
    listed = table().fitting(gpu or 10_000)
    if as_json:
        click.echo(json.dumps([model.model_dump(mode="json") for model in listed], ensure_ascii=False))
        return
    for model in listed:
        click.echo(_line(model))
    if not listed:
        click.echo(f"Ingen modell i tabellen ryms i {gpu} GB. Den inbyggda läsaren behöver ingen.")


def _line(model: OpenModel) -> str:
    fits = ", ".join(f"{fit.precision} {fit.vram_gb} GB" for fit in model.fits)
    rank = f"svensk rang {model.swedish}" if model.swedish is not None else "utan svensk rang"
    licence = model.licence if model.licence_seen == "card" else f"{model.licence} (ej läst på modellkortet)"
    return f"{model.name:<22} {fits:<26} {rank:<18} {licence}"


@command.command("serve")
@click.option("--model", "name", required=True, help="A name from `handenhet llm models`.")
@click.option("--gpu", type=click.IntRange(1, 2000), required=True, metavar="GB", help="The card's memory.")
@click.option("--weights", default="", help="The folder with the weights, where they are not under their own name.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(1, 65535), default=8000, show_default=True)
@click.option("--download", is_flag=True, help="Let vLLM fetch the weights. Without it nothing is fetched.")
@click.option("--dry-run", is_flag=True, help="Print the command and start nothing.")
def serve(name: str, gpu: int, weights: str, host: str, port: int, download: bool, dry_run: bool) -> None:
    """Start vLLM with what Handenhet needs of it. Put it on a machine of your own.

    Then set HANDENHET_LLM_URL to its address and HANDENHET_LLM_MODEL to the name printed here.
    """
    settings = load()
    key = settings.llm_api_key.get_secret_value()
    if host not in ("127.0.0.1", "localhost", "::1") and not key:
        raise HandenhetError(
            "vLLM would answer anybody on the network", where=f"--host {host}", mend="set HANDENHET_LLM_API_KEY first"
        )
    model = table().named(name)
    fit = model.fit(gpu)
    if fit is None:
        least = min(fit.vram_gb for fit in model.fits)
        fitting = ", ".join(other.name for other in table().fitting(gpu)) or "no model in the table"
        raise HandenhetError(f"{model.name} needs {least} GB", where=f"--gpu {gpu}", mend=f"{gpu} GB carries {fitting}")
    served = Served(
        model.weights, weights or model.weights, table().families[model.family], fit.context, host, port, fit.flags,
        settings.otlp_traces,
    )  # fmt: skip
    extra = environment(key, otlp=served.otlp, download=download)
    if dry_run:
        shown = {**extra, **({"VLLM_API_KEY": "$HANDENHET_LLM_API_KEY"} if key else {})}
        click.echo(" ".join([*(f"{name}={value}" for name, value in shown.items()), shlex.join(command_line(served))]))
        return
    _become(command_line(served), {**os.environ, **extra})


def _become(line: list[str], environ: dict[str, Any]) -> None:
    """This process becomes vLLM, so that whoever started us stops and watches vLLM itself."""
    program = shutil.which(line[0])
    if program is None:
        raise HandenhetError("vllm is not installed", mend="pip install 'handenhet[llm]' on the machine with the card")
    os.execve(program, line, environ)
