"""The journal entry of one meeting, from what the room confirmed.

Facts each with whose statement; what only the caseworker can know or judge is left for her as an empty field.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from ..knowledge.factors import Catalogue
from ..knowledge.participants import Participant
from . import naming, prose
from .cites import RecordRef, clock
from .draft import Draft, LeftOut, Provenance, Section, Sentence
from .gaps import gaps
from .material import CHILDS_WORDS, LOCAL, CaseFile, Pinned, Talk, readers_of
from .observation import Changed, Confirmed, Disputed, Observation

COMPOSER = "Handenhet, utan språkmodell"
COMPOSER_VERSION = "1"

FIELDS_CHILD = (
    ("agreed", "Överenskommelser och åtgärder"),
    ("child_information", "Information till barnet och hur förståelsen kontrollerades"),
    ("clients_view", "Den enskildes synpunkter på anteckningen"),
    ("own_assessment", "Socialsekreterarens egen bedömning"),
)
FIELDS_ADULT = tuple(row for row in FIELDS_CHILD if row[0] != "child_information")


def compose_journal(case: CaseFile, talk: Talk, catalogue: Catalogue) -> Draft:
    """The draft of the entry. Its own date is the meeting's day."""
    return Draft(
        kind="journal",
        title=f"Journalanteckning {talk.held}",
        case_id=case.id,
        case_number=case.number,
        on=talk.held,
        sections=tuple(_sections(case, talk, catalogue)),
        provenance=Provenance(COMPOSER, COMPOSER_VERSION, readers_of([talk])),
        meetings=(talk.id,),
    )


def _sections(case: CaseFile, talk: Talk, catalogue: Catalogue) -> Iterator[Section]:
    yield Section("frame", "Om samtalet", tuple(frame(talk)))
    if not talk.place:
        yield Section("place", "Plats", field="place", level=2)
    yield Section("facts", "Uppgifter som kom fram", tuple(_nothing_said(talk)))
    yield from by_area("facts", talk.observations, {talk.id: talk}, catalogue)
    for heading, words in _by_heading(talk.pinned):
        key = "childs_words" if heading == CHILDS_WORDS else f"pinned-{words[0].id}"
        yield Section(key, heading, tuple(prose.pinned(one, talk) for one in words))
    yield Section("not_touched", "Ej berört", tuple(not_touched([talk], catalogue, talk.meeting.child_age)))
    for field, heading in FIELDS_ADULT if case.kind == "adult" else FIELDS_CHILD:
        yield Section(field, heading, field=field)
    yield Section("made_with", "Hur anteckningen gjorts", tuple(_made_with(talk)))


def frame(talk: Talk) -> Iterator[Sentence]:
    """When, where, who, through whom: the outer facts of a meeting."""
    record = (prose.meeting_record(talk),)
    yield Sentence("FAKTA", _when(talk), record)
    present = [f"{p.name} ({p.role})" if p.name else p.role for p in talk.meeting.participants]
    if present:
        yield Sentence("FAKTA", f"Närvarande: {naming.listed(present)}.", record)
    if talk.place:
        yield Sentence("FAKTA", f"Plats: {talk.place}.", record)
    if talk.interpreter or any(p.standpoint == "interpreter" for p in talk.meeting.participants):
        yield Sentence("FAKTA", "Samtalet fördes genom tolk.", record)
    elif talk.interpreter is False:
        yield Sentence("FAKTA", "Ingen tolk medverkade.", record)
    yield from _presence(talk)
    for silence in talk.silences:
        row = RecordRef("gap", silence.id, f"möte {talk.held}, {clock(silence.start_ms)}")
        span = f"{clock(silence.start_ms)}–{clock(silence.end_ms)}"
        yield Sentence("FAKTA", f"Mellan {span} saknas ord: {silence.why}.", (row,))


def _when(talk: Talk) -> str:
    begun = talk.started.astimezone(LOCAL)
    until = f"–{talk.ended.astimezone(LOCAL):%H.%M}" if talk.ended else ""
    setting = naming.capital(talk.meeting.setting.replace("_", " ").strip() or "samtal")
    return f"{setting} den {prose.day(talk)} kl. {begun:%H.%M}{until}."


def _presence(talk: Talk) -> Iterator[Sentence]:
    """Whether the child was there, spoke, and was alone with the caseworker."""
    record = (prose.meeting_record(talk),)
    if talk.meeting.child_age is None:
        return
    children = [p for p in talk.meeting.participants if p.standpoint == "child"]
    if not children:
        yield Sentence("HÄRLEDD", "Barnet var inte med.", record)
    for child in children:
        who = naming.capital(naming.called(talk.meeting, child.id))
        if child.id not in talk.speakers:
            yield Sentence("HÄRLEDD", f"{who} var med och sa ingenting som finns i utskriften.", record)
        elif _alone(child, talk):
            yield Sentence("HÄRLEDD", f"{who} talade enskilt med socialsekreteraren.", record)
        else:
            yield Sentence("HÄRLEDD", f"{who} var med och talade själv.", record)


def _alone(child: Participant, talk: Talk) -> bool:
    others = [p for p in talk.meeting.participants if p.id != child.id]
    return all(p.standpoint in ("caseworker", "interpreter") for p in others)


def _nothing_said(talk: Talk) -> Iterator[Sentence]:
    if not talk.observations:
        yield Sentence("HÄRLEDD", "Ingen uppgift från samtalet har bekräftats.", (prose.meeting_record(talk),))


def by_area(
    key: str, observations: Iterable[Observation], talks: dict[str, Talk], catalogue: Catalogue
) -> Iterator[Section]:
    """One subsection an area that was touched, in the catalogue's order, statements in the order they were made."""
    areas: dict[str, list[Observation]] = {}
    for observation in observations:
        areas.setdefault(observation.factor.area, []).append(observation)
    order = list(dict.fromkeys(factor.area for factor in catalogue))
    for area in sorted(areas, key=lambda area: order.index(area) if area in order else len(order)):
        said = [s for o in areas[area] for s in prose.statement(o, talks[o.meeting_id])]
        number = order.index(area) if area in order else len(order)
        yield Section(f"{key}-{number}", area, tuple(said), level=2)


def not_touched(talks: list[Talk], catalogue: Catalogue, child_age: int | None) -> Iterator[Sentence]:
    """The areas no confirmed observation lies in. Not touched is never absent."""
    if not talks:
        return
    touched = {observation.factor.area for talk in talks for observation in talk.observations}
    left = [area for area in catalogue.areas(child_age) if area not in touched]
    records = tuple(prose.meeting_record(talk) for talk in talks)
    if left:
        text = f"Inte berört: {naming.listed([naming.small(area) for area in left])}."
        yield Sentence("HÄRLEDD", text, records)
        yield Sentence("HÄRLEDD", "Att ett område inte har berörts säger inget om hur det är.", records)
    else:
        yield Sentence("HÄRLEDD", "Alla områden har berörts.", records)
    for talk in talks:
        ledger = gaps(talk.meeting, talk.transcript, talk.observations, catalogue)
        if ledger.unused:
            count = len(ledger.unused)
            what = (
                "ett längre yttrande som ingen uppgift" if count == 1 else f"{count} längre yttranden som ingen uppgift"
            )
            yield Sentence("HÄRLEDD", f"Mötet {talk.held} har {what} bygger på.", (prose.meeting_record(talk),))


def _by_heading(pinned: Iterable[Pinned]) -> list[tuple[str, list[Pinned]]]:
    """Pinned words by heading, the child's own first."""
    found: dict[str, list[Pinned]] = {}
    for words in sorted(pinned, key=lambda p: (p.quote.utterance.index, p.quote.first, p.id)):
        found.setdefault(words.heading, []).append(words)
    return sorted(found.items(), key=lambda item: item[0] != CHILDS_WORDS)


def _made_with(talk: Talk) -> Iterator[Sentence]:
    record = (prose.meeting_record(talk),)
    tools = [f"{p.reader} {p.version}" + (f" ({p.model})" if p.model else "") for p in readers_of([talk])]
    by = f" Läsare: {naming.listed(tools)}." if tools else ""
    yield Sentence(
        "FAKTA", f"AI har använts som stöd: {COMPOSER}, version {COMPOSER_VERSION}, har satt samman texten.{by}", record
    )
    names = {o.standing.by.name for o in talk.observations if isinstance(o.standing, Confirmed | Changed | Disputed)}
    if names:
        yield Sentence("FAKTA", f"Uppgifterna gicks igenom och bekräftades av {naming.listed(sorted(names))}.", record)


def unused(talks: Iterable[Talk], cited: frozenset[str], reason: str) -> tuple[LeftOut, ...]:
    """What was confirmed and is cited nowhere, listed with a reason."""
    return tuple(
        LeftOut(observation.id, talk.id, observation.factor.name, reason)
        for talk in talks
        for observation in talk.observations
        if observation.id not in cited
    )


def written_when(at: datetime) -> str:
    """`2026-11-20 14.05`, Swedish time."""
    return f"{at.astimezone(LOCAL):%Y-%m-%d %H.%M}"
