"""Word families as one pattern: a question's parts are told by their stems, in any order."""

import re


def family(*parts: str) -> re.Pattern[str]:
    """Any of the parts, each a whole word or phrase; `~` lets the word go on as it likes."""
    joined = "|".join(part.replace("~", r"\w*") + r"(?!\w)" for part in parts)
    return re.compile(rf"(?<!\w)(?:{joined})")
