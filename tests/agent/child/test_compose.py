"""From confirmed observations to a text a child can recognise, with nothing added and nothing lost."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handenhet.agent.child import (
    BANDS,
    Agreed,
    Band,
    ChildVersion,
    TalkFacts,
    band_for,
    compose_child_version,
    preview_child_version,
    targets,
)
from handenhet.agent.child.review import forbidden_in
from handenhet.agent.material import CHILDS_WORDS, Pinned
from handenhet.agent.observation import (
    Confirmed,
    Disputed,
    Flag,
    Observation,
    Person,
    Proposed,
    Proposer,
    Rejected,
    Source,
)
from handenhet.knowledge.errors import IllegalState
from handenhet.knowledge.factors import catalogue
from handenhet.knowledge.participants import Meeting, Participant
from handenhet.knowledge.sources import Quote, utterance_of_text

ANNA = Person("anna", "Anna Ek", "socialsekreterare")
AT = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
ROOM = {
    "S": Participant("S", "socialsekreterare", "Anna"),
    "B": Participant("B", "barn"),
    "M": Participant("M", "mamma"),
    "L": Participant("L", "lärare"),
    "Y": Participant("Y", "lillasyster"),
    "K": Participant("K", "klient"),
    "T": Participant("T", "tolk"),
}


def meeting(age: int | None, who: str = "SBM") -> Meeting:
    return Meeting("m1", "samtal", age, tuple(ROOM[letter] for letter in who))


def heard(
    number: int,
    factor: str,
    speaker: str = "B",
    about: str = "barn",
    quote: str = "det är som det är",
    source: Source = "told_of_oneself",
    flags: frozenset[Flag] = frozenset(),
) -> Observation:
    """A confirmed observation `o<number>`, said in utterance `u<number>`."""
    utterance = utterance_of_text(f"u{number}", number, speaker, quote)
    whole = Quote(utterance, 0, len(utterance.words))
    return Observation(
        f"o{number}", "m1", catalogue()[factor], whole, about, source, Proposer("test", "1"), flags,
        standing=Confirmed(ANNA, AT),
    )  # fmt: skip


def reasons(version: ChildVersion) -> dict[str, str]:
    return {left.observation: left.reason for left in version.left_out}


def test_the_child_is_told_what_it_said_itself_in_its_own_quote() -> None:
    version = compose_child_version(
        [heard(0, "B-SOC-S1", quote="vi har samma jacka"), heard(1, "B-HAL-R3", quote="jag vaknar varje natt")],
        TalkFacts(meeting(8), caseworker="Anna", child_name="Emma"),
    )
    assert version.band == "7-9"
    assert "Hej, Emma!" in version.text
    assert "”Vi har samma jacka.”" in version.text
    assert "svårt att sova" in version.text
    assert version.blocking == ()


def test_the_four_questions_are_answered_in_every_band() -> None:
    for age in (3, 8, 11, 14, 17, None):
        who = "SK" if age is None else "SB"
        version = compose_child_version([], TalkFacts(meeting(age, who)))
        assert {"next", "decide", "say", "ask"} <= {sentence.section for sentence in version.sentences}
        assert version.blocking == ()


def test_the_youngest_get_three_sentences_first_and_the_adult_gets_a_way_to_say_them() -> None:
    version = compose_child_version([heard(0, "F-KAN-S1", about="pappa")], TalkFacts(meeting(4)))
    three = version.text.split("Här är tre saker till dig.\n")[1].split("\n\n")[0]
    assert three.count(".") == 3
    assert "pappa" in three
    assert len(version.for_adult) >= 5
    assert len(version.pictures) == 3


def test_a_parents_sorrow_is_the_parents_unless_the_child_told_it() -> None:
    hers = heard(0, "F-OMS-R4", speaker="M", about="mamma")
    childs = heard(1, "F-OMS-R4", about="mamma")
    version = compose_child_version([hers, childs], TalkFacts(meeting(11)))
    assert version.told == ("o1",)
    assert "någon annans" in reasons(version)["o0"]


def test_what_a_parent_said_while_the_child_was_out_stays_out() -> None:
    said = heard(0, "F-OMS-S2", speaker="M", about="mamma")
    assert compose_child_version([said], TalkFacts(meeting(11))).told == ("o0",)
    apart = TalkFacts(meeting(11), said_apart=frozenset({"u0"}))
    assert "inte var med" in reasons(compose_child_version([said], apart))["o0"]


def test_a_teacher_is_named_only_to_a_child_who_was_there() -> None:
    said = heard(0, "B-UTB-S1", speaker="L", source="seen")
    assert "Läraren" in compose_child_version([said], TalkFacts(meeting(11, "SBL"))).text
    assert "ärare" not in compose_child_version([said], TalkFacts(meeting(11, "SL"))).text


def test_abuse_is_told_only_as_something_hard_and_only_when_the_child_told_it() -> None:
    told = compose_child_version([heard(0, "F-SAK-R4")], TalkFacts(meeting(11)))
    assert told.told == ("o0",)
    assert "något svårt" in told.text or "något som är svårt" in told.text
    assert any(finding.kind == "careful" for finding in told.findings)
    assert compose_child_version([heard(0, "F-SAK-R4", speaker="M")], TalkFacts(meeting(11))).told == ()


def test_what_is_too_heavy_in_plain_words_is_veiled_and_not_removed() -> None:
    version = compose_child_version([heard(0, "F-SAK-R1", about="pappa")], TalkFacts(meeting(5)))
    assert version.told == ("o0",)
    assert "illa" not in version.text
    assert "svår" in version.text


def test_a_judgement_of_the_child_is_never_read_to_it() -> None:
    version = compose_child_version([heard(0, "B-KAN-R9", speaker="M")], TalkFacts(meeting(15)))
    assert "omdöme" in reasons(version)["o0"]


def test_a_siblings_matter_is_the_siblings() -> None:
    version = compose_child_version(
        [heard(0, "B-HAL-R3", speaker="M", about="syskon"), heard(1, "B-HAL-R3", about="syskon")],
        TalkFacts(meeting(11)),
    )
    assert version.told == ("o1",)
    assert "ditt syskon" in version.text
    assert "sov" not in version.text


def test_a_little_sister_in_the_room_is_not_the_child() -> None:
    version = compose_child_version([heard(0, "B-SOC-S1", speaker="Y")], TalkFacts(meeting(11, "SBY")))
    assert "Din lillasyster" in version.text


def test_an_interpreters_words_are_the_words_of_the_only_other_one_there() -> None:
    said = heard(0, "B-SOC-S1", speaker="T", quote="vi har samma jacka")
    assert "”Vi har samma jacka.”" in compose_child_version([said], TalkFacts(meeting(11, "SBT"))).text
    assert "Mamma" in compose_child_version([said], TalkFacts(meeting(11, "SMT"))).text


def test_with_several_behind_an_interpreter_nobody_is_said_to_have_told() -> None:
    text = compose_child_version([heard(0, "B-SOC-S1", speaker="T")], TalkFacts(meeting(11, "SBMT"))).text
    assert any(way in text for way in ("Vi pratade om att", "Vi har pratat om att"))
    assert "Mamma" not in text


@pytest.mark.parametrize(
    ("factor", "quote"),
    [
        ("F-SAK-S3", "om jag skickar en punkt så ringer han"),
        ("B-SOC-S2", "jag går dit när pappa slår"),
        ("B-SOC-S2", "tolvan på Storgatan 7"),
    ],
)
def test_words_that_could_harm_if_read_at_home_are_not_quoted_by_us(factor: str, quote: str) -> None:
    version = compose_child_version([heard(0, factor, quote=quote)], TalkFacts(meeting(14)))
    assert version.told == ("o0",)
    assert "”" not in version.text


def test_what_somebody_else_told_says_that_it_is_about_the_child() -> None:
    for age in (8, 11, 14, 17):
        text = compose_child_version([heard(0, "B-KAN-R7", speaker="M")], TalkFacts(meeting(age))).text
        assert " att du " in text.split("Vad handlade det om?")[1].split("Vad händer nu?")[0]


def test_two_who_say_the_same_are_told_once_and_both_kept() -> None:
    version = compose_child_version([heard(0, "B-UTB-R3"), heard(1, "B-UTB-R3", speaker="M")], TalkFacts(meeting(11)))
    assert "Mamma sa samma sak." in version.text
    assert set(version.told) == {"o0", "o1"}


def test_what_was_so_before_is_told_as_past() -> None:
    version = compose_child_version([heard(0, "B-SOC-R4", flags=frozenset({"past"}))], TalkFacts(meeting(11)))
    assert "Det var förut." in version.text
    assert "saknade" in version.text or "var ensam" in version.text


def test_an_uncertain_statement_stays_uncertain() -> None:
    version = compose_child_version([heard(0, "B-SOC-R4", flags=frozenset({"uncertain"}))], TalkFacts(meeting(11)))
    assert "Du var inte helt säker." in version.text


def test_a_childs_disputed_words_are_told_and_the_dispute_is_the_caseworkers() -> None:
    disputed = heard(0, "F-KAN-R2").with_standing(Disputed(ANNA, AT, "Så är det inte, säger mamma."))
    version = compose_child_version([disputed], TalkFacts(meeting(11)))
    assert version.told == ("o0",)
    assert "inte lika" not in version.text
    assert any(finding.kind == "disputed" for finding in version.findings)


def test_pinned_words_stand_verbatim_and_are_not_measured() -> None:
    long = (
        "jag vill att alla ska sitta vid samma bord och äta pannkakor och att ingen ska gå därifrån förrän det är slut"
    )
    said = heard(0, "B-KAN-S3", quote=long)
    pin = Pinned("p1", said.quote, CHILDS_WORDS, ANNA, AT)
    version = compose_child_version([said], TalkFacts(meeting(8)), pinned=[pin])
    assert long[1:] in version.text
    assert version.readability.longest_sentence <= targets("7-9").longest
    assert any(sentence.rests_on == ("p1",) for sentence in version.sentences)


def test_others_pinned_words_are_not_the_childs() -> None:
    said = heard(0, "F-OMS-R4", speaker="M", about="mamma", quote="jag orkar inte mer")
    pin = Pinned("p1", said.quote, "Inställning", ANNA, AT)
    assert "orkar inte mer" not in compose_child_version([said], TalkFacts(meeting(8)), pinned=[pin]).text


def test_more_than_a_child_can_take_in_waits_and_is_listed() -> None:
    factors = ["B-SOC-S1", "B-UTB-R2", "B-HAL-R3", "B-SOC-R4", "B-KAN-R7", "F-SAK-R2"]
    version = compose_child_version([heard(n, f) for n, f in enumerate(factors)], TalkFacts(meeting(6)))
    assert len(version.told) == targets("0-6").facts
    assert "o5" in version.told, "the heaviest of what the child told is not what is dropped"
    assert len(version.left_out) == 3


def test_what_was_agreed_stands_in_the_caseworkers_words() -> None:
    facts = TalkFacts(meeting(11), agreed=(Agreed("a1", "Vi ses på torsdag efter skolan."),))
    version = compose_child_version([], facts)
    assert "Vi ses på torsdag efter skolan." in version.text.split("Vad händer nu?")[1]


def test_the_caseworker_may_shift_the_band() -> None:
    observations = [heard(0, "B-SOC-R4")]
    version = compose_child_version(observations, TalkFacts(meeting(11)), band="7-9")
    assert version.band == "7-9"
    assert version.text != compose_child_version(observations, TalkFacts(meeting(11))).text


def test_a_grown_up_gets_a_summary_in_plain_words() -> None:
    version = compose_child_version([heard(0, "V-MOT-S1", speaker="K", about="klient")], TalkFacts(meeting(None, "SK")))
    assert version.band == "vuxen"
    assert "överklaga" in version.text
    assert "Bris" not in version.text


@pytest.mark.parametrize("standing", [Proposed(), Rejected(ANNA, AT)])
def test_nothing_unconfirmed_becomes_a_childs_version(standing: Proposed | Rejected) -> None:
    observation = heard(0, "B-SOC-S1", quote="vi har samma jacka").with_standing(standing)
    with pytest.raises(IllegalState, match="confirmed") as caught:
        compose_child_version([observation], TalkFacts(meeting(8)))
    assert "jacka" not in str(caught.value)


def test_an_observation_of_another_meeting_is_refused() -> None:
    with pytest.raises(IllegalState, match="another meeting"):
        compose_child_version([replace(heard(0, "B-SOC-S1"), meeting_id="m2")], TalkFacts(meeting(8)))


def test_a_preview_says_that_nothing_is_confirmed_outside_its_text() -> None:
    proposed = heard(0, "B-SOC-S1").with_standing(Proposed())
    rejected = heard(1, "B-SOC-R4").with_standing(Rejected(ANNA, AT))
    version = preview_child_version([proposed, rejected], meeting(8))
    assert version.preview
    assert "inget är bekräftat" in version.notice
    assert "bekräfta" not in version.text
    assert version.told == ("o0",)


def test_what_was_heard_of_a_sibling_is_short_enough_for_the_smallest() -> None:
    said = heard(0, "B-KAN-S4", "B", "syskon", "vi har kul ihop", "hearsay", frozenset())
    for number in range(12):
        frame = replace(meeting(5), id=f"m{number}")
        version = compose_child_version([replace(said, meeting_id=frame.id)], TalkFacts(frame), "0-6")
        assert version.readability.longest_sentence <= targets("0-6").longest, version.text


def test_the_same_meeting_gives_the_same_text_and_another_meeting_may_sound_different() -> None:
    def text(id: str) -> str:
        frame = Meeting(id, "samtal", 11, meeting(11).participants)
        observations = [replace(heard(n, f), meeting_id=id) for n, f in enumerate(["B-SOC-S1", "B-UTB-R2"])]
        return compose_child_version(observations, TalkFacts(frame)).text

    assert text("m1") == text("m1")
    assert len({text(f"m{n}") for n in range(12)}) >= 6


CHILDS = [factor.id for factor in catalogue() if not factor.adult]


@st.composite
def talks(draw: st.DrawFn) -> tuple[list[Observation], TalkFacts, Band]:
    """Any circumstances, whoever said them about whomever, in any band."""
    rows = draw(st.lists(st.sampled_from(CHILDS), max_size=8))
    observations = [
        heard(
            number,
            factor,
            draw(st.sampled_from("BMLYT")),
            draw(st.sampled_from(["barn", "mamma", "pappa", "förälder", "syskon", "annan-vuxen", "familj"])),
            draw(st.sampled_from(["jag sover inte", "mormor hämtar oss", "han slog mig med kniv", "vi har kul ihop"])),
            draw(st.sampled_from(["told_of_oneself", "told_of_another", "seen", "hearsay", "document"])),
            draw(st.frozensets(st.sampled_from(["past", "uncertain"]))),
        )
        for number, factor in enumerate(rows)
    ]
    facts = TalkFacts(meeting(11, draw(st.sampled_from(["SB", "SBMLY", "SML"]))), child_name="Emma")
    return observations, facts, draw(st.sampled_from(BANDS[:-1]))


@settings(max_examples=60, deadline=None)
@given(talks())
def test_meaning_is_kept_both_ways_whatever_was_said(talk: tuple[list[Observation], TalkFacts, Band]) -> None:
    observations, facts, band = talk
    version = compose_child_version(observations, facts, band)
    carried = {id for sentence in version.sentences for id in sentence.observations}
    assert set(version.told) == carried
    assert {o.id for o in observations} == set(version.told) | set(reasons(version))
    assert not set(version.told) & set(reasons(version))
    assert "kniv" not in version.text
    assert not set("{[|") & set(version.text)
    assert all(not forbidden_in(sentence.text) for sentence in version.sentences)
    assert version.readability.longest_sentence <= targets(band).longest
    assert [finding.kind for finding in version.blocking] == []


@given(st.integers(0, 20))
def test_no_child_gets_a_text_harder_than_its_age(age: int) -> None:
    version = compose_child_version([heard(0, "B-SOC-S1")], TalkFacts(meeting(age)))
    assert version.band == band_for(age)
    assert version.blocking == ()
