"""What people do about their registration themselves, by the link that only they were given."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import redirect, render_template, session, url_for
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response
from wtforms import Field

from event.agenda import remarks
from event.attendees import Attendee
from event.bookings import UnknownSessions, booked
from event.consents import Notice, notices
from event.endings import ending
from event.handing_over import has_come, may_take_up, predecessor_of, successor_of
from event.informing import is_to_agree
from event.journal import version
from event.limits import limits
from event.line import turn_of
from event.links import Linked, keeper, key_of
from event.own_changes import (
    THEMSELVES,
    TooLate,
    changes_until,
    may_give_back,
    may_take_back,
    refuse_late,
    take_back,
)
from event.own_seats import NoPlace, give_back, leave_queue, take_seat
from event.programme import Category, Slot, sessions
from event.waiting import Wait, turns
from forms.own import PressForm, SureForm
from pages import current
from pages.attendee.blueprint import ENGLISH, VIETNAMESE, page
from pages.attendee.done import SAID, tell, told
from pages.clock import now
from pages.database import db
from pages.security import shows_form_again
from pages.wording import words
from pages.worker import wake

FRESH = timedelta(hours=1)
"""As long as the browser that registered finds the way to changes on the page itself."""
OTHER = {"vi": ENGLISH, "en": VIETNAMESE}
BEGUN = "put_down"
"""In the visitor's own session: whom they put down, and when."""


@dataclass(frozen=True)
class Way:
    """Somebody with both parts of their second link."""

    attendee: Attendee
    secret: str
    key: str

    @property
    def parts(self) -> dict[str, str]:
        """For addresses below it."""
        return {"secret": self.secret, "key": self.key}


def way(secret: str, key: str) -> Way:
    """Whose registration may be changed here. Raises `WrongLink`."""
    return Way(keeper(db.session(), secret, key, current.keys()), secret, key)


def remember(put_down: Linked, at: datetime) -> None:
    """This browser put somebody down; on the page it is led to, it may change that for a while."""
    session[BEGUN] = [put_down.id, int(at.timestamp())]


def way_from_here(attendee: Attendee, at: datetime) -> str | None:
    """The key, for the browser that registered them just now; nobody else is told."""
    number, begun = session.get(BEGUN, (0, 0))
    lately = begun <= at.timestamp() < begun + FRESH.total_seconds()
    return key_of(attendee, current.keys()) if number == attendee.id and lately else None


def version_of(attendee: Attendee) -> int:
    """What a form keeps, to notice that something changed meanwhile."""
    return db.session().scalar(version("attendee", attendee.id)) or 0


def keep_version(seen: Field, attendee: Attendee) -> None:
    """Put it into a form that does not know it yet, or is to forget what it knew."""
    if not seen.data:
        seen.data = str(version_of(attendee))


def closed() -> datetime | None:
    """Since when people change nothing themselves, if that time has come."""
    try:
        refuse_late(current.event(), at=now())
    except TooLate:
        return changes_until(current.event())
    return None


@page.get("/me/<secret>/change/<key>")
def change(secret: str, key: str) -> str:
    """Their sessions, with what can be done about each; the way to everything else."""
    return overview(way(secret, key))


@page.post("/me/<secret>/change/<key>/seat")
@shows_form_again
def seat(secret: str, key: str) -> Response | tuple[str, int]:
    """Take a seat or a turn, give it back, leave a queue: one press each."""
    theirs, form = way(secret, key), PressForm()
    if not form.validate():
        return overview(theirs, expired=True), 400
    try:
        deed = _do(theirs.attendee, form.do.data or "", form.slot.data or "")
    except (UnknownSessions, NoPlace):
        return overview(theirs, changed=True), 409
    except TooLate:
        return overview(theirs), 403
    wake()
    return back(theirs, deed, form.slot.data or "")


def _do(attendee: Attendee, what: str, key: str) -> str:
    """Giving back goes on to the end; only taking has one before. Gives what was done."""
    who = {"at": now(), "by": THEMSELVES}
    if what == "give":
        give_back(db.session(), attendee, key, **who)  # type: ignore[arg-type]
    elif what == "leave":
        leave_queue(db.session(), attendee, key, **who)  # type: ignore[arg-type]
    else:
        refuse_late(current.event(), at=now())
        seated = take_seat(db.session(), attendee, key, **who)  # type: ignore[arg-type]
        return "seated" if seated else "queued"
    return what


@page.post("/me/<secret>/change/<key>/take-back")
@shows_form_again
def undo_cancelling(secret: str, key: str) -> Response | tuple[str, int]:
    """The place again, with those of the former seats that are still free."""
    theirs = way(secret, key)
    if not SureForm().validate():
        return overview(theirs, expired=True), 400
    try:
        refuse_late(current.event(), at=now())
        take_back(db.session(), theirs.attendee, at=now())
    except (NoPlace, TooLate):
        return overview(theirs, changed=True), 409
    return back(theirs, "returned")


def back(theirs: Way, deed: str = "", slot: str = "") -> Response:
    """To the overview, which says what was done."""
    if deed:
        tell(theirs.attendee.id, deed, slot)
    return redirect(url_for(".change", **theirs.parts), 303)  # type: ignore[arg-type]


def overview(theirs: Way, *, expired: bool = False, changed: bool = False) -> str:
    """The page, and why nothing was done, if so."""
    attendee, database = theirs.attendee, db.session()
    slots = chosen(attendee)
    waits = database.execute(turns(attendee.id)).all()
    return render_template(
        "attendee/change.html",
        attendee=attendee,
        way=theirs.parts,
        slots=slots,
        remarks=remarks(slots),
        waits=waits,
        done=_done(attendee, slots),
        others=_full(slots, [wait for wait, _ in waits]) if attendee.line is None else [],
        closed=closed(),
        until=changes_until(current.event()),
        notices=_to_agree_to(attendee),
        **_of_place(attendee),
        expired=expired,
        changed=changed,
        other_language=url_for(f"{OTHER[current.language()]}.change", **theirs.parts),  # type: ignore[arg-type]
    )


def _done(attendee: Attendee, slots: Sequence[Slot]) -> dict[str, str] | None:
    """What the last press did, and the session to take again, if that is still possible."""
    deed, key = told(attendee.id) or ("", "")
    slot = db.session().scalar(sessions().where(Slot.key == key)) if key else None
    if not deed or (slot is None) != (key == ""):
        return None
    taken = slot in slots or (slot is not None and slot.free == 0)
    again = key if deed == "give" and not taken and closed() is None else ""
    return {
        "words": str(SAID[deed]) % {"session": words(slot.title if slot else "")},
        "again": again,
    }


def _to_agree_to(attendee: Attendee) -> Sequence[Notice]:
    """What somebody has not been asked yet whom others put down."""
    wanted = is_to_agree(db.session(), attendee, by=THEMSELVES)
    return db.session().scalars(notices()).all() if wanted else ()


def _of_place(attendee: Attendee) -> dict[str, Any]:
    """Whether they have one, had one, or stand in line for one, and what they may do about it."""
    database, gone = db.session(), attendee.cancelled_at is not None
    successor = successor_of(database, attendee) if gone else None
    return {
        "place": turn_of(database, attendee),
        "may_give_back": may_give_back(database, attendee),
        "may_return": gone and may_take_back(database, attendee),
        "full": gone and limits(database).full(attendee.category_id),
        "successor": successor,
        "ended": ending(database, attendee),
        "category": database.get(Category, attendee.category_id) if gone else None,
        "handed": predecessor_of(database, attendee.id) is not None,
        "untaken": successor is not None and may_take_up(successor),
        "has_come": has_come(database, attendee),
    }


def chosen(attendee: Attendee) -> Sequence[Slot]:
    """Their sessions in order of time, with rooms and tracks, as they are now."""
    whole = booked(attendee.id).options(joinedload(Slot.track), joinedload(Slot.room))
    return db.session().scalars(whole.execution_options(populate_existing=True)).all()


def _full(slots: Sequence[Slot], waits: Sequence[Wait]) -> list[Slot]:
    """Sessions without a free seat that they neither have nor wait for."""
    theirs = {slot.id for slot in slots} | {wait.slot_id for wait in waits}
    whole = sessions().options(joinedload(Slot.track), joinedload(Slot.room))
    return [
        slot
        for slot in db.session().scalars(whole).unique()
        if slot.free == 0 and slot.id not in theirs
    ]
