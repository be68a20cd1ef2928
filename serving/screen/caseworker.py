"""The caseworker's screen: my cases, a case, its documents, the law, the log."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from typing import Any

import gradio as gr

from ..security.access import Actor
from . import facts, overview, words
from .context import Context, Part, Update, html, safely
from .desk_papers import Papers
from .going import GoingThrough
from .law import Law
from .markup import Markup, el, page, page_top
from .opened import Opened
from .seen import Seen
from .talk import Talk

CASE_TABS = ("glance", "facts", "go", "papers", "seen")


class Glance:
    """The case at a glance."""

    def __init__(self) -> None:
        self.shown = html(elem_id="glance")

    @property
    def outputs(self) -> list[Any]:
        return [self.shown]

    def refresh(self, opened: Opened, actor: Actor) -> list[Update]:
        return [overview.overview(opened)]


class Facts:
    """The two columns with their filters."""

    def __init__(self, context: Context, case: Any) -> None:
        self.context = context
        with gr.Row(elem_classes="hh-noprint"):
            self.meeting = gr.Dropdown(label="Möte", choices=[facts.ALL], value=facts.ALL, min_width=160)
            self.area = gr.Dropdown(label="Område", choices=[facts.ALL], value=facts.ALL, min_width=160)
            self.state = gr.Dropdown(
                label="Ställning", choices=[facts.ALL, *words.STANDINGS], value=facts.ALL, min_width=140,
                elem_id="facts-standing",
            )  # fmt: skip
            self.speaker = gr.Dropdown(label="Vem som sagt det", choices=[facts.ALL], value=facts.ALL, min_width=160)
        self.shown = html(elem_id="facts")
        self._filters = [self.meeting, self.area, self.state, self.speaker]
        for one in self._filters:
            one.input(self._narrow, [case, *self._filters], [self.shown])

    @property
    def outputs(self) -> list[Any]:
        return [*self._filters, self.shown]

    def refresh(self, opened: Opened, actor: Actor) -> list[Update]:
        meetings = [(facts.ALL, facts.ALL), *((held.label, held.id) for held in opened.meetings)]
        areas = list(dict.fromkeys(o.factor.area for _, o in opened.observations))
        speakers = list(dict.fromkeys(held.who(o.speaker) for held, o in opened.observations))
        return [
            gr.update(choices=meetings, value=facts.ALL),
            gr.update(choices=[facts.ALL, *areas], value=facts.ALL),
            gr.update(value=facts.ALL),
            gr.update(choices=[facts.ALL, *speakers], value=facts.ALL),
            facts.two_columns(opened, facts.Filter()),
        ]

    @safely
    def _narrow(self, case_id: str, meeting: str, area: str, state: str, speaker: str, request: gr.Request) -> str:
        chosen = facts.Filter(meeting, area, state, speaker)
        return facts.two_columns(self.context.open(case_id, request, fresh=False), chosen)


def caseworker_screen(context: Context) -> gr.Blocks:
    with gr.Blocks(title="Handenhet", analytics_enabled=False, fill_width=True) as screen:
        top = html(elem_id="top")
        with gr.Row(equal_height=False):
            with gr.Column(scale=5, min_width=320, elem_id="main-part"):
                title = html(elem_id="title")
                with gr.Tabs(elem_id="tabs") as tabs:
                    with gr.Tab("Mina ärenden", id="cases"):
                        case = gr.Radio(label="Välj ärende", choices=[], elem_id="cases")
                        none = html(elem_id="case-none")
                    with gr.Tab("Översikt", id="glance", visible=False) as t1:
                        glance = Glance()
                    with gr.Tab("Uppgifter", id="facts", visible=False) as t2:
                        observed = Facts(context, case)
                    with gr.Tab("Gå igenom", id="go", visible=False) as t3:
                        going = GoingThrough(context, case)
                    with gr.Tab("Handlingar", id="papers", visible=False) as t4:
                        papers = Papers(context, case)
                    with gr.Tab("Lagen", id="law"):
                        law = Law(context)
                    with gr.Tab("Vem har sett", id="seen", visible=False) as t5:
                        seen = Seen(context, case)
            with gr.Column(scale=2, min_width=320, visible=False, elem_id="beside", elem_classes="hh-noprint") as side:
                talk = Talk(context, case)
        parts: list[Part] = [glance, observed, going, papers, law, seen, talk]
        case_tabs = [t1, t2, t3, t4, t5]
        outputs = [title, side, *case_tabs, *(out for part in parts for out in part.outputs)]

        @safely
        def arrive(request: gr.Request) -> list[Update]:
            actor, house = context.actor(request), context.house
            at = house.clock()
            today = words.local_day(at)
            key = f"screen:{request.session_hash}:{actor.id}"
            with context.together():
                cases = house.store.cases_for(actor, at=at, key=f"{key}:cases")
                limits = [house.store.deadlines(actor, one.id, at=at, key=f"{key}:{one.id}:limits") for one in cases]
            choices = overview.case_choices(list(zip(cases, limits, strict=True)), today)
            nothing = "" if choices else page(el("p", "Du har inga ärenden. Enhetens chef kan lägga till dig i ett."))
            return [
                header(actor),
                gr.update(choices=choices, value=None, visible=bool(choices)),
                nothing,
                today.isoformat(),
            ]

        @safely
        def look(case_id: str, request: gr.Request) -> list[Update]:
            with context.together():
                actor, opened = context.actor(request), context.open(case_id, request)
                updates = [update for part in parts for update in part.refresh(opened, actor)]
            shown = [gr.update(visible=True) for _ in (side, *case_tabs)]
            return [overview.title(opened), *shown, *updates]

        def to_the_case() -> Update:
            return gr.update(selected="glance")

        screen.load(arrive, None, [top, case, none, law.on])
        case.input(look, [case], outputs).success(to_the_case, None, [tabs])
        going.close.click(going.finish, [case, going.meeting], [case]).success(look, [case], outputs)
    return screen


def header(actor: Actor) -> Markup:
    who = f"{actor.name}, {actor.unit}"
    return page_top("Handenhet", who, el("a", "Handenheten", href="/app/"))
