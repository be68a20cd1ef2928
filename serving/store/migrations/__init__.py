"""Alembic steps from an older store to this one; `versions/` holds one module a step."""
