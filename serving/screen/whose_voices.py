"""Whose the voices are that were told apart in a meeting: said once by a person, for the whole meeting."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from typing import Any

import gradio as gr

from ..voices import TOO_MANY, Voices, named_in, too_many, unnamed_in
from . import words
from .context import Context, Update, html, safely
from .markup import Markup, el, page
from .opened import Held, Opened


class WhoseVoices:
    """Part of going through a meeting; hidden where no voices were told apart."""

    def __init__(self, context: Context, case: Any, meeting: Any) -> None:
        self.context = context
        with gr.Accordion("Vems röst är det?", open=False, visible=False, elem_id="go-voices") as self.part:
            self.list = html(elem_id="voices-list")
            with gr.Row():
                self.voice = gr.Dropdown(label="Röst", choices=[], elem_id="voices-voice")
                self.who = gr.Dropdown(label="Det är", choices=[], elem_id="voices-who")
            self.save = gr.Button("Spara vems rösten är", elem_id="voices-save")
        self.save.click(self._save, [case, meeting, self.voice, self.who], self.outputs)

    @property
    def outputs(self) -> list[Any]:
        return [self.part, self.list, self.voice, self.who]

    def shown(self, opened: Opened, held: Held | None) -> list[Update]:
        unnamed = unnamed_in(held.transcript) if held else ()
        named = named_in(opened.documents, held.id) if held else ()
        if held is None or not (unnamed or named):
            return [gr.update(visible=False), "", gr.update(choices=[], value=None), gr.update(choices=[], value=None)]
        voices = [one.voice for one in (*unnamed, *named)]
        people = [(held.who(one.id), one.id) for one in held.record.meeting.participants]
        return [
            gr.update(visible=True),
            told(opened, held),
            gr.update(choices=voices, value=voices[0]),
            gr.update(choices=people, value=None),
        ]

    @safely
    def _save(
        self, case_id: str, meeting_id: str, voice: str | None, who: str | None, request: gr.Request
    ) -> list[Update]:
        if not (voice and who):
            raise gr.Error("Välj både röst och person.", title="Något saknas", print_exception=False)
        house = self.context.house
        Voices(house.store, house.clock).assign(self.context.actor(request), meeting_id, voice, who)
        opened = self.context.open(case_id, request)
        return self.shown(opened, opened.meeting(meeting_id))


def told(opened: Opened, held: Held) -> Markup:
    """Each voice: how much was said in it, or whose it is and who said so."""
    rows = [
        el("li", el("strong", f"Röst {one.voice}"), ": ", words.count(one.utterances, "yttrande", "yttranden"))
        for one in unnamed_in(held.transcript)
    ]
    rows += [
        el("li", el("strong", f"Röst {one.voice}"), f": {held.who(one.participant)}, enligt {one.by.name}")
        for one in named_in(opened.documents, held.id)
    ]
    warning = el("p", TOO_MANY) if too_many(held.record.meeting) else None
    return page(warning, el("ul", *rows))
