"""Going through a meeting at a desk: one observation at a time, with the words that carry it."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from typing import Any

import gradio as gr

from ...agent.observation import Observation
from ...knowledge.errors import HandenhetError
from ...tools.proposals import About
from ..security.access import Actor
from . import facts, words
from .adding import ABOUT, More, may_still
from .context import Context, Update, html, safely
from .markup import el, page
from .opened import Held, Opened
from .suggested import Suggested
from .whose_voices import WhoseVoices


class GoingThrough:
    """The tab. What is shown is chosen by the meeting and a place among its observations."""

    def __init__(self, context: Context, case: Any) -> None:
        self.context, self.case = context, case
        self.place = gr.State(0)
        self.meeting = gr.Dropdown(label="Möte", choices=[], elem_id="go-meeting")
        self.shown = html(elem_id="go-shown")
        with gr.Row(elem_classes="hh-noprint"):
            self.back = gr.Button("Föregående", size="sm")
            self.on = gr.Button("Nästa", size="sm")
        with gr.Row():
            self.confirm = gr.Button("Stämmer", variant="primary", elem_id="go-confirm")
            self.reject = gr.Button("Ska inte vara med", elem_id="go-reject")
        with gr.Accordion("Stämmer inte enligt den det gäller", open=False, elem_id="go-dispute-part"):
            self.protest = gr.Textbox(label="Med personens egna ord", lines=2, elem_id="go-words")
            self.dispute = gr.Button("Behåll uppgiften med invändningen", elem_id="go-dispute")
        with gr.Accordion("Ändra vad uppgiften handlar om", open=False):
            self.factor = gr.Dropdown(label="Omständighet", choices=[], filterable=True)
            self.about = gr.Dropdown(label="Vem den gäller", choices=ABOUT)
            self.change = gr.Button("Spara ändringen")
        self.more = More(context, case, self.meeting)
        self.suggested = Suggested(context, case, self.meeting)
        self.voices = WhoseVoices(context, case, self.meeting)
        self.close = gr.Button("Avsluta genomgången", variant="primary", visible=False, elem_id="go-close")
        self._wire()

    @property
    def outputs(self) -> list[Any]:
        return [self.meeting, *self._view, *self._beside]

    @property
    def _beside(self) -> list[Any]:
        return [*self.more.outputs, *self.suggested.outputs, *self.voices.outputs]

    def _shown_beside(self, opened: Opened, held: Held | None) -> list[Update]:
        return [*self.more.shown(held), *self.suggested.shown(opened, held), *self.voices.shown(opened, held)]

    @property
    def _view(self) -> list[Any]:
        return [self.place, self.shown, self.factor, self.about, self.protest, self.close, self.confirm, self.reject]

    def _wire(self) -> None:
        where = [self.case, self.meeting, self.place]
        self.meeting.input(self._first, [self.case, self.meeting], [*self._view, *self._beside])
        self.more.add.click(
            self._add, [self.case, self.meeting, *self.more.statement], [*self._view, *self.more.outputs]
        )
        self.back.click(self._step(-1), where, self._view)
        self.on.click(self._step(1), where, self._view)
        self.confirm.click(self._confirm, where, self._view)
        self.reject.click(self._reject, where, self._view)
        self.dispute.click(self._dispute, [*where, self.protest], self._view)
        self.change.click(self._change, [*where, self.factor, self.about], self._view)

    def refresh(self, opened: Opened, actor: Actor) -> list[Update]:
        """Open at the meeting that waits, else at the latest one."""
        choices = [(f"{held.label} · {words.MEETING[held.record.status]}", held.id) for held in opened.meetings]
        waiting = [held for held in opened.meetings if held.record.status == "closed"]
        held = (waiting or list(opened.meetings) or [None])[-1]
        chosen = gr.update(choices=choices, value=held.id if held else None)
        return [chosen, *self._shown(held, _first_waiting(held)), *self._shown_beside(opened, held)]

    def _shown(self, held: Held | None, place: int) -> list[Update]:
        if held is None or not held.observations:
            nothing = page(el("p", "Det finns inget att gå igenom."))
            return [0, nothing, gr.update(), gr.update(), "", gr.update(visible=False), *_answers(False)]
        place = max(0, min(place, len(held.observations) - 1))
        observation = held.observations[place]
        factors = self.context.factors(held.record.meeting.child_age)
        done = not held.waiting and held.record.status == "closed"
        return [
            place,
            facts.one(held, observation, place, len(held.observations)),
            gr.update(choices=factors, value=observation.factor.id),
            gr.update(value=observation.about),
            "",
            gr.update(visible=done),
            *_answers(held.record.status == "closed"),
        ]

    def _at(self, case_id: str, meeting_id: str, place: int, request: gr.Request) -> tuple[Held, Observation]:
        held = self.context.open(case_id, request, fresh=False).meeting(meeting_id)
        if held is None or not 0 <= place < len(held.observations):
            raise HandenhetError("there is no such observation", where=meeting_id)
        return held, held.observations[place]

    def _again(self, case_id: str, meeting_id: str, place: int, request: gr.Request) -> list[Update]:
        """After an answer: the next one that waits, else the same place."""
        held = self.context.open(case_id, request).meeting(meeting_id)
        if held is None:
            return self._shown(None, 0)
        after = [n for n, o in enumerate(held.observations) if n > place and words.waiting(o)]
        return self._shown(held, after[0] if after else _first_waiting(held, place))

    @safely
    def _first(self, case_id: str, meeting_id: str, request: gr.Request) -> list[Update]:
        opened = self.context.open(case_id, request, fresh=False)
        held = opened.meeting(meeting_id)
        return [*self._shown(held, _first_waiting(held)), *self._shown_beside(opened, held)]

    @safely
    def _add(
        self, case_id: str, meeting_id: str, utterance: str, said: str, factor: str, about: About,
        request: gr.Request,
    ) -> list[Update]:  # fmt: skip
        """Show the statement that was added, which stands confirmed, so that it is seen and can be taken back."""
        may_still(self.context.open(case_id, request, fresh=False).meeting(meeting_id))
        if not (utterance and said.strip() and factor and about):
            raise gr.Error("Välj vad som sades, orden, vad de visar och vem de gäller.", title="Något saknas",
                           print_exception=False)  # fmt: skip
        actor, desk = self.context.actor(request), self.context.house.desk
        added = desk.add_said(actor, meeting_id, factor=factor, utterance=utterance, words=said.strip(), about=about)
        held = self.context.open(case_id, request).meeting(meeting_id)
        place = [o.id for o in held.observations].index(added.id) if held else 0
        gr.Info("Uppgiften är tillagd och bekräftad. Den visas ovanför.")
        return [*self._shown(held, place), *self.more.shown(held)]

    def _step(self, by: int) -> Any:
        @safely
        def step(case_id: str, meeting_id: str, place: int, request: gr.Request) -> list[Update]:
            held = self.context.open(case_id, request, fresh=False).meeting(meeting_id)
            return self._shown(held, place + by)

        return step

    @safely
    def _confirm(self, case_id: str, meeting_id: str, place: int, request: gr.Request) -> list[Update]:
        _, observation = self._at(case_id, meeting_id, place, request)
        self.context.house.desk.confirm(self.context.actor(request), meeting_id, observation.id)
        return self._again(case_id, meeting_id, place, request)

    @safely
    def _reject(self, case_id: str, meeting_id: str, place: int, request: gr.Request) -> list[Update]:
        _, observation = self._at(case_id, meeting_id, place, request)
        self.context.house.desk.reject(self.context.actor(request), meeting_id, observation.id)
        return self._again(case_id, meeting_id, place, request)

    @safely
    def _dispute(self, case_id: str, meeting_id: str, place: int, said: str, request: gr.Request) -> list[Update]:
        _, observation = self._at(case_id, meeting_id, place, request)
        if not said.strip():
            raise gr.Error("Skriv vad personen säger, med egna ord.", title="Orden saknas", print_exception=False)
        self.context.house.desk.dispute(self.context.actor(request), meeting_id, observation.id, said.strip())
        return self._again(case_id, meeting_id, place, request)

    @safely
    def _change(
        self, case_id: str, meeting_id: str, place: int, factor: str, about: str, request: gr.Request
    ) -> list[Update]:
        _, observation = self._at(case_id, meeting_id, place, request)
        actor = self.context.actor(request)
        self.context.house.desk.change(actor, meeting_id, observation.id, factor=factor, about=about)
        return self._again(case_id, meeting_id, place, request)

    @safely
    async def finish(self, case_id: str, meeting_id: str, request: gr.Request) -> str:
        """The room has answered for everything: the documents are composed. Answers the case, for a new look."""
        actor, desk = self.context.actor(request), self.context.house.desk
        desk.close_review(actor, meeting_id)
        if self.context.rooms is not None:
            await self.context.rooms.people_answered(meeting_id)
        kept = {d.id for d in self.context.house.store.documents(actor, case_id, at=self.context.house.clock())}
        if f"journal-{meeting_id}" not in kept:
            desk.compose_journal(actor, meeting_id)
            desk.compose_child_version(actor, meeting_id)
        gr.Info("Journalanteckning och barnets version är skrivna som utkast. De ligger under Handlingar.")
        return case_id


def _first_waiting(held: Held | None, otherwise: int = 0) -> int:
    waiting = [n for n, o in enumerate(held.observations) if words.waiting(o)] if held else []
    return waiting[0] if waiting else otherwise


def _answers(may: bool) -> list[Update]:
    return [gr.update(interactive=may), gr.update(interactive=may)]
