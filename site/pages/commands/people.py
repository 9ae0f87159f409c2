"""`flask people`: lists that offices sent, and invented people for rehearsals."""

from collections.abc import Callable, Iterator
from pathlib import Path

import click
from flask.cli import AppGroup
from flask_babel import gettext as _

import exports
from event.badges import public_key
from event.delegations import NoName
from event.imports import REFUSED, TAKEN, NoHeading, Preview, Row, preview, take
from event.imports import Import as Record
from event.rehearsal import NoEvent, arrive, invent
from event.sheets import WrongFile
from pages import current
from pages.clock import now
from pages.commands.standing import needs_event
from pages.database import db
from pages.import_words import field_name, file_problem, mend, reason, refusal_with_field
from pages.organiser.corrections import corrections_table

people = AppGroup("people", help="The attendees.")


@people.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--party", default="", help="The delegation that these people form.")
@click.option("--category", default="delegate", show_default=True, help="For rows that name none.")
@click.option("--sheet", default="", help="The sheet of an XLSX file, if not the first.")
@click.option("--corrections", type=click.Path(path_type=Path), help="Where refused rows go.")
@click.option("--dry-run", is_flag=True, help="Only show what would happen.")
def import_(
    file: Path, party: str, category: str, sheet: str, corrections: Path | None, *, dry_run: bool
) -> None:
    """Take in the people of FILE (CSV, XLSX): good rows go in, the others come back in a file."""
    needs_event()
    seen = _preview(file, sheet, category)
    for row in seen.rows:
        click.echo(_line(row))
    if not dry_run:
        click.echo(_summary(_take(seen, party)))
    if seen.refused and not dry_run:
        path = corrections or file.with_name(f"{file.stem}-can-sua.csv")
        with path.open("wb") as out:
            exports.formats.WRITERS["csv"](corrections_table(seen), out)
        click.echo(_("Rows to be corrected are in %(path)s", path=path))


def _preview(file: Path, sheet: str, category: str) -> Preview:
    try:
        data = file.read_bytes()
        return preview(db.session(), data, file.name, page=sheet, category=category)
    except WrongFile as wrong:
        raise click.ClickException(f"{file}: {file_problem(wrong)}") from None
    except NoHeading:
        raise click.ClickException(
            _("%(file)s: no row has a heading for names, such as “Họ và tên”.", file=file)
        ) from None
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from None


def _take(seen: Preview, party: str) -> Record:
    try:
        return take(db.session(), seen, party=party, at=now(), by="command")
    except NoName:
        raise click.ClickException(_("The delegation needs a name.")) from None


def _line(row: Row) -> str:
    """One row of the file and what becomes of it."""
    signs = {TAKEN: "+", REFUSED: "!"}
    name = row.values.get("name", "") or " ".join(filter(None, row.cells))[:60]
    return f"{row.number:5} {signs.get(row.status, '·')} {name}{_because(row)}"


def _because(row: Row) -> str:
    if row.status == REFUSED:
        why = [refusal_with_field(each) for each in row.refusals]
    elif row.status == TAKEN:
        why = [f"{field_name(m.field)}: {m.before} → {m.after} ({mend(m)})" for m in row.mends]
    else:
        why = [reason(row)]
    return f" — {'; '.join(why)}" if any(why) else ""


def _summary(record: Record) -> str:
    return _(
        "%(taken)s taken (%(mended)s mended), %(repeated)s already there, %(refused)s refused, "
        "%(ignored)s rows are no people.",
        taken=record.taken,
        mended=record.mended,
        repeated=record.repeated,
        refused=record.refused,
        ignored=record.ignored,
    )


@people.command("invent")
@click.argument("count", type=click.IntRange(1, 200_000))
@click.option("--seed", type=int, default=1, show_default=True, help="The same gives the same.")
@click.option(
    "--arrived",
    type=click.FloatRange(0, 1),
    default=0.0,
    help="Let this share of them in at the gates on the first day, such as 0.6.",
)
def invent_(count: int, seed: int, arrived: float) -> None:
    """Put COUNT invented people down, by the rules of a real registration. No mail goes to them."""
    needs_event()
    session = db.session()
    try:
        numbers = invent(session, count, seed=seed, at=now(), progress=_counter(count))
        key = public_key(current.keys().badges)
        came = arrive(session, numbers, arrived, key, seed=seed) if arrived else 0
    except NoEvent:
        raise click.ClickException(_("This event has no gate: nobody can arrive.")) from None
    click.echo(_("%(count)s invented people, %(came)s have arrived.", count=count, came=came))


def _counter(total: int) -> Callable[[int], None]:
    """Tells how far it is after each thousand."""
    marks: Iterator[int] = iter(range(1000, total, 1000))
    following = next(marks, None)

    def tell(done: int) -> None:
        nonlocal following
        if following is not None and done >= following:
            click.echo(f"{done}/{total}")
            following = next(marks, None)

    return tell
