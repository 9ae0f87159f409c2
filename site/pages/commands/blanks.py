"""The blank badges of `flask badges --blank N --category C`."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from flask_babel import gettext as _
from sqlalchemy import select

from event.attendees import UnknownCategory
from event.blanks import MOST, BlankBatch, Issue, code_of
from event.programme import Category, Event
from pages.blank_press import print_blanks
from pages.chores import file_of_run
from pages.commands.outfile import made_whole
from pages.database import db

Command = TypeVar("Command", bound=Callable[..., Any])


def blank_options(command: Command) -> Command:
    """`--blank` and `--category`, which belong together."""
    count = click.option(
        "--blank", type=click.IntRange(1, MOST), help="So many badges of nobody yet."
    )
    category = click.option("--category", default="", help="Of these blank badges.")
    return count(category(command))


def blanks_asked(options: dict[str, Any]) -> tuple[int, str] | None:
    """Takes out of the options how many of which category; None if no blanks are asked for."""
    count, category = options.pop("blank"), options.pop("category")
    if not count and not category:
        return None
    if not (count and category):
        raise click.UsageError(_("--blank N and --category C belong together."))
    return count, category


def write_blanks(event: Event, wanted: Issue, out: Path) -> None:
    """Print them to a file, and keep it with the other print runs."""
    try:
        batch = _written(event, wanted, out)
    except OSError as error:
        raise click.ClickException(f"{out}: {error.strerror}") from None
    except UnknownCategory:
        raise _unknown(wanted.category) from None
    told = {"first": code_of(batch.first), "last": code_of(batch.last), "path": out}
    click.echo(_("Blank badges %(first)s to %(last)s in %(path)s", **told))
    click.echo(_("Print run %(number)s", number=batch.run_id))


def _written(event: Event, wanted: Issue, out: Path) -> BlankBatch:
    with made_whole(out) as file:  # what cannot be written takes no numbers
        batch = print_blanks(db.session(), event, wanted, out.name, by="command")
        with file_of_run(batch.run_id).open("rb") as kept:
            shutil.copyfileobj(kept, file)
    return batch


def _unknown(category: str) -> click.BadParameter:
    known = ", ".join(db.session().scalars(select(Category.key).order_by(Category.position)))
    told = {"found": category, "known": known}
    message = _("“%(found)s” is not known. Known are: %(known)s.", **told)
    return click.BadParameter(message, param_hint="--category")
