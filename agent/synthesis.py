"""What several meetings say together: new, changed, told differently, promised and not taken up, not heard, due.

It lays statements side by side. Which of them holds is for people to judge.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from itertools import combinations

from ..knowledge.participants import Participant
from ..knowledge.words import stems
from . import naming, prose
from .cites import RecordRef
from .draft import Sentence
from .material import PROMISE, CaseFile, Pinned, Talk, TimeLimit
from .observation import Disputed, Observation

SHARED_STEMS = 2
"""A later utterance that shares this many content words with a promise is taken to come back to it."""


@dataclass(frozen=True, slots=True)
class Synthesis:
    """Everything the meetings say together, as cited sentences."""

    new: tuple[Sentence, ...]
    changed: tuple[Sentence, ...]
    told_differently: tuple[Sentence, ...]
    disputed: tuple[Sentence, ...]
    not_followed_up: tuple[Sentence, ...]
    not_heard: tuple[Sentence, ...]
    limits: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class _Said:
    observation: Observation
    talk: Talk

    @property
    def circumstance(self) -> tuple[str, str]:
        return self.observation.factor.id, self.observation.about

    @property
    def who(self) -> str:
        return naming.called(self.talk.meeting, self.observation.speaker)

    @property
    def cell(self) -> str:
        return f"{self.who} den {prose.day(self.talk)}: {prose.quoted(self.observation.quote.text)}"


def synthesise(case: CaseFile, talks: Iterable[Talk], on: date) -> Synthesis:
    """The synthesis of these meetings as it stands on a day."""
    ordered = in_order(talks)
    said = [_Said(observation, talk) for talk in ordered for observation in talk.observations]
    return Synthesis(
        new=tuple(_new(said, ordered)),
        changed=tuple(_changed(said)),
        told_differently=tuple(_told_differently(said)),
        disputed=tuple(_disputed(said)),
        not_followed_up=tuple(_not_followed_up(ordered)),
        not_heard=tuple(not_heard(case, ordered)),
        limits=tuple(_limit(limit, on) for limit in sorted(case.limits, key=lambda limit: (limit.due, limit.id))),
    )


def in_order(talks: Iterable[Talk]) -> tuple[Talk, ...]:
    return tuple(sorted(talks, key=lambda talk: (talk.started, talk.id)))


def _new(said: Sequence[_Said], talks: Sequence[Talk]) -> Iterator[Sentence]:
    """What the latest meeting told of that no earlier one did; nothing while there is only one."""
    if len(talks) < 2:
        return
    latest = talks[-1]
    before = {one.circumstance for one in said if one.talk is not latest}
    for one in said:
        if one.talk is latest and one.circumstance not in before:
            yield prose.say(one.observation, latest)


def _changed(said: Sequence[_Said]) -> Iterator[Sentence]:
    """One speaker: present before and past now, or one side of a matter before and its other side at a later meeting.

    Only the turn is told, not every statement on either side of it.
    """
    for place, later in enumerate(said):
        before = [
            one
            for one in said[:place]
            if one.observation.speaker == later.observation.speaker
            and (one.observation.factor == later.observation.factor or _opposite(one.observation, later.observation))
        ]
        if not before or before[-1].talk is later.talk:
            continue
        earlier = before[-1]
        if _opposite(earlier.observation, later.observation):
            yield _side_by_side(earlier, later, "Uppgifterna kommer från olika möten.")
        elif "past" in later.observation.flags and "past" not in earlier.observation.flags:
            yield _side_by_side(earlier, later, "Vid det senare mötet gäller uppgiften hur det har varit tidigare.")


def _told_differently(said: Sequence[_Said]) -> Iterator[Sentence]:
    """Two people telling of two sides of the same matter, or one person at the same meeting; the latest of each."""
    latest: dict[tuple[str, str, str, str], tuple[_Said, _Said]] = {}
    for first, second in combinations(said, 2):
        same_speaker = first.observation.speaker == second.observation.speaker
        if _opposite(first.observation, second.observation) and not (same_speaker and first.talk is not second.talk):
            risk, other = (first, second) if first.observation.polarity == "risk" else (second, first)
            key = (*risk.circumstance, risk.observation.speaker, other.observation.speaker)
            latest[key] = (first, second)
    for first, second in latest.values():
        yield _side_by_side(first, second, "")


def _side_by_side(first: _Said, second: _Said, note: str) -> Sentence:
    text = f"{naming.capital(first.cell)} {naming.capital(second.cell)}"
    cites = (prose.cite(first.observation, first.talk), prose.cite(second.observation, second.talk))
    names = dict.fromkeys((first.observation.factor.name, second.observation.factor.name))
    return Sentence("SAMMANSTÄLLNING", f"{text} {note}".rstrip(), cites, topic=" / ".join(names))


def _opposite(one: Observation, other: Observation) -> bool:
    pair = (one, other) if one.polarity == "risk" else (other, one)
    return (pair[0].factor.id, pair[1].factor.id) in opposites()


def _disputed(said: Sequence[_Said]) -> Iterator[Sentence]:
    for one in said:
        if isinstance(one.observation.standing, Disputed):
            text = f"{naming.capital(one.who)} den {prose.day(one.talk)}: {prose.quoted(one.observation.quote.text)}"
            beside = prose.protest(one.observation, one.talk)
            if beside is not None:
                cites = (prose.cite(one.observation, one.talk), beside.cites[0])
                yield Sentence("SAMMANSTÄLLNING", f"{text} {beside.text}", cites, topic=beside.topic)


def _not_followed_up(talks: Sequence[Talk]) -> Iterator[Sentence]:
    for place, talk in enumerate(talks):
        later = talks[place + 1 :]
        for words in talk.pinned:
            if words.heading == PROMISE and later and not any(_comes_back(words, one) for one in later):
                who = naming.capital(naming.called(talk.meeting, words.quote.speaker))
                said = f"{who} den {prose.day(talk)}: {prose.quoted(words.quote.text)}"
                cites = (prose.cite_pinned(words, talk), *(prose.meeting_record(one) for one in later))
                yield Sentence("HÄRLEDD", f"{said} Orden kommer inte tillbaka vid senare möten.", cites)


def _comes_back(words: Pinned, talk: Talk) -> bool:
    wanted = set(stems(words.quote.text))
    enough = min(SHARED_STEMS, len(wanted))
    return any(len(wanted & set(stems(utterance.text))) >= enough for utterance in talk.transcript.utterances)


def not_heard(case: CaseFile, talks: Sequence[Talk]) -> Iterator[Sentence]:
    """Parties and people in the room who have said nothing at any meeting."""
    spoke = {speaker for talk in talks for speaker in talk.speakers}
    parties: dict[str, Participant] = {p.id: p for p in case.parties}
    for talk in talks:
        for person in talk.meeting.participants:
            if person.standpoint in ("child", "guardian", "client"):
                parties.setdefault(person.id, person)
    records = tuple(prose.meeting_record(talk) for talk in talks) or (
        RecordRef("case", case.id, f"ärende {case.number}"),
    )
    for person in parties.values():
        if person.id not in spoke:
            who = person.name.split()[0] if person.standpoint == "child" and person.name else naming.definite(person)
            yield Sentence("HÄRLEDD", f"{naming.capital(who)} har inte hörts vid något möte i underlaget.", records)


def case_record(case: CaseFile) -> RecordRef:
    return RecordRef("case", case.id, f"ärende {case.number}")


def _limit(limit: TimeLimit, on: date) -> Sentence:
    record = (RecordRef("deadline", limit.id, limit.rule),)
    what = f"{limit.rule}{f' ({limit.what})' if limit.what else ''}"
    due = naming.long_date(limit.due)
    if limit.met is not None:
        met = naming.long_date(limit.met)
        late = (limit.met - limit.due).days
        after = f", {_days(late)} efter fristen" if late > 0 else ""
        return Sentence("HÄRLEDD", f"{what}: frist {due}, klart {met}{after}.", record)
    left = (limit.due - on).days
    if left < 0:
        return Sentence("HÄRLEDD", f"{what}: fristen löpte ut {due}, för {_days(-left)} sedan.", record)
    return Sentence("HÄRLEDD", f"{what}: frist {due}, om {_days(left)}.", record)


def _days(count: int) -> str:
    return "en dag" if count == 1 else f"{count} dagar"


@cache
def opposites() -> frozenset[tuple[str, str]]:
    """Pairs of factor ids (risk, protective) that tell of two sides of the same matter (`opposites.csv`)."""
    with resources.files(__name__.rpartition(".")[0]).joinpath("opposites.csv").open(encoding="utf-8") as file:
        return frozenset((row["risk"], row["protective"]) for row in csv.DictReader(file, delimiter=";"))
