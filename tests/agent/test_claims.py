"""What code can see of whether a sentence says more than the words it cites."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handenhet.agent.cites import QuoteRef
from handenhet.agent.claims import faults, known_names
from handenhet.agent.draft import Sentence

NAMES = known_names(["Emma Ek", "Anna Ek", "Johan Ek", "Rebecka"])


def said(text: str, words: str, who: str = "modern", about: str = "familjen") -> Sentence:
    cite = QuoteRef("o1", "m1", date(2026, 11, 6), "u1", 0, 5, 9000, 17000, "M", who, "guardian", words, about)
    return Sentence("SAMMANSTÄLLNING", text, (cite,))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Modern berättar: ”Vi har inte betalat hyran.”", "Vi har inte betalat hyran."),
        ("Modern berättar att de inte har betalat hyran.", "Vi har inte betalat hyran."),
        ("Modern berättar att hyran är betald till den 14 mars.", "Hyran är betald till den 14 mars."),
        ("Modern uppger att hon sover 4 timmar.", "Jag sover fyra timmar."),
        ("Modern berättar att Sara hjälper henne på fredagar.", "Sara hjälper mig på fredagarna."),
        ("Modern den 6 november 2026: ”Det är lugnt.”", "Det är lugnt."),
        ("Modern säger: ”Då lagar jag mat”.", "Då lagar jag mat,"),
    ],
)
def test_what_is_carried_passes(text: str, words: str) -> None:
    assert faults(said(text, words), NAMES) == frozenset()


@pytest.mark.parametrize(
    ("text", "words", "fault"),
    [
        ("Modern berättar: ”Vi har betalat hyran.”", "Vi har inte betalat hyran.", "quote_altered"),
        ("Modern berättar: ”slagit mig”", "Han har aldrig slagit mig", "quote_altered"),
        ("Modern berättar att de har betalat hyran.", "Vi har inte betalat hyran.", "negation"),
        ("Modern berättar att de inte har betalat hyran.", "Vi har betalat hyran.", "negation"),
        ("Modern säger inte: ”Det är lugnt.”", "Det är lugnt.", "negation"),
        ("Modern uppger att hon sover sex timmar.", "Jag sover fyra timmar.", "number"),
        ("Modern uppger att det hände i lördags.", "Det hände i fredags.", "date"),
        ("Modern berättar att det var i maj.", "Det var i mars.", "date"),
        ("Modern den 7 november 2026: ”Det är lugnt.”", "Det är lugnt.", "number"),
        ("Modern berättar att Lena hjälper henne.", "Sara hjälper mig.", "name"),
        ("Rebecka hjälper till, berättar modern.", "Sara hjälper till.", "name"),
        ("Fadern berättar att hyran är betald.", "Hyran är betald.", "speaker"),
        ("Emma: ”Det är lugnt.”", "Det är lugnt.", "speaker"),
        ("Modern berättar att mormor hjälper till.", "Grannen hjälper till.", "person"),
        ("Modern säger: ”Det är lugnt.” Hemmet är ordnat.", "Det är lugnt.", "uncited"),
    ],
)
def test_what_is_not_carried_is_seen(text: str, words: str, fault: str) -> None:
    assert fault in faults(said(text, words), NAMES)


def test_a_meetings_own_day_carries_no_number() -> None:
    """The citation says 6 november; that must not let a six or a November into the text."""
    assert "number" in faults(said("Modern säger att hon tar sex tabletter.", "Jag tar tre tabletter."))
    assert "date" in faults(said("Modern säger att det var i november.", "Det var i september."))


@given(
    st.text(max_size=80).filter(lambda said: said.strip() != ""),
    st.text(max_size=80).filter(lambda said: said.strip() != ""),
)
def test_any_text_can_be_looked_at(text: str, words: str) -> None:
    faults(said(text, words), NAMES)


@given(st.text("abcdefåäö ABC”.!?,0123456789", min_size=1, max_size=60).filter(lambda t: t.strip(" .,;:!?…–-”")))
def test_a_whole_quote_with_its_speaker_never_raises_an_alarm(words: str) -> None:
    told = words.replace("”", "")
    if told.strip(" .,;:!?…–-"):
        assert faults(said(f"Modern säger: ”{told}”", told), NAMES) == frozenset()
