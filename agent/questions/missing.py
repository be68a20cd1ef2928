"""What supervisors ask about that follow-up does not hold. Saying so is better than leaving a condition out unsaid."""

import re

from ...tools.cases import Unclear
from .words import family

_REPORTER = r"(?:skol|försk|polis|sjukvård|vården|bup|bvc|tandvård|anhörig|grann|allmänhet|socialjour|hälso|region|privatperson|anonym|kommuninvånar)"
_MISSING: tuple[tuple[re.Pattern[str], str], ...] = (
    (
        family(f"(?:från|av|via) (?:den |en |alla )?{_REPORTER}~", "vem (?:som )?anmäl~", "anmälare~", "vilka (?:som )?anmäler", "anonyma", "anonymt",
               f"{_REPORTER}\\w* (?:som |har )?anmäl~", "anmält av~", "självanmäl~"),
        "Vem som har anmält finns inte i uppföljningen.",
    ),
    (
        family("pojk~", "flick~", "kille~", "tjej~", "kön", "könsuppdel~", "könsfördel~", "män", "kvinn~", "mammor", "pappor"),
        "Kön finns inte i uppföljningen.",
    ),
    (
        family("lvu~", "lvm~", "placera~", "placering~", "familjehem~", "hvb~", "jourhem~", "insats~", "öppenvård~", "kontaktfamil~", "kontaktperson~",
               "omhänderta~", "åtgärd~", "bistånd(?!\\w)", "biståndsbeslut", "beviljad~", "beviljat", "avslag", "ungdomstjänst", "polisanmäl~", "delegation~", "överklag~", "vårdnad",
               "boendestöd~", "stödboende~", "behandling~"),
        "Insatser, placeringar och beslut finns inte i uppföljningen.",
    ),
    (family("kosta~", "kostnad~", "budget~", "kronor", "kr", "tkr", "pengar", "dyr~", "ekonomiskt utfall"), "Kostnader finns inte i uppföljningen."),
    (family("återaktualis~", "återkom~", "återanmäl~", "upprepa~", "flera gånger", "mer än en gång", "unika"), "Upprepade anmälningar om samma barn räknas inte i uppföljningen."),
    (family("sjukfrånvar~", "sjukskriv~", "personalomsätt~", "vakan~", "bemanning~", "övertidstimm~", "heltid~", "hur många (?:handläggare|socialsekreterare|anställda) (?:har|är|jobbar)"), "Personaluppgifter finns inte i uppföljningen."),
    (family("syskon~", "ensamståend~", "familjerätt~", "umgängesrätt", "nöjd~", "enkät~", "brukarnöjd~", "kvalitet~"), "Det finns inte i uppföljningen."),
    (re.compile(r"(?:andel\w*|procent\w*|hur stor del)[^.?!]*(?:anmäl\w+|förhandsbed\w+)[^.?!]*(?:led\w* till|gick till|gått till|resulter\w*|blev|blir|mynna\w*)"),
     "Andelen anmälningar som blev utredning räknas inte ut här; antalen finns var för sig."),
)  # fmt: skip
CHOICES = ("Hur många orosanmälningar kom in i år?", "Hur många utredningar inleddes i år?")


def not_held(text: str) -> Unclear | None:
    """That something the question turns on is not there to count, or None."""
    for pattern, why in _MISSING:
        if pattern.search(text):
            return Unclear(why=why, choices=CHOICES)
    return None
