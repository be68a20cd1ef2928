"""How often the right section comes first and among five: by act and register, for each way of searching.

Cases are JSON Lines under `evals/cases/retrieval`: {id, query, sfs, section, also: [section or [sfs, section]],
register}. `dev` was tuned on; `sealed` never was; the probes are told of in docs/law.md.
`python -m handenhet.evals.retrieval --statutes FOLDER [--cases FILE...] [--json]`.
"""

import argparse
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, cast

import numpy as np

from ..knowledge.acts import known_acts
from ..knowledge.entries import Library, gather, library_of
from ..knowledge.errors import HandenhetError
from ..knowledge.guidance import Note, shipped_notes
from ..knowledge.index import Query
from ..knowledge.lexical import FieldKey, build
from ..knowledge.lookup import LawLookup
from ..knowledge.provisions import Provision
from ..knowledge.statutes.reader import read_file

CASES = Path(__file__).parent / "cases" / "retrieval"
DEEP = 10
_RESAMPLES = 1000
Key = tuple[str, str]
Search = Callable[[str], Sequence[Key]]


@dataclass(frozen=True, slots=True)
class Case:
    """A question and the sections that answer it, the best one first."""

    id: str
    query: str
    right: tuple[Key, ...]
    register: str = ""

    @property
    def act(self) -> str:
        return known_acts().short(self.right[0][0])


@dataclass(frozen=True, slots=True)
class Figure:
    """A share with its bootstrap interval (95 %)."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} [{self.low:.2f}-{self.high:.2f}]"


def cases_of(files: Iterable[Path]) -> list[Case]:
    """Every case, checked. Raises HandenhetError with file and line for one that cannot be read."""
    found: list[Case] = []
    for file in files:
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if line.strip():
                found.append(_case(line, f"{file.name} line {number}"))
    return found


def _case(line: str, where: str) -> Case:
    try:
        row = cast(dict[str, Any], json.loads(line))
        own = (str(row["sfs"]), str(row["section"]))
        also = [(own[0], a) if isinstance(a, str) else _key(a) for a in cast(list[Any], row.get("also") or [])]
        return Case(str(row["id"]), str(row["query"]), (own, *also), str(row.get("register", "")))
    except (json.JSONDecodeError, KeyError, TypeError, ValueError):
        raise HandenhetError("expected {id, query, sfs, section, also}", where=where) from None


def _key(value: Any) -> Key:
    if isinstance(value, dict):
        row = cast(dict[str, Any], value)
        return str(row["sfs"]), str(row["section"])
    sfs, section = cast(list[str], value)
    return sfs, section


def rank(found: Sequence[Key], right: Sequence[Key]) -> int:
    """Place from 0 of the first right section; DEEP when none is among the first ten."""
    return next((place for place, key in enumerate(found[:DEEP]) if key in right), DEEP)


def figures(ranks: Sequence[int]) -> dict[str, Figure]:
    """hit@1, hit@5 and MRR (over ten) with intervals."""
    places = np.asarray(ranks)
    measures = {
        "hit@1": (places < 1).astype(float),
        "hit@5": (places < 5).astype(float),
        "mrr": np.where(places < DEEP, 1 / (places + 1.0), 0.0),
    }
    return {name: _figure(values) for name, values in measures.items()}


def _figure(values: "np.ndarray[Any, np.dtype[np.float64]]") -> Figure:
    draw = np.random.default_rng(0)
    means = values[draw.integers(0, len(values), (_RESAMPLES, len(values)))].mean(1)
    low, high = np.quantile(means, [0.025, 0.975])
    return Figure(float(values.mean()), float(low), float(high))


def systems(provisions: Sequence[Provision], notes: Sequence[Note]) -> Mapping[str, Search]:
    """The ways of searching that are compared; those that need statutes only when there are any."""
    found: dict[str, Search] = {}
    if provisions:
        found["words, statutes"] = _by_field(provisions, (), ("statute", "words"))
        found["4-grams, statutes"] = _by_field(provisions, (), ("statute", "grams"))
    if notes:
        found["4-grams, notes"] = _by_field((), notes, ("guide", "grams"))
        found["fused, notes"] = _whole(library_of((), notes))
    if provisions and notes:
        found["4-grams, statutes and notes"] = _by_field(provisions, notes, ("all", "grams"))
        found["fused, statutes and notes"] = _whole(library_of(provisions, notes))
    return found


def _by_field(provisions: Sequence[Provision], notes: Sequence[Note], field: FieldKey) -> Search:
    entries, documents = gather(provisions, notes)
    keys = [(entry.sfs, entry.section) for entry in entries]
    index = build(documents, (field,))

    def search(text: str) -> Sequence[Key]:
        scores = index.rank(text, {field: 1.0})
        order: list[int] = np.argsort(-scores, kind="stable")[:DEEP].tolist()
        return [keys[row] for row in order if scores[row] > 0]

    return search


def _whole(library: Library) -> Search:
    lookup = LawLookup(library)

    def search(text: str) -> Sequence[Key]:
        answer = lookup.search(Query(text, date(2026, 11, 22), top=DEEP))
        return [(hit.provision.sfs, hit.provision.section) for hit in answer.hits]

    return search


def report(cases: Sequence[Case], searches: Mapping[str, Search]) -> dict[str, dict[str, dict[str, Figure]]]:
    """System to group to figures; groups are all, each act and each register."""
    table: dict[str, dict[str, dict[str, Figure]]] = {}
    for name, search in searches.items():
        ranks = [rank(search(case.query), case.right) for case in cases]
        groups: dict[str, list[int]] = {"all": ranks}
        for case, place in zip(cases, ranks, strict=True):
            groups.setdefault(f"act {case.act}", []).append(place)
            if case.register:
                groups.setdefault(f"register {case.register}", []).append(place)
        table[name] = {f"{group} (n={len(places)})": figures(places) for group, places in groups.items()}
    return table


def provisions_of(folder: Path | None) -> list[Provision]:
    """The sections of every act in a folder; what is no act is passed over."""
    found: list[Provision] = []
    for file in sorted(folder.glob("sfs-*.md")) if folder else []:
        try:
            found += read_file(file, imported=date(2000, 1, 1)).provisions
        except HandenhetError:
            continue
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--statutes", type=Path)
    parser.add_argument("--cases", type=Path, nargs="*")
    parser.add_argument("--misses", action="store_true", help="Print the cases that the last system misses.")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    files: list[Path] = given.cases or sorted(CASES.glob("*.jsonl"))
    if not files:
        raise SystemExit(f"no cases in {CASES}")
    provisions = provisions_of(given.statutes)
    searches = systems(provisions, shipped_notes())
    tables = {file.stem: report(cases_of([file]), searches) for file in files}
    if given.json:
        print(json.dumps(tables, ensure_ascii=False, indent=1, default=lambda f: [f.value, f.low, f.high]))
    else:
        for stem, table in tables.items():
            for name, groups in table.items():
                for group, measured in groups.items():
                    told = "  ".join(f"{key} {value}" for key, value in measured.items())
                    print(f"{stem:8} {name:28} {group:30} {told}")
    if given.misses:
        search = list(searches.values())[-1]
        known = {(e.sfs, e.section) for e in gather(provisions, shipped_notes())[0]}
        for case in cases_of(files):
            found = search(case.query)
            if rank(found, case.right) >= 5:
                unknown = "" if case.right[0] in known else " (not in the corpus)"
                print(f"{case.id} {case.query!r} wanted {case.right[0]}{unknown} got {found[:3]}")


if __name__ == "__main__":
    main()
