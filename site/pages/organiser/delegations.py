"""Delegations: who sent them, how many are expected, put down and here, and who is in each."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from event.delegations import (
    Delegation,
    NameTaken,
    change_delegation,
    facts_of,
    found,
    heads,
    members,
    strengths,
)
from event.journal import ChangedMeanwhile, history, version
from forms.organiser import LARGEST_NUMBER, DelegationForm, version_seen
from pages import access
from pages.clock import now
from pages.database import db
from pages.organiser.blueprint import page
from pages.organiser.people import rows_of
from pages.organiser.stories import Story, stories
from pages.security import shows_form_again
from pages.wording import phone


@page.get("/delegations")
@access.needs("supervisor")
def delegations() -> str:
    """All of them, each with its "18/25"."""
    leading = {head.party_id: head for head in db.session().scalars(heads())}
    parties = list(strengths(db.session()).values())
    return render_template("organiser/delegations.html", parties=parties, leading=leading)


@page.get("/delegations/<int:number>")
@access.needs("supervisor")
def delegation(number: int) -> str:
    """One of them with its members, the head first."""
    party = the_delegation(number)
    return render_template(
        "organiser/delegation.html",
        party=strengths(db.session(), [number])[number],
        rows=rows_of(db.session().scalars(members(party)).all()),
        stories=_told(party),
    )


@page.route("/delegations/new", methods=["GET", "POST"])
@access.needs("supervisor")
@shows_form_again
def new_delegation() -> Response | tuple[str, int]:
    """Put a delegation down before its list comes."""
    form = DelegationForm()
    if not form.is_submitted():
        return _show(form), 200
    if not form.validate():
        return _show(form), 400 if "csrf_token" in form.errors else 422
    try:
        party = found(db.session(), form.facts(), at=now(), by=access.me().email)
    except NameTaken as taken:
        return _taken(form, taken), 409
    return _to(party.id)


@page.route("/delegations/<int:number>/edit", methods=["GET", "POST"])
@access.needs("supervisor")
@shows_form_again
def edit_delegation(number: int) -> Response | tuple[str, int]:
    """Correct what is known of a delegation."""
    party = the_delegation(number)
    form = DelegationForm(data=_filled(party))
    if not form.is_submitted():
        form.seen.data = _version(party)
        return _show(form, party), 200
    if not form.validate():
        return _show(form, party), 400 if "csrf_token" in form.errors else 422
    try:
        change_delegation(
            db.session(), party, form.facts(), at=now(), by=access.me().email,
            seen=version_seen(form.seen.data),
        )  # fmt: skip
    except NameTaken as taken:
        return _taken(form, taken, party), 409
    except ChangedMeanwhile:
        form.seen.data = _version(party)
        return _show(form, party, meanwhile=_told(party)[:3]), 409
    flash(_("The correction is kept."), "good")
    return _to(number)


def the_delegation(number: int) -> Delegation:
    """The delegation of that number; answers 404 where there is none."""
    found = db.session().get(Delegation, number) if number <= LARGEST_NUMBER else None
    return found or abort(404)


def _filled(party: Delegation) -> dict[str, Any]:
    known = {
        name: "" if value is None else str(value) for name, value in asdict(facts_of(party)).items()
    }
    return known | {"contact_phone": phone(party.contact_phone)}


def _version(party: Delegation) -> str:
    return str(db.session().scalar(version("party", party.id)) or 0)


def _told(party: Delegation) -> Sequence[Story]:
    return stories(db.session().scalars(history("party", party.id)))


def _to(number: int) -> Response:
    return redirect(url_for("organiser.delegation", number=number), 303)


def _taken(form: DelegationForm, taken: NameTaken, party: Delegation | None = None) -> str:
    there = _("There is a delegation of this name already: %(name)s.", name=taken.holder.name)
    form.name.errors = (there,)
    return _show(form, party, holder=taken.holder)


def _show(form: DelegationForm, party: Delegation | None = None, **context: Any) -> str:
    return render_template(
        "organiser/delegation_form.html", form=form, party=party, **{"meanwhile": []} | context
    )
