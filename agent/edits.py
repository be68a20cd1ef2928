"""Changing a draft: by hand, where a sentence keeps its citations or becomes somebody's own words, and by a model.

A model may only put another wording on sentences it was asked about; a fact that moves is refused.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import TypeVar

from ..knowledge.errors import HandenhetError
from . import claims
from .cites import ProtestRef, QuoteRef
from .draft import Draft, LeftOut, Section, Sentence
from .observation import Person
from .review import decision_words

LONGEST_GROWTH = 3
"""A rewording more than this many times as long as the sentence says something else, or loops."""
OWN_WORDS = "Ersatt av egna ord."

Row = TypeVar("Row")
Change = Callable[[Sentence], tuple[Sentence, ...]]


class EditRefused(HandenhetError):
    """The change was not made; the draft is as it was."""


def edited(draft: Draft, place: str, text: str, by: Person, names: frozenset[str] = frozenset()) -> Draft:
    """A sentence reworded by hand.

    It keeps its kind and citations while they still carry it; otherwise it becomes `by`'s own words, and what it
    rested on is listed as left out unless another sentence tells of it. What code counted cannot be reworded.
    """
    _may_change(draft, place)

    def change(old: Sentence) -> tuple[Sentence, ...]:
        if not text.strip():
            raise EditRefused("the sentence became empty", where=place, mend="remove it with a reason instead")
        carried = replace(old, text=text) if old.kind != "EGNA ORD" else None
        if carried is not None and not claims.faults(carried, names) and not decision_words(text) and _told(old, text):
            return (carried,)
        return (Sentence("EGNA ORD", text, by=by),)

    return _listed(draft, _changed(draft, place, change), OWN_WORDS)


def added(draft: Draft, section: str, text: str, by: Person) -> Draft:
    """A sentence of `by`'s own at the end of a section's text."""
    own = Sentence("EGNA ORD", text, by=by)
    draft.section(section)
    sections = tuple(replace(s, sentences=(*s.sentences, own)) if s.key == section else s for s in draft.sections)
    return replace(draft, sections=sections)


def removed(draft: Draft, place: str, reason: str) -> Draft:
    """The draft without a sentence; what only it told of is listed as left out, with the reason."""
    if not reason.strip():
        raise EditRefused("what is left out is listed with a reason", where=place, mend="write why")
    _may_change(draft, place)
    return _listed(draft, _changed(draft, place, lambda old: ()), reason)


def reworded(
    draft: Draft, texts: Mapping[str, str], *, asked: Collection[str], model: str, prompt_digest: str,
    names: frozenset[str] = frozenset(),
) -> Draft:  # fmt: skip
    """The draft with a model's wording of the sentences somebody asked it to reword.

    `texts` maps places to new texts; there is room for nothing else. Raises EditRefused if a place was not asked for,
    a fact differs (quote, name, number, date, negation, speaker), or the text judges; then nothing is changed.
    """
    changed = draft
    for place, text in texts.items():
        if place not in asked:
            raise EditRefused("the model changed a sentence nobody asked it to change", where=place)
        _may_change(draft, place)
        changed = _changed(changed, place, lambda old, place=place, text=text: (_same_facts(old, text, place, names),))
    return replace(changed, provenance=replace(draft.provenance, model=model, prompt_digest=prompt_digest))


def _same_facts(old: Sentence, text: str, place: str, names: frozenset[str]) -> Sentence:
    if old.kind == "EGNA ORD":
        raise EditRefused("a person's own words are not reworded by a model", where=place)
    if not text.strip() or len(text) > LONGEST_GROWTH * len(old.text):
        raise EditRefused("the model returned nothing, or far too much", where=place)
    new = replace(old, text=text)
    moved = sorted(claims.faults(new, names)) or [name for name, same in _compared(old, text) if not same]
    if moved:
        raise EditRefused("the model changed a fact", where=f"{place}: {', '.join(moved)}")
    if decision_words(text):
        raise EditRefused("the model wrote a judgement", where=place)
    return new


def _compared(old: Sentence, text: str) -> list[tuple[str, bool]]:
    """Each sort of fact, and whether it is the same in both texts."""
    before, after = old.text, text
    return [
        ("quote", sorted(claims.QUOTED.findall(before)) == sorted(claims.QUOTED.findall(after))),
        ("number", claims.numbers(before) == claims.numbers(after)),
        ("date", claims.days(before) == claims.days(after)),
        ("person", claims.people(before) == claims.people(after)),
        ("negation", claims.negations(before) == claims.negations(after)),
        ("speaker", claims.speakers(before) == claims.speakers(after)),
    ]


def _told(old: Sentence, text: str) -> bool:
    """Whether the words quoted before are still there, whole."""
    return set(claims.QUOTED.findall(old.text)) <= set(claims.QUOTED.findall(text))


def _may_change(draft: Draft, place: str) -> None:
    for placed in draft.placed():
        if placed.place == place:
            sentence = placed.sentence
            if sentence.kind == "HÄRLEDD" or (sentence.kind != "EGNA ORD" and not sentence.observations):
                raise EditRefused(
                    "what is counted, recorded or set by law cannot be changed here",
                    where=place,
                    mend="write your own sentence beside it",
                )
            return
    raise EditRefused("there is no such sentence in the draft", where=place)


def _listed(before: Draft, after: Draft, reason: str) -> Draft:
    """The new draft with everything it no longer cites listed as left out."""
    listed = {left.observation for left in after.left_out}
    gone = before.cited - after.cited - listed
    found: dict[str, LeftOut] = {}
    for sentence in before.sentences:
        for cite in sentence.cites:
            if isinstance(cite, QuoteRef | ProtestRef) and cite.observation in gone:
                topic = sentence.topic or "Ordagranna ord"
                found.setdefault(cite.observation, LeftOut(cite.observation, cite.meeting, topic, reason))
    return replace(after, left_out=(*after.left_out, *found.values()))


def _changed(draft: Draft, place: str, change: Change) -> Draft:
    key, *rest = place.split("/")
    sections = tuple(_in_section(s, rest, change) if s.key == key else s for s in draft.sections)
    return replace(draft, sections=sections)


def _in_section(section: Section, rest: list[str], change: Change) -> Section:
    match rest:
        case ["s", number]:
            return replace(section, sentences=_at(section.sentences, int(number), change))
        case ["a", row, ("risk" | "protective") as side, number]:
            area = section.areas[int(row)]
            sentences: tuple[Sentence, ...] = getattr(area, side)
            changed = replace(area, **{side: _at(sentences, int(number), change)})
            return replace(section, areas=_put(section.areas, int(row), changed))
        case ["c", row, ("speaks_for" | "speaks_against" | "bears_on" | "missing") as side, number]:
            line = section.conditions[int(row)]
            sentences = getattr(line, side)
            changed_line = replace(line, **{side: _at(sentences, int(number), change)})
            return replace(section, conditions=_put(section.conditions, int(row), changed_line))
        case _:
            raise EditRefused("there is no such sentence in the draft", where="/".join(rest))


def _at(sentences: tuple[Sentence, ...], number: int, change: Change) -> tuple[Sentence, ...]:
    return (*sentences[:number], *change(sentences[number]), *sentences[number + 1 :])


def _put(rows: tuple[Row, ...], number: int, row: Row) -> tuple[Row, ...]:
    return (*rows[:number], row, *rows[number + 1 :])
