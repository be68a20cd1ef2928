"""Observations in two columns, risk and protection, by area; and one at a time when they are gone through."""

from collections.abc import Iterable
from dataclasses import dataclass

from ...agent.cites import clock
from ...agent.observation import Changed, Disputed, Observation, Rejected
from ...knowledge.factors import Polarity
from ...knowledge.sources import Quote
from . import words
from .markup import Markup, el, hidden, join, page
from .opened import Held, Opened

ALL = "Alla"


@dataclass(frozen=True, slots=True)
class Filter:
    """What is shown. `ALL` narrows nothing."""

    meeting: str = ALL
    area: str = ALL
    standing: str = ALL
    speaker: str = ALL

    def shows(self, held: Held, observation: Observation) -> bool:
        return (
            self.meeting in (ALL, held.id)
            and self.area in (ALL, observation.factor.area)
            and self.standing in (ALL, words.standing(observation.standing))
            and self.speaker in (ALL, held.who(observation.speaker))
        )


def two_columns(opened: Opened, chosen: Filter) -> Markup:
    shown = [(held, o) for held, o in opened.observations if chosen.shows(held, o)]
    total = len(opened.observations)
    note = el(
        "p", f"Visar {len(shown)} av {words.count(total, 'uppgift', 'uppgifter')}.", cls="hh-quiet", role="status"
    )
    columns = el("div", _column("risk", shown), _column("protective", shown), cls="hh-two")
    return page(note, columns)


def _column(side: Polarity, shown: Iterable[tuple[Held, Observation]]) -> Markup:
    by_area: dict[str, list[Markup]] = {}
    for held, observation in shown:
        if observation.polarity == side:
            by_area.setdefault(observation.factor.area, []).append(fact(held, observation))
    blocks = [el("section", el("h4", area), *facts) for area, facts in by_area.items()]
    heading = el("h3", words.SIDE[side], cls=f"hh-side hh-{side}")
    return el("div", heading, *(blocks or [el("p", "Inget här med det här urvalet.", cls="hh-quiet")]))


def fact(held: Held, observation: Observation) -> Markup:
    """One observation: the circumstance, whose words, when, and how it stands."""
    state = words.standing(observation.standing)
    kind = type(observation.standing).__name__.lower()
    return el(
        "article",
        el("div", el("strong", observation.factor.name), el("span", state, cls=f"hh-tag hh-{kind}"), cls="hh-row"),
        el("blockquote", _quoted(observation.quote)),
        el("p", f"{held.who(observation.speaker)} om {words.ABOUT.get(observation.about, observation.about)} · "
           f"{words.SOURCES[observation.source]} · {held.label}, {clock(observation.quote.start_ms)}", cls="hh-quiet"),
        _context(observation),
        _marks(observation),
        _protest(observation),
        listen(held, observation.quote),
        cls=f"hh-fact hh-{observation.polarity}",
    )  # fmt: skip


def _quoted(quote: Quote) -> Markup:
    """The words as heard, doubtful ones underlined and said to be so."""
    parts = [
        el("u", word.text, hidden(" (hördes otydligt)"), title="hördes otydligt") if word.doubtful else word.text
        for word in quote.words
    ]
    return join(("”", join(parts, " "), "”"))


def _context(observation: Observation) -> Markup | None:
    if observation.context is None:
        return None
    return el("p", "Svar på frågan: ", el("q", observation.context.text), cls="hh-quiet")


def _marks(observation: Observation) -> Markup | None:
    told = [words.FLAGS[flag] for flag in sorted(observation.flags) if words.FLAGS[flag]]
    return el("p", "Att veta: ", ", ".join(told), ".", cls="hh-quiet") if told else None


def _protest(observation: Observation) -> Markup | None:
    match observation.standing:
        case Disputed(by, _, said):
            return el(
                "p", el("strong", "Håller inte med: "), el("q", said), f" Antecknat av {by.name}.", cls="hh-protest"
            )
        case Rejected(by, _, reason) if reason:
            return el("p", f"Struken av {by.name}: {reason}", cls="hh-quiet")
        case Changed(by, _, before):
            return el("p", f"Ändrad av {by.name}. Läsaren föreslog {before.partition('|')[0]}.", cls="hh-quiet")
        case _:
            return None


def listen(held: Held, quote: Quote) -> Markup | None:
    """The seconds around the words, where sound is kept."""
    if not held.audio:
        return None
    start, end = max(0, quote.start_ms - 500), quote.end_ms + 700
    address = f"/api/v1/meetings/{held.id}/clip?from_ms={start}&to_ms={end}"
    sound = el("audio", src=address, controls=True, preload="none")
    return el("details", el("summary", f"Lyssna {clock(quote.start_ms)}"), sound, cls="hh-listen")


def one(held: Held, observation: Observation, place: int, total: int) -> Markup:
    """An observation large enough to read together, with the words around it."""
    quote = observation.quote
    around = held.transcript.utterances[max(0, quote.utterance.index - 2) : quote.utterance.index + 2]
    said = [
        el(
            "p",
            el("b", f"{held.who(u.speaker)}: "),
            u.text,
            cls="hh-said hh-here" if u == quote.utterance else "hh-said",
        )
        for u in around
    ]
    return page(
        el("p", f"Uppgift {place + 1} av {total} · {held.label}", cls="hh-quiet", role="status"),
        el("p", f"{words.SIDE[observation.polarity]} · {observation.factor.area}",
           cls=f"hh-side hh-{observation.polarity}"),
        fact(held, observation),
        el("p", observation.factor.description, cls="hh-quiet"),
        el("details", el("summary", "Orden runt omkring"), *said),
        cls="hh-one",
    )  # fmt: skip
