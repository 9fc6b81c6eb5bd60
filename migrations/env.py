"""Alembic's entry: runs in the transaction of the connection that the ledger passes in."""

from alembic import context

from runtime.ledger.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    # SQLite can undo changes of tables as well; alembic assumes that it cannot
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
