"""A draft checked against what it rests on, in pure code: every quote, provision and claim, and what was left out."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ..knowledge.participants import Meeting
from . import prose
from .basis import COMMUNICATION_REASON
from .cites import Cite, ProtestRef, QuoteRef
from .claims import QUOTED, Fault, faults, known_names
from .draft import Draft, Placed, Sentence
from .material import CaseFile, LawOn, Talk, cited
from .observation import Disputed, Observation
from .written import RESERVED

FindingKind = Literal[
    "not_confirmed", "quote_moved", "protest_lost", "law_not_in_force", "claim_unsupported", "derived_differs",
    "gap_hidden", "left_out", "decision_word", "communication_missing", "outdated", "doubtful_words", "field_empty",
    "topic_differs",
]  # fmt: skip
NOTICES: frozenset[FindingKind] = frozenset(("doubtful_words", "field_empty"))
"""What is shown and does not stand in the way of an approval."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to settle. `place` is the sentence's place in the draft or the id concerned; `text` is for the screen.

    It never holds what somebody said.
    """

    kind: FindingKind
    place: str
    text: str
    faults: tuple[Fault, ...] = ()

    @property
    def blocks(self) -> bool:
        return self.kind not in NOTICES


@dataclass(frozen=True)
class ReviewContext:
    """What the draft is checked against. `composed` is what the composer makes of the same material now."""

    case: CaseFile
    talks: Sequence[Talk]
    law: LawOn
    composed: Draft


def review(draft: Draft, context: ReviewContext) -> list[Finding]:
    """Every finding, in reading order. Pure; the same draft and material give the same list."""
    return list(_findings(draft, context))


def _findings(draft: Draft, context: ReviewContext) -> Iterator[Finding]:
    said = {o.id: (o, talk) for talk in context.talks for o in talk.observations}
    pins = {p.id: (p, talk) for talk in context.talks for p in talk.pinned}
    fixed = {_key(sentence) for sentence in context.composed.sentences}
    names = names_in(context.case, [talk.meeting for talk in context.talks])
    for placed in draft.placed():
        yield from _quotes(placed, said, {id: (p.quote, talk) for id, (p, talk) in pins.items()})
        yield from _laws(placed, context.law)
        yield from _topic(placed, said)
        if _key(placed.sentence) not in fixed:
            yield from _claims(placed, names)
            yield from _decision_words(placed)
    yield from _protests(draft, said)
    yield from _left_out(draft, [*said, *pins])
    yield from _gaps(draft, context.composed)
    yield from _fields(draft)
    yield from _communication(draft)
    for meeting in sorted({talk.id for talk in context.talks} - set(draft.meetings)):
        yield Finding("outdated", meeting, "Ett möte har tillkommit sedan utkastet skrevs. Skriv ett nytt utkast.")


def _key(sentence: Sentence) -> tuple[str, str, frozenset[Cite]]:
    return sentence.kind, sentence.text, frozenset(sentence.cites)


def names_in(case: CaseFile, meetings: Iterable[Meeting]) -> frozenset[str]:
    """First names of everybody in the case and its meetings."""
    people = [participant.name for meeting in meetings for participant in meeting.participants]
    return known_names([*people, *(party.name for party in case.parties), case.name])


def _quotes(
    placed: Placed, said: dict[str, tuple[Observation, Talk]], pins: dict[str, tuple[object, Talk]]
) -> Iterator[Finding]:
    for cite in placed.sentence.cites:
        match cite:
            case QuoteRef():
                entry = said.get(cite.observation) or pins.get(cite.observation)
                if entry is None:
                    yield Finding("not_confirmed", placed.place, "Uppgiften är inte bekräftad, eller inte längre.")
                elif not _stands_there(cite, entry[1]):
                    yield Finding("quote_moved", placed.place, "Orden står inte där citatet säger att de står.")
                elif cite.marks and "doubtful" in cite.marks:
                    yield Finding("doubtful_words", placed.place, "Orden hördes otydligt. Lyssna en gång till.")
            case ProtestRef():
                entry = said.get(cite.observation)
                standing = entry[0].standing if entry else None
                if not isinstance(standing, Disputed) or standing.words != cite.words:
                    yield Finding("quote_moved", placed.place, "Invändningen har ändrats sedan utkastet skrevs.")
            case _:
                pass


def _stands_there(cite: QuoteRef, talk: Talk) -> bool:
    if cite.meeting != talk.id or cite.held != talk.held or cite.utterance not in talk.transcript:
        return False
    utterance = talk.transcript[cite.utterance]
    words = " ".join(word.text for word in utterance.words[cite.first : cite.end])
    named = prose.naming.called(talk.meeting, utterance.speaker)
    return words == cite.text and utterance.speaker == cite.speaker and cite.who == named


def _laws(placed: Placed, law: LawOn) -> Iterator[Finding]:
    for reference in placed.sentence.laws:
        kept = reference.citation
        now = cited(law, kept.provision.sfs, kept.provision.section, kept.on)
        if now is None:
            yield Finding("law_not_in_force", placed.place, f"{kept.label} gäller inte den {kept.on}.")
        elif now.provision.text != kept.provision.text:
            yield Finding("law_not_in_force", placed.place, f"{kept.label} har en annan lydelse i lagsamlingen.")


def _topic(placed: Placed, said: dict[str, tuple[Observation, Talk]]) -> Iterator[Finding]:
    if not placed.sentence.topic:
        return
    heard = {said[id][0].factor.name for id in placed.sentence.observations if id in said}
    if not set(placed.sentence.topic.split(" / ")) <= heard:
        yield Finding("topic_differs", placed.place, "Rubriken är en annan än den som bekräftades.")


_SAYS_WRONG: dict[Fault, str] = {
    "quote_altered": "ett citat som inte är ordagrant",
    "number": "ett tal som inte finns i underlaget",
    "date": "en tid eller dag som inte finns i underlaget",
    "name": "ett namn som inte finns i underlaget",
    "negation": "en nekande ordalydelse som skiljer sig från det som sades",
    "speaker": "en annan talare än den som sa det",
    "person": "en person som inte nämns i underlaget",
    "uncited": "ett påstående utan att det står vem som sagt det",
}


def _claims(placed: Placed, names: frozenset[str]) -> Iterator[Finding]:
    sentence = placed.sentence
    if sentence.kind == "HÄRLEDD" or (sentence.kind != "EGNA ORD" and not sentence.observations and not sentence.laws):
        yield Finding("derived_differs", placed.place, "Meningen stämmer inte med vad som kan räknas fram nu.")
        return
    wrong = sorted(faults(sentence, names))
    if wrong:
        what = ", ".join(_SAYS_WRONG[fault] for fault in wrong)
        yield Finding("claim_unsupported", placed.place, f"Meningen har {what}.", tuple(wrong))


_DECIDES = re.compile(
    r"\b(?:bör(?!j)|borde|rekommend\w*|förord\w+|föreslå\w*|föreslag\w*|bedöms|bedömer\w*|bedömning\w*|omhänderta\w*|"
    r"tvångsvård\w*|placera\w*|placering\w*|bifall\w*|bevilja\w*|avslå\w*|avslag\w*|beslut(?:as|ar|ade|at)?|risknivå\w*|"
    r"(?:hög|låg|medel|allvarlig|förhöjd|påtaglig)\w* risk\w*|riskpoäng\w*|poäng|sannolik\w*|troligen|antagligen|"
    r"(?:visar|tyder|pekar) (?:på|att)|uppenbar\w*|vård(?:en)? behövs|behöver (?:vård|skydd|insats\w*)|far illa|"
    r"(?:o?trovärdig|opålitlig|olämplig|lämplig)\w*|verkar (?:ljuga|rädd|arg|ledsen)\w*|ljuger|"
    r"(?:villkor\w*|rekvisit\w*|förutsättning\w*) (?:är|anses|får anses) (?:inte )?uppfyll\w+|"
    r"(?:skala|nivå|grad) \d|\d+ ?(?:%|procent))",
    re.IGNORECASE,
)


def decision_words(text: str) -> tuple[str, ...]:
    """Words of judgement, level or outcome outside quotes; only a person writes those."""
    return tuple(match[0] for match in _DECIDES.finditer(QUOTED.sub(" ", text)))


def _decision_words(placed: Placed) -> Iterator[Finding]:
    if placed.sentence.kind != "EGNA ORD" and decision_words(placed.sentence.text):
        yield Finding("decision_word", placed.place, "Bedömande ord hör hemma i fält som handläggaren själv fyller.")


def _protests(draft: Draft, said: dict[str, tuple[Observation, Talk]]) -> Iterator[Finding]:
    kept = {cite.observation for s in draft.sentences for cite in s.cites if isinstance(cite, ProtestRef)}
    shown = {cite.observation for s in draft.sentences for cite in s.quotes}
    for id, (observation, _) in said.items():
        if isinstance(observation.standing, Disputed) and id in shown and id not in kept:
            yield Finding("protest_lost", id, "En omtvistad uppgift står utan den enskildes egna ord.")


def _left_out(draft: Draft, confirmed: Sequence[str]) -> Iterator[Finding]:
    listed = draft.cited | {left.observation for left in draft.left_out}
    for id in confirmed:
        if id not in listed:
            yield Finding("left_out", id, "En bekräftad uppgift saknas och är inte angiven som utelämnad.")


def _gaps(draft: Draft, composed: Draft) -> Iterator[Finding]:
    """What code derived, such as areas not touched and people not heard, may not be taken away."""
    kept = {_key(sentence) for sentence in draft.sentences}
    for placed in composed.placed():
        if placed.sentence.kind == "HÄRLEDD" and _key(placed.sentence) not in kept:
            yield Finding("gap_hidden", placed.place, "Något som saknas i underlaget har tagits bort ur texten.")


def _fields(draft: Draft) -> Iterator[Finding]:
    for section in draft.sections:
        if section.field and section.field != COMMUNICATION_REASON and draft.wrote(section.field) is None:
            heading = RESERVED.get(section.field, section.heading)
            yield Finding("field_empty", section.key, f"{heading} är inte ifyllt.")


def _communication(draft: Draft) -> Iterator[Finding]:
    if draft.kind != "decision_basis":
        return
    logged = any(getattr(cite, "kind", "") == "communication" for s in draft.sentences for cite in s.cites)
    if not logged and draft.wrote(COMMUNICATION_REASON) is None:
        yield Finding(
            "communication_missing",
            "communication",
            "Ingen kommunicering är antecknad. Anteckna den, eller skriv varför den inte behövs (FL 25 §).",
        )
