"""`handenhet models`: the speech models to choose from, fetching one, and checking what lies here."""

from pathlib import Path

import click

from ...knowledge.errors import HandenhetError
from ..asr.catalogue import Entry, differences, entries, entry, folder, read_record
from ..asr.checkpoint import SHIPPED, read_checkpoint
from ..settings import load

KINDS = {"live": "direkttext", "final": "slutlig text", "whole": "båda", "voices": "röster"}


@click.group(name="models")
def command() -> None:
    """Speech models: list, fetch NAME, verify [PATH]."""


@command.command(name="list")
def list_models() -> None:
    """Every model of the catalogue, and what lies on this machine."""
    models = load().data_dir / "models"
    for one in entries():
        click.echo(f"{one.name:34}{KINDS[one.kind]:14}{one.licence:14}{_state(one, models)}")
        click.echo(f"    {one.note}")


@command.command()
@click.argument("name")
@click.option("--commit", default="", help="An exact commit; else the one fetched before.")
@click.option("--endpoint", help="Another hub than huggingface.co, such as a mirror inside the municipality.")
def fetch(name: str, commit: str, endpoint: str | None) -> None:
    """Fetch a model from the internet into the data folder. Nothing else in Handenhet does this."""
    from ..asr.fetch import fetch as fetched

    models = load().data_dir / "models"
    record = fetched(name, models, commit=commit, endpoint=endpoint)
    click.echo(f"{name}: {len(record.files)} filer i {folder(models, entry(name))}, commit {record.commit}")
    click.echo(f"Licens: {record.licence}. Kontrollsummorna är de hämtade filernas egna; jämför med källan.")


@command.command()
@click.argument("path", required=False, type=click.Path(path_type=Path))
def verify(path: Path | None) -> None:
    """Checksums: of one .nemo file, or of the embedded model and every fetched one. Exit 2 when one is wrong."""
    if path is not None:
        checkpoint = read_checkpoint(path)
        known = "stämmer med manifestet" if checkpoint.verified else "finns inte i något manifest"
        click.echo(f"{path.name}: {checkpoint.sha256}, {known}")
        return
    checkpoint = read_checkpoint(SHIPPED)
    click.echo(f"embedded: {checkpoint.sha256}, stämmer")
    models, wrong = load().data_dir / "models", 0
    for one in entries():
        place = folder(models, one)
        if one.repository and (record := read_record(place)):
            found = list(differences(place, record))
            wrong += len(found)
            for line in found or [f"{len(record.files)} filer stämmer, commit {record.commit}"]:
                click.echo(f"{one.name}: {line}")
    if wrong:
        raise HandenhetError(
            f"{wrong} model files are not what was fetched", where=str(models), mend="handenhet models fetch NAME"
        )


def _state(one: Entry, models: Path) -> str:
    if one.load:
        return "finns"
    record = read_record(folder(models, one))
    if record is None:
        return "inte hämtad"
    return "hämtad, " + ("känd kontrollsumma" if one.sha256 else "overifierad") + f", {record.commit[:12]}"
