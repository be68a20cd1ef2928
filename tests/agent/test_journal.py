"""The journal entry: outer facts, statements with whose they are, and fields only the caseworker fills."""

from dataclasses import replace

from handenhet.agent.draft import Draft
from handenhet.agent.journal import compose_journal
from handenhet.agent.material import Silence, Talk
from handenhet.evals import examples
from handenhet.knowledge.factors import catalogue


def journal(talk: Talk) -> Draft:
    return compose_journal(examples.case(), talk, catalogue())


def texts(draft: Draft, key: str) -> list[str]:
    return [sentence.text for sentence in draft.section(key).sentences]


def test_when_who_and_where() -> None:
    assert texts(journal(examples.talks()[0]), "frame") == [
        "Familjesamtal den 6 november 2026 kl. 10.00–10.45.",
        "Närvarande: Maria Lindberg (socialsekreterare), Emma (barn) och Anna (mamma).",
        "Plats: Socialkontoret.",
        "Emma var med och talade själv.",
    ]


def test_a_child_alone_with_the_caseworker() -> None:
    assert "Emma talade enskilt med socialsekreteraren." in texts(journal(examples.talks()[1]), "frame")


def test_a_child_who_said_nothing_and_a_child_who_was_not_there() -> None:
    talk = examples.talks()[2]
    assert "Barnet var inte med." in texts(journal(talk), "frame")
    beside = replace(talk.meeting, participants=(*talk.meeting.participants, examples.CHILD))
    assert "Emma var med och sa ingenting som finns i utskriften." in texts(
        journal(replace(talk, meeting=beside)), "frame"
    )


def test_an_unknown_place_is_a_field_and_an_unknown_interpreter_is_not_guessed() -> None:
    draft = journal(replace(examples.talks()[0], place=""))
    assert draft.section("place").field == "place"
    assert not any("tolk" in text.casefold() for text in texts(draft, "frame"))
    told = journal(replace(examples.talks()[0], interpreter=False))
    assert "Ingen tolk medverkade." in texts(told, "frame")


def test_a_pause_in_the_recording_is_told() -> None:
    talk = replace(examples.talks()[0], silences=(Silence("g1", 60_000, 120_000, "paus på begäran"),))
    assert "Mellan 01:00–02:00 saknas ord: paus på begäran." in texts(journal(talk), "frame")


def test_statements_stand_under_their_area_with_the_protest_beside() -> None:
    draft = journal(examples.talks()[0])
    care = next(section for section in draft.sections if section.heading == "Grundläggande omsorg")
    assert [sentence.kind for sentence in care.sentences] == ["FAKTA", "FAKTA"]
    assert "Han dricker ett glas" in care.sentences[1].text


def test_the_childs_words_and_the_agreement_have_headings_of_their_own() -> None:
    draft = journal(examples.talks()[0])
    headings = [section.heading for section in draft.sections]
    assert texts(draft, "childs_words") == ["Emma säger: ”Då gömmer jag mig på toaletten.”"]
    assert headings.index("Barnets egna ord") < headings.index("Överenskommelser")


def test_what_only_the_caseworker_knows_is_left_to_her() -> None:
    draft = journal(examples.talks()[0])
    fields = [section.field for section in draft.sections if section.field]
    assert fields == ["agreed", "child_information", "clients_view", "own_assessment"]
    assert draft.written == ()


def test_areas_not_touched_are_named_and_not_taken_for_absent() -> None:
    named, reminder = texts(journal(examples.talks()[0]), "not_touched")[:2]
    assert "boende" in named
    assert reminder == "Att ett område inte har berörts säger inget om hur det är."


def test_it_says_that_ai_was_used_and_who_confirmed() -> None:
    used, confirmed = texts(journal(examples.talks()[0]), "made_with")
    assert "AI har använts" in used
    assert "embedded 1" in used
    assert confirmed == "Uppgifterna gicks igenom och bekräftades av Maria Lindberg."


def test_a_meeting_without_confirmed_statements_says_so() -> None:
    draft = journal(replace(examples.talks()[0], observations=()))
    assert texts(draft, "facts") == ["Ingen uppgift från samtalet har bekräftats."]
