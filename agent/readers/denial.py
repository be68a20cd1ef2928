"""Words that say a circumstance is not so: "jag är aldrig borta från skolan", whatever it sounds like without the no.

A no often belongs to the circumstance itself ("mamma kommer aldrig"), and in a long line often to something else. It is
taken for a denial only in a short line, where the words speak as strongly for the factor without it. Longer lines are
the classifier's to weigh; on the training meetings this rule would have taken sixty true ones from them and six traps.
What has ended is denied in lines of any length: there that rule takes thirty-six traps and none that is true.
"""

from collections.abc import Collection

from .clauses import Clause
from .features import Words, factor_scores
from .lines import Line

NO = frozenset(str.split("inte aldrig ej sällan knappt"))
NOBODY = frozenset(("ingen", "inga"))
"""They deny what follows when they open the line before a verb, or stand before "som": "ingen slår mig hemma"."""
SOFTENED = frozenset(str.split("så alltid bara ens riktigt direkt precis särskilt speciellt jämt"))
"""After a no they make it a half one: "inte så hårt", "inte alltid"."""
OF_THE_SPEAKER = frozenset(
    str.split("vet orkar vågar minns förstår fattar kan får vill törs hinner tål står ska om eller varför bryr")
)
"""Before a no they take it to themselves: "jag orkar inte när han slår"."""
PLAIN = 1.5
"""How strongly the word lists must speak for a factor before a bare yes is taken to affirm it, or a no to deny it."""


LONGEST = 10
"""Words of a line that is short enough for its no to be about what it says."""
HINTED, SHORT = 0.5, 8
"""In a line of so few words it is enough that the lists hint at the factor: "pappa slår mig aldrig"."""


def _says_no(words: Words, place: int) -> bool:
    after = words[place + 1] if place + 1 < len(words) else ""
    if words[place] in NOBODY:
        return after == "som" or (place == 0 and after.endswith("r"))
    return words[place] in NO and after not in SOFTENED and not (place and words[place - 1] in OF_THE_SPEAKER)


ONE_CIRCUMSTANCE = (
    frozenset(("F-OMS-R3", "V-BER-R1", "V-BER-R2", "B-HAL-R4")),
    frozenset(("F-SAK-R1", "F-SAK-R2", "F-SAK-R3", "V-VAL-R1")),
)
"""What people do and stop doing: drink and drugs, and blows. Each is told in the same words whoever does it; of what
is left undone ("har inte ätit på två dagar") the no is the harm itself."""
PERFECT = frozenset(("har", "ha", "hade"))
SINCE = frozenset(("på", "sen", "sedan"))


def _is_over(words: Words, place: int) -> bool:
    """Whether the no says that something has ended: "har inte druckit på tre år", "slår mig inte längre"."""
    after = words[place + 1 :]
    return place > 0 and ("längre" in after or (words[place - 1] in PERFECT and not SINCE.isdisjoint(after)))


def _speaks_without(words: Words, place: int, factors: Collection[str], enough: float) -> bool:
    """Whether the words without the no at `place` speak for one of the factors, and no less than with it."""
    with_no, without = factor_scores(words), factor_scores(words[:place] + words[place + 1 :])
    plainly = max(without.get(factor, 0.0) for factor in factors)
    return plainly >= enough and plainly >= max(with_no.get(factor, 0.0) for factor in factors)


def is_denied(line: Line, quote: Clause, factor: str) -> bool:
    """Whether the quoted words deny the factor they were taken for, or say that it is over."""
    words = line.words
    enough = HINTED if len(words) <= SHORT else PLAIN
    done = next((one for one in ONE_CIRCUMSTANCE if factor in one), frozenset[str]())
    for place in range(quote.first, quote.end):
        if not _says_no(words, place):
            continue
        clause = next((one for one in line.clauses if one.first <= place < one.end), quote)
        first, end = max(clause.first, quote.first), min(clause.end, quote.end)
        said = words[first:end]
        if len(words) <= LONGEST and _speaks_without(said, place - first, (factor,), enough):
            return True
        if done and _is_over(words[:end], place) and _speaks_without(said, place - first, done, HINTED):
            return True
    return False
