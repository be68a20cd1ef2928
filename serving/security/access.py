"""Who may do what with a case. Pure rules; the store asks here before every read and write, and logs a refusal too."""

from dataclasses import dataclass
from typing import Literal

from ...agent.observation import Person
from ...knowledge.errors import HandenhetError, IllegalState

Role = Literal["socialsekreterare", "chef", "admin", "system"]
"""`chef` leads a unit and sees counts, `admin` runs the machine without content, `system` is the program at work."""

Need = Literal["content", "create", "assign", "counts", "log", "retention"]


class AccessRefused(HandenhetError):
    """Somebody asked for what they may not have. The refusal is written in the audit log."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as the login has established it. `unit` is the person's own unit, empty for `admin` and `system`."""

    id: str
    name: str
    role: Role
    unit: str = ""

    def __post_init__(self) -> None:
        if not (self.id.strip() and self.name.strip()):
            raise IllegalState("somebody who acts must be named")
        if self.role in ("socialsekreterare", "chef") and not self.unit.strip():
            raise IllegalState(f"a {self.role} belongs to a unit", where=f"person {self.id}")

    @property
    def person(self) -> Person:
        return Person(self.id, self.name, self.role)


SYSTEM = Actor("system", "Handenhet", "system")
"""The program itself: live transcription, the agent's nodes, retention."""


@dataclass(frozen=True, slots=True)
class CaseDoor:
    """What access to a case depends on."""

    case_id: str
    unit: str
    assigned: frozenset[str]
    """Ids of the people assigned now."""


def refusal(actor: Actor, need: Need, door: CaseDoor | None = None) -> AccessRefused | None:
    """Why the actor may not, or None if they may. `door` is the case in question, None for what concerns no case."""
    match need:
        case "content":
            may = actor.role == "system" or (
                actor.role == "socialsekreterare" and door is not None and actor.id in door.assigned
            )
            mend = "ask the unit's chef to be assigned to the case"
        case "create":
            may, mend = actor.role in ("socialsekreterare", "system"), "a socialsekreterare opens cases"
        case "assign":
            may = actor.role == "system" or (
                door is not None
                and (
                    (actor.role == "chef" and actor.unit == door.unit)
                    or (actor.role == "socialsekreterare" and actor.id in door.assigned)
                )
            )
            mend = "the unit's chef or somebody already assigned can assign"
        case "counts":
            may, mend = actor.role == "chef", "counts are for the unit's chef"
        case "log":
            # Whoever has a case may see who else has seen it; the whole log is for those who review it.
            has_it = actor.role == "socialsekreterare" and door is not None and actor.id in door.assigned
            may, mend = actor.role in ("chef", "admin") or has_it, "the log is reviewed by chef and admin"
        case "retention":
            may, mend = actor.role in ("admin", "system"), "retention is run by admin"
    if may:
        return None
    where = f"{actor.role} {actor.id}" + (f", case {door.case_id}" if door else "")
    return AccessRefused("this is not open to you", where=where, mend=mend)
