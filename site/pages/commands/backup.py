"""`flask backup` and `flask restore`: the whole site as one file, and back, on either database."""

import secrets
from pathlib import Path

import click
from flask import current_app
from flask.cli import with_appcontext
from flask_babel import gettext as _

from event.backup import (
    Manifest,
    WrongBackup,
    read_manifest,
    restore_files,
    restore_rows,
    write_backup,
)
from event.rows import is_empty
from pages.clock import now
from pages.commands.standing import needs_tables
from pages.database import db
from pages.migrating import downgrade, revision, upgrade
from pages.worker import AlreadyAtWork, alone


@click.command("backup")
@click.argument("path", type=click.Path(path_type=Path, dir_okay=False))
@with_appcontext
def backup(path: Path) -> None:
    """Write database, keys and files to PATH, as of this moment; the site may go on running."""
    needs_tables()
    try:
        size = _write(path)
    except OSError as error:
        raise click.ClickException(f"{path}: {error.strerror}") from None
    click.echo(_("%(path)s holds the whole site (%(size)s bytes).", path=path, size=size))
    click.echo(_("Whoever has this file can sign in and make badges: keep it safe."))


@click.command("restore")
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--force", is_flag=True, help="Replace a site that already holds something.")
@with_appcontext
def restore(path: Path, *, force: bool) -> None:
    """Bring back the site that PATH holds; the running one must be stopped first."""
    try:
        manifest = read_manifest(path)
        with alone(current_app.config["DATA_DIR"], patience=0):
            count = _restore(path, manifest, force=force)
    except WrongBackup as wrong:
        raise click.ClickException(
            _("%(path)s is no backup of a site, or it is damaged (%(why)s).", path=path, why=wrong)
        ) from None
    except AlreadyAtWork:
        raise click.ClickException(_("The site is running. Please stop it first.")) from None
    click.echo(_("The site of %(at)s is back: %(count)s rows.", at=manifest.made_at, count=count))


def _restore(path: Path, manifest: Manifest, *, force: bool) -> int:
    """Tables of the backup's own version take its rows, then they are brought up to date."""
    if revision():
        with db.engine.connect() as connection:
            empty = is_empty(connection)
        if not (empty or force):
            raise click.ClickException(
                _("This site already holds something. With --force it is replaced.")
            )
        if not empty:
            _keep_what_was()
        downgrade("base")
    upgrade(manifest.revision)
    count = restore_rows(db.engine, path)
    restore_files(path, current_app.config["DATA_DIR"])
    upgrade()
    return count


def _keep_what_was() -> None:
    """Nobody should lose a site by one wrong word; nor an earlier keeping, twice in a moment."""
    at = now()
    name = f"before-restore-{at:%Y%m%d-%H%M%S}-{secrets.token_hex(2)}.zip"
    path = current_app.config["DATA_DIR"] / name
    _write(path)
    click.echo(_("What was here is kept in %(path)s", path=path))


def _write(path: Path) -> int:
    data_dir = current_app.config["DATA_DIR"]
    return write_backup(db.engine, data_dir, path, revision=revision(), at=now())
