"""What every test may lean on."""

from datetime import UTC, datetime

import pytest
from pydantic_ai import models

models.ALLOW_MODEL_REQUESTS = False


@pytest.fixture
def when_noon() -> datetime:
    """A fixed instant: nothing in a test asks the clock."""
    return datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
