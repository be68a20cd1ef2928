"""The mark around words that are data: nobody who spoke or wrote them could know it, so none of them can close it."""

import hashlib


def fence(seed: str) -> str:
    """The mark for what belongs together; the same seed gives the same, so that prompts share their beginning."""
    return "=====" + hashlib.sha256(f"fence|{seed}".encode()).hexdigest()[:16] + "====="
