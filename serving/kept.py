"""Lists kept with a meeting beside its words: pins, suggestions, whose voice is whose. Each change is a new version."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from pydantic import TypeAdapter

from .security.access import Actor
from .store.facade import Store
from .store.records import Document

Row = TypeVar("Row")


@dataclass(frozen=True)
class KeptList(Generic[Row]):
    """One kind of list. `id` names a meeting's document of it."""

    id: Callable[[str], str]
    rows: TypeAdapter[list[Row]]

    def among(self, documents: Iterable[Document], meeting_id: str) -> list[Row]:
        """The meeting's list among the documents of its case; empty where none is kept."""
        kept = next((document for document in documents if document.id == self.id(meeting_id)), None)
        return [] if kept is None else self.rows.validate_json(kept.content)

    def of(self, store: Store, actor: Actor, meeting_id: str, at: datetime) -> list[Row]:
        """The meeting's list as it is stored."""
        return self.among(documents_beside(store, actor, meeting_id, at), meeting_id)

    def save(self, store: Store, actor: Actor, meeting_id: str, rows: list[Row], at: datetime) -> None:
        store.save_document(
            actor,
            id=self.id(meeting_id),
            case_id=store.case_of_meeting(meeting_id),
            kind="other",
            content=self.rows.dump_json(rows).decode(),
            at=at,
            meeting_id=meeting_id,
        )


def documents_beside(store: Store, actor: Actor, meeting_id: str, at: datetime) -> tuple[Document, ...]:
    """What is kept with a meeting that is no paper of its own."""
    return store.documents(actor, store.case_of_meeting(meeting_id), at=at, kind="other", meeting_id=meeting_id)
