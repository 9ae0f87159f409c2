"""Who may work here: accounts, their roles, and one-time links to sign in with."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from event.staff import LastOrganiser, Staff, accounts, add_staff, close_staff, make_link
from forms.accounts import AccountForm, RoleForm
from forms.organiser import LARGEST_NUMBER, SureForm
from pages import access
from pages.clock import now
from pages.database import db
from pages.organiser.blueprint import page
from pages.organiser.phrases import ROLE_HINTS
from pages.pictures import outside_address, picture
from pages.security import shows_form_again


@page.get("/staff")
@access.needs("organiser")
def staff() -> str:
    """Open accounts first, then the closed ones."""
    return _list(AccountForm())


@page.post("/staff")
@access.needs("organiser")
@shows_form_again
def add_account() -> Response | tuple[str, int]:
    """Open an account, and show its first sign-in link."""
    form = AccountForm()
    if not form.validate():
        return _list(form), 400 if "csrf_token" in form.errors else 422
    email = (form.email.data or "").strip()
    try:
        person = add_staff(db.session(), email, form.role.data, at=now(), by=access.me().email)
    except LastOrganiser:
        return _refused(form)
    return _link(person), 200


@page.post("/staff/<int:number>/role")
@access.needs("organiser")
@shows_form_again
def change_role(number: int) -> Response | tuple[str, int]:
    """Give an account another role, from its next page on."""
    person, form = _account(number), RoleForm()
    if person.closed_at is not None:
        abort(409)
    if not form.validate():
        return _list(AccountForm(), stale="csrf_token" in form.errors), 400
    try:
        add_staff(db.session(), person.email, form.role.data, at=now(), by=access.me().email)
    except LastOrganiser:
        return _refused(AccountForm())
    flash(_("%(email)s has another role now.", email=person.email), "good")
    return redirect(url_for("organiser.staff"), 303)


@page.post("/staff/<int:number>/link")
@access.needs("organiser")
@shows_form_again
def sign_in_link(number: int) -> tuple[str, int]:
    """Make a link and show it once: only its hash is kept."""
    person, form = _account(number), SureForm()
    if person.closed_at is not None:
        abort(409)
    if not form.validate():
        return _list(AccountForm(), stale=True), 400
    return _link(person), 200


@page.route("/staff/<int:number>/close", methods=["GET", "POST"])
@access.needs("organiser")
@shows_form_again
def close_account(number: int) -> Response | tuple[str, int]:
    """Say what follows; then shut the account."""
    person, form = _account(number), SureForm()
    if request.method == "GET" or not form.validate():
        shown = render_template("organiser/close_account.html", account=person, form=form)
        return shown, 400 if form.errors else 200
    try:
        close_staff(db.session(), person, at=now(), by=access.me().email)
    except LastOrganiser:
        return _refused(AccountForm())
    flash(_("The account %(email)s is closed.", email=person.email), "good")
    return redirect(url_for("organiser.staff"), 303)


def _account(number: int) -> Staff:
    found = db.session().get(Staff, number) if number <= LARGEST_NUMBER else None
    return found or abort(404)


def _refused(form: AccountForm) -> tuple[str, int]:
    flash(_("This is the last organiser. Make somebody else organiser first."), "bad")
    return _list(form), 409


def _list(form: AccountForm, **context: Any) -> str:
    return render_template(
        "organiser/staff.html",
        accounts=db.session().scalars(accounts()).all(),
        form=form,
        hints=ROLE_HINTS,
        **context,
    )


def _link(person: Staff) -> str:
    secret = make_link(db.session(), person, at=now())
    address = outside_address() + url_for("staff.link", secret=secret)
    return render_template(
        "organiser/link.html", account=person, address=address, picture=picture(address)
    )
