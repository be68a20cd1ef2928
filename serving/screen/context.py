"""What every part of a screen is handed: the house, who is asking, and how an error reaches a person."""

# Gradio types its components, and leaves its event methods and updates partly untyped.
# pyright: reportUnknownMemberType=false

import functools
import inspect
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol, TypeVar, cast

import gradio as gr

from ...knowledge.errors import HandenhetError
from ..house import House
from ..rooms import Rooms
from ..security.access import Actor
from . import words
from .door import Who, actor_of, look_of, told
from .opened import Opened, open_case

Callback = TypeVar("Callback", bound=Callable[..., Any])
KEPT_FOR = timedelta(seconds=45)
"""How long a page view may show a case again, filtered or turned over, without reading it anew."""
Update = Any
"""A new value of a component, or `gr.update(...)`."""


@dataclass(frozen=True)
class Context:
    """`rooms` is None where nobody can record, as in a test of the screens alone."""

    house: House
    who: Who
    rooms: Rooms | None = None
    read: dict[tuple[str, str, str], tuple[datetime, Opened]] = field(
        default_factory=dict[tuple[str, str, str], tuple[datetime, Opened]]
    )

    def actor(self, request: gr.Request) -> Actor:
        return actor_of(self.who, request)

    def open(self, case_id: str, request: gr.Request, *, fresh: bool = True) -> Opened:
        """The case as it stands; with `fresh` off, as it was read in this page view a moment ago.

        Whether the person still has the case is asked every time.
        """
        actor, look, at = self.actor(request), look_of(request), self.house.clock()
        kept = self.read.get((look, actor.id, case_id))
        if not fresh and kept is not None and at - kept[0] < KEPT_FOR:
            self.house.store.case(actor, case_id, at=at, key=f"screen:{look}:{actor.id}:{case_id}")
            return kept[1]
        with self.together():
            opened = open_case(self.house, actor, case_id, look, self.has_audio)
        for old in [key for key, (then, _) in self.read.items() if at - then >= KEPT_FOR]:
            self.read.pop(old, None)
        self.read[look, actor.id, case_id] = (at, opened)
        return opened

    def together(self) -> AbstractContextManager[None]:
        """Everything read inside is one look at the store: quick, and of one state."""
        return self.house.store.together(self.house.clock())

    def factors(self, age: int | None) -> list[tuple[str, str]]:
        """The catalogue to choose from, for a child's age or an adult's own matter: what it is called, and its id."""
        return [(f"{words.SIDE[f.polarity]}: {f.name}", f.id) for f in self.house.catalogue.for_age(age)]

    def has_audio(self, meeting_id: str) -> bool:
        return self.rooms is not None and self.rooms.has_audio(meeting_id)


class Part(Protocol):
    """A part of the case's screen. `refresh` answers one update for each of `outputs`."""

    @property
    def outputs(self) -> Sequence[Any]: ...

    def refresh(self, opened: Opened, actor: Actor) -> list[Update]: ...


def safely(callback: Callback) -> Callback:
    """Tell a refused act in Swedish instead of leaving the click without an answer."""
    if inspect.iscoroutinefunction(callback):

        @functools.wraps(callback)
        async def later(*given: Any, **named: Any) -> Any:
            try:
                return await callback(*given, **named)
            except HandenhetError as error:
                raise gr.Error(told(error), title="Det gick inte", duration=None, print_exception=False) from None

        return cast(Callback, later)

    @functools.wraps(callback)
    def now(*given: Any, **named: Any) -> Any:
        try:
            return callback(*given, **named)
        except HandenhetError as error:
            raise gr.Error(told(error), title="Det gick inte", duration=None, print_exception=False) from None

    return cast(Callback, now)


def html(value: str = "", **options: Any) -> gr.Markdown:
    """A component for markup built in `markup.py`. It is washed once more in the browser.

    Not gr.HTML, which evaluates its value as a template and would need a policy that allows evaluation.
    """
    return gr.Markdown(value, sanitize_html=True, latex_delimiters=[], container=False, **options)
