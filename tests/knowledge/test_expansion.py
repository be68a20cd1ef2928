"""A question in more than one wording: hits fused, citations left alone, silence from the model harmless."""

from dataclasses import dataclass, field

from handenhet.knowledge.expansion import ExpandedLaw
from handenhet.knowledge.index import Answer, Hit, Query
from handenhet.knowledge.provisions import Provision

from .law_samples import TODAY


def hit(section: str) -> Hit:
    return Hit(Provision("2025:400", section, "", "text", "statute", short="SoL"), 1.0, "question")


@dataclass
class Scripted:
    """Answers by wording, and remembers what it was asked."""

    answers: dict[str, tuple[str, ...]]
    asked: list[str] = field(default_factory=list[str])

    def search(self, query: Query) -> Answer:
        self.asked.append(query.text)
        return Answer(tuple(hit(section) for section in self.answers.get(query.text, ()))[: query.top], ("obs",))


def sections(answer: Answer) -> list[str]:
    return [h.provision.section for h in answer.hits]


def test_what_several_wordings_agree_on_comes_first() -> None:
    law = Scripted({"lekmannaord": ("1 §", "2 §"), "lagens ord": ("3 §", "2 §")})
    answer = ExpandedLaw(law, lambda _: ("lagens ord",)).search(Query("lekmannaord", TODAY, top=3))
    assert sections(answer) == ["2 §", "1 §", "3 §"]
    assert answer.notices == ("obs",)


def test_a_citation_is_not_rewritten() -> None:
    law = Scripted({"LVU 6 §": ("6 §",)})
    answer = ExpandedLaw(law, lambda _: ("något annat",)).search(Query("LVU 6 §", TODAY))
    assert (sections(answer), law.asked) == (["6 §"], ["LVU 6 §"])


def test_without_phrases_the_answer_is_the_plain_one() -> None:
    law = Scripted({"fråga": ("1 §",)})
    assert sections(ExpandedLaw(law, lambda _: (" ",)).search(Query("fråga", TODAY))) == ["1 §"]
