"""What the chat declines, told by what is asked for and not by one wording.

It never decides, scores, predicts, ranks, judges credibility, reads emotion, or writes what only a person writes. Asked
what somebody *said* about any of that, it answers. A language model's words pass the same door on the way out.
"""

import re
from dataclasses import dataclass
from typing import Final, Literal

Why = Literal["decide", "write", "score", "predict", "rank", "credibility", "emotion", "pretend", "other_cases"]

TOLD: Final[dict[Why, str]] = {
    "decide": "Det avgör du, inte jag. Jag lägger fram vad som sagts och vad lagen kräver.",
    "write": "Bedömning, förslag och beslut skriver bara du. Jag fyller aldrig i dem.",
    "score": "Jag sätter inga nivåer eller siffror på risk. Hur tungt något väger bedömer du.",
    "predict": "Jag säger inget om hur det kommer att gå. Det finns inget i ärendet som visar framtiden.",
    "rank": "Jag rangordnar inte människor, uppgifter eller ärenden.",
    "credibility": "Jag bedömer inte vem som talar sanning. Jag visar vem som har sagt vad, och vad någon bestrider.",
    "emotion": "Jag läser inte av känslor, personlighet eller diagnoser. Jag visar vad människor själva har sagt.",
    "pretend": "Jag gör inga bedömningar i någon roll eller på låtsas heller.",
    "other_cases": "Jag ser bara det öppna ärendet och lagen. Andra klienter söker jag inte bland (SoLPuF 15 §).",
}
OFFER: Final = "Jag kan visa de bekräftade uppgifterna, vad som saknas och vilka villkor lagen ställer. Fråga om det."


@dataclass(frozen=True, slots=True)
class Declined:
    """Why a question is not answered, and what is offered instead."""

    why: Why

    @property
    def text(self) -> str:
        return f"{TOLD[self.why]} {OFFER}"


def _any(*parts: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?:{part})" for part in parts))


_PERSON = (
    r"(?:han|hon|hen|de|dem|honom|henne|pappan?s?|mamman?s?|föräldrarna|föräldern|modern|fadern|barnet|barnen|pojken|"
    r"flickan|läraren|familjen|emmas?|jonas|annas?|lenas?|klienten|någon|[a-zåäö]+s uppgift\w*)"
)
_ACT = (
    r"(?:omhänderta\w*|placer\w+|bevilj\w+|avslå\w*|inled\w+|avslut\w+|lägg\w* ner|ingrip\w*|flytt\w+|skilj\w+|"
    r"återförena\w*|anmäl\w+|orosanmäl\w+|polisanmäl\w+|ansök\w+|besluta\w*|bo kvar|stanna kvar|hem igen|skydda\w*|"
    r"insats\w*|åtgärd\w*|kontaktfamilj\w*|vårdnad\w*|umgänge\w*|godkänn\w+|stänga?|bifall\w*|hämta hem)"
)

_REPORT = _any(
    r"\b(?:vad|vem|vilka|vilket|vilken|hur|när|var|har|berättar|nämner|säger|sa|svarade|beskriver|uppger)\b.*\b(?:säger|sa|sade|"
    r"sagt|sägs|berättar|berättat|berättade|nämner|nämnt|nämns|nämndes|uppger|uppgett|uppgav|svarar|svarade|"
    r"svarat|beskriver|beskrivit|beskrev|står|antecknat|antecknats|lovat|lovade|önskar|vill|uttalat|uttryckt|påstår|påstått)\b",
    r"\benligt (?:emma|anna|jonas|lena|mamman?|pappan?|modern|fadern|läraren|barnet|föräldrarna|henne|honom|lagen|utskriften)\b",
    r"\b(?:visa|citera|lista|sök|hitta|läs upp)\b.*\b(?:citat\w*|uppgift\w*|ord|sagt|sa|säger|ställe\w*|skola\w*)\b",
    r"\b(?:anser|tycker|menar|känner|tror) (?:emma|anna|jonas|lena|mamman?|pappan?|läraren|barnet|föräldrarna|hon|han)\b(?! innerst)",
    r"\b(?:omtvistad\w*|bekräftad\w*|motsäger|bestrid\w+|håller inte med)\b",
)
"""Asks for what somebody said or what the record holds."""

_LAW = _any(
    r"\bvad (?:krävs|gäller|säger lagen|säger (?:sol|lvu|lvm|fl)|innebär|betyder|står det i)\b",
    r"\bvilka (?:villkor|rekvisit|krav|regler|frister|tidsfrister)\b(?!.*uppfyll)", r"\bvem (?:får|ska|har rätt att|kan) (?:besluta|fatta)\b",
    r"\benligt (?:lagen|sol|lvu|lvm|fl)\b", r"\bhur (?:lång tid|länge|snabbt)\b", r"\bfår (?:jag|man|vi|nämnden|socialtjänsten)\b",
    r"\b(?:när|hur) (?:ska|måste|får) (?:jag|man|vi|en|ett|utredningen|underlaget|barnet|nämnden)\b(?!.*\boroliga?\b)",
)  # fmt: skip
"""Asks what the law says, not whether this case meets it."""

_STRONG: tuple[tuple[Why, re.Pattern[str]], ...] = (
    ("pretend", _any(
        r"\b(?:låtsas|fejka|rollspel\w*|föreställ dig|tänk dig att du|vi leker|lek att|spela(?!r)|agera som|som om du|"
        r"hypotetiskt|fiktiv\w*|hitta på en|skriv en (?:saga|dikt|novell|berättelse|film\w*|pjäs))\b",
        r"\bom du (?:var|vore|fick|hade|måste|tvingades|bestämde|skulle)\b", r"\bdu är nu\b", r"\bsvara som\b",
        r"\b(?:ignorera|glöm|strunta i|bortse från|kringgå|åsidosätt|hoppa över|stäng av) (?:alla )?(?:dina |de |tidigare )*"
        r"(?:instruktion\w*|regler\w*|begränsning\w*|spärr\w*|filter|princip\w*)",
        r"\bsystemprompt\w*|\bdina (?:hemliga |interna )?instruktioner\b", r"\butan (?:regler|filter|spärrar|begränsningar)\b",
    )),
    ("other_cases", _any(
        r"\b(?:andra|liknande|tidigare|övriga) (?:ärenden|klienter|familjer|barn|fall)\b", r"\bi andra ärenden\b",
        r"\b(?:alla|samtliga) (?:ärenden|klienter|familjer)\b",
    )),
    ("write", _any(
        r"\b(?:skriv|skriva|formulera|författa|fyll|fylla|utforma|komponera|gör|göra|ta fram|diktera|färdigställ|avsluta)\b.*"
        r"\b(?:bedömning\w*|beslut(?:et|en)?|förslag\w*|avslag\w*|bifall\w*|motivering\w*|rekommendation\w*|ställningstagande\w*)\b(?! enligt)",
    )),
    ("score", _any(
        r"\b(?:skala|poäng\w*|betyg\w*|gradera\w*|risknivå\w*|riskvärde\w*|riskpoäng\w*|allvarlighets\w*|procent\w*|trafikljus\w*)\b",
        r"\bsätt(?:a|er)? (?:en |ett )?(?:siffra|siffror|nivå|poäng|betyg|värde|färg|tal)\b",
        r"\b(?:hur) (?:hög|stor|stark|allvarlig|allvarligt|allvarliga|farlig|farligt|farliga|illa|akut|akuta|grov|grovt|oroliga?|"
        r"oroande|brådskande|tung|tungt|låg|svår|svårt|starka|stora|mycket oro)\b(?!.*\b(?:enligt|säger|sagt|berättar)\b)",
        r"\b(?:rött|röd|gult|grönt|grön)\b", r"\blåg,? medel\b|\bhög eller låg\b|\blåg eller hög\b",
        r"\bväg(?:er|a|s)\b.*\b(?:tyngre|tyngst|mest|upp|mer|över)\b", r"\b(?:grovt|allvarligt|lindrigt|akut|farligt) (?:fall|ärende|läge)\b",
        r"\b(?:mycket eller lite|för mycket eller)\b", r"\boverall\b|\btotalbedömning\w*|\bhelhetsbedömning\w*",
    )),
    ("predict", _any(
        r"\b(?:sannolikhet\w*|sannolikt|troligt|troligen|prognos\w*|förutsäg\w*|förutse\w*|framöver|framtid\w*|chans\w*|odds)\b",
        r"\bkommer (?:det |den |" + _PERSON + r" )+(?:\w+ )?att\b", r"\b(?:hända|händer) (?:det )?(?:igen|om|sen|sedan|härnäst)\b",
        r"\bvad händer om\b", r"\b(?:riskerar) " + _PERSON, r"\bräkna med att\b", r"^lär\b", r"\bom (?:ett|fem|tio) år\b",
        r"\b(?:återfall\w*|upprepas)\b.*\?$",
    )),
    ("rank", _any(
        r"\b(?:rangordna\w*|ranka\w*|prioritera\w*|sortera\w*)\b", r"\btopplista\w*",
        r"\b(?:bäst|bästa|sämst|värst|värsta|lämpligast|lämpligaste|farligast|viktigast|viktigaste|starkast|starkaste|allvarligast|"
        r"allvarligaste|tyngst)\b(?!.*\bbarnets bästa\b)", r"\bmest (?:akut\w*|lämplig\w*|allvarlig\w*|farlig\w*|utsatt\w*|trovärdig\w*)\b",
        r"\b(?:bättre|sämre|lämpligare) (?:förälder|hem|mamma|pappa|än|för)\b", r"\bvilket ärende ska jag\b",
    )),
    ("credibility", _any(
        r"\b(?:ljuger|ljugit|ljög|lögn\w*|lögnare|sanning\w*|sanningsenlig\w*|trovärdig\w*|tillförlitlig\w*|pålitlig\w*|inlärd\w*|manipuler\w+|"
        r"överdriv\w+|uppriktig\w*|ärlig\w*|bluff\w*|förställer|simulerar)\b", r"\blita på\b", r"\bhittar?\b.*\bpå\b(?!.*\bgöra\b)",
        r"\bhar rätt\b(?! (?:till|att))", r"\btro(?:r)? (?:du )?(?:på|mer på)\b", r"\btro på\b", r"\bstämmer (?:verkligen|det verkligen)\b",
        r"\b(?:riktiga|rätta|sanna|korrekta) versionen\b|\bversion är\b", r"\bär\b.*\b(?:sann|sant|osann|osant|falsk|falskt|äkta)\b",
        r"\bdölj\w*|\bmörkar?\b", r"\brimlig\w*\b", r"\bskyldig\b(?! att)",
    )),
    ("emotion", _any(
        r"\b(?:tonläge\w*|tonfall\w*|kroppsspråk\w*|känsloläge\w*|sinnesstämning\w*|personlighet\w*|personlighetsdrag\w*|diagnos\w*|psykopat\w*|"
        r"narcissist\w*|alkoholist\w*|missbrukare|aggressiv\w*|deprimerad\w*|nervös\w*|labil\w*|instabil\w*)\b",
        r"\b(?:egentligen|innerst inne|på riktigt|undermedvetet)\b", r"\b(?:lät|låter|verkar|verkade|ser|såg)\b.*\b(?:arg|ledsen|rädd|orolig|glad|"
        r"nervös|stressad|lugn|trygg|ut|påverkad|irriterad|sorgsen)\w*\b", r"\bkänslor\b.*\b(?:röst\w*|hör\w*|visar|beskriv)\b|\bbeskriv\b.*\bkänslor\b",
        r"\b(?:på|i) (?:[a-zåäö]+s )?röst\w*\b",
    )),
    ("decide", _any(
        r"\bvad (?:tycker|anser|tror|föreslår|rekommenderar|säger|hade|skulle|väljer|lutar) du\b", r"\b(?:tycker|anser|bedömer|föreslår|rekommenderar) du\b",
        r"\b(?:ditt|dina|din) (?:råd|förslag|bedömning|slutsats\w*|åsikt\w*|uppfattning|magkänsla|beslut|rekommendation|syn)\b",
        r"\b(?:avgör|bestäm|besluta|bedöm|rekommendera|döm|välj|ta ställning|ta beslut\w*|fatta\w*)\b(?=.*\b(?:åt mig|ärendet|målet|du|åt oss|föräld\w+|"
        r"hemmet|om|en åtgärd|vad|vem|beslut\w*|den|det|mellan)\b)", r"\bdu gör bedömningen\b", r"\b(?:magkänsla|åt vilket håll|lutar)\b",
        r"\b(?:ska|bör|borde|måste|kan|skulle) (?:vi|jag|man|du|nämnden|socialtjänsten|barnen|barnet|emma|han|hon|de)\b.*\b" + _ACT,
        r"\b(?:ja eller nej|ett ord|eller inte)\b.*(?:\?|\.)?$", r"\b(?:räcker|tillräckligt|tillräcklig)\b", r"\bär det (?:läge|dags|rätt|motiverat|befogat|"
        r"nödvändigt|försvarbart|okej|lämpligt)\b", r"\b(?:uppfyll\w+)\b(?=.*\?)", r"\bfinns det (?:skäl|grund|anledning|stöd|tillräckliga skäl)\w*\b.*\b(?:att|för)\b",
        r"\b(?:rätt|bästa|lämplig\w*) (?:insats|beslut|åtgärd|väg|val)\b|\binsats är\b", r"\bbehöver (?:barnet|emma|han|hon|de|vi|jag)\b.*\b" + _ACT,
        r"\b(?:olämplig\w*|lämplig\w*) (?:som )?(?:förälder|föräldrar|vårdnadshavare|hem|mamma|pappa)\b", r"\bi (?:mitt|min|vårt) (?:ställe|sits|läge)\b",
        r"\b(?:skulle|hade) de flesta\b", r"\bdin slutsats\b", r"\bhemmet\b.*\btillräckligt\b", r"\b(?:borde|bör) (?:få|ha|bo|flytta)\b", r"\blugnt låta\b",
        r"\btvingas?\b.*\bvälja\b", r"\bgiss(?:a|ar|ning)\b", r"\bsäg bara\b",
    )),
)  # fmt: skip

_EVEN_WHEN_REPORTED = frozenset(("pretend", "write", "other_cases"))
_ASKS_THE_PROGRAM = _any(
    r"\b(?:du|dig|ditt|din|dina)\b", r"\b(?:gissa|bedöm|avgör|rangordna|gradera|poängsätt|betygsätt|analysera)\b",
    r"\bjag tar ansvaret\b", r"\b(?:ljuger|trovärdig\w*|tillförlitlig\w*|verkligen|uppriktig|rimligt|tyngst|värst|bäst|sannolikhet\w*|risknivå\w*|"
    r"poäng\w*|skala|procent)\b",
)  # fmt: skip


def declines(question: str) -> Declined | None:
    """Why the chat will not answer this, or None where it may. The question is read as a whole, in lower case."""
    text = " ".join(question.lower().split())
    reports = _REPORT.search(text) is not None and _ASKS_THE_PROGRAM.search(text) is None
    law = _LAW.search(text) is not None and _ASKS_THE_PROGRAM.search(text) is None
    for why, pattern in _STRONG:
        if why not in _EVEN_WHEN_REPORTED and (reports or law):
            continue
        if pattern.search(text):
            return Declined(why)
    return None
