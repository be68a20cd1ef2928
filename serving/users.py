"""Who may log in: `users.toml` in the data folder, or made-up people where nobody has been set up yet."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from ..knowledge.errors import HandenhetError
from .security.access import Actor, Role
from .settings import Settings

FILE = "users.toml"
DEMONSTRATION: dict[str, Actor] = {
    who.id: who
    for who in (
        Actor("maria", "Maria Lindberg", "socialsekreterare", "Barn och unga"),
        Actor("chef-barn", "Karin Berg", "chef", "Barn och unga"),
        Actor("chef-vuxen", "Johan Åkesson", "chef", "Vuxen"),
        Actor("admin", "Driften", "admin"),
    )
}
"""Made-up people for an installation that has no users of its own."""


class _User(BaseModel):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    name: str
    role: Role
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Users:
    """Everybody by id. `demonstration`: nobody was set up, so these people are made up."""

    people: Mapping[str, Actor]
    demonstration: bool

    def find(self, id: str) -> Actor:
        """Raises HandenhetError for somebody unknown, naming the file to add them to."""
        if id not in self.people:
            raise HandenhetError(f"there is no user {id}", mend=f"add them to {FILE} in the data folder")
        return self.people[id]


def load_users(settings: Settings) -> Users:
    """A table a user: `[maria]`, with `name`, `role`, `unit`. Raises HandenhetError naming the user that is wrong."""
    path = settings.data_dir / FILE
    if not path.exists():
        return Users(DEMONSTRATION, demonstration=True)
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise HandenhetError("the users cannot be read", where=f"{path}: {type(error).__name__}") from None
    return Users({id: _actor(id, table, str(path)) for id, table in tables.items()}, demonstration=False)


def _actor(id: str, table: object, where: str) -> Actor:
    try:
        user = _User.model_validate(table)
        return Actor(id, user.name, user.role, user.unit)
    except (ValidationError, HandenhetError):
        roles = ", ".join(role for role in get_args(Role) if role != "system")
        raise HandenhetError(
            "a user is not readable", where=f"{where}, [{id}]", mend=f"give name, role ({roles}) and unit"
        ) from None
