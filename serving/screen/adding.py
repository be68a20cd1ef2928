"""What the readers missed, added by hand while a meeting is gone through; and words kept exactly as they were said."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from typing import Any

import gradio as gr

from ...agent.cites import clock
from ...agent.material import CHILDS_WORDS, PROMISE, STANCE
from ...knowledge.quotes import find_quote
from . import words
from .context import Context, Update, html, safely
from .markup import Markup, el, page
from .opened import Held

ABOUT = [(name, key) for key, name in words.ABOUT.items()]
HEADINGS = (CHILDS_WORDS, STANCE, PROMISE)


class More:
    """What the readers missed, and words to keep exactly as they were said."""

    def __init__(self, context: Context, case: Any, meeting: Any) -> None:
        self.context = context
        with gr.Accordion("Lägg till en uppgift eller spara ord ordagrant", open=False, elem_id="go-more") as self.part:
            self.utterance = gr.Dropdown(label="Vad som sades", choices=[], filterable=True, elem_id="more-utterance")
            self.said = gr.Textbox(label="Orden, precis som de står", lines=2, elem_id="more-words")
            with gr.Row():
                self.factor = gr.Dropdown(label="Vad orden visar", choices=[], filterable=True, elem_id="more-factor")
                self.about = gr.Dropdown(label="Vem de gäller", choices=ABOUT, elem_id="more-about")
            self.add = gr.Button("Lägg till uppgiften", elem_id="more-add")
            self.heading = gr.Dropdown(label="Spara orden under rubriken", choices=HEADINGS, value=HEADINGS[0],
                                       elem_id="more-heading")  # fmt: skip
            self.keep = gr.Button("Spara orden ordagrant", elem_id="more-keep")
            self.kept = html(elem_id="more-kept")
        self.utterance.input(self._words, [case, meeting, self.utterance], [self.said])
        self.keep.click(self._keep, [case, meeting, self.utterance, self.said, self.heading], [self.kept])

    @property
    def statement(self) -> list[Any]:
        return [self.utterance, self.said, self.factor, self.about]

    @property
    def outputs(self) -> list[Any]:
        return [self.part, *self.statement, self.kept]

    def shown(self, held: Held | None) -> list[Update]:
        """What everybody but the caseworker said, to point at; only while the meeting is gone through."""
        if held is None or held.record.status != "closed":
            return [gr.update(visible=False), *(gr.update(value=None) for _ in self.statement), ""]
        age = held.record.meeting.child_age
        said = [
            (f"{clock(u.start_ms)} {held.who(u.speaker)}: {u.text}", u.id)
            for u in held.transcript.utterances
            if held.record.meeting.participant(u.speaker).standpoint != "caseworker"
        ]
        return [
            gr.update(visible=True),
            gr.update(choices=said, value=None),
            "",
            gr.update(choices=self.context.factors(age), value=None),
            gr.update(value=None),
            kept_words(held),
        ]

    @safely
    def _words(self, case_id: str, meeting_id: str, utterance: str, request: gr.Request) -> str:
        held = self.context.open(case_id, request, fresh=False).meeting(meeting_id)
        return held.transcript[utterance].text if held and utterance in held.transcript else ""

    @safely
    def _keep(
        self, case_id: str, meeting_id: str, utterance: str, said: str, heading: str, request: gr.Request
    ) -> Update:
        held = may_still(self.context.open(case_id, request, fresh=False).meeting(meeting_id))
        quote = find_quote(held.transcript[utterance], said) if utterance in held.transcript else None
        if quote is None:
            raise gr.Error("Orden måste stå precis så i det som sades. Välj på nytt vad som sades.",
                           title="Orden finns inte där", print_exception=False)  # fmt: skip
        self.context.house.desk.pin(self.context.actor(request), meeting_id, quote, heading)
        gr.Info("Orden är sparade ordagrant.")
        again = self.context.open(case_id, request).meeting(meeting_id)
        return kept_words(again) if again else ""


def kept_words(held: Held) -> Markup:
    """The words kept so far, each under its heading."""
    if not held.talk.pinned:
        return page(el("p", "Inga ord är sparade ordagrant från det här mötet.", cls="hh-quiet"))
    rows = [
        el("li", el("strong", f"{one.heading}: "), el("q", one.quote.text), f" {held.who(one.quote.speaker)}")
        for one in held.talk.pinned
    ]
    return page(el("ul", *rows))


def may_still(held: Held | None) -> Held:
    if held is None or held.record.status != "closed":
        raise gr.Error("Mötet är redan genomgånget.", title="Det gick inte", print_exception=False)
    return held
