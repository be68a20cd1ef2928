"""The supervisor's screen: a question in plain Swedish, how it was understood, and figures about the own unit.

Nothing is counted before the question has been shown as it was understood and a reason has been given.
"""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Mapping
from typing import Any

import gradio as gr

from ...tools.cases import CaseQuery, Interpretation
from ..security.access import Actor
from ..statistics.ask import Asked, answered, understand
from . import figures
from .context import Context, Update, html, safely
from .markup import Markup, el, page, page_top

EXAMPLES = (
    "Hur många orosanmälningar fick vi i år per månad?",
    "Hur lång är mediantiden från anmälan till beslut om utredning i år?",
    "Hur stor andel av utredningarna i år hörde barnet enskilt?",
    "Vilka områden har berörts i år?",
)
_UNASKED = "Inte ställd ännu"


class Question:
    """From the question to how it was understood, and from there to figures."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.before = gr.State("")
        self.ready = gr.State("")
        with gr.Row(equal_height=False):
            with gr.Column(scale=3, min_width=320):
                self.asked = gr.Textbox(label="Din fråga om enhetens ärenden", lines=2, elem_id="question",
                                        placeholder=EXAMPLES[0])  # fmt: skip
                self.understand = gr.Button("Visa hur frågan förstås", variant="primary", elem_id="understand")
                self.meaning = html(elem_id="meaning")
                self.reason = gr.Textbox(label="Varför frågar du? Skälet sparas i loggen.", visible=False,
                                         elem_id="reason", placeholder="till exempel: kvartalsuppföljning")  # fmt: skip
                self.count = gr.Button("Räkna", variant="primary", visible=False, elem_id="count")
                self.result = html(elem_id="result")
                self.anew = gr.Button("Ny fråga, utan det förra", visible=False, elem_id="anew")
            with gr.Column(scale=1, min_width=260):
                gr.Markdown("### Frågor att börja med")
                for place, example in enumerate(EXAMPLES):
                    button = gr.Button(example, size="sm", elem_id=f"example-{place}")
                    button.click(self._example(example), None, [self.asked]).then(
                        self._understand, [self.asked, self.before], self._meaning
                    )
                html(about())
        for event in (self.understand.click, self.asked.submit):
            event(self._understand, [self.asked, self.before], self._meaning)
        told = [self.result, self.before, self.asked, self.anew]
        self.count.click(self._count, [self.ready, self.reason, self.before], told)
        self.anew.click(self._begin_again, None, [*told, self.meaning, self.reason, self.count, self.ready])

    @property
    def _meaning(self) -> list[Any]:
        return [self.meaning, self.reason, self.count, self.ready, self.result]

    @staticmethod
    def _example(text: str) -> Any:
        return lambda: text

    @safely
    def _understand(self, question: str, before: str, request: gr.Request) -> list[Update]:
        if not (question or "").strip():
            return [page(el("p", "Skriv en fråga först.")), *_hidden(), "", ""]
        actor = self.context.actor(request)
        asked = Asked(question.strip(), _UNASKED, actor, self.context.house.clock(), _query(before))
        understood = understand(asked, self.context.house.settings.units, self.context.house.questions)
        told = meaning(understood, follows=bool(before))
        if understood.action != "answer":
            return [told, *_hidden(), "", ""]
        return [told, gr.update(visible=True), gr.update(visible=True), question.strip(), ""]

    @safely
    def _count(self, question: str, reason: str, before: str, request: gr.Request) -> list[Update]:
        if not question:
            raise gr.Error("Visa först hur frågan förstås.", title="Ingen fråga", print_exception=False)
        if not (reason or "").strip():
            raise gr.Error(
                "Skriv varför du frågar. Skälet sparas i loggen.", title="Skäl saknas", print_exception=False
            )
        house, actor = self.context.house, self.context.actor(request)
        asked = Asked(question, reason.strip(), actor, house.clock(), _query(before))
        reply = answered(house.store, asked, house.settings.units, house.questions)
        query = reply["query"]
        kept = CaseQuery.model_validate(query).model_dump_json() if query else before
        hint = gr.update(placeholder="Följdfråga, till exempel: och förra året?")
        return [result(reply, actor), kept, hint, gr.update(visible=True)]

    @staticmethod
    def _begin_again() -> list[Update]:
        empty = gr.update(value="", placeholder=EXAMPLES[0])
        return ["", "", empty, gr.update(visible=False), "", *_hidden(), ""]


def _hidden() -> list[Update]:
    return [gr.update(visible=False), gr.update(visible=False)]


def _query(kept: str) -> CaseQuery | None:
    return CaseQuery.model_validate_json(kept) if kept else None


def meaning(understood: Interpretation, *, follows: bool = False) -> Markup:
    """How the question was understood, as a sentence and as filters; or why it is not answered."""
    query: CaseQuery | None = getattr(understood, "query", None)
    parts: list[Markup | None] = []
    if understood.action == "answer":
        parts.append(el("h3", "Så här förstås frågan"))
        if follows:
            parts.append(el("p", "Följdfråga: det du inte nämner ärvs från förra frågan.", cls="hh-quiet"))
    else:
        heading = {"clarify": "Frågan behöver bli tydligare", "refuse": "Den frågan besvaras inte här",
                   "narrow": "Frågan behöver bli smalare"}[understood.action]  # fmt: skip
        parts.append(el("h3", heading))
    if understood.why:
        parts.append(el("p", understood.why, cls="hh-notice"))
    if query is not None:
        parts += [el("p", el("strong", query.sentence)), _filters(query)]
    choices: tuple[str, ...] = getattr(understood, "choices", ())
    if choices:
        parts += [el("p", "Sådant som går att fråga:"), el("ul", *(el("li", choice) for choice in choices))]
    return page(*parts, cls="hh-card")


def _filters(query: CaseQuery) -> Markup:
    rows = figures.filters(query)
    return el("table", el("tbody", *(el("tr", el("th", name, scope="row"), el("td", told)) for name, told in rows)))


def result(reply: Mapping[str, Any], actor: Actor) -> Markup:
    """The number, the table and the bars, and what must be known with them."""
    if reply["result"] is None:
        return page(el("p", str(reply["why"])))
    made_up = el("p", "Påhittade ärenden, för att prova: enheten har inga ärenden ännu.", cls="hh-notice")
    return page(
        made_up if reply["data"] == "demonstration" else None,
        el("h3", f"Svar för {actor.unit}"),
        el("p", str(reply["sentence"]), cls="hh-quiet"),
        figures.number(reply["result"]),
        figures.table(reply["result"]),
        figures.notes(reply["result"]),
        cls="hh-card",
    )


def about() -> Markup:
    return page(
        el("h4", "Vad som går att fråga"),
        el("ul", el("li", "Antal, tider och andelar för din egen enhet."),
           el("li", "Aldrig om en enskild person eller en enskild handläggare."),
           el("li", "Små tal visas inte. Alla tal har en liten slumpvis avvikelse, så att ingen kan räknas ut."),
           el("li", "Följdfrågor ärver period och urval.")),
        cls="hh-quiet",
    )  # fmt: skip


def supervisor_screen(context: Context) -> gr.Blocks:
    with gr.Blocks(title="Handenhet, uppföljning", analytics_enabled=False, fill_width=True) as screen:
        top = html(elem_id="top")
        Question(context)

        @safely
        def arrive(request: gr.Request) -> str:
            actor = context.actor(request)
            return page_top("Handenhet · uppföljning", f"{actor.name}, chef för {actor.unit}")

        screen.load(arrive, None, [top])
    return screen
