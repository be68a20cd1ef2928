"""Writes the text of one version: something good first, the hard in the middle, then what every child is told."""

import hashlib
import re
from collections.abc import Iterator, Sequence

from ...knowledge.sources import Quote
from ..language import words
from ..material import Pinned
from .bands import Band, targets
from .choose import Choice, Told
from .phrases import comforts, in_tense, leads, script, variants
from .version import VERBATIM, Section, Sentence, TalkFacts

_COMFORTS: dict[Band, int] = {"0-6": 1, "7-9": 2, "10-12": 3, "13-15": 3, "16-17": 3, "vuxen": 2}
_AFTER: tuple[Section, ...] = ("next", "decide", "say", "ask")


class Writer:
    """Writes one version; every choice of variant follows from the meeting's id and the band."""

    def __init__(
        self, facts: TalkFacts, band: Band, choice: Choice, own: Sequence[Pinned], quoted: frozenset[str]
    ) -> None:
        self.facts = facts
        self.band: Band = band
        self.choice = choice
        self.own = own
        self.seed = int.from_bytes(hashlib.sha256(f"{facts.meeting.id} {band}".encode()).digest()[:4])
        self.sentences: list[Sentence] = []
        self.headings: list[tuple[str, int]] = []
        self.leads_used: dict[str, int] = {}
        self.comforted = self._comforts()
        self.quoted = quoted

    def written(self) -> tuple[tuple[Sentence, ...], tuple[tuple[str, int], ...]]:
        self._opening()
        if self.band == "0-6":
            self._for_the_youngest()
        else:
            self._about()
            for section in _AFTER:
                self._heading(section)
                self._fixed_section(section)
        return tuple(self.sentences), tuple(self.headings)

    def _opening(self) -> None:
        key = "opening_together" if self.facts.reader_present else "opening_apart"
        self._fixed("opening", key)
        if self.facts.caseworker:
            self._fixed("opening", "who_i_am")

    def _for_the_youngest(self) -> None:
        """Three sentences the child hears, and a little more for when the child wants it."""
        facts = list(self._facts())
        head = script()["headings"]["0-6"]
        self._heading_text(head["three"])
        self.sentences += facts[:1] or [self._fixed_sentence("about", "nothing")]
        self._fixed("decide", "three", "decide")
        self._fixed("ask", "three", "ask")
        self._heading_text(head["more"])
        self.sentences += facts[1:]
        for section in _AFTER:
            if section == "next":
                self._agreed()
            self._fixed(section, "more", section)

    def _about(self) -> None:
        self._heading("about")
        facts = list(self._facts())
        self.sentences += facts or [self._fixed_sentence("about", "nothing")]

    def _fixed_section(self, section: Section) -> None:
        if section == "next":
            self._agreed()
            self._fixed("next", "next", self.facts.stage)
            return
        self._fixed(section, section)
        if section == "ask" and self.facts.phone:
            self._fixed("ask", "phone")
        if section == "ask" and self.facts.helpline and self.band != "vuxen":
            self._fixed("ask", "helpline")

    def _agreed(self) -> None:
        for agreed in self.facts.agreed:
            self.sentences.append(Sentence(agreed.text.strip(), "next", "agreed", (agreed.id,)))

    def _heading(self, section: Section) -> None:
        self._heading_text(script()["headings"]["vuxen" if self.band == "vuxen" else "child"][section])

    def _heading_text(self, heading: str) -> None:
        self.headings.append((heading, len(self.sentences)))

    def _fixed(self, section: Section, key: str, *inner: str) -> None:
        if self._variants(key, *inner):
            self.sentences.append(self._fixed_sentence(section, key, *inner))

    def _variants(self, key: str, *inner: str) -> tuple[str, ...]:
        if key in ("three", "more"):
            return tuple(script()[key][inner[0]])
        return variants(key, self.band, *inner)

    def _fixed_sentence(self, section: Section, key: str, *inner: str) -> Sentence:
        texts = self._variants(key, *inner)
        number = self._pick(".".join((key, *inner)), len(texts))
        name = f", {self.facts.child_name}" if self.facts.child_name else ""
        text = texts[number].format(namn=name, jag=self.facts.caseworker, telefon=self.facts.phone)
        return Sentence(text, section, "fixed", fixed=".".join((key, *inner, self.band, str(number))))

    def _pick(self, what: str, among: int) -> int:
        digest = hashlib.sha256(f"{self.seed} {what}".encode()).digest()
        return int.from_bytes(digest[:4]) % among

    def _facts(self) -> Iterator[Sentence]:
        """Something good first where there is any, the hard in the middle, the rest of the good last."""
        good = [group for group in self.choice.told if not group.risk]
        hard = [group for group in self.choice.told if group.risk]
        first = (len(good) + 1) // 2
        waiting = {id: list(words) for id, words in self._own_by_group().items()}
        for part, groups in (("", good[:first]), ("hard", hard), ("good", good[first:])):
            if part and groups and (self.band != "0-6") and ((part == "hard" and first) or (part == "good" and hard)):
                yield self._fixed_sentence("about", "bridge", part)
            yield from self._told(groups, waiting)
        for pin in waiting.get("", []):
            yield self._own_words(pin.quote, pin.id)

    def _told(self, groups: list[Told], waiting: dict[str, list[Pinned]]) -> Iterator[Sentence]:
        done: list[Told] = []
        for group in groups:
            if group in done:
                continue
            yield Sentence(self._sentence(group), "about", "fact", group.ids, told_by=_told_by(group))
            yield from self._in_own_words(group, waiting.pop(group.ids[0], []))
            for agreeing in groups:
                if agreeing is not group and agreeing not in done and _says_the_same(group, agreeing):
                    done.append(agreeing)
                    yield Sentence(self._same(agreeing), "about", "fact", agreeing.ids, told_by=_told_by(agreeing))
                    yield from self._in_own_words(agreeing, waiting.pop(agreeing.ids[0], []))
            done.append(group)
            if group.ids[0] in self.comforted:
                yield self._comfort(group)

    def _own_by_group(self) -> dict[str, list[Pinned]]:
        """The child's pinned words by the first observation of the sentence they follow; "" for the end."""
        found: dict[str, list[Pinned]] = {}
        for pin in self.own:
            said = pin.quote.utterance.id
            groups = [g for g in self.choice.told if any(o.quote.utterance.id == said for o in g.observations)]
            found.setdefault(groups[0].ids[0] if groups else "", []).append(pin)
        return found

    def _in_own_words(self, group: Told, pinned: Sequence[Pinned]) -> Iterator[Sentence]:
        """What the child's own words add to the sentence: those pinned, or one short quote."""
        for pin in pinned:
            yield self._own_words(pin.quote, pin.id)
        if not pinned and group.ids[0] in self.quoted:
            yield self._own_words(group.first.quote, group.ids[0] + VERBATIM)

    def _own_words(self, quote: Quote, id: str) -> Sentence:
        """Verbatim but for the capital at the start and the comma that the cut left hanging."""
        said = quote.text.strip(' ,;:–-"”')
        said = said[:1].upper() + said[1:]
        text = str(script()["own_words"][self.band]).format(ord=said if said[-1:] in ".!?…" else f"{said}.")
        return Sentence(text, "about", "own_words", (id,))

    def _sentence(self, group: Told) -> str:
        if group.veiled:
            texts = variants("veiled", self.band)
            return texts[self._pick("veiled", len(texts))]
        if group.other_persons:
            texts = tuple(script()["other"]["risk" if group.risk else "protective"])
        else:
            texts = group.clauses
        first = self._pick(group.telling.factor, len(texts))
        ways = self._leads(group)
        limit = targets(self.band).longest
        told = [_clause(texts[(first + turn) % len(texts)], group) for turn in range(len(texts))]
        if not group.by_child:
            told = [clause for clause in told if _YOU.search(clause[0])] or told
        # The preferred way of telling comes first; another only where the sentence would be too long for the band.
        pairs = [(way, clause) for way in ways for clause in told]
        way, clause = next((p for p in pairs if _length(p) <= limit), min(pairs, key=_length))
        self.leads_used[f"{group.teller} {group.vem}"] = leads(self.band, group.teller).index(way[1]) + 1
        return " ".join([f"{way[0]} {clause[0]}.", *self._tails(group, clause[1])])

    def _leads(self, group: Told) -> list[tuple[str, str]]:
        """The ways of saying who told, filled and as written, the next in turn first; never `också` the first time."""
        ways = leads(self.band, group.teller)
        used = self.leads_used.get(f"{group.teller} {group.vem}")
        if used is None:
            plain = [number for number, way in enumerate(ways) if "också" not in way]
            used = plain[self._pick(group.teller, len(plain))]
        turned = [ways[(used + turn) % len(ways)] for turn in range(len(ways))]
        return [(way.format(vem=group.vem), way) for way in turned]

    def _same(self, group: Told) -> str:
        return str(script()["same"][group.teller]).format(vem=group.vem)

    def _tails(self, group: Told, past: bool) -> Iterator[str]:
        tails = script()["tails"]
        if past:
            yield tails["past"]
        if all("uncertain" in observation.flags for observation in group.observations):
            yield tails["unsure_child" if group.by_child else "unsure_other"]
        if group.disputed and not group.by_child:
            yield tails["disputed"]

    def _comforts(self) -> frozenset[str]:
        """First ids of the sentences that are followed by comfort: the hard ones first, no theme twice."""
        themes: set[str] = set()
        chosen: list[str] = []
        for group in sorted(
            self.choice.told, key=lambda group: (not group.risk, not group.telling.careful, not group.veiled)
        ):
            theme = _theme(group)
            if len(chosen) < _COMFORTS[self.band] and theme not in themes and comforts().get(theme, {}).get(self.band):
                themes.add(theme)
                chosen.append(group.ids[0])
        return frozenset(chosen)

    def _comfort(self, group: Told) -> Sentence:
        theme = _theme(group)
        texts = comforts()[theme][self.band]
        number = self._pick(f"comfort {theme}", len(texts))
        return Sentence(texts[number], "about", "fixed", fixed=f"comfort.{theme}.{self.band}.{number}")


def _told_by(group: Told) -> str:
    match group.teller:
        case "child" | "hearsay":
            return "du"
        case "named":
            return group.vem.split()[-1].casefold()
        case "unnamed":
            return "vuxen"
        case _:
            return ""


def _clause(text: str, group: Told) -> tuple[str, bool]:
    """The clause in its tense, and whether it takes more words to hear that it is past."""
    past = group.past and in_tense(text, True) != in_tense(text, False)
    return in_tense(text, past).format(vuxen=group.about, den=group.about), past and not _BEFORE.search(text)


_YOU = re.compile(r"\b(?:du|dig|din|ditt|dina|ni|er)\b")
"""Told by somebody else, a clause without these could be about the teller."""
_BEFORE = re.compile(r"\b(?:förut|förr|tidigare|tidigt|liten|ung|mindre)\b")


def _length(pair: tuple[tuple[str, str], tuple[str, bool]]) -> int:
    return len(words(f"{pair[0][0]} {pair[1][0]}"))


def _theme(group: Told) -> str:
    if group.veiled:
        return "berattat"
    return "" if group.other_persons else group.telling.comfort


def _says_the_same(one: Told, other: Told) -> bool:
    plain = not (one.veiled or other.veiled or one.other_persons or other.other_persons)
    return plain and one.clauses == other.clauses and one.about == other.about and one.past == other.past
