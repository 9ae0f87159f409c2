"""`flask pack` and `flask ticks`: an offline pack with no server running, and what comes back."""

from pathlib import Path

import click
from flask.cli import with_appcontext
from flask_babel import gettext as _

from event.badges import public_key
from event.designs import design_of
from event.packing import Pack, log_pack
from event.ticks import MAX_BYTES, Report, WrongTicks, read_ticks, take_ticks
from forms.packing import SHORTEST_PASSWORD
from pages import current
from pages.clock import now
from pages.commands.layouts import known_layout, layout_option
from pages.commands.outfile import out_option
from pages.commands.standing import needs_event
from pages.database import db
from pages.packing import make_pack, new_number
from pages.ticks_words import line, problem, summary

_under_a_password = click.option(
    "--password",
    prompt="Password",
    prompt_required=False,
    hide_input=True,
    confirmation_prompt=True,
    default="",
    help="Encrypt it with AES-256; without a value, it is asked for.",
)


@click.command("pack")
@out_option
@_under_a_password
@click.option("--with-contacts", is_flag=True, help="With phones and e-mail addresses.")
@layout_option
@click.option("--language", type=click.Choice(("vi", "en")), default="vi", show_default=True)
@with_appcontext
def pack(out: Path, password: str, layout: str, language: str, *, with_contacts: bool) -> None:
    """Write a ZIP with which the event runs without server and network: lists, badges, a page."""
    event = needs_event()
    layout = known_layout(design_of(db.session()), layout)
    wanted = Pack(new_number(), language, layout, with_contacts, _good(password))
    log_pack(db.session(), event, wanted, by="command", at=now())
    try:
        count = make_pack(wanted, out, at=now(), progress=lambda _done, _total: None)
    except OSError as error:
        raise click.ClickException(f"{out}: {error.strerror}") from None
    code = wanted.number
    click.echo(_("Pack %(code)s: %(count)s files in %(path)s", code=code, count=count, path=out))


def _good(password: str) -> str:
    if password and len(password) < SHORTEST_PASSWORD:
        raise click.ClickException(
            _("A password has at least %(count)s characters.", count=SHORTEST_PASSWORD)
        )
    return password


@click.command("ticks")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@with_appcontext
def ticks(file: Path) -> None:
    """Take in the ticks of FILE, which the page of an offline pack saved. Twice does no harm."""
    report = _take(file)
    for conflict in report.conflicts:
        click.echo(line(conflict))
    click.echo(summary(report))


def _take(file: Path) -> Report:
    event, keys = needs_event(), current.keys()
    try:
        if file.stat().st_size > MAX_BYTES:
            raise WrongTicks("too_big")
        found = read_ticks(file.read_bytes(), event, keys.links)
    except WrongTicks as wrong:
        raise click.ClickException(f"{file}: {problem(wrong)}") from None
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from None
    return take_ticks(db.session(), event, found, public_key(keys.badges), at=now())
