"""`flask privacy`: what is held of people, and erasing it once the event's data have served."""

import click
from flask.cli import AppGroup
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from event.about import about
from event.erasing import rows_that_tell
from event.programme import Event
from event.retention import NotYet, too_early
from pages.clock import now, really_now
from pages.commands.standing import needs_event
from pages.database import db
from pages.forgetting import files_of_people, forget_everybody
from pages.wording import day

privacy = AppGroup("privacy", help="Personal data.")
WHY = {
    "no_date": _l("The event file names no day (keep_until) after which people may be erased."),
    "rehearsal": _l("The days of this event were moved for a rehearsal: nobody is erased."),
    "too_early": _l("The day until which data are kept is not over yet."),
}


@privacy.command("erase")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.option("--dry-run", is_flag=True, help="Only count what would be emptied.")
def erase(*, yes: bool, dry_run: bool) -> None:
    """Empty all that tells of anybody, after the day that the event file names (keep_until)."""
    event = needs_event()
    _count(event)
    if dry_run:
        return
    if why := too_early(event, at=now(), really=really_now()):
        raise click.ClickException(str(WHY[why]))
    if not yes:
        click.confirm(_("This cannot be undone. Erase all of it?"), abort=True)
    try:
        counts = forget_everybody(event, "command")
    except NotYet as error:
        raise click.ClickException(str(WHY[error.why])) from None
    click.echo(_("Erased: %(rows)s rows. The record and the counts remain.", rows=_sum(counts)))


def _count(event: Event) -> None:
    kept = about(event).keep_until
    if kept:
        click.echo(_("Kept until %(day)s.", day=day(kept)))
    for table, count in rows_that_tell(db.session()).items():
        click.echo(f"{count:9}  {table}")
    files = _("files")
    click.echo(f"{len(list(files_of_people())):9}  {files}")
    click.echo(_("Backups are files of yours: erase those too that were made before."))


def _sum(counts: dict[str, int]) -> int:
    return sum(counts.values())
