"""Runs migrations on the site's own engine, each run whole or not at all, on SQLite too."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from flask import current_app
from sqlalchemy import Connection

from event.base import Bilingual, Folded, Moment

PLAIN = {Moment: "sa.DateTime(timezone=True)", Bilingual: "sa.JSON()"}


def render_item(kind: str, item: Any, _: AutogenContext) -> str | Literal[False]:
    """A migration outlives the code: it names no type of ours."""
    if kind != "type":
        return False
    return (
        f"sa.String(length={item.length})" if type(item) is Folded else PLAIN.get(type(item), False)
    )


@contextmanager
def without_foreign_keys(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by rebuilding it; dropping the old one must delete nothing else."""
    if connection.dialect.name != "sqlite":
        yield
        return
    raw: Any = connection.connection.driver_connection
    raw.execute("PRAGMA foreign_keys=OFF")
    yield
    connection.commit()
    raw.execute("PRAGMA foreign_keys=ON")


def migrate(connection: Connection) -> None:
    """Apply what was asked for, under the write lock."""
    context.configure(
        connection=connection,
        target_metadata=current_app.extensions["migrate"].db.metadata,
        render_item=render_item,
        transactional_ddl=True,
        render_as_batch=bool(context.script.get_heads()),  # the first one only makes tables
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


engine = current_app.extensions["migrate"].db.engine
with (
    engine.connect().execution_options(writing=True) as connection,
    without_foreign_keys(connection),
):
    migrate(connection)
