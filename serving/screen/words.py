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
    "acknowledge acute signal": "såg ord att ta ställning till",
    "approve document": "godkände en handling",
    "ask about past cases": "ställde en fråga om enhetens ärenden",
    "assign": "gav tillgång",
    "change case": "ändrade ärendets uppgifter",
    "close case": "avslutade ärendet",
    "correct words": "rättade ord",
    "create case": "lade upp ärendet",
    "destroy audio": "förstörde ljud",
    "destroy case": "förstörde ärendet",
    "export": "tog ut en handling",
    "find case": "sökte efter ett ärende",
    "hold case": "hindrade gallring",
    "list cases": "såg listan över ärenden",
    "log communication": "antecknade kommunicering",
    "move meeting on": "avslutade ett steg i ett möte",
    "open meeting": "började ett möte",
    "read audio": "lyssnade",
    "read case": "öppnade ärendet",
    "read deadlines": "såg tidsfristerna",
    "read document": "läste en handling",
    "read meeting": "öppnade ett möte",
    "read observations": "läste uppgifterna",
    "read transcript": "läste vad som sagts",
    "refused": "nekades tillgång",
    "release case": "tillät gallring",
    "review log": "läste loggen",
    "rotate master key": "bytte huvudnyckel",
    "save acute signal": "antecknade ord att ta ställning till",
    "save audio": "sparade ljud",
    "save deadline": "skrev en tidsfrist",
    "save document": "skrev i en handling",
    "save gap": "märkte ut ett avsnitt utan ord",
    "save observation": "svarade på en uppgift",
    "save participant": "lade till en person",
    "save reading": "läste av mötet",
    "save refusal": "antecknade ett avvisat förslag",
    "save utterance": "skrev ner ord",
    "strike": "strök ord på begäran",
    "unassign": "tog bort tillgång",
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
