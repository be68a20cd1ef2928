"""Does every child's version keep to its band, keep its facts, and say nothing it must not?

Two sources: confirmed sets made by chance from the catalogue, with a seed, and the labelled training meetings with
their gold taken as confirmed. The forbidden words that are counted are the review's own, so that figure says that the
written sentences hold to our list, not that the list is complete; a person has to read the texts too. The planted
errors have the same author as the review.
"""

import argparse
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import yaml

from ..agent.child import (
    BANDS,
    Band,
    ChildVersion,
    RewrittenSentence,
    TalkFacts,
    band_for,
    compose_child_version,
    targets,
)
from ..agent.child.review import forbidden_in, review_rewriting
from ..agent.language import readability
from ..agent.observation import Confirmed, Flag, Observation, Person, Proposer, Source
from ..knowledge.factors import Factor, catalogue
from ..knowledge.participants import Meeting, Participant
from ..knowledge.quotes import find_quote
from ..knowledge.sources import Quote, utterance_of_text
from .corpus import CASES, LabelledMeeting, load

SEED = 20261122
SETS = 300
_BY = Person("eval", "Utvärdering", "socialsekreterare")
_AT = datetime(2026, 1, 1, tzinfo=UTC)
_PROPOSER = Proposer("gold", "1")
_PEOPLE = {
    "S": Participant("S", "socialsekreterare"),
    "B": Participant("B", "barn"),
    "M": Participant("M", "mamma"),
    "P": Participant("P", "pappa"),
    "L": Participant("L", "lärare"),
    "F": Participant("F", "mormor"),
    "K": Participant("K", "klient"),
}
_QUOTES = (
    "det är så det är",
    "jag sover inte och jag är hungrig",
    "mormor hämtar oss varje fredag",
    "han blir arg och slår i väggen",
    "vi har samma jacka",
    "jag går på fotboll på onsdagar",
    "ibland gråter jag",
    "hon dricker när det är helg",
)
_ABOUT = ("barn", "barn", "mamma", "pappa", "förälder", "annan-vuxen", "familj", "syskon")
_SOURCES: tuple[Source, ...] = ("told_of_oneself", "told_of_oneself", "told_of_another", "seen", "hearsay", "document")


@dataclass(frozen=True, slots=True)
class Tally:
    """How many of how many; `share` is None when nothing was tried, which is not zero."""

    hit: int = 0
    of: int = 0

    @property
    def share(self) -> float | None:
        return self.hit / self.of if self.of else None

    def add(self, hit: bool) -> "Tally":
        return Tally(self.hit + hit, self.of + 1)


@dataclass(frozen=True, slots=True)
class Group:
    """Figures over some versions. `in_band` by our measure, `in_band_whole` with the child's own words measured too.

    `kept`: every chosen observation carried and every other listed with a reason. `clean`: no forbidden words and no
    blocking finding. `told` and `observations` count observations, `why_not` the reasons for those not told.
    """

    in_band: Tally = Tally()
    in_band_whole: Tally = Tally()
    kept: Tally = Tally()
    clean: Tally = Tally()
    distinct: int = 0
    told: int = 0
    observations: int = 0
    why_not: Mapping[str, int] = field(default_factory=dict[str, int])


@dataclass(frozen=True, slots=True)
class ChildResult:
    """The suite's figures: by band over the made-up sets, over the corpus, and planted errors by kind."""

    made_up: Mapping[Band, Group]
    corpus: Mapping[Band, Group]
    planted: Mapping[str, Tally]
    false_alarms: Tally
    retellings_refused: Tally


def run(sets: int = SETS, seed: int = SEED, folder: Path = CASES / "train") -> ChildResult:
    """The whole suite; some seconds, offline, the same every time."""
    made_up = [compose(observations, meeting) for observations, meeting in synthetic(sets, seed)]
    corpus = [compose(confirmed(labelled), labelled.meeting) for labelled in load(folder)]
    planted, alarms = plant([version for _, version in made_up])
    return ChildResult(by_band(made_up), by_band(corpus), planted, alarms, retellings())


Composed = tuple[tuple[Observation, ...], ChildVersion]


def compose(observations: Iterable[Observation], meeting: Meeting) -> Composed:
    found = tuple(observations)
    return found, compose_child_version(found, TalkFacts(meeting, caseworker="Anna", phone="08-123 45 67"))


def synthetic(sets: int, seed: int) -> Iterator[tuple[tuple[Observation, ...], Meeting]]:
    """Meetings about children of every age and about adults, with circumstances drawn by chance."""
    chance = random.Random(seed)
    for number in range(sets):
        age = None if number % 12 == 0 else chance.randrange(18)
        who = "SK" if age is None else chance.choice(("SB", "SBM", "SBMP", "SM", "SMPL", "SBL", "SBF"))
        meeting = Meeting(f"made-{number}", "samtal", age, tuple(_PEOPLE[letter] for letter in who))
        speakers = [letter for letter in who if letter != "S"]
        factors = list(catalogue().for_age(age))
        count = chance.randint(0, 12)
        yield tuple(_drawn(chance, meeting, place, speakers, factors) for place in range(count)), meeting


def _drawn(
    chance: random.Random, meeting: Meeting, place: int, speakers: list[str], factors: list[Factor]
) -> Observation:
    factor = chance.choice(factors)
    utterance = utterance_of_text(f"u{place}", place, chance.choice(speakers), chance.choice(_QUOTES))
    flags: set[Flag] = set()
    if chance.random() < 0.15:
        flags.add("past")
    if chance.random() < 0.1:
        flags.add("uncertain")
    return Observation(
        f"{meeting.id}-o{place}", meeting.id, factor, Quote(utterance, 0, len(utterance.words)), chance.choice(_ABOUT),
        chance.choice(_SOURCES), _PROPOSER, frozenset(flags), standing=Confirmed(_BY, _AT),
    )  # fmt: skip


def confirmed(labelled: LabelledMeeting) -> Iterator[Observation]:
    """The gold of a labelled meeting as if the room had confirmed all of it."""
    for number, gold in enumerate(labelled.gold):
        quote = find_quote(labelled.transcript.utterances[gold.utterance], gold.quote)
        if quote is not None:
            yield Observation(
                f"{labelled.meeting.id}-o{number}", labelled.meeting.id, gold.factor, quote, gold.about, gold.source,
                _PROPOSER, gold.flags, standing=Confirmed(_BY, _AT),
            )  # fmt: skip


def by_band(composed: Iterable[Composed]) -> dict[Band, Group]:
    groups: dict[Band, list[Composed]] = {band: [] for band in BANDS}
    for observations, version in composed:
        groups[version.band].append((observations, version))
    return {band: _group(rows) for band, rows in groups.items()}


def _group(rows: list[Composed]) -> Group:
    group = Group()
    reasons: Counter[str] = Counter()
    for observations, version in rows:
        limits = targets(version.band)
        carried = {id for sentence in version.sentences for id in sentence.observations}
        listed = {left.observation for left in version.left_out}
        reasons.update(left.reason for left in version.left_out)
        group = replace(
            group,
            in_band=group.in_band.add(not limits.broken(version.readability)),
            in_band_whole=group.in_band_whole.add(not limits.broken(readability(version.text))),
            kept=group.kept.add(carried == set(version.told) and carried | listed == {o.id for o in observations}),
            clean=group.clean.add(not version.blocking and not any(map(forbidden_in, _ours(version)))),
            told=group.told + len(version.told),
            observations=group.observations + len(observations),
        )
    return replace(group, distinct=len({version.text for _, version in rows}), why_not=dict(reasons))


def _ours(version: ChildVersion) -> Iterator[str]:
    return (sentence.text for sentence in version.sentences if sentence.kind != "own_words")


_PLANTS = {
    "promise": " Jag lovar att det blir bra.",
    "outcome": " Du kommer att få flytta.",
    "blame": " Det är ditt fel.",
    "frightening": " Det var blod överallt.",
    "secret": " Det var din lärare som gjorde en anmälan.",
    "number": " Det var tolv gånger.",
    "name": " Även Leopold var där.",
}
"""A sentence that a model might add, by what is wrong with it."""


def plant(versions: Iterable[ChildVersion]) -> tuple[dict[str, Tally], Tally]:
    """Share of planted errors that the review blocks, and of untouched texts that it blocks wrongly."""
    caught = {kind: Tally() for kind in (*_PLANTS, "dropped", "teller", "negation")}
    alarms = Tally()
    for version in versions:
        same = [RewrittenSentence(s.text, s.rests_on or (s.fixed,)) for s in version.sentences]
        alarms = alarms.add(_blocked(version, same))
        place = next((n for n, s in enumerate(version.sentences) if s.kind == "fact"), None)
        if place is None:
            continue
        for kind, changed in _changed(same, place):
            caught[kind] = caught[kind].add(_blocked(version, changed))
    return caught, alarms


def _changed(same: list[RewrittenSentence], place: int) -> Iterator[tuple[str, list[RewrittenSentence]]]:
    def put(text: str) -> list[RewrittenSentence]:
        return [replace(s, text=text) if n == place else s for n, s in enumerate(same)]

    text = same[place].text
    for kind, more in _PLANTS.items():
        yield kind, put(text + more)
    yield "dropped", [s for n, s in enumerate(same) if n != place]
    if text.startswith("Du "):
        yield "teller", put("Farfar " + text.removeprefix("Du "))
    if " inte " in text:
        yield "negation", put(text.replace(" inte ", " ", 1))
    elif " att du " in text:
        yield "negation", put(text.replace(" att du ", " att du inte ", 1))


def retellings() -> Tally:
    """How many faithful sentences, written by hand, the review refuses wrongly (`cases/child/retellings.yaml`)."""
    rows = yaml.safe_load((CASES.parent / "child" / "retellings.yaml").read_text("utf-8"))
    refused = Tally()
    for age, factor, speaker, quote, text in rows:
        meeting = Meeting("retold", "samtal", int(age), tuple(_PEOPLE[letter] for letter in "SBM"))
        said = utterance_of_text("u0", 0, str(speaker), str(quote))
        source: Source = "told_of_oneself" if speaker == "B" else "told_of_another"
        observation = Observation(
            "o0", "retold", catalogue()[str(factor)], Quote(said, 0, len(said.words)), "barn", source, _PROPOSER,
            standing=Confirmed(_BY, _AT),
        )  # fmt: skip
        version = compose_child_version([observation], TalkFacts(meeting), quote_child=False)
        changed = [
            RewrittenSentence(str(text) if s.rests_on == ("o0",) else s.text, s.rests_on or (s.fixed,))
            for s in version.sentences
        ]
        refused = refused.add(_blocked(version, changed))
    return refused


def _blocked(version: ChildVersion, changed: list[RewrittenSentence]) -> bool:
    return any(finding.blocking for finding in review_rewriting(version, changed))


def table(result: ChildResult) -> str:
    """The figures as lines a person reads."""
    lines = [
        f"{'':10}{'band':>8}{'n':>6}{'i bandet':>10}{'m. citat':>10}{'behållet':>10}{'rent':>8}{'olika':>7}"
        f"{'berättat':>12}"
    ]
    for name, groups in (("påhittade", result.made_up), ("korpus", result.corpus)):
        for band, group in groups.items():
            shares = "".join(
                _share(t, w)
                for t, w in ((group.in_band, 10), (group.in_band_whole, 10), (group.kept, 10), (group.clean, 8))
            )
            told = f"{group.told}/{group.observations}"
            lines.append(f"{name:10}{band:>8}{group.in_band.of:>6}{shares}{group.distinct:>7}{told:>12}")
    lines.append("planterade fel som stoppas: " + ", ".join(f"{k} {t.hit}/{t.of}" for k, t in result.planted.items()))
    lines.append(f"falska larm på orörd text: {result.false_alarms.hit}/{result.false_alarms.of}")
    lines.append(f"trogna omskrivningar som stoppas: {result.retellings_refused.hit}/{result.retellings_refused.of}")
    return "\n".join(lines)


def _share(tally: Tally, width: int) -> str:
    return f"{'-' if tally.share is None else f'{tally.share:.1%}':>{width}}"


def main() -> None:
    """`python -m handenhet.evals.child`: the table, and with `--show N` some texts to read as the child would."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sets", type=int, default=SETS)
    parser.add_argument("--show", type=int, default=0, help="print this many corpus texts a band")
    asked = parser.parse_args()
    if asked.show:
        shown: Counter[Band] = Counter()
        for labelled in load(CASES / "train"):
            band = band_for(labelled.meeting.child_age)
            shown[band] += 1
            if shown[band] <= asked.show:
                print(f"== {labelled.meeting.id} ({band})\n{compose(confirmed(labelled), labelled.meeting)[1].text}\n")
    print(table(run(asked.sets)))


if __name__ == "__main__":
    main()
