"""Running the two graphs so that a process killed anywhere, or people who answer days later, change nothing."""

# LangGraph types its compiled graphs only in part.
# pyright: reportUnknownMemberType=false

from typing import Any

from langgraph.types import Command

from ..agent.deps import Deps
from ..agent.graph import CaseGraph, MeetingGraph

Graph = MeetingGraph | CaseGraph


def graph_config(thread: str) -> Any:
    """The run of a meeting's or a case's graph, by its id."""
    return {"configurable": {"thread_id": thread}, "recursion_limit": 100_000}


async def pick_up(graph: Graph, thread: str, deps: Deps, start: Any) -> None:
    """Begin the run with `start`, or take it from where a killed process left it to where it waits for people."""
    state = await graph.aget_state(graph_config(thread))
    if not state.values:
        await _invoke(graph, thread, deps, start)
    # A step that finished just before the kill is neither next nor waiting, and yet the run has not gone past it.
    elif state.tasks and not (state.next and state.interrupts):
        await _invoke(graph, thread, deps, None)


async def answer(graph: Graph, thread: str, deps: Deps, waiting: frozenset[str], what: str) -> None:
    """Tell a run that waits in one of the steps `waiting` what people did; otherwise nothing happens."""
    state = await graph.aget_state(graph_config(thread))
    if waiting & set(state.next):
        resume: Command[Any] = Command(resume=what)
        await _invoke(graph, thread, deps, resume)


async def _invoke(graph: Graph, thread: str, deps: Deps, given: Any) -> None:
    await graph.ainvoke(given, graph_config(thread), context=deps, durability="sync")
