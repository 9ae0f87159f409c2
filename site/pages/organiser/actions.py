"""What is done to one person by one press, after a page that lists the consequences."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from sqlalchemy import select
from werkzeug.wrappers import Response

from event.amendments import cancel, reinstate, replace_badge, replace_link
from event.attendees import Attendee
from event.delegations import Delegation, join
from event.journal import Change, ChangedMeanwhile, history
from event.line import how_many_in_line
from forms.organiser import MembershipForm, PersonForm, SureForm, version_seen
from pages import access
from pages.clock import now
from pages.database import db
from pages.organiser.blueprint import page
from pages.organiser.person import held, party_of, someone, version_of
from pages.organiser.stories import Story, stories
from pages.security import shows_form_again
from pages.wording import words


@dataclass(frozen=True)
class Action:
    """One button: the question it asks, what follows from it, and what is said afterwards."""

    do: Callable[..., None]
    title: LazyString
    consequences: Callable[[Attendee], list[str]]
    button: LazyString
    done: LazyString
    danger: bool = False
    of_cancelled: bool = False


def _of_cancelling(attendee: Attendee) -> list[str]:
    seats = [words(slot.title) for slot in held(attendee)]
    in_line = db.session().scalar(how_many_in_line())
    given_back = _("These seats are given back at once: %(seats)s.", seats=" · ".join(seats))
    return [
        _("The badge is refused at every door, with a word to go to the help desk."),
        *([given_back] if seats else []),
        *([_("The place goes to the next in line at once.")] if in_line else []),
        _("Nothing is erased. It can be undone, but the seats have to be chosen again."),
    ]


def _of_reinstating(_attendee: Attendee) -> list[str]:
    return [
        _("The badge is let in again."),
        _("No session is booked: choose the seats again afterwards, as far as there are any."),
    ]


def _of_badge(_attendee: Attendee) -> list[str]:
    return [
        _("The badge printed so far is refused at every door."),
        _("The code on the person's own page becomes the new one: print it or send the link."),
        _("This cannot be undone."),
    ]


def _of_link(_attendee: Attendee) -> list[str]:
    return [
        _("The link sent so far opens nothing any more."),
        _("The badge stays valid."),
        _("This cannot be undone. Send the new link to the person yourself."),
    ]


ACTIONS = {
    "cancel": Action(
        cancel, _l("Cancel this registration?"), _of_cancelling,
        _l("Cancel the registration"), _l("The registration is cancelled."), danger=True,
    ),
    "reinstate": Action(
        reinstate, _l("Reinstate this registration?"), _of_reinstating,
        _l("Reinstate"), _l("The registration is in force again."), of_cancelled=True,
    ),
    "badge": Action(
        replace_badge, _l("Replace the badge?"), _of_badge,
        _l("Replace the badge"), _l("The badge is replaced. Please print the new one."),
        danger=True,
    ),
    "link": Action(
        replace_link, _l("Replace the link to the person's own page?"), _of_link,
        _l("Replace the link"), _l("The link is replaced."), danger=True,
    ),
}  # fmt: skip
ONE_OF_THEM = f"/people/<int:number>/<any({', '.join(ACTIONS)}):name>"


@page.route(ONE_OF_THEM, methods=["GET", "POST"])
@access.needs("supervisor")
@shows_form_again
def act(number: int, name: str) -> Response | tuple[str, int]:
    """List what follows; do it when it is sent, unless somebody else was quicker."""
    attendee, action, form = someone(number), ACTIONS[name], SureForm()
    if (attendee.cancelled_at is not None) != action.of_cancelled:
        flash(_("That has been done already, or is not possible any more."), "warn")
        return _back(number)
    if not form.is_submitted():
        return _ask(attendee, action, form), 200
    if not form.validate():
        return _ask(attendee, action, form), 400
    try:
        action.do(
            db.session(), attendee, at=now(), by=access.me().email,
            seen=version_seen(form.seen.data),
        )  # fmt: skip
    except ChangedMeanwhile:
        return _ask(someone(number), action, form, changed=True), 409
    flash(str(action.done), "good")
    return _back(number)


def _back(number: int) -> Response:
    return redirect(url_for("organiser.person", number=number), 303)


def _ask(attendee: Attendee, action: Action, form: SureForm, *, changed: bool = False) -> str:
    meanwhile = changes_since(attendee, form) if changed else []
    form.seen.data = str(version_of(attendee))
    return render_template(
        "organiser/sure.html",
        person=attendee,
        action=action,
        consequences=action.consequences(attendee),
        form=form,
        meanwhile=meanwhile,
    )


def changes_since(attendee: Attendee, form: SureForm | PersonForm) -> Sequence[Story]:
    """What somebody else did after the reader had opened the form."""
    later = Change.id > version_seen(form.seen.data)
    return stories(db.session().scalars(history("attendee", attendee.id).where(later)))


@page.route("/people/<int:number>/delegation", methods=["GET", "POST"])
@access.needs("supervisor")
@shows_form_again
def membership(number: int) -> Response | tuple[str, int]:
    """Put somebody into a delegation, as its head or not, or take them out."""
    attendee, form = someone(number), MembershipForm()
    form.offer(db.session().scalars(select(Delegation).order_by(Delegation.folded_name)))
    if not form.is_submitted():
        form.delegation.data = str(attendee.party_id or "")
        form.head.data = attendee.heads_party
        return _membership(attendee, form), 200
    if not form.validate():
        return _membership(attendee, form), 400 if "csrf_token" in form.errors else 422
    party = db.session().get(Delegation, int(form.delegation.data or 0))
    try:
        join(
            db.session(), attendee, party, at=now(), by=access.me().email,
            head=form.head.data, seen=version_seen(form.seen.data),
        )  # fmt: skip
    except ChangedMeanwhile:
        return _membership(someone(number), form, changed=True), 409
    flash(_("The delegation is noted."), "good")
    return _back(number)


def _membership(attendee: Attendee, form: MembershipForm, *, changed: bool = False) -> str:
    meanwhile = changes_since(attendee, form) if changed else []
    if changed or not form.seen.data:
        form.seen.data = str(version_of(attendee))
    return render_template(
        "organiser/membership.html",
        person=attendee,
        party=party_of(attendee),
        form=form,
        meanwhile=meanwhile,
    )
