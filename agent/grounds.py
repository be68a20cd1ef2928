"""A legal ground as its separate conditions, and which topics speak for, against or are missing. Never an outcome."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from ..knowledge.factors import Catalogue
from . import naming, prose
from .cites import LawRef
from .draft import ConditionRow, Sentence
from .material import CaseFile, LawOn, Talk, cited
from .observation import Observation
from .synthesis import case_record


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition in our own words, citable. `speaks_for`/`speaks_against` are ids of factors that concern it.

    `asks` are topics the material should touch that no factor covers; they are always listed for the caseworker.
    """

    id: str
    text: str
    sfs: str
    section: str
    speaks_for: frozenset[str] = frozenset()
    speaks_against: frozenset[str] = frozenset()
    asks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ground:
    """A legal ground a decision basis meets, such as LVU 1 and 2 §§."""

    id: str
    title: str
    conditions: tuple[Condition, ...]


def lay_out(
    ground: Ground, case: CaseFile, talks: Sequence[Talk], catalogue: Catalogue, law: LawOn, on: date
) -> Iterator[ConditionRow]:
    """Each condition with the statements for it and against it, and the topics nobody has touched."""
    said = [(observation, talk) for talk in talks for observation in talk.observations]
    for condition in ground.conditions:
        yield ConditionRow(
            id=condition.id,
            condition=_condition(condition, case, law, on),
            speaks_for=tuple(_told(said, condition.speaks_for)),
            speaks_against=tuple(_told(said, condition.speaks_against)),
            missing=tuple(_missing(condition, [o for o, _ in said], case, talks, catalogue)),
        )


def _condition(condition: Condition, case: CaseFile, law: LawOn, on: date) -> Sentence:
    citation = cited(law, condition.sfs, condition.section, on)
    if citation is None:
        # Still shown, as an open question: silence in the corpus must not make a condition disappear.
        text = f"{condition.text} Lagrummet ({condition.sfs}, {condition.section}) finns inte i lagsamlingen för {on}."
        return Sentence("HÄRLEDD", text, (case_record(case),))
    return Sentence("SAMMANSTÄLLNING", condition.text, (LawRef(citation),))


def _told(said: Iterable[tuple[Observation, Talk]], factors: frozenset[str]) -> Iterator[Sentence]:
    for observation, talk in said:
        if observation.factor.id in factors:
            yield prose.brief(observation, talk)


def _missing(
    condition: Condition, observations: Sequence[Observation], case: CaseFile, talks: Sequence[Talk],
    catalogue: Catalogue,
) -> Iterator[Sentence]:  # fmt: skip
    records = tuple(prose.meeting_record(talk) for talk in talks) or (case_record(case),)
    heard = {observation.factor.id for observation in observations}
    for side, factors in (("för", condition.speaks_for), ("emot", condition.speaks_against)):
        names = [catalogue[id].name for id in sorted(factors - heard) if id in catalogue and _fits(id, case, catalogue)]
        if names:
            topics = naming.listed([name[:1].lower() + name[1:] for name in names])
            yield Sentence("HÄRLEDD", f"Ej berört, {side}: {topics}.", records)
    for topic in condition.asks:
        yield Sentence("HÄRLEDD", f"Att klarlägga: {topic}.", records)


def _fits(id: str, case: CaseFile, catalogue: Catalogue) -> bool:
    return catalogue[id].fits(case.child_age)
