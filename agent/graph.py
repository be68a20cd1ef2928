"""The two graphs of Handenhet: a meeting, and a case. Wiring only. Read this first.

Meeting:  listen  ⇄  read, read_beside  →  go_through  →  compose  →  sign
Case:     draft  →  review  →  assess  →  settle

`listen`, `go_through`, `sign` and `assess` wait for people; everything else runs by itself and may run twice.
"""

# LangGraph types its builders only in part.
# pyright: reportUnknownMemberType=false

from typing import Any

from langgraph.checkpoint.base import BaseCheckpointSaver
from langgraph.graph import END, START, StateGraph
from langgraph.graph.state import CompiledStateGraph

from . import nodes
from .deps import Deps
from .state import CaseState, MeetingState

MeetingGraph = CompiledStateGraph[MeetingState, Deps, MeetingState, MeetingState]
CaseGraph = CompiledStateGraph[CaseState, Deps, CaseState, CaseState]


def meeting_graph(checkpointer: BaseCheckpointSaver[Any]) -> MeetingGraph:
    """From the first word to the signed journal entry."""
    graph = StateGraph(MeetingState, Deps)
    graph.add_node("listen", nodes.listen)  # waits for words
    graph.add_node("read", nodes.read)  # the embedded reader proposes, the gate checks
    graph.add_node("read_beside", nodes.read_beside)  # so does the language model, where there is one
    graph.add_node("go_through", nodes.go_through)  # waits for the people in the room
    graph.add_node("compose", nodes.compose)  # the child's version and the journal entry
    graph.add_node("sign", nodes.sign)  # waits for the caseworker
    graph.add_edge(START, "listen")
    graph.add_edge("listen", "read")
    graph.add_conditional_edges("read", nodes.is_behind, {True: "read", False: "read_beside"})
    graph.add_conditional_edges("read_beside", _still_live, {True: "listen", False: "go_through"})
    graph.add_conditional_edges("go_through", nodes.all_gone_through, {True: "compose", False: "go_through"})
    graph.add_edge("compose", "sign")
    graph.add_conditional_edges("sign", nodes.is_signed, {True: END, False: "sign"})
    return graph.compile(checkpointer)


def case_graph(checkpointer: BaseCheckpointSaver[Any]) -> CaseGraph:
    """From confirmed observations to a decision basis that a person approved."""
    graph = StateGraph(CaseState, Deps)
    graph.add_node("draft", nodes.draft)  # from confirmed observations only
    graph.add_node("review", nodes.review)  # every sentence against its citation
    graph.add_node("assess", nodes.assess)  # waits for the caseworker
    graph.add_node("settle", nodes.settle)  # approved, or once more
    graph.add_edge(START, "draft")
    graph.add_edge("draft", "review")
    graph.add_edge("review", "assess")
    graph.add_edge("assess", "settle")
    graph.add_conditional_edges("settle", _is_approved, {True: END, False: "draft"})
    return graph.compile(checkpointer)


def _still_live(state: MeetingState) -> bool:
    return state["phase"] == "live"


def _is_approved(state: CaseState) -> bool:
    return state["approved"]
