"""Logging in through the municipality's identity provider: OpenID Connect, code with PKCE, and an assurance level.

Who the person is comes from the provider; what they may do comes from our own user directory, never from a claim.
"""

# Authlib has no types of its own.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportMissingTypeStubs=false

import logging
import re
from typing import Any, cast

from authlib.integrations.base_client.errors import OAuthError
from authlib.integrations.starlette_client import OAuth
from fastapi import APIRouter, FastAPI, Request
from joserfc.errors import JoseError
from starlette.middleware.sessions import SessionMiddleware
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from .guard import problem
from .login import People, arrived, logged_in
from .sessions import Sessions
from .settings import Settings

_log = logging.getLogger(__name__)
_PLACE = re.compile(r"/(?!/)[\w/#?=&.%-]*")
STATE_COOKIE = "handenhet-inloggning"


def oidc_routes(settings: Settings, sessions: Sessions, people: People, key: bytes) -> APIRouter:
    """`/auth/how`, `/auth/start` and `/auth/back`. `key` signs the short-lived cookie that ties the last two."""
    https = settings.public_url.startswith("https:") or settings.tls_cert is not None
    oauth = OAuth()
    oauth.register(
        "idp",
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret.get_secret_value() or None,
        server_metadata_url=settings.oidc_issuer.rstrip("/") + "/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile", "code_challenge_method": "S256"},
    )
    idp: Any = oauth.create_client("idp")
    levels = tuple(level.strip() for level in settings.oidc_acr.split(",") if level.strip())
    inner = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)

    @inner.get("/start")
    async def start(request: Request) -> Response:
        wanted = request.query_params.get("next", "/app/")
        request.session["next"] = wanted if _PLACE.fullmatch(wanted) else "/app/"
        base = settings.public_url or str(request.base_url).partition("/auth")[0]
        return await idp.authorize_redirect(request, base.rstrip("/") + "/auth/back")

    @inner.get("/back")
    async def back(request: Request) -> Response:
        place: str = request.session.get("next", "/app/")
        try:
            token: Any = await idp.authorize_access_token(request)
        except (OAuthError, JoseError) as error:
            _log.warning("a login was refused: %s", type(error).__name__)
            return problem(401, "Inloggningen gick inte igenom.", "Försök igen från början.", "login")
        claims = cast("dict[str, Any]", token["userinfo"])
        if levels and not str(claims.get("acr") or "").endswith(levels):
            return problem(403, "Inloggningen är inte stark nog.", "Logga in med din tjänstelegitimation.", "acr")
        person = str(claims.get(settings.oidc_person_claim, ""))
        if person not in people:
            return problem(403, "Du finns inte upplagd i Handenhet.", "Be driften lägga till dig.", "unknown")
        request.session.clear()
        response = arrived(place)
        logged_in(sessions, person, response, https=https)
        return response

    # The provider sends the person back from another site, so this one cookie is Lax, and gone in ten minutes.
    guarded = SessionMiddleware(
        inner, secret_key=key.hex(), session_cookie=STATE_COOKIE, max_age=600, same_site="lax", https_only=https
    )
    router = APIRouter()

    @router.get("/auth/how")
    def how() -> dict[str, Any]:
        return {"way": "provider", "people": []}

    async def provider(scope: Scope, receive: Receive, send: Send) -> None:
        await guarded(scope, receive, send)

    router.mount("/auth", provider)
    return router
