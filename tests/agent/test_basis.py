"""The decision basis read as a caseworker reads it, and what it must never do."""

from dataclasses import replace
from datetime import date

import pytest

from handenhet.agent.basis import compose_basis
from handenhet.agent.cites import LawRef, ProtestRef, QuoteRef
from handenhet.agent.draft import Draft, draft_of
from handenhet.agent.material import CaseFile, Talk
from handenhet.agent.observation import Proposed
from handenhet.evals import examples
from handenhet.evals.examples import Note
from handenhet.knowledge.errors import HandenhetError, IllegalState
from handenhet.knowledge.factors import catalogue
from handenhet.knowledge.participants import Participant
from handenhet.knowledge.prerequisites import ground, grounds
from handenhet.knowledge.provisions import Provision


def compose(case: CaseFile | None = None, talks: tuple[Talk, ...] | None = None) -> Draft:
    return compose_basis(
        case or examples.case(), talks or examples.talks(), examples.GROUND, catalogue(), examples.law, examples.ON
    )


@pytest.fixture(scope="module")
def basis() -> Draft:
    return compose()


def texts(draft: Draft, key: str) -> list[str]:
    return [sentence.text for sentence in draft.section(key).sentences]


def test_the_judgement_is_empty(basis: Draft) -> None:
    for field in ("assessment", "proposal", "decision"):
        section = basis.section(field)
        assert (section.field, section.sentences, basis.wrote(field)) == (field, (), None)


def test_every_observation_is_told_with_its_words(basis: Draft) -> None:
    said = {o.id for talk in examples.talks() for o in talk.observations}
    assert said <= basis.cited


def test_a_statement_says_whose_it_is_and_quotes(basis: Draft) -> None:
    health = next(s for s in basis.sections if s.heading == "Hälsa")
    first = health.sentences[0]
    assert "Emma" in first.text
    assert "”Jag har svårt att sova när han skriker.”" in first.text
    quote = first.cites[0]
    assert isinstance(quote, QuoteRef)
    assert quote.label == "Emma, möte 2026-11-13, 00:36"


def test_risk_and_protection_stand_side_by_side_and_untouched_areas_are_named(basis: Draft) -> None:
    rows = {row.area: row for row in basis.section("balance").areas}
    assert list(rows) == list(catalogue().areas(10))
    assert rows["Hälsa"].risk
    assert rows["Hälsa"].protective
    assert rows["Boende"].untouched


def test_what_one_person_says_at_two_meetings_is_told_once_with_both_quotes(basis: Draft) -> None:
    economy = next(s for s in basis.sections if s.heading == "Arbete och ekonomi").sentences[0]
    assert economy.kind == "SAMMANSTÄLLNING"
    assert [quote.meeting for quote in economy.quotes] == ["m1", "m3"]
    assert economy.text.startswith("Modern berättar om detta vid två möten.")


def test_disagreement_follows_the_observation(basis: Draft) -> None:
    care = next(s for s in basis.sections if s.heading == "Grundläggande omsorg").sentences
    assert "omtvistad" in care[1].text
    assert "”Han dricker ett glas, det är allt.”" in care[1].text
    assert any(isinstance(cite, ProtestRef) for cite in care[1].cites)
    assert "Omtvistat." in basis.section("balance").areas[4].risk[0].text


def test_a_short_answer_is_told_with_its_question(basis: Draft) -> None:
    feelings = next(s for s in basis.sections if s.heading == "Känslor och beteende").sentences[0]
    assert "”Är du rädd för pappa?”" in feelings.text
    assert "”Ja.”" in feelings.text


def test_who_was_not_heard_is_said(basis: Draft) -> None:
    assert "Fadern har inte hörts vid något möte i underlaget." in texts(basis, "how")


def test_the_childs_own_words_stand_verbatim(basis: Draft) -> None:
    assert "Emma säger: ”Jag vill att pappa ska vara som han är på måndagar.”" in texts(basis, "childs_voice")


def test_each_condition_cites_the_law_and_never_says_whether_it_is_met(basis: Draft) -> None:
    rows = basis.section("conditions").conditions
    assert [row.id for row in rows] == [condition.id for condition in ground("lvu-1-2").conditions]
    for row in rows:
        assert any(isinstance(cite, LawRef) for cite in row.condition.cites)
        assert "uppfyll" not in " ".join(s.text for s in (*row.speaks_for, *row.speaks_against, *row.missing))


@pytest.mark.parametrize("id", sorted(grounds()))
def test_every_ground_can_be_laid_out_for_a_child_and_an_adult(id: str) -> None:
    for case in (examples.case(), replace(examples.case(), kind="adult")):
        draft = compose_basis(case, examples.talks(), ground(id), catalogue(), examples.law, examples.ON)
        assert len(draft.section("conditions").conditions) == len(ground(id).conditions)
        assert {o.id for talk in examples.talks() for o in talk.observations} <= draft.cited


def test_the_draft_says_which_ground_it_lays_out(basis: Draft) -> None:
    assert basis.ground == "lvu-1-2"


def test_a_provision_the_corpus_lacks_is_said_to_be_missing() -> None:
    def no_law(sfs: str, section: str, on: date) -> Provision | None:
        return None

    draft = compose_basis(examples.case(), examples.talks(), examples.GROUND, catalogue(), no_law, examples.ON)
    assert all("finns inte i lagsamlingen" in row.condition.text for row in draft.section("conditions").conditions)


def test_an_adults_matter_has_the_adults_headings() -> None:
    client = Participant("K", "klient", "Karin")
    talk = examples.talk(
        1, (examples.WORKER, client),
        (("S", "Hur är läget?"), ("K", "Jag dricker varje dag."), ("K", "Min syster kommer på söndagar.")),
        (Note(1, "Jag dricker varje dag.", "V-BER-R1", "klient"), Note(2, "Min syster kommer", "V-NAT-S1", "klient")),
    )  # fmt: skip
    talk = replace(talk, meeting=replace(talk.meeting, child_age=None))
    case = replace(examples.case(), kind="adult", name="Karin Ek", age=41, parties=(client,))
    draft = compose_basis(case, [talk], ground("lvm-4"), catalogue(), examples.law, examples.ON)
    headings = [section.heading for section in draft.sections]
    assert "Den enskildes inställning" in headings
    assert "Barnets röst" not in headings
    assert "Vårdnadshavarnas inställning" not in headings
    assert "Jag dricker varje dag." in " ".join(sentence.text for sentence in draft.sentences)


def test_nothing_confirmed_is_nothing_to_compose() -> None:
    silent = replace(examples.talks()[0], observations=())
    with pytest.raises(HandenhetError, match="nothing confirmed"):
        compose(talks=(silent,))


def test_a_meeting_after_the_cases_date_is_a_contradiction() -> None:
    with pytest.raises(HandenhetError, match="lies after"):
        compose_basis(examples.case(), examples.talks(), examples.GROUND, catalogue(), examples.law, date(2026, 12, 1))


def test_prose_cannot_be_given_what_nobody_confirmed() -> None:
    talk = examples.talks()[0]
    with pytest.raises(IllegalState, match="confirmed"):
        replace(talk, observations=(talk.observations[0].with_standing(Proposed()),))


def test_the_same_material_gives_the_same_digest(basis: Draft) -> None:
    shuffled = compose(talks=examples.talks()[::-1])
    assert shuffled.digest == basis.digest
    assert draft_of(basis.canonical) == basis
