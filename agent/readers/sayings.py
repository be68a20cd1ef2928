"""Words worth keeping that are no factor: practical notes for the journal, and what the child says in its own words."""

from collections.abc import Collection
from typing import NamedTuple

from .clauses import Clause
from .features import Words
from .judgement import Candidate
from .lines import Line

LEAST_WORDS = 4
_HEADINGS: tuple[tuple[str, frozenset[str]], ...] = (
    ("Överenskommelser", frozenset(["överens", "överenskommelse", "bestämt", "bestämde", "avtalat"])),
    ("Kontaktuppgifter", frozenset(["telefonnummer", "adress", "adressen", "mejl", "mejladress", "numret"])),
    ("Planerade besök", frozenset(["bokad", "bokat", "bokade", "tid", "kallelse", "läkartid", "återbesök"])),
)
_WISHES = frozenset(["vill", "önskar", "önskan", "helst", "slippa", "hoppas", "drömmer"])


class Note(NamedTuple):
    quote: Clause
    heading: str


def note(line: Line) -> Note | None:
    """A practical matter told: an agreement, where to reach somebody, a booked visit."""
    for clause in line.clauses:
        said: Words = line.words[clause.first : clause.end]
        if len(said) < LEAST_WORDS or line.raw[clause.end - 1].endswith("?"):
            continue
        for heading, marks in _HEADINGS:
            if len(marks.intersection(said)) >= (2 if heading == "Planerade besök" else 1):
                return Note(clause, heading)
    return None


def childs_words(line: Line, found: Collection[Candidate]) -> Clause | None:
    """What the child itself wishes or tells: the words of a finding, or a wish."""
    if line.standpoint != "child" or len(line.words) < LEAST_WORDS:
        return None
    for candidate in found:
        if len(candidate.quote) >= LEAST_WORDS:
            return candidate.quote
    for clause in line.clauses:
        said = line.words[clause.first : clause.end]
        if len(said) >= LEAST_WORDS and "jag" in said and _WISHES.intersection(said):
            return clause
    return None
