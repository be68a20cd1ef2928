"""Fetch a speech model when somebody asks for it: the only thing in the project that goes out on the internet."""

# huggingface_hub is typed in part only.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportMissingImports=false

import importlib
import shutil
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from .catalogue import Entry, Record, entry, folder, read_record, write_record
from .recognizer import RecognizerError


def fetch(called: str, models: Path, *, commit: str = "", endpoint: str | None = None) -> Record:
    """Fetch a model of the catalogue into `models`, at `commit`, else at the commit it was pinned to before.

    A broken-off fetch goes on where it stopped; the folder gets its name when everything is there. `endpoint` is
    another hub than huggingface.co, such as a municipality's own mirror. Raises RecognizerError: no such model, no
    network, the hub says no.
    """
    one = entry(called)
    if not one.repository:
        raise RecognizerError(f"the model {called} ships with the project", mend="it need not be fetched")
    place, part = folder(models, one), models / f".{one.name}.part"
    known = read_record(place)
    hub = _hub()
    try:
        wanted = commit or (known.commit if known else one.revision)
        found = hub.HfApi(endpoint=endpoint).model_info(one.repository, revision=wanted, timeout=20)
        exact: str = found.sha
        for name in (file.rfilename for file in found.siblings or ()):
            if any(fnmatch(name, pattern) for pattern in one.files):
                hub.hf_hub_download(one.repository, name, revision=exact, local_dir=str(part), endpoint=endpoint)
    except (hub.errors.HTTPError, OSError, ValueError) as error:  # HTTPError: whatever its HTTP library raises
        raise RecognizerError(
            f"{one.repository} could not be fetched",
            where=type(error).__name__,
            mend=f"needs a network and what the model's licence asks for; or copy its files to {place}",
        ) from error
    shutil.rmtree(part / ".cache", ignore_errors=True)
    record = write_record(part, one, exact)
    _expected(one, part, record)
    if place.exists():
        shutil.rmtree(place)
    part.rename(place)
    return record


def _expected(one: Entry, part: Path, record: Record) -> None:
    if not record.files:
        raise RecognizerError(f"{one.repository} holds none of the files wanted", where=", ".join(one.files))
    if one.sha256 and one.sha256 not in record.files.values():
        shutil.rmtree(part)
        raise RecognizerError(f"{one.repository} is not the model of the catalogue: the checksum is wrong")


def _hub() -> Any:
    try:
        hub = importlib.import_module("huggingface_hub")
        importlib.import_module("huggingface_hub.errors")
    except ModuleNotFoundError as error:
        raise RecognizerError("huggingface_hub is not installed", mend="pip install 'handenhet[asr]'") from error
    return hub
