"""Cases: opened once, seen by those assigned, found by name or number alone."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import create_engine, text

from handenhet.knowledge.errors import IllegalState
from handenhet.knowledge.participants import Participant
from handenhet.serving.security.access import AccessRefused, Actor
from handenhet.serving.store import Store
from handenhet.serving.store.errors import NotThere
from handenhet.serving.store.records import Case, CaseFound, Subject


def test_a_case_comes_back_as_it_was_opened(store: Store, case: Case, eva: Actor, at: datetime) -> None:
    assert store.case(eva, case.id, at=at) == case
    assert store.cases_for(eva, at=at) == (case,)


def test_opening_the_same_case_again_is_the_same_case(
    store: Store, case: Case, eva: Actor, subject: Subject, at: datetime
) -> None:
    def again(subject: Subject) -> Case:
        return store.create_case(
            eva, number="SN 2026/17", unit="Barn", kind="child", subject=subject, opened=date(2026, 3, 1), at=at,
            matter="child_investigation", id="case-1",
        )  # fmt: skip

    entries = store.verify_audit().entries
    assert again(subject) == case
    assert store.verify_audit().entries == entries
    with pytest.raises(IllegalState, match="another case has this id"):
        again(replace(subject, name="Annan"))


def test_a_case_number_belongs_to_one_case(
    store: Store, case: Case, eva: Actor, subject: Subject, at: datetime
) -> None:
    with pytest.raises(IllegalState, match="number is taken"):
        store.create_case(
            eva, number=case.number, unit="Barn", kind="child", subject=subject, opened=date(2026, 3, 1), at=at
        )
    assert store.cases_for(eva, at=at) == (case,)


def test_a_colleague_sees_nothing_until_assigned_and_nothing_after(
    store: Store, case: Case, eva: Actor, ulf: Actor, at: datetime
) -> None:
    with pytest.raises(AccessRefused):
        store.case(ulf, case.id, at=at)
    assert store.cases_for(ulf, at=at) == ()
    store.assign(eva, case.id, ulf.id, ulf.name, at=at)
    assert store.case(ulf, case.id, at=at) == case
    store.unassign(eva, case.id, ulf.id, at=at)
    with pytest.raises(AccessRefused):
        store.case(ulf, case.id, at=at)


def test_a_refused_look_is_logged(store: Store, case: Case, ulf: Actor, admin: Actor, at: datetime) -> None:
    with pytest.raises(AccessRefused):
        store.case(ulf, case.id, at=at)
    lines = store.review_log(admin, at=at, who="ulf")
    assert [(line.who, line.what, line.case_id) for line in lines] == [("ulf", "refused", case.id)]


def test_every_read_is_logged_and_a_key_makes_repeated_reads_one(
    store: Store, case: Case, eva: Actor, at: datetime
) -> None:
    before = store.verify_audit().entries
    store.case(eva, case.id, at=at)
    store.case(eva, case.id, at=at)
    store.case(eva, case.id, at=at, key="screen 7")
    store.case(eva, case.id, at=at, key="screen 7")
    assert store.verify_audit().entries == before + 3


@pytest.mark.parametrize("query", ["SN 2026/17", "lo zxqberg", "ZXQBERG Lo", "20150607-1239", "150607-1239", "Zxqberg"])
def test_a_case_is_found_by_number_and_by_whole_names(
    store: Store, case: Case, ulf: Actor, query: str, at: datetime
) -> None:
    assert store.find_cases(ulf, query, at=at) == (CaseFound(case.id, case.number, "Barn", "open", ("Eva Ek",)),)


@pytest.mark.parametrize("query", ["", "zxq", "Lo Berg", "Zxqvägen", "vin", "150607", "%"])
def test_nothing_else_finds_it(store: Store, case: Case, ulf: Actor, query: str, at: datetime) -> None:
    assert store.find_cases(ulf, query, at=at) == ()


def test_a_protected_person_is_found_by_those_assigned_alone(
    store: Store, case: Case, eva: Actor, ulf: Actor, subject: Subject, at: datetime
) -> None:
    store.change_subject(eva, case.id, replace(subject, name="Ny Zxqlund", protected=True), "other", at=at)
    assert store.find_cases(ulf, "zxqlund", at=at) == ()
    assert [found.id for found in store.find_cases(eva, "zxqlund", at=at)] == [case.id]
    assert store.find_cases(eva, "zxqberg", at=at) == ()


def test_closing_is_once_and_not_before_opening(store: Store, case: Case, eva: Actor, at: datetime) -> None:
    closed = store.close_case(eva, case.id, date(2026, 9, 1), at=at)
    assert (closed.status, closed.closed) == ("closed", date(2026, 9, 1))
    with pytest.raises(IllegalState, match="closed already"):
        store.close_case(eva, case.id, date(2026, 9, 2), at=at)
    assert store.case(eva, case.id, at=at) == closed


def test_a_chef_sees_counts_of_the_own_unit(store: Store, case: Case, eva: Actor, at: datetime) -> None:
    assert store.case_counts(Actor("siv", "Siv Alm", "chef", "Barn"), at=at) == {"open": 1}
    assert store.case_counts(Actor("bo", "Bo Lind", "chef", "Vuxen"), at=at) == {}
    with pytest.raises(AccessRefused):
        store.case_counts(eva, at=at)


def test_a_participant_is_one_person(store: Store, case: Case, eva: Actor, at: datetime) -> None:
    mother = Participant("mamma", "mamma", "Mia")
    store.add_participant(eva, case.id, mother, at=at)
    store.add_participant(eva, case.id, mother, at=at)
    assert store.participants(eva, case.id, at=at) == (mother,)
    with pytest.raises(IllegalState, match="something else"):
        store.add_participant(eva, case.id, Participant("mamma", "mormor", "Mai"), at=at)


def test_what_is_not_there_is_said_so(store: Store, eva: Actor, at: datetime) -> None:
    with pytest.raises(NotThere, match="no such case"):
        store.case(eva, "nope", at=at)
    with pytest.raises(NotThere, match="no such meeting"):
        store.transcript(eva, "nope", at=at)


def test_a_time_without_zone_is_refused(store: Store, case: Case, eva: Actor, at: datetime) -> None:
    with pytest.raises(ValueError, match="zone"):
        store.case(eva, case.id, at=at.replace(tzinfo=None))


def test_nothing_is_read_when_the_log_cannot_be_written(
    store: Store, url: str, case: Case, eva: Actor, at: datetime
) -> None:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE audit RENAME TO audit_gone"))
    with pytest.raises(Exception, match="the database refused"):
        store.case(eva, case.id, at=at)
    engine.dispose()
