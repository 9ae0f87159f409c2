"""`flask export`: every list in every format, with no server running."""

from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _

import exports
from forms.downloads import FORMATS, LISTS
from pages.clock import now
from pages.commands.standing import needs_event
from pages.database import db


@click.command("export")
@click.argument("name", metavar="LIST", type=click.Choice(tuple(LISTS)))
@click.option("--format", "format_", type=click.Choice(tuple(FORMATS)), required=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--session", "session_key", default="", help="One session of the sign-in sheets.")
@click.option("--language", type=click.Choice(("vi", "en")), default="vi", show_default=True)
@with_appcontext
def export(name: str, format_: str, out: Path, session_key: str, language: str) -> None:
    """Write LIST into a file."""
    needs_event()
    lists = exports.lists
    wish = lists.Wish(name, format_, session=session_key, language=language)
    draft = out.with_name(f"{out.name}.part")
    try:
        with draft.open("wb") as file:
            count = lists.export(db.session(), wish, file, at=now())
        draft.replace(out)
    except lists.UnknownSession:
        raise click.ClickException(_("There is no session “%(key)s”.", key=session_key)) from None
    except OSError as error:
        raise click.ClickException(f"{out}: {error.strerror}") from None
    finally:
        draft.unlink(missing_ok=True)
    click.echo(_("%(count)s rows in %(path)s", count=count, path=out))
