"""Words taken back by somebody in the room: they and what was read out of them are erased, a marked gap stays."""

from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select

from ...knowledge.sources import Correction, Utterance
from ..security.access import Actor
from .act import Act
from .findings import Findings, KeptAcute, KeptNote
from .kept import KeptObservation, KeptQuote
from .records import Gap
from .tables import (
    AcuteRow,
    AcuteSeenRow,
    CorrectionRow,
    GapRow,
    MeetingRow,
    NoteRow,
    ObservationRow,
    StrikingRow,
    UtteranceRow,
)

R = TypeVar("R", ObservationRow, AcuteRow, NoteRow, CorrectionRow)
Places = Mapping[str, frozenset[int]]
"""Utterance id -> offsets of words."""


class Strikes(Findings):
    """The room of the store that forgets."""

    def strike(self, actor: Actor, meeting_id: str, start_ms: int, end_ms: int, *, at: datetime) -> None:
        """Erase the words of a stretch of a live meeting, and every proposal, note and correction resting on them.

        Words that a person has answered for stay. Doing it again after a crash changes nothing.
        """
        with self._act(at) as act:
            meeting = act.enter_meeting(actor, meeting_id, to_write=True)
            gap = Gap(f"{meeting_id}-struck-{start_ms}-{end_ms}", "struck", start_ms, end_ms, "")
            row = GapRow(id=gap.id, case_id=meeting.case_id, meeting_id=meeting_id, start_ms=start_ms)
            act.put_once(row, gap)
            object_id = f"{meeting_id}/{gap.id}"
            act.note(actor, "strike", at=at, case_id=meeting.case_id, object_id=object_id, key=f"strike:{object_id}")
            with _striking(act, meeting.case_id):
                struck = _strike_words(act, meeting, start_ms, end_ms, _answered_for(act, meeting_id))
                _forget_what_rests_on(act, meeting_id, struck)


@contextmanager
def _striking(act: Act, case_id: str) -> Generator[None]:
    """Tell the append-only triggers, for this transaction alone, that words are being struck."""
    mark = StrikingRow(case_id=case_id)
    act.session.add(mark)
    act.session.flush()
    yield
    act.session.flush()
    act.session.delete(mark)


def _strike_words(act: Act, meeting: MeetingRow, start_ms: int, end_ms: int, spared: frozenset[str]) -> Places:
    """Strike the words in the stored utterances, `spared` ones left alone."""
    struck: dict[str, frozenset[int]] = {}
    for row in act.session.scalars(select(UtteranceRow).where(UtteranceRow.meeting_id == meeting.id)):
        said = act.open(row, Utterance)
        left = said.without(start_ms, end_ms)
        if left != said and said.id not in spared:
            row.sealed = act.seal(row, left)
            pairs = enumerate(zip(said.words, left.words, strict=True))
            struck[said.id] = frozenset(place for place, (before, after) in pairs if before != after)
    return struck


def _answered_for(act: Act, meeting_id: str) -> frozenset[str]:
    """The utterances that a person's answer rests on."""
    kept = (act.open(row, KeptObservation) for row in _rows(act, ObservationRow, meeting_id))
    quotes = (quote for one in kept if one.standing.by is not None for quote in (one.quote, one.context))
    return frozenset(quote.utterance for quote in quotes if quote is not None)


def _forget_what_rests_on(act: Act, meeting_id: str, struck: Places) -> None:
    observations = list(_rows(act, ObservationRow, meeting_id))
    opened = [(row.id, act.open(row, KeptObservation)) for row in observations]
    # All versions go if one rests on struck words: the words stand in each of them.
    gone = {id for id, kept in opened if _touches(kept.quote, struck) or _touches(kept.context, struck)}
    for row in observations:
        if row.id in gone:
            act.session.delete(row)
    for row in _rows(act, AcuteRow, meeting_id):
        if _touches(act.open(row, KeptAcute).quote, struck):
            for seen in act.session.scalars(select(AcuteSeenRow).where(AcuteSeenRow.signal_id == row.id)):
                act.session.delete(seen)
            act.session.flush()  # Who has seen it points at it.
            act.session.delete(row)
    for row in _rows(act, NoteRow, meeting_id):
        if _touches(act.open(row, KeptNote).quote, struck):
            act.session.delete(row)
    for row in _rows(act, CorrectionRow, meeting_id):
        correction = act.open(row, Correction)
        if _inside(correction.utterance_id, correction.first, correction.end, struck):
            act.session.delete(row)


def _rows(act: Act, kind: type[R], meeting_id: str) -> Iterable[R]:
    return act.session.scalars(select(kind).where(kind.meeting_id == meeting_id))


def _touches(quote: KeptQuote | None, struck: Places) -> bool:
    return quote is not None and _inside(quote.utterance, quote.first, quote.end, struck)


def _inside(utterance: str, first: int, end: int, struck: Places) -> bool:
    return any(first <= place < end for place in struck.get(utterance, ()))
