"""`flask export`: every list in every format, and what organisers saved, with no server running."""

from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _

import exports
from event.choices import Choice, choices, named, use
from event.people import filtered
from exports.tables import Signature
from forms.downloads import FORMATS, LISTS
from pages.clock import now
from pages.commands.outfile import made_whole, out_option
from pages.commands.standing import needs_event
from pages.database import db


@click.command("export")
@click.argument("name", metavar="LIST", default="")
@click.option("--choice", "saved", default="", help="A list that an organiser saved, by its name.")
@click.option("--format", "format_", type=click.Choice(tuple(FORMATS)))
@out_option
@click.option("--session", "session_key", default="", help="One session of the sign-in sheets.")
@click.option("--language", type=click.Choice(("vi", "en")))
@with_appcontext
def export(
    name: str, saved: str, format_: str | None, out: Path, session_key: str, language: str | None
) -> None:
    """Write LIST, or what was saved under that name, into a file."""
    needs_event()
    choice = None if name in LISTS and not saved else _saved(saved or name)
    format_ = format_ or (choice.format if choice else None)
    if format_ is None:
        raise click.UsageError(f"Missing option '--format'. Choose from: {', '.join(FORMATS)}")
    if choice is None:
        wish = exports.lists.Wish(name, format_, session=session_key, language=language or "vi")
        _write(wish, out, {})
        return
    people = choice.people | ({"session": session_key} if session_key else {})
    _write(_by_choice(choice, format_, people, language), out, people)
    use(db.session(), choice, by="command", at=now())


def _saved(name: str) -> Choice:
    """By its name, however it is accented. Says which there are where there is none."""
    found = db.session().scalar(named(name))
    if found is not None:
        return found
    known = [*LISTS, *(choice.name for choice in db.session().scalars(choices()))]
    raise click.BadParameter(f"“{name}”. {', '.join(known)}", param_hint="LIST")


def _by_choice(
    choice: Choice, format: str, people: dict[str, str], language: str | None
) -> "exports.lists.Wish":
    around = dict(choice.paper)
    order = exports.orders.Order(choice.order, choice.down) if choice.order else None
    return exports.lists.Wish(
        choice.listing,
        format,
        session=people.get("session", ""),
        language=language or choice.language,
        attached_to=around.pop("attached_to", ""),
        signature=Signature(**around),
        columns=tuple(choice.columns),
        order=order,
    )


def _write(wish: "exports.lists.Wish", out: Path, people: dict[str, str]) -> None:
    """The file, whole or not at all."""
    lists = exports.lists
    try:
        with made_whole(out) as file:
            count = lists.export(db.session(), wish, file, at=now(), people=filtered(people))
    except lists.UnknownSession:
        raise click.ClickException(_("There is no session “%(key)s”.", key=wish.session)) from None
    except lists.UnknownList:
        raise click.ClickException(_("A column of it is no longer there. Save it anew.")) from None
    except lists.TooWide as wide:
        columns = ", ".join(wide.columns)
        raise click.ClickException(
            _(
                "A4 across has no room for: %(columns)s. "
                "Please leave out as many columns, or take XLSX.",
                columns=columns,
            )
        ) from None
    except OSError as error:
        raise click.ClickException(f"{out}: {error.strerror}") from None
    click.echo(_("%(count)s rows in %(path)s", count=count, path=out))
