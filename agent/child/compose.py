"""Confirmed observations to a child's version inside its band, with what was left out and what to beware of."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from ...knowledge.errors import IllegalState
from ...knowledge.participants import Meeting
from ..language import readability, sentences, words
from ..material import Pinned
from ..observation import Observation, Rejected
from .bands import Band, band_for, targets
from .choose import Choice, choose
from .phrases import script
from .review import forbidden_in, review_child_version
from .version import ChildVersion, Finding, TalkFacts, layout
from .writer import Writer


def compose_child_version(
    observations: Iterable[Observation],
    facts: TalkFacts,
    band: Band | None = None,
    pinned: Sequence[Pinned] = (),
    quote_child: bool = True,
) -> ChildVersion:
    """The child's version of one meeting, from what people in the room confirmed.

    `band` is the caseworker's choice; None takes the child's age, `vuxen` in an adult's own matter. `pinned` are
    the child's own words, kept verbatim; others' pinned words are not told. With `quote_child` a few short words
    of the child's own about something good are kept verbatim too, so that the child knows itself again. Equal
    input gives equal text.

    Raises IllegalState for an observation nobody confirmed or one of another meeting.
    """
    standing = tuple(observations)
    for observation in standing:
        if not observation.stands:
            raise IllegalState(
                "the child's version rests on confirmed observations only",
                where=f"observation {observation.id}",
                mend="go through it together first",
            )
    return _compose(standing, facts, band or band_for(facts.meeting.child_age), pinned, quote_child)


def preview_child_version(
    observations: Iterable[Observation], meeting: Meeting, band: Band | None = None
) -> ChildVersion:
    """How the child's version would read if every observation were confirmed as proposed.

    For a screen or an output that says so: `notice` is never empty, and rejected observations stay out.
    """
    hoped = tuple(o for o in observations if not isinstance(o.standing, Rejected))
    version = _compose(hoped, TalkFacts(meeting), band or band_for(meeting.child_age), (), quote_child=True)
    return replace(version, notice=str(script()["preview"]))


def _compose(
    observations: tuple[Observation, ...], facts: TalkFacts, band: Band, pinned: Sequence[Pinned], quote_child: bool
) -> ChildVersion:
    for observation in observations:
        if observation.meeting_id != facts.meeting.id:
            raise IllegalState("an observation of another meeting", where=f"observation {observation.id}")
    own = tuple(pin for pin in pinned if facts.is_reader(pin.quote.speaker))
    held = frozenset(o.id for o in observations if any(o.quote.utterance.id == p.quote.utterance.id for p in own))
    choice = choose(observations, facts, band, held, targets(band).facts)
    first = version = _version(facts, band, choice, own, quote_child)
    while _too_hard(version) and len(choice.told) > 1:
        # Over the band's limits, the text tells one circumstance less; what waits is listed.
        choice = choose(observations, facts, band, held, len(choice.told) - 1)
        version = _version(facts, band, choice, own, quote_child)
    return first if _too_hard(version) else version


def _too_hard(version: ChildVersion) -> bool:
    return any(finding.kind == "band" for finding in version.findings)


def _version(facts: TalkFacts, band: Band, choice: Choice, own: Sequence[Pinned], quote_child: bool) -> ChildVersion:
    quotable = _quotable(choice, band) if quote_child else ()
    # The child's words may make the whole harder than the band: then fewer of them are quoted.
    sentences, headings = Writer(facts, band, choice, own, frozenset(quotable)).written()
    while quotable and targets(band).broken(readability(layout(sentences, headings))):
        quotable = quotable[:-1]
        sentences, headings = Writer(facts, band, choice, own, frozenset(quotable)).written()
    version = ChildVersion(
        band=band,
        sentences=sentences,
        headings=headings,
        readability=readability(layout(sentences, headings, own_words=False)),
        told=tuple(id for group in choice.told for id in group.ids),
        left_out=choice.left_out,
        for_adult=_for_adult(band),
        pictures=tuple(script()["pictures"]["three"]) if band == "0-6" else (),
    )
    return replace(version, findings=(*review_child_version(version), *_cautions(choice)))


def _for_adult(band: Band) -> tuple[str, ...]:
    check = str(script()["check"][band])
    return (*script()["for_adult"], check) if band == "0-6" else (check,)


def _cautions(choice: Choice) -> Iterator[Finding]:
    """What the caseworker should know before handing the text over."""
    if any(group.telling.careful for group in choice.told):
        yield Finding("careful", str(script()["careful"]))
    if any(group.disputed and group.by_child for group in choice.told):
        yield Finding("disputed", str(script()["disputed"]))
    if any("uncertain_hearing" in o.flags for group in choice.told for o in group.observations):
        yield Finding("uncertain_hearing", str(script()["unsure_hearing"]))


_QUOTES: dict[Band, int] = {"0-6": 0, "7-9": 2, "10-12": 2, "13-15": 2, "16-17": 2, "vuxen": 0}
_FRAME = 5
"""Words that introduce a quote, at most."""


def _quotable(choice: Choice, band: Band) -> tuple[str, ...]:
    """First ids of good things whose quote is short, clearly heard, and holds nothing a child's text must not."""
    fits = [
        group.ids[0]
        for group in choice.told
        if group.teller == "child"
        and not (group.risk or group.other_persons or group.telling.careful)
        and _kind_words(group.first, band)
    ]
    return tuple(fits[: _QUOTES[band]])


def _kind_words(observation: Observation, band: Band) -> bool:
    if observation.flags & {"uncertain_hearing", "uncertain", "past"} or forbidden_in(observation.quote.text):
        return False
    if re.search(str(script()["not_quoted"]), observation.quote.text.casefold()):
        return False
    said = words(observation.quote.text)
    longest = max(len(words(sentence)) for sentence in sentences(observation.quote.text) or [""])
    number = any(letter.isdigit() for letter in observation.quote.text)
    return 3 <= len(said) <= targets(band).longest and longest + _FRAME <= targets(band).longest and not number
