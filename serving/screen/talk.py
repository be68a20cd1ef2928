"""The chat beside the case: what may be cited, an answer with its sources, and the conversation kept in the case."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import gradio as gr
from pydantic import TypeAdapter

from ...agent.chat import ENGINE, Reply, answer, stream
from ...agent.cites import clock
from ...tools.conversation import Conversation, Passage
from ...tools.law import LawTool
from ..security.access import Actor
from ..store.records import DocumentKind
from . import words
from .context import Context, Update, safely
from .markup import Markup, el, lines
from .opened import Held, Opened

KEPT_TURNS = 200
HINT = "Fråga om det som sagts i ärendet eller om lagen"
WELCOME = (
    "Jag söker i det öppna ärendet och i lagen och visar orden och lagrummen. Jag bedömer, väger och beslutar aldrig. "
    "Det gör du."
)
_KIND: DocumentKind = "other"


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and what was answered, as it is kept in the case."""

    at: datetime
    asked: str
    kind: str
    answered: str
    cited: tuple[str, ...]
    engine: str


_TURNS = TypeAdapter(list[Turn])


class Talk:
    """The column of the chat."""

    def __init__(self, context: Context, case: Any) -> None:
        self.context, self.case = context, case
        self.shown = gr.Chatbot(
            label="Fråga ärendet", height=520, sanitize_html=True, latex_delimiters=[], placeholder=WELCOME,
            buttons=[], elem_id="chat", allow_tags=False,
        )  # fmt: skip
        self.asked = gr.Textbox(label="Din fråga", placeholder=HINT, lines=2, max_lines=6, elem_id="chat-asked")
        self.send = gr.Button("Fråga", variant="primary", elem_id="chat-send")
        given, out = [case, self.asked, self.shown], [self.shown, self.asked]
        for event in (self.send.click, self.asked.submit):
            event(self._ask, given, out)

    @property
    def outputs(self) -> list[Any]:
        return [self.shown]

    def refresh(self, opened: Opened, actor: Actor) -> list[Update]:
        """The conversation this person has had in this case."""
        shown: list[dict[str, Any]] = []
        for turn in self._kept(actor, opened.case.id):
            cites = el("ul", *(el("li", one) for one in turn.cited)) if turn.cited else None
            told = el("div", el("p", lines(turn.answered)), cites, _engine(turn.engine), cls="hh hh-answer")
            shown += [_message("user", el("span", turn.asked)), _message("assistant", told)]
        return [shown]

    async def _ask(
        self, case_id: str, asked: str, shown: list[dict[str, Any]], request: gr.Request
    ) -> AsyncIterator[list[Update]]:
        question = " ".join((asked or "").split())[:2_000]
        if not question or not case_id:
            yield [gr.update(), gr.update()]
            return
        so_far = [*shown, _message("user", el("span", question))]
        yield [[*so_far, _message("assistant", el("span", "Söker i ärendet …"))], ""]
        reply, opened = await self._answer(case_id, question, request)
        async for part in stream(reply):
            yield [[*so_far, _message("assistant", el("div", el("p", part), cls="hh hh-answer"))], ""]
        self._keep(self.context.actor(request), case_id, question, reply)
        yield [[*so_far, _message("assistant", told(reply, opened))], ""]

    @safely
    async def _answer(self, case_id: str, question: str, request: gr.Request) -> tuple[Reply, Opened]:
        house, opened = self.context.house, self.context.open(case_id, request, fresh=False)
        law = LawTool(house.law, opened.today)
        return await answer(question, conversation(opened), law, house.engine.llm, house.engine.on_lost), opened

    def _keep(self, actor: Actor, case_id: str, question: str, reply: Reply) -> None:
        at = self.context.house.clock()
        cited = (*(f"{p.who}, {p.where}: ”{p.text}”" for p in reply.said), *(law.label for law in reply.laws))
        turns = [*self._kept(actor, case_id), Turn(at, question, reply.kind, reply.text, cited, reply.engine)]
        self.context.house.store.save_document(
            actor, id=_id(actor, case_id), case_id=case_id, kind=_KIND, at=at,
            content=_TURNS.dump_json(turns[-KEPT_TURNS:]).decode(),
        )  # fmt: skip

    def _kept(self, actor: Actor, case_id: str) -> list[Turn]:
        at = self.context.house.clock()
        for document in self.context.house.store.documents(
            actor, case_id, at=at, kind=_KIND, key=f"chat:{actor.id}:{case_id}:{at:%Y%m%d%H}"
        ):
            if document.id == _id(actor, case_id):
                return _TURNS.validate_json(document.content)
        return []


def _id(actor: Actor, case_id: str) -> str:
    return f"chat-{case_id}-{actor.id}"


def _message(role: str, content: Markup) -> dict[str, Any]:
    return {"role": role, "content": str(content)}


def told(reply: Reply, opened: Opened) -> Markup:
    """An answer with what carries it, verbatim, each with speaker, time and a way to hear it."""
    said = [_passage(passage, opened) for passage in reply.said]
    laws = [
        el("details", el("summary", law.label), el("blockquote", lines(law.provision.text)),
           el("p", "Vår egen note. Lagtexten är inte inläst.", cls="hh-quiet")
           if law.provision.origin == "guidance" else None, cls="hh-law", open=place == 0)
        for place, law in enumerate(reply.laws)
    ]  # fmt: skip
    return el(
        "div", el("p", lines(reply.text)), *laws, *said, _engine(reply.engine), cls=f"hh hh-answer hh-{reply.kind}"
    )


def _engine(name: str) -> Markup:
    shown = ENGINE["model"] if name == "model" else ENGINE["embedded"]
    return el("p", shown.capitalize(), cls="hh-engine")


def _passage(passage: Passage, opened: Opened) -> Markup:
    held = opened.meeting(passage.meeting)
    if passage.kind == "note":
        return el("div", el("p", passage.text), el("p", passage.where, cls="hh-quiet"), cls="hh-fact")
    sound = None
    if held is not None and held.audio:
        start, end = max(0, passage.start_ms - 500), passage.end_ms + 700
        address = f"/api/v1/meetings/{held.id}/clip?from_ms={start}&to_ms={end}"
        sound = el("details", el("summary", "Lyssna"), el("audio", src=address, controls=True, preload="none"))
    seen_as = el("p", passage.seen_as, cls="hh-quiet") if passage.seen_as else None
    where = el("p", f"{passage.who}, {passage.where}", cls="hh-quiet")
    return el("div", el("blockquote", f"”{passage.text}”"), where, seen_as, sound, cls="hh-fact")


def conversation(opened: Opened) -> Conversation:
    """Everything in the case that may be cited."""
    names = [p.name.split()[0] for held in opened.meetings for p in held.record.meeting.participants if p.name]
    roles = [p.role for held in opened.meetings for p in held.record.meeting.participants]
    parts = ("pappan", "pappa", "mamman", "mamma", "barnet", "läraren", "modern", "fadern", "föräldrarna")
    people = tuple(dict.fromkeys([*names, *roles, *parts]))
    return Conversation((*_said(opened), *_notes(opened)), people)


def _said(opened: Opened) -> Iterator[Passage]:
    for held in opened.meetings:
        facts = {o.quote.utterance.id: o for o in held.observations if words.standing(o.standing) != "Struken"}
        for utterance in held.transcript.utterances:
            fact, before = facts.get(utterance.id), held.transcript.utterances[max(0, utterance.index - 1)]
            asked = before.text if before.text.rstrip().endswith("?") and before is not utterance else ""
            person = next((p for p in held.record.meeting.participants if p.id == utterance.speaker), None)
            if person is not None and person.standpoint == "caseworker" and utterance.text.rstrip().endswith("?"):
                continue
            yield Passage(
                f"{held.id}/{utterance.id}",
                "fact" if fact else "said",
                utterance.text,
                held.who(utterance.speaker),
                f"{held.label}, {clock(utterance.start_ms)}",
                f"{words.SIDE[fact.polarity]}: {fact.factor.name} ({words.standing(fact.standing).lower()})"
                if fact
                else "",
                held.id,
                utterance.start_ms,
                utterance.end_ms,
                f"{asked} {fact.factor.name} {fact.factor.area}" if fact else asked,
            )


def _notes(opened: Opened) -> Iterator[Passage]:
    case = f"Ärende {opened.case.number}"
    for limit in opened.deadlines:
        state = (
            f"klart {words.short_date(words.local_day(limit.met))}"
            if limit.met
            else words.in_days(limit.due, opened.today)
        )
        text = f"{limit.rule}: frist {words.short_date(limit.due)}, {state}."
        yield _note(
            f"limit/{limit.id}",
            text,
            case,
            "klar färdig frist frister tidsfrist tidsfrister löper utredningen när dagar",
        )
    for entry in opened.communications:
        text = f"{words.moment(entry.at)} fick {entry.to} del av {entry.what} ({entry.how})."
        yield _note(
            f"communication/{entry.id}", text, case, "kommunicering kommunicerat kommunicerats föräldrarna underrättad"
        )
    for held in opened.meetings:
        yield from _meeting_notes(held)
    for number, sentence in enumerate((*opened.synthesis.told_differently, *opened.synthesis.disputed)):
        text = f"{sentence.topic}. {sentence.text}"
        yield _note(
            f"differs/{number}", text, case, "omtvistad omtvistat motsäger motsägelser bestrider håller inte med olika"
        )
    for number, sentence in enumerate(opened.synthesis.not_heard):
        yield _note(f"not-heard/{number}", sentence.text, case, "hörts hörd hörda inte talat")


def _meeting_notes(held: Held) -> Iterator[Passage]:
    people = ", ".join(held.who(p.id) for p in held.record.meeting.participants)
    frame = f"{held.label}: {people}. {words.MEETING[held.record.status]}."
    yield _note(
        f"{held.id}/frame", frame, held.label, "närvarande deltog med på första mötet vilka möten hållits datum"
    )
    for polarity, searched in (
        ("risk", "risk risker riskfaktor riskfaktorer oro"),
        ("protective", "skydd skyddsfaktor skyddsfaktorer skyddande"),
    ):
        names = dict.fromkeys(
            f"{o.factor.name} ({words.standing(o.standing).lower()})"
            for o in held.observations
            if o.polarity == polarity
        )
        if names:
            side = "Risk" if polarity == "risk" else "Skydd"
            states = "bekräftade bekräftats bekräftad väntar svar"
            yield _note(f"{held.id}/{polarity}", f"{side}: {'; '.join(names)}.", held.label, f"{searched} {states}")
    ledger = held.ledger
    if ledger.areas_not_touched:
        text = f"Ej berört: {', '.join(ledger.areas_not_touched)}. Ej berört säger inget om hur det är."
        yield _note(f"{held.id}/untouched", text, held.label, "område områden berörts berört saknas luckor")
    if ledger.open_questions:
        asked = "; ".join(held.transcript[id].text for id in ledger.open_questions)
        yield _note(
            f"{held.id}/questions", f"Frågor utan svar: {asked}", held.label, "fick inget svar obesvarad obesvarade"
        )
    for gap in held.silences:
        text = f"{words.GAPS[gap.kind]} {words.span(gap.start_ms, gap.end_ms)}."
        yield _note(f"{held.id}/{gap.id}", text, held.label, "paus avbrott lucka struket")
    doubtful = [w.text for u in held.transcript.utterances for w in u.words if w.doubtful]
    if doubtful:
        text = f"Hördes otydligt: {', '.join(doubtful)}."
        yield _note(f"{held.id}/doubtful", text, held.label, "otydligt otydliga hördes osäker")


def _note(id: str, text: str, where: str, searched: str) -> Passage:
    return Passage(id, "note", text, "", where, searched=searched)
