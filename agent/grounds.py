"""A legal ground laid out condition by condition: statements that bear on each, and topics nobody has touched.

Which side a statement stands on follows from its kind, risk or protective, and only where the condition asks for harm
or need. Whether a condition is met is never said.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from ..knowledge.prerequisites import Condition, Ground
from . import naming, prose
from .cites import LawRef
from .draft import ConditionRow, Sentence
from .material import CaseFile, LawOn, Talk, cited
from .observation import Observation
from .synthesis import case_record

_ASK_FOR_HARM_OR_NEED = frozenset(
    (
        "lvu-1-2/forhallande", "lvu-1-2/risk", "lvu-1-3/beteende", "lvu-1-3/risk",
        "lvu-6/sannolikt", "lvu-6/inte-vanta", "lvu-13/behov", "lvu-22/beteende",
        "lvm-4/missbruk", "lvm-4/vardbehov", "lvm-4/halsa", "lvm-4/liv", "lvm-4/skada", "lvm-13/sannolikt",
        "lvm-13/inte-vanta", "lvm-13/overhangande", "sol-11-1/behov", "sol-11-1/inte-sjalv", "sol-11-1/inte-annars",
        "sol-12-1/behov", "sol-12-1/inte-sjalv", "sol-12-1/inte-annars", "sol-20-2/atgard", "sol-20-3/behov",
    )
)  # fmt: skip
"""Conditions where statements of risk speak for and protective ones against. For all others they only bear on it."""

_AGE = frozenset(("under-18", "alder", "underarig", "under-12", "tolv", "femton", "barn-samtycke", "samtycke-unge"))
_VOICE = frozenset(("rost", "barnets-rost"))

Said = tuple[Observation, Talk]


def lay_out(ground: Ground, case: CaseFile, talks: Sequence[Talk], law: LawOn, on: date) -> Iterator[ConditionRow]:
    """A row a condition, in the ground's order."""
    said = [(observation, talk) for talk in talks for observation in talk.observations]
    for condition in ground.conditions:
        here = [one for one in said if one[0].factor.area in condition.areas]
        directed = f"{ground.id}/{condition.id}" in _ASK_FOR_HARM_OR_NEED
        yield ConditionRow(
            id=condition.id,
            condition=_condition(condition, case, law, on),
            speaks_for=_told(here, "risk") if directed else (),
            speaks_against=_told(here, "protective") if directed else (),
            bears_on=(*_known(condition, case, talks), *(() if directed else _told(here))),
            missing=tuple(_missing(condition, here, case, talks)),
        )


def _condition(condition: Condition, case: CaseFile, law: LawOn, on: date) -> Sentence:
    text = naming.capital(condition.text.rstrip(" .,")) + "."
    citation = cited(law, condition.sfs, condition.section, on)
    if citation is not None:
        return Sentence("SAMMANSTÄLLNING", text, (LawRef(citation),))
    # Still shown, as an open question: silence in the corpus must not make a condition disappear.
    gone = f"Lagrummet ({condition.sfs}, {condition.section}) finns inte i lagsamlingen för {on}."
    return Sentence("HÄRLEDD", f"{text} {gone}", (case_record(case),))


def _told(said: Iterable[Said], polarity: str = "") -> tuple[Sentence, ...]:
    return tuple(prose.brief(o, talk) for o, talk in said if not polarity or o.polarity == polarity)


def _known(condition: Condition, case: CaseFile, talks: Sequence[Talk]) -> Iterator[Sentence]:
    """What the record itself tells: the age, and when the child has spoken."""
    if condition.id in _AGE and case.age is not None:
        yield Sentence("HÄRLEDD", f"Ålder enligt ärendet: {case.age} år.", (case_record(case),))
    if condition.id in _VOICE:
        spoke = [talk for talk in talks if _child_spoke(talk)]
        if spoke:
            days = naming.dates([talk.held for talk in spoke])
            records = tuple(prose.meeting_record(talk) for talk in spoke)
            yield Sentence("HÄRLEDD", f"{naming.capital(prose.child_of(spoke[0]))} har talat den {days}.", records)


def _child_spoke(talk: Talk) -> bool:
    return any(person.standpoint == "child" and person.id in talk.speakers for person in talk.meeting.participants)


def _missing(condition: Condition, here: Sequence[Said], case: CaseFile, talks: Sequence[Talk]) -> Iterator[Sentence]:
    records = tuple(prose.meeting_record(talk) for talk in talks) or (case_record(case),)
    touched = {observation.factor.area for observation, _ in here}
    left = [area for area in condition.areas if area not in touched]
    if left:
        yield Sentence("HÄRLEDD", f"Ej berört: {naming.listed([naming.small(area) for area in left])}.", records)
    if not condition.areas and not tuple(_known(condition, case, talks)):
        yield Sentence("HÄRLEDD", "Mötena ger ingen uppgift om detta. Handläggaren klarlägger det.", records)
