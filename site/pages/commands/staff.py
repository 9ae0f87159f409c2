"""`flask staff`: accounts and one-time sign-in links, for whoever runs the machine."""

import os

import click
from flask import current_app
from flask.cli import AppGroup
from flask_babel import gettext as _
from sqlalchemy import select

from event.questions import WrongAnswer
from event.staff import ROLES, Staff, add_staff, make_link
from pages.clock import now
from pages.commands.standing import needs_tables
from pages.database import db
from pages.letters import site_url

staff = AppGroup("staff", help="The people who run the event.")


@staff.command()
@click.argument("email")
@click.option("--role", type=click.Choice(ROLES), required=True)
def add(email: str, role: str) -> None:
    """Open an account for EMAIL, or give it another role, and print a sign-in link."""
    needs_tables()
    try:
        person = add_staff(db.session(), email, role, at=now(), by="command")
    except WrongAnswer:
        raise click.ClickException(_("“%(text)s” is no e-mail address.", text=email)) from None
    click.echo(_("%(email)s may now sign in as %(role)s.", email=person.email, role=role))
    _say_link(person)


@staff.command()
@click.argument("email")
def link(email: str) -> None:
    """Print a fresh one-time sign-in link for EMAIL, good for a day."""
    needs_tables()
    address = email.strip().lower()
    known = select(Staff).where(Staff.email == address, Staff.closed_at.is_(None))
    person = db.session().scalar(known)
    if person is None:
        raise click.ClickException(_("No open account has the address %(email)s.", email=email))
    _say_link(person)


def _say_link(person: Staff) -> None:
    secret = make_link(db.session(), person, at=now())
    if not (current_app.config["SITE_URL"] or "PORT" in os.environ):
        said = _("Does the site listen on another port? Then put PORT=… before this command.")
        click.echo(said, err=True)
    click.echo(f"{site_url()}/staff/sign-in/{secret}")
