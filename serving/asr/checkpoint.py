"""A NeMo model file on this disk: checked, and read for what it can do, before any heavy library is imported."""

import hashlib
import json
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import yaml

from .recognizer import SAMPLE_RATE, RecognizerError

SHIPPED = Path(__file__).parent / "models" / "sv-demo.nemo"
MANIFEST = "manifest.json"
"""Stands beside the models: file name to `{"sha256": ..., "licence": ...}`. A file it names must match it."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a streaming model can do.

    `contexts`: its (left, right) attention contexts in encoder frames, the default first. `languages`: prompts it
    takes, none for a model of one language. `verified`: its checksum stands in a manifest and is right.
    """

    path: Path
    decoding: Literal["rnnt", "ctc"]
    contexts: tuple[tuple[int, int], ...]
    languages: frozenset[str]
    sha256: str
    verified: bool


def read_checkpoint(path: Path) -> Checkpoint:
    """Check a `.nemo` file and read its configuration.

    Raises RecognizerError: missing, wrong checksum, not a NeMo model, or a model that cannot stream.
    """
    if not path.is_file():
        raise RecognizerError("the speech model is not there", where=str(path), mend="give the path of a .nemo file")
    digest = sha256(path)
    verified = _verified(path, digest)
    config = _config(path)
    defaults: Mapping[str, Any] = config.get("model_defaults") or {}
    prompts: Mapping[str, Any] = defaults.get("prompt_dictionary") or {}
    return Checkpoint(
        path=path,
        decoding="rnnt" if config.get("joint") else "ctc",
        contexts=_contexts(path, config),
        languages=frozenset(prompts),
        sha256=digest,
        verified=verified,
    )


def is_nemo(path: Path) -> None:
    """Raises RecognizerError unless the file is there, is a NeMo model and is what a manifest beside it says."""
    if not path.is_file():
        raise RecognizerError("the speech model is not there", where=str(path), mend="give the path of a .nemo file")
    _verified(path, sha256(path))
    _config(path)


def sha256(path: Path) -> str:
    """The file's checksum, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _verified(path: Path, digest: str) -> bool:
    manifest = path.parent / MANIFEST
    if not manifest.is_file():
        return False
    try:
        listed: Mapping[str, Any] = json.loads(manifest.read_text(encoding="utf-8"))
        wanted = listed[path.name]["sha256"] if path.name in listed else None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise RecognizerError("the manifest of speech models cannot be read", where=str(manifest)) from error
    if wanted is None:
        return False
    if wanted != digest:
        raise RecognizerError(
            "the speech model is not the one its manifest names: the checksum is wrong",
            where=str(path),
            mend="fetch the file again, or correct the manifest if the model was changed on purpose",
        )
    return True


def _config(path: Path) -> Mapping[str, Any]:
    try:
        with tarfile.open(path) as archive:
            for member in archive:
                if Path(member.name).name == "model_config.yaml" and (file := archive.extractfile(member)):
                    config = yaml.safe_load(file.read(1_000_000))
                    if isinstance(config, dict):
                        return config  # pyright: ignore[reportUnknownVariableType]
    except (OSError, EOFError, tarfile.TarError, yaml.YAMLError, UnicodeDecodeError):
        pass
    raise RecognizerError("this file is no NeMo model", where=str(path), mend="give the path of a .nemo file")


def _contexts(path: Path, config: Mapping[str, Any]) -> tuple[tuple[int, int], ...]:
    encoder: Mapping[str, Any] = config.get("encoder") or {}
    sizes: Any = encoder.get("att_context_size") or []
    pairs: list[Any] = sizes if sizes and isinstance(sizes[0], list) else [sizes]
    streams = encoder.get("att_context_style") == "chunked_limited" and all(
        len(pair) == 2 and min(pair) >= 0 for pair in pairs
    )
    if not streams or encoder.get("conv_context_size") != "causal":
        raise RecognizerError(
            "this model cannot stream",
            where=str(path),
            mend="use a cache-aware streaming model (FastConformer with chunked attention and causal convolution)",
        )
    preprocessor: Mapping[str, Any] = config.get("preprocessor") or {}
    if preprocessor.get("sample_rate", config.get("sample_rate")) != SAMPLE_RATE:
        raise RecognizerError(f"this model does not hear {SAMPLE_RATE} Hz", where=str(path))
    if preprocessor.get("normalize") not in ("NA", None, False):
        raise RecognizerError(
            "this model normalises over whole files, which a stream does not have", where=str(path),
            mend="use a model trained with preprocessor.normalize: NA",
        )  # fmt: skip
    return tuple((int(left), int(right)) for left, right in pairs)
