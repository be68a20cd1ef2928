"""From a confirmed observation to one Swedish sentence: who says what, about whom, how they know, in their own words.

Nothing is paraphrased. The statement is the quote; the words around it only say whose it is.
"""

import hashlib
from collections.abc import Sequence

from ..knowledge.participants import Participant
from ..knowledge.sources import Quote
from . import naming
from .cites import Mark, ProtestRef, QuoteRef, RecordRef, quote_ref
from .draft import Sentence
from .material import Pinned, Talk
from .observation import Changed, Disputed, Observation

_OF_ONESELF = ("{Who} berättar: {said}", "{Who} säger: {said}", "Så här säger {who}: {said}")
_OF_ANOTHER = ("{Who} berättar om {about}: {said}", "Om {about} säger {who}: {said}", "{Who} säger om {about}: {said}")
_SEEN = (
    "{Who} har själv sett eller hört det och berättar: {said}",
    "Detta har {who} själv sett eller hört: {said}",
)
_HEARSAY = (
    "{Who} återger vad någon annan har sagt: {said}",
    "{Who} har hört det av någon annan och säger: {said}",
)
_DOCUMENT = ("{Who} hänvisar till en handling: {said}", "{Who} återger en handling: {said}")
_ANSWER = ("På frågan {asked} svarar {who}: {said}", "{Who} får frågan {asked} och svarar: {said}")
HEDGES = (
    "Det gäller hur det har varit tidigare.", "Delar av orden hördes otydligt.", "Uppgiften är omtvistad.",
    "Återgivet från någon annan.", "Gäller tidigare.", "Osäker uppgift.", "Omtvistat.",
    "Uppgifterna kommer från olika möten.", "Vid det senare mötet gäller uppgiften hur det har varit tidigare.",
)  # fmt: skip
"""What may stand beside a quote without being anybody's word: how it was heard, when it holds, that it is disputed."""
_OWN_ABOUT = {
    "child": ("barn",),
    "guardian": ("mamma", "pappa", "förälder"),
    "client": ("klient",),
}


def say(observation: Observation, talk: Talk) -> Sentence:
    """The sentence of one observation, kind FAKTA: that it was said is the fact."""
    quote = observation.quote
    who = naming.called(talk.meeting, quote.speaker)
    cites = (cite(observation, talk),)
    if observation.context is not None:
        cites = (*cites, _asked(observation, observation.context, talk))
    text = _pick(_patterns(observation, talk), observation.id).format(
        Who=naming.capital(who),
        who=who,
        about=naming.about(observation.about, child_of(talk)),
        said=quoted(quote.text),
        asked=quoted(observation.context.text, stop=False) if observation.context else "",
    )
    return Sentence("FAKTA", text + _hedges(observation, who), cites, topic=observation.factor.name)


def brief(observation: Observation, talk: Talk) -> Sentence:
    """The same for a table's cell: `Modern: ”…”`, with what the reader must know."""
    who = naming.called(talk.meeting, observation.speaker)
    speaker = talk.meeting.participant(observation.speaker)
    oneself = _about_oneself(observation.about, speaker)
    lead = who if oneself else f"{who} om {naming.about(observation.about, child_of(talk))}"
    cites = (cite(observation, talk),)
    if observation.context is not None:
        asked = _asked(observation, observation.context, talk)
        lead, cites = f"{lead}, på frågan {quoted(asked.text, stop=False)}", (*cites, asked)
    text = f"{naming.capital(lead)}: {quoted(observation.quote.text)}"
    hedges = "".join(
        part
        for part, here in (
            (" Återgivet från någon annan.", observation.source == "hearsay"),
            (" Gäller tidigare.", "past" in observation.flags),
            (" Osäker uppgift.", "uncertain" in observation.flags),
            (" Omtvistat.", isinstance(observation.standing, Disputed)),
        )
        if here
    )
    return Sentence("FAKTA", text + hedges, cites, topic=observation.factor.name)


def protest(observation: Observation, talk: Talk) -> Sentence | None:
    """The words of somebody who says the observation is wrong; they follow it wherever it goes."""
    standing = observation.standing
    if not isinstance(standing, Disputed):
        return None
    reference = ProtestRef(observation.id, talk.id, talk.held, standing.words, standing.by, standing.at)
    text = f"Uppgiften är omtvistad. Vid genomgången antecknades: {quoted(standing.words)}"
    return Sentence("FAKTA", text, (reference, cite(observation, talk)), topic=observation.factor.name)


def statement(observation: Observation, talk: Talk) -> tuple[Sentence, ...]:
    """The sentence, and the protest beside it where there is one."""
    beside = protest(observation, talk)
    return (say(observation, talk),) if beside is None else (say(observation, talk), beside)


def pinned(words: Pinned, talk: Talk) -> Sentence:
    """Words somebody kept verbatim."""
    who = naming.called(talk.meeting, words.quote.speaker)
    text = f"{naming.capital(who)} säger: {quoted(words.quote.text)}"
    return Sentence("FAKTA", text, (cite_pinned(words, talk),))


def cite(observation: Observation, talk: Talk) -> QuoteRef:
    marks: tuple[Mark, ...] = ()
    if "uncertain_hearing" in observation.flags:
        marks = (*marks, "doubtful")
    if talk.transcript.rests_on_correction(observation.quote):
        marks = (*marks, "corrected")
    if isinstance(observation.standing, Changed):
        marks = (*marks, "changed")
    whom = naming.about(observation.about, child_of(talk))
    return _reference(observation.quote, observation.id, talk, marks, whom)


def cite_pinned(words: Pinned, talk: Talk) -> QuoteRef:
    marks: tuple[Mark, ...] = ("doubtful",) if words.quote.doubtful else ()
    if talk.transcript.rests_on_correction(words.quote):
        marks = (*marks, "corrected")
    return _reference(words.quote, words.id, talk, marks)


def meeting_record(talk: Talk) -> RecordRef:
    return RecordRef("meeting", talk.id, f"möte {talk.held}")


def day(talk: Talk) -> str:
    """`20 november 2026`."""
    return naming.long_date(talk.held)


def child_of(talk: Talk) -> str:
    """What the text calls the child: by name if it is known from the meeting, else `barnet`."""
    for person in talk.meeting.participants:
        if person.standpoint == "child":
            return naming.called(talk.meeting, person.id)
    return "barnet"


def quoted(words: str, *, stop: bool = True) -> str:
    """`”Orden.”`, and a full stop after the mark where the words have none of their own.

    A comma where the quote was cut is left out; no word ever is.
    """
    told = words.rstrip(" ,;:–-")
    return f"”{told}”" if not stop or told[-1:] in (".", "!", "?", "…") else f"”{told}”."


def _patterns(observation: Observation, talk: Talk) -> Sequence[str]:
    if observation.context is not None:
        return _ANSWER
    match observation.source:
        case "seen":
            return _SEEN
        case "hearsay":
            return _HEARSAY
        case "document":
            return _DOCUMENT
        case "told_of_oneself" | "told_of_another":
            speaker = talk.meeting.participant(observation.speaker)
            return _OF_ONESELF if _about_oneself(observation.about, speaker) else _OF_ANOTHER


def _about_oneself(about: str, speaker: Participant) -> bool:
    own = _OWN_ABOUT.get(speaker.standpoint, ())
    if about == "familj":
        return bool(own)
    if speaker.standpoint == "guardian" and naming.definite(speaker) in ("modern", "fadern"):
        return naming.about(about) == naming.definite(speaker)
    return about in own


def _hedges(observation: Observation, who: str) -> str:
    parts: list[str] = []
    if "past" in observation.flags:
        parts.append("Det gäller hur det har varit tidigare.")
    if "uncertain" in observation.flags:
        parts.append(f"{naming.capital(who)} säger sig vara osäker.")
    if "uncertain_hearing" in observation.flags:
        parts.append("Delar av orden hördes otydligt.")
    return "".join(f" {part}" for part in parts)


def _asked(observation: Observation, question: Quote, talk: Talk) -> QuoteRef:
    return _reference(question, observation.id, talk, ())


def _reference(quote: Quote, id: str, talk: Talk, marks: tuple[Mark, ...], whom: str = "") -> QuoteRef:
    return quote_ref(
        quote,
        observation=id,
        meeting=talk.id,
        held=talk.held,
        who=naming.called(talk.meeting, quote.speaker),
        standpoint=talk.meeting.participant(quote.speaker).standpoint,
        about=whom,
        marks=marks,
    )


def _pick(patterns: Sequence[str], key: str) -> str:
    """The same observation always reads the same; neighbours vary."""
    return patterns[hashlib.sha256(key.encode()).digest()[0] % len(patterns)]
