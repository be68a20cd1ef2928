"""Whether a sentence says more than its citations carry: names, numbers, dates, negation, speaker, altered quotes.

Code cannot understand; it can only see that a number, a name or an "inte" has come from nowhere or has gone. What it
lets through is still read by a person.
"""

import re
from collections.abc import Iterable
from typing import Literal

from . import naming, prose
from .cites import LawRef, ProtestRef, QuoteRef, RecordRef, clock
from .draft import Sentence

Fault = Literal["quote_altered", "number", "date", "name", "negation", "speaker", "person", "uncited"]

QUOTED = re.compile(r"”([^”]*)”")
_WORD = re.compile(r"[0-9]+(?:[.,:][0-9]+)*|[A-Za-zÅÄÖåäöÉéÜü]+(?:-[A-Za-zÅÄÖåäöÉéÜü]+)*")
_NEGATIONS = frozenset(
    ("inte", "ej", "icke", "aldrig", "ingen", "inget", "inga", "ingenting", "ingenstans", "varken", "knappt", "utan",
     "nekar", "förnekar", "saknar", "saknas")
)  # fmt: skip
_NUMBERS = {
    "noll": "0", "två": "2", "tvåa": "2", "båda": "2", "bägge": "2", "dubbelt": "2", "tre": "3", "fyra": "4",
    "fem": "5", "sex": "6", "sju": "7", "åtta": "8", "nio": "9", "tio": "10", "elva": "11", "tolv": "12",
    "tretton": "13", "fjorton": "14", "femton": "15", "sexton": "16", "sjutton": "17", "arton": "18", "nitton": "19",
    "tjugo": "20", "trettio": "30", "fyrtio": "40", "femtio": "50", "sextio": "60", "sjuttio": "70", "åttio": "80",
    "nittio": "90", "hundra": "100", "tusen": "1000",
}  # fmt: skip
"""Without "en" and "ett", which are articles far more often than numbers."""
_WEEKDAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")
_MONTHS = ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober",
           "november", "december")  # fmt: skip
_RELATIVE = frozenset(("igår", "idag", "imorgon", "förrgår", "nyss", "dagligen"))
_SPEECH = (
    "säger", "sa", "sade", "berättar", "berättade", "uppger", "uppgav", "svarar", "svarade", "beskriver", "beskrev",
    "återger", "återgav", "hänvisar", "menar", "menade", "förklarar", "nämner", "nämnde",
)  # fmt: skip
_SAYS = re.compile(rf"\b(?:{'|'.join(_SPEECH)}|enligt|hört det av)\b", re.IGNORECASE)
_PEOPLE = {
    "mor": "modern", "fadern": "fadern", "modern": "modern", "mamma": "modern", "mamman": "modern", "mammas": "modern",
    "moderns": "modern", "mammans": "modern", "pappa": "fadern", "pappan": "fadern", "pappas": "fadern",
    "far": "fadern", "faderns": "fadern", "pappans": "fadern", "mormor": "mormodern", "mormodern": "mormodern",
    "morfar": "morfadern", "morfadern": "morfadern", "farmor": "farmodern", "farmodern": "farmodern",
    "farfar": "farfadern", "farfadern": "farfadern", "bror": "brodern", "lillebror": "brodern", "storebror": "brodern",
    "brodern": "brodern", "syster": "systern", "lillasyster": "systern", "storasyster": "systern",
    "systern": "systern", "läraren": "läraren", "lärare": "läraren", "barnet": "barnet",
    "klienten": "klienten", "partnern": "partnern", "styvfadern": "styvfadern", "styvpappa": "styvfadern",
    "styvmodern": "styvmodern", "styvmamma": "styvmodern", "tolken": "tolken",
}  # fmt: skip


def faults(sentence: Sentence, names: frozenset[str] = frozenset()) -> frozenset[Fault]:
    """What the sentence says that its citations do not carry, or carries wrongly.

    `names` are people's first names known in the case, so that one at the head of a sentence is seen too.
    """
    if sentence.kind == "EGNA ORD":
        return frozenset()
    carried = [_words_of(cite) for cite in sentence.cites]
    found: set[Fault] = set()
    passages = QUOTED.findall(sentence.text)
    if any(not any(_same_words(passage, said) for said in carried) for passage in passages):
        found.add("quote_altered")
    if sentence.text.count("”") % 2:
        found.add("quote_altered")
    frame = QUOTED.sub("”", sentence.text)
    found |= _facts(frame, sentence, carried, names)
    if _negation(frame, sentence, passages):
        found.add("negation")
    if _speaker(frame, sentence):
        found.add("speaker")
    return frozenset(found)


def _same_words(passage: str, said: str) -> bool:
    """A quote is told whole; only the punctuation at its edges may go. Half a quote can mean the opposite."""
    return passage.strip(" .,;:!?…–-") == said.strip(" .,;:!?…–-")


def _facts(frame: str, sentence: Sentence, carried: list[str], names: frozenset[str]) -> set[Fault]:
    said = " ".join(carried)
    support = " ".join([said, *(_label(cite) for cite in sentence.cites)])
    found: set[Fault] = set()
    undated = _without_dates(frame, sentence)
    if numbers(undated) - numbers(said):
        found.add("number")
    if days(undated) - days(said):
        found.add("date")
    if sentence.quotes and _unattributed(sentence.text):
        found.add("uncited")
    if _names(frame, names) - _names(support, names, every=True):
        found.add("name")
    if sentence.quotes and people(frame) - people(support) - _self_and_about(sentence):
        found.add("person")
    return found


def _without_dates(frame: str, sentence: Sentence) -> str:
    """The frame less the days and times of its own citations, so that "6 november" carries no six and no November."""
    for cite in sentence.cites:
        if isinstance(cite, QuoteRef | ProtestRef):
            for spelt in (naming.long_date(cite.held), naming.long_date(cite.held).rsplit(" ", 1)[0], str(cite.held)):
                frame = frame.replace(spelt, " ")
        if isinstance(cite, QuoteRef):
            frame = frame.replace(clock(cite.start_ms), " ")
    return frame


def _unattributed(text: str) -> bool:
    """Whether some part of the text says a thing without saying whose word it is."""
    kept = QUOTED.sub("”", text)
    for hedge in prose.HEDGES:
        kept = kept.replace(hedge, " ")
    parts = [part for part in re.split(r"(?<=[.!?”])\s+(?=[A-ZÅÄÖ])", kept) if _WORD.search(part)]
    return any("”" not in part and not _SAYS.search(part) for part in parts)


def numbers(text: str) -> frozenset[str]:
    """Numbers in figures and words, spelt alike."""
    lowered: list[str] = [word.casefold() for word in _WORD.findall(text)]
    return frozenset(_NUMBERS.get(word, word) for word in lowered if word in _NUMBERS or word[0].isdigit())


def days(text: str) -> frozenset[str]:
    """Weekdays (with `-ar`, `-en`, `i -s` folded), months and words like `igår`."""
    folded = re.sub(r"\bi (går|dag|morgon|förrgår)\b", r"i\1", text.casefold()).replace("iförrgår", "förrgår")
    found: set[str] = set()
    for word in _WORD.findall(folded):
        weekday = next((day for day in _WEEKDAYS if word.startswith(day)), None)
        month = next((month for month in _MONTHS if word == month), None)
        one = weekday or month or (word if word in _RELATIVE else None)
        if one:
            found.add(one)
    return frozenset(found)


def people(text: str) -> frozenset[str]:
    """People named by their part: `mamma` and `modern` are one."""
    words: list[str] = [word.casefold() for word in _WORD.findall(text)]
    return frozenset(_PEOPLE[word] for word in words if word in _PEOPLE)


def negations(text: str) -> int:
    """How many words deny. "Nej" counts where it is the whole answer, not where it only opens one."""
    words: list[str] = [word.casefold() for word in _WORD.findall(text)]
    return int(words == ["nej"]) or sum(word in _NEGATIONS for word in words)


def _names(text: str, known: frozenset[str], every: bool = False) -> frozenset[str]:
    """Capitalised words that do not begin a sentence, and known names wherever they stand; genitive folded."""
    found: set[str] = set()
    fresh = True
    for part in re.findall(r"[.!?:;”]|[^\s.!?:;”,()\"]+", text):
        if part in ".!?:;”":
            fresh = part != ";"
            continue
        word = part.strip("”’'-–»«")
        if word[:1].isupper() and not word.isupper() and (every or not fresh or _base(word) in known):
            found.add(_base(word))
        fresh = False
    return frozenset(found)


def _base(name: str) -> str:
    folded = name.casefold()
    return folded[:-1] if folded.endswith("s") and len(folded) > 3 else folded


def _negation(frame: str, sentence: Sentence, passages: list[str]) -> bool:
    """A negation added to the words around a quote, or one gone from a retelling."""
    if not sentence.quotes:
        return False
    told_whole = {quote.text for quote in sentence.quotes if any(_same_words(one, quote.text) for one in passages)}
    retold = [quote for quote in sentence.quotes if quote.text not in told_whole and quote.standpoint != "caseworker"]
    if not retold:
        return negations(frame) > 0
    return sum(negations(quote.text) for quote in retold) != negations(frame)


def _speaker(frame: str, sentence: Sentence) -> bool:
    """Somebody is made to say what another said. Only looked at where the text names a speaker at all."""
    said_by = {quote.who.casefold() for quote in sentence.quotes if quote.standpoint != "caseworker"}
    if not said_by:
        return False
    spoke = {_PEOPLE.get(who.split()[0], who.split()[0]) for who in said_by}
    named = _attributed(frame)
    return bool(named) and not named <= spoke


def speakers(text: str) -> frozenset[str]:
    """Who the words around the quotes make speak."""
    return frozenset(_attributed(QUOTED.sub("”", text)))


def _attributed(frame: str) -> set[str]:
    """Who stands beside a verb of speech: `Modern berättar`, `säger modern`."""
    found: set[str] = set()
    verbs = "|".join(_SPEECH)
    for match in re.finditer(rf"(?:(\S+)\s+)?\b(?:{verbs})\b(?:\s+(\S+))?", frame):
        before, after = (re.sub(r"[^\w-]", "", part or "").casefold() for part in match.groups())
        for word in (before, after):
            person = _PEOPLE.get(word)
            if person is None and word and (match[1] or "")[:1].isupper() and word == before and word not in _NOT_NAMES:
                person = word
            if person is not None:
                found.add(person)
                break
    for part in re.findall(r"([^”.!?]+): ?”", frame):
        words = part.split()
        first = re.sub(r"[^\w-]", "", words[0]) if words else ""
        if first and not _SAYS.search(part) and first.casefold() not in _NOT_NAMES:
            found.add(_PEOPLE.get(first.casefold(), first.casefold()))
    return found


_NOT_NAMES = frozenset(
    ("så", "hon", "han", "hen", "de", "den", "det", "och", "som", "själv", "där", "här", "om", "enligt", "detta", "vid")
)


def _self_and_about(sentence: Sentence) -> frozenset[str]:
    """The speakers themselves may always be named."""
    who = [quote.who.split()[0].casefold() for quote in sentence.quotes]
    return frozenset(_PEOPLE[word] for word in who if word in _PEOPLE)


def _words_of(cite: QuoteRef | ProtestRef | LawRef | RecordRef) -> str:
    match cite:
        case QuoteRef():
            return cite.text
        case ProtestRef():
            return cite.words
        case LawRef():
            return cite.citation.provision.text
        case RecordRef():
            return cite.label


def _label(cite: QuoteRef | ProtestRef | LawRef | RecordRef) -> str:
    match cite:
        case QuoteRef() | ProtestRef():
            whom = cite.about if isinstance(cite, QuoteRef) else ""
            return f"{cite.label} {cite.held} {naming.long_date(cite.held)} {whom}"
        case LawRef() | RecordRef():
            return cite.label


def known_names(people_names: Iterable[str]) -> frozenset[str]:
    """First and last names folded as `faults` compares them."""
    return frozenset(_base(part) for name in people_names for part in name.split() if part[:1].isupper())
