"""Looking the law up as it read on a day."""

# pyright: reportUnknownMemberType=false

from datetime import date
from typing import Any

import gradio as gr

from ...knowledge.index import Answer, Query
from ..security.access import Actor
from . import words
from .context import Context, Update, html, safely
from .markup import Markup, el, lines, page
from .opened import Opened

MOST = 8


class Law:
    """The tab of the law search."""

    def __init__(self, context: Context) -> None:
        self.context = context
        with gr.Row():
            hint = "SoL 20 kap. 1 §, eller en fråga i egna ord"
            self.asked = gr.Textbox(label="Fråga eller lagrum", placeholder=hint, scale=4, elem_id="law-asked")
            self.on = gr.Textbox(label="Lagen den (åååå-mm-dd)", scale=1, min_width=160, elem_id="law-on")
            self.search = gr.Button("Sök", scale=0, min_width=90, elem_id="law-search")
        self.shown = html(elem_id="law-shown")
        for event in (self.search.click, self.asked.submit):
            event(self._search, [self.asked, self.on], [self.shown])

    @property
    def outputs(self) -> list[Any]:
        return [self.on]

    def refresh(self, opened: Opened, actor: Actor) -> list[Update]:
        return [opened.today.isoformat()]

    @safely
    def _search(self, asked: str, on: str, request: gr.Request) -> str:
        self.context.actor(request)
        try:
            day = date.fromisoformat(on.strip())
        except ValueError:
            raise gr.Error("Skriv datumet som 2026-11-22.", title="Datumet går inte att läsa",
                           print_exception=False) from None  # fmt: skip
        if not asked.strip():
            return page(el("p", "Skriv en fråga eller ett lagrum."))
        return hits(self.context.house.law.search(Query(asked, day, top=MOST)), day)


def hits(answer: Answer, on: date) -> Markup:
    rows = [
        el(
            "article",
            el("h4", f"{hit.provision.label} ({hit.provision.sfs})"),
            el("p", hit.provision.title, cls="hh-quiet") if hit.provision.title else None,
            el("details", el("summary", "Läs texten"), el("blockquote", lines(hit.provision.text)), open=place == 0),
            el("p", _origin(hit.provision.origin, hit.provision.in_force_from), cls="hh-quiet"),
            cls="hh-card",
        )
        for place, hit in enumerate(answer.hits)
    ]
    notices = [el("p", notice, cls="hh-notice") for notice in answer.notices]
    none = el("p", f"Inget i lagsamlingen svarar på det den {words.short_date(on)}.") if not rows else None
    return page(*notices, none, *rows)


def _origin(origin: str, since: date | None) -> str:
    if origin == "guidance":
        return "Vår egen note. Lagtexten är inte inläst."
    if origin == "guideline":
        return "Kommunens egen riktlinje."
    return f"Lydelse som gäller från {words.short_date(since)}." if since else "Lagtext."
