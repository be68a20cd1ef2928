"""Who sits in the room, and what their word counts as."""

from dataclasses import dataclass
from typing import Literal

from .errors import IllegalState

Standpoint = Literal["caseworker", "child", "guardian", "client", "interpreter", "other"]
"""How a participant's words are read. The caseworker's are never evidence; an interpreter speaks for somebody else."""

_CASEWORKER = (
    "socialsekreterare",
    "handläggare",
    "utredare",
    "social worker",
    "caseworker",
    "socialassistent",
)
_INTERPRETER = ("tolk", "interpreter")
_CHILD = (
    "barn", "barnet", "dotter", "son", "flicka", "pojke", "ungdom", "tonåring", "elev", "child", "unga", "den unge",
    "syskon", "storasyster", "storebror", "lillasyster", "lillebror",
)  # fmt: skip
_GUARDIAN = (
    "mamma", "mor", "moder", "pappa", "far", "fader", "vårdnadshavare", "förälder", "guardian", "mother",
    "father", "parent",
)  # fmt: skip
_CLIENT = ("klient", "brukare", "sökande", "client", "vuxen", "den enskilde", "adult")

_BY_WORD: tuple[tuple[tuple[str, ...], Standpoint], ...] = (
    (_CHILD, "child"),
    (_GUARDIAN, "guardian"),
    (_CLIENT, "client"),
)


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody in the meeting. `role` is the municipality's own word (`socialsekreterare`, `mamma`, `tolk`)."""

    id: str
    role: str
    name: str = ""

    def __post_init__(self) -> None:
        if not self.id:
            raise IllegalState("a participant needs an id")

    @property
    def standpoint(self) -> Standpoint:
        return standpoint(self.role)


def standpoint(role: str) -> Standpoint:
    """What a role's words count as. A role nobody knows is `other`: heard, and never taken for the caseworker."""
    folded = role.casefold().replace("_", " ").strip()
    first = folded.split(" ")[0].split("(")[0] if folded else ""
    if any(word in folded for word in _CASEWORKER):
        return "caseworker"
    if any(word in folded for word in _INTERPRETER):
        return "interpreter"
    for words, answer in _BY_WORD:
        if first in words or folded in words:
            return answer
    return "other"


@dataclass(frozen=True, slots=True)
class Meeting:
    """The frame of a talk: what a reader may know besides the words.

    `child_age` in whole years is None where the matter is an adult's own.
    """

    id: str
    setting: str
    child_age: int | None
    participants: tuple[Participant, ...]

    def __post_init__(self) -> None:
        ids = [participant.id for participant in self.participants]
        if len(set(ids)) != len(ids):
            raise IllegalState("two participants share an id", where=f"meeting {self.id}")
        if self.child_age is not None and not 0 <= self.child_age <= 20:
            raise IllegalState(f"a child's age lies between 0 and 20, not {self.child_age}", where=f"meeting {self.id}")

    @property
    def dictation(self) -> bool:
        """Whether the caseworker is alone: she dictates, and nobody is heard."""
        return len(self.participants) == 1 and self.participants[0].standpoint == "caseworker"

    def participant(self, id: str) -> Participant:
        """The participant with this id; somebody unknown is heard as `other` rather than dropped."""
        for participant in self.participants:
            if participant.id == id:
                return participant
        return Participant(id, "okänd")
