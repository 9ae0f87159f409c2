"""The empty form: rendered once, then only a token and a number are put in for each visitor."""

import secrets

from flask import render_template
from flask_wtf.csrf import generate_csrf

from event.offer import Offer
from forms.registration import RegistrationForm
from pages.attendee.shelf import packed, shown
from pages.current import language

TOKEN, NONCE = "@the-token@", "@the-nonce@"
"""Stand in the rendered form where the visitor's own go, in this order."""


def pristine_form() -> bytes:
    """The form as nobody has touched it yet; within a second nothing is asked of the database."""
    before, between, after = shown().page(f"form {language()}", _pieces)
    nonce = secrets.token_urlsafe(16)
    return b"".join((before, generate_csrf().encode(), between, nonce.encode(), after))


def _pieces(offer: Offer) -> tuple[bytes, ...]:
    page = packed(form_page(RegistrationForm(offer), TOKEN, NONCE))
    before, rest = page.split(TOKEN.encode())
    return before, *rest.split(NONCE.encode())


def form_page(form: RegistrationForm, token: str, nonce: str, sure: str = "") -> str:
    """The page with the form in whatever state it is; `sure` seals one that was seen before."""
    return render_template(
        "attendee/register.html",
        form=form, offer=form.offer, token=token, nonce=nonce, sure=sure,
    )  # fmt: skip
