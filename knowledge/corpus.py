"""The imported acts as a folder: one JSON Lines file an act and version, several versions side by side."""

import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from difflib import unified_diff
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import cast

from .errors import HandenhetError
from .provisions import Provision
from .records import Record, provision_of, record_of
from .statutes.blocks import Act

_SAFE = re.compile(r"[^0-9A-Za-z._-]+")


@dataclass(frozen=True, slots=True)
class ActVersion:
    """One stored copy of an act, without its text: what `law list` shows."""

    sfs: str
    title: str
    short: str
    sections: int
    in_force_from: date | None
    amended_through: str
    copied: date | None
    imported: date
    digest: str
    source: str
    notices: tuple[str, ...]
    path: Path

    def age_days(self, on: date) -> int:
        """Days since the copy was published at its source (or imported, where the source does not say)."""
        return (on - (self.copied or self.imported)).days


class Corpus:
    """Statutes under `folder/acts`. Nothing is read until asked for; writes are whole files or nothing."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._acts = folder / "acts"

    @property
    def key(self) -> str:
        """A digest of which copies are here, from file names alone: the names hold the copies' own digests."""
        return sha256("\n".join(path.name for path in self._files()).encode()).hexdigest()[:16]

    def add(self, act: Act) -> ActVersion:
        """Store one version of an act; the same text again only renews its header."""
        version = _SAFE.sub("-", act.amended_through or act.sfs)
        path = self._acts / f"{_SAFE.sub('-', act.sfs)}_{version}_{act.digest[:12]}.jsonl"
        lines = [_header(act), *(record_of(provision) for provision in act.provisions)]
        write_atomically(path, "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))
        self.__dict__.pop("provisions", None)
        return self._version(path)

    def versions(self) -> tuple[ActVersion, ...]:
        """All stored copies, by act and then oldest amendment first."""
        return tuple(
            sorted((self._version(path) for path in self._files()), key=lambda v: (v.sfs, _order(v.amended_through)))
        )

    @cached_property
    def provisions(self) -> tuple[Provision, ...]:
        """Every wording of every section; an older copy's wording ends the day before the newer one begins."""
        return tuple(p for copies in self._by_act().values() for p in merged([self._read(v.path) for v in copies]))

    def act(self, which: str) -> ActVersion:
        """The copy named by SFS number (newest), by `SFS@amended-through` or by the start of its digest.

        Raises HandenhetError when none fits.
        """
        number, _, through = which.partition("@")
        fits = [
            v
            for v in self.versions()
            if (v.sfs == number and (not through or v.amended_through == through))
            or (len(which) > 5 and v.digest.startswith(which))
        ]
        if not fits:
            raise HandenhetError(f"no copy {which} is loaded", mend="see handenhet law list")
        return fits[-1]

    def read(self, version: ActVersion) -> tuple[Provision, ...]:
        return self._read(version.path)

    def _by_act(self) -> dict[str, list[ActVersion]]:
        by_act: dict[str, list[ActVersion]] = {}
        for version in self.versions():
            by_act.setdefault(version.sfs, []).append(version)
        return by_act

    def _files(self) -> list[Path]:
        return sorted(self._acts.glob("*.jsonl")) if self._acts.is_dir() else []

    def _version(self, path: Path) -> ActVersion:
        with path.open(encoding="utf-8") as file:
            head = _json(file.readline(), path, 1)
        try:
            return ActVersion(
                sfs=str(head["sfs"]),
                title=str(head["title"]),
                short=str(head["short"]),
                sections=int(str(head["sections"])),
                in_force_from=_day(head.get("in_force_from")),
                amended_through=str(head.get("amended_through", "")),
                copied=_day(head.get("copied")),
                imported=date.fromisoformat(str(head["imported"])),
                digest=str(head["digest"]),
                source=str(head["source"]),
                notices=tuple(cast(list[str], head.get("notices", []))),
                path=path,
            )
        except (KeyError, ValueError):
            raise HandenhetError(
                "a stored act's header cannot be read", where=str(path), mend="import it again"
            ) from None

    def _read(self, path: Path) -> tuple[Provision, ...]:
        with path.open(encoding="utf-8") as file:
            head = _json(file.readline(), path, 1)
            found = tuple(
                provision_of(_json(line, path, number), where=f"{path} line {number}")
                for number, line in enumerate(file, 2)
            )
        if len(found) != head.get("sections"):
            raise HandenhetError("a stored act is cut short", where=str(path), mend="import it again")
        return found


def merged(copies: Iterable[tuple[Provision, ...]]) -> Iterator[Provision]:
    """The wordings of one act over its copies, oldest copy first, each with the span it held."""
    kept: dict[str, list[Provision]] = {}
    for copy in copies:
        began = max((p.in_force_from for p in copy if p.in_force_from), default=None)
        here = {p.section for p in copy}
        for section, wordings in kept.items():
            if section not in here and wordings[-1].in_force_to is None and began:
                wordings[-1] = replace(wordings[-1], in_force_to=began - timedelta(days=1))
        for provision in copy:
            _succeed(kept.setdefault(provision.section, []), provision)
    for wordings in kept.values():
        yield from wordings


def _succeed(wordings: list[Provision], new: Provision) -> None:
    same = next((place for place, old in enumerate(wordings) if old.digest == new.digest), None)
    if same is not None:
        wordings[same] = replace(new, in_force_from=_earliest(wordings[same].in_force_from, new.in_force_from))
        return
    if wordings and new.in_force_from and wordings[-1].in_force_to is None:
        if (wordings[-1].in_force_from or date.min) >= new.in_force_from:
            wordings.pop()
        else:
            wordings[-1] = replace(wordings[-1], in_force_to=new.in_force_from - timedelta(days=1))
    wordings.append(new)


def _earliest(one: date | None, other: date | None) -> date | None:
    return min(one, other) if one and other else None


def diff(old: Iterable[Provision], new: Iterable[Provision]) -> list[str]:
    """Section by section what differs, as a readable unified diff; empty when nothing does."""
    before, after = {p.section: p for p in old}, {p.section: p for p in new}
    lines: list[str] = []
    for section in dict.fromkeys([*before, *after]):
        one, other = before.get(section), after.get(section)
        if one and other and one.text == other.text:
            continue
        told = (
            "ny" if one is None else "upphävd" if other is None else f"ändrad genom {other.amended_by or 'okänd SFS'}"
        )
        lines.append(f"{section}: {told}")
        texts = ((one.text if one else "").split("\n"), (other.text if other else "").split("\n"))
        lines += [line for line in unified_diff(*texts, lineterm="", n=0) if not line.startswith(("---", "+++", "@@"))]
    return lines


def write_atomically(path: Path, text: str) -> None:
    """The whole text or nothing: written beside, flushed to disk, then renamed over.

    Raises HandenhetError when the folder cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    except OSError as error:
        raise HandenhetError(
            f"cannot write: {error.strerror}", where=str(path.parent), mend="choose another data folder"
        ) from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError as error:
        Path(temporary).unlink(missing_ok=True)
        raise HandenhetError(f"cannot write: {error.strerror}", where=str(path)) from None


def _header(act: Act) -> Record:
    return {
        "sfs": act.sfs,
        "title": act.title,
        "short": act.short,
        "sections": len(act.provisions),
        "in_force_from": act.in_force_from.isoformat() if act.in_force_from else None,
        "amended_through": act.amended_through,
        "copied": act.copied.isoformat() if act.copied else None,
        "imported": act.imported.isoformat() if act.imported else None,
        "digest": act.digest,
        "source": act.source,
        "notices": list(act.notices),
    }


def _json(line: str, path: Path, number: int) -> Record:
    try:
        loaded = cast(object, json.loads(line))
    except json.JSONDecodeError:
        loaded = None
    if not isinstance(loaded, dict):
        raise HandenhetError("a stored act is damaged", where=f"{path} line {number}", mend="import it again")
    return cast(Record, loaded)


def _day(raw: object) -> date | None:
    return date.fromisoformat(str(raw)) if raw else None


def _order(sfs: str) -> tuple[int, int]:
    year, _, number = sfs.partition(":")
    return (int(year), int(number)) if year.isdigit() and number.isdigit() else (0, 0)
