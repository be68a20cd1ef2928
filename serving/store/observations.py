"""Observations. One loads only if its quote is found in the stored words; every version of it is kept."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from ...agent.observation import Observation
from ...knowledge.errors import IllegalState
from ...knowledge.sources import Transcript
from ..security.access import Actor
from .act import Act, Ground
from .kept import KeptObservation, KeptStanding, observation_of, to_keep
from .meetings import transcript_of
from .tables import MeetingRow, ObservationRow


class Observations(Ground):
    """The rooms of the store that hold observations."""

    def save_observation(self, actor: Actor, observation: Observation, *, at: datetime) -> None:
        """Keep an observation, or a new standing of one. The same again changes nothing, nor does a proposal of what
        a person has already answered for.

        Raises IllegalState if its quote is not in the stored words, or its content differs without a person's change.
        """
        with self._act(at) as act:
            row = act.enter_meeting(actor, observation.meeting_id, to_write=True)
            self._save(act, actor, row, observation, transcript_of(act, row.id), at)

    def _save(
        self, act: Act, actor: Actor, meeting: MeetingRow, observation: Observation, transcript: Transcript,
        at: datetime,
    ) -> None:  # fmt: skip
        if observation.meeting_id != meeting.id:
            raise IllegalState("the observation belongs to another meeting", where=f"observation {observation.id}")
        kept = to_keep(observation, transcript)
        versions = [act.open(row, KeptObservation) for row in _versions(act, observation.id)]
        number = len(versions)
        if not versions or _is_news(observation.id, versions, kept):
            number += 1
            row = ObservationRow(id=observation.id, version=number, case_id=meeting.case_id, meeting_id=meeting.id)
            act.put_once(row, kept)
        act.note(
            actor, "save observation", at=at, case_id=meeting.case_id, object_id=f"{observation.id}/{number}",
            key=f"save observation:{observation.id}/{number}",
        )  # fmt: skip

    def _withdraw(
        self, act: Act, actor: Actor, meeting: MeetingRow, observation_id: str, utterance_id: str, at: datetime
    ) -> None:
        """The speaker took it back before anybody looked. What a person has answered for stays."""
        rows = _versions(act, observation_id)
        if not rows or rows[-1].meeting_id != meeting.id:
            return
        last = act.open(rows[-1], KeptObservation)
        if last.standing.kind != "proposed":
            return
        gone = KeptObservation(
            last.factor, last.quote, last.about, last.source, last.proposer, last.flags, last.context,
            KeptStanding("withdrawn", at=at, text=utterance_id),
        )  # fmt: skip
        number = rows[-1].version + 1
        act.put_once(
            ObservationRow(id=observation_id, version=number, case_id=meeting.case_id, meeting_id=meeting.id), gone
        )
        key = f"save observation:{observation_id}/{number}"
        act.note(
            actor, "save observation", at=at, case_id=meeting.case_id, object_id=f"{observation_id}/{number}", key=key
        )

    def observations(
        self, actor: Actor, meeting_id: str, *, at: datetime, key: str | None = None
    ) -> tuple[Observation, ...]:
        """The meeting's observations as they stand now, in the order of their words; withdrawn ones left out.

        Raises IllegalState if a quote is not found in the stored words.
        """
        with self._act(at) as act:
            row = act.enter_meeting(actor, meeting_id)
            act.note(actor, "read observations", at=at, case_id=row.case_id, object_id=meeting_id, key=key)
            return _observations(act, meeting_id)

    def case_observations(
        self, actor: Actor, case_id: str, *, at: datetime, key: str | None = None
    ) -> tuple[Observation, ...]:
        """All meetings' observations in a case, meeting by meeting in the order they were held."""
        with self._act(at) as act:
            act.require(actor, "content", case_id)
            act.note(actor, "read observations", at=at, case_id=case_id, key=key)
            meetings = act.session.scalars(
                select(MeetingRow.id).where(MeetingRow.case_id == case_id).order_by(MeetingRow.started, MeetingRow.id)
            ).all()
            return tuple(found for meeting_id in meetings for found in _observations(act, meeting_id))

    def history(
        self, actor: Actor, observation_id: str, meeting_id: str, *, at: datetime, key: str | None = None
    ) -> tuple[Observation, ...]:
        """Every version of an observation, the proposal first. A withdrawal is not a version."""
        with self._act(at) as act:
            row = act.enter_meeting(actor, meeting_id)
            act.note(actor, "read observations", at=at, case_id=row.case_id, object_id=observation_id, key=key)
            transcript = transcript_of(act, meeting_id)
            kept = [act.open(row, KeptObservation) for row in _versions(act, observation_id)]
            return tuple(
                observation_of(observation_id, meeting_id, version, transcript)
                for version in kept
                if version.standing.kind != "withdrawn"
            )


def _observations(act: Act, meeting_id: str) -> tuple[Observation, ...]:
    transcript = transcript_of(act, meeting_id)
    rows = act.session.scalars(
        select(ObservationRow).where(ObservationRow.meeting_id == meeting_id).order_by(ObservationRow.version)
    )
    last = {row.id: row for row in rows}
    kept = {id: act.open(row, KeptObservation) for id, row in last.items()}
    found = [
        observation_of(id, meeting_id, version, transcript)
        for id, version in kept.items()
        if version.standing.kind != "withdrawn"
    ]
    return tuple(sorted(found, key=lambda o: (o.quote.utterance.index, o.quote.first, o.id)))


def _versions(act: Act, observation_id: str) -> list[ObservationRow]:
    query = select(ObservationRow).where(ObservationRow.id == observation_id).order_by(ObservationRow.version)
    return list(act.session.scalars(query))


def _is_news(id: str, versions: Sequence[KeptObservation], new: KeptObservation) -> bool:
    last = versions[-1]
    if new in versions or (new.standing.kind == "proposed" and last.standing.kind != "proposed"):
        return False  # Done again after a crash; what a person answered, or the speaker took back, stands.
    if new.content == last.content:
        return new.standing != last.standing
    if new.standing.kind not in ("proposed", "changed"):
        raise IllegalState(
            "an observation's content is changed only by a person who says so",
            where=f"observation {id}",
            mend="give it the standing Changed",
        )
    return True
