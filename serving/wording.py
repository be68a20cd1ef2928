"""A language model's wording put into the store: checked, and taken only if what it reworded still stands."""

import asyncio

from ..agent.child import Band
from ..agent.engine import Engine
from ..agent.rewriting import Rewritten, reworded_sentence, rewritten_child_version
from .desk import Desk
from .security.access import Actor
from .store.records import Document


async def compose_for_child(
    desk: Desk, engine: Engine, actor: Actor, meeting_id: str, band: Band | None = None
) -> Rewritten | None:
    """The child's version composed anew for a band and, where there is a language model, in its words."""
    await asyncio.to_thread(desk.compose_child_version, actor, meeting_id, band)
    return await rewrite_for_child(desk, engine, actor, meeting_id)


async def rewrite_for_child(desk: Desk, engine: Engine, actor: Actor, meeting_id: str) -> Rewritten | None:
    """Put the newest child's version in the language model's words. None where there is no model.

    What the program composed stays where the model's text fails a check, or somebody changed the version meanwhile.
    """
    if engine.llm is None:
        return None
    version = await asyncio.to_thread(desk.child_version, actor, meeting_id)
    rewritten = await rewritten_child_version(version, engine)
    if rewritten.taken:
        await asyncio.to_thread(desk.take_child_version, actor, meeting_id, version.digest, rewritten.version)
    return rewritten


async def reword(desk: Desk, engine: Engine, actor: Actor, document_id: str, seen: str, place: str) -> Document:
    """One sentence of the draft `seen` (a digest) in the language model's words.

    Raises EditRefused where the wording changes a fact or judges, there is no model, or the draft has changed.
    """
    draft = await asyncio.to_thread(desk.draft, actor, document_id)
    names = await asyncio.to_thread(desk.names, actor, draft)
    worded = await reworded_sentence(draft, place, engine, names)
    return await asyncio.to_thread(desk.take_wording, actor, document_id, seen, worded)
