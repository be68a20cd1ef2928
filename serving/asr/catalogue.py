"""The speech models one can choose by name, and what lies on this disk of them, with checksums."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from .checkpoint import SHIPPED, sha256
from .recognizer import RecognizerError

RECORD = "models.json"
"""Stands in a fetched model's folder: the commit, the licence, and each file's checksum at the time it was fetched."""

Kind = Literal["live", "final", "whole", "voices"]


class Entry(BaseModel):
    """One model of `catalogue.yaml`. `load` names the file of a model that ships; a fetched one has a repository."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    kind: Kind
    licence: str
    note: str
    load: str = ""
    repository: str = ""
    revision: str = ""
    files: tuple[str, ...] = ()
    sha256: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """What was fetched: the commit it is pinned to and the files' checksums."""

    repository: str
    commit: str
    licence: str
    files: Mapping[str, str]


def entries() -> tuple[Entry, ...]:
    """Every model of the catalogue, in its order."""
    text = resources.files(__package__ or "").joinpath("catalogue.yaml").read_text(encoding="utf-8")
    return TypeAdapter(tuple[Entry, ...]).validate_python(yaml.safe_load(text))


def entry(name: str) -> Entry:
    """Raises RecognizerError naming the models there are."""
    for one in entries():
        if one.name == name:
            return one
    known = ", ".join(one.name for one in entries())
    raise RecognizerError(f"there is no speech model called {name!r}", mend=f"known: {known}; or give a path")


def folder(models: Path, one: Entry) -> Path:
    """Where the model's files lie under `data_dir/models`."""
    return models / one.name


def located(choice: str, models: Path) -> Path:
    """The `.nemo` file a setting means: a name of the catalogue, or a path. Raises RecognizerError."""
    if choice.endswith(".nemo") or "/" in choice or "\\" in choice:
        return Path(choice).expanduser()
    one = entry(choice)
    if one.load:
        return SHIPPED
    found = sorted(folder(models, one).glob("*.nemo"))
    if not found:
        raise RecognizerError(
            f"the speech model {one.name} is not on this machine",
            where=str(folder(models, one)),
            mend=f"handenhet models fetch {one.name}, on a machine with a network",
        )
    return found[0]


def read_record(where: Path) -> Record | None:
    """The record beside fetched files; None where there is none. Raises RecognizerError for one that is damaged."""
    path = where / RECORD
    if not path.is_file():
        return None
    try:
        return TypeAdapter(Record).validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise RecognizerError("the record of a fetched model cannot be read", where=str(path)) from error


def write_record(where: Path, one: Entry, commit: str) -> Record:
    """Checksums of every file fetched, written beside them."""
    files = {str(path.relative_to(where)): sha256(path) for path in _files(where)}
    record = Record(one.repository, commit, one.licence, files)
    data: dict[str, Any] = {"repository": record.repository, "commit": commit, "licence": one.licence, "files": files}
    part = where / f"{RECORD}.part"
    part.write_text(json.dumps(data, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    part.replace(where / RECORD)
    return record


def differences(where: Path, record: Record) -> Iterator[str]:
    """What is missing or changed since it was fetched, one Swedish line each."""
    for name, wanted in record.files.items():
        path = where / name
        if not path.is_file():
            yield f"{name}: saknas"
        elif sha256(path) != wanted:
            yield f"{name}: kontrollsumman stämmer inte"


def _files(where: Path) -> Iterator[Path]:
    for path in sorted(where.rglob("*")):
        inside = path.relative_to(where)
        if path.is_file() and path.name != RECORD and not inside.parts[0].startswith("."):
            yield path
