"""What a case looks like at a glance: deadlines, meetings, what waits, what differs, what was not touched."""

from collections.abc import Sequence
from datetime import date

from ...agent.cites import clock
from ...agent.draft import Sentence
from ..material import age_on
from ..store.records import Case, Deadline, MeetingStatus
from . import words
from .markup import Markup, el, hidden, join, page
from .opened import Held, Opened

_LEFT: dict[MeetingStatus, str] = {
    "closed": "Diktat att läsa igenom på handenheten",
    "gone_through": "Diktatet är inte godkänt",
}


def case_choices(cases: Sequence[tuple[Case, tuple[Deadline, ...]]], today: date) -> list[tuple[str, str]]:
    """My cases to choose from, the one with the nearest time limit first; each told on two lines."""
    nearest = [(case, _next(limits)) for case, limits in cases]
    nearest.sort(key=lambda row: (row[1].due if row[1] else date.max, row[0].number))
    return [(_choice(case, limit, today), case.id) for case, limit in nearest]


def _next(limits: Sequence[Deadline]) -> Deadline | None:
    return min((limit for limit in limits if limit.met is None), key=lambda limit: limit.due, default=None)


def _choice(case: Case, limit: Deadline | None, today: date) -> str:
    age = age_on(case.subject.birth_date, today)
    who = f"{case.number} · {case.subject.name}" + (f", {age} år" if age is not None else "")
    who += " · SKYDDADE UPPGIFTER" if case.subject.protected else ""
    if limit is None:
        return f"{who}\nIngen frist löper · öppnat {words.short_date(case.opened)}"
    late = "PASSERAD " if limit.due < today else ""
    when = f"{words.short_date(limit.due)}, {words.in_days(limit.due, today)}"
    return f"{who}\n{late}{limit.rule}: {when}"


def due(limit: Deadline, today: date) -> Markup:
    """A running limit: what, the day, how long there is, and a word when it has passed."""
    late = limit.due < today
    soon = not late and (limit.due - today).days <= 7
    when = f"{words.short_date(limit.due)}, {words.in_days(limit.due, today)}"
    mark = el("span", "Passerad", cls="hh-tag hh-late") if late else None
    mark = el("span", "Snart", cls="hh-tag hh-soon") if soon else mark
    return el("span", el("strong", when), " ", mark, el("br"), el("small", limit.rule))


def title(opened: Opened) -> Markup:
    case = opened.case
    age = f", {opened.age} år" if opened.age is not None else ""
    protected = el("span", "Skyddade uppgifter", cls="hh-tag hh-late") if case.subject.protected else None
    state = "pågår" if case.status == "open" else "avslutat"
    line = f"Ärende {case.number} · {case.unit} · öppnat {words.short_date(case.opened)} · {state}"
    return page(el("h2", f"{case.subject.name}{age}", " ", protected), el("p", line, cls="hh-quiet"), cls="hh-title")


def overview(opened: Opened) -> Markup:
    return page(
        el("div", _to_do(opened), _limits(opened), cls="hh-cards"),
        _acute(opened),
        el("section", el("h3", "Möten över tid"), timeline(opened)),
        el("section", el("h3", "Områden som berörts"), areas_touched(opened)),
        _together(opened),
        el("section", el("h3", "Vad som saknas i underlaget"), gap_ledger(opened)),
    )


def _to_do(opened: Opened) -> Markup:
    waiting = [(held, len(held.waiting)) for held in opened.meetings if held.waiting]
    lines = [
        el("li", words.count(number, "uppgift väntar", "uppgifter väntar"), f" på svar: {held.label}")
        for held, number in waiting
    ]
    lines += [
        el("li", f"Journalanteckningen är inte godkänd: {held.label}")
        for held in opened.meetings
        if held.record.status == "gone_through"
    ]
    lines += [
        el("li", f"{_LEFT[record.status]}: {words.short_date(words.local_day(record.started))}")
        for record in opened.dictations
        if record.status in _LEFT
    ]
    told = el("ul", *lines) if lines else el("p", "Inget väntar på dig här.")
    return el("section", el("h3", "Att göra"), told, cls="hh-card")


def _limits(opened: Opened) -> Markup:
    running = [limit for limit in opened.deadlines if limit.met is None]
    kept = [limit for limit in opened.deadlines if limit.met is not None]
    rows = [el("li", due(limit, opened.today)) for limit in running]
    done = [
        el("li", f"{limit.rule}: klart {words.short_date(words.local_day(limit.met))}") for limit in kept if limit.met
    ]
    told = el("ul", *rows) if rows else el("p", "Ingen frist löper.")
    more = el("details", el("summary", f"Klara frister ({len(kept)})"), el("ul", *done)) if kept else None
    return el("section", el("h3", "Tidsfrister"), told, more, cls="hh-card")


def _acute(opened: Opened) -> Markup | None:
    rows = [
        el("li", el("strong", signal.why.capitalize()), ": ", el("q", signal.quote.text),
           f" {held.who(signal.quote.speaker)}, {held.label}, {clock(signal.quote.start_ms)}")
        for held in opened.meetings
        for signal in held.acute
        if signal.id not in held.acute_seen
    ]  # fmt: skip
    if not rows:
        return None
    lead = el("p", "Hur allvarligt det är bedömer du. Skyddsbedömning enligt SoL 20 kap. 1 §.")
    return el("section", el("h3", "Ord att ta ställning till nu"), el("ul", *rows), lead, cls="hh-card hh-acute")


def timeline(opened: Opened) -> Markup:
    """One line a meeting: each observation a mark at its minute, risk above the line and protection below it."""
    if not opened.meetings:
        return el("p", "Inga möten ännu.")
    marks = (
        ("hh-dot hh-risk", "Risk, ovanför linjen"),
        ("hh-dot hh-protective", "Skydd, under linjen"),
        ("hh-dot hh-open", "Väntar på svar"),
        ("hh-silence-key", "Avsnitt utan ord"),
    )
    legend = el("p", *(el("span", el("span", cls=mark), " ", name, cls="hh-key") for mark, name in marks),
                cls="hh-legend")  # fmt: skip
    return el("div", legend, *(_line(held) for held in opened.meetings), cls="hh-timeline")


def _line(held: Held) -> Markup:
    end = max((u.end_ms for u in held.transcript.utterances), default=1) or 1
    marks = [
        el(
            "span",
            cls=f"hh-dot hh-{o.polarity}{' hh-open' if words.waiting(o) else ''}",
            style=f"left:{100 * o.quote.start_ms / end:.1f}%",
            title=f"{clock(o.quote.start_ms)} {words.SIDE[o.polarity]}: {o.factor.name} ({words.standing(o.standing)})",
        )
        for o in held.observations
    ]
    gaps = [
        el("span", cls="hh-silence", title=f"{words.GAPS[gap.kind]} {words.span(gap.start_ms, gap.end_ms)}",
           style=f"left:{100 * gap.start_ms / end:.1f}%;width:{max(0.6, 100 * (gap.end_ms - gap.start_ms) / end):.1f}%")
        for gap in held.silences
    ]  # fmt: skip
    risks = sum(o.polarity == "risk" for o in held.observations)
    told = f"{words.count(risks, 'uppgift', 'uppgifter')} om risk, {len(held.observations) - risks} om skydd"
    status = el("span", words.MEETING[held.record.status], cls=f"hh-tag hh-{held.record.status}")
    label = el("div", el("strong", held.label), " ", status, el("br"), el("small", f"{clock(end)}, {told}"))
    return el("div", label, el("div", *gaps, *marks, cls="hh-track"), cls="hh-line")


def areas_touched(opened: Opened) -> Markup:
    """How many statements each area has, side by side. An area without any is not touched, which is never absent."""
    counts: dict[str, list[int]] = {area: [0, 0] for area in opened.areas}
    for _, observation in opened.observations:
        if words.standing(observation.standing) != "Struken":
            counts.setdefault(observation.factor.area, [0, 0])[observation.polarity == "protective"] += 1
    most = max((max(pair) for pair in counts.values()), default=0) or 1
    rows = [_area(area, risk, protective, most) for area, (risk, protective) in counts.items()]
    head = el("tr", el("th", "Område", scope="col"), el("th", "Risk", scope="col", cls="hh-right"),
              el("th", "Skydd", scope="col"))  # fmt: skip
    note = el("p", "Antal uppgifter, inte hur tungt de väger. Ej berört säger inget om hur det är.", cls="hh-quiet")
    table = el("table", el("caption", hidden("Antal uppgifter per område")), el("thead", head), el("tbody", *rows),
               cls="hh-areas")  # fmt: skip
    return join((table, note))


def _area(area: str, risk: int, protective: int, most: int) -> Markup:
    if not (risk or protective):
        return el("tr", el("th", area, scope="row"), el("td", "Ej berört", colspan="2", cls="hh-untouched"))
    return el(
        "tr",
        el("th", area, scope="row"),
        el("td", _bar("risk", risk, most), cls="hh-right"),
        el("td", _bar("protective", protective, most)),
    )


def _bar(side: str, number: int, most: int) -> Markup:
    bar = el("span", cls=f"hh-bar hh-{side}", style=f"width:{70 * number / most:.0f}%") if number else ""
    figure = el("span", number)
    return join((figure, bar) if side == "protective" else (bar, figure), " ")


def _together(opened: Opened) -> Markup | None:
    rows = (
        ("Olika uppgifter om samma sak", opened.synthesis.told_differently),
        ("Vad någon inte håller med om", opened.synthesis.disputed),
        ("Vad som har ändrats", opened.synthesis.changed),
        ("Utlovat och inte uppföljt", opened.synthesis.not_followed_up),
    )
    told = [el("h4", heading) + _sentences(sentences) for heading, sentences in rows if sentences]
    if not told:
        return None
    return el("section", el("h3", "Mötena tillsammans"), *(Markup(one) for one in told))


def _sentences(sentences: Sequence[Sentence]) -> Markup:
    return el(
        "ul",
        *(el("li", el("strong", f"{s.topic}. ") if s.topic else None, s.text) for s in sentences),
    )


def gap_ledger(opened: Opened) -> Markup:
    """What each meeting leaves open, told in words."""
    not_heard = [el("li", sentence.text) for sentence in opened.synthesis.not_heard]
    blocks = [el("ul", *not_heard)] if not_heard else []
    for held in opened.meetings:
        blocks.append(el("details", el("summary", held.label), el("ul", *_gaps(held)), open=held.waiting != ()))
    return join(blocks) if blocks else el("p", "Inga möten ännu.")


def _gaps(held: Held) -> list[Markup]:
    ledger, said = held.ledger, held.transcript
    rows = [el("li", f"Ej berört: {', '.join(ledger.areas_not_touched)}.")] if ledger.areas_not_touched else []
    rows += [el("li", f"Har inte sagt något: {role}.") for role in ledger.not_heard]
    rows += [
        el("li", "Ingen uppgift bygger på: ", el("q", said[id].text), f" {held.who(said[id].speaker)}, "
           f"{clock(said[id].start_ms)}")
        for id in ledger.unused
    ]  # fmt: skip
    rows += [
        el("li", "Frågan fick inget svar: ", el("q", said[id].text), f" {clock(said[id].start_ms)}")
        for id in ledger.open_questions
    ]
    rows += [el("li", f"{words.GAPS[g.kind]}: {words.span(g.start_ms, g.end_ms)}.") for g in held.silences]
    if ledger.doubtful_words:
        rows.append(el("li", f"{words.count(ledger.doubtful_words, 'ord', 'ord')} hördes otydligt."))
    return rows or [el("li", "Inget särskilt.")]
