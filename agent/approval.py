"""The one small door: a document is approved by a named person, by the digest of exactly what was shown."""

from collections.abc import Callable, Sequence
from dataclasses import InitVar, dataclass, field, replace
from datetime import datetime

from ..knowledge.errors import HandenhetError, IllegalState
from .draft import Draft
from .observation import Person
from .review import Finding

_DOOR = object()
"""Known to `approve` alone; nothing else can build an approved document."""


class ApprovalRefused(HandenhetError):
    """The document was not approved, and nothing was half-approved."""


@dataclass(frozen=True, slots=True)
class Approval:
    """A named person approves what has this SHA-256 (hex), at this moment (zone-aware)."""

    by: Person
    digest: str
    at: datetime

    def __post_init__(self) -> None:
        if len(self.digest) != 64 or set(self.digest) - set("0123456789abcdef"):
            raise IllegalState("an approval names the digest it approves (64 hex digits)")
        if self.at.tzinfo is None:
            raise IllegalState("the time of an approval says its zone")


@dataclass(frozen=True, slots=True)
class ApprovedDocument:
    """A draft that a named person approved. Exists only as what `approve` returns.

    `outdated` holds the meetings that were opened again afterwards; the document stays as it was, and says so.
    """

    draft: Draft
    approvals: tuple[Approval, ...]
    outdated: tuple[str, ...] = field(default=(), kw_only=True)
    door: InitVar[object] = None

    def __post_init__(self, door: object) -> None:
        if door is not _DOOR:
            raise IllegalState("a document is approved by approve(draft, approval) and in no other way")

    @property
    def digest(self) -> str:
        return self.draft.digest


@dataclass(frozen=True, slots=True)
class DecisionBasis(ApprovedDocument):
    """An approved decision basis."""


def approve(
    draft: Draft,
    approval: Approval | Sequence[Approval],
    findings: Sequence[Finding],
    *,
    may_approve: Callable[[Person], bool],
    four_eyes: bool = False,
) -> ApprovedDocument:
    """The approved document; a DecisionBasis when the draft is one.

    `findings` is the review of this very draft; `may_approve` answers whether a person has access to the case.
    With `four_eyes` two different people must approve. Raises ApprovalRefused and leaves everything as it was.
    """
    approvals = (approval,) if isinstance(approval, Approval) else tuple(approval)
    if not approvals:
        raise ApprovalRefused("nobody has approved this", mend="a named person approves it")
    digest = draft.digest
    for one in approvals:
        if one.digest != digest:
            raise ApprovalRefused(
                "what was approved is another text than this",
                where=f"approved {one.digest[:12]}, now {digest[:12]}",
                mend="read it once more and approve what is shown now",
            )
        if not may_approve(one.by):
            raise ApprovalRefused("this person has no access to the case", where=f"person {one.by.id}")
    blocking = [finding for finding in findings if finding.blocks]
    if blocking:
        kinds = ", ".join(sorted({finding.kind for finding in blocking}))
        raise ApprovalRefused(
            f"the review has {len(blocking)} findings that must be settled first", where=kinds, mend="settle them"
        )
    if four_eyes and len({one.by.id for one in approvals}) < 2:
        raise ApprovalRefused("a second person must approve this too", mend="ask a colleague with access to read it")
    kind = DecisionBasis if draft.kind == "decision_basis" else ApprovedDocument
    return kind(draft, approvals, door=_DOOR)


def reopened(document: ApprovedDocument, meeting_id: str) -> ApprovedDocument:
    """The document once a meeting was opened again: marked outdated if it rests on that meeting, else unchanged."""
    if meeting_id not in document.draft.meetings or meeting_id in document.outdated:
        return document
    return replace(document, outdated=(*document.outdated, meeting_id), door=_DOOR)
