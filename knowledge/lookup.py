"""The law index of one machine: citations looked up, questions ranked, and what is missing told, all for a date."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from .acts import KnownAct, known_acts
from .citations import Reference, acts_named, references
from .concepts import shipped_concepts
from .entries import Entry, Library
from .index import Answer, Hit, Query
from .lexical import Scores
from .old_sol import NEW, OLD, now_in
from .pending import pending_changes
from .vectors import question_point
from .words import stems

NEARNESS = 1.45
"""What a cosine of one to the section adds to the lexical score. Chosen like the lexical weights."""
LIKENESS = 0.6
"""What a cosine of one to the likest question of the section's note adds."""
_NAMED_ACT = 1.0
"""What naming an act adds to its sections: more than any usual difference between neighbours, so it goes first."""
_ASIDE = -0.06
"""What sections of acts beside the core of case work start from, so that they win only by fitting better."""
_OFF = -0.3
"""What sections of an act lose when the question is clearly about somebody or something the act is not about."""
_BESIDE = 0.4
"""What the sections before and after the best one, in its chapter, gain: a rule is seldom whole by itself."""
_DEEP = 2000
"""How many rows are put in order: enough that a date or an act can leave most of them out."""
_LOOKED_AT = 5
"""How many of the first hits the notices speak about."""


@dataclass(frozen=True, slots=True)
class Weighted:
    """A row of the library with its score."""

    row: int
    score: float


class LawLookup:
    """`LawIndex` over a library in memory; see `open_library` for one from disk."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self._rows = {(entry.sfs, entry.section): row for row, entry in enumerate(library.entries)}
        self._statutes = frozenset(e.sfs for e in library.entries if e.wordings)
        self.acts = frozenset(e.sfs for e in library.entries)
        self._rows_of: dict[str, list[int]] = {}
        for row, entry in enumerate(library.entries):
            self._rows_of.setdefault(entry.sfs, []).append(row)
        self._subjects = tuple((act, self._rows_of[act.sfs]) for act in known_acts() if self._rows_of.get(act.sfs))
        self._aside = np.zeros(len(library.entries), np.float32)
        for act in known_acts():
            if act.aside:
                self._aside[self._rows_of.get(act.sfs, [])] = _ASIDE

    def search(self, query: Query) -> Answer:
        """Cited sections first, in the order cited, then what the words point to. All in force on the date."""
        notices: list[str] = []
        cited = references(query.text)
        rows = list(dict.fromkeys(row for reference in cited for row in self._cited(reference, query.on, notices)))
        named = acts_named(query.text)
        notices += self._not_loaded(named, cited)
        hits = [self._hit(row, 1.0, query.on) for row in rows]
        direct = [replace(hit, way="citation") for hit in hits if hit is not None]
        if cited and _only_cites(query.text, cited):
            ranked = self._beside(rows)
        elif named and all(act.sfs not in self.acts for act in named) and not _asks(query.text, named):
            ranked = []
        else:
            ranked = self.ranked(query.text, acts={act.sfs for act in named})
        found = self._found(ranked, query, skip=set(rows), notices=notices)
        answer = (*direct, *found)[: query.top]
        notices += _warnings(answer)
        return Answer(answer, tuple(dict.fromkeys(notices)))

    def ranked(self, text: str, acts: Iterable[str] = ()) -> list[Weighted]:
        """Every row that shares something with the text, best first; sections of the named acts come first."""
        scores = self.library.lexical.rank(text)
        near = self.near(text)
        if near is not None:
            scores = np.asarray(scores + NEARNESS * np.maximum(near, 0), np.float32)
        like = self.like(text)
        if like is not None:
            scores = np.asarray(scores + LIKENESS * like, np.float32)
        lifted = self._lifted(scores, set(acts), text)
        best = int(np.argmax(lifted))
        if lifted[best] > 0:
            for beside in (best - 1, best + 1):
                if self._same_chapter(beside, best) and lifted[beside] > 0:
                    lifted[beside] = min(lifted[beside] + _BESIDE, np.nextafter(lifted[best], np.float32(0)))
        return _ordered(lifted)

    def near(self, text: str) -> Scores | None:
        """How near each section's vector lies to the question's (cosine), or None where there are no vectors."""
        point = question_point(text)
        if self.library.points is None or point is None:
            return None
        return np.asarray(self.library.points @ point, np.float32)

    def like(self, text: str) -> Scores | None:
        """How like the likest question of each section's note is (cosine, at least 0), or None without vectors."""
        point, library = question_point(text), self.library
        if library.asked is None or library.owner is None or point is None:
            return None
        best = np.zeros(len(library.entries), np.float32)
        np.maximum.at(best, library.owner, library.asked @ point)
        return best

    def get(self, sfs: str, section: str, on: date) -> Hit | None:
        """The section in force on the date, or None."""
        row = self._rows.get((sfs, section))
        return None if row is None else self._hit(row, 1.0, on)

    def _lifted(self, scores: Scores, acts: set[str], text: str) -> Scores:
        lift = self._aside.copy()
        touched = set(shipped_concepts().of(text))
        for act, rows in self._subjects:
            if act.sfs in acts:
                lift[rows] = _NAMED_ACT
            elif act.is_off(touched):
                lift[rows] += _OFF
        return np.asarray(scores + lift * (scores > 0), np.float32)

    def _hit(self, row: int, score: float, on: date) -> Hit | None:
        entry = self.library.entries[row]
        provision = entry.on(on)
        if provision is None:
            return None
        note = entry.guide.text if entry.guide and provision.origin == "statute" else ""
        return Hit(provision, round(score, 4), "question", note)

    def _found(self, ranked: Sequence[Weighted], query: Query, skip: set[int], notices: list[str]) -> Iterator[Hit]:
        kept = 0
        for place, weighted in enumerate(ranked):
            if kept >= query.top:
                return
            entry = self.library.entries[weighted.row]
            if weighted.row in skip or (query.acts and entry.sfs not in query.acts):
                continue
            hit = self._hit(weighted.row, weighted.score, query.on)
            if hit is not None:
                kept += 1
                yield hit
            elif place < _LOOKED_AT:
                notices.append(self._not_then(entry, query.on))

    def _cited(self, reference: Reference, on: date, notices: list[str]) -> Iterator[int]:
        for sfs, section in self._candidates(reference, on, notices):
            row = self._rows.get((sfs, section))
            if row is None:
                if sfs in self._statutes:
                    notices.append(f"{known_acts().short(sfs)} {section} finns inte i den inlästa lydelsen.")
                continue
            if self.library.entries[row].on(on) is None:
                notices.append(self._not_then(self.library.entries[row], on))
            else:
                yield row

    def _candidates(self, reference: Reference, on: date, notices: list[str]) -> list[tuple[str, str]]:
        sfs, section = reference.sfs, reference.section
        if sfs == OLD and OLD not in self.acts:
            return self._moved(section, notices)
        if sfs == NEW and (NEW, section) not in self._rows and now_in(section):
            notices.append(f"SoL (2025:400) har ingen {section}; numret tolkas som gamla SoL (2001:453).")
            return self._moved(section, notices)
        if sfs:
            return [(sfs, section)]
        if not reference.chapter:
            return []
        # A chapter and section without an act: SoL is what the house speaks of, else the only act that has it.
        if (NEW, section) in self._rows:
            return [(NEW, section)]
        return [key for key in self._rows if key[1] == section][:1]

    def _moved(self, section: str, notices: list[str]) -> list[tuple[str, str]]:
        moved = now_in(section)
        if moved is None:
            notices.append(f"Gamla SoL (2001:453) {section} finns inte i vår övergångstabell; sök på vad det gäller.")
            return []
        unsure = "" if moved.verified else " Egen tabell, inte kontrollerad mot förarbetena."
        notices.append(
            f"Gamla SoL (2001:453) {section} motsvaras närmast av SoL (2025:400) {', '.join(moved.new)}.{unsure}"
        )
        return [(NEW, new) for new in moved.new]

    def _beside(self, rows: Sequence[int]) -> list[Weighted]:
        """The related sections of what was cited, then its neighbours in the act."""
        near: dict[int, float] = {}
        for row in rows:
            entry = self.library.entries[row]
            related = [self._rows.get((entry.sfs, section)) for section in entry.related]
            for order, other in enumerate([*related, row + 1, row - 1, row + 2, row - 2]):
                if other is not None and self._same_act(other, entry.sfs):
                    near.setdefault(other, 0.5 / (order + 1))
        return [Weighted(row, score) for row, score in near.items()]

    def _same_act(self, row: int, sfs: str) -> bool:
        return 0 <= row < len(self.library.entries) and self.library.entries[row].sfs == sfs

    def _same_chapter(self, one: int, other: int) -> bool:
        if not self._same_act(one, self.library.entries[other].sfs):
            return False
        chapters = [self.library.entries[row].section.partition(" kap.") for row in (one, other)]
        return bool(chapters[0][1]) and chapters[0][0] == chapters[1][0]

    def _not_loaded(self, named: Sequence[KnownAct], cited: Sequence[Reference]) -> Iterator[str]:
        wanted = dict.fromkeys([*(act.sfs for act in named), *(ref.sfs for ref in cited if ref.sfs)])
        for sfs in wanted:
            if sfs in self._statutes:
                continue
            told = _named(sfs)
            if sfs in self.acts:
                yield f"{told}: lagtexten är inte inläst, bara våra egna vägledande noter. handenhet law import {sfs}"
            else:
                yield f"{told} är inte inläst, så inget svar därifrån. handenhet law import {sfs} (eller en fil)"

    def _not_then(self, entry: Entry, on: date) -> str:
        """Why a section cannot be shown for a date, and which act ruled then."""
        act, latest = known_acts().get(entry.sfs), entry.latest
        label = f"{known_acts().short(entry.sfs)} {entry.section}"
        before = known_acts().predecessor(entry.sfs)
        if act and on < act.since:
            ruled = ""
            if before and before.ruled(on):
                state = "är inläst" if before.sfs in self.acts else f"inte är inläst: handenhet law import {before.sfs}"
                ruled = f" Då gällde {before.name} ({before.sfs}), som {state}."
            elif before:
                ruled = f" Dessförinnan gällde {before.sfs}."
            return f"{_named(entry.sfs)} gällde inte {on.isoformat()}.{ruled}"
        since = latest.in_force_from if latest else None
        if since and on < since:
            held = f"den inlästa lydelsen gäller från {since.isoformat()}"
            return f"{label}: {held}; lydelsen {on.isoformat()} är inte inläst."
        return f"{label} gällde inte {on.isoformat()}."


def _ordered(scores: Scores) -> list[Weighted]:
    """The best rows, best first; ties keep the corpus's own order."""
    rows = np.flatnonzero(scores > 0)
    if len(rows) > _DEEP:
        rows = np.sort(rows[np.argpartition(-scores[rows], _DEEP)[:_DEEP]])
    order = rows[np.argsort(-scores[rows], kind="stable")]
    return [Weighted(int(row), float(scores[row])) for row in order]


def _named(sfs: str) -> str:
    act = known_acts().get(sfs)
    return f"{act.name} ({act.short}, {sfs})" if act else f"SFS {sfs}"


def _only_cites(text: str, cited: Sequence[Reference]) -> bool:
    rest = list(text)
    for reference in cited:
        rest[reference.start : reference.end] = " " * (reference.end - reference.start)
    return len(stems("".join(rest))) <= 1


def _asks(text: str, named: Sequence[KnownAct]) -> bool:
    """Whether a question says anything beside the names of acts."""
    lowered = text.lower()
    for act in named:
        for alias in act.aliases:
            lowered = lowered.replace(alias, " ")
    return len([word for word in stems(lowered) if not word.isdigit()]) > 1


def _warnings(hits: Sequence[Hit]) -> Iterator[str]:
    for change in pending_changes():
        touched = [h.provision for h in hits[:_LOOKED_AT] if change.touches(h.provision.sfs, h.provision.section)]
        if touched:
            yield change.warning
