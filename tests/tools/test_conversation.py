"""What is found in a case, and what is not."""

from handenhet.tools.conversation import Conversation, Passage

CASE = Conversation(
    (
        Passage("1", "said", "På fredagar har pappa druckit vin.", "Emma (barn)", "Skolbesök, 01:00"),
        Passage("2", "said", "Mormor hämtar barnen på onsdagar.", "Anna (mamma)", "Samtal, 00:30"),
        Passage("3", "fact", "Vi har inte betalat hyran.", "Anna (mamma)", "Samtal, 00:40", searched="Boende"),
    ),
    people=("Emma", "Anna", "pappa", "mamma"),
)


def ids(question: str) -> list[str]:
    return [passage.id for passage in CASE.search(question)]


def test_the_words_asked_for_are_found() -> None:
    assert ids("Vad säger Emma om fredagarna?") == ["1"]
    assert ids("Vem hämtar på onsdagar?") == ["2"]


def test_a_word_for_the_same_matter_is_found_too() -> None:
    assert ids("Vad har sagts om alkohol?") == ["1"]
    assert ids("Hur är det med ekonomin?") == ["3"]


def test_what_nobody_said_is_not_found() -> None:
    assert ids("Har de varit på semester i Grekland?") == []
    assert ids("Vad heter katten?") == []
    assert ids("") == []
