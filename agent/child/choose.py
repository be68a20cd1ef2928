"""Which confirmed observations a child hears, and which not and why. Rules are the data in the clause files."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from ...knowledge.participants import Participant
from ..language import words
from ..observation import Disputed, Observation
from .bands import Band, last_year, targets
from .phrases import Teller, Telling, in_tense, nearer, reason, script, tellings
from .version import LeftOut, TalkFacts

_SIBLINGS_OWN = ("B-", "F-OMS", "F-SAK", "F-KAN", "F-STI")


@dataclass(frozen=True, slots=True)
class Told:
    """Observations that say the same from the same mouth, told in one sentence.

    `vem` is how the speaker is named to the child, `pronoun` what stands for the speaker when they told of themselves.
    """

    observations: tuple[Observation, ...]
    telling: Telling
    teller: Teller
    vem: str
    about: str
    veiled: bool
    other_persons: bool
    clauses: tuple[str, ...]
    """The variants to choose among, nearer ones where the quote says which it was; none for what is told otherwise."""

    @property
    def first(self) -> Observation:
        return self.observations[0]

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(observation.id for observation in self.observations)

    @property
    def past(self) -> bool:
        return "past" in self.first.flags

    @property
    def risk(self) -> bool:
        return self.first.polarity == "risk"

    @property
    def by_child(self) -> bool:
        return self.teller in ("child", "hearsay")

    @property
    def disputed(self) -> bool:
        return any(isinstance(observation.standing, Disputed) for observation in self.observations)


@dataclass(frozen=True, slots=True)
class Choice:
    """What is told, in the order of speech, and what is left out."""

    told: tuple[Told, ...]
    left_out: tuple[LeftOut, ...]


def choose(
    observations: Iterable[Observation], facts: TalkFacts, band: Band, pinned: frozenset[str], limit: int
) -> Choice:
    """Sort the observations of one meeting; at most `limit` circumstances are told, those with `pinned` ids first."""
    groups: dict[tuple[object, ...], Told] = {}
    left: list[LeftOut] = []
    for observation in observations:
        why = _kept_back(observation, facts, band)
        if why:
            left.append(LeftOut(observation.id, observation.factor.name, reason(why)))
            continue
        one = _told(observation, facts, band)
        key = _key(one)
        if key in groups:
            one = replace(groups[key], observations=(*groups[key].observations, *one.observations))
        groups[key] = one
    kept, over = _within_limit(list(groups.values()), limit, pinned)
    left += [LeftOut(o.id, o.factor.name, reason("limit")) for group in over for o in group.observations]
    return Choice(tuple(kept), tuple(left))


def _kept_back(observation: Observation, facts: TalkFacts, band: Band) -> str:
    """The reason this one is not told, or nothing."""
    telling = tellings()[observation.factor.id]
    mine = facts.is_reader(observation.speaker)
    adult_text = band == "vuxen"
    if observation.factor.adult != adult_text:
        return "not_this_band"
    if telling.share == "never":
        return "judgement" if telling.why == "judgement" else "parents_past"
    if mine:
        return ""
    if observation.about == "syskon":
        return "sibling"
    if telling.share in ("own", "veiled") or _others_own(observation):
        return "others_secret"
    here = facts.reader_present and observation.quote.utterance.id not in facts.said_apart
    if telling.share == "room" and not here:
        return "not_in_room"
    if not _speakable(telling, band):
        return "others_secret"
    return ""


def _others_own(observation: Observation) -> bool:
    """Whether a circumstance of the child's own was told about somebody else."""
    # Whom the child trusts or plays with may be named as the one it is about; the circumstance is still the child's.
    with_others = observation.factor.id.startswith(("B-SOC", "B-UTB-S2"))
    child = ("barn", "annan-vuxen", "familj")
    return (
        observation.factor.id.startswith("B-")
        and observation.about not in child
        and not (with_others and observation.about != "syskon")
    )


def _speakable(telling: Telling, band: Band) -> bool:
    return bool(telling.clause(band)) and last_year(band) >= telling.from_age


def _told(observation: Observation, facts: TalkFacts, band: Band) -> Told:
    telling = tellings()[observation.factor.id]
    teller, vem = _teller(observation, facts)
    theirs = _others_own(observation) or (
        observation.about == "syskon" and observation.factor.id.startswith(_SIBLINGS_OWN)
    )
    hidden = telling.share == "veiled" or not _speakable(telling, band)
    about = _about(observation, facts.voice(observation.speaker), teller)
    clauses = ()
    if not (hidden or theirs):
        near = nearer(observation.factor.id, observation.quote.text, band)
        clauses = tuple(clause for clause in near if _fits(clause, band)) or telling.clause(band)
    if not theirs and not any("{vuxen}" in clause for clause in clauses):
        about = ""
    return Told((observation,), telling, teller, vem, about, hidden and not theirs, theirs, clauses)


def _fits(clause: str, band: Band) -> bool:
    """Whether a nearer clause leaves room for who told it."""
    return len(words(in_tense(clause, past=True))) + _LEAD <= targets(band).longest


_LEAD = 4


def _teller(observation: Observation, facts: TalkFacts) -> tuple[Teller, str]:
    """By whom, as the child may know it: parents are named, others only if the child was there when they spoke."""
    if facts.is_reader(observation.speaker):
        return ("hearsay" if observation.source == "hearsay" else "child"), ""
    if observation.source == "document":
        return "document", ""
    here = facts.reader_present and observation.quote.utterance.id not in facts.said_apart
    person = facts.voice(observation.speaker)
    if person.standpoint == "interpreter":
        return ("heard" if here else "unnamed"), ""
    known = _known(person)
    return ("named", known[0]) if known and (here or person.standpoint == "guardian") else ("unnamed", "")


def _known(person: Participant) -> tuple[str, str] | None:
    """How the child knows this person, and the pronoun that stands for them."""
    tellers: dict[str, Any] = script()["tellers"]
    row = tellers.get(person.role.casefold().replace("_", " ").split("(")[0].strip())
    return (str(row[0]), str(row[1])) if row else None


def _about(observation: Observation, speaker: Participant, teller: Teller) -> str:
    """The adult a clause speaks of, in words for the child; the speaker's own pronoun where they told of themselves."""
    known = _known(speaker) if teller == "named" else None
    own = observation.source == "told_of_oneself" and observation.about not in ("barn", "syskon", "familj")
    same = known is not None and known[0].casefold() == observation.about
    if known is not None and (own or same):
        return known[1]
    return _ABOUT.get(observation.about, "en vuxen")


_ABOUT = {
    "mamma": "mamma",
    "pappa": "pappa",
    "syskon": "ditt syskon",
}


def _key(told: Told) -> tuple[object, ...]:
    if told.veiled:
        return ("veiled", told.teller)
    if told.other_persons:
        return ("other", told.teller, told.vem, told.about, told.risk, told.past)
    return (told.telling.factor, told.clauses, told.teller, told.vem, told.about, told.past)


def _within_limit(groups: list[Told], limit: int, pinned: frozenset[str]) -> tuple[list[Told], list[Told]]:
    """At most `limit` circumstances: pinned first, then the child's own, the heaviest before; one good one stays."""

    def rank(group: Told) -> tuple[bool, bool, bool]:
        heavy = group.veiled or group.telling.careful
        return (not pinned.intersection(group.ids), not group.by_child, not heavy)

    chosen = sorted(groups, key=rank)[:limit]
    good = [group for group in groups if not group.risk]
    if good and limit > 1 and all(group.risk for group in chosen) and not pinned.intersection(chosen[-1].ids):
        chosen[-1] = good[0]
    return [group for group in groups if group in chosen], [group for group in groups if group not in chosen]
