"""The gate: every proposal, from whichever reader, is checked here in code before it becomes an observation."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from ..knowledge.factors import Catalogue
from ..knowledge.participants import Meeting
from ..knowledge.quotes import find_quote
from ..knowledge.sources import Quote, Transcript
from ..tools.proposals import (
    Accepted,
    AcuteProposal,
    ChildsWordsProposal,
    FactorProposal,
    NoteProposal,
    Proposal,
    Refused,
    Withdrawal,
)
from .observation import AcuteSignal, Flag, Observation, Proposed, Proposer

Kept = TypeVar("Kept")

SHORT_ANSWER_WORDS = 3
"""An answer this short says what it says only together with the question before it."""


@dataclass(frozen=True, slots=True)
class JournalNote:
    """Words sorted under a journal heading."""

    id: str
    quote: Quote
    heading: str


@dataclass(frozen=True, slots=True)
class ChildsWords:
    """The child's own words, kept verbatim."""

    id: str
    quote: Quote


@dataclass(frozen=True, slots=True)
class Refusal:
    """A proposal that did not pass, for the log of refusals: what kind, about which utterance, never the words."""

    kind: str
    tool: str
    utterance: str
    proposer: Proposer


@dataclass
class Gate:
    """Keeps what passes. One gate a meeting; observations already in the store are handed in at the start."""

    meeting: Meeting
    transcript: Transcript
    catalogue: Catalogue
    proposer: Proposer
    observations: dict[str, Observation] = field(default_factory=dict[str, Observation])
    acute: dict[str, AcuteSignal] = field(default_factory=dict[str, AcuteSignal])
    notes: dict[str, JournalNote] = field(default_factory=dict[str, JournalNote])
    childs_words: dict[str, ChildsWords] = field(default_factory=dict[str, ChildsWords])
    withdrawn: dict[str, str] = field(default_factory=dict[str, str])
    """Observation id -> utterance id whose words took it back."""
    refusals: list[Refusal] = field(default_factory=list[Refusal])

    def submit(self, proposal: Proposal) -> Accepted | Refused:
        answer = self._answer(proposal)
        if isinstance(answer, Refused):
            tool = type(proposal).__name__
            self.refusals.append(Refusal(answer.kind, tool, proposal.utterance, self.proposer))
        return answer

    def _answer(self, proposal: Proposal) -> Accepted | Refused:
        if proposal.utterance not in self.transcript:
            return Refused("no_such_utterance", "Yttrandet finns inte. Använd ett id ur samtalet.")
        match proposal:
            case Withdrawal():
                return self._withdraw(proposal)
            case FactorProposal() | AcuteProposal() | NoteProposal() | ChildsWordsProposal():
                quote = find_quote(self.transcript[proposal.utterance], proposal.quote)
                if quote is None:
                    return Refused("quote_not_found", "Orden finns inte i yttrandet. Citera ordagrant ur det.")
                if self.meeting.participant(quote.speaker).standpoint == "caseworker":
                    return Refused("caseworkers_words", "Socialsekreterarens ord är aldrig underlag. Citera svaret.")
                return self._quoted(proposal, quote)

    def _quoted(
        self, proposal: FactorProposal | AcuteProposal | NoteProposal | ChildsWordsProposal, quote: Quote
    ) -> Accepted | Refused:
        match proposal:
            case FactorProposal():
                return self._factor(proposal, quote)
            case AcuteProposal():
                return self._keep(
                    self.acute,
                    "a",
                    quote,
                    lambda key: AcuteSignal(key, self.meeting.id, quote, proposal.why, self.proposer),
                )
            case NoteProposal():
                return self._keep(self.notes, "n", quote, lambda key: JournalNote(key, quote, proposal.heading))
            case ChildsWordsProposal():
                if self.meeting.participant(quote.speaker).standpoint != "child":
                    return Refused("not_the_child", "Bara barnets egna yttranden kan sparas som barnets ord.")
                return self._keep(self.childs_words, "c", quote, lambda key: ChildsWords(key, quote))

    def _factor(self, proposal: FactorProposal, quote: Quote) -> Accepted | Refused:
        if proposal.factor not in self.catalogue:
            return Refused("no_such_factor", "Faktorn finns inte i katalogen. Välj ett id ur den.")
        factor = self.catalogue[proposal.factor]
        if factor.polarity != proposal.polarity:
            return Refused("wrong_polarity", f"{factor.id} är inte den sortens faktor. Använd det andra verktyget.")
        if not factor.fits(self.meeting.child_age):
            return Refused("wrong_age", f"{factor.id} gäller inte den här åldern. Välj en annan faktor.")
        if proposal.updates:
            logged = self.observations.get(proposal.updates)
            if logged is None or not isinstance(logged.standing, Proposed):
                return Refused("no_such_observation", "Det finns ingen sådan oprövad logg att rätta.")
        twin = self._twin(proposal, quote)
        if twin is not None:
            return Refused("already_logged", f"Samma omständighet är redan loggad som {twin.id}. Rätta den i stället.")
        flags: frozenset[Flag] = frozenset(proposal.flags)
        observation = Observation(
            id=self._id("o", quote, factor.id),
            meeting_id=self.meeting.id,
            factor=factor,
            quote=quote,
            about=proposal.about,
            source=proposal.source,
            proposer=self.proposer,
            flags=flags,
            context=self._question_before(quote),
        )
        if proposal.updates:
            self.observations.pop(proposal.updates)
            self.withdrawn[proposal.updates] = proposal.utterance
        self.observations[observation.id] = observation
        return Accepted(observation.id)

    def _twin(self, proposal: FactorProposal, quote: Quote) -> Observation | None:
        for other in self.observations.values():
            same_words = (
                other.quote.utterance.id == quote.utterance.id
                and other.quote.first < quote.end
                and quote.first < other.quote.end
            )
            if same_words and other.factor.id == proposal.factor and other.id != proposal.updates:
                return other
        return None

    def _withdraw(self, proposal: Withdrawal) -> Accepted | Refused:
        logged = self.observations.get(proposal.observation)
        if logged is None or not isinstance(logged.standing, Proposed):
            return Refused("no_such_observation", "Det finns ingen sådan oprövad logg att ta tillbaka.")
        self.observations.pop(proposal.observation)
        self.withdrawn[proposal.observation] = proposal.utterance
        return Accepted(proposal.observation)

    def _question_before(self, quote: Quote) -> Quote | None:
        """The caseworker's question that a short answer belongs to; it explains the answer and is no evidence."""
        if len(quote.utterance.words) > SHORT_ANSWER_WORDS or quote.utterance.index == 0:
            return None
        before = self.transcript.utterances[quote.utterance.index - 1]
        if self.meeting.participant(before.speaker).standpoint != "caseworker":
            return None
        return Quote(before, 0, len(before.words))

    def _keep(self, kept: dict[str, Kept], kind: str, quote: Quote, make: Callable[[str], Kept]) -> Accepted:
        id = self._id(kind, quote)
        kept.setdefault(id, make(id))
        return Accepted(id)

    def _id(self, kind: str, quote: Quote, factor: str = "") -> str:
        """The same words give the same id, so that a reading repeated after a crash changes nothing."""
        key = f"{self.meeting.id}|{factor}|{quote.utterance.id}|{quote.first}|{quote.end}"
        return f"{kind}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"
