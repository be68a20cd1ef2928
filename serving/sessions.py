"""Logins as signed tokens: who, since when. A server that restarts in the middle of a meeting still knows them."""

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

COOKIE = "handenhet"
LASTS = timedelta(hours=9)
"""A working day; then the person logs in again."""


class Sessions:
    """Makes and checks tokens. `key` is 32 bytes; `clock` is zone-aware.

    A token that was logged out is refused by this process; after a restart it lives until it expires, unless the
    browser has forgotten it, which it is told to do.
    """

    def __init__(self, key: bytes, clock: Callable[[], datetime]) -> None:
        self._key, self._clock = key, clock
        self._ended: set[str] = set()

    def begin(self, person_id: str) -> str:
        """A new token for a person whom the login has identified."""
        body = {"who": person_id, "since": int(self._clock().timestamp()), "id": secrets.token_urlsafe(12)}
        return self._signed(json.dumps(body, separators=(",", ":")).encode())

    def who(self, token: str) -> str | None:
        """The person's id, or None for a token that is forged, expired or logged out."""
        body = self._opened(token)
        if body is None or token in self._ended:
            return None
        since = body.get("since")
        now = self._clock().timestamp()
        if not isinstance(since, int) or not since - 60 <= now < since + LASTS.total_seconds():
            return None
        who = body.get("who")
        return who if isinstance(who, str) else None

    def end(self, token: str) -> None:
        if self._opened(token) is not None:
            self._ended.add(token)

    def _signed(self, body: bytes) -> str:
        return f"{_text(body)}.{_text(self._mac(body))}"

    def _opened(self, token: str) -> dict[str, object] | None:
        try:
            body = _bytes(token.partition(".")[0])
            # The whole text is compared: base64 has several spellings of the same bytes, and one logged out stays out.
            if not hmac.compare_digest(token.encode(), self._signed(body).encode()):
                return None
            fields: dict[str, object] = json.loads(body)
        except (ValueError, binascii.Error):
            return None
        return fields

    def _mac(self, body: bytes) -> bytes:
        return hmac.new(self._key, body, hashlib.sha256).digest()


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
