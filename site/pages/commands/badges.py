"""`flask badges`: badges in one PDF, with no server running; each call is a print run."""

import shutil
from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _

from event.base import begin_writing
from event.people import how_many
from event.printing import finish_run, start_run
from event.programme import Event
from forms.downloads import LAYOUTS
from pages.chores import file_of_run
from pages.clock import now
from pages.commands.standing import needs_event
from pages.database import db
from pages.press import Edition, print_run


@click.command("badges")
@click.option("--layout", type=click.Choice(tuple(LAYOUTS)), default="a6", show_default=True)
@click.option("--changed", is_flag=True, help="Only those never printed, or changed since.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
@with_appcontext
def badges(layout: str, changed: bool, out: Path) -> None:
    """Write the badges of everybody who holds a place, one to a page or on sheets to cut."""
    event, people = needs_event(), {"changed": "yes"} if changed else {}
    if changed and not how_many(db.session(), people):
        click.echo(_("Nothing has changed since it was last printed."))
        return
    number, count = _printed(event, layout, people, out)
    click.echo(_("%(count)s badges in %(path)s", count=count, path=out))
    click.echo(_("Print run %(number)s", number=number))


def _printed(event: Event, layout: str, people: dict[str, str], out: Path) -> tuple[int, int]:
    """The number of the run, and how many badges it holds; they count as printed once `out` is
    whole.
    """
    session, wish = db.session(), {"layout": layout, "people": people}
    draft = out.with_name(f"{out.name}.part")
    try:
        with draft.open("wb") as file:  # what cannot be written takes no number
            number = start_run(session, event, wish, by="command", at=now()).id
            paper = print_run(session, event, Edition(number, people, layout, out.name))
            with file_of_run(number).open("rb") as kept:
                shutil.copyfileobj(kept, file)
        draft.replace(out)
    except OSError as error:
        raise click.ClickException(f"{out}: {error.strerror}") from None
    finally:
        draft.unlink(missing_ok=True)
    begin_writing(session)
    finish_run(session, number, paper, at=now())
    session.commit()
    return number, len(paper.marks)
