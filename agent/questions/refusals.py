"""Questions that are not answered here whatever the figures say, each with the reason the supervisor gets.

A question is refused for what it asks, never for a word it holds: children, families, violence or caseworkers may be
mentioned in any question about how many, how long and how large a share.
"""

import re

from ...knowledge.names import is_first_name
from ...tools.cases import Declined
from .measures import find_measure
from .spelling import mended
from .words import family

_PERSON = r"(?:handläggar|handläggare|socialsekreterar|medarbetar|kolleg|personal|anställd|sekreterar|utredare|utredarn|soc-?sek|tjänstem[aä]n)\w*"
_FAMILY = (
    r"(?:famil\w+|barn(?:et|en)?|klient\w*|mamm\w+|papp\w+|mödr\w+|fäder\w*|föräld\w+|ungdom\w*|person(?:er|en|erna)?|kvinn\w+|män(?:nen)?|flick\w+|"
    r"pojk\w+|hushåll\w*|brukar(?:e|en|na)|unga)(?!\w)"
)
_ADDED_UP = (
    r"(?:antal|andel|hur |procent|statistik|median|medel|snitt|genomsnitt|fördelning|siffr|summa|totalt|tider|tid\b)"
)
_BEST = (
    r"(?:bäst|sämst|snabbast|långsammast|flest|minst|lägst|högst|mest|effektiv\w*|produktiv\w*|prester\w+|rank\w*|slarv\w*|ligger efter|sjuk\w*|"
    r"duktig\w*|dålig\w*|hinner inte|underpresterar|lat|långsam\w*)"
)
_MINORS = r"(?:han|hon|barnet|pojken|flickan|familjen|mamman|pappan|föräldrarna|den unge)"
_DECIDED = (
    r"(?:omhänderta|placera|inleda|avsluta|öppna|bevilja|avslå|ansöka|polisanmäla|lvu|avskeda|stänga|prioritera|flytta)"
)

WORKERS = "Här jämförs eller rangordnas inga medarbetare. Fråga i stället om enheten som helhet, till exempel ärenden per handläggare i snitt."
PERSON = "Frågan gäller en enskild person. Uppföljningen visar enheten, inte vem som gjort vad."

_RULES: tuple[tuple[str, str], ...] = (
    (
        r"ignorera|bortse från|glöm (?:dina|alla|tidigare|allt|vad|reglerna)|dina (?:instruktion|regler)|instruktioner|systemprompt|system prompt|prompten|låtsas|du är nu|"
        r"rollspel|hoppa över regl|utan regler|jailbreak|agera som|ignore (?:all|previous|your)|\bselect\b.*\bfrom\b|drop table|\bsql\b|union select|delete from|<script|"
        r"(?:stäng|slå) av (?:skydd|spärr|logg|filter)|admin(?:istratörs)?läge",
        "Frågan försöker ändra hur systemet arbetar. Fråga efter antal, tider eller andelar i verksamheten.",
    ),
    (
        rf"\b(?:vilk(?:en|a|et)|vem|vems)\b (?:av (?:våra |mina |de )?)?(?:\w+ )?{_PERSON}|\b(?:vem|vilka|vilken) (?:av oss|på enheten|i (?:gruppen|teamet|personalen)|som (?:är|har|jobbar|hinner|gör))"
        rf"|\b(?:rank\w*|rangordn\w*|topplist\w*|lista|namn\w* på)[^.?!]*\b{_PERSON}|\b{_PERSON}[^.?!]*\b{_BEST}|\b{_BEST}[^.?!]{{0,25}}\b{_PERSON}"
        rf"|jämför (?:\w+ )?{_PERSON}|\bvem (?:är|har|gör|som|hinner|ligger|tar|avslutar|får|missar)\b"
        rf"|(?:för varje|uppdela\w* på|fördela\w* på|per enskild\w*|per namngiven|uppdelad\w* per) {_PERSON}|\b(?:enskild\w*|en viss|specifik) {_PERSON}",
        WORKERS,
    ),
    (
        rf"(?:rank\w*|topplist\w*|rangordn\w*|prioriter\w*|sorter\w*)[^.?!]*\b{_FAMILY}|\b{_FAMILY}[^.?!]*(?:rank|rangordn|värst|farligast|mest utsatt|störst risk|högst risk|sämst)"
        rf"|(?:värst\w*|farligast\w*|mest utsatta|högst risk|störst risk|sämst\w*|jobbigast\w*)[^.?!]*\b{_FAMILY}",
        "Familjer och personer rangordnas inte. Systemet poängsätter ingen.",
    ),
    (
        r"\brisk(?:en)? (?:är det )?(?:för )?att\b|sannolikhet\w*|sannolikt|förutse\w*|förutsäg\w*|förutspå\w*|predik\w*|prediktion|prognos\w*"
        r"|kommer att (?:bli|behöva|hända|återkomma|omhändertas|få|anmälas|utredas|öka|minska|ha)|hur farlig|riskpoäng|riskniv\w+|risknivå|riskbedömning\w* (?:av|på|för) "
        r"|\bpoäng\w*|\bscore|riskklass\w*|hur troligt|\bgissa\w*|väntas\b|förväntas|förväntade?\b|nästa (?:år|månad|kvartal|vecka|höst|vår|sommar)\w*|kommande (?:år|månad|kvartal|veck|halvår)\w*"
        r"|om (?:ett|två|tre) år\b|i framtiden|hur stor är risken|löper (?:störst |hög |högst )?risk|i riskzon\w*|imorgon|i morgon",
        "Systemet gör inga förutsägelser, poäng eller risknivåer om människor.",
    ),
    (
        rf"\b(?:bör|borde|ska|skall|måste|kan) (?:vi|man|jag|nämnden|soc|ni) (?:inte |då )?(?:\w+ )?{_DECIDED}(?!s)\b|\b(?:bör|borde|ska|skall|måste) {_MINORS} (?:\w+ )?(?:\w+as|få|bo|flytta|placeras)\b"
        r"|vad (?:bör|ska|borde|skulle) (?:vi|jag|man|du) (?:göra|besluta|välja)|besluta åt|föreslå (?:ett )?beslut|rekommendera\w*|ditt råd|vad tycker du|är det (?:rätt|fel) att"
        r"|(?:räcker|finns) (?:det )?(?:grund|skäl|underlag)\w* för (?:lvu|omhändertagande|placering|insats)|är (?:barnet|han|hon|familjen) i behov",
        "Systemet bedömer och beslutar aldrig, och ger inga råd om beslut. Det gör handläggaren och nämnden.",
    ),
    (
        rf"liknar\b|liknande (?:ärende|fall|famil|barn|utred)|samma mönster|påminner om|\b(?:hitta|sök|leta|visa|lista|ta fram|ge mig|räkna upp|plocka fram|skriv ut)(?:(?!{_ADDED_UP})[^.?!])*?\b{_FAMILY}"
        rf"|\bvilk(?:a|en|et) (?:av )?(?:våra |de |av våra |små |mina )?(?:{_FAMILY}|(?:ärende|utredning|fall|akt|anmälan)(?:n|en|et|na|ar|arna)?\b(?! (?:typ|form)))|\bvem är\b|\bvem(?:s)?\b[^.?!]*\b(?:anmäl|klient|barn|famil)"
        r"|(?:namn|personnummer|adress\w*|telefonnummer)\w* (?:på|till|för|av|hos)|vad heter|heter\b|\b(?:sök|leta|hitta) (?:efter |fram |upp |alla |i )|(?:lista|räkna upp) (?:alla|samtliga|de)\b(?! (?:antal|områden))|namnge\b",
        "Sökning över flera klienter görs bara på namn, personnummer eller ärendenummer (SoLPuF 15 §), inte i uppföljningen.",
    ),
    (
        r"vad (?:sa|sade|berättade|skrev|tyckte) |citat\w*|citera|ordagrant|journalanteckning\w*|(?:läs|sammanfatta|skriv ut|skriv av|återge) (?:upp )?(?:alla |hela )?(?:journal|akt|samtal|utredning|anteckning|ärende)\w*"
        r"|(?:visa|öppna|ta fram) (?:mig )?(?:alla |hela |en |min )?(?:journal\w*|akt(?:en|er|erna)?\b|anteckning\w*|samtalet|utredningen|ärendet|inspelning\w*|transkri\w*)|innehåll\w* i (?:ärende|akt|journal|samtal)"
        r"|ärende\s*(?:nr|nummer)?\s*(?!20\d\d\b)\d{2,}|ärendenummer|20\d\d-(?!20\d\d\b)\d{3,}|\d{6,8}-\d{4}|(?<!\d)(?:19|20)\d{10}(?!\d)",
        "Uppföljningen visar bara sammanställda tal. Innehållet i ett ärende läser den som handlägger det.",
    ),
    (
        r"trovärdig\w*|\bljug\w*|\bljög\w*|manipul\w*|känner sig|känslotillstånd|känsloläge|humör\w*|\bstress\w*|hur (?:arg|ledsen|rädd|mår|nervös)\w*|sinnesstämning|tonläge\w*|kroppsspråk",
        "Systemet bedömer varken känslor eller trovärdighet.",
    ),
    (
        r"etnic\w*|etnisk\w*|utländsk\w* (?:bakgrund|medborgar|härkomst)|utrikesfö\w*|utlandsfö\w*|invandr\w*|nyanländ\w*|religi\w*|muslim\w*|kristn\w*|judisk\w*|judar|sexuell läggning|homosexuell\w*|hbtq\w*|transperson\w*"
        r"|hudfärg\w*|rasifiera\w*|ursprung\w*|födelseland\w*|hemland\w*|nationalitet\w*|medborgarskap\w*|politisk\w*|\bromer\w*|\bromsk\w*|\bsamisk\w*|\bsamer\b|somali\w*|\barab\w*|syrier\w*|afghan\w*|svenskfödda|fackmedlem\w*|modersmål\w*",
        "Uppgifter om ursprung, religion eller läggning sammanställs inte (SoLPuL 7 a §).",
    ),
)  # fmt: skip

_LOAD = family(
    "belast~", "ärendebelast~", "ärende~", "utredningar", "fall", "arbetsbörd~", "har", "tyngd~", "samtal", "anmälning~"
)


def declined(text: str) -> Declined | None:
    """Why the question (lower case) is not answered, or None."""
    for pattern, why in _RULES:
        if re.search(pattern, text):
            return Declined(why=why)
    if re.search(rf"\b(?:per|varje) {_PERSON}", text) and find_measure(text) not in ("load", "cases"):
        return Declined(why=WORKERS)
    return None


_CAPITALS = frozenset(
    """
    SoL SOL LVU LVM FL BBIC IBIC ASI IVO KPI SIP Q1 Q2 Q3 Q4 V Jag Vi Hur Vad Vilka Vilken Vilket Antal Andel Och Barn Unga Vuxen Har Är Kan
    Socialtjänsten Socialstyrelsen Kommunen Nämnden Socialnämnden Enheten Enhet Tolk Hej Tack Mvh Kolada Barnkonventionen Sverige Skolan
    När Om Finns Får Visa Ge Ta Gör Dela Per Men Fast Samma Det De Den Sedan Snälla
    """.split()  # noqa: SIM905
)


def names_somebody(question: str, allowed: str) -> Declined | None:
    """A capital letter inside a sentence is a name unless the word stands in `allowed` or turns a question; so is a first name."""
    for sentence in re.split(r"[.!?:\"”»]\s+", question):
        words = re.findall(r"[^\W\d_]+", sentence)
        for place, word in enumerate(words):
            lower = word.lower()
            if is_first_name(lower, opens=True):
                return Declined(why=PERSON)
            capital = place > 0 and word[0].isupper() and word[1:].islower()
            if capital and word not in _CAPITALS and lower not in allowed.lower() and not _ordinary(lower):
                return Declined(why=PERSON)
    return None


def _ordinary(word: str) -> bool:
    """A word that means something in a question, whatever its first letter."""
    return find_measure(mended(word)) is not None or mended(word) != word or word in _ORDINARY


_ORDINARY = frozenset(
    """
    många lång länge stor förra senaste månad månaden kvartal kvartalet år året vecka veckan idag just nu enskilt hörts
    genomsnitt genomsnittlig median medel procent och per för med till från jämfört under barn barnen familjer inom som
    är var har hade i på av en ett vi våra vår oss det den de ålder åldersgrupp handläggare
    """.split()  # noqa: SIM905
)
