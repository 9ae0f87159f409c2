"""`flask badges`: everybody's badge in one PDF, with no server running."""

from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _

import exports
from forms.downloads import LAYOUTS
from pages import current
from pages.commands.standing import needs_event
from pages.database import db


@click.command("badges")
@click.option("--layout", type=click.Choice(tuple(LAYOUTS)), default="a6", show_default=True)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
@with_appcontext
def badges(layout: str, out: Path) -> None:
    """Write the badges of everybody who holds a place, one to a page or on sheets to cut."""
    event = needs_event()
    draft = out.with_name(f"{out.name}.part")
    try:
        with draft.open("wb") as file:
            faces = exports.faces.faces(db.session(), event, current.keys().badges)
            count = exports.badges.write_badges(faces, layout, file)
        draft.replace(out)
    except OSError as error:
        raise click.ClickException(f"{out}: {error.strerror}") from None
    finally:
        draft.unlink(missing_ok=True)
    click.echo(_("%(count)s badges in %(path)s", count=count, path=out))
