"""`flask worker`: mails and jobs, beside the web processes."""

import logging

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _

from pages.commands.standing import needs_tables
from pages.worker import AlreadyAtWork, work


@click.command("worker")
@with_appcontext
def worker() -> None:
    """Send mails and do jobs until told to stop; `flask serve` starts one by itself."""
    needs_tables()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        work(current_app._get_current_object())  # type: ignore[attr-defined]
    except AlreadyAtWork:
        raise click.ClickException(_("Another worker serves this site already.")) from None
