"""Documents, approvals, exports and ledgers."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from handenhet.knowledge.errors import IllegalState
from handenhet.serving.security.access import SYSTEM, AccessRefused, Actor
from handenhet.serving.store import Store
from handenhet.serving.store.act import digest_of
from handenhet.serving.store.errors import NotThere
from handenhet.serving.store.records import Case, Communication, Deadline, Document, Export


def written(store: Store, eva: Actor, at: datetime, content: str = "Barnet berättar.") -> Document:
    return store.save_document(eva, id="d1", case_id="case-1", kind="journal", content=content, at=at)


def test_versions_are_kept_and_the_same_words_are_the_same_version(
    store: Store, case: Case, eva: Actor, at: datetime
) -> None:
    first = written(store, eva, at)
    assert written(store, eva, at + timedelta(days=1)) == first
    second = written(store, eva, at, "Barnet berättar mer.")
    assert (first.version, second.version, second.digest) == (1, 2, digest_of("Barnet berättar mer."))
    assert store.document(eva, "d1", at=at) == second
    assert store.document(eva, "d1", version=1, at=at) == first
    assert store.documents(eva, case.id, kind="journal", at=at) == (second,)
    assert store.documents(eva, case.id, kind="decision_basis", at=at) == ()


def test_approval_is_by_a_named_person_of_exactly_what_was_shown(
    store: Store, case: Case, eva: Actor, ulf: Actor, at: datetime
) -> None:
    shown = written(store, eva, at)
    approval = store.approve(eva, "d1", shown.digest, at=at)
    assert (approval.version, approval.digest, approval.by) == (1, shown.digest, eva.person)
    assert store.approve(eva, "d1", shown.digest, at=at + timedelta(hours=1)) == approval
    with pytest.raises(IllegalState, match="only a named person"):
        store.approve(SYSTEM, "d1", shown.digest, at=at)
    with pytest.raises(AccessRefused):
        store.approve(ulf, "d1", shown.digest, at=at)
    written(store, eva, at, "Något annat.")
    assert store.approvals(eva, "d1", at=at) == ()
    with pytest.raises(IllegalState, match="not the newest"):
        store.approve(eva, "d1", shown.digest, at=at)


def test_two_people_can_approve(store: Store, case: Case, eva: Actor, ulf: Actor, at: datetime) -> None:
    shown = written(store, eva, at)
    store.assign(eva, case.id, ulf.id, ulf.name, at=at)
    store.approve(eva, "d1", shown.digest, at=at)
    store.approve(ulf, "d1", shown.digest, at=at + timedelta(seconds=1))
    assert [approval.by.id for approval in store.approvals(eva, "d1", at=at)] == ["eva", "ulf"]


def test_nothing_leaves_that_nobody_approved(store: Store, case: Case, eva: Actor, at: datetime) -> None:
    shown = written(store, eva, at)
    export = Export("x1", "d1", shown.digest, "docx", "verksamhetssystemet", eva.person, at)
    with pytest.raises(IllegalState, match="nobody has approved"):
        store.save_export(eva, export, at=at)
    store.approve(eva, "d1", shown.digest, at=at)
    store.save_export(eva, export, at=at)
    store.save_export(eva, export, at=at)
    assert store.exports(eva, case.id, at=at) == (export,)
    with pytest.raises(NotThere, match="this digest"):
        store.save_export(eva, replace(export, id="x2", digest="0" * 64), at=at)


def test_a_document_belongs_to_one_case(store: Store, case: Case, eva: Actor, at: datetime) -> None:
    written(store, eva, at)
    other = store.create_case(
        eva, number="SN 2", unit="Barn", kind="adult", subject=case.subject, opened=date(2026, 3, 1), at=at
    )
    with pytest.raises(IllegalState, match="another document"):
        store.save_document(eva, id="d1", case_id=other.id, kind="journal", content="x", at=at)
    with pytest.raises(NotThere):
        store.document(eva, "nope", at=at)


def test_deadlines_run_until_they_are_met(store: Store, case: Case, eva: Actor, ulf: Actor, at: datetime) -> None:
    soon = Deadline("l1", case.id, "SoL 20:2", date(2026, 3, 1), date(2026, 3, 15))
    late = Deadline("l2", case.id, "SoL 20:5", date(2026, 3, 1), date(2026, 7, 1), note="utredning")
    for deadline in (late, soon, soon):
        store.save_deadline(eva, deadline, at=at)
    assert store.deadlines(eva, case.id, at=at) == (soon, late)
    assert store.deadlines_due(eva, date(2026, 3, 20), at=at) == (soon,)
    assert store.deadlines_due(ulf, date(2026, 3, 20), at=at) == ()
    store.meet_deadline(eva, "l1", at=at)
    store.meet_deadline(eva, "l1", at=at + timedelta(days=1))
    assert store.deadlines_due(eva, date(2026, 12, 31), at=at) == (late,)
    assert store.deadlines(eva, case.id, at=at)[0].met == at
    with pytest.raises(IllegalState, match="another due date"):
        store.save_deadline(eva, replace(late, due=date(2027, 1, 1)), at=at)


def test_communication_is_logged_once_and_never_rewritten(store: Store, case: Case, eva: Actor, at: datetime) -> None:
    sent = Communication("k1", at, eva.person, "mamma", "brev", "utkast till beslut")
    store.log_communication(eva, case.id, sent, at=at)
    store.log_communication(eva, case.id, sent, at=at)
    reply = Communication("k2", at + timedelta(days=3), eva.person, "mamma", "telefon", "", "håller inte med", "k1")
    store.log_communication(eva, case.id, reply, at=at)
    assert store.communications(eva, case.id, at=at) == (sent, reply)
    with pytest.raises(IllegalState, match="something else"):
        store.log_communication(eva, case.id, replace(sent, what="annat"), at=at)


def test_a_reason_is_logged_without_its_words(store: Store, admin: Actor, at: datetime) -> None:
    store.note_reason(admin, "ask about past cases", "uppföljning av väntetider", at=at, key="q1")
    (line,) = store.review_log(admin, at=at, who=admin.id)
    assert (line.what, line.at, line.case_id) == ("ask about past cases", at, "")
