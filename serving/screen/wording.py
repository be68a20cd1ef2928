"""Changing a paper's words: a sentence by hand or by the language model, and the child's version for another age."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Callable
from typing import Any

import gradio as gr

from ...agent.child import BANDS, ChildVersion
from ...agent.draft import Draft, Sentence
from ..security.access import Actor
from ..store.records import Document
from ..wording import compose_for_child, reword
from .context import Context, Update, safely

SHORT_CHARS = 90
View = Callable[[str, str, gr.Request], list[Update]]


class Wording:
    """What stands beside a paper to change it. `view` shows the paper of (case, document) anew."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self._view: View = _unwired
        model = context.house.engine.llm is not None
        with gr.Accordion("Ändra en mening", open=False, visible=False, elem_id="wording") as self.change:
            self.place = gr.Dropdown(label="Mening", choices=[], elem_id="wording-place")
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
        self.place.input(self._show, [*given, self.place], [self.text])
        self.save.click(self._save, [*given, self.place, self.text], outputs)
        self.add.click(self._add, [*given, self.place, self.text], outputs)
        self.drop.click(self._drop, [*given, self.place, self.why], outputs)
        self.ask.click(self._ask, [*given, self.place], outputs)
        self.rewrite.click(self._rewrite, [*given, self.band], outputs)

    def of_draft(self, draft: Draft, *, open_: bool) -> list[Update]:
        choices = [(_short(placed.sentence), placed.place) for placed in draft.placed() if _changeable(placed.sentence)]
        return [gr.update(visible=open_ and bool(choices)), gr.update(choices=choices, value=None), "", "",
                gr.update(visible=False), gr.update()]  # fmt: skip

    @staticmethod
    def of_child(version: ChildVersion, *, open_: bool) -> list[Update]:
        return [gr.update(visible=False), gr.update(), "", "", gr.update(visible=open_ and version.band != "vuxen"),
                gr.update(value=version.band)]  # fmt: skip

    @staticmethod
    def of_nothing() -> list[Update]:
        return [gr.update(visible=False), gr.update(), "", "", gr.update(visible=False), gr.update()]

    @safely
    def _show(self, case_id: str, id: str, seen: str, place: str, request: gr.Request) -> Update:
        draft = self.context.house.desk.draft(self.context.actor(request), id)
        return next((placed.sentence.text for placed in draft.placed() if placed.place == place), "")

    @safely
    def _save(self, case_id: str, id: str, seen: str, place: str, text: str, request: gr.Request) -> list[Update]:
        def change(actor: Actor) -> Document:
            return self.context.house.desk.reword(actor, id, seen, place, _written(text))

        return self._changed(case_id, id, place, request, change)

    @safely
    def _add(self, case_id: str, id: str, seen: str, place: str, text: str, request: gr.Request) -> list[Update]:
        def change(actor: Actor) -> Document:
            return self.context.house.desk.add_own(actor, id, seen, place.split("/")[0], _written(text))

        return self._changed(case_id, id, place, request, change)

    @safely
    def _drop(self, case_id: str, id: str, seen: str, place: str, why: str, request: gr.Request) -> list[Update]:
        def change(actor: Actor) -> Document:
            return self.context.house.desk.leave_out(actor, id, seen, place, _written(why))

        return self._changed(case_id, id, place, request, change)

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

    def _changed(
        self, case_id: str, id: str, place: str, request: gr.Request, change: Callable[[Actor], Document]
    ) -> list[Update]:
        _chosen(place)
        change(self.context.actor(request))
        gr.Info("Sparat. Texten har ett nytt fingeravtryck.")
        return self._view(case_id, id, request)


def _unwired(case_id: str, id: str, request: gr.Request) -> list[Update]:
    raise NotImplementedError


def _chosen(place: str | None) -> None:
    if not place:
        raise gr.Error("Välj vilken mening det gäller.", title="Välj en mening", print_exception=False)


def _written(text: str | None) -> str:
    if not (text and text.strip()):
        raise gr.Error("Skriv något först.", title="Tomt fält", print_exception=False)
    return " ".join(text.split())


def _changeable(sentence: Sentence) -> bool:
    """What is counted, recorded or set by law is not changed here; see `agent.edits`."""
    return sentence.kind == "EGNA ORD" or (sentence.kind != "HÄRLEDD" and bool(sentence.observations))


def _short(sentence: Sentence) -> str:
    text = " ".join(sentence.text.split())
    return text if len(text) <= SHORT_CHARS else f"{text[:SHORT_CHARS].rsplit(' ', 1)[0]} …"
