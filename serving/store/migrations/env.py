"""Run by Alembic: takes the connection that `schema.upgrade` hands over and runs the steps in its transaction."""

from alembic import context
from sqlalchemy import Connection

connection: Connection = context.config.attributes["connection"]
context.configure(connection=connection)
context.run_migrations()
