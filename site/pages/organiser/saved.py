"""Saved lists: shown with who used them last, renamed, dropped and brought back."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from flask import abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

import exports
from event.choices import (
    LONGEST_NAME,
    Choice,
    NameTaken,
    bring_back,
    choices,
    drop,
    dropped,
    rename,
)
from event.names import clean
from forms.downloads import FORMATS, LISTS
from forms.lists import in_address
from forms.organiser import a_number
from pages import access
from pages.clock import now
from pages.database import db
from pages.organiser.blueprint import page
from pages.organiser.lists import column_name
from pages.organiser.person import LARGEST_NUMBER

LAST_DROPPED = 10


@dataclass(frozen=True)
class Saved:
    """One saved list as it is shown."""

    choice: Choice
    title: str
    columns: list[str]
    address: str
    files: list[tuple[str, str]]
    """Each format, and where the list is ordered in it."""


def saved_lists() -> list[Saved]:
    """All of them, by name."""
    listings = exports.listings
    found = db.session().scalars(choices())
    return [_shown(choice) for choice in found if choice.listing in listings.LISTS]


def _shown(choice: Choice) -> Saved:
    listings = exports.listings
    known = listings.offered(choice.listing)
    columns = [key for key in choice.columns if key in known]
    keys = columns or listings.LISTS[choice.listing].standard(choice.format)
    kept = {word: getattr(choice, word) for word in ("people", "order", "down", "format")}
    kept |= {"columns": columns, "language": choice.language, "paper": choice.paper}
    query = urlencode([*in_address(kept), ("choice", choice.id)])
    return Saved(
        choice,
        str(LISTS[choice.listing].title),
        [column_name(key) for key in keys],
        f"{url_for('organiser.list_page', list=choice.listing)}?{query}",
        [(format, _file(choice.listing, format, query)) for format in FORMATS],
    )


def _file(list: str, format: str, query: str) -> str:
    return f"{url_for('organiser.take_away', list=list, format=format)}?{query}"


def dropped_one() -> Choice | None:
    """The one that was dropped just now, which can be brought back."""
    number = request.args.get("dropped", type=a_number)
    return _find(number) if number else None


def dropped_lists() -> list[Choice]:
    """The last few that were dropped, to be brought back."""
    return list(db.session().scalars(dropped().limit(LAST_DROPPED)))


@page.post("/saved/<int:number>/rename")
@access.needs("organiser")
def rename_saved(number: int) -> Response:
    """Another name for a saved list; it stays as it was where that is taken or empty."""
    name = clean(request.form.get("name", ""))
    if not 0 < len(name) <= LONGEST_NAME:
        flash(_("A name has 1 to %(most)s characters.", most=LONGEST_NAME), "bad")
        return _back()
    if not (choice := _find(number)) or choice.folded is None:
        abort(404)
    return _do(number, partial(rename, name=name))


@page.post("/saved/<int:number>/drop")
@access.needs("organiser")
def drop_saved(number: int) -> Response:
    """Out of sight, with a button to bring it back."""
    choice = _find(number) or abort(404)
    drop(db.session(), choice, by=access.me().email, at=now())
    return redirect(url_for("organiser.exports_page", dropped=number), 303)


@page.post("/saved/<int:number>/bring-back")
@access.needs("organiser")
def bring_saved_back(number: int) -> Response:
    """Undo that."""
    return _do(number, bring_back)


def _do(number: int, act: Callable[..., None]) -> Response:
    choice = _find(number) or abort(404)
    try:
        act(db.session(), choice, by=access.me().email, at=now())
    except NameTaken as taken:
        flash(_("There is a saved list “%(name)s” already.", name=taken.args[0]), "bad")
    else:
        flash(_("The saved list “%(name)s” is there.", name=choice.name), "good")
    return _back()


def _find(number: int) -> Choice | None:
    return db.session().get(Choice, number) if number <= LARGEST_NUMBER else None


def _back() -> Response:
    return redirect(url_for("organiser.exports_page") + "#saved", 303)
