"""What a draft may hold, that it survives its JSON, and that its digest sees every change."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handenhet.agent.cites import Cite, LawRef, ProtestRef, QuoteRef, RecordRef, clock
from handenhet.agent.draft import AreaRow, ConditionRow, Draft, Kind, LeftOut, Provenance, Section, Sentence, draft_of
from handenhet.agent.observation import Person, Proposer
from handenhet.agent.written import Assessment, Decision, OwnNote, Proposal
from handenhet.knowledge.errors import HandenhetError, IllegalState
from handenhet.knowledge.provisions import Citation, Provision

MARIA = Person("p1", "Maria Lindberg", "socialsekreterare")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
QUOTE = QuoteRef(
    "o1", "m1", date(2026, 11, 20), "u3", 0, 4, 192_000, 195_000, "M", "modern", "guardian", "Jag sover aldrig hemma."
)
MEETING = RecordRef("meeting", "m1", "möte 2026-11-20")

words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30).filter(
    str.strip
)
people = st.builds(Person, words, words, st.sampled_from(("socialsekreterare", "chef")))
times = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
days = st.dates(date(2025, 7, 1), date(2030, 1, 1))
quotes = st.builds(
    QuoteRef, words, words, days, words, st.just(0), st.integers(1, 9), st.just(0), st.integers(0, 10**7), words, words,
    st.sampled_from(("child", "guardian", "other")), words, words,
    st.lists(st.sampled_from(("doubtful", "corrected", "changed")), unique=True).map(tuple),
)  # fmt: skip


def law_ref(section: str, text: str, on: date) -> LawRef:
    return LawRef(Citation(Provision("1990:52", section, "t", text, "statute", in_force_from=date(2025, 7, 1)), on))


def cited(kind: Kind, text: str, cites: list[Cite], topic: str) -> Sentence:
    return Sentence(kind, text, tuple(cites), topic=topic)


def own(text: str, by: Person) -> Sentence:
    return Sentence("EGNA ORD", text, by=by)


laws = st.builds(law_ref, words, words, days)
protests = st.builds(ProtestRef, words, words, days, words, people, times)
records = st.builds(RecordRef, st.sampled_from(("case", "meeting", "gap", "deadline", "communication")), words, words)
cites: st.SearchStrategy[Cite] = st.one_of(quotes, laws, protests, records)
derived: tuple[Kind, ...] = ("FAKTA", "HÄRLEDD", "SAMMANSTÄLLNING")
sentences = st.one_of(
    st.builds(
        cited, st.sampled_from(derived), words, st.lists(cites, min_size=1, max_size=2), st.sampled_from(("", "Boende"))
    ),
    st.builds(own, words, people),
)
some = st.lists(sentences, max_size=1).map(tuple)
rows = st.lists(st.builds(AreaRow, words, some, some), max_size=1).map(tuple)
conditions = st.lists(st.builds(ConditionRow, words, sentences, some, some, some, some), max_size=1).map(tuple)


@st.composite
def drafts(draw: st.DrawFn) -> Draft:
    count = draw(st.integers(1, 2))
    made = [Section(f"s{n}", draw(words), draw(some), draw(rows), draw(conditions), f"f{n}") for n in range(count)]
    made += [Section(name, name, field=name) for name in ("assessment", "proposal", "decision")]
    written: list[Any] = []
    if draw(st.booleans()):
        written = [
            draw(st.builds(Assessment, words, people, times)),
            draw(st.builds(Proposal, words, people, times)),
            draw(st.builds(Decision, words, people, times)),
            draw(st.builds(OwnNote, st.just("f0"), words, people, times)),
        ]
    return Draft(
        kind=draw(st.sampled_from(("journal", "decision_basis"))),
        title=draw(words),
        case_id=draw(words),
        case_number=draw(words),
        on=draw(days),
        sections=tuple(made),
        provenance=Provenance("c", "1", (Proposer("r", "1", draw(words)),), corpus_date=draw(st.none() | days)),
        meetings=("m1",),
        ground=draw(st.sampled_from(("", "lvu-1-2"))),
        written=tuple(written),
        left_out=tuple(draw(st.lists(st.builds(LeftOut, words, words, words, words), max_size=2))),
    )


@settings(max_examples=25)
@given(drafts())
def test_a_draft_survives_its_json(draft: Draft) -> None:
    again = draft_of(draft.canonical)
    assert again == draft
    assert again.digest == draft.digest


CHANGES: dict[str, Callable[[Draft], Draft]] = {
    "title": lambda d: replace(d, title=d.title + "!"),
    "case": lambda d: replace(d, case_number=d.case_number + "1"),
    "date": lambda d: replace(d, on=date(2031, 1, 1)),
    "a section": lambda d: replace(d, sections=(*d.sections, Section("extra", "Extra"))),
    "order": lambda d: replace(d, sections=d.sections[::-1]),
    "provenance": lambda d: replace(d, provenance=replace(d.provenance, model="another")),
    "left out": lambda d: replace(d, left_out=(*d.left_out, LeftOut("o", "m", "t", "r"))),
    "ground": lambda d: replace(d, ground="lvu-6"),
    "meetings": lambda d: replace(d, meetings=(*d.meetings, "m2")),
    "assessment": lambda d: d.write(Assessment("Ny bedömning.", MARIA, datetime(2031, 1, 1, tzinfo=UTC))),
}


@settings(max_examples=25)
@given(drafts(), st.sampled_from(sorted(CHANGES)))
def test_any_change_is_another_digest(draft: Draft, change: str) -> None:
    assert CHANGES[change](draft).digest != draft.digest


@settings(max_examples=25)
@given(drafts())
def test_every_sentence_that_is_not_somebodys_own_cites(draft: Draft) -> None:
    assert all(sentence.cites or sentence.by for sentence in draft.sentences)


@pytest.mark.parametrize("kind", ["FAKTA", "HÄRLEDD", "SAMMANSTÄLLNING"])
def test_a_sentence_without_citation_cannot_be_built(kind: Any) -> None:
    with pytest.raises(IllegalState, match="cites"):
        Sentence(kind, "Modern sover aldrig hemma.")


def test_own_words_need_a_person_and_nothing_else_has_one() -> None:
    with pytest.raises(IllegalState, match="own words"):
        Sentence("EGNA ORD", "Jag såg att dörren var trasig.")
    with pytest.raises(IllegalState):
        Sentence("FAKTA", "Modern sover aldrig hemma.", (QUOTE,), by=MARIA)


@pytest.mark.parametrize("field", ["assessment", "proposal", "decision"])
def test_a_reserved_field_is_never_filled_beforehand(field: str) -> None:
    with pytest.raises(IllegalState, match="never filled"):
        Section(field, "Rubrik", (Sentence("FAKTA", "Emma bör placeras.", (MEETING,)),), field=field)


@pytest.mark.parametrize("role", ["", "admin", "system", "model", "barn", "tolk"])
@pytest.mark.parametrize("kind", [Assessment, Proposal, Decision])
def test_only_a_caseworker_or_chief_assesses(kind: Any, role: str) -> None:
    with pytest.raises(IllegalState):
        kind("Emma behöver stöd.", Person("x", "Namn Namnsson", role), NOON)


def test_a_note_cannot_pose_as_the_assessment() -> None:
    with pytest.raises(IllegalState, match="not a note"):
        OwnNote("assessment", "Emma behöver stöd.", MARIA, NOON)


def test_what_is_written_stands_in_a_field_of_the_document() -> None:
    draft = Draft("journal", "t", "c", "1", date(2026, 11, 20), (Section("a", "A"),), Provenance("c", "1"))
    with pytest.raises(IllegalState, match="no such field"):
        draft.write(Assessment("Emma behöver stöd.", MARIA, NOON))


def test_json_that_says_more_than_a_draft_is_refused() -> None:
    draft = Draft("journal", "t", "c", "1", date(2026, 11, 20), (Section("a", "A"),), Provenance("c", "1"))
    for wrong in ({"outcome": "vård"}, {"kind": "decision"}, {"sections": [{"key": "a"}]}):
        with pytest.raises(HandenhetError, match="not a draft"):
            draft_of(json.dumps(json.loads(draft.canonical) | wrong))
    with pytest.raises(HandenhetError, match="not a draft"):
        draft_of("[]")


def test_a_citation_with_unknown_keys_is_refused_too() -> None:
    law = LawRef(Citation(Provision("1990:52", "2 §", "t", "text", "statute"), date(2026, 1, 1)))
    draft = Draft(
        "journal", "t", "c", "1", date(2026, 11, 20),
        (Section("a", "A", (Sentence("FAKTA", "En regel.", (law,)),)),), Provenance("c", "1"),
    )  # fmt: skip
    value = json.loads(draft.canonical)
    value["sections"][0]["sentences"][0]["cites"][0]["citation"]["provision"]["score"] = 4
    with pytest.raises(HandenhetError):
        draft_of(json.dumps(value))


def test_the_refusal_never_holds_the_words() -> None:
    with pytest.raises(HandenhetError) as refused:
        draft_of('{"kind": "hemliga ord"}')
    assert "hemliga" not in str(refused.value)


@pytest.mark.parametrize(("ms", "shown"), [(0, "00:00"), (192_000, "03:12"), (3_792_999, "1:03:12")])
def test_times_are_shown_as_a_player_shows_them(ms: int, shown: str) -> None:
    assert clock(ms) == shown
