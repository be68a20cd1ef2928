"""Editing by hand keeps what still carries; a model may reword and nothing more."""

from datetime import datetime

import pytest

from handenhet.agent.basis import compose_basis
from handenhet.agent.draft import Draft, Placed
from handenhet.agent.edits import EditRefused, added, edited, removed, reworded
from handenhet.agent.review import ReviewContext, review
from handenhet.agent.written import Assessment
from handenhet.evals import examples
from handenhet.evals.examples import MARIA
from handenhet.knowledge.errors import HandenhetError, IllegalState
from handenhet.knowledge.factors import catalogue

BASIS = compose_basis(examples.case(), examples.talks(), examples.GROUND, catalogue(), examples.law, examples.ON)


def placed(words: str, draft: Draft = BASIS) -> Placed:
    return next(one for one in draft.placed() if words in one.sentence.text)


SLEEP = placed("Jag har svårt att sova")
COUNTED = placed("Underlaget bygger på")


def at(draft: Draft, place: str) -> str:
    return next(one.sentence.text for one in draft.placed() if one.place == place)


def test_a_rewording_that_still_carries_keeps_its_citation() -> None:
    text = "Så här säger Emma: ”Jag har svårt att sova när han skriker.”"
    draft = edited(BASIS, SLEEP.place, text, MARIA)
    new = placed(text, draft).sentence
    assert (new.kind, new.cites, new.by) == ("FAKTA", SLEEP.sentence.cites, None)


def test_an_edit_that_says_more_becomes_her_own_words() -> None:
    draft = edited(BASIS, SLEEP.place, "Emma såg trött ut när hon kom.", MARIA)
    new = placed("såg trött ut", draft).sentence
    assert (new.kind, new.by, new.cites) == ("EGNA ORD", MARIA, ())


def test_what_an_edit_loses_everywhere_is_listed() -> None:
    draft = BASIS
    for one in [
        one for one in BASIS.placed() if "o-m2-2" in one.sentence.observations and one.sentence.kind != "HÄRLEDD"
    ]:
        if "o-m2-2" in next(p.sentence for p in draft.placed() if p.place == one.place).observations:
            draft = edited(draft, one.place, "Jag har skrivit om detta själv.", MARIA)
    assert [left.observation for left in draft.left_out if left.observation == "o-m2-2"] == ["o-m2-2"]
    context = ReviewContext(examples.case(), examples.talks(), examples.law, BASIS)
    assert not [f for f in review(draft, context) if f.kind == "left_out"]


def test_removing_needs_a_reason_and_is_listed() -> None:
    pin = placed("vara som han är på måndagar")
    with pytest.raises(EditRefused, match="reason"):
        removed(BASIS, pin.place, " ")
    draft = removed(BASIS, pin.place, "Emma bad att få slippa det i texten.")
    assert [(left.observation, left.reason) for left in draft.left_out] == [
        ("pin2-0", "Emma bad att få slippa det i texten.")
    ]


@pytest.mark.parametrize(
    "words", ["Underlaget bygger på", "Familjesamtal den 6", "Den unge är under 18 år", "Ej berört"]
)
def test_what_is_counted_recorded_or_law_stands(words: str) -> None:
    place = placed(words).place
    with pytest.raises(EditRefused, match="cannot be changed"):
        edited(BASIS, place, "Något annat.", MARIA)
    with pytest.raises(EditRefused, match="cannot be changed"):
        removed(BASIS, place, "Behövs inte.")


def test_her_own_sentence_beside() -> None:
    draft = added(BASIS, "how", "Fadern kallades två gånger och kom inte.", MARIA)
    assert draft.section("how").sentences[-1].by == MARIA
    with pytest.raises(IllegalState):
        added(BASIS, "assessment", "Emma bör få stöd.", MARIA)


def model(texts: dict[str, str], asked: set[str] | None = None) -> Draft:
    return reworded(BASIS, texts, asked=asked if asked is not None else set(texts), model="m", prompt_digest="d")


def test_a_model_may_reword() -> None:
    text = "Emma beskriver: ”Jag har svårt att sova när han skriker.”"
    draft = model({SLEEP.place: text})
    assert at(draft, SLEEP.place) == text
    assert (draft.provenance.model, draft.provenance.prompt_digest) == ("m", "d")
    assert draft.digest != BASIS.digest


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Emma säger: ”Jag har inte svårt att sova när han skriker.”", "fact"),
        ("Emma säger: ”Jag har svårt att sova.”", "fact"),
        ("Modern säger: ”Jag har svårt att sova när han skriker.”", "fact"),
        ("Emma säger i lördags: ”Jag har svårt att sova när han skriker.”", "fact"),
        ("Emma säger tre gånger: ”Jag har svårt att sova när han skriker.”", "fact"),
        ("Emma berättar för Lena: ”Jag har svårt att sova när han skriker.”", "fact"),
        ("Emma säger: ”Jag har svårt att sova när han skriker.” Hon bör omhändertas.", "fact|judgement"),
        ("Emma säger, och det bedöms allvarligt: ”Jag har svårt att sova när han skriker.”", "judgement"),
        ("", "nothing"),
        ("Emma säger: ”Jag har svårt att sova när han skriker.” " * 9, "far too much"),
    ],
)
def test_a_model_that_changes_a_fact_is_refused(text: str, why: str) -> None:
    with pytest.raises(EditRefused, match=why):
        model({SLEEP.place: text})


def test_a_model_may_only_touch_what_it_was_asked_to() -> None:
    with pytest.raises(EditRefused, match="nobody asked"):
        model({SLEEP.place: "Emma säger något."}, asked=set())
    with pytest.raises(EditRefused, match="cannot be changed"):
        model({COUNTED.place: "Underlaget bygger på två möten."})


@pytest.mark.parametrize(
    "place", ["assessment/s/0", "proposal/s/0", "decision/s/0", "assessment", "nowhere/s/0", "how/s/99"]
)
def test_there_is_nowhere_for_a_model_to_write_a_decision(place: str) -> None:
    with pytest.raises(EditRefused, match="no such sentence"):
        model({place: "Emma bör omhändertas."})


def test_a_model_does_not_touch_a_persons_own_words(when_noon: datetime) -> None:
    draft = added(BASIS, "how", "Fadern kom inte.", MARIA).write(Assessment("Stöd behövs.", MARIA, when_noon))
    place = placed("Fadern kom inte.", draft).place
    with pytest.raises(EditRefused, match="own words"):
        reworded(draft, {place: "Fadern kom."}, asked={place}, model="m", prompt_digest="")
    assert draft.wrote("assessment")


def test_one_bad_sentence_leaves_every_sentence_as_it_was() -> None:
    good = "Emma beskriver: ”Jag har svårt att sova när han skriker.”"
    with pytest.raises(HandenhetError):
        model({SLEEP.place: good, COUNTED.place: "Underlaget bygger på två möten."})
    assert at(BASIS, SLEEP.place) == SLEEP.sentence.text
