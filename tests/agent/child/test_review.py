"""What a language model may not do to a child's text. Each refused sentence is one that a model could well write."""

from dataclasses import replace

import pytest

from handenhet.agent.child import (
    ChildVersion,
    RewrittenSentence,
    Sentence,
    TalkFacts,
    accept_rewriting,
    compose_child_version,
    review_child_version,
)
from handenhet.agent.child.review import forbidden_in, review_rewriting
from handenhet.knowledge.participants import Meeting, Participant

from .test_compose import heard


def version() -> ChildVersion:
    """Told to a child of 11: it is lonely, sleeps badly, and its mother listens."""
    meeting = Meeting("m1", "samtal", 11, (Participant("B", "barn"), Participant("S", "socialsekreterare")))
    observations = [
        heard(0, "B-SOC-R4"),
        heard(1, "B-HAL-R3", quote="jag vaknar varje natt"),
        heard(2, "F-KAN-S1", about="mamma", quote="jag frågar och hon svarar"),
    ]
    return compose_child_version(observations, TalkFacts(meeting), quote_child=False)


def rewritten(base: ChildVersion) -> list[RewrittenSentence]:
    """The version sentence by sentence, as a model would return it unchanged."""
    return [RewrittenSentence(s.text, s.rests_on or (s.fixed,)) for s in base.sentences]


def with_text(base: ChildVersion, id: str, text: str) -> list[RewrittenSentence]:
    return [replace(s, text=text) if id in s.rests_on else s for s in rewritten(base)]


def kinds(base: ChildVersion, sentences: list[RewrittenSentence]) -> set[str]:
    return {finding.kind for finding in review_rewriting(base, sentences) if finding.blocking}


def test_our_own_text_passes_its_own_review() -> None:
    assert kinds(version(), rewritten(version())) == set()


@pytest.mark.parametrize(
    ("id", "text"),
    [
        ("o0", "Du sa att du ofta är ensam och saknar någon att vara med."),
        ("o0", "Du berättade för mig att du saknar kompisar."),
        ("o1", "Du berättade att det är svårt för dig att sova på natten."),
        ("o2", "Du sa att mamma frågar hur du har det."),
    ],
)
def test_a_faithful_rewriting_is_accepted_and_says_who_wrote_it(id: str, text: str) -> None:
    made, findings = accept_rewriting(version(), with_text(version(), id, text), "modell-x")
    assert [finding for finding in findings if finding.blocking] == []
    assert text in made.text
    assert made.made_by == "modell-x"
    assert "Vem bestämmer?" in made.text


@pytest.mark.parametrize(
    ("id", "text", "kind"),
    [
        ("o1", "Du sa att det är svårt att sova, men jag lovar att det blir bättre.", "promise"),
        ("o1", "Du sa att det är svårt att sova. Allt ordnar sig.", "promise"),
        ("o0", "Du sa att du är ensam, men du får bo hos mormor.", "outcome"),
        ("o0", "Du sa att du är ensam. Du kommer att få flytta.", "outcome"),
        ("o0", "Du sa att du är ensam för att du är elak.", "blame"),
        ("o0", "Du sa att du ofta är ensam, och det är ditt fel.", "blame"),
        ("o1", "Du sa att det är svårt att sova för att du ser blod.", "frightening"),
        ("o2", "Du sa att mamma frågar hur du har det fast hon har en diagnos.", "secret"),
        ("o1", "Du sa att det är svårt att sova tre nätter i veckan.", "number"),
        ("o1", "Du sa att det är svårt att sova sedan den 4 maj.", "number"),
        ("o0", "Du sa att du ofta är ensam och saknar Wilma.", "name"),
        ("o0", "Wilma sa att du ofta är ensam.", "teller"),
        ("o2", "Du sa att pappa frågar hur du har det.", "person"),
        ("o0", "Mamma sa att du ofta är ensam.", "teller"),
        ("o1", "Du sa att det inte är svårt att sova.", "negation"),
        ("o0", "Du sa att du aldrig är ensam.", "negation"),
        ("o1", "Du sa att du gillar fotboll.", "unsupported"),
        ("o0", "Du sa, när vi satt där i rummet och pratade länge om hur allting känns, att du ofta är ensam.", "band"),
    ],
)
def test_a_changed_meaning_is_refused_and_our_own_text_stays(id: str, text: str, kind: str) -> None:
    base = version()
    changed = with_text(base, id, text)
    assert kind in kinds(base, changed)
    made, _ = accept_rewriting(base, changed, "modell-x")
    assert made == base


def test_a_fact_that_fell_out_is_found() -> None:
    base = version()
    assert "not_kept" in kinds(base, [s for s in rewritten(base) if "o1" not in s.rests_on])


def test_who_decides_may_not_fall_out() -> None:
    base = version()
    assert "section_missing" in kinds(base, [s for s in rewritten(base) if not s.rests_on[0].startswith("decide")])


@pytest.mark.parametrize("rests_on", [(), ("o9",), ("o0", "påhittad")])
def test_a_sentence_that_rests_on_nothing_is_refused(rests_on: tuple[str, ...]) -> None:
    base = version()
    assert "untraced" in kinds(base, [*rewritten(base), RewrittenSentence("Du är ofta glad.", rests_on)])


def test_a_model_that_says_nothing_changes_nothing() -> None:
    made, findings = accept_rewriting(version(), [], "modell-x")
    assert made == version()
    assert [finding.kind for finding in findings] == ["not_kept"]


def test_the_childs_own_words_come_back_as_they_were() -> None:
    meeting = Meeting("m1", "samtal", 11, (Participant("B", "barn"),))
    base = compose_child_version([heard(0, "B-SOC-S1", quote="vi har samma jacka")], TalkFacts(meeting))
    changed = [replace(s, text=s.text.replace("samma jacka", "likadana kläder")) for s in rewritten(base)]
    assert "not_kept" in kinds(base, changed)


def test_a_version_changed_behind_the_composers_back_is_found() -> None:
    base = version()
    planted = Sentence("Du sa att du bråkar.", "about", "fact", ("o7",))
    assert {f.kind for f in review_child_version(replace(base, sentences=(*base.sentences, planted)))} == {"untraced"}
    fewer = replace(base, sentences=tuple(s for s in base.sentences if "o0" not in s.rests_on))
    assert {f.kind for f in review_child_version(fewer)} == {"not_kept"}


@pytest.mark.parametrize(
    "text",
    [
        "Det är inte ditt fel.",
        "Inget av det som är svårt är ditt fel.",
        "När vuxna är osams är det inte ditt fel, och du behöver inte välja sida.",
        "Du får säga vad du tycker.",
        "Vuxna ska ta hand om barn.",
    ],
)
def test_what_a_child_needs_to_hear_is_not_forbidden(text: str) -> None:
    assert forbidden_in(text) == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Vi ska skydda dig.", "promise"),
        ("Det kommer aldrig hända igen.", "promise"),
        ("Ingen får veta vad du har sagt.", "promise"),
        ("Du får bo kvar hemma.", "outcome"),
        ("Du ska placeras.", "outcome"),
        ("Pappa ska åka i fängelse.", "outcome"),
        ("Det är ditt eget fel.", "blame"),
        ("Du borde ha sagt det förut.", "blame"),
        ("Mamma är en dålig mamma.", "blame"),
        ("Du ljuger.", "blame"),
        ("Han hade en kniv.", "frightening"),
        ("Mamma försökte ta sitt liv.", "frightening"),
        ("Din lärare gjorde en orosanmälan.", "secret"),
        ("Säg inte till mamma.", "secret"),
    ],
)
def test_what_no_child_is_to_read(text: str, kind: str) -> None:
    assert kind in forbidden_in(text)
