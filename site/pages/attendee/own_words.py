"""What is held of a person in words on a page, and as files to take away."""

import csv
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO, StringIO
from typing import TypeAlias

from flask import make_response
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

import exports
from event.own_data import Row, Value
from event.questions import BY_KEY
from event.words import Words
from pages.attendee.blueprint import page
from pages.wording import moment, phone, province, words

GROUPS = {
    "details": _l("Your details"),
    "sessions": _l("Your sessions"),
    "waiting": _l("Sessions you wait for"),
    "consents": _l("What you agreed to"),
    "guardian": _l("Parent or guardian"),
    "mails": _l("Mails to you"),
    "scans": _l("When your badge was scanned"),
    "printed": _l("Printed badges"),
    "changes": _l("What was changed"),
    "requests": _l("What you asked for"),
}
LABELS = {
    "number": _l("Badge number"),
    "delegation": _l("Delegation"),
    "companions": _l("Who come along"),
    "in_line": _l("Your place in line"),
    "remark": _l("Remark"),
    "interests": _l("Interests"),
    "language": _l("Language"),
    "registered_at": _l("Registered"),
    "cancelled_at": _l("Cancelled"),
    "informed_at": _l("Read the notice"),
    "session": _l("Session"),
    "starts_at": _l("From"),
    "ends_at": _l("To"),
    "at": _l("When"),
    "purpose": _l("Purpose"),
    "version": _l("Version"),
    "given_at": _l("Agreed"),
    "withdrawn_at": _l("Withdrawn"),
    "words": _l("The words that were shown"),
    "mail": _l("Mail"),
    "place": _l("Where"),
    "verdict": _l("Answer"),
    "run": _l("Print run"),
    "change": _l("Change"),
    "by": _l("By"),
    "field": _l("Which detail"),
    "before": _l("Before"),
    "after": _l("After"),
    "sessions": _l("Sessions"),
    "waiting": _l("Waiting lists"),
    "who": _l("Who asked"),
    "contact": _l("How to answer"),
    "asked": _l("In their words"),
    "wish": _l("Wish"),
    "settled_at": _l("Settled"),
}
NAMED = {
    "purpose": {
        "take_part": _l("Taking part in this event"),
        "exhibitors": _l("Being contacted by exhibitors"),
    },
    "mail": {
        "registered": _l("Confirmation with the badge"),
        "link": _l("The link once more, as somebody asked for"),
        "handed_over": _l("Somebody handed you their place"),
        "circular": _l("Letter to many"),
        "seated": _l("A seat became free"),
        "admitted": _l("A place became free"),
        "declined": _l("Answer: the registration was not approved"),
    },
    "verdict": {
        **dict.fromkeys(("in", "back", "extra"), _l("Let in")),
        "out": _l("Went out"),
        "undone": _l("Taken back"),
        **dict.fromkeys(("help", "again"), _l("Not let in")),
    },
    "change": {
        "registered": _l("Put down"),
        "changed": _l("Corrected"),
        "cancelled": _l("Cancelled"),
        "reinstated": _l("Reinstated"),
        "badge_replaced": _l("Badge replaced; the old one is refused"),
        "link_replaced": _l("Link replaced; the old one opens nothing"),
        "mailed_again": _l("Confirmation sent again"),
        "seated": _l("Seat from a waiting list"),
        "queued": _l("Joined a waiting list"),
        "unqueued": _l("Left a waiting list"),
        "taken_over": _l("Place handed over by somebody else"),
        "declined": _l("Not approved"),
        "blank_bound": _l("A blank badge was given to you"),
        "blank_unbound": _l("A blank badge was taken back"),
        "erased": _l("Personal data erased"),
        "informed": _l("Read the notice and agreed"),
        "withdrawn": _l("Consent withdrawn"),
        "waits": _l("Waits for an organiser's yes"),
        "approved": _l("Approved"),
        "lined_up": _l("In line for a place"),
        "admitted": _l("Place from the waiting list"),
        "joined": _l("Delegation"),
        "taken_along": _l("Took a copy of their data"),
    },
    "by": {
        "attendee": _l("you"),
        "shown": _l("whoever used the link that shows"),
        "giver": _l("whoever had the place before"),
        "organiser": _l("the organisers"),
    },
    "wish": {
        "access": _l("See or get a copy"),
        "correction": _l("Correct"),
        "withdrawal": _l("Withdraw consent"),
        "deletion": _l("Erase"),
    },
    "language": {"vi": _l("Vietnamese"), "en": _l("English")},
}
"""What stored keys mean; one that is missing is shown as it is."""
KINDS = {"json": "application/json", "csv": "text/csv; charset=utf-8", "zip": "application/zip"}

Group: TypeAlias = tuple[str, str, list[list[tuple[str, str]]]]
"""Key, heading, and rows of label and value."""


def told(held: Mapping[str, Sequence[Row]]) -> list[Group]:
    """The groups as a page shows them."""
    return [(name, str(GROUPS[name]), list(map(_in_words, rows))) for name, rows in held.items()]


def _in_words(row: Row) -> list[tuple[str, str]]:
    return [(label(key), said(_means(row, key), value)) for key, value in row.items()]


def _means(row: Row, key: str) -> str:
    """A former value is of the kind that its field is."""
    return str(row.get("field", "")) if key in ("before", "after") else key


def label(key: str) -> str:
    """What a value is called."""
    return words(BY_KEY[key].label) if key in BY_KEY else str(LABELS.get(key, key))


def said(key: str, value: Value) -> str:
    """A value in words."""
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, Words):
        return words(value)
    if key == "field":
        return label(str(value))
    if key in NAMED:
        return str(NAMED[key].get(str(value), value))
    known = {"phone": phone, "province": province}.get(key)
    return known(str(value)) if known else str(value)


def as_files(held: Mapping[str, Sequence[Row]], format: str, code: str) -> Response:
    """A copy to take away; nobody's browser keeps it behind their back."""
    write = {"json": _json, "csv": _csv, "zip": _zip}[format]
    answer = make_response(write(held))
    answer.mimetype = KINDS[format]
    answer.headers["Content-Disposition"] = f'attachment; filename="data-{code}.{format}"'
    return answer


def _json(held: Mapping[str, Sequence[Row]]) -> bytes:
    plain = {
        name: [{key: _plain(value, _means(row, key)) for key, value in row.items()} for row in rows]
        for name, rows in held.items()
    }
    return json.dumps(plain, ensure_ascii=False, indent=2).encode()


def _plain(value: Value, key: str) -> object:
    if key == "province":
        return said(key, value)
    if isinstance(value, Words):
        return value.as_dict()
    return value.isoformat() if isinstance(value, datetime) else value


def _csv(held: Mapping[str, Sequence[Row]]) -> bytes:
    """A line for each value: kind of data, which of them, what, and the value in words."""
    out = StringIO()
    lines = csv.writer(out)
    harmless = exports.formats.harmless
    for _name, heading, rows in told(held):
        for number, row in enumerate(rows, 1):
            lines.writerows((heading, number, what, harmless(value)) for what, value in row)
    return exports.formats.MARK.encode() + out.getvalue().encode()


def _zip(held: Mapping[str, Sequence[Row]]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        pack.writestr("data.json", _json(held))
        pack.writestr("data.csv", _csv(held))
    return out.getvalue()


@page.app_template_filter()
def data_group(name: str) -> str:
    """What a group of data is called."""
    return str(GROUPS[name])


@page.app_template_filter()
def data_value(key: str, value: Value) -> str:
    """A stored value in words."""
    return said(key, value)
