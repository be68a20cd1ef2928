"""Many reads in one breath: the same entries in the log, one state of the store, and a refusal undoes all of it."""

from datetime import datetime

import pytest

from handenhet.serving.security.access import AccessRefused, Actor
from handenhet.serving.store import Store
from handenhet.serving.store.records import Case


def test_what_is_read_together_is_logged_as_if_read_apart(store: Store, case: Case, eva: Actor, at: datetime) -> None:
    def read(look: str) -> list[tuple[str, str]]:
        store.case(eva, case.id, at=at, key=f"{look}:case")
        store.meetings(eva, case.id, at=at, key=f"{look}:meetings")
        store.deadlines(eva, case.id, at=at, key=f"{look}:deadlines")
        lines = store.review_log(eva, at=at, case_id=case.id, last=3)
        return [(line.what, line.object_id) for line in lines]

    apart = read("apart")
    with store.together(at):
        store.case(eva, case.id, at=at, key="together:case")
        store.meetings(eva, case.id, at=at, key="together:meetings")
        store.deadlines(eva, case.id, at=at, key="together:deadlines")
    lines = store.review_log(eva, at=at, case_id=case.id, last=3)
    assert [(line.what, line.object_id) for line in lines] == apart
    assert store.verify_audit().ok


def test_a_refusal_inside_is_told_and_logged_and_the_rest_is_undone(
    store: Store, case: Case, eva: Actor, ulf: Actor, at: datetime
) -> None:
    before = store.verify_audit().entries

    def look() -> None:
        with store.together(at):
            store.cases_for(ulf, at=at)
            store.case(ulf, case.id, at=at)

    with pytest.raises(AccessRefused):
        look()
    assert store.verify_audit().entries == before + 1
    assert store.review_log(eva, at=at, case_id=case.id, last=1)[0].what == "refused"
    assert store.case(eva, case.id, at=at) == case, "the thread is free again"


def test_inside_one_breath_another_begins_no_other(store: Store, case: Case, eva: Actor, at: datetime) -> None:
    with store.together(at):
        with store.together(at):
            assert store.case(eva, case.id, at=at) == case
        store.cases_for(eva, at=at)
    assert store.verify_audit().ok
