"""The sample meeting's script as typed values."""

from dataclasses import dataclass
from importlib import resources
from typing import Any

import yaml

from ...knowledge.participants import Meeting, Participant


@dataclass(frozen=True, slots=True)
class Voice:
    """An espeak-ng voice: variant name, words a minute, pitch 0-99."""

    variant: str
    speed: int
    pitch: int


@dataclass(frozen=True, slots=True)
class Turn:
    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class SampleMeeting:
    meeting: Meeting
    voices: dict[str, Voice]
    turns: tuple[Turn, ...]


def load_sample() -> SampleMeeting:
    """The shipped script. Its words are what the speakers say, not what the recognizer hears."""
    raw: dict[str, Any] = yaml.safe_load(
        resources.files(__name__.rpartition(".")[0]).joinpath("meeting.yaml").read_text(encoding="utf-8")
    )
    people: dict[str, dict[str, str]] = raw["participants"]
    voices: dict[str, dict[str, Any]] = raw["voices"]
    turns: list[dict[str, str]] = raw["turns"]
    return SampleMeeting(
        meeting=Meeting(
            id=str(raw["id"]),
            setting=str(raw["setting"]),
            child_age=int(raw["child_age"]),
            participants=tuple(Participant(id, who["role"], who["name"]) for id, who in people.items()),
        ),
        voices={id: Voice(str(v["variant"]), int(v["speed"]), int(v["pitch"])) for id, v in voices.items()},
        turns=tuple(Turn(speaker, text) for turn in turns for speaker, text in turn.items()),
    )
