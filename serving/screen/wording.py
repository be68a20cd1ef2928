"""Changing a paper's words: a sentence by hand or by the language model, and the child's version for another age.

A sentence is chosen where it stands, by its link; `screen.js` puts its place in a field that nobody sees.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Callable
from typing import Any

import gradio as gr

from ...agent.child import BANDS, ChildVersion
from ...agent.draft import Draft
from ..security.access import Actor
from ..store.records import Document
from ..wording import compose_for_child, reword
from .context import Context, Update, safely
from .papers import changeable

View = Callable[[str, str, gr.Request], list[Update]]


class Wording:
    """What stands beside a paper to change it. `view` shows the paper of (case, document) anew."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._view: View = _unwired
        model = context.house.engine.llm is not None
        with gr.Accordion("Ändra en mening", open=False, visible=False, elem_id="wording") as self.change:
            self.place = gr.Textbox(label="Mening", elem_id="wording-place", elem_classes="hh-machine")
            self.text = gr.Textbox(label="Ny formulering", lines=3, max_lines=10, elem_id="wording-text")
            self.save = gr.Button("Spara formuleringen", elem_id="wording-save")
            self.ask = gr.Button("Låt språkmodellen formulera om", visible=model, elem_id="wording-ask")
            self.add = gr.Button("Lägg till som egen mening i avsnittet", elem_id="wording-add")
            self.why = gr.Textbox(label="Varför meningen utgår", elem_id="wording-why")
            self.drop = gr.Button("Ta bort meningen", elem_id="wording-drop")
        with gr.Accordion("Skriv för en annan ålder", open=False, visible=False, elem_id="another-age") as self.child:
            self.band = gr.Dropdown(label="Ålder", choices=[(f"{band} år", band) for band in BANDS if band != "vuxen"],
                                    elem_id="child-band")  # fmt: skip
            self.rewrite = gr.Button("Skriv barnets version på nytt", elem_id="child-rewrite")

    @property
    def outputs(self) -> list[Any]:
        return [self.change, self.place, self.text, self.why, self.child, self.band]

    def wire(self, given: list[Any], view: View, outputs: list[Any]) -> None:
        """`given` are case, document and the digest that was rendered."""
        self._view = view
        self.place.change(self._show, [*given, self.place], [self.text])
        desk = self.context.house.desk
        self.save.click(self._by_hand(desk.reword), [*given, self.place, self.text], outputs)
        self.add.click(self._by_hand(desk.add_own), [*given, self.place, self.text], outputs)
        self.drop.click(self._by_hand(desk.leave_out), [*given, self.place, self.why], outputs)
        self.ask.click(self._ask, [*given, self.place], outputs)
        self.rewrite.click(self._rewrite, [*given, self.band], outputs)

    def of_draft(self, draft: Draft, *, open_: bool) -> list[Update]:
        any_ = any(changeable(sentence) for sentence in draft.sentences)
        return [gr.update(visible=open_ and any_), "", "", "", gr.update(visible=False), gr.update()]

    @staticmethod
    def of_child(version: ChildVersion, *, open_: bool) -> list[Update]:
        return [gr.update(visible=False), "", "", "", gr.update(visible=open_ and version.band != "vuxen"),
                gr.update(value=version.band)]  # fmt: skip

    @staticmethod
    def of_nothing() -> list[Update]:
        return [gr.update(visible=False), "", "", "", gr.update(visible=False), gr.update()]

    @safely
    def _show(self, case_id: str, id: str, seen: str, place: str, request: gr.Request) -> Update:
        if not place:
            return ""
        draft = self.context.house.desk.draft(self.context.actor(request), id)
        return next((placed.sentence.text for placed in draft.placed() if placed.place == place), "")

    def _by_hand(self, change: Callable[[Actor, str, str, str, str], Document]) -> Any:
        """A click that changes the draft: `change` takes actor, document, digest seen, place, and what was written."""

        @safely
        def changed(case_id: str, id: str, seen: str, place: str, text: str, request: gr.Request) -> list[Update]:
            _chosen(place)
            change(self.context.actor(request), id, seen, place, _written(text))
            gr.Info("Sparat. Texten har ett nytt fingeravtryck.")
            return self._view(case_id, id, request)

        return changed

    @safely
    async def _ask(self, case_id: str, id: str, seen: str, place: str, request: gr.Request) -> list[Update]:
        _chosen(place)
        house, actor = self.context.house, self.context.actor(request)
        await reword(house.desk, house.engine, actor, id, seen, place)
        gr.Info("Omformulerat av språkmodellen. Citat, namn, tal och dagar är desamma. Läs innan du godkänner.")
        return self._view(case_id, id, request)

    @safely
    async def _rewrite(self, case_id: str, id: str, seen: str, band: Any, request: gr.Request) -> list[Update]:
        house, actor = self.context.house, self.context.actor(request)
        made = await compose_for_child(house.desk, house.engine, actor, id.removeprefix("child-"), band)
        if made is not None and not made.taken:
            gr.Info("Språkmodellens text klarade inte granskningen. Programmets egen text står kvar.")
        return self._view(case_id, id, request)


def _unwired(case_id: str, id: str, request: gr.Request) -> list[Update]:
    raise NotImplementedError


def _chosen(place: str | None) -> None:
    if not place:
        raise gr.Error(
            "Tryck på Ändra vid den mening i texten som det gäller.", title="Välj en mening", print_exception=False
        )


def _written(text: str | None) -> str:
    if not (text and text.strip()):
        raise gr.Error("Skriv något först.", title="Tomt fält", print_exception=False)
    return " ".join(text.split())
