"""What every test may lean on."""

import ipaddress
import socket
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from pydantic_ai import models

models.ALLOW_MODEL_REQUESTS = False

# How fast a machine is proves nothing about the code: no test fails on a busy one.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("steady")


@pytest.fixture
def when_noon() -> datetime:
    """A fixed instant: nothing in a test asks the clock."""
    return datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture
def nobody_outside(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every connection to another machine is refused and remembered."""
    tried: list[str] = []
    connect, look_up = socket.socket.connect, socket.getaddrinfo

    def near(host: object) -> bool:
        try:
            return ipaddress.ip_address(str(host)).is_loopback
        except ValueError:
            return host in ("localhost", "", None)

    def refuse(host: object) -> None:
        tried.append(str(host))
        raise OSError("no way out")

    def guarded_connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not near(address[0]):
            refuse(address[0])
        connect(self, address)

    def guarded_look_up(host: Any, *rest: Any, **named: Any) -> Any:
        if not near(host.decode() if isinstance(host, bytes) else host):
            refuse(host)
        return look_up(host, *rest, **named)

    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket, "getaddrinfo", guarded_look_up)
    return tried
