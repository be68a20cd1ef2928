"""The decision basis of an investigation, composed from every approved meeting. The judgement in it is empty.

BEDÖMNING, FÖRSLAG and BESLUT are fields that only a person fills; the composer has no way to write there.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

from ..knowledge.errors import HandenhetError
from ..knowledge.factors import Catalogue, Factor
from ..knowledge.prerequisites import Ground
from . import journal, naming, prose
from .cites import LawRef, RecordRef
from .draft import AreaRow, Draft, Provenance, Section, Sentence
from .grounds import lay_out
from .material import CHILDS_WORDS, STANCE, CaseFile, Communicated, LawOn, Talk, cited, readers_of
from .observation import Disputed, Observation
from .synthesis import Synthesis, in_order, synthesise

COMMUNICATION_REASON = "communication_reason"
"""The field in which a person says why nothing was communicated (FL 25 §)."""

_CHILD_RULES = (
    ("2025:400", "3 kap. 1 §", "Barnets bästa ska beaktas i första hand."),
    ("2025:400", "3 kap. 2 §", "Barnet ska få möjlighet att framföra sina åsikter."),
)
_COMMUNICATION_RULE = ("2017:900", "25 §", "Den som är part ska få del av materialet och få yttra sig före beslut.")
_DISPUTE_RULE = ("2025:400", "14 kap. 6 §", "Det ska antecknas om den enskilde anser att en uppgift är fel.")


def compose_basis(
    case: CaseFile, talks: Iterable[Talk], ground: Ground, catalogue: Catalogue, law: LawOn, on: date,
    corpus_date: date | None = None,
) -> Draft:  # fmt: skip
    """The draft of the basis. `on` is the case's date, by which law is cited.

    Raises HandenhetError if no meeting holds a confirmed observation, or a meeting lies after `on`.
    """
    ordered = in_order(talks)
    if not any(talk.observations for talk in ordered):
        raise HandenhetError(
            "there is nothing confirmed to compose from",
            where=f"case {case.number}",
            mend="go through a meeting together and confirm what was heard",
        )
    late = [talk for talk in ordered if talk.held > on]
    if late:
        raise HandenhetError(
            f"a meeting lies after the case's date {on}",
            where=f"meeting {late[0].id}, {late[0].held}",
            mend="choose a date on or after the last meeting",
        )
    composer = _Composer(case, ordered, ground, catalogue, law, on)
    return Draft(
        kind="decision_basis",
        title="Beslutsunderlag, barn" if case.kind == "child" else "Beslutsunderlag, vuxen",
        case_id=case.id,
        case_number=case.number,
        on=on,
        sections=tuple(composer.sections()),
        provenance=Provenance(journal.COMPOSER, journal.COMPOSER_VERSION, readers_of(ordered), corpus_date=corpus_date),
        meetings=tuple(talk.id for talk in ordered),
        ground=ground.id,
    )


class _Composer:
    """One composition; every method yields sections in the order of the skeleton."""

    def __init__(
        self, case: CaseFile, talks: tuple[Talk, ...], ground: Ground, catalogue: Catalogue, law: LawOn, on: date
    ) -> None:
        self.case, self.talks, self.ground, self.catalogue, self.law, self.on = case, talks, ground, catalogue, law, on
        self.by_id = {talk.id: talk for talk in talks}
        self.synthesis: Synthesis = synthesise(case, talks, on)
        self.records = tuple(prose.meeting_record(talk) for talk in talks)

    def sections(self) -> Iterator[Section]:
        child = self.case.kind == "child"
        yield Section("reason", "Anledning till utredningen", field="reason")
        yield Section("questions", "Frågeställningar och avgränsning", field="questions")
        yield Section("how", "Hur utredningen gjorts", tuple(self._how()))
        yield Section("history", "Tidigare kontakt", field="history")
        yield from self._facts()
        yield Section("balance", "Risk- och skyddsfaktorer", tuple(self._balance_note()), tuple(self._balance()))
        yield from self._together()
        yield from self._childs_voice() if child else self._clients_voice()
        if child:
            yield Section("guardians", "Vårdnadshavarnas inställning", tuple(self._stances(("guardian",))),
                          field="guardians_stance")  # fmt: skip
            yield Section("protection", "Skyddsbedömning", field="protection")
        yield from self._kept_words()
        yield Section("conditions", f"Lagens villkor: {self.ground.label}", tuple(self._conditions_note()),
                      conditions=tuple(self._conditions()))  # fmt: skip
        yield Section("assessment", "BEDÖMNING", field="assessment")
        yield Section("proposal", "FÖRSLAG TILL BESLUT", field="proposal")
        yield self._communication()
        yield Section("decision", "BESLUT", field="decision")
        yield Section("made_with", "Hur underlaget gjorts", tuple(self._made_with()))

    def _how(self) -> Iterator[Sentence]:
        count = len(self.talks)
        text = "Underlaget bygger på ett möte." if count == 1 else f"Underlaget bygger på {naming.count(count)} möten."
        yield Sentence("HÄRLEDD", text, self.records)
        for talk in self.talks:
            yield from journal.frame(talk)
        yield from self.synthesis.not_heard

    def _facts(self) -> Iterator[Section]:
        """Uppgifter: who said what, by side and area, kept apart from anything anybody thinks of it."""
        factors = self.catalogue.for_age(self.case.child_age)
        for number, (side, group) in enumerate(groupby(factors, key=lambda factor: factor.side)):
            areas = list(dict.fromkeys(factor.area for factor in group))
            heading = "Uppgifter" if self.case.kind == "adult" else side
            yield Section(f"facts-{number}", heading, tuple(self._side_note(areas)))
            for place, area in enumerate(areas):
                said = tuple(self._area(area))
                if said:
                    yield Section(f"facts-{number}-{place}", area, said, level=2)
        yield from self._elsewhere(factors)

    def _side_note(self, areas: Sequence[str]) -> Iterator[Sentence]:
        left = [area for area in areas if not self._in_area(area)]
        if left:
            names = naming.listed([naming.small(area) for area in left])
            yield Sentence("HÄRLEDD", f"Ej berört vid mötena: {names}.", self.records)

    def _elsewhere(self, factors: Sequence[Factor]) -> Iterator[Section]:
        """Confirmed statements whose area the case's age does not list, so that none falls out."""
        known = {factor.area for factor in factors}
        said = [s for o, talk in self._said() if o.factor.area not in known for s in prose.statement(o, talk)]
        if said:
            yield Section("facts-other", "Övriga uppgifter", tuple(said))

    def _said(self) -> Iterator[tuple[Observation, Talk]]:
        for talk in self.talks:
            for observation in talk.observations:
                yield observation, talk

    def _in_area(self, area: str) -> list[tuple[Observation, Talk]]:
        return [(observation, talk) for observation, talk in self._said() if observation.factor.area == area]

    def _area(self, area: str) -> Iterator[Sentence]:
        """Statements by circumstance; what one person says alike at several meetings is told once, with every quote."""
        groups: dict[tuple[str, str, str], list[tuple[Observation, Talk]]] = {}
        for observation, talk in self._in_area(area):
            key = (observation.factor.id, observation.about, observation.speaker)
            groups.setdefault(key, []).append((observation, talk))
        for group in groups.values():
            if len({talk.id for _, talk in group}) > 1 and all(_plain(observation) for observation, _ in group):
                yield _retold(group)
            else:
                for observation, talk in group:
                    yield from prose.statement(observation, talk)

    def _balance_note(self) -> Iterator[Sentence]:
        risks = sum(o.polarity == "risk" for o, _ in self._said())
        protective = sum(o.polarity == "protective" for o, _ in self._said())
        text = f"Bekräftade uppgifter: {risks} om risk och {protective} om skydd."
        yield Sentence("HÄRLEDD", f"{text} Antalet säger inget om hur allvarligt det är.", self.records)

    def _balance(self) -> Iterator[AreaRow]:
        known = list(self.catalogue.areas(self.case.child_age))
        other = [o.factor.area for o, _ in self._said() if o.factor.area not in known]
        for area in dict.fromkeys([*known, *other]):
            said = self._in_area(area)
            yield AreaRow(
                area,
                risk=tuple(prose.brief(o, talk) for o, talk in said if o.polarity == "risk"),
                protective=tuple(prose.brief(o, talk) for o, talk in said if o.polarity == "protective"),
            )

    def _together(self) -> Iterator[Section]:
        rows = (
            ("new", "Nytt vid det senaste mötet", self.synthesis.new),
            ("changed", "Vad som har ändrats mellan mötena", self.synthesis.changed),
            ("told_differently", "Olika uppgifter om samma sak", self.synthesis.told_differently),
            ("disputed", "Vad någon inte håller med om", self._with_rule(self.synthesis.disputed, _DISPUTE_RULE)),
            ("not_followed_up", "Utlovat och inte uppföljt", self.synthesis.not_followed_up),
            ("limits", "Tidsfrister", self.synthesis.limits),
        )
        for key, heading, sentences in rows:
            if sentences:
                yield Section(key, heading, sentences)

    def _childs_voice(self) -> Iterator[Section]:
        yield Section(
            "childs_voice", "Barnets röst", tuple(self._voice(("child",), _CHILD_RULES)), field="childs_stance"
        )
        yield Section("child_information", "Information till barnet", field="child_information", level=2)

    def _clients_voice(self) -> Iterator[Section]:
        sentences = tuple(self._voice(("client",), ())) + tuple(self._stances(("client",)))
        yield Section("clients_voice", "Den enskildes inställning", sentences, field="clients_stance")

    def _voice(self, standpoints: tuple[str, ...], rules: Sequence[tuple[str, str, str]]) -> Iterator[Sentence]:
        for rule in rules:
            yield from self._rule(rule)
        for person in self._people(standpoints):
            talks = [talk for talk in self.talks if person in talk.speakers]
            who = naming.capital(naming.called(talks[0].meeting, person)) if talks else ""
            if talks:
                count = f"{naming.count(len(talks))} {'möte' if len(talks) == 1 else 'möten'}"
                days = naming.dates([talk.held for talk in talks])
                told = sum(o.speaker == person for o, _ in self._said())
                own = f" Bekräftade uppgifter från {who}: {told}." if told else ""
                cites = tuple(prose.meeting_record(talk) for talk in talks)
                yield Sentence("HÄRLEDD", f"{who} har talat vid {count} ({days}).{own}", cites)
        yield from self._pinned(CHILDS_WORDS, standpoints)
        yield from (s for s in self.synthesis.not_heard if not self._people(standpoints))

    def _people(self, standpoints: tuple[str, ...]) -> list[str]:
        """Ids of those who spoke from one of these standpoints."""
        return list(
            dict.fromkeys(
                person.id
                for talk in self.talks
                for person in talk.meeting.participants
                if person.standpoint in standpoints and person.id in talk.speakers
            )
        )

    def _pinned(self, heading: str, standpoints: tuple[str, ...]) -> Iterator[Sentence]:
        for talk in self.talks:
            for words in talk.pinned:
                if words.heading == heading and talk.meeting.participant(words.quote.speaker).standpoint in standpoints:
                    yield prose.pinned(words, talk)

    def _kept_words(self) -> Iterator[Section]:
        """Words kept verbatim without a place above, such as what was agreed, under the heading chosen for them."""
        told: dict[str, list[Sentence]] = {}
        for talk in self.talks:
            for words in talk.pinned:
                if not self._has_a_place(words.heading, talk.meeting.participant(words.quote.speaker).standpoint):
                    told.setdefault(words.heading, []).append(prose.pinned(words, talk))
        for number, (heading, sentences) in enumerate(told.items()):
            yield Section(f"kept-{number}", heading, tuple(sentences))

    def _has_a_place(self, heading: str, standpoint: str) -> bool:
        voice = "child" if self.case.kind == "child" else "client"
        stance = "guardian" if self.case.kind == "child" else "client"
        return (heading, standpoint) in ((CHILDS_WORDS, voice), (STANCE, stance))

    def _stances(self, standpoints: tuple[str, ...]) -> Iterator[Sentence]:
        yield from self._pinned(STANCE, standpoints)
        for person in self._people(standpoints):
            talks = [talk for talk in self.talks if person in talk.speakers]
            who = naming.capital(naming.called(talks[0].meeting, person))
            days = naming.dates([talk.held for talk in talks])
            yield Sentence(
                "HÄRLEDD", f"{who} har hörts den {days}.", tuple(prose.meeting_record(talk) for talk in talks)
            )

    def _conditions_note(self) -> Iterator[Sentence]:
        text = "Under varje villkor står de bekräftade uppgifter som rör det."
        side = "För och emot följer uppgiftens sort, risk eller skydd, inte hur tungt den väger."
        yield Sentence("HÄRLEDD", f"{text} {side} Om ett villkor är uppfyllt bedömer handläggaren.", self.records)

    def _conditions(self):
        return lay_out(self.ground, self.case, self.talks, self.law, self.on)

    def _communication(self) -> Section:
        sentences = (*self._rule(_COMMUNICATION_RULE), *map(_communicated, self.case.communicated))
        field = "" if self.case.communicated else COMMUNICATION_REASON
        return Section("communication", "Kommunicering", sentences, field=field)

    def _rule(self, rule: tuple[str, str, str]) -> Iterator[Sentence]:
        """A rule in our own words, if the corpus holds it for the case's date; else nothing is said."""
        sfs, section, text = rule
        citation = cited(self.law, sfs, section, self.on)
        if citation is not None:
            yield Sentence("SAMMANSTÄLLNING", text, (LawRef(citation),))

    def _with_rule(self, sentences: tuple[Sentence, ...], rule: tuple[str, str, str]) -> tuple[Sentence, ...]:
        return (*self._rule(rule), *sentences) if sentences else ()

    def _made_with(self) -> Iterator[Sentence]:
        yield Sentence(
            "FAKTA",
            f"AI har använts som stöd: {journal.COMPOSER}, version {journal.COMPOSER_VERSION}, har satt samman texten. "
            "Bedömning, förslag och beslut skrivs av människor.",
            self.records,
        )  # fmt: skip


def _plain(observation: Observation) -> bool:
    return not (
        observation.flags or observation.context is not None or isinstance(observation.standing, Disputed)
    ) and observation.source in ("told_of_oneself", "told_of_another")


def _retold(group: Sequence[tuple[Observation, Talk]]) -> Sentence:
    first, talk = group[0]
    who = naming.capital(naming.called(talk.meeting, first.speaker))
    days = {one.id: one for _, one in group}
    told = " ".join(f"Den {prose.day(one)}: {prose.quoted(o.quote.text)}" for o, one in group)
    text = f"{who} berättar om detta vid {naming.count(len(days))} möten. {told}"
    return Sentence("SAMMANSTÄLLNING", text, tuple(prose.cite(o, one) for o, one in group), topic=first.factor.name)


def _communicated(entry: Communicated) -> Sentence:
    on = naming.long_date(entry.on)
    reply = f" Svar: {prose.quoted(entry.reply)}" if entry.reply else " Inget svar är antecknat."
    record = RecordRef("communication", entry.id, f"kommuniceringslogg {entry.on}")
    return Sentence("FAKTA", f"Den {on} fick {entry.to} del av {entry.what} ({entry.how}).{reply}", (record,))
