"""Several reads as one act: one transaction, one anchored piece of the log, and still an entry for each thing read."""

import threading
from collections.abc import Generator
from contextlib import contextmanager
from datetime import datetime

from .act import Act, Ground


class Together(Ground):
    """Lets what a screen reads at once be read from one state of the store, and logged in one breath."""

    _open = threading.local()

    @contextmanager
    def together(self, at: datetime) -> Generator[None]:
        """Whatever this thread asks the store for inside belongs to one transaction.

        A refusal inside undoes all of it and is logged by itself. For reads: other writers wait until it is over.
        """
        if self._joined is not None:
            yield
            return
        with super()._act(at) as act:
            self._open.act = (self, act)
            try:
                yield
            finally:
                self._open.act = None

    @property
    def _joined(self) -> Act | None:
        """The act this thread is inside of, of this store and no other."""
        held: tuple[Together, Act] | None = getattr(self._open, "act", None)
        return held[1] if held is not None and held[0] is self else None

    @contextmanager
    def _act(self, at: datetime) -> Generator[Act]:
        joined = self._joined
        if joined is not None:
            yield joined
            return
        with super()._act(at) as act:
            yield act
