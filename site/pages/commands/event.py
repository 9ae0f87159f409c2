"""`flask event`: the event from its file into the site, and back."""

from datetime import datetime
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

from event.dumping import dump as dumped
from event.eventcheck import shifted
from event.eventfile import WrongFile, parse, read_file
from event.loading import Loaded, LoadRefused
from event.loading import load as load_event
from event.sittings import Problem
from pages.clock import now
from pages.commands.standing import needs_event, needs_tables
from pages.database import db
from pages.loading_words import told
from pages.logos import drawable_in
from pages.problems import lines

event = AppGroup("event", help="The event itself: what, when, where.")


class Refused(click.ClickException):
    """A file that is not taken: every problem on a line of its own, and exit code 1."""

    def __init__(self, file: str, problems: tuple[Problem, ...]) -> None:
        head = _("%(file)s was refused; nothing has changed.", file=file)
        super().__init__("\n".join([head, *(f"  {line}" for line in lines(problems))]))


@event.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--shift-to",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Move every date so that the first day is this one, for a rehearsal.",
)
def load(file: Path, shift_to: datetime | None) -> None:
    """Take the event from FILE, by key; a wrong file is refused whole."""
    needs_tables()
    try:
        document = drawable_in(parse(read_file(file), str(file), file.parent), str(file))
        if shift_to:
            document = shifted(document, shift_to.date())
        loaded = load_event(db.session(), document, at=now(), by="command")
    except (WrongFile, LoadRefused) as error:
        raise Refused(str(file), error.problems) from None
    except OverflowError:
        raise click.BadParameter(
            _("The calendar ends before that."), param_hint="--shift-to"
        ) from None
    click.echo(_said(loaded))


@event.command()
def dump() -> None:
    """Write the event as TOML to the standard output."""
    needs_event()
    click.echo(dumped(db.session()).encode(), nl=False)


def _said(loaded: Loaded) -> str:
    line, keys = told(loaded)
    return "\n".join([line, *(f"  {key}" for key in keys)])
