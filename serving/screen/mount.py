"""The screens, mounted behind the guard: caseworker at /handlaggare, supervisor at /chef."""

# pyright: reportUnknownMemberType=false

import os
from typing import Any

# Gradio reads these when it is imported; nothing about us is counted or fetched.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_OFFLINE"] = "1"

import gradio as gr
from fastapi import FastAPI, Request
from starlette.responses import RedirectResponse, Response

from ...knowledge.errors import HandenhetError
from ..house import House
from ..security.access import Role
from .caseworker import caseworker_screen
from .context import Context
from .door import Who, guarded
from .supervisor import supervisor_screen
from .theme import css, head, theme

CASEWORKER, SUPERVISOR = "/handlaggare", "/chef"


def mount_screens(app: FastAPI, house: House, who: Who = guarded) -> None:
    """Add the screens. Each is open to its own role alone; the guard in front has asked for a login already."""
    context = Context(house, who, getattr(app.state, "rooms", None))
    _mount(app, caseworker_screen(context), CASEWORKER, _only(who, "socialsekreterare"))
    _mount(app, supervisor_screen(context), SUPERVISOR, _only(who, "chef"))


def _only(who: Who, role: Role) -> Any:
    def person(request: Request) -> str | None:
        try:
            actor = who(request)
        except HandenhetError:
            return None
        return actor.id if actor.role == role else None

    return person


def _mount(app: FastAPI, screen: gr.Blocks, path: str, person: Any) -> None:
    @app.get(path, include_in_schema=False)
    def with_slash() -> Response:
        return RedirectResponse(f"{path}/", 307)

    screen.queue(default_concurrency_limit=8, api_open=False)
    gr.mount_gradio_app(
        app,
        screen,
        path,
        footer_links=[],
        run_history=False,
        auth_dependency=person,
        show_error=False,
        max_file_size="1kb",
        ssr_mode=False,
        enable_monitoring=False,
        pwa=False,
        mcp_server=False,
        theme=theme(),
        css=css(),
        head=head(),
    )
