"""The one door: who may open it, for which text, and that there is no other."""

from dataclasses import replace
from datetime import datetime

import pytest

from handenhet.agent.approval import (
    Approval,
    ApprovalRefused,
    ApprovedDocument,
    DecisionBasis,
    approve,
    reopened,
)
from handenhet.agent.basis import compose_basis
from handenhet.agent.draft import Draft
from handenhet.agent.journal import compose_journal
from handenhet.agent.observation import Person
from handenhet.agent.review import Finding
from handenhet.agent.written import Assessment
from handenhet.evals import examples
from handenhet.evals.examples import EVA, MARIA
from handenhet.knowledge.errors import IllegalState
from handenhet.knowledge.factors import catalogue


@pytest.fixture(scope="module")
def basis() -> Draft:
    return compose_basis(examples.case(), examples.talks(), examples.GROUND, catalogue(), examples.law, examples.ON)


def anybody(person: Person) -> bool:
    return True


def test_a_basis_is_approved_by_the_digest_that_was_shown(basis: Draft, when_noon: datetime) -> None:
    approved = approve(basis, Approval(MARIA, basis.digest, when_noon), [], may_approve=anybody)
    assert isinstance(approved, DecisionBasis)
    assert approved.digest == basis.digest


def test_a_journal_entry_becomes_an_approved_document(when_noon: datetime) -> None:
    draft = compose_journal(examples.case(), examples.talks()[0], catalogue())
    approved = approve(draft, Approval(MARIA, draft.digest, when_noon), [], may_approve=anybody)
    assert not isinstance(approved, DecisionBasis)


def test_an_assessment_written_after_the_reading_needs_a_new_look(basis: Draft, when_noon: datetime) -> None:
    approval = Approval(MARIA, basis.digest, when_noon)
    changed = basis.write(Assessment("Emma behöver stöd.", MARIA, when_noon))
    with pytest.raises(ApprovalRefused, match="another text"):
        approve(changed, approval, [], may_approve=anybody)


def test_somebody_without_access_is_refused(basis: Draft, when_noon: datetime) -> None:
    with pytest.raises(ApprovalRefused, match="no access"):
        approve(basis, Approval(EVA, basis.digest, when_noon), [], may_approve=lambda person: person == MARIA)


def test_a_blocking_finding_must_be_settled_and_a_notice_need_not(basis: Draft, when_noon: datetime) -> None:
    approval = Approval(MARIA, basis.digest, when_noon)
    with pytest.raises(ApprovalRefused, match="left_out"):
        approve(basis, approval, [Finding("left_out", "o1", "")], may_approve=anybody)
    approve(basis, approval, [Finding("field_empty", "assessment", "")], may_approve=anybody)


def test_four_eyes_are_two_people(basis: Draft, when_noon: datetime) -> None:
    one = Approval(MARIA, basis.digest, when_noon)
    for alone in (one, (one, one)):
        with pytest.raises(ApprovalRefused, match="second person"):
            approve(basis, alone, [], may_approve=anybody, four_eyes=True)
    both = approve(basis, (one, Approval(EVA, basis.digest, when_noon)), [], may_approve=anybody, four_eyes=True)
    assert [one.by.name for one in both.approvals] == ["Maria Lindberg", "Eva Holm"]


def test_nobody_is_not_an_approver(basis: Draft) -> None:
    with pytest.raises(ApprovalRefused, match="nobody"):
        approve(basis, (), [], may_approve=anybody)


@pytest.mark.parametrize("kind", [ApprovedDocument, DecisionBasis])
def test_there_is_no_other_door(basis: Draft, when_noon: datetime, kind: type[ApprovedDocument]) -> None:
    approval = Approval(MARIA, basis.digest, when_noon)
    with pytest.raises(IllegalState):
        kind(basis, (approval,))
    approved = approve(basis, approval, [], may_approve=anybody)
    with pytest.raises((IllegalState, ValueError)):
        replace(approved, draft=basis.write(Assessment("Något annat.", MARIA, when_noon)))


def test_an_approval_names_a_digest_and_a_moment(when_noon: datetime) -> None:
    with pytest.raises(IllegalState, match="digest"):
        Approval(MARIA, "abc", when_noon)
    with pytest.raises(IllegalState, match="zone"):
        Approval(MARIA, "0" * 64, when_noon.replace(tzinfo=None))


def test_a_meeting_opened_again_marks_the_basis_outdated(basis: Draft, when_noon: datetime) -> None:
    approved = approve(basis, Approval(MARIA, basis.digest, when_noon), [], may_approve=anybody)
    assert reopened(approved, "m2").outdated == ("m2",)
    assert isinstance(reopened(approved, "m2"), DecisionBasis)
    assert reopened(approved, "another-case") is approved
