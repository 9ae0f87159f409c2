"""Prints blank badges as a print run: the organiser's page and the command do it alike."""

from sqlalchemy.orm import Session

import exports
from event.blanks import BlankBatch, Issue, finish, issue
from event.printing import Paper
from event.programme import Event
from pages import current
from pages.clock import now
from pages.press import Edition, digest, put_on_paper


def print_blanks(
    session: Session, event: Event, wanted: Issue, file_name: str, *, by: str
) -> BlankBatch:
    """Issue the next numbers and write them; the file lies with those of other print runs.

    Raises what `event.blanks.issue` raises. If writing fails, its numbers stay unused.
    """
    batch = issue(session, event, wanted, by=by, at=now())
    edition = Edition(batch.run_id, {}, wanted.layout, file_name, wanted.options)
    faces = exports.blanks.blank_faces(session, event, batch, current.keys().badges)
    path = put_on_paper(session, edition, faces)
    paper = Paper(file_name, path.stat().st_size, digest(path), ())
    session.rollback()  # what was only read
    finish(session, batch, paper, at=now())
    return batch
