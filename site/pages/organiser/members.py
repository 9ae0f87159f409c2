"""Putting people into a delegation from its own page: they are searched, then added one by one."""

from collections.abc import Mapping, Sequence

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import or_
from werkzeug.wrappers import Response

from event.attendees import Attendee
from event.delegations import Delegation, join
from event.journal import ChangedMeanwhile, version
from event.people import filtered
from forms.organiser import NewMemberForm, version_seen
from pages import access
from pages.clock import now
from pages.database import db
from pages.organiser.blueprint import page
from pages.organiser.delegations import the_delegation
from pages.organiser.people import rows_of
from pages.organiser.person import someone
from pages.security import shows_form_again

SHOWN = 20
"""People found by one search; who sees more of them types more of the name."""


@page.route("/delegations/<int:number>/add", methods=["GET", "POST"])
@access.needs("supervisor")
@shows_form_again
def add_members(number: int) -> Response | tuple[str, int]:
    """Find people who are not in this delegation; a press puts one of them in."""
    party, form = the_delegation(number), NewMemberForm()
    sought = request.args.get("q", "").strip()
    if not form.is_submitted():
        return _found(party, form, sought), 200
    if not form.validate():
        return _found(party, form, sought), 400
    attendee = someone(form.person.data or 0)
    try:
        join(
            db.session(), attendee, party, at=now(), by=access.me().email,
            seen=version_seen(form.seen.data),
        )  # fmt: skip
    except ChangedMeanwhile:
        return _found(party, form, sought, outdated=True), 409
    flash(_("%(name)s is in the delegation.", name=attendee.titled_name), "good")
    return redirect(url_for("organiser.add_members", number=number, q=sought), 303)


def _found(party: Delegation, form: NewMemberForm, sought: str, *, outdated: bool = False) -> str:
    people = _outside(party, sought) if sought else []
    return render_template(
        "organiser/add_members.html",
        party=party,
        form=form,
        sought=sought,
        outdated=outdated,
        rows=rows_of(people[:SHOWN]),
        more=len(people) > SHOWN,
        versions=_versions(people[:SHOWN]),
    )


def _outside(party: Delegation, sought: str) -> Sequence[Attendee]:
    elsewhere = or_(Attendee.party_id.is_(None), Attendee.party_id != party.id)
    query = filtered({"q": sought}).where(elsewhere).limit(SHOWN + 1)
    return db.session().scalars(query).all()


def _versions(people: Sequence[Attendee]) -> Mapping[int, int]:
    """What each button keeps, to notice that somebody else was quicker."""
    return {a.id: db.session().scalar(version("attendee", a.id)) or 0 for a in people}
