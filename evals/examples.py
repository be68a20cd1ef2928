"""An authored case with six meetings, for the suites that measure documents: our own text, no real person."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from ..agent.material import CHILDS_WORDS, PROMISE, STANCE, CaseFile, Communicated, Pinned, Talk, TimeLimit
from ..agent.observation import Confirmed, Disputed, Flag, Observation, Person, Proposer, Source, Standing
from ..knowledge.errors import IllegalState
from ..knowledge.factors import catalogue
from ..knowledge.participants import Meeting, Participant
from ..knowledge.prerequisites import ground
from ..knowledge.provisions import Provision
from ..knowledge.quotes import find_quote
from ..knowledge.sources import Quote, Transcript, utterance_of_text

MARIA = Person("p1", "Maria Lindberg", "socialsekreterare")
EVA = Person("p2", "Eva Holm", "socialsekreterare")
ON = date(2026, 12, 20)
CHILD, MOTHER, FATHER = (
    Participant("B", "barn", "Emma"),
    Participant("M", "mamma", "Anna"),
    Participant("F", "pappa", "Johan"),
)
WORKER, TEACHER = Participant("S", "socialsekreterare", "Maria Lindberg"), Participant("L", "lärare", "Lena")
_READER = Proposer("embedded", "1")
_UNSURE: frozenset[Flag] = frozenset(("uncertain",))


@dataclass(frozen=True)
class Note:
    """A confirmed statement of the example: utterance's place, verbatim words, factor, about, source."""

    place: int
    words: str
    factor: str
    about: str
    source: Source = "told_of_oneself"
    flags: frozenset[Flag] = frozenset()
    protest: str = ""


def talk(
    number: int, people: tuple[Participant, ...], lines: tuple[tuple[str, str], ...], notes: tuple[Note, ...],
    pins: tuple[tuple[int, str, str], ...] = (), setting: str = "familjesamtal",
) -> Talk:  # fmt: skip
    """The example's meeting `number` (from 1), a week apart, every note confirmed by Maria."""
    started = datetime(2026, 11, 6, 9, 0, tzinfo=UTC) + timedelta(days=7 * (number - 1))
    transcript = _transcript(lines)
    meeting = Meeting(f"m{number}", setting, 10, people)
    return Talk(
        meeting=meeting,
        started=started,
        ended=started + timedelta(minutes=45),
        transcript=transcript,
        observations=tuple(_observation(meeting.id, note, transcript, started, at) for at, note in enumerate(notes)),
        pinned=tuple(
            Pinned(f"pin{number}-{at}", _cut(transcript, place, words), heading, MARIA, started)
            for at, (place, words, heading) in enumerate(pins)
        ),
        place="Socialkontoret",
    )


def _transcript(lines: tuple[tuple[str, str], ...]) -> Transcript:
    said = [
        utterance_of_text(f"u{place}", place, who, text, place * 9000, place * 9000 + 8000)
        for place, (who, text) in enumerate(lines)
    ]
    return Transcript(tuple(said))


def _cut(transcript: Transcript, place: int, words: str) -> Quote:
    quote = find_quote(transcript.utterances[place], words)
    if quote is None:
        raise IllegalState("the example quotes words nobody said", where=f"utterance {place}")
    return quote


def _observation(meeting: str, note: Note, transcript: Transcript, at: datetime, place: int) -> Observation:
    asked = transcript.utterances[note.place - 1] if note.place else None
    short = len(transcript.utterances[note.place].words) <= 3 and asked is not None and asked.speaker == "S"
    standing: Standing = Disputed(MARIA, at, note.protest) if note.protest else Confirmed(MARIA, at)
    return Observation(
        id=f"o-{meeting}-{place}",
        meeting_id=meeting,
        factor=catalogue()[note.factor],
        quote=_cut(transcript, note.place, note.words),
        about=note.about,
        source=note.source,
        proposer=_READER,
        flags=note.flags,
        context=Quote(asked, 0, len(asked.words)) if short and asked is not None else None,
        standing=standing,
    )


def talks() -> tuple[Talk, ...]:
    """Six meetings of one investigation."""
    return (_family(), _child_alone(), _mother(), _school(), _second_family(), _last())


def _family() -> Talk:
    lines = (
        ("S", "Emma, hur är det hemma på kvällarna?"),
        ("B", "På fredagar luktar pappa vin och sover på soffan i kläderna."),
        ("B", "Då lagar jag mat till min lillebror och lägger honom, för mamma arbetar på natten."),
        ("S", "Har pappa slagit dig någon gång?"),
        ("B", "Nej, pappa har aldrig slagit mig."),
        ("B", "Han skriker och kallar mig fula saker. Då gömmer jag mig på toaletten."),
        ("M", "Han dricker ett glas vin på fredagar, han är inte farlig."),
        ("M", "Vi har inte betalat hyran på två månader."),
        ("M", "Min mamma hämtar barnen på onsdagar och de äter middag hos henne."),
        ("M", "Jag ska ringa till skuldrådgivaren på måndag."),
    )
    notes = (
        Note(1, "På fredagar luktar pappa vin och sover på soffan", "F-OMS-R3", "pappa", "seen",
             protest="Han dricker ett glas, det är allt."),
        Note(2, "Då lagar jag mat till min lillebror och lägger honom", "F-KAN-R3", "barn"),
        Note(5, "Han skriker och kallar mig fula saker.", "F-SAK-R2", "pappa", "seen"),
        Note(7, "Vi har inte betalat hyran på två månader.", "M-EKO-R1", "familj"),
        Note(8, "Min mamma hämtar barnen på onsdagar", "M-NAT-S1", "familj", "told_of_another"),
    )  # fmt: skip
    pins = (
        (5, "Då gömmer jag mig på toaletten.", CHILDS_WORDS),
        (9, "Jag ska ringa till skuldrådgivaren på måndag.", PROMISE),
    )
    return talk(1, (WORKER, CHILD, MOTHER), lines, notes, pins)


def _child_alone() -> Talk:
    lines = (
        ("S", "Hur är det i skolan?"),
        ("B", "Jag har en bra kompis som heter Sara. Vi är tillsammans på alla raster."),
        ("S", "Är du rädd för pappa?"),
        ("B", "Ja."),
        ("B", "Jag har svårt att sova när han skriker."),
        ("B", "Jag kan prata med min lärare Lena när jag är ledsen."),
        ("B", "Jag vill att pappa ska vara som han är på måndagar."),
    )
    notes = (
        Note(1, "Jag har en bra kompis som heter Sara.", "B-SOC-S1", "barn"),
        Note(3, "Ja.", "B-KAN-R7", "barn"),
        Note(4, "Jag har svårt att sova när han skriker.", "B-HAL-R3", "barn"),
        Note(5, "Jag kan prata med min lärare Lena när jag är ledsen.", "B-UTB-S2", "barn"),
    )
    pins = ((6, "Jag vill att pappa ska vara som han är på måndagar.", CHILDS_WORDS),)
    return talk(2, (WORKER, CHILD), lines, notes, pins, "barnsamtal")


def _mother() -> Talk:
    lines = (
        ("S", "Hur har det varit sedan sist?"),
        ("M", "Jag sover bara fyra timmar och är trött hela tiden."),
        ("M", "Vi har fortfarande inte betalat hyran."),
        ("M", "Grannen sa att hon hörde skrik i lördags."),
        ("M", "Jag vill att Emma får någon att prata med."),
        ("M", "Vi äter frukost tillsammans varje morgon."),
    )
    notes = (
        Note(1, "Jag sover bara fyra timmar och är trött hela tiden.", "M-FAM-R4", "mamma"),
        Note(2, "Vi har fortfarande inte betalat hyran.", "M-EKO-R1", "familj"),
        Note(
            3, "Grannen sa att hon hörde skrik i lördags.", "F-SAK-R2", "familj", "hearsay", frozenset(("uncertain",))
        ),
        Note(5, "Vi äter frukost tillsammans varje morgon.", "F-OMS-S1", "familj"),
    )
    pins = ((4, "Jag vill att Emma får någon att prata med.", STANCE),)
    return talk(3, (WORKER, MOTHER), lines, notes, pins, "föräldrasamtal")


def _school() -> Talk:
    lines = (
        ("S", "Vad ser du i skolan?"),
        ("L", "Emma har varit borta tolv dagar sedan oktober."),
        ("L", "Enligt vårt frånvarosystem var det tre dagar förra terminen."),
        ("L", "Hon är omtyckt och har kamrater."),
    )
    notes = (
        Note(1, "Emma har varit borta tolv dagar sedan oktober.", "B-UTB-R1", "barn", "seen"),
        Note(2, "Enligt vårt frånvarosystem var det tre dagar förra terminen.", "B-UTB-R1", "barn", "document",
             frozenset(("past",))),
        Note(3, "Hon är omtyckt och har kamrater.", "B-SOC-S1", "barn", "seen"),
    )  # fmt: skip
    return talk(4, (WORKER, TEACHER), lines, notes, setting="skolmöte")


def _second_family() -> Talk:
    lines = (
        ("S", "Hur är det hemma nu?"),
        ("M", "Nu har Johan flyttat till sin bror och det är lugnare."),
        ("B", "Det är lugnt hemma nu. Pappa ringer på söndagar."),
        ("M", "Hyran är betald för november."),
        ("B", "Jag sover hela natten nu."),
    )
    notes = (
        Note(2, "Det är lugnt hemma nu.", "F-OMS-S1", "familj"),
        Note(3, "Hyran är betald för november.", "M-EKO-S1", "familj"),
        Note(4, "Jag sover hela natten nu.", "B-HAL-S1", "barn"),
        Note(1, "Nu har Johan flyttat till sin bror", "M-FAM-R1", "familj", "told_of_another"),
    )
    return talk(5, (WORKER, CHILD, MOTHER), lines, notes)


def _last() -> Talk:
    lines = (
        ("S", "Vad har hänt sedan förra mötet?"),
        ("M", "Min mamma kommer två kvällar i veckan och hjälper till."),
        ("M", "Jag har bytt till dagtid från första januari."),
        ("M", "Jag tycker att det räcker med stöd hemma."),
    )
    notes = (
        Note(1, "Min mamma kommer två kvällar i veckan och hjälper till.", "M-NAT-S1", "familj", "told_of_another"),
        Note(2, "Jag har bytt till dagtid från första januari.", "M-EKO-S1", "mamma"),
    )
    return talk(6, (WORKER, MOTHER), lines, notes, ((3, "Jag tycker att det räcker med stöd hemma.", STANCE),))


def case(*, communicated: bool = True) -> CaseFile:
    """The case of Emma, ten years old."""
    sent = Communicated("k1", date(2026, 12, 14), "modern", "brev", "uppgifterna i utredningen", "Det stämmer.")
    return CaseFile(
        id="c1",
        number="BoF 2026-118",
        kind="child",
        name="Emma Ek",
        age=10,
        opened=date(2026, 11, 2),
        parties=(CHILD, MOTHER, FATHER),
        limits=(TimeLimit("d1", "SoL 20 kap. 3 §", date(2027, 3, 2), what="utredningen klar"),),
        communicated=(sent,) if communicated else (),
    )


def law(sfs: str, section: str, on: date) -> Provision | None:
    """A tiny law of our own wording, in force from July 2025; knows two acts."""
    names = {"2025:400": ("Socialtjänstlag", "SoL"), "1990:52": ("LVU", "LVU"), "2017:900": ("Förvaltningslag", "FL")}
    if sfs not in names or on < date(2025, 7, 1):
        return None
    act, short = names[sfs]
    return Provision(sfs, section, section, f"Lydelse av {short} {section}.", "statute", act, short, date(2025, 7, 1))


GROUND = ground("lvu-1-2")
