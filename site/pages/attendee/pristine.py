"""The empty form: rendered once, then only a token and a number are put in for each visitor."""

import secrets

from flask import render_template
from flask_wtf.csrf import generate_csrf

from event.offer import Offer
from forms.registration import RegistrationForm
from pages.attendee.shelf import shown
from pages.current import language

TOKEN, NONCE = "@the-token@", "@the-nonce@"
"""Stand in the rendered form where the visitor's own go, in this order."""


def pristine_form() -> str:
    """The form as nobody has touched it yet; within a second nothing is asked of the database."""
    before, between, after = shown().page(f"form {language()}", _pieces)
    return f"{before}{generate_csrf()}{between}{secrets.token_urlsafe(16)}{after}"


def _pieces(offer: Offer) -> tuple[str, ...]:
    before, rest = form_page(RegistrationForm(offer), TOKEN, NONCE).split(TOKEN)
    return before, *rest.split(NONCE)


def form_page(form: RegistrationForm, token: str, nonce: str) -> str:
    """The page with the form in whatever state it is."""
    return render_template(
        "attendee/register.html", form=form, offer=form.offer, token=token, nonce=nonce
    )
