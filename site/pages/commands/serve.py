"""`flask serve`: everything that `make run` starts, ready from an empty folder."""

import os
import socket
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _
from sqlalchemy import select

from event.eventfile import parse, read_file
from event.loading import load
from event.programme import the_event
from event.staff import Staff, add_staff, make_link
from pages.clock import now
from pages.commands.secure import EVERYWHERE, Secured, guided, point_to_guide, secured
from pages.database import db
from pages.migrating import upgrade
from pages.serving import PortTaken, supervise

DEFAULT_EVENT = Path(__file__).parents[2] / "event.toml"
FIRST_ORGANISER = "bantochuc@vidu.vn"


@click.command("serve")
@with_appcontext
def serve() -> None:
    """Start the site on HOST and PORT: tables, event and first account are made where missing."""
    host, port = current_app.config["HOST"], current_app.config["PORT"]
    prepare_site()
    safely = secured(host, port)
    welcome(host, port, safely)
    db.session.remove()
    db.engine.dispose()
    os.environ["SITE_URL"] = current_app.config["SITE_URL"] = _address(host, port, safely)
    os.environ["TRUST_URL"] = safely.guide if safely else ""
    try:
        with guided(safely):
            supervise(host, port, *(safely.files if safely else ()))
    except PortTaken as error:
        raise click.ClickException(
            _("The port is in use already (%(why)s). Choose another: PORT=8001", why=error)
        ) from None


def prepare_site() -> None:
    """What a site needs before anybody comes."""
    upgrade()
    if the_event(db.session()) is None:
        document = parse(read_file(DEFAULT_EVENT), str(DEFAULT_EVENT), DEFAULT_EVENT.parent)
        load(db.session(), document, at=now(), by="command")


def welcome(host: str, port: int, safely: Secured | None = None) -> None:
    """Say where the site is, and give the organiser a way in."""
    address = _address(host, port, safely)
    click.echo(_("The site: %(address)s/", address=address))
    if safely:
        point_to_guide(safely)
    elif host in EVERYWHERE:
        venue = f"http://{socket.gethostname()}:{port}/"
        click.echo(_("For others on this network: %(address)s", address=venue))
    link = f"{address}/staff/sign-in/{make_link(db.session(), _organiser(), at=now())}"
    click.echo(_("For the organiser, once and within a day: %(address)s", address=link))


def _address(host: str, port: int, safely: Secured | None) -> str:
    """How this machine reaches itself, unless SITE_URL says how others do."""
    known = str(current_app.config["SITE_URL"]).rstrip("/")
    if safely:
        return known or safely.address
    near = "localhost" if host in (*EVERYWHERE, "127.0.0.1", "::1") else host
    return known or f"http://{near}:{port}"


def _organiser() -> Staff:
    """The first organiser; an account is made where there is none."""
    session = db.session()
    known = select(Staff).where(Staff.role == "organiser", Staff.closed_at.is_(None))
    found = session.scalar(known.order_by(Staff.id).limit(1))
    return found or add_staff(session, FIRST_ORGANISER, "organiser", at=now(), by="command")
