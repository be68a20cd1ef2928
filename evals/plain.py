"""Single utterances said straight out, as small meetings to train on: written words are seldom so plain, people are."""

from collections.abc import Iterator
from pathlib import Path

from ..knowledge.factors import catalogue
from ..knowledge.participants import Meeting, Participant
from ..knowledge.sources import Transcript, utterance_of_text
from .corpus import CASES, CorpusError, Gold, LabelledMeeting, Trap

LINES = CASES / "plain" / "lines.txt"
PART = "plain"
ROLES = {"B": "barn", "M": "mamma", "P": "pappa", "L": "lärare", "F": "farmor", "K": "klient"}
AGES = (12, 5, 15)
HELLO = (("Hej, kom in.", "S"), ("Du kan sitta där.", "S"))
ASKED = ("Hur är det hemma?", "Berätta.", "Hur menar du?", "Vad hände sen?", "Okej, och nu?", "Vad tänker du på?")
ANSWERED = ("Okej.", "Tack för att du berättar det.", "Mm.", "Jag förstår.", "Jaha.")
"""The same few words around findings and near misses alike, so that they teach nothing."""
GROUPS = 5


def plain(path: Path = LINES) -> Iterator[LabelledMeeting]:
    """Two meetings of one labelled utterance for each line: answered, and with nothing said after it.

    Raises CorpusError naming the line.
    """
    for number, text in enumerate(path.read_text("utf-8").splitlines(), 1):
        if text.strip() and not text.startswith("#"):
            label, bar, words = text.partition(" | ")
            if not (bar and words.strip() and _understood(label.split())):
                raise CorpusError(
                    "unreadable line",
                    where=f"{path.name} line {number}",
                    mend="`+ FACTOR WHO | words`, `- WHO | words`",
                )
            for answer in (ANSWERED[number % len(ANSWERED)], ""):
                yield _meeting(number, label.split()[1:-1], label.split()[-1], words, answer)


def _understood(parts: list[str]) -> bool:
    """Whether a line begins as `+ FACTOR WHO` or `- WHO`."""
    found = len(parts) == 3 and parts[0] == "+" and parts[1] in catalogue()
    return (found or (len(parts) == 2 and parts[0] == "-")) and parts[-1] in ROLES


def _meeting(number: int, factors: list[str], who: str, words: str, answer: str) -> LabelledMeeting:
    factor = factors[0] if factors else ""
    said = (*HELLO, (ASKED[number % len(ASKED)], "S"), (words, who), *([(answer, "S")] if answer else []))
    at = len(HELLO) + 1
    transcript = Transcript(tuple(utterance_of_text(f"u{i}", i, by, text) for i, (text, by) in enumerate(said)))
    people = (Participant("S", "socialsekreterare"), Participant(who, ROLES[who]))
    adult = factor.startswith("V") if factor else who == "K"
    fitting = (age for age in AGES if not factor or catalogue()[factor].fits(age))
    meeting = Meeting(
        f"{PART}-{number}{'' if answer else '-alone'}", "samtal", None if adult else next(fitting), people
    )
    gold = (Gold(at, catalogue()[factor], "familj", "told_of_oneself", frozenset(), words),) if factor else ()
    traps = () if factor else (Trap(at, "allmänt"),)
    group = f"{PART} {number % GROUPS}"
    return LabelledMeeting(meeting, transcript, PART, group, "vardag", "verbatim", gold, traps, ())
