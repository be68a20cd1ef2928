"""What the screens call things, in Swedish."""

from datetime import date, datetime

from ...agent.cites import clock
from ...agent.material import LOCAL
from ...agent.observation import (
    Changed,
    Confirmed,
    Disputed,
    Flag,
    Observation,
    Proposed,
    Rejected,
    Source,
    Standing,
)
from ...knowledge.factors import Polarity
from ..store.records import DocumentKind, GapKind, MeetingStatus

SIDE: dict[Polarity, str] = {"risk": "Risk", "protective": "Skydd"}
MEETING: dict[MeetingStatus, str] = {
    "live": "Pågår",
    "closed": "Att gå igenom",
    "gone_through": "Genomgånget, inte godkänt",
    "approved": "Godkänt",
}
STANDINGS = ("Väntar på svar", "Bekräftad", "Ändrad", "Omtvistad", "Struken")
FLAGS: dict[Flag, str] = {
    "past": "gäller tidigare",
    "uncertain": "osäker på uppgiften",
    "uncertain_hearing": "hördes otydligt",
    "negated": "",
    "hypothetical": "",
}
SOURCES: dict[Source, str] = {
    "told_of_oneself": "berättar om sig själv",
    "told_of_another": "berättar om någon annan",
    "seen": "har själv sett eller hört",
    "hearsay": "återger någon annan",
    "document": "återger en handling",
}
ABOUT: dict[str, str] = {
    "barn": "barnet",
    "mamma": "mamman",
    "pappa": "pappan",
    "förälder": "en förälder",
    "annan-vuxen": "en annan vuxen",
    "syskon": "ett syskon",
    "klient": "klienten",
    "partner": "partnern",
    "familj": "familjen",
}
GAPS: dict[GapKind, str] = {
    "pause": "Paus",
    "struck": "Struket på begäran",
    "microphone_lost": "Mikrofonen tappades",
    "no_words": "Hördes inte",
}
DOCUMENTS: dict[DocumentKind, str] = {
    "decision_basis": "Beslutsunderlag",
    "journal": "Journalanteckning",
    "child_version": "Barnets version",
    "protection_assessment": "Skyddsbedömning",
    "report": "Orosanmälan",
    "other": "Övrigt",
}
ACTS: dict[str, str] = {
    "read case": "öppnade ärendet",
    "read meeting": "öppnade ett möte",
    "read transcript": "läste vad som sagts",
    "read observations": "läste uppgifterna",
    "read document": "läste en handling",
    "read deadlines": "läste tidsfristerna",
    "read audio": "lyssnade",
    "open case": "lade upp ärendet",
    "open meeting": "öppnade ett möte",
    "save observation": "svarade på en uppgift",
    "save document": "skrev i en handling",
    "approve": "godkände en handling",
    "approve document": "godkände en handling",
    "export": "lämnade ut en handling",
    "move meeting on": "avslutade ett steg i ett möte",
    "save deadline": "skrev en tidsfrist",
    "log communication": "antecknade kommunicering",
    "assign": "gav tillgång",
    "unassign": "tog bort tillgång",
    "refused": "nekades tillgång",
    "acknowledge acute signal": "såg ett akut tecken",
    "save reading": "läste av mötet",
    "save utterance": "skrev ner ord",
}
_MONTHS = ("jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec")


def standing(given: Standing) -> str:
    match given:
        case Proposed():
            return "Väntar på svar"
        case Confirmed():
            return "Bekräftad"
        case Changed():
            return "Ändrad"
        case Disputed():
            return "Omtvistad"
        case Rejected():
            return "Struken"


def waiting(observation: Observation) -> bool:
    return isinstance(observation.standing, Proposed)


def short_date(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def local_day(at: datetime) -> date:
    return at.astimezone(LOCAL).date()


def moment(at: datetime) -> str:
    there = at.astimezone(LOCAL)
    return f"{short_date(there.date())} {there:%H.%M}"


def in_days(due: date, today: date) -> str:
    """`om 12 dagar`, `i dag`, `för 3 dagar sedan`."""
    left = (due - today).days
    if left == 0:
        return "i dag"
    if abs(left) == 1:
        return "i morgon" if left == 1 else "i går"
    return f"om {left} dagar" if left > 0 else f"för {-left} dagar sedan"


def span(start_ms: int, end_ms: int) -> str:
    return f"{clock(start_ms)}–{clock(end_ms)}"


def count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"
