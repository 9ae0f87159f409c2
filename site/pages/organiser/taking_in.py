"""What happens to a file that was sent in: looked at, taken in; long lists are for the worker."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from event.imports import Columns, Import, NoHeading, Preview, Run, preview, take
from event.jobs import Job, ask
from event.sheets import MAX_BYTES, WrongFile, glance, read_sheet
from pages import access
from pages.chores import CannotDo, Work
from pages.clock import now
from pages.database import db
from pages.organiser.uploads import NoUpload, Problem, Upload, find
from pages.worker import wake

FEW = 300
"""Rows that are dealt with at once; longer lists would keep the reader waiting."""
BIG = 60_000  # bytes
WORKBOOK = b"PK\x03\x04"
LOOK, TAKE = "import_look", "import_take"


def few_rows(upload: Upload, page: str = "") -> bool:
    """Whether a list is short. Raises `sheets.WrongFile` for what cannot be read at all.

    A big workbook takes seconds to read: what does not show at once, the worker finds out.
    """
    data = upload.data
    if data.startswith(WORKBOOK) and BIG < len(data) <= MAX_BYTES:
        glance(data, page)
        return False
    return len(read_sheet(data, page).lines) <= FEW


def look(session: Session, upload: Upload) -> Preview:
    """See what the file would bring, and keep that; no rows if nobody knows where the names are."""
    seen = _seen(session, upload)
    upload.keep(seen)
    return seen


def _seen(session: Session, upload: Upload) -> Preview:
    facts = upload.facts
    chosen = facts.choices
    try:
        return preview(
            session,
            upload.data,
            facts.file_name,
            page=chosen.page,
            columns=chosen.columns,
            category=chosen.category,
        )
    except NoHeading as none:
        return Preview(facts.file_name, "", none.sheet, Columns(0, {}), (), "", None)


def take_in(
    session: Session,
    upload: Upload,
    *,
    by: str,
    at: datetime,
    progress: Callable[[int, int], None] = lambda _done, _of: None,
) -> Import:
    """Put the people down as was chosen; stopped and called again, it goes on with the others."""
    chosen = upload.facts.choices
    seen = _seen(session, upload)
    spoken = {"language": chosen.language}
    rows = tuple(
        replace(row, values=row.values | spoken, mail=chosen.mail) if row.values else row
        for row in seen.rows
    )
    people = replace(seen, rows=rows, announced=chosen.expected or seen.announced)
    record = take(
        session, people, party=chosen.party or "", also=chosen.also,
        at=at, by=by, run=Run(upload.token, progress),
    )  # fmt: skip
    upload.done(record.id, seen)
    return record


def hand_over(upload: Upload, kind: str) -> Job:
    """Let the worker do it."""
    wish = {"staff": upload.staff_id, "upload": upload.token}
    job = ask(db.session(), kind, wish, by=access.me().email, at=now())
    upload.tell(job=job.id)
    wake()
    return job


def look_as_job(work: Work) -> str:
    """For the worker: nothing but the preview comes of it, or what is wrong with the file."""
    upload = _upload(work)
    try:
        look(work.session, upload)
    except WrongFile as wrong:
        upload.tell(problem=Problem(key=wrong.key, values=wrong.values))
    return ""


def take_as_job(work: Work) -> str:
    """For the worker. A file that is no longer there was taken in before the worker was stopped."""
    upload = _upload(work)
    if upload.facts.became is None:
        take_in(work.session, upload, by=work.by, at=now(), progress=work.progress)
    return ""


def _upload(work: Work) -> Upload:
    upload = find(work.wish["staff"], work.wish["upload"])
    try:
        upload.facts  # noqa: B018 - asks whether it is still there
    except NoUpload:
        raise CannotDo("job.no_upload") from None
    return upload
