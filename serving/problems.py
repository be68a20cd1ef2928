"""What goes wrong, told to a person in Swedish: one table from our errors to a status, a sentence and a way out."""

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from ..agent.approval import ApprovalRefused
from ..agent.edits import EditRefused
from ..knowledge.errors import HandenhetError, IllegalState
from .guard import problem
from .ingest.spool import SpoolError
from .read_aloud import ReadAloudUnavailable
from .security.access import AccessRefused
from .security.keys import KeyRefused
from .store.errors import NotThere, StoreRefused

_log = logging.getLogger(__name__)

_TABLE: tuple[tuple[type[HandenhetError], int, str, str, str], ...] = (
    (
        AccessRefused, 403, "refused", "Du har inte tillgång till det här.",
        "Be enhetens chef att lägga till dig i ärendet. Försöket är antecknat i loggen.",
    ),
    (NotThere, 404, "not_there", "Det finns inte, eller finns inte längre.", "Gå tillbaka till dina ärenden."),
    (
        ApprovalRefused, 409, "approval", "Det går inte att godkänna än.",
        "Läs igenom det som visas nu. Någon kan ha ändrat texten, eller så återstår något att reda ut.",
    ),
    (
        EditRefused, 409, "edit", "Ändringen gjordes inte.",
        "Formuleringen ändrar ett faktum eller ett citat, bedömer, eller så har texten ändrats sedan den visades.",
    ),
    (SpoolError, 503, "spool", "Ljudet går inte att läsa just nu.", "Försök igen om en stund."),
    (
        ReadAloudUnavailable, 503, "voice", "Servern kan inte läsa upp texten.",
        "Läs den högt själv, eller använd webbläsarens uppläsning.",
    ),
    (KeyRefused, 503, "key", "Innehållet går inte att öppna.", "Kontakta driften."),
    (StoreRefused, 503, "store", "Det gick inte att spara.", "Inget är halvskrivet. Försök igen om en stund."),
    (
        IllegalState, 409, "state", "Det går inte i det här läget.",
        "Ladda om sidan: något kan ha ändrats sedan den visades.",
    ),
    (HandenhetError, 400, "input", "Något i det som skickades stämmer inte.", "Kontrollera och försök igen."),
)  # fmt: skip


def install(app: FastAPI) -> None:
    app.add_exception_handler(HandenhetError, _ours)
    app.add_exception_handler(RequestValidationError, _not_valid)
    app.add_exception_handler(HTTPException, _plain)


def _ours(request: Request, error: Exception) -> Response:
    for kind, status, code, what, mend in _TABLE:
        if isinstance(error, kind):
            if status >= 500:
                _log.error("%s: %s", code, error)
            return problem(status, what, mend, code, str(error))
    raise error


def _not_valid(request: Request, error: Exception) -> Response:
    """Says which field; never what stood there."""
    places: list[str] = []
    if isinstance(error, RequestValidationError):
        places = [".".join(str(part) for part in one["loc"]) + ": " + str(one["type"]) for one in error.errors()]
    return problem(422, "Något fält är fel ifyllt.", "Rätta fältet och försök igen.", "field", "; ".join(places[:5]))


def _plain(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 404:
        return problem(404, "Sidan finns inte.", "Gå tillbaka till dina ärenden.", "not_there")
    return problem(status, "Det går inte så.", "Gå tillbaka och försök igen.", "http")
