"""The documents of a case: read with their sources, complete, approve exactly what is shown."""

# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from collections.abc import Callable
from typing import Any

import gradio as gr

from ...agent.basis import COMMUNICATION_REASON
from ...agent.draft import Draft, draft_of
from ...knowledge.errors import HandenhetError
from ...knowledge.prerequisites import Ground, grounds
from ..security.access import Actor
from ..store.records import Document
from . import papers, words
from .context import Context, Update, html, safely
from .opened import Opened
from .wording import Wording

FIELDS = (
    "place", "reason", "questions", "history", "agreed", "childs_stance", "clients_stance", "child_information",
    "guardians_stance", "protection", COMMUNICATION_REASON, "clients_view", "own_assessment", "assessment", "proposal",
    "decision", *(f"dictated-{n}" for n in range(12)),
)  # fmt: skip
"""Everything only a person writes, in the order it is met."""
GROUNDS = [(f"{ground.label}: {ground.title}", id) for id, ground in grounds().items()]
_MANY = 4


class Papers:
    """The tab of documents. The digest in the state is that of what was rendered, and an approval names it."""

    def __init__(self, context: Context, case: Any) -> None:
        self.context, self.case = context, case
        self.digest = gr.State("")
        with gr.Row(equal_height=False):
            self.chosen = gr.Dropdown(label="Handling", choices=[], elem_id="paper-chosen", scale=2)
            with gr.Column(scale=1, min_width=220), gr.Accordion("Nytt utkast till beslutsunderlag", open=False):
                self.ground = gr.Dropdown(label="Laglig grund", choices=GROUNDS, value="sol-11-1", elem_id="ground")
                self.compose = gr.Button("Skriv utkast av det bekräftade", elem_id="compose")
        with gr.Row(equal_height=False):
            with gr.Column(scale=3, min_width=320):
                self.paper = html(elem_id="paper")
            with gr.Column(scale=2, min_width=280, elem_id="paper-side", elem_classes="hh-noprint"):
                self.standing = html(elem_id="paper-standing")
                self.findings = html(elem_id="paper-findings")
                with gr.Accordion("Dina egna ord", open=True) as self.own:
                    self.fields = [
                        gr.Textbox(label=field, lines=_MANY if field == "assessment" else 2, visible=False,
                                   max_lines=12, elem_id=f"field-{field}")
                        for field in FIELDS
                    ]  # fmt: skip
                    self.save = gr.Button("Spara mina ord", elem_id="paper-save")
                self.wording = Wording(context)
                self.read = gr.Checkbox(label="Jag har läst det som visas", value=False, elem_id="paper-read")
                self.approve = gr.Button("Godkänn det som visas", variant="primary", elem_id="paper-approve")
        self._wire()

    @property
    def outputs(self) -> list[Any]:
        return [self.chosen, *self._view]

    @property
    def _view(self) -> list[Any]:
        asked = [self.own, self.read, *self.fields, self.save, self.approve]
        return [self.digest, self.paper, self.standing, self.findings, *asked, *self.wording.outputs]

    def _wire(self) -> None:
        where = [self.case, self.chosen]
        self.chosen.input(self._look, where, self._view)
        self.save.click(self._save, [*where, *self.fields], self._view)
        self.approve.click(self._approve, [*where, self.digest, self.read], self._view)
        self.compose.click(self._compose, [self.case, self.ground], self.outputs)
        self.wording.wire([*where, self.digest], self._again, self._view)

    def refresh(self, opened: Opened, actor: Actor) -> list[Update]:
        """Open at the decision basis, else at the latest journal entry."""
        shown = _choices(opened, lambda document: self.context.house.desk.is_approved(actor, document))
        first = shown[0][1] if shown else None
        return [gr.update(choices=shown, value=first), *self._shown(opened, actor, first)]

    def _shown(self, opened: Opened, actor: Actor, id: str | None) -> list[Update]:
        if id is None:
            none = papers.standing(None, (), four_eyes=False)
            asked = _asked([gr.update(visible=False) for _ in FIELDS], own=False, open_=False)
            return ["", "", none, "", *asked, *self.wording.of_nothing()]
        store, at = self.context.house.store, self.context.house.clock()
        document = store.document(actor, id, at=at)
        signed = store.approvals(actor, id, at=at)
        approved = len({one.by.id for one in signed}) >= (2 if self.context.house.desk.four_eyes else 1)
        standing = papers.standing(document, signed, four_eyes=self.context.house.desk.four_eyes)
        if document.kind == "child_version":
            version = self.context.house.desk.child_version(actor, id.removeprefix("child-"))
            none = [gr.update(visible=False) for _ in FIELDS]
            told = papers.told_findings([(f.text, f.blocking) for f in version.findings])
            return [version.digest, papers.child_paper(version), standing, told,
                    *_asked(none, own=False, open_=not approved),
                    *self.wording.of_child(version, open_=not approved)]  # fmt: skip
        draft = draft_of(document.content)
        told = "" if approved else papers.findings(self.context.house.desk.review(actor, id))
        fields = [_field(draft, field, open_=not approved) for field in FIELDS]
        return [draft.digest, papers.paper(draft, opened, open_=not approved), standing, told,
                *_asked(fields, own=not approved, open_=not approved),
                *self.wording.of_draft(draft, open_=not approved)]  # fmt: skip

    @safely
    def _look(self, case_id: str, id: str, request: gr.Request) -> list[Update]:
        opened, actor = self.context.open(case_id, request), self.context.actor(request)
        if id not in {document.id for document in opened.documents}:
            raise HandenhetError("the document belongs to another case", where=id)
        return self._shown(opened, actor, id)

    def _again(self, case_id: str, id: str, request: gr.Request) -> list[Update]:
        return self._shown(self.context.open(case_id, request), self.context.actor(request), id)

    @safely
    def _save(self, request: gr.Request, case_id: str, id: str, *texts: str) -> list[Update]:
        actor, desk = self.context.actor(request), self.context.house.desk
        draft = desk.draft(actor, id)
        for field, text in zip(FIELDS, texts, strict=True):
            before = draft.wrote(field)
            known = any(section.field == field for section in draft.sections)
            if known and text and text.strip() and (before is None or before.text != text.strip()):
                desk.write(actor, id, field, text.strip())
        gr.Info("Sparat. Texten har ett nytt fingeravtryck.")
        return self._shown(self.context.open(case_id, request), actor, id)

    @safely
    def _approve(self, case_id: str, id: str, digest: str, read: bool, request: gr.Request) -> list[Update]:
        if not read:
            raise gr.Error("Kryssa i att du har läst det som visas.", title="Läs först", print_exception=False)
        actor, desk = self.context.actor(request), self.context.house.desk
        if id.startswith("child-"):
            desk.approve_child_version(actor, id.removeprefix("child-"), digest)
        elif id.startswith("journal-"):
            desk.sign_meeting(actor, id.removeprefix("journal-"), digest)
        else:
            desk.approve(actor, id, digest)
        gr.Info("Godkänt.")
        return self._shown(self.context.open(case_id, request), actor, id)

    @safely
    def _compose(self, case_id: str, ground: str, request: gr.Request) -> list[Update]:
        """A new draft from what is confirmed now. What this person wrote in an earlier draft goes along."""
        actor, desk = self.context.actor(request), self.context.house.desk
        opened = self.context.open(case_id, request)
        earlier = next((d for d in opened.documents if d.id == f"basis-{case_id}"), None)
        try:
            document = desk.compose_basis(actor, case_id, grounds()[ground], opened.today)
        except HandenhetError as error:
            if error.what.startswith("there is nothing confirmed"):
                raise gr.Error("Inget möte är genomgånget ännu, så det finns inget bekräftat att skriva av.",
                               title="Inget underlag", print_exception=False) from None  # fmt: skip
            raise
        if earlier is not None:
            self._carry(actor, earlier, document)
        return self.refresh(self.context.open(case_id, request), actor)

    def _carry(self, actor: Actor, earlier: Document, document: Document) -> None:
        fields = {section.field for section in draft_of(document.content).sections if section.field}
        for own in draft_of(earlier.content).written:
            if own.by.id == actor.id and own.field in fields:
                self.context.house.desk.write(actor, document.id, own.field, own.text)


def ground_of(draft: Draft) -> Ground | None:
    """The legal ground a basis was laid out by, told from its heading."""
    headings = {section.heading for section in draft.sections if section.key == "conditions"}
    return next((ground for ground in grounds().values() if f"Lagens villkor: {ground.label}" in headings), None)


def _choices(opened: Opened, approved: Callable[[str], bool]) -> list[tuple[str, str]]:
    """The decision basis first, then the newest meeting's documents, then dictations, the newest first."""
    held = {held.id: (place, held) for place, held in enumerate(opened.meetings)}
    shown: list[tuple[tuple[int, int, int], str, str]] = []
    for row, document in enumerate(opened.documents):
        if document.kind == "decision_basis":
            shown.append(((0, 0, 0), words.DOCUMENTS[document.kind], document.id))
        elif document.kind in ("journal", "child_version") and document.meeting_id in held:
            place, meeting = held[document.meeting_id]
            signed = document.kind == "journal" and meeting.record.status == "approved"
            label = f"{words.DOCUMENTS[document.kind]} {words.short_date(meeting.day)}{', godkänd' if signed else ''}"
            shown.append(((1, -place, document.kind == "child_version"), label, document.id))
        elif document.kind == "journal":
            day = words.short_date(draft_of(document.content).on)
            label = f"Diktat {day}{', godkänd' if approved(document.id) else ''}"
            shown.append(((2, -row, 0), label, document.id))
    return [(label, id) for _, label, id in sorted(shown)]


def _asked(fields: list[Update], *, own: bool, open_: bool) -> list[Update]:
    """What is asked of the caseworker: her own words where there are fields for them, her approval while it is open."""
    return [gr.update(visible=own), gr.update(value=False, visible=open_), *fields, gr.update(interactive=open_),
            gr.update(interactive=open_, visible=open_)]  # fmt: skip


def _field(draft: Draft, field: str, *, open_: bool) -> Update:
    section = next((s for s in draft.sections if s.field == field), None)
    if section is None:
        return gr.update(visible=False, value="")
    written = draft.wrote(field)
    label = f"{section.heading}: varför inget är kommunicerat" if field == COMMUNICATION_REASON else section.heading
    return gr.update(visible=True, label=label, value=written.text if written else "", interactive=open_)
