"""How a text calls people: modern, fadern, Emma, läraren. Plain and respectful, never guessed from a voice."""

from collections import Counter
from datetime import date

from ..knowledge.participants import Meeting, Participant

_DEFINITE = {
    "mamma": "modern", "mor": "modern", "moder": "modern", "mother": "modern",
    "pappa": "fadern", "far": "fadern", "fader": "fadern", "father": "fadern",
    "förälder": "föräldern", "parent": "föräldern", "vårdnadshavare": "vårdnadshavaren", "guardian": "vårdnadshavaren",
    "barn": "barnet", "barnet": "barnet", "child": "barnet", "dotter": "dottern", "son": "sonen", "flicka": "flickan",
    "pojke": "pojken", "ungdom": "den unge", "tonåring": "den unge", "unga": "den unge", "den unge": "den unge",
    "elev": "eleven", "syskon": "syskonet", "storasyster": "storasystern", "lillasyster": "lillasystern",
    "storebror": "storebrodern", "lillebror": "lillebrodern",
    "klient": "klienten", "client": "klienten", "brukare": "den enskilde", "den enskilde": "den enskilde",
    "sökande": "den sökande", "vuxen": "den enskilde", "adult": "den enskilde", "partner": "partnern",
    "tolk": "tolken", "interpreter": "tolken",
    "mormor": "mormodern", "morfar": "morfadern", "farmor": "farmodern", "farfar": "farfadern",
    "moster": "mostern", "faster": "fastern", "morbror": "morbrodern", "farbror": "farbrodern",
    "styvmamma": "styvmodern", "styvpappa": "styvfadern", "bonusmamma": "bonusmamman", "bonuspappa": "bonuspappan",
    "familjehemsmamma": "familjehemsmamman", "familjehemspappa": "familjehemspappan",
    "familjehemsförälder": "familjehemsföräldern",
    "lärare": "läraren", "mentor": "mentorn", "kurator": "kuratorn", "rektor": "rektorn", "sköterska": "sköterskan",
    "skolsköterska": "skolsköterskan", "läkare": "läkaren", "psykolog": "psykologen", "polis": "polisen",
    "kontaktperson": "kontaktpersonen", "god man": "den gode mannen", "granne": "grannen", "vän": "vännen",
    "behandlare": "behandlaren", "boendestödjare": "boendestödjaren", "advokat": "advokaten", "ombud": "ombudet",
    "socialsekreterare": "socialsekreteraren", "handläggare": "handläggaren", "utredare": "utredaren",
}  # fmt: skip

_ABOUT = {
    "barn": "barnet", "mamma": "modern", "pappa": "fadern", "förälder": "föräldern", "annan-vuxen": "en annan vuxen",
    "syskon": "ett syskon", "klient": "klienten", "partner": "partnern", "familj": "familjen",
}  # fmt: skip


def called(meeting: Meeting, participant_id: str) -> str:
    """The speaker in running text: a child by first name where it is known, others by their part in the matter."""
    person = meeting.participant(participant_id)
    if person.standpoint == "child" and person.name.strip():
        return person.name.split()[0]
    word = definite(person)
    others = Counter(definite(other) for other in meeting.participants)
    return f"{word} {person.name}" if person.name and others[word] > 1 else word


def definite(person: Participant) -> str:
    """`mamma` as `modern`, `lärare` as `läraren`; a role nobody knows is told as it was written."""
    role = person.role.casefold().replace("_", " ").strip()
    plain = role.split("(")[0].strip()
    return _DEFINITE.get(plain) or _DEFINITE.get(plain.split(" ")[0], person.name or f"den som deltog som {plain}")


def about(word: str, child: str = "barnet") -> str:
    """Whom a statement concerns, in running text."""
    return child if word == "barn" else _ABOUT.get(word, word)


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def small(text: str) -> str:
    """A name of an area inside a sentence."""
    return text[:1].lower() + text[1:]


def listed(words: list[str]) -> str:
    """`a, b och c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} och {words[-1]}" if words else ""


_MONTHS = (
    "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober", "november",
    "december",
)  # fmt: skip


def long_date(day: date) -> str:
    """`20 november 2026`."""
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def dates(days: list[date]) -> str:
    """`6 november, 13 november och 4 december 2026`; each with its year where the years differ."""
    if len({day.year for day in days}) > 1:
        return listed([long_date(day) for day in days])
    return listed([long_date(day).rsplit(" ", 1)[0] for day in days[:-1]] + [long_date(day) for day in days[-1:]])


_COUNTS = ("noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio", "tio", "elva", "tolv")


def count(number: int) -> str:
    """`tre`, `tolv`, `13`."""
    return _COUNTS[number] if 0 <= number < len(_COUNTS) else str(number)
