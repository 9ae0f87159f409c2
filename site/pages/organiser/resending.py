"""One person's confirmation once more, to a corrected address where it was mistyped."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from event.attendees import Attendee
from event.journal import ChangedMeanwhile
from event.resending import NoAddress, send_again
from forms.mails import SendAgainForm
from forms.organiser import version_seen
from pages import access
from pages.clock import now
from pages.database import db
from pages.organiser.actions import changes_since
from pages.organiser.blueprint import page
from pages.organiser.person import someone, version_of
from pages.security import shows_form_again
from pages.worker import wake


@page.route("/people/<int:number>/mail", methods=["GET", "POST"])
@access.needs("supervisor")
@shows_form_again
def mail_again_to(number: int) -> Response | str | tuple[str, int]:
    """The address as it is known, to be corrected or not, and the button."""
    attendee, form = someone(number), SendAgainForm()
    if not form.is_submitted():
        form.email.data = attendee.email
        return _show(attendee, form)
    if not form.validate():
        return _show(attendee, form), 400 if "csrf_token" in form.errors else 422
    try:
        _send(attendee, form)
    except ChangedMeanwhile:
        return _show(someone(number), form, changed=True), 409
    except NoAddress:
        flash(_("Reinstate the registration first."), "warn")
    return redirect(url_for("organiser.person", number=number), 303)


def _send(attendee: Attendee, form: SendAgainForm) -> None:
    address = str(form.email.answer)  # type: ignore[attr-defined]
    seen = version_seen(form.seen.data)
    by = access.me().email
    queued = send_again(db.session(), attendee, address, by=by, at=now(), seen=seen)
    wake()
    if queued:
        flash(_("The confirmation is on its way to %(address)s.", address=address), "good")
    else:
        flash(
            _("It was waiting to go out already; it goes to %(address)s.", address=address), "good"
        )


def _show(attendee: Attendee, form: SendAgainForm, *, changed: bool = False) -> str:
    meanwhile = changes_since(attendee, form) if changed else []
    if changed or not form.seen.data:
        form.seen.data = str(version_of(attendee))
    return render_template(
        "organiser/send_again.html", person=attendee, form=form, meanwhile=meanwhile
    )
