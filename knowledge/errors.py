"""The one error a person sees: what is wrong, where, and how to mend it."""


class HandenhetError(Exception):
    """Bad input or a refused act, told so that the reader can act on it.

    The message never holds what somebody said in a meeting: only identifiers, positions and settings,
    since exception texts travel into logs.
    """

    def __init__(self, what: str, *, where: str = "", mend: str = "") -> None:
        self.what = what
        self.where = where
        self.mend = mend
        super().__init__(str(self))

    def __str__(self) -> str:
        parts = [self.what]
        if self.where:
            parts.append(f"({self.where})")
        if self.mend:
            parts.append(f"- {self.mend}")
        return " ".join(parts)


class IllegalState(HandenhetError):
    """Somebody tried to build a value the promises forbid, such as a decision without a person."""
