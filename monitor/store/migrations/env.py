"""What Alembic runs: the revisions, on the connection that the store is opening."""

from __future__ import annotations

from alembic import context

from monitor.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=False,  # the store's own transaction is around it
)
with context.begin_transaction():
    context.run_migrations()
