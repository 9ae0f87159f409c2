"""Signing in and out for those who run the event: by one-time link, or by a password."""

from urllib.parse import urlsplit

from flask import Blueprint, Flask, abort, flash, redirect, render_template, request, session
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from event.staff import (
    Account,
    Staff,
    TooManyAttempts,
    WrongSignIn,
    link_holder,
    set_password,
    use_link,
)
from event.staff import sign_in as sign_in_by_password
from forms.staff import PasswordForm, SignInForm
from pages import access
from pages.clock import now
from pages.crowding import network
from pages.current import LANGUAGES
from pages.database import db
from pages.security import shows_form_again

page = Blueprint("staff", __name__, url_prefix="/staff")


def local_path(address: str) -> str:
    """The address if it is a path of this site, else "": signing in sends nobody elsewhere."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return ""
    elsewhere = parts.scheme or parts.netloc or "\\" in address or not address.isprintable()
    if elsewhere or not address.startswith("/") or address.startswith("//"):
        return ""
    return address


def place_of(person: Staff | Account) -> str:
    """Where somebody of this role works."""
    return "/organiser/" if person.may("organiser") else "/checkin/"


def _enter(person: Staff, then: str) -> Response:
    access.remember(person)
    return redirect(local_path(then) or place_of(person), 303)


@page.get("/sign-in")
def sign_in() -> str | Response:
    """The form, or straight on for those already signed in."""
    then = request.args.get("then", "")
    person = access.signed_in()
    if person is not None:
        return redirect(local_path(then) or place_of(person))
    return render_template("staff/sign_in.html", form=SignInForm(then=then))


@page.post("/sign-in")
@shows_form_again
def sign_in_with_password() -> tuple[str, int] | Response:
    """A wrong address and a wrong password get the same answer."""
    form = SignInForm()
    if form.validate():
        try:
            person = sign_in_by_password(
                db.session(),
                form.email.data or "",
                form.password.data or "",
                origin=network(request.remote_addr or "") or "here",
                at=now(),
            )
            return _enter(person, form.then.data or "")
        except WrongSignIn:
            form.form_errors.append(_("The e-mail address or the password is wrong."))
        except TooManyAttempts:
            abort(429)
    return render_template("staff/sign_in.html", form=form), 422


@page.errorhandler(WrongSignIn)
def _spent(_error: WrongSignIn) -> tuple[str, int]:
    return render_template("staff/spent_link.html"), 404


@page.get("/sign-in/<secret>")
def link(secret: str) -> str:
    """Shows a button: a mail program that looks at the link first does not use it up."""
    person = link_holder(db.session(), secret, at=now())
    then = request.args.get("then", "")
    return render_template("staff/link.html", person=person, secret=secret, then=then)


@page.post("/sign-in/<secret>")
def sign_in_with_link(secret: str) -> Response:
    """The button: now the link is used up."""
    return _enter(use_link(db.session(), secret, at=now()), request.form.get("then", ""))


@page.route("/password", methods=["GET", "POST"])
@access.needs("desk")
@shows_form_again
def password() -> str | tuple[str, int] | Response:
    """Choose a password; this browser stays signed in, all others of the account do not."""
    form = PasswordForm()
    if request.method == "GET":
        return render_template("staff/password.html", form=form)
    if not form.validate():
        return render_template("staff/password.html", form=form), 422
    person = db.session().get_one(Staff, access.me().id)
    set_password(db.session(), person, form.password.data or "", at=now())
    access.remember(person)
    flash(_("Your password is set. Other devices of your account have been signed out."), "good")
    return redirect(place_of(person), 303)


@page.post("/sign-out")
def sign_out() -> Response:
    """Only by a press: a link on another page cannot sign anybody out."""
    access.forget()
    flash(_("You are signed out."), "good")
    return redirect("/staff/sign-in?out", 303)


@page.post("/language")
def choose_language() -> Response:
    """Staff choose their language once, for this browser."""
    chosen = request.form.get("language", "")
    if chosen not in LANGUAGES:
        abort(400)
    session["language"] = chosen
    return redirect(local_path(request.form.get("then", "")) or "/staff/sign-in", 303)


def register(app: Flask) -> None:
    """Add these pages to the site."""
    app.register_blueprint(page)
