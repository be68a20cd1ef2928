"""The gap ledger: what was said and not used, not touched, not heard. "Not touched" is never "absent"."""

from collections.abc import Iterable
from dataclasses import dataclass

from ..knowledge.factors import Catalogue
from ..knowledge.participants import Meeting, Participant
from ..knowledge.sources import Transcript, Utterance
from .observation import Observation

QUESTION_WORDS = ("vad", "vem", "vilka", "vilken", "hur", "när", "var", "varför", "kan", "har", "är", "brukar", "får")
MANY_WORDS = 12
"""An utterance at least this long that no observation uses is worth a second look."""


@dataclass(frozen=True, slots=True)
class GapLedger:
    """What the record of a meeting leaves open. All times in milliseconds.

    `unused` are utterance ids with many words that no observation quotes, in order of speech.
    `open_questions` are the caseworker's questions that nobody answered with more than a sound.
    """

    areas_not_touched: tuple[str, ...]
    spoken_ms: int
    unused_ms: int
    unused: tuple[str, ...]
    not_heard: tuple[str, ...]
    """Roles of child, guardian or client in the room who said nothing."""
    open_questions: tuple[str, ...]
    doubtful_words: int


def gaps(
    meeting: Meeting, transcript: Transcript, observations: Iterable[Observation], catalogue: Catalogue
) -> GapLedger:
    """The ledger after these utterances and observations. Pure arithmetic over what is there."""
    used = {observation.quote.utterance.id for observation in observations}
    touched = {observation.factor.area for observation in observations}
    theirs = [u for u in transcript.utterances if _evidence(meeting.participant(u.speaker))]
    unused = [u for u in theirs if u.id not in used]
    spoke = {u.speaker for u in transcript.utterances}
    return GapLedger(
        areas_not_touched=tuple(a for a in catalogue.areas(meeting.child_age) if a not in touched),
        spoken_ms=sum(u.end_ms - u.start_ms for u in theirs),
        unused_ms=sum(u.end_ms - u.start_ms for u in unused),
        unused=tuple(u.id for u in unused if len(u.words) >= MANY_WORDS),
        not_heard=tuple(
            p.role
            for p in meeting.participants
            if p.standpoint in ("child", "guardian", "client") and p.id not in spoke
        ),
        open_questions=tuple(_unanswered(meeting, transcript)),
        doubtful_words=sum(word.doubtful for u in transcript.utterances for word in u.words),
    )


def _evidence(participant: Participant) -> bool:
    return participant.standpoint not in ("caseworker",)


def _unanswered(meeting: Meeting, transcript: Transcript) -> Iterable[str]:
    said = transcript.utterances
    for place, utterance in enumerate(said):
        asked = meeting.participant(utterance.speaker).standpoint == "caseworker" and _is_question(utterance)
        following = said[place + 1] if place + 1 < len(said) else None
        answered = following is not None and following.speaker != utterance.speaker and _says_something(following)
        if asked and not answered:
            yield utterance.id


def _is_question(utterance: Utterance) -> bool:
    return utterance.text.rstrip().endswith("?") or utterance.words[0].text.casefold() in QUESTION_WORDS


_SOUNDS = frozenset(("hm", "hmm", "mm", "eh", "öh", "äh", "vet", "inte", "ej", "jag", "alltså", "..."))


def _says_something(utterance: Utterance) -> bool:
    return any(word.text.casefold().strip(".,!?…") not in _SOUNDS for word in utterance.words)
