"""`handenhet doctor`: what works on this machine, and what is missing. Looks only; changes nothing."""

import importlib
import importlib.util
import json
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal
from urllib.parse import urlsplit

import click

from ...knowledge.errors import HandenhetError
from ..settings import Settings, load

State = Literal["ok", "warn", "fail"]
_SIGN: dict[State, str] = {"ok": "ok  ", "warn": "obs ", "fail": "FEL "}
OLD_CORPUS_DAYS = 180
LOW_DISK_BYTES = 2 * 1024**3
ANSWER_S = 3.0
"""How long a server may take to take a connection."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `mend` says what to do where it is not ok."""

    what: str
    state: State
    told: str
    mend: str = ""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON list instead of lines.")
def command(as_json: bool) -> None:
    """What works on this machine, and what is missing. Exit 1 if something must be mended."""
    settings = load()
    findings = list(examine(settings, date.today()))
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False))
    else:
        for finding in findings:
            mend = f" - {finding.mend}" if finding.mend else ""
            click.echo(f"{_SIGN[finding.state]} {finding.what:<14} {finding.told}{mend}")
    sys.exit(1 if any(finding.state == "fail" for finding in findings) else 0)


def examine(settings: Settings, today: date) -> Iterator[Finding]:
    """Every finding, in the order people set things up."""
    yield _python()
    yield _disk(settings)
    yield from _guarded("lager", lambda: _store(settings))
    yield _speech(settings)
    yield from _guarded("slutlig text", lambda: _final_text(settings))
    yield from _guarded("röster", lambda: _voices(settings))
    yield _program("espeak-ng", "uppläsning", "apt-get install espeak-ng")
    yield from _guarded("lagsamling", lambda: _law(settings, today))
    yield from _guarded("lagsökning", lambda: _law_search(settings))
    yield _language_model(settings)
    yield from _traces(settings)


def _guarded(what: str, look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """A part that refuses is a finding, not the end of the examination."""
    try:
        yield from look()
    except HandenhetError as error:
        yield Finding(what, "fail", error.what, error.mend)


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Finding("python", "ok", version)


def _disk(settings: Settings) -> Finding:
    folder = settings.data_dir
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free
    told = f"{free / 1024**3:.0f} GiB ledigt i {folder}"
    return Finding(
        "disk", "ok" if free > LOW_DISK_BYTES else "warn", told, "" if free > LOW_DISK_BYTES else "frigör plats"
    )


def _store(settings: Settings) -> Iterator[Finding]:
    from ..store.engine import sqlite_path
    from ..store.facade import verify

    path = sqlite_path(settings.store_url)
    if path is not None and not path.exists():
        yield Finding("lager", "ok", "inget ännu; skapas vid första start")
        return
    report = verify(settings.store_url, settings.keys_path, settings.anchors)
    yield Finding("lager", "ok", "nyckeln öppnar lagret")
    if report.ok:
        yield Finding("logg", "ok", f"hel, {report.entries} poster")
    else:
        yield Finding("logg", "fail", f"bruten vid post {report.first_broken}", "handenhet audit verify")


def _speech(settings: Settings) -> Finding:
    from ..asr.checkpoint import read_checkpoint
    from ..asr.chosen import live_model

    if importlib.util.find_spec("nemo") is None:
        return Finding("tal", "fail", "NeMo saknas", "pip install 'handenhet[asr]'")
    try:
        checkpoint = read_checkpoint(live_model(settings))
    except HandenhetError as error:
        return Finding("tal", "fail", error.what, error.mend)
    known = "kontrollsumman stämmer" if checkpoint.verified else "utan kontrollsumma"
    return Finding("tal", "ok", f"{checkpoint.path.name}, {checkpoint.decoding}, {known}")


def _final_text(settings: Settings) -> Iterator[Finding]:
    """The model that hears again, where one is named. It is looked at, not loaded: the larger ones take minutes."""
    from ..asr.checkpoint import is_nemo
    from ..asr.chosen import final_file

    if settings.asr_final_url:
        yield _server("slutlig text", settings.asr_final_url, settings, settings.asr_final_model)
    elif settings.asr_final_model:
        file = final_file(settings)
        is_nemo(file)
        yield Finding("slutlig text", "ok", file.name)


def _voices(settings: Settings) -> Iterator[Finding]:
    from ..asr.checkpoint import is_nemo
    from ..asr.chosen import speaker_model

    if settings.asr_speaker_model:
        file = speaker_model(settings)
        is_nemo(file)
        fast = _graphics_card()
        mend = "" if fast else "installera torch med CUDA, eller ta bort HANDENHET_ASR_SPEAKER_MODEL"
        told = "högst fyra röster" if fast else "utan grafikkort hinner den inte med"
        yield Finding("röster", "ok" if fast else "warn", f"{file.name}, {told}", mend)


def _graphics_card() -> bool:
    """Whether torch sees one. It takes a second to load, so only those who need one are asked."""
    if importlib.util.find_spec("torch") is None:
        return False
    torch: Any = importlib.import_module("torch")
    return bool(torch.cuda.is_available())


def _program(name: str, use: str, mend: str) -> Finding:
    found = shutil.which(name)
    return Finding(use, "ok" if found else "warn", found or f"{name} saknas", "" if found else mend)


def _law(settings: Settings, today: date) -> Iterator[Finding]:
    from ...knowledge.corpus import Corpus

    versions = Corpus(settings.data_dir / "law").versions()
    if not versions:
        yield Finding("lagsamling", "warn", "inga författningar, bara vägledning", "handenhet law import MAPP")
        return
    oldest = max(versions, key=lambda version: version.age_days(today))
    told = f"{len(versions)} författningar, äldsta kopian {oldest.age_days(today)} dagar"
    old = oldest.age_days(today) > OLD_CORPUS_DAYS
    yield Finding("lagsamling", "warn" if old else "ok", told, "importera på nytt" if old else "")


def _language_model(settings: Settings) -> Finding:
    if not settings.llm_url:
        return Finding("språkmodell", "ok", "ingen; den inbyggda läsaren arbetar ensam")
    return _server("språkmodell", settings.llm_url, settings, settings.llm_model)


def _law_search(settings: Settings) -> Iterator[Finding]:
    """The served embedding model and the index server, where they are set."""
    if settings.embed_url:
        yield _server("lagsökning", settings.embed_url, settings, settings.embed_model)
    if settings.chroma_url:
        yield _port("Chroma", settings.chroma_url, 8000)


def _traces(settings: Settings) -> Iterator[Finding]:
    if settings.otlp_traces:
        yield _port("spårning", settings.otlp_traces, 4318)


def _server(what: str, url: str, settings: Settings, model: str) -> Finding:
    """A server with OpenAI's interface, and whether it serves the model."""
    from ..llm import health

    seen = health(url, settings.llm_api_key.get_secret_value(), model)
    if seen.ok:
        return Finding(what, "ok", f"{model}, svar efter {seen.after_ms} ms")
    return Finding(what, "fail", seen.why, f"starta servern på {url}, eller ta bort den ur inställningarna")


def _port(what: str, url: str, otherwise: int) -> Finding:
    """Whether anything listens at the address."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else otherwise)
    try:
        socket.create_connection((parts.hostname or "", port), timeout=ANSWER_S).close()
    except OSError as error:
        mend = "starta servern, eller ta bort den ur inställningarna"
        return Finding(what, "fail", f"{url} svarar inte: {type(error).__name__}", mend)
    return Finding(what, "ok", f"{url} svarar")
