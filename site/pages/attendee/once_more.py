"""A form that comes back filled carries when it was first opened, sealed: so it is known again."""

import hmac
from datetime import UTC, datetime, timedelta

from flask import g

from event.keys import tag
from forms.registration import RegistrationForm
from pages import current
from pages.clock import now
from pages.crowding import age_of


def seal(nonce: str, opened: datetime) -> str:
    """What stands in the form that is shown again: when its first page was opened."""
    moment = int(opened.timestamp())
    proof = tag(current.keys().links, "form", nonce, moment).hex()
    return f"{moment}.{proof}"


def opened_before(typed: RegistrationForm) -> datetime | None:
    """When it was opened, if this form was shown again and asked about before."""
    moment, _, _proof = (typed.sure.data or "").partition(".")
    if not (moment.isascii() and moment.isdigit() and len(moment) < 12):
        return None
    opened = datetime.fromtimestamp(int(moment), UTC)
    right = seal(typed.nonce.data or "", opened)
    return opened if hmac.compare_digest(right, typed.sure.data or "") else None


def opened_at(typed: RegistrationForm, token: str | None) -> datetime:
    """When the form was first opened, as far as that is proven; else now."""
    known = opened_before(typed)
    if known is None and token and g.get("csrf_valid", False):
        return now() - timedelta(seconds=age_of(token))
    return known or now()
