"""From a click in Gradio to an act by a named person, and from our errors to a Swedish sentence."""

from collections.abc import Callable

import gradio as gr
from starlette.requests import Request

from ...agent.approval import ApprovalRefused
from ...agent.edits import EditRefused
from ...knowledge.errors import HandenhetError, IllegalState
from ..security.access import AccessRefused, Actor
from ..store.errors import NotThere

Who = Callable[[Request], Actor]


def guarded(request: Request) -> Actor:
    """The person the guard let in. Raises AccessRefused where there is none."""
    actor = request.scope.get("state", {}).get("actor")
    if not isinstance(actor, Actor):
        raise AccessRefused("nobody is logged in")
    return actor


def actor_of(who: Who, request: gr.Request) -> Actor:
    """The person behind a Gradio event."""
    if request.request is None:
        raise AccessRefused("nobody is logged in")
    return who(request.request)


def look_of(request: gr.Request) -> str:
    """The name of one page view, for the log."""
    return str(request.session_hash or "")[:24]


def told(error: HandenhetError) -> str:
    """What went wrong and what to do, for a person."""
    match error:
        case AccessRefused():
            return "Du har inte tillgång till det här. Försöket är antecknat i loggen."
        case NotThere():
            return "Det finns inte, eller finns inte längre. Öppna ärendet på nytt."
        case ApprovalRefused():
            return "Det går inte att godkänna än. Läs det som visas nu: texten kan ha ändrats, eller så återstår något."
        case EditRefused():
            return (
                "Ändringen gjordes inte. Formuleringen ändrar ett faktum eller ett citat, bedömer, eller så har texten "
                "ändrats sedan den visades."
            )
        case IllegalState():
            return "Det går inte i det här läget. Ladda om: något kan ha ändrats sedan sidan visades."
        case _:
            return "Det gick inte. Kontrollera det du skrev och försök igen."
