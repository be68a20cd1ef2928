"""The written sentences themselves: all there, short enough, and nothing in them a child should not read."""

from itertools import product
from typing import get_args

import pytest

from handenhet.agent.child.bands import BANDS, CHILD_BANDS, Band, band_for, last_year, targets
from handenhet.agent.child.phrases import (
    Teller,
    Telling,
    comforts,
    in_tense,
    leads,
    nearer,
    nearer_clauses,
    script,
    tellings,
    variants,
)
from handenhet.agent.child.review import forbidden_in
from handenhet.agent.language import explained, hard_words, sentences, words
from handenhet.knowledge.factors import Factor, catalogue

SPOKEN = [telling for telling in tellings().values() if telling.share not in ("never", "veiled")]
ABOUT = "en vuxen"


def bands_of(factor: Factor) -> tuple[Band, ...]:
    """The bands whose children a circumstance can be logged for."""
    if factor.adult:
        return ("vuxen",)
    upper = factor.age_to or 17
    return tuple(band for band in CHILD_BANDS if factor.age_from <= last_year(band) and upper >= last_year(band) - 2)


def clauses() -> list[tuple[str, Band, str]]:
    return [(t.factor, band, clause) for t in SPOKEN for band in BANDS for clause in t.clause(band)]


def told(clause: str, past: bool) -> str:
    return in_tense(clause, past).format(vuxen=ABOUT, den=ABOUT, ord="din farbror")


def test_every_circumstance_of_the_catalogue_is_written() -> None:
    assert set(tellings()) == {factor.id for factor in catalogue()}


@pytest.mark.parametrize("telling", SPOKEN, ids=lambda telling: telling.factor)
def test_two_variants_in_every_band_that_hears_it(telling: Telling) -> None:
    thin = [
        band
        for band in bands_of(catalogue()[telling.factor])
        if last_year(band) >= telling.from_age and len(telling.clause(band)) < 2
    ]
    assert thin == []


@pytest.mark.parametrize("band", BANDS)
@pytest.mark.parametrize("teller", ["child", "named", "unnamed", "document", "hearsay", "heard"])
def test_every_circumstance_can_be_told_in_a_sentence_short_enough(band: Band, teller: Teller) -> None:
    shortest = min(len(words(way.format(vem="Din bonusmamma"))) for way in leads(band, teller))
    room = targets(band).longest - shortest
    too_long = [
        telling.factor
        for telling in SPOKEN
        if telling.clause(band) and min(len(words(told(clause, past=True))) for clause in telling.clause(band)) > room
    ]
    assert too_long == []


def test_nothing_written_promises_blames_frightens_or_tells_a_secret() -> None:
    texts = [told(clause, past) for (_, _, clause), past in product(clauses(), (False, True))]
    texts += [text for rows in comforts().values() for group in rows.values() for text in group]
    texts += [told(clause, False) for telling in SPOKEN for clause in nearer_clauses(telling.factor)]
    texts += fixed_texts()
    assert {text: forbidden_in(text) for text in texts if forbidden_in(text)} == {}


def test_no_hard_word_goes_unexplained_in_any_band() -> None:
    found: list[tuple[str, str]] = []
    for band in BANDS:
        texts = [told(clause, False) for _, where, clause in clauses() if where == band]
        texts += [text for rows in comforts().values() for text in rows.get(band, ())]
        texts += fixed_texts(band)
        for text in texts:
            found += [(band, word) for word, hard in hard_words(text, last_year(band)) if not explained(text, hard)]
    assert found == []


@pytest.mark.parametrize("band", BANDS)
def test_fixed_information_keeps_to_the_sentence_length_of_its_band(band: Band) -> None:
    long = [s for text in fixed_texts(band) for s in sentences(text) if len(words(s)) > targets(band).longest]
    assert long == []


def test_where_the_paper_can_be_dangerous_no_adult_is_named() -> None:
    named = [
        clause
        for telling in SPOKEN
        if telling.careful and catalogue()[telling.factor].polarity == "risk"
        for group in telling.clauses.values()
        for clause in group
        if "{vuxen}" in clause or "mamma" in clause or "pappa" in clause
    ]
    assert named == []


def test_both_tenses_come_from_one_clause() -> None:
    assert in_tense("du [har|hade] ont", past=False) == "du har ont"
    assert in_tense("du [har|hade] ont", past=True) == "du hade ont"


@pytest.mark.parametrize(
    ("factor", "quote", "band", "says"),
    [
        ("B-HAL-R3", "Varje natt vaknar jag kvart över tre", "7-9", "sova"),
        ("B-HAL-R3", "jag får inte ner någon frukost", "13-15", "äta"),
        ("B-SOC-S2", "Morfar. Han svarar alltid.", "7-9", "morfar"),
        ("B-SOC-S2", "Min farbror Yusuf. Han va den första jag ringde.", "13-15", "din farbror"),
        ("V-BOE-R1", "jag sover på en soffa hos en kompis", "vuxen", "tillfälligt"),
    ],
)
def test_the_quote_gives_nearer_words(factor: str, quote: str, band: Band, says: str) -> None:
    assert says in " ".join(nearer(factor, quote, band))


@pytest.mark.parametrize(
    ("factor", "quote"),
    [
        ("B-HAL-R3", "jag varken sover eller äter"),
        ("B-SOC-S2", "mormor och morfar"),
        ("B-HAL-R3", "det är som det är"),
    ],
)
def test_an_unclear_quote_keeps_the_general_words(factor: str, quote: str) -> None:
    assert nearer(factor, quote, "10-12") == ()


@pytest.mark.parametrize(
    ("age", "band"), [(0, "0-6"), (6, "0-6"), (7, "7-9"), (12, "10-12"), (13, "13-15"), (16, "16-17"), (20, "16-17")]
)
def test_the_band_follows_from_age(age: int, band: Band) -> None:
    assert band_for(age) == band
    assert band_for(None) == "vuxen"


def fixed_texts(band: Band | None = None) -> list[str]:
    """Every fixed variant, of one band or of all, with its holes filled."""
    keys = (
        "opening_together",
        "opening_apart",
        "who_i_am",
        "nothing",
        "decide",
        "say",
        "ask",
        "phone",
        "helpline",
        "veiled",
    )
    stages = ("samtal", "forhandsbedomning", "utredning", "uppfoljning")
    found: list[str] = []
    for one in BANDS if band is None else (band,):
        found += [text for key in keys for text in variants(key, one)]
        found += [text for stage in stages for text in variants("next", one, stage)]
        found += [text for part in ("hard", "good") for text in variants("bridge", one, part)]
        if one == "0-6":
            found += [text for key in ("three", "more") for rows in script()[key].values() for text in rows]
    return [text.format(namn=", Emma", jag="Anna", telefon="08-123 45 67") for text in found]


YOU = frozenset(("du", "dig", "din", "ditt", "dina", "ni", "er"))


@pytest.mark.parametrize("band", CHILD_BANDS)
def test_every_circumstance_can_be_told_within_the_band_whoever_told_it(band: Band) -> None:
    """Somebody else's words are told with the clauses that speak of the child, where there are any."""
    too_long: list[tuple[str, str]] = []
    for (factor, telling), past, teller in product(tellings().items(), (False, True), get_args(Teller)):
        clauses = [in_tense(clause, past) for clause in telling.clause(band)]
        if teller != "child":
            clauses = [clause for clause in clauses if YOU & set(words(clause))] or clauses
        told = [f"{lead.format(vem='mamma')} {clause}" for lead in leads(band, teller) for clause in clauses]
        if told and min(len(words(text)) for text in told) > targets(band).longest:
            too_long.append((factor, teller))
    assert too_long == []
