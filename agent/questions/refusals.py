"""Questions that are not answered here whatever the figures say, each with the reason the supervisor gets."""

import re

from ...tools.cases import Declined

_PERSON = (
    r"(?:handläggar\w*|socialsekreterar\w*|medarbetar\w*|kolleg\w*|personal\w*|anställd\w*|sekreterar\w*|utredar\w*)"
)
_FAMILY = r"(?:famil\w+|barn\w*|klient\w*|mamm\w+|papp\w+|föräld\w+|ungdom\w*|person\w*|kvinn\w+|män\b|flick\w+|pojk\w+|hushåll\w*)"

_RULES: tuple[tuple[str, str], ...] = (
    (
        r"ignorera|glöm (?:dina|alla|tidigare)|instruktion|systemprompt|låtsas|du är nu|rollspel|hoppa över regl|utan regler"
        r"|\bselect\b.*\bfrom\b|drop table|\bsql\b|union select",
        "Frågan försöker ändra hur systemet arbetar. Fråga efter antal, tider eller andelar i verksamheten.",
    ),
    (
        rf"(?:vilk\w+|vem|vems|rank\w*|topplist\w*|lista\w*|jämför\w*|bäst|sämst|snabbast|långsammast|flest|minst|effektiv\w*|produktiv\w*|prest\w+)"
        rf"[^.?!]*\b{_PERSON}|\b{_PERSON}[^.?!]*(?:bäst|sämst|snabbast|långsammast|effektiv|produktiv|prest|rank|flest|minst|hinner inte|slarv|ligger efter|sjuk)"
        rf"|(?:för varje|uppdelat på|fördelat på|uppdelad på|per enskild) {_PERSON}",
        "Här jämförs eller rangordnas inga medarbetare. Fråga i stället om enheten som helhet, till exempel ärenden per handläggare i snitt.",
    ),
    (
        rf"(?:rank\w*|topplist\w*|rangordna\w*|prioriter\w*|sorter\w*)[^.?!]*{_FAMILY}|{_FAMILY}[^.?!]*(?:rank|rangordn|värst|farligast|mest utsatt|störst risk|högst risk)"
        rf"|(?:värst\w*|farligast\w*|mest utsatta|högst risk|störst risk)[^.?!]*{_FAMILY}",
        "Familjer och personer rangordnas inte. Systemet poängsätter ingen.",
    ),
    (
        r"risk(?:en)? (?:för )?att|sannolikhet\w*|förutse\w*|förutspå\w*|predik\w*|prognos\w*|kommer att (?:bli|behöva|hända|återkomma|omhändertas)"
        r"|hur farlig|riskpoäng|riskniv\w+|riskbedöm\w* (?:av|på|för) |poäng\w*|score|riskklass\w*|hur troligt|gissa|väntas|förväntas|nästa (?:år|månad|kvartal|vecka)|kommande (?:år|månad|kvartal|vecka)\w*",
        "Systemet gör inga förutsägelser, poäng eller risknivåer om människor.",
    ),
    (
        r"\b(?:bör|borde|ska|skall|måste) (?:vi |man |jag |nämnden )?(?:omhänderta|placera|inleda|avsluta|öppna|bevilja|avslå|ansöka|polisanmäla|lvu\w*|avskeda|stänga)"
        r"|vad (?:bör|ska|borde) (?:vi|jag|man) (?:göra|besluta)|ska (?:han|hon|de|barnet|pojken|flickan) (?:omhändertas|placeras|bo|få)|besluta åt|föreslå beslut|rekommendera|ditt råd|vad tycker du",
        "Systemet bedömer och beslutar aldrig, och ger inga råd om beslut. Det gör handläggaren och nämnden.",
    ),
    (
        rf"liknar|liknande (?:ärende|fall|famil)|samma mönster|påminner om (?:ärende|fall|famil)|(?:hitta|sök|leta|visa|lista|ta fram|ge mig|vilka|vilken|vem är|namn på|namnen på|skriv ut)"
        rf"[^.?!]*\b(?:de )?{_FAMILY}\b[^.?!]*\b(?:som|med|där|vars|hos|på)\b|(?:namn|personnummer|adress\w*|telefonnummer)\w* (?:på|till|för|av)|vad heter|vilka (?:famil\w+|barn|klienter|föräldrar|personer|ungdomar) (?:är|har|finns)",
        "Sökning över flera klienter görs bara på namn, personnummer eller ärendenummer (SoLPuF 15 §), inte i uppföljningen.",
    ),
    (
        r"vad (?:sa|sade|berättade|skrev)|citat|ordagrant|journalanteckning\w*|(?:läs|visa|öppna|sammanfatta|skriv ut) (?:upp )?(?:journal|akt|samtal|utredning|anteckning|ärende)\w*|innehåll\w* i (?:ärende|akt|journal)"
        r"|ärende\s*(?:nr|nummer)?\s*\d{2,}|20\d\d-\d{3,}|\d{6,8}-\d{4}",
        "Uppföljningen visar bara sammanställda tal. Innehållet i ett ärende läser den som handlägger det.",
    ),
    (
        r"trovärdig\w*|ljug\w*|ljög|manipul\w*|känslo\w*|humör|stress(?:ad|nivå)|hur (?:arg|ledsen|rädd|mår)",
        "Systemet bedömer varken känslor eller trovärdighet.",
    ),
    (
        r"etnic\w*|etnisk\w*|utländsk bakgrund|utrikesföd\w*|invandr\w*|religi\w*|muslim\w*|kristn\w*|sexuell läggning|hudfärg|ursprung\w*|födelseland|nationalitet\w*|politisk\w*|romsk\w*|somalisk\w*|arab\w*",
        "Uppgifter om ursprung, religion eller läggning sammanställs inte (SoLPuL 7 a §).",
    ),
)


_ABOUT_SOMEBODY = "Frågan gäller en enskild person. Uppföljningen visar enheten, inte vem som gjort vad."
_CAPITALS_ALLOWED = frozenset(
    "SoL SOL LVU LVM FL BBIC IBIC ASI Q1 Q2 Q3 Q4 V Jag Vi Hur Vad Vilka Vilken Antal Andel Och Barn Unga Vuxen".split()  # noqa: SIM905
)


def declined(text: str) -> Declined | None:
    """Why the question (lower case) is not answered, or None."""
    for pattern, why in _RULES:
        if re.search(pattern, text):
            return Declined(why=why)
    load = re.search(r"ärenden|utredningar|fall\b|belast", text) and not re.search(r"tid\b|tider|dagar|andel", text)
    if re.search(rf"per {_PERSON}", text) and not load:
        return Declined(why=_RULES[1][1])
    return None


def names_somebody(question: str, allowed: str) -> Declined | None:
    """A capital letter inside a sentence is a name, unless it stands in `allowed` (unit and area names)."""
    for sentence in re.split(r"[.!?]\s+", question):
        for word in re.findall(r"(?<=\s)[A-ZÅÄÖ][a-zåäöé]+", sentence.strip()):
            if word not in _CAPITALS_ALLOWED and word.lower() not in allowed.lower():
                return Declined(why=_ABOUT_SOMEBODY)
    return None
