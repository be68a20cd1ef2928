"""What the review sees, and that a draft straight from the composer passes it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from handenhet.agent.basis import COMMUNICATION_REASON, compose_basis
from handenhet.agent.cites import ProtestRef
from handenhet.agent.draft import Draft, LeftOut, Sentence
from handenhet.agent.edits import added
from handenhet.agent.journal import compose_journal
from handenhet.agent.material import Pinned, Talk
from handenhet.agent.observation import Confirmed, Rejected
from handenhet.agent.review import Finding, ReviewContext, decision_words, review
from handenhet.agent.written import OwnNote
from handenhet.evals import examples
from handenhet.evals.examples import MARIA
from handenhet.knowledge.factors import catalogue
from handenhet.knowledge.provisions import Provision
from handenhet.knowledge.sources import Quote

TALKS = examples.talks()
CASE = examples.case()


def compose(talks: tuple[Talk, ...] = TALKS, communicated: bool = True) -> Draft:
    case = examples.case(communicated=communicated)
    return compose_basis(case, talks, examples.GROUND, catalogue(), examples.law, examples.ON)


BASIS = compose()


def findings(draft: Draft, talks: tuple[Talk, ...] = TALKS, composed: Draft = BASIS, **changed: Any) -> list[Finding]:
    context = ReviewContext(CASE, talks, examples.law, composed)
    return [finding for finding in review(draft, replace(context, **changed)) if finding.blocks]


def kinds(*arguments: Any, **named: Any) -> set[str]:
    return {finding.kind for finding in findings(*arguments, **named)}


def with_sentence(change: Callable[[Sentence], Sentence], section: str = "Hälsa") -> Draft:
    """The basis with `change` applied to the first sentence of a section."""
    sections = tuple(
        replace(s, sentences=(change(s.sentences[0]), *s.sentences[1:])) if s.heading == section else s
        for s in BASIS.sections
    )
    return replace(BASIS, sections=sections)


def test_what_the_composer_wrote_passes() -> None:
    assert findings(BASIS) == []
    for talk in TALKS:
        draft = compose_journal(CASE, talk, catalogue())
        assert findings(draft, (talk,), draft) == []


@pytest.mark.parametrize("heading", ["Överenskommelser", "Inställning", "Barnets egna ord", "Viktigt för familjen"])
def test_words_kept_verbatim_are_in_the_basis_whoever_said_them_and_under_whatever_heading(heading: str) -> None:
    def kept(talk: Talk) -> tuple[Pinned, ...]:
        first = talk.transcript.utterances[:4]
        return tuple(Pinned(f"k-{talk.id}-{u.id}", Quote(u, 0, 1), heading, MARIA, talk.started) for u in first)

    talks = tuple(replace(talk, pinned=(*talk.pinned, *kept(talk))) for talk in TALKS)
    draft = compose(talks)
    assert {pin.id for talk in talks for pin in talk.pinned} <= draft.cited
    assert findings(draft, talks, draft) == []


def test_empty_fields_are_notices() -> None:
    notices = [f for f in review(BASIS, ReviewContext(CASE, TALKS, examples.law, BASIS)) if not f.blocks]
    assert {"BEDÖMNING är inte ifyllt.", "FÖRSLAG är inte ifyllt.", "BESLUT är inte ifyllt."} <= {
        f.text for f in notices
    }


def test_a_quote_that_is_not_what_stands_there() -> None:
    def other_words(sentence: Sentence) -> Sentence:
        cite = replace(sentence.quotes[0], text="Jag har aldrig svårt att sova.")
        return replace(sentence, cites=(cite,), text="Emma säger: ”Jag har aldrig svårt att sova.”")

    assert "quote_moved" in kinds(with_sentence(other_words))


@pytest.mark.parametrize(
    "moved", [{"utterance": "u99"}, {"first": 1}, {"speaker": "M"}, {"held": date(2026, 11, 14)}, {"who": "modern"}]
)
def test_a_citation_that_points_elsewhere(moved: dict[str, Any]) -> None:
    def elsewhere(sentence: Sentence) -> Sentence:
        return replace(sentence, cites=(replace(sentence.quotes[0], **moved),))

    assert "quote_moved" in kinds(with_sentence(elsewhere))


def test_an_observation_taken_back_after_the_draft_was_written() -> None:
    rejected = TALKS[1].observations[0].with_standing(Rejected(MARIA, TALKS[1].started))
    assert not rejected.stands
    fewer = (TALKS[0], replace(TALKS[1], observations=TALKS[1].observations[1:]), *TALKS[2:])
    assert "not_confirmed" in kinds(BASIS, fewer, compose(fewer))


def test_a_protest_may_not_be_lost() -> None:
    sections = tuple(
        replace(s, sentences=tuple(x for x in s.sentences if not any(isinstance(c, ProtestRef) for c in x.cites)))
        for s in BASIS.sections
    )
    assert "protest_lost" in kinds(replace(BASIS, sections=sections))


def test_a_protest_settled_later_makes_the_draft_old() -> None:
    settled = TALKS[0].observations[0].with_standing(Confirmed(MARIA, TALKS[0].started))
    talks = (replace(TALKS[0], observations=(settled, *TALKS[0].observations[1:])), *TALKS[1:])
    assert "quote_moved" in kinds(BASIS, talks, compose(talks))


def test_law_that_is_not_in_force_or_reads_otherwise_now() -> None:
    def repealed(sfs: str, section: str, on: date) -> Provision | None:
        return None

    def amended(sfs: str, section: str, on: date) -> Provision | None:
        found = examples.law(sfs, section, on)
        return found and replace(found, text="En annan lydelse.")

    assert "law_not_in_force" in kinds(BASIS, law=repealed)
    assert "law_not_in_force" in kinds(BASIS, law=amended)


def test_what_is_left_out_must_be_listed() -> None:
    gone = {s.topic for s in BASIS.sentences if "o-m2-2" in s.observations}
    assert gone

    def without(sentences: tuple[Sentence, ...]) -> tuple[Sentence, ...]:
        return tuple(s for s in sentences if "o-m2-2" not in s.observations)

    sections = tuple(
        replace(
            s,
            sentences=without(s.sentences),
            areas=tuple(replace(a, risk=without(a.risk), protective=without(a.protective)) for a in s.areas),
            conditions=tuple(
                replace(c, speaks_for=without(c.speaks_for), bears_on=without(c.bears_on)) for c in s.conditions
            ),
        )
        for s in BASIS.sections
    )
    draft = replace(BASIS, sections=sections)
    assert [f.place for f in findings(draft) if f.kind == "left_out"] == ["o-m2-2"]
    listed = replace(draft, left_out=(LeftOut("o-m2-2", "m2", "Sömn", "Rör inte frågan."),))
    assert "left_out" not in kinds(listed)


def test_that_somebody_was_not_heard_cannot_be_taken_away() -> None:
    how = BASIS.section("how")
    fewer = replace(how, sentences=tuple(s for s in how.sentences if "inte hörts" not in s.text))
    draft = replace(BASIS, sections=tuple(fewer if s.key == "how" else s for s in BASIS.sections))
    assert kinds(draft) == {"gap_hidden"}


def test_a_count_cannot_be_changed() -> None:
    def more(sentence: Sentence) -> Sentence:
        return replace(sentence, text="Underlaget bygger på nio möten.")

    assert {"derived_differs", "gap_hidden"} <= kinds(with_sentence(more, "Hur utredningen gjorts"))


def test_a_topic_is_the_one_that_was_confirmed() -> None:
    assert "topic_differs" in kinds(with_sentence(lambda s: replace(s, topic="Fysiskt våld mot barnet")))


def test_communication_is_logged_or_a_person_says_why_not(when_noon: datetime) -> None:
    silent = compose(communicated=False)
    assert kinds(silent, composed=silent) == {"communication_missing"}
    told = silent.write(OwnNote(COMMUNICATION_REASON, "Beslutet kan inte vänta.", MARIA, when_noon))
    assert kinds(told, composed=silent) == set()


def test_a_meeting_approved_since_the_draft() -> None:
    first = compose(TALKS[:5])
    assert "outdated" in kinds(first)


@pytest.mark.parametrize(
    "text",
    [
        "Emma bör omhändertas omedelbart.", "Risken bedöms som hög.", "Vi rekommenderar familjehem.",
        "Det är en hög risk för skada.", "Modern är inte trovärdig.", "Rekvisitet är uppfyllt.",
        "Det är sannolikt att det händer igen.", "Risknivå 4.", "Förslag till beslut: vård.", "Fadern ljuger.",
        "Sannolikheten är 80 %.", "Ansökan beviljas.", "Föräldrarna är olämpliga.", "Emma ska placeras i familjehem.",
    ],
)  # fmt: skip
def test_words_that_judge_are_for_people(text: str) -> None:
    assert decision_words(text)
    draft = with_sentence(lambda s: replace(s, text=f"{s.text} {text}"))
    assert "decision_word" in kinds(draft)


@pytest.mark.parametrize(
    "text",
    [
        "Modern säger: ”Det bedöms som hög risk, sa de.”", "Emma berättar om skolan.",
        "Modern har inte hörts.", "Fadern börjar arbeta klockan sex.", "Läraren såg Emma på rasten.",
    ],
)  # fmt: skip
def test_ordinary_words_and_quotes_are_left_alone(text: str) -> None:
    assert decision_words(text) == ()


def test_a_persons_own_words_are_hers() -> None:
    draft = added(BASIS, "how", "Jag bedömer att ett besök till behövs.", MARIA)
    assert findings(draft) == []


def test_findings_never_hold_what_was_said() -> None:
    bad = with_sentence(lambda s: replace(s, text="Fadern säger: ”hemligheten”"))
    assert findings(bad)
    assert "hemligheten" not in repr(findings(bad))
