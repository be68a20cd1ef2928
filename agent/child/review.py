"""Is every sentence carried, is everything chosen still there, and does the text say nothing it must not?

Pure checks in code. They run on our own text and on what a language model made of it; a model's text with one
blocking finding is refused and our own stays. What code cannot tell, such as a gentle tone, a person reads.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from ...knowledge.errors import HandenhetError
from ...knowledge.words import stems
from ..language import explained, hard_words, nominal_hints, readability, sentences, words
from .bands import last_year, load_yaml, targets
from .phrases import comforts, nearer_clauses, script, tellings
from .version import ChildVersion, Finding, FindingKind, Section, Sentence, layout

_NEGATIONS = frozenset(str.split("inte aldrig ingen inget inga ej utan knappt knappast sällan slutat slutade upphört"))
_NUMBERS = frozenset(
    str.split(
        "noll två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton arton nitton tjugo "
        "trettio fyrtio femtio hundra tusen dubbelt hälften varje måndag tisdag onsdag torsdag fredag lördag söndag "
        "januari februari mars april juni juli augusti september oktober november december igår imorgon"
    )
)
_PERSONS = frozenset(
    str.split(
        "mamma mammas pappa pappas mormor morfar farmor farfar moster faster morbror farbror syster bror storasyster "
        "lillasyster storebror lillebror syskon bonusmamma bonuspappa styvpappa styvmamma kusin lärare läraren "
        "fröken rektor rektorn kurator kuratorn polis polisen granne grannen doktor doktorn läkare läkaren "
        "partner pojkvän flickvän förälder föräldrar föräldrarna"
    )
)
_SAID = re.compile(
    r"\b(du|mamma|pappa|vuxna|jag|läraren|mormor|farmor|morfar|farfar|\w+)\s+(?:har\s+)?(?:också\s+)?"
    r"(?:sa|sade|sagt|berättade|berättat|beskrev|tog upp)\b"
)
_WORDS = {
    "promise": "Lovar något som ingen kan lova.",
    "outcome": "Säger något om hur det ska gå eller vad som ska beslutas.",
    "blame": "Lägger skuld på någon.",
    "frightening": "Har en detalj som kan skrämma.",
    "secret": "Kan röja något som rör någon annan.",
}
_FORBIDDEN_KINDS: tuple[FindingKind, ...] = ("promise", "outcome", "blame", "frightening", "secret")


@dataclass(frozen=True, slots=True)
class RewrittenSentence:
    """A sentence from a language model, with the ids it says it rests on: observations, pinned words, agreements or
    the name of fixed information, as the version it rewrites names them."""

    text: str
    rests_on: tuple[str, ...]


def review_child_version(version: ChildVersion) -> tuple[Finding, ...]:
    """What is wrong with a version, whoever wrote it; empty if nothing. Advisory findings do not block."""
    return (*_traced(version), *_kept(version), *_forbidden(version), *_language(version))


def accept_rewriting(
    version: ChildVersion, rewritten: Sequence[RewrittenSentence], made_by: str
) -> tuple[ChildVersion, tuple[Finding, ...]]:
    """The model's text in the version's frame if nothing blocks; otherwise the version as it was, with the reasons.

    The child's pinned words and what the caseworker wrote are never the model's to change: they must come back
    as they are.
    """
    found = review_rewriting(version, rewritten)
    if any(finding.blocking for finding in found):
        return version, found
    changed = _rebuilt(version, rewritten)
    kept = tuple(
        finding for finding in version.findings if finding.kind in ("careful", "disputed", "uncertain_hearing")
    )
    return replace(changed, made_by=made_by, findings=(*found, *kept)), found


def review_rewriting(version: ChildVersion, rewritten: Sequence[RewrittenSentence]) -> tuple[Finding, ...]:
    """Every way a rewritten text says more, less or other than the version it was made from."""
    if not rewritten:
        return (Finding("not_kept", "Språkmodellen gav ingen text."),)
    base = _by_id(version)
    found: list[Finding] = []
    for place, sentence in enumerate(rewritten):
        unknown = [id for id in sentence.rests_on if id not in base]
        if unknown or not sentence.rests_on or not words(sentence.text):
            found.append(Finding("untraced", "Meningen vilar inte på något i underlaget.", place))
            continue
        found += _meaning(sentence, list(dict.fromkeys(base[id] for id in sentence.rests_on)), place)
    named = {id for sentence in rewritten for id in sentence.rests_on}
    found += [
        Finding("not_kept", f"Det som sägs i mening {place + 1} saknas i den nya texten.")
        for place, sentence in enumerate(version.sentences)
        if sentence.must_stay and not named.issuperset(sentence.ids)
    ]
    if any(finding.kind == "untraced" for finding in found):
        return tuple(found)
    return (*found, *review_child_version(_rebuilt(version, rewritten)))


def _by_id(version: ChildVersion) -> Mapping[str, Sentence]:
    return {id: sentence for sentence in version.sentences for id in sentence.ids}


def _rebuilt(version: ChildVersion, rewritten: Sequence[RewrittenSentence]) -> ChildVersion:
    """The rewritten sentences as a version: section and kind follow from what each rests on."""
    base = _by_id(version)
    made: list[Sentence] = []
    for sentence in rewritten:
        carriers = [base[id] for id in sentence.rests_on]
        facts = [carrier for carrier in carriers if not carrier.fixed]
        first = (facts or carriers)[0]
        made.append(
            Sentence(
                sentence.text.strip(),
                first.section,
                first.kind,
                tuple(dict.fromkeys(id for id in sentence.rests_on if not base[id].fixed)),
                "" if facts else first.fixed,
                first.told_by,
            )
        )
    headings = _moved_headings(version, made)
    measured = readability(layout(tuple(made), headings, own_words=False))
    return replace(version, sentences=tuple(made), headings=headings, readability=measured, findings=())


def _moved_headings(version: ChildVersion, made: Sequence[Sentence]) -> tuple[tuple[str, int], ...]:
    """Each heading before the first new sentence that comes from under it."""
    moved: list[tuple[str, int]] = []
    ends = [place for _, place in version.headings[1:]] + [len(version.sentences)]
    for (heading, start), end in zip(version.headings, ends, strict=True):
        under = {id for sentence in version.sentences[start:end] for id in sentence.ids}
        first = next((place for place, sentence in enumerate(made) if under.intersection(sentence.ids)), None)
        if first is not None:
            moved.append((heading, first))
    return tuple(sorted(moved, key=lambda row: row[1]))


def _meaning(sentence: RewrittenSentence, carriers: Sequence[Sentence], place: int) -> Iterator[Finding]:
    """Names, numbers, persons, teller, negation and content against the sentences it rests on."""
    carried = " ".join(carrier.text for carrier in carriers)
    if any(carrier.verbatim and carrier.text not in sentence.text for carrier in carriers):
        yield Finding("not_kept", "Barnets egna ord och det ni kommit överens om får inte skrivas om.", place)
    new, old = _folded(sentence.text), _folded(carried)
    if _numbers(new) - _numbers(old):
        yield Finding("number", "Ett tal, en dag eller en månad finns inte i underlaget.", place)
    if (new & _PERSONS) - (old & _PERSONS):
        yield Finding("person", "En person nämns som inte finns i underlaget.", place)
    if strangers := _strangers(sentence.text, old | known_words()):
        yield Finding("name", f"Ett namn eller ovanligt ord finns inte i underlaget ({len(strangers)}).", place)
    if _tellers(sentence.text) - _tellers(carried) - {carrier.told_by for carrier in carriers}:
        yield Finding("teller", "Det är någon annan som har berättat det.", place)
    if bool(_negations(sentence.text) % 2) != bool(_negations(carried) % 2):
        yield Finding("negation", "Meningen nekar där underlaget inte gör det, eller tvärtom.", place)
    support = set(stems(carried)) | _lexicon(tuple(carriers))
    own = set(stems(sentence.text))
    if own and any(not carrier.fixed for carrier in carriers) and not own & support:
        yield Finding("unsupported", "Inget av innehållet känns igen från underlaget.", place)


def _folded(text: str) -> set[str]:
    return {word.casefold() for word in words(text)}


def _numbers(folded: Iterable[str]) -> set[str]:
    return {word for word in folded if word in _NUMBERS or any(letter.isdigit() for letter in word)}


def _negations(text: str) -> int:
    return sum(word.casefold() in _NEGATIONS for word in words(text))


def _tellers(text: str) -> set[str]:
    return {match[1] for match in _SAID.finditer(text.casefold())} - {"att", "och", "som", "vi", "har", "också"}


def _strangers(text: str, known: set[str]) -> list[str]:
    """Capitalised words nobody knows: inside a sentence always, first in it only if the word is not an ordinary one."""
    found: list[str] = []
    for sentence in sentences(text):
        for word in words(sentence):
            if word[:1].isupper() and word.casefold() not in known and word.casefold().rstrip("s") not in known:
                found.append(word)
    return found


@cache
def known_words() -> set[str]:
    """Words of our own written sentences, and the small words every sentence begins with."""
    texts: list[str] = []
    for telling in tellings().values():
        texts += [clause for clauses in telling.clauses.values() for clause in clauses]
    for rows in comforts().values():
        texts += [text for group in rows.values() for text in group]
    texts += [str(script()), str(load_yaml("concrete.yaml"))]
    small = (
        "allt alla alltid ibland ofta sedan sen nu då där här när om för att men och eller så fast eftersom kanske "
        "just precis även bara ni vi de dem den det hon han hen jag du man dig dina ditt din våra vår era er ert min "
        "mitt mina några någon något vad vem vilka vilket hur varför även också inte aldrig ingen inget hemma skolan "
        "tack hej ja nej kom ihåg tänk säg fråga ring prata läs först sist till på i med av efter innan under vill kan "
        "får ska måste har är var blir blev finns känns mår går tycker vet ser hör gör bris socialtjänsten"
    )
    return _folded(" ".join(texts)) | set(small.split())


def _lexicon(carriers: tuple[Sentence, ...]) -> set[str]:
    """Stems of every variant that says the same as one of the carriers, in any band."""
    spoken = " ".join(carrier.text for carrier in carriers).casefold()
    found: set[str] = set()
    for clauses in _stemmed_clauses():
        if any(clause in spoken for clause in clauses[0]):
            found |= clauses[1]
    return found


@cache
def _stemmed_clauses() -> tuple[tuple[tuple[str, ...], frozenset[str]], ...]:
    """Per circumstance: the beginnings by which its sentences are known, and the stems of all its variants."""
    rows: list[tuple[tuple[str, ...], frozenset[str]]] = []
    for telling in tellings().values():
        texts = [clause for clauses in telling.clauses.values() for clause in clauses]
        texts += nearer_clauses(telling.factor)
        plain = tuple(re.sub(r"\[([^|\]]*)\|[^\]]*\]", r"\1", text) for text in texts)
        rows.append((tuple(t.casefold() for t in plain if "{" not in t), frozenset(stems(" ".join(plain)))))
    return tuple(rows)


def _traced(version: ChildVersion) -> Iterator[Finding]:
    """Every sentence of fact rests on observations that were chosen."""
    told = set(version.told)
    for place, sentence in enumerate(version.sentences):
        if sentence.kind == "fact" and not told.issuperset(sentence.rests_on):
            yield Finding("untraced", "Meningen vilar på något som inte är valt för barnet.", place)


def _kept(version: ChildVersion) -> Iterator[Finding]:
    """Every chosen observation is told, and what every child is told is there."""
    carried = {id for sentence in version.sentences for id in sentence.rests_on}
    for id in version.told:
        if id not in carried:
            yield Finding("not_kept", f"Uppgift {id} är vald men finns inte i texten.")
    sections: set[Section] = {sentence.section for sentence in version.sentences}
    for section, question in (("next", "vad som händer nu"), ("decide", "vem som bestämmer"),
                              ("say", "vad barnet får säga"), ("ask", "vem barnet kan fråga")):  # fmt: skip
        if section not in sections:
            yield Finding("section_missing", f"Texten säger inte {question}.")


def _forbidden(version: ChildVersion) -> Iterator[Finding]:
    """Promises, outcomes, blame, frightening detail and others' secrets. The child's own words are the child's."""
    for place, sentence in enumerate(version.sentences):
        if sentence.kind == "own_words":
            continue
        for kind in forbidden_in(sentence.text):
            if not (kind == "outcome" and sentence.kind == "agreed"):
                yield Finding(kind, _WORDS[kind], place)


def forbidden_in(text: str) -> tuple[FindingKind, ...]:
    """Which kinds of forbidden words a text holds, each once."""
    clauses = [part.strip() for sentence in sentences(text) for part in re.split(r"[,;:–”\"]", sentence.casefold())]
    return tuple(kind for kind, pattern in _patterns() if any(pattern.search(clause) for clause in clauses))


@cache
def _patterns() -> tuple[tuple[FindingKind, re.Pattern[str]], ...]:
    rows = load_yaml("forbidden.yaml")
    try:
        return tuple((kind, re.compile(rf"\b(?:{'|'.join(rows[kind])})(?!\w)")) for kind in _FORBIDDEN_KINDS)
    except (KeyError, re.error):
        raise HandenhetError("unreadable pattern", where="forbidden.yaml", mend="see the head of the file") from None


def _language(version: ChildVersion) -> Iterator[Finding]:
    """Over the band's limits, hard words nobody explains, official style."""
    for over in targets(version.band).broken(version.readability):
        yield Finding("band", f"Svårare än {version.band}: {over}.")
    measured = layout(version.sentences, version.headings, own_words=False)
    for word, hard in hard_words(measured, last_year(version.band)):
        if not explained(measured, hard):
            yield Finding("hard_word", f"”{word}” behöver förklaras: {hard.plain}.")
    hints = nominal_hints(measured)
    if len(hints) * 25 > version.readability.words:
        yield Finding("official_style", f"Många substantiv som låter som en blankett ({len(hints)}).")
