"""One list on the organiser's page: its columns, its order, a look at it, and its name."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

import exports
from event.about import about
from event.choices import Choice, NameTaken, choices, save
from event.names import clean
from event.people import filtered
from exports.tables import Signature
from forms.downloads import LISTS, ExportForm
from forms.lists import ListForm, Offered
from forms.organiser import a_number
from forms.printing import InWords
from pages import access, current
from pages.clock import noon, now
from pages.database import db
from pages.htmx import asked_by_htmx, shown_at
from pages.organiser.blueprint import page
from pages.organiser.known import known
from pages.wording import words

STEPS = {"earlier": -1, "later": 1}
"""Buttons that move a column."""


@page.get("/lists/<list>")
@access.needs("organiser")
def list_page(list: str) -> str | Response | tuple[str, int]:
    """A list before it is made: what is ticked and how it looks; the address holds all of it."""
    form = list_form(list, request.args)
    moves = [word for word in STEPS if word in request.args]
    for word in moves:
        form.move(request.args[word], STEPS[word])
    if not form.validate():
        return show_list(form), 422
    if asked_by_htmx():
        return shown_at(show_list(form), address(form))
    return redirect(address(form), 303) if moves else show_list(form)


@page.post("/lists/<list>")
@access.needs("organiser")
def save_list(list: str) -> Response | tuple[str, int]:
    """Keep it under a name; over the saved one it was opened from, as long as the name is that."""
    form = list_form(list, request.form)
    name = clean(form.save_as.data or "")
    valid = form.validate()
    if not name:
        form.save_as.errors = (_("Please give it a name."),)
    if not valid or not name:
        return show_list(form), 422
    me, opened = access.me().email, opened_choice(form)
    over = opened.id if opened else None
    try:
        kept = save(db.session(), name, form.kept, by=me, at=now(), over=over)
    except NameTaken as taken:
        form.save_as.errors = (_("There is a saved list “%(name)s” already.", name=taken.args[0]),)
        return show_list(form), 422
    form.choice.data = str(kept.id)
    flash(_("Saved as “%(name)s”, for all organisers.", name=kept.name), "good")
    return redirect(address(form), 303)


def list_form(name: str, typed: "MultiDict[str, str]") -> ListForm:
    """The form of a list; there is none for one whose columns are fixed."""
    listing = exports.listings.LISTS.get(name)
    if listing is None or not listing.free:
        return abort(404)
    return ListForm(typed, known(), offered(name))


def offered(name: str) -> Offered:
    """What can be chosen for a list, in the reader's words."""
    listings = exports.listings
    keys, listing = listings.offered(name), listings.LISTS[name]
    return Offered(
        name,
        {key: column_name(key) for key in keys},
        listings.orders(name),
        {format: listing.standard(format) for format in listings.FORMATS},
        listing.free,
    )


def column_name(key: str) -> str:
    """The heading of a column; two are headed alike, with the degree and without."""
    heading = words(exports.fields.FIELDS[key].heading)
    return _("%(name)s, with the degree", name=heading) if key == "full_name" else heading


def address(form: ListForm) -> str:
    """Where the same list can be seen again."""
    return f"{url_for('organiser.list_page', list=form.offered.name)}?{urlencode(form.address())}"


def narrowed_in_words(form: ExportForm) -> tuple[str, ...]:
    """What stands under the title: "Phiên: Vật liệu mới"; in the language of the list."""
    with force_locale(str(form.language.data)):
        return tuple(InWords(known()).lines(form.people))


def opened_choice(form: ListForm) -> Choice | None:
    """The saved list that this one was opened from, as long as it is there."""
    number = form.choice.data or ""
    return choice_of(db.session(), number)


def choice_of(session: Session, number: str) -> Choice | None:
    """The saved list of that number."""
    try:
        return session.scalar(choices().where(Choice.id == a_number(number)))
    except ValueError:
        return None


def show_list(form: ListForm) -> str:
    """The page, or for htmx what a tick changes; a look at the list only if all of it is right."""
    template = "organiser/_list.html" if asked_by_htmx() else "organiser/list.html"
    choice = opened_choice(form)
    return render_template(
        template,
        form=form,
        kind=LISTS[form.offered.name],
        look=None if form.errors else _look(form),
        choice=choice,
        save_as=form.save_as.data or (choice.name if choice else ""),
        query=urlencode(form.address()),
        signs=about(current.event()).letterhead.signs,
    )


def _look(form: ListForm) -> Any:
    """The first rows, or the first page."""
    at = noon(form.on.data, current.event().zone) if form.on.data else now()
    return exports.preview.preview(db.session(), wish_of(form), at=at, people=filtered(form.people))


def wish_of(form: ListForm) -> "exports.lists.Wish":
    """What the list is to be, with what stands around it."""
    lists, paper, chosen = exports.lists, form.paper, form.wish
    wish = lists.Wish(
        form.offered.name,
        form.format.data,
        session=form.people.get("session", ""),
        language=form.language.data,
        attached_to=paper["attached_to"],
        signature=Signature(**paper["signature"]),
        columns=tuple(chosen["columns"]),
        about=narrowed_in_words(form),
    )
    if not chosen["order"]:
        return wish
    return replace(wish, order=exports.orders.Order(chosen["order"], chosen["down"]))
