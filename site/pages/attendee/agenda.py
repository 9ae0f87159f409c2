"""One agenda in three shapes: a calendar file, the same to subscribe to, and a page on paper."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import make_response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

import exports
from event.agenda import Remark, remarks
from event.attendees import Attendee
from event.diaries import edition_of, given_up
from event.links import feed_of, subscriber
from event.offer import days
from event.programme import Category, Slot
from pages import current
from pages.attendee.blueprint import page
from pages.attendee.changing import chosen
from pages.attendee.mine import Own, own
from pages.clock import now
from pages.database import db
from pages.pictures import outside_address
from pages.wording import day, hour, weekday, words

if TYPE_CHECKING:
    from exports.agenda import Agenda, Item
    from exports.calendar import Diary


@page.get("/calendar/<secret>.ics")
def feed(secret: str) -> Response:
    """What a calendar program asks for each hour; nothing is sent where nothing changed."""
    attendee = subscriber(db.session(), secret, current.keys())
    diary = diary_of(attendee)
    answer = make_response(exports.calendar.write_calendar(diary, at=now()))
    answer.mimetype = "text/calendar"
    answer.set_etag(f"{diary.sequence}.{diary.language}")
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer.make_conditional(request)


def diary_of(attendee: Attendee) -> "Diary":
    """Whatever changed, the same entries change with it."""
    slots = [] if attendee.cancelled_at else chosen(attendee)
    edition, once = edition_of(db.session(), attendee.id)
    return exports.calendar.Diary(
        current.event(), attendee.id, slots, current.language(), edition,
        given_up(db.session(), once, [slot.key for slot in slots]),
        cancelled=attendee.cancelled_at is not None,
    )  # fmt: skip


def feed_address(attendee: Attendee) -> str:
    """To subscribe to, at the site's public address: calendars know it by its scheme."""
    path = url_for(".feed", secret=feed_of(attendee, current.keys()))
    return "webcal" + outside_address().removeprefix("https").removeprefix("http") + path


page.add_app_template_filter(feed_address)


@page.get("/me/<secret>/agenda.pdf")
def agenda_pdf(secret: str) -> Response:
    """One page to print and fold."""
    person = own(secret)
    if not person.attendee.has_badge:
        return redirect(url_for(".mine", secret=secret), 303)
    answer = make_response(exports.agenda.write_agenda(_agenda(person)))
    answer.mimetype = "application/pdf"
    name = f"agenda-{person.attendee.code}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def _agenda(person: Own) -> "Agenda":
    event, attendee = current.event(), person.attendee
    said = remarks(person.slots)
    return exports.agenda.Agenda(
        event=words(event.name),
        dates=f"{event.days} · {words(event.place)}",
        name=attendee.titled_name,
        about=_about(attendee, person.category),
        number=attendee.code,
        token=person.token,
        show=_("Show this code at the gate"),
        title=_("Your sessions"),
        days=[
            exports.agenda.Day(
                f"{weekday(one.date)}, {day(one.date)}",
                [_item(slot, said[slot.id]) for at in one.stretches for slot in at.sessions],
            )
            for one in days(person.slots, ZoneInfo(event.zone))
        ],
        empty=_(
            "You have chosen no session. The exhibition and all sessions with open seating are "
            "yours to visit."
        ),
        foot=_("As of %(when)s. The programme may change.", when=f"{hour(now())} {day(now())}"),
    )


def _about(attendee: Attendee, category: Category) -> list[str]:
    lines = (attendee.position, attendee.organisation, words(category.name))
    return [line for line in lines if line]


def _item(slot: Slot, said: list[Remark]) -> "Item":
    where = [words(slot.room.name)] if slot.room else []
    if words(slot.chair):
        where.append(_("Chair: %(name)s", name=words(slot.chair)))
    hours = f"{hour(slot.starts_at)}–{hour(slot.ends_at)}"
    return exports.agenda.Item(
        hours, words(slot.title), " · ".join(where), [in_words(remark) for remark in said]
    )


@page.app_template_filter()
def in_words(remark: Remark) -> str:
    """What stands in the way of a session, said from its side."""
    other, walk = remark.other, remark.walk
    title, hours = words(other.title), f"{hour(other.starts_at)}–{hour(other.ends_at)}"
    if walk is None:
        return _("At the same time: “%(title)s” (%(hours)s)", title=title, hours=hours)
    told = {"title": title, "gap": walk.there_are, "takes": walk.takes}
    if walk.second.id == other.id:
        return _(
            "“%(title)s” begins %(gap)s minutes later in another room; the way takes about "
            "%(takes)s.",
            **told,
        )
    return _(
        "“%(title)s” ends %(gap)s minutes earlier in another room; the way takes about %(takes)s.",
        **told,
    )
