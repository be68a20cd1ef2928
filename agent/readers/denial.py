"""Words that say a circumstance is not so: "jag är aldrig borta från skolan", whatever it sounds like without the no.

A no often belongs to the circumstance itself ("mamma kommer aldrig"), and in a long line often to something else. It is
taken for a denial only in a short line, where the words speak as strongly for the factor without it. Longer lines are
the classifier's to weigh; on the training meetings this rule would have taken nineteen true ones from them.
"""

from .clauses import Clause
from .features import factor_scores
from .lines import Line

NO = frozenset(str.split("inte aldrig ej sällan knappt"))
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


def is_denied(line: Line, quote: Clause, factor: str) -> bool:
    """Whether the quoted words deny the factor they were taken for."""
    words = line.words
    if len(words) > LONGEST:
        return False
    for place in range(quote.first, quote.end):
        if words[place] not in NO or place + 1 >= len(words):
            continue
        if words[place + 1] in SOFTENED or (place > 0 and words[place - 1] in OF_THE_SPEAKER):
            continue
        clause = next((one for one in line.clauses if one.first <= place < one.end), quote)
        first, end = max(clause.first, quote.first), min(clause.end, quote.end)
        with_no = tuple(words[first:end])
        without = tuple(words[first:place]) + tuple(words[place + 1 : end])
        plainly = factor_scores(without).get(factor, 0.0)
        if plainly >= PLAIN and plainly >= factor_scores(with_no).get(factor, 0.0):
            return True
    return False
