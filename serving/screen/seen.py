"""Who has seen this case: the log, for those who have the case."""

# pyright: reportUnknownMemberType=false

from collections.abc import Mapping
from typing import Any

import gradio as gr

from ..security.access import Actor
from ..store.records import LogLine
from ..users import load_users
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
        names = {id: f"{person.name}, {person.unit}" for id, person in load_users(house.settings).people.items()}
        return log(house.store.review_log(actor, at=house.clock(), case_id=case_id, last=MOST), names)


def log(lines: tuple[LogLine, ...], names: Mapping[str, str]) -> Markup:
    """One row for each person and minute with all they did; what the program did by itself is left out."""
    rows: dict[tuple[str, str], dict[str, int]] = {}
    for line in lines:
        if line.role != _AT_WORK:
            acts = rows.setdefault((words.moment(line.at), names.get(line.who, line.who)), {})
            act = words.ACTS.get(line.what, line.what)
            acts[act] = acts.get(act, 0) + 1
    head = el("tr", *(el("th", name, scope="col") for name in ("När", "Vem", "Vad")))
    body = [el("tr", el("td", when), el("td", who), el("td", _told(acts))) for (when, who), acts in rows.items()]
    note = el("p", f"De senaste {MOST} raderna i loggen, minut för minut. Programmets egna steg visas inte.",
              cls="hh-quiet")  # fmt: skip
    caption = el("caption", hidden("Vem har sett ärendet"))
    table = el("table", caption, el("thead", head), el("tbody", *body), cls="hh-log")
    return page(note, table)


def _told(acts: Mapping[str, int]) -> str:
    told = ", ".join(act if count == 1 else f"{act} ({count} gånger)" for act, count in acts.items())
    return told[:1].upper() + told[1:] + "."
