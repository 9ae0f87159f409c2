"""What has to stand before a command can do anything: the tables, and for most the event."""

import click
from flask_babel import gettext as _
from sqlalchemy import inspect

from event.programme import Event, the_event
from pages.database import db


def needs_tables() -> None:
    """Ends the command, with what to do, in a data folder where nothing was made yet."""
    if not inspect(db.engine).has_table(Event.__tablename__):
        raise click.ClickException(
            _(
                "This data folder holds no site yet. Start it once with “flask serve” (or make "
                "run), or make the tables with “flask db upgrade” and load an event with "
                "“flask event load FILE”."
            )
        )


def needs_event() -> Event:
    """The event that was loaded; ends the command, with what to do, where there is none."""
    needs_tables()
    event = the_event(db.session())
    if event is None:
        raise click.ClickException(
            _("No event has been loaded yet. Load one with “flask event load FILE”.")
        )
    return event
