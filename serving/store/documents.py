"""What is written: journal entries, children's versions, decision bases. Versions are kept; approval is by digest."""

from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from sqlalchemy import select

from ...agent.observation import Person
from ...knowledge.errors import IllegalState
from ..security.access import Actor
from .act import Act, Ground, digest_of
from .errors import NotThere
from .records import Approval, Document, DocumentKind, Export
from .tables import ApprovalRow, DocumentRow, ExportRow


@dataclass(frozen=True, slots=True)
class KeptDocument:
    content: str
    by: Person


@dataclass(frozen=True, slots=True)
class KeptApproval:
    digest: str
    by: Person
    note: str


class Documents(Ground):
    """The rooms of the store that hold documents, approvals and exports."""

    def save_document(
        self, actor: Actor, *, id: str, case_id: str, kind: DocumentKind, content: str, at: datetime,
        meeting_id: str | None = None, digest: str | None = None,
    ) -> Document:  # fmt: skip
        """Keep a new version of a document; content equal to the last version's is that version again.

        `content` is exactly what is shown to the person who approves. `digest` is SHA-256 of it unless the writer
        has its own way to fingerprint what was shown.
        """
        with self._act(at) as act:
            act.require(actor, "content", case_id)
            if meeting_id is not None and act.meeting(meeting_id).case_id != case_id:
                raise IllegalState("the meeting belongs to another case", where=f"document {id}")
            last = _newest(act, id, to_write=True)
            if last is not None and (last.case_id, last.kind, last.meeting_id) != (case_id, kind, meeting_id):
                raise IllegalState("another document has this id", where=id)
            wanted = digest or digest_of(content)
            if last is not None and last.digest == wanted and act.open(last, KeptDocument).content == content:
                row = last
            else:
                row = DocumentRow(
                    id=id, version=1 if last is None else last.version + 1, case_id=case_id, meeting_id=meeting_id,
                    kind=kind, digest=wanted, written=at,
                )  # fmt: skip
                act.put_once(row, KeptDocument(content, actor.person))
            act.note(
                actor, "save document", at=at, case_id=case_id, object_id=f"{id}/{row.version}",
                content=row.digest.encode(), key=f"save document:{id}/{row.version}",
            )  # fmt: skip
            return _document(act, row)

    def document(
        self, actor: Actor, id: str, *, at: datetime, version: int | None = None, key: str | None = None
    ) -> Document:
        """A version of a document, the newest if none is named."""
        with self._act(at) as act:
            row = _newest(act, id) if version is None else act.session.get(DocumentRow, (id, version))
            if row is None:
                raise NotThere("there is no such document", where=id)
            act.require(actor, "content", row.case_id)
            object_id = f"{id}/{row.version}"
            act.note(actor, "read document", at=at, case_id=row.case_id, object_id=object_id, key=key)
            return _document(act, row)

    def documents(
        self, actor: Actor, case_id: str, *, at: datetime, kind: DocumentKind | None = None,
        meeting_id: str | None = None, key: str | None = None,
    ) -> tuple[Document, ...]:  # fmt: skip
        """The newest version of each of the case's documents, oldest document first."""
        with self._act(at) as act:
            act.require(actor, "content", case_id)
            act.note(actor, "read document", at=at, case_id=case_id, object_id=kind or "all", key=key)
            query = select(DocumentRow).where(DocumentRow.case_id == case_id).order_by(DocumentRow.version)
            if kind is not None:
                query = query.where(DocumentRow.kind == kind)
            if meeting_id is not None:
                query = query.where(DocumentRow.meeting_id == meeting_id)
            newest = {row.id: row for row in act.session.scalars(query)}
            rows = sorted(newest.values(), key=lambda row: (row.written, row.id))
            return tuple(_document(act, row) for row in rows)

    def approve(self, actor: Actor, document_id: str, digest: str, *, at: datetime, note: str = "") -> Approval:
        """A named person approves the newest version, by the digest of exactly what was shown to them.

        The same approval again is the same approval. Raises IllegalState if the newest version has another digest,
        and for an actor who is no person.
        """
        with self._act(at) as act:
            row = _newest(act, document_id, to_write=True)
            if row is None:
                raise NotThere("there is no such document", where=document_id)
            act.require(actor, "content", row.case_id)
            if actor.role == "system":
                raise IllegalState("only a named person approves", where=f"document {document_id}")
            if row.digest != digest:
                raise IllegalState(
                    "what was shown is not the newest version", where=document_id, mend="read the newest and approve it"
                )
            kept = act.session.get(ApprovalRow, (document_id, row.version, actor.id))
            if kept is None:
                kept = ApprovalRow(
                    document_id=document_id, version=row.version, person_id=actor.id, case_id=row.case_id, at=at
                )
                act.put_once(kept, KeptApproval(digest, actor.person, note))
            act.note(
                actor, "approve document", at=at, case_id=row.case_id, object_id=f"{document_id}/{row.version}",
                content=digest.encode(), key=f"approve:{document_id}/{row.version}:{actor.id}",
            )  # fmt: skip
            return _approval(act, kept)

    def approvals(
        self, actor: Actor, document_id: str, *, at: datetime, key: str | None = None
    ) -> tuple[Approval, ...]:
        """Who has approved the newest version, first first."""
        with self._act(at) as act:
            row = _newest(act, document_id)
            if row is None:
                raise NotThere("there is no such document", where=document_id)
            act.require(actor, "content", row.case_id)
            object_id = f"{document_id}/approvals"
            act.note(actor, "read document", at=at, case_id=row.case_id, object_id=object_id, key=key)
            return tuple(_approval(act, kept) for kept in _approvals(act, row))

    def save_export(self, actor: Actor, export: Export, *, at: datetime) -> None:
        """The record that a document left the house; one nobody has approved leaves as a draft or not at all.

        Raises IllegalState for the latter.
        """
        with self._act(at) as act:
            row = act.session.scalars(
                select(DocumentRow)
                .where(DocumentRow.id == export.document_id, DocumentRow.digest == export.digest)
                .order_by(DocumentRow.version.desc())
            ).first()
            if row is None:
                raise NotThere("there is no document with this digest", where=export.document_id)
            act.require(actor, "content", row.case_id)
            if not export.draft and not _approvals(act, row):
                raise IllegalState("nobody has approved this version", where=export.document_id)
            act.put_once(ExportRow(id=export.id, case_id=row.case_id, at=export.at), export)
            key = f"export:{export.id}"
            act.note(
                actor,
                "export",
                at=at,
                case_id=row.case_id,
                object_id=export.id,
                content=export.digest.encode(),
                key=key,
            )

    def exports(self, actor: Actor, case_id: str, *, at: datetime, key: str | None = None) -> tuple[Export, ...]:
        with self._act(at) as act:
            act.require(actor, "content", case_id)
            act.note(actor, "read document", at=at, case_id=case_id, object_id="exports", key=key)
            rows = act.session.scalars(
                select(ExportRow).where(ExportRow.case_id == case_id).order_by(ExportRow.at, ExportRow.id)
            )
            return tuple(act.open(row, Export) for row in rows)


def _newest(act: Act, id: str, *, to_write: bool = False) -> DocumentRow | None:
    query = select(DocumentRow).where(DocumentRow.id == id).order_by(DocumentRow.version.desc()).limit(1)
    return act.session.scalars(query.with_for_update() if to_write else query).one_or_none()


def _document(act: Act, row: DocumentRow) -> Document:
    kept = act.open(row, KeptDocument)
    kind: DocumentKind = next(kind for kind in get_args(DocumentKind) if kind == row.kind)
    return Document(
        row.id, row.version, row.case_id, row.meeting_id, kind, kept.content, row.digest, kept.by, row.written
    )  # fmt: skip


def _approvals(act: Act, row: DocumentRow) -> list[ApprovalRow]:
    query = select(ApprovalRow).where(ApprovalRow.document_id == row.id, ApprovalRow.version == row.version)
    return list(act.session.scalars(query.order_by(ApprovalRow.at, ApprovalRow.person_id)))


def _approval(act: Act, row: ApprovalRow) -> Approval:
    kept = act.open(row, KeptApproval)
    return Approval(row.document_id, row.version, kept.digest, kept.by, row.at, kept.note)
