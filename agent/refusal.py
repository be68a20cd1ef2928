"""What the chat declines, told by what is asked for and not by one wording.

It never decides, scores, predicts, ranks, judges credibility, reads emotion, or writes what only a person writes. Asked
what somebody *said* about any of that, it answers. A language model's words pass the same door on the way out.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final, Literal

import yaml

Why = Literal["decide", "write", "score", "predict", "rank", "credibility", "emotion", "pretend", "other_cases"]

TOLD: Final[dict[Why, str]] = {
    "pretend": "Jag gör inga bedömningar i någon roll eller på låtsas heller.",
    "other_cases": "Jag ser bara det öppna ärendet och lagen. Andra klienter söker jag inte bland (SoLPuF 15 §).",
    "write": "Bedömning, förslag och beslut skriver bara du. Jag fyller aldrig i dem.",
    "score": "Jag sätter inga nivåer eller siffror på risk. Hur tungt något väger bedömer du.",
    "predict": "Jag säger inget om hur det kommer att gå. Det finns inget i ärendet som visar framtiden.",
    "rank": "Jag rangordnar inte människor, uppgifter eller ärenden.",
    "credibility": "Jag bedömer inte vem som talar sanning. Jag visar vem som har sagt vad, och vad någon bestrider.",
    "emotion": "Jag läser inte av känslor, personlighet eller diagnoser. Jag visar vad människor själva har sagt.",
    "decide": "Det avgör du, inte jag. Jag lägger fram vad som sagts och vad lagen kräver.",
}
OFFER: Final = "Jag kan visa de bekräftade uppgifterna, vad som saknas och vilka villkor lagen ställer. Fråga om det."


@dataclass(frozen=True, slots=True)
class Declined:
    """Why a question is not answered, and what is offered instead."""

    why: Why

    @property
    def text(self) -> str:
        return f"{TOLD[self.why]} {OFFER}"


_ORDER: Final[tuple[Why, ...]] = tuple(TOLD)
_EVEN_WHEN_REPORTED = frozenset(("pretend", "write", "other_cases"))


@dataclass(frozen=True, slots=True)
class _Patterns:
    """Compiled `refusal.yaml`. `reports` and `law` are questions about what was said and what the law says."""

    reports: re.Pattern[str]
    law: re.Pattern[str]
    asks_the_program: re.Pattern[str]
    declines: tuple[tuple[Why, re.Pattern[str]], ...]


@cache
def _patterns() -> _Patterns:
    file = resources.files(__name__.rpartition(".")[0]).joinpath("refusal.yaml")
    raw: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))

    def any_of(parts: list[str]) -> re.Pattern[str]:
        filled = (part.replace("{person}", raw["person"]).replace("{act}", raw["act"]) for part in parts)
        return re.compile("|".join(f"(?:{part})" for part in filled))

    kinds: dict[str, list[str]] = raw["declines"]
    declined: tuple[tuple[Why, re.Pattern[str]], ...] = tuple((why, any_of(kinds[why])) for why in _ORDER)
    return _Patterns(any_of(raw["reports"]), any_of(raw["law"]), any_of(raw["asks_the_program"]), declined)


def declines(question: str) -> Declined | None:
    """Why the chat will not answer this, or None where it may. The question is read as a whole, in lower case."""
    text = " ".join(question.lower().split())
    patterns = _patterns()
    about_words = patterns.reports.search(text) is not None or patterns.law.search(text) is not None
    answerable = about_words and patterns.asks_the_program.search(text) is None
    for why, pattern in patterns.declines:
        if answerable and why not in _EVEN_WHEN_REPORTED:
            continue
        if pattern.search(text):
            return Declined(why)
    return None
