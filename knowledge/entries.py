"""What there is to find: each section once, with every wording of it and our own note, and the same on disk."""

import hashlib
import io
import json
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from importlib import resources
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from .corpus import Corpus
from .errors import HandenhetError
from .guidance import Note, note_files, shipped_notes
from .lexical import WEIGHTS, Analysis, Document, LexicalIndex, arrays_of, build, index_of
from .provisions import Provision
from .records import Record, provision_of, record_of
from .vectors import FILE, section_text, shipped_vectors

Points = NDArray[np.float32]
LAYOUT = 8
"""Rises when what is stored changes, so that an older cached index is built anew instead of misread."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A section with its wordings, oldest first; `guide` is our note as a provision of its own."""

    sfs: str
    section: str
    wordings: tuple[Provision, ...]
    guide: Provision | None = None
    related: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    """The statutory terms our note adds."""

    def on(self, day: date) -> Provision | None:
        """What to show and cite for a date: the statute's wording, else our note where no statute is loaded."""
        if self.wordings:
            return next((p for p in reversed(self.wordings) if p.in_force(day)), None)
        return self.guide if self.guide and self.guide.in_force(day) else None

    @property
    def latest(self) -> Provision | None:
        return self.wordings[-1] if self.wordings else self.guide


@dataclass(frozen=True, slots=True)
class Library:
    """Entries and what is searched of them, row by row. `points`: a unit vector a section, or none trained.

    `asked`: a unit vector for each question of a note, and `owner` the row of the section each belongs to.
    """

    entries: tuple[Entry, ...]
    lexical: LexicalIndex
    points: Points | None = None
    asked: Points | None = None
    owner: NDArray[np.int32] | None = None


def gather(provisions: Iterable[Provision], notes: Iterable[Note]) -> tuple[tuple[Entry, ...], list[Document]]:
    """One entry and one document a section: statutes in their own order, then what only notes tell of."""
    wordings: dict[tuple[str, str], list[Provision]] = {}
    for provision in provisions:
        wordings.setdefault((provision.sfs, provision.section), []).append(provision)
    guides = {(note.sfs, note.section): note for note in notes}
    loaded = {sfs for sfs, _ in wordings}
    # A note on a section that the loaded statute no longer has must not outlive it.
    keys = dict.fromkeys([*wordings, *(key for key in guides if key[0] not in loaded)])
    entries = tuple(
        Entry(
            sfs=key[0],
            section=key[1],
            wordings=tuple(sorted(wordings.get(key, ()), key=lambda p: p.in_force_from or date.min)),
            guide=guides[key].as_provision() if key in guides else None,
            related=guides[key].related if key in guides else (),
            terms=guides[key].terms if key in guides else (),
        )
        for key in keys
    )
    return entries, [
        document_of(entry, guides[key].questions if (key := (entry.sfs, entry.section)) in guides else ())
        for entry in entries
    ]


def document_of(entry: Entry, questions: tuple[str, ...] = ()) -> Document:
    """The entry's texts as they are searched: the latest wording and our note."""
    statute, guide = entry.wordings[-1] if entry.wordings else None, entry.guide
    rubrics = [*statute.headings, statute.title] if statute else []
    return Document(
        title=" ".join([*rubrics, guide.title if guide else "", *entry.terms]),
        statute=" ".join([*rubrics, statute.text]) if statute else "",
        note=" ".join([guide.title, guide.text, *entry.terms, *entry.terms]) if guide else "",
        questions=questions,
    )


def library_of(provisions: Iterable[Provision], notes: Iterable[Note]) -> Library:
    """A library in memory. Raises HandenhetError when there is nothing to search."""
    entries, documents = gather(provisions, notes)
    if not entries:
        raise HandenhetError("there is no law to search", mend="handenhet law import PATH")
    vectors = shipped_vectors()
    if vectors is None:
        return Library(entries, build(documents))
    questions = [(question, row) for row, document in enumerate(documents) for question in document.questions]
    return Library(
        entries,
        build(documents),
        np.stack([vectors.section(section_text(document)) for document in documents]),
        np.array([vectors.question(question) for question, _ in questions], np.float32).reshape(-1, vectors.dimension),
        np.array([row for _, row in questions], np.int32),
    )


def open_library(corpus: Corpus, say: Callable[[str], None] = lambda _: None) -> Library:
    """The library of a corpus, from its cache when that is whole and current, else built and cached.

    `say` is told when an index was built or had to be built again; a folder that cannot be written is no obstacle.
    """
    folder = corpus.folder / "index"
    path = folder / f"{library_key(corpus)}.npz"
    if path.exists():
        found = load_library(path)
        if found is not None:
            return found
        say(f"The law index was damaged and is built again ({path}).")
    library = library_of(corpus.provisions, shipped_notes())
    try:
        save_library(path, library)
    except OSError:
        say(f"The law index could not be kept in {folder}; it is built anew each time.")
    return library


def library_key(corpus: Corpus) -> str:
    """Changes when an act, a note, the lay terms or the index itself does. Looks at files' sizes and times only."""
    digest = hashlib.sha256(f"{LAYOUT} {sorted(WEIGHTS)} {corpus.key}".encode())
    package = resources.files(__name__.rpartition(".")[0])
    others = [package.joinpath(name) for name in ("lay_terms.yaml", "words.py", FILE)]
    for file in [*note_files(), *(file for file in others if file.is_file())]:
        if isinstance(file, Path):
            told = file.stat()
            digest.update(f"{file.name} {told.st_size} {told.st_mtime_ns}".encode())
        else:
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def save_library(path: Path, library: Library) -> None:
    """One file, written beside and renamed; older indexes are removed."""
    told = {
        "entries": [_record(entry) for entry in library.entries],
        "vocabularies": {how: list(terms) for how, terms in library.lexical.vocabularies.items()},
    }
    arrays = arrays_of(library.lexical)
    arrays["told"] = np.frombuffer(json.dumps(told, ensure_ascii=False).encode(), np.uint8)
    for name, stored in (("points", library.points), ("asked", library.asked), ("owner", library.owner)):
        if stored is not None:
            arrays[name] = stored
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **cast(dict[str, NDArray[np.uint8]], arrays))
    content = buffer.getvalue()
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".tmp")
    with os.fdopen(handle, "wb") as file:
        file.write(hashlib.sha256(content).digest() + content)
    Path(temporary).replace(path)
    for other in path.parent.glob("*.npz"):
        if other != path:
            other.unlink(missing_ok=True)


def load_library(path: Path) -> Library | None:
    """None when the file is not what was written."""
    content = path.read_bytes()
    if hashlib.sha256(content[32:]).digest() != content[:32]:
        return None
    with np.load(io.BytesIO(content[32:]), allow_pickle=False) as stored:
        arrays = {name: cast(NDArray[np.generic], stored[name]) for name in stored.files}
    told = cast(Mapping[str, object], json.loads(arrays.pop("told").tobytes()))
    entries = tuple(_entry(record) for record in cast(list[Record], told["entries"]))
    vocabularies: dict[Analysis, dict[str, int]] = {
        how: {term: place for place, term in enumerate(terms)}
        for how, terms in cast(dict[Analysis, list[str]], told["vocabularies"]).items()
    }
    lexical = index_of(len(entries), vocabularies, arrays)
    if "points" not in arrays:
        return Library(entries, lexical)
    points, asked = (arrays[name].astype(np.float32, copy=False) for name in ("points", "asked"))
    return Library(entries, lexical, points, asked, arrays["owner"].astype(np.int32, copy=False))


def _record(entry: Entry) -> Record:
    return {
        "sfs": entry.sfs,
        "section": entry.section,
        "wordings": [record_of(p) for p in entry.wordings],
        "guide": record_of(entry.guide) if entry.guide else None,
        "related": list(entry.related),
        "terms": list(entry.terms),
    }


def _entry(record: Record) -> Entry:
    guide = cast(Record | None, record["guide"])
    return Entry(
        sfs=str(record["sfs"]),
        section=str(record["section"]),
        wordings=tuple(provision_of(r) for r in cast(list[Record], record["wordings"])),
        guide=provision_of(guide) if guide else None,
        related=tuple(cast(list[str], record["related"])),
        terms=tuple(cast(list[str], record["terms"])),
    )
