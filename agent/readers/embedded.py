"""The embedded reader: written rules and small linear models. Offline, deterministic, milliseconds an utterance."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from ...knowledge.factors import Catalogue, catalogue
from ...knowledge.participants import Meeting
from ...knowledge.sources import Transcript
from ...tools.proposals import AcuteProposal, ChildsWordsProposal, FactorProposal, NoteProposal, Proposal, Withdrawal
from .acute import signal
from .clauses import Clause
from .judgement import Candidate, distinct, judged, told_of
from .lines import Line, Side, lines
from .particulars import about, flags, source
from .protocol import Logged, Window
from .sayings import childs_words, note
from .weights import Weights, shipped

REMEMBERED = 4096
"""Lines kept judged, so that a live reading does each once or twice."""


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
        self._judged = lru_cache(maxsize=REMEMBERED)(self._judge)

    def _judge(self, line: Line) -> tuple[Candidate, ...]:
        return judged(line, self._weights)

    @property
    def version(self) -> str:
        return f"1-{self._weights.trained_on}"

    def read(self, window: Window) -> list[Proposal]:
        now = self.observations(window.meeting, window.transcript)
        past = Transcript(window.transcript.utterances[: window.new_from])
        before = self.observations(window.meeting, past)
        proposals = list(_changes(before, now, window))
        fresh = [line for line in self._lines(window) if line.utterance.index >= window.new_from]
        for line in fresh:
            proposals += self._said(line)
        return sorted(proposals, key=lambda proposal: window.transcript[proposal.utterance].index)

    def observations(self, meeting: Meeting, transcript: Transcript) -> list[FactorProposal]:
        """Every observation of a talk as it stands, in the order said."""
        found = [one for line in lines(meeting, transcript, self._catalogue) for one in self._judged(line)]
        return [_proposal(candidate) for candidate in distinct(found)]

    def _lines(self, window: Window) -> Iterator[Line]:
        return lines(window.meeting, window.transcript, self._catalogue)

    def _said(self, line: Line) -> Iterator[Proposal]:
        """What rests on the words up to here alone: acute signals, notes, the child's words."""
        deaf = Line(
            line.utterance, line.role, line.standpoint, line.setting, line.child_age, line.fits, line.before, Side(),
            line.question,
        )  # fmt: skip
        found = self._judged(deaf)
        at = line.utterance.id
        alarm = signal(deaf, told_of(deaf, self._weights), self._weights)
        if alarm is not None:
            yield AcuteProposal(at, line.text(alarm.quote), alarm.why)
        if (kept := note(deaf)) is not None:
            yield NoteProposal(at, line.text(kept.quote), kept.heading)
        if (own := childs_words(deaf, found)) is not None:
            yield ChildsWordsProposal(at, line.text(own))


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
