"""The embedded reader: written rules and small linear models. Offline, deterministic, milliseconds an utterance."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import NamedTuple

from ...knowledge.factors import Catalogue, catalogue
from ...knowledge.participants import Meeting, Participant
from ...knowledge.sources import Transcript, utterance_of_text
from ...tools.proposals import AcuteProposal, ChildsWordsProposal, FactorProposal, NoteProposal, Proposal, Withdrawal
from .acute import danger, heard, signal
from .alarm import TOGETHER, signalled
from .clauses import Clause
from .context import Listener, Opinion
from .judgement import Answers, Candidate, distinct, heard_on, judged, told_of
from .lines import Line, Side, lines, sides
from .particulars import about, flags, source
from .protocol import Logged, Window
from .reaction import REACH, Turn, reaction
from .sayings import childs_words, note
from .weights import Weights, shipped

REMEMBERED = 4096
"""Lines kept judged, so that a live reading does each once or twice."""
WARMING = "Pappa slår mig, och jag vill ta livet av mig i kväll."
"""Words that every model and list is asked about."""


class _Key(NamedTuple):
    """What tells an observation from another: factor, utterance, words."""

    factor: str
    utterance: str
    quote: str


class EmbeddedReader:
    """Reads the whole talk each time and proposes what has changed since the last reading.

    What it proposes depends on the talk alone, so reading utterance by utterance ends where reading at once does.
    """

    name = "embedded"

    def __init__(self, weights: Weights | None = None, factors: Catalogue | None = None) -> None:
        self._weights = weights or shipped()
        self._catalogue = factors or catalogue()
        self._told = lru_cache(maxsize=REMEMBERED)(self._answers)
        self._judged = lru_cache(maxsize=REMEMBERED)(self._judge)
        self._danger = lru_cache(maxsize=REMEMBERED)(self._sounds)
        self._reaction = lru_cache(maxsize=REMEMBERED)(self._answers_danger)
        self._listener = Listener(self._weights.context)

    def _judge(self, line: Line, context: Opinion) -> tuple[Candidate, ...]:
        return judged(line, replace(self._told(line), context=context), self._weights)

    def _answers(self, line: Line) -> Answers:
        deaf = _deaf(line)
        if line == deaf:
            return told_of(line, self._weights)
        return heard_on(line, self._told(deaf), self._weights)

    def _sounds(self, line: Line) -> float:
        return danger(line, self._weights)

    def _answers_danger(self, side: Side) -> float | None:
        return reaction(side, self._weights.reaction)

    @property
    def version(self) -> str:
        return f"1-{self._weights.trained_on}"

    def warm(self) -> None:
        """Load every word list now, so that the first words of a meeting do not wait for them."""
        child = Meeting("warming", "barnsamtal", 12, (Participant("B", "barn"),))
        self.read(Window(child, Transcript((utterance_of_text("u0", 0, "B", WARMING),)), 0))

    def read(self, window: Window) -> list[Proposal]:
        opinions = self._opinions(window.meeting, window.transcript)
        now = self._observed(window.meeting, window.transcript, opinions)
        past = Transcript(window.transcript.utterances[: window.new_from])
        before = self._observed(window.meeting, past, opinions)
        proposals = list(_changes(before, now, window))
        for line in self._lines(window):
            if line.utterance.index >= window.new_from:
                proposals += self._said(_deaf(line), opinions[line.utterance.index][0])
        proposals += self._signals(window, opinions)
        return sorted(proposals, key=lambda proposal: window.transcript[proposal.utterance].index)

    def observations(self, meeting: Meeting, transcript: Transcript) -> list[FactorProposal]:
        """Every observation of a talk as it stands, in the order said."""
        return self._observed(meeting, transcript, self._opinions(meeting, transcript))

    def _observed(
        self, meeting: Meeting, transcript: Transcript, opinions: Sequence[Sequence[Opinion]]
    ) -> list[FactorProposal]:
        """The same, where `opinions` may have heard more of the talk than `transcript` holds."""
        found: list[Candidate] = []
        for line in lines(meeting, transcript, self._catalogue):
            at = line.utterance.index
            found += self._judged(line, opinions[at][: len(transcript) - at][-1])
        return [_proposal(candidate) for candidate in distinct(found, self._weights.thresholds)]

    def _lines(self, window: Window) -> Iterator[Line]:
        return lines(window.meeting, window.transcript, self._catalogue)

    def _opinions(self, meeting: Meeting, transcript: Transcript) -> Sequence[Sequence[Opinion]]:
        return self._listener.opinions(sides(meeting, transcript), meeting.child_age)

    def _signals(self, window: Window, opinions: Sequence[Sequence[Opinion]]) -> Iterator[AcuteProposal]:
        """The signals that the new utterances raise, on themselves and on lines that they make plain."""
        spoken = [_deaf(line) for line in self._lines(window)]
        dangers = {line.utterance.index: self._danger(line) for line in spoken}
        said = sides(window.meeting, window.transcript)
        earlier = [*dangers.values()]
        sounds: dict[int, Sequence[float]] = {}
        for place, line in enumerate(spoken):
            at = line.utterance.index
            if at + REACH + TOGETHER >= window.new_from:
                following = [
                    self._turn(line, side, dangers.get(after))
                    for after, side in enumerate(said[at + 1 : at + 1 + REACH], at + 1)
                ]
                told = self._told_early(line, opinions)
                sounds[at] = heard(line, told, earlier[:place], following, opinions[at], self._weights)
        plain = signalled(sounds, self._weights.thresholds["acute"])
        for line in spoken:
            at = line.utterance.index
            if at in plain and at + plain[at] >= window.new_from:
                quote, why = signal(line, self._told_early(line, opinions), self._weights)
                yield AcuteProposal(line.utterance.id, line.text(quote), why)

    def _told_early(self, line: Line, opinions: Sequence[Sequence[Opinion]]) -> Answers:
        """What the models say of a line that nothing has followed."""
        return replace(self._told(line), context=opinions[line.utterance.index][0])

    def _turn(self, line: Line, side: Side, danger: float | None) -> Turn:
        """An utterance as it bears on a line before it."""
        if side.standpoint == "caseworker":
            return Turn(True, self._reaction(side))
        return Turn(False, danger if side.standpoint == line.standpoint else None)

    def _said(self, line: Line, opinion: Opinion) -> Iterator[Proposal]:
        """What rests on the words up to here alone: notes, the child's words."""
        found = self._judged(line, opinion)
        at = line.utterance.id
        if (kept := note(line)) is not None:
            yield NoteProposal(at, line.text(kept.quote), kept.heading)
        if (own := childs_words(line, found)) is not None:
            yield ChildsWordsProposal(at, line.text(own))


def _deaf(line: Line) -> Line:
    """The line without what was said after it."""
    return replace(line, after=Side())


def _proposal(candidate: Candidate) -> FactorProposal:
    line, quote, factor = candidate.line, candidate.quote, candidate.factor
    who = about(line, quote, factor)
    return FactorProposal(
        candidate.polarity,
        factor,
        line.utterance.id,
        line.text(quote),
        who,
        source(line, quote, factor, who),
        flags(line, quote, factor),
    )


def _changes(before: Sequence[FactorProposal], now: Sequence[FactorProposal], window: Window) -> Iterator[Proposal]:
    """From what was proposed to what should stand: new ones, mended ones, and those to take back."""
    was, wanted = {_key(one): one for one in before}, {_key(one): one for one in now}
    standing = {_Key(one.factor, one.utterance, one.quote): one for one in window.logged}
    gone = [standing[key] for key in was if key not in wanted and key in standing]
    latest = window.transcript.utterances[-1].id if len(window.transcript) else ""
    for key, one in wanted.items():
        if key in was:
            continue
        replaced = next((old for old in gone if old.utterance == one.utterance or old.factor == one.factor), None)
        if replaced is None:
            yield one
        else:
            gone.remove(replaced)
            yield FactorProposal(
                one.polarity, one.factor, one.utterance, one.quote, one.about, one.source, one.flags, replaced.id
            )
    for old in gone:
        yield Withdrawal(old.id, latest)


def _key(one: FactorProposal) -> _Key:
    return _Key(one.factor, one.utterance, one.quote)


__all__ = ["Clause", "EmbeddedReader", "Logged"]
