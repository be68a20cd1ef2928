"""What a second hearing of a meeting's kept sound heard otherwise: one list, and for each a person's answer."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Sequence
from typing import Any

import gradio as gr

from ...agent.cites import clock
from ..asr.differences import Kind
from ..rehearing import Answer, Rehearing, Suggestion, suggested_in
from .context import Context, Update, html, safely
from .markup import Markup, el, page
from .opened import Held, Opened

AT_STAKE: dict[Kind, str] = {"negation": "Nekande ord", "number": "Tal eller dag", "name": "Namn", "other": "Annat"}
ANSWERS: dict[Answer, str] = {"taken": "rättade orden", "dismissed": "behöll orden som de står"}
AROUND = 4
"""Words shown on each side of those that differ."""


class Suggested:
    """Part of going through a meeting; hidden where nothing was heard again."""

    def __init__(self, context: Context, case: Any, meeting: Any) -> None:
        self.context = context
        with gr.Accordion(
            "Hördes annorlunda vid omlyssning", open=False, visible=False, elem_id="go-suggested"
        ) as self.part:
            self.list = html(elem_id="suggested-list")
            self.choice = gr.Dropdown(
                label="Orden som står kvar tills någon rättar dem", choices=[], elem_id="suggested-choice"
            )
            with gr.Row():
                self.take = gr.Button("Rätta orden", elem_id="suggested-take")
                self.keep = gr.Button("Behåll orden som de står", elem_id="suggested-keep")
        given = [case, meeting, self.choice]
        self.take.click(self._answer("taken"), given, self.outputs)
        self.keep.click(self._answer("dismissed"), given, self.outputs)

    @property
    def outputs(self) -> list[Any]:
        return [self.part, self.list, self.choice, self.take, self.keep]

    def shown(self, opened: Opened, held: Held | None) -> list[Update]:
        found = () if held is None else suggested_in(opened.documents, held.id, held.transcript)
        if held is None or not found:
            return [gr.update(visible=False), "", gr.update(choices=[], value=None), gr.update(), gr.update()]
        waiting = [(_short(held, one), one.id) for one in found if one.answer is None]
        chosen = gr.update(choices=waiting, value=waiting[0][1] if waiting else None, visible=bool(waiting))
        button = gr.update(visible=bool(waiting))
        return [gr.update(visible=True), told(held, found), chosen, button, button]

    def _answer(self, answer: Answer) -> Any:
        @safely
        def answered(case_id: str, meeting_id: str, suggestion: str | None, request: gr.Request) -> list[Update]:
            if not suggestion:
                raise gr.Error("Välj vilka ord det gäller.", title="Inget är valt", print_exception=False)
            house = self.context.house
            Rehearing(house.store, house.clock).answer(self.context.actor(request), meeting_id, suggestion, answer)
            opened = self.context.open(case_id, request)
            return self.shown(opened, opened.meeting(meeting_id))

        return answered


def told(held: Held, found: Sequence[Suggestion]) -> Markup:
    """Every suggestion with the words around it; what is answered says by whom."""
    about = el(
        "p", "Ljudet har lyssnats av en gång till med ", found[0].model, ". Orden i mötet är oförändrade. "
        "Nekande ord, tal och namn står först.", cls="hh-quiet",
    )  # fmt: skip
    return page(about, el("ul", *(_row(held, one) for one in found)))


def _row(held: Held, one: Suggestion) -> Markup:
    said = held.transcript[one.utterance]
    words = [word.text for word in said.words]
    before, after = words[max(0, one.first - AROUND) : one.first], words[one.end : one.end + AROUND]
    stands = el("q", " ".join(before), " ", el("strong", one.stored), " ", " ".join(after))
    sure = "" if one.confidence is None else f" ({round(100 * one.confidence)} %)"
    answered = "" if one.answer is None or one.by is None else f" – {one.by.name} {ANSWERS[one.answer]}"
    who = f"{clock(said.start_ms)} {held.who(said.speaker)}: "
    return el(
        "li", el("em", AT_STAKE[one.kind], ". "), who, stands, " hördes som ", el("q", _heard(one)), sure, answered
    )


def _heard(one: Suggestion) -> str:
    return one.heard or "inget ord"


def _short(held: Held, one: Suggestion) -> str:
    return f"{clock(held.transcript[one.utterance].start_ms)} {one.stored} → {_heard(one)}"
