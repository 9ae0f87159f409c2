"""What a mail carries beside its words: the code as a picture, the badge as PDF, the calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from sqlalchemy import select

import exports
from event.attendees import Attendee
from event.designs import design_of
from event.diaries import edition_of
from event.envelopes import File
from event.programme import Event, Slot
from exports.qr_png import png
from pages import current
from pages.clock import now
from pages.database import db

if TYPE_CHECKING:
    from exports.badge_face import Badge

PICTURE = "badge@ghidanh"
CALENDAR = 'text/calendar; charset="utf-8"; method="PUBLISH"'


@dataclass(frozen=True)
class Enclosures:
    """The badge of a person, and the calendar file where there is one."""

    badge: "Badge"
    calendar: bytes = b""


def of_person(attendee: Attendee, slots: Sequence[Slot]) -> Enclosures:
    """Badge and calendar of somebody, in their language."""
    event: Event = current.event()
    only = select(Attendee).where(Attendee.id == attendee.id)
    badge = next(exports.faces.faces(db.session(), event, current.keys().badges, only))
    edition, _ = edition_of(db.session(), attendee.id)
    diary = exports.calendar.Diary(event, attendee.id, slots, attendee.language, edition)
    return Enclosures(badge, exports.calendar.write_calendar(diary, at=now()))


def of_nobody(language: str) -> Enclosures:
    """An invented person's badge, for a trial: it opens no door."""
    return Enclosures(exports.specimen.specimen(db.session(), current.event(), language))


def files_of(enclosed: Enclosures) -> tuple[File, ...]:
    """The code, for the HTML body, and the files that hang on the mail."""
    badge = enclosed.badge
    picture = png(exports.qr_tables.maker(len(badge.token))(badge.token))
    files = (
        File(f"{badge.number}.png", "image/png", picture, PICTURE),
        File(f"badge-{badge.number}.pdf", "application/pdf", _paper(badge)),
    )
    diary = File("calendar.ics", CALENDAR, enclosed.calendar)
    return (*files, diary) if enclosed.calendar else files


def _paper(badge: "Badge") -> bytes:
    """One page, as the person finds it on their own page."""
    paper, design = BytesIO(), design_of(db.session())
    exports.badges.write_badges([badge], design.single, paper, design)
    return paper.getvalue()
