"""`/api/v1`, what people do about the words themselves: suggestions of a second hearing, and whose voice is whose."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import Field

from .api import Id, In, TheHouse, Who
from .asr.differences import Kind
from .rehearing import Answer, Rehearing, Suggestion
from .shapes import Out
from .voices import TOO_MANY, Voices, too_many

words_api = APIRouter(prefix="/api/v1/meetings/{meeting_id}")


class SuggestionOut(Out):
    """Words `first`..`end` of an utterance as they are stored, and as they were heard again."""

    id: str
    utterance: str
    first: int
    end: int
    stored: str
    heard: str
    kind: Kind
    confidence: float | None
    model: str
    answer: Answer | None
    by: str
    at: datetime | None

    @classmethod
    def of(cls, one: Suggestion) -> "SuggestionOut":
        return cls(
            id=one.id, utterance=one.utterance, first=one.first, end=one.end, stored=one.stored, heard=one.heard,
            kind=one.kind, confidence=one.confidence, model=one.model, answer=one.answer,
            by=one.by.name if one.by else "", at=one.at,
        )  # fmt: skip


class AnswerIn(In):
    answer: Answer


class VoiceOut(Out):
    """`participant` is empty and `utterances` counted while nobody is named; `by` said whose it is."""

    voice: str
    participant: str = ""
    by: str = ""
    utterances: int = 0


class VoicesOut(Out):
    voices: list[VoiceOut]
    warning: str


class ParticipantIn(In):
    participant: Annotated[str, Field(max_length=64)]


@words_api.get("/suggestions")
def suggestions(meeting_id: Id, who: Who, house: TheHouse) -> list[SuggestionOut]:
    """What a second hearing of the kept sound heard otherwise: what nobody has answered first, the gravest first."""
    return [SuggestionOut.of(one) for one in Rehearing(house.store, house.clock).suggestions(who, meeting_id)]


@words_api.put("/suggestions/{suggestion_id}/answer")
def answer(meeting_id: Id, suggestion_id: Id, said: AnswerIn, who: Who, house: TheHouse) -> SuggestionOut:
    """Take it, which corrects the words above the stored ones, or dismiss it."""
    return SuggestionOut.of(Rehearing(house.store, house.clock).answer(who, meeting_id, suggestion_id, said.answer))


@words_api.get("/voices")
def voices(meeting_id: Id, who: Who, house: TheHouse) -> VoicesOut:
    """The voices told apart in the meeting, and whose they are."""
    all_voices = Voices(house.store, house.clock)
    named = [
        VoiceOut(voice=one.voice, participant=one.participant, by=one.by.name)
        for one in all_voices.named(who, meeting_id)
    ]
    unnamed = [VoiceOut(voice=one.voice, utterances=one.utterances) for one in all_voices.unnamed(who, meeting_id)]
    crowded = too_many(house.store.meeting(who, meeting_id, at=house.clock()))
    return VoicesOut(voices=[*named, *unnamed], warning=TOO_MANY if crowded and (named or unnamed) else "")


@words_api.put("/voices/{voice}")
def name_voice(meeting_id: Id, voice: Id, given: ParticipantIn, who: Who, house: TheHouse) -> VoicesOut:
    """This voice is this participant's, in all of the meeting."""
    Voices(house.store, house.clock).assign(who, meeting_id, voice, given.participant)
    return voices(meeting_id, who, house)
