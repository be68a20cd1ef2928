"""Who has seen this case: the log, for those who have the case."""

# pyright: reportUnknownMemberType=false

from typing import Any

import gradio as gr

from ..security.access import Actor
from ..store.records import LogLine
from . import words
from .context import Context, Update, html, safely
from .markup import Markup, el, hidden, page
from .opened import Opened

MOST = 300
_AT_WORK = "system"


class Seen:
    """The tab of the log. Read when asked for, since the reading is itself logged."""

    def __init__(self, context: Context, case: Any) -> None:
        self.context = context
        self.show = gr.Button("Visa vem som har sett ärendet", elem_id="seen-show", size="sm")
        self.shown = html(elem_id="seen-shown")
        self.show.click(self._show, [case], [self.shown])

    @property
    def outputs(self) -> list[Any]:
        return [self.shown]

    def refresh(self, opened: Opened, actor: Actor) -> list[Update]:
        return [""]

    @safely
    def _show(self, case_id: str, request: gr.Request) -> str:
        house, actor = self.context.house, self.context.actor(request)
        return log(house.store.review_log(actor, at=house.clock(), case_id=case_id, last=MOST))


def log(lines: tuple[LogLine, ...]) -> Markup:
    """One row for each person, act and minute; what the program did by itself is left out."""
    rows: dict[tuple[str, str, str], int] = {}
    for line in lines:
        if line.role != _AT_WORK:
            key = words.moment(line.at), line.who, words.ACTS.get(line.what, line.what)
            rows[key] = rows.get(key, 0) + 1
    head = el("tr", *(el("th", name, scope="col") for name in ("När", "Vem", "Vad", "Antal")))
    body = [el("tr", *(el("td", one) for one in key), el("td", count)) for key, count in rows.items()]
    note = el("p", f"De senaste {MOST} raderna i loggen, minut för minut. Programmets egna steg visas inte.",
              cls="hh-quiet")  # fmt: skip
    table = el("table", el("caption", hidden("Vem har sett ärendet")), el("thead", head), el("tbody", *body))
    return page(note, table)
