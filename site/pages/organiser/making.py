"""For the worker: makes the lists and badges that were ordered."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from event.attendees import Attendee
from event.people import filtered
from event.programme import Event, the_event
from exports.badges import Badge, write_badges
from exports.faces import faces
from exports.lists import UnknownList, UnknownSession, Wish, export
from exports.tables import Signature
from pages import current
from pages.chores import CannotDo, Work
from pages.clock import now

NOON = time(12)


def make_list(work: Work) -> str:
    """One list, as it was wished."""
    ordered = work.wish
    wish = Wish(
        ordered["list"],
        ordered["format"],
        session=ordered["people"].get("session", ""),
        language=ordered["language"],
        attached_to=ordered["attached_to"],
        signature=Signature(**ordered["signature"]),
        all_columns=ordered["all_columns"],
    )
    path = file_for(work)
    try:
        with path.open("wb") as out:
            at = _dated(_event(work), ordered["on"])
            export(work.session, wish, out, at=at, people=filtered(ordered["people"]))
    except UnknownSession:
        raise CannotDo("job.unknown_session") from None
    except UnknownList:
        raise CannotDo("job.unknown") from None
    return path.name


def make_badges(work: Work) -> str:
    """Badges of some people, or of all."""
    people = filtered(work.wish["people"])
    numbers = people.order_by(None).with_only_columns(Attendee.id).subquery()
    total = work.session.scalar(select(func.count()).select_from(numbers)) or 0
    badges = faces(work.session, _event(work), current.keys().badges, people)
    path = file_for(work)
    with path.open("wb") as out:
        write_badges(_counted(badges, total, work), work.wish["layout"], out)
    return path.name


def _counted(badges: Iterable[Badge], total: int, work: Work) -> Iterator[Badge]:
    for done, badge in enumerate(badges, 1):
        yield badge
        work.progress(done, total)


def file_for(work: Work) -> Path:
    """Named as people will see it: "Danh sách đại biểu 29-09-2023.pdf"."""
    event = _event(work)
    day = now().astimezone(ZoneInfo(event.zone))
    title = "".join(c for c in str(work.wish["title"]) if c.isalnum() or c in " -,()")
    return work.folder / f"{title[:80].strip()} {day:%d-%m-%Y}.{work.wish['format']}"


def _event(work: Work) -> Event:
    event = the_event(work.session)
    if event is None:
        raise CannotDo("job.no_event")
    return event


def _dated(event: Event, day: str) -> datetime:
    """The moment that dates the paper."""
    if not day:
        return now()
    return datetime.combine(date.fromisoformat(day), NOON, ZoneInfo(event.zone))
