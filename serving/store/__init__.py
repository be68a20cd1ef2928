"""Cases, meetings and what was confirmed, encrypted per case."""

from .facade import Store as Store
