"""The child's version: what was confirmed, in words for the child's age, with what happens now and who decides.

Only sentences of our own, written beforehand per circumstance and band, and the child's own words where they were
pinned. A language model may rewrite the text; the rewriting passes the same review or is refused.
"""

from .bands import BANDS, Band, Targets, band_for, targets
from .compose import compose_child_version, preview_child_version
from .review import RewrittenSentence, accept_rewriting, review_child_version
from .version import Agreed, ChildVersion, Finding, LeftOut, Sentence, TalkFacts

__all__ = [
    "BANDS",
    "Agreed",
    "Band",
    "ChildVersion",
    "Finding",
    "LeftOut",
    "RewrittenSentence",
    "Sentence",
    "TalkFacts",
    "Targets",
    "accept_rewriting",
    "band_for",
    "compose_child_version",
    "preview_child_version",
    "review_child_version",
    "targets",
]
