"""`flask badges`: badges in one PDF, with no server running; each call is a print run."""

import shutil
from pathlib import Path
from typing import Any

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _

from event.base import begin_writing
from event.blanks import Issue
from event.designs import design_of
from event.people import how_many
from event.printing import finish_run, start_run
from event.programme import Event
from pages.chores import file_of_run
from pages.clock import now
from pages.commands.blanks import blank_options, blanks_asked, write_blanks
from pages.commands.layouts import (
    imposing_of,
    imposing_options,
    known_layout,
    write_measures,
)
from pages.commands.outfile import made_whole, out_option
from pages.commands.standing import needs_event
from pages.database import db
from pages.press import Edition, print_run


@click.command("badges")
@imposing_options
@blank_options
@click.option("--changed", is_flag=True, help="Only those never printed, or changed since.")
@click.option("--test-sheet", is_flag=True, help="No badges: a page to measure the printer with.")
@out_option
@with_appcontext
def badges(layout: str, changed: bool, test_sheet: bool, out: Path, **how: Any) -> None:
    """Write the badges of everybody who holds a place, one to a page or on sheets to cut.

    With --blank and --category: signed badges that belong to nobody yet.
    """
    event, design = needs_event(), design_of(db.session())
    blanks = blanks_asked(how)
    layout, imposing = known_layout(design, layout), imposing_of(design, **how)
    if test_sheet:
        write_measures(design.layouts[layout], imposing, out)
    elif blanks:
        write_blanks(event, Issue(*blanks, layout, imposing.options), out)
    else:
        people = {"changed": "yes"} if changed else {}
        _print_people(event, {"layout": layout, "people": people, "options": imposing.options}, out)


def _print_people(event: Event, wish: dict[str, Any], out: Path) -> None:
    if wish["people"] and not how_many(db.session(), wish["people"]):
        click.echo(_("Nothing has changed since it was last printed."))
        return
    number, count = _printed(event, wish, out)
    click.echo(_("%(count)s badges in %(path)s", count=count, path=out))
    click.echo(_("Print run %(number)s", number=number))


def _printed(event: Event, wish: dict[str, Any], out: Path) -> tuple[int, int]:
    """The number of the run, and how many badges it holds; they count as printed once `out` is
    whole.
    """
    session = db.session()
    try:
        with made_whole(out) as file:  # what cannot be written takes no number
            number = start_run(session, event, wish, by="command", at=now()).id
            edition = Edition(number, wish["people"], wish["layout"], out.name, wish["options"])
            paper = print_run(session, event, edition)
            with file_of_run(number).open("rb") as kept:
                shutil.copyfileobj(kept, file)
    except OSError as error:
        raise click.ClickException(f"{out}: {error.strerror}") from None
    begin_writing(session)
    finish_run(session, number, paper, at=now())
    session.commit()
    return number, len(paper.marks)
