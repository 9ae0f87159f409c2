"""Lists and badges to take along: whom they hold, how they look, and the order for the worker."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response

import exports
from event.about import about
from event.choices import use
from event.imports import Import
from event.outgoing import order
from event.people import how_many
from event.printing import order_run
from forms.downloads import BADGES, FORMATS, LISTS, ExportForm
from forms.lists import ListForm
from forms.organiser import a_number
from pages import access, current
from pages.clock import now
from pages.database import db
from pages.organiser.blueprint import page
from pages.organiser.known import known
from pages.organiser.lists import (
    list_form,
    narrowed_in_words,
    opened_choice,
    show_list,
    wish_of,
)
from pages.organiser.saved import dropped_lists, dropped_one, saved_lists
from pages.organiser.sheet_picture import sheet_shown
from pages.worker import wake


@page.get("/lists")
@access.needs("organiser")
def exports_page() -> str | tuple[str, int]:
    """Every list in every format, of everybody or of those the table of people was narrowed to."""
    form = ExportForm(request.args, known())
    status = 200 if form.validate() else 422
    return _show(form), status


@page.get("/exports/<list>.<format>")
@access.needs("supervisor")
def take_away(list: str, format: str) -> Response | tuple[str, int]:
    """Order a list or badges, and go on to where it can be fetched. A supervisor gets one badge."""
    if not (list in LISTS and format in FORMATS) and (list, format) != (BADGES, "pdf"):
        abort(404)
    if list != BADGES and not access.me().may("organiser"):
        abort(403)
    form = _form(list, format)
    valid = form.validate()
    if not access.me().may("organiser") and not form.one_person:
        abort(403)
    if valid and list == BADGES and not how_many(db.session(), form.people):
        form.form_errors.append(_nobody(form))
        valid = False
    if not valid or not _fits(form):
        return _refused(form), 422
    kind, wish = _wish(form, list, format)
    number = _order(kind, wish)
    wake()
    return redirect(url_for("organiser.job", number=number), 303)


def _form(name: str, format: str) -> ExportForm:
    """What can be chosen for it; only of some lists, the columns."""
    if name == BADGES or not exports.listings.LISTS[name].free:
        return ExportForm(request.args, known())
    form = list_form(name, request.args)
    form.format.data = format
    return form


def _fits(form: ExportForm) -> bool:
    """Whether paper has room for all columns."""
    if not isinstance(form, ListForm) or form.format.data != "pdf":
        return True
    return not exports.lists.too_many(wish_of(form))


def _refused(form: ExportForm) -> str:
    """The page that shows best what is wrong."""
    if isinstance(form, ListForm) and (form.was.data or form.column.data or form.sort.errors):
        return show_list(form)
    return _show(form)


def _order(kind: str, wish: dict[str, Any]) -> int | None:
    """The number of the job; badges are a print run as well."""
    session, event, by = db.session(), current.event(), access.me().email
    if kind == "badges":
        return order_run(session, event, wish, by=by, at=now()).job_id
    return order(session, event, kind, wish, by=by, at=now()).id


def _nobody(form: ExportForm) -> str:
    if form.changed.data:
        return _("Nothing has changed since it was last printed.")
    return _("There is nobody like that, so there are no badges.")


def _wish(form: ExportForm, name: str, format: str) -> tuple[str, dict[str, Any]]:
    people, language = form.people, str(form.language.data)
    with force_locale(language):
        title = str(_("Badges") if name == BADGES else LISTS[name].title)
        if name == BADGES:
            title += f" ({form.layout_name})"
    wish = {"list": name, "format": format, "people": people, "language": language, "title": title}
    if name == BADGES:
        options = form.imposing.options
        return "badges", wish | {"layout": form.layout.data, "options": options}
    narrowed = narrowed_in_words(form)
    wish |= {"about": narrowed, "title": ", ".join((title, *narrowed))}
    if isinstance(form, ListForm):
        wish |= form.wish | _by_choice(form)
    return "list", wish | form.paper


def _by_choice(form: ListForm) -> dict[str, str]:
    """The title of a list made by a saved choice, which says from now on who used it last."""
    choice = opened_choice(form)
    if choice is None:
        return {}
    use(db.session(), choice, by=access.me().email, at=now())
    return {"title": choice.name}


def _show(form: ExportForm) -> str:
    return render_template(
        "organiser/downloads.html",
        form=form,
        sheet=sheet_shown(form),
        lists=LISTS,
        formats=FORMATS,
        narrowed=bool(form.people),
        count=None if form.errors else how_many(db.session(), form.people),
        imported=_imported(form.imported.data or ""),
        signs=about(current.event()).letterhead.signs,
        free=[name for name, listing in exports.listings.LISTS.items() if listing.free],
        saved=saved_lists(),
        dropped=dropped_one(),
        gone=dropped_lists(),
    )


def _imported(number: str) -> Import | None:
    try:
        return db.session().get(Import, a_number(number))
    except ValueError:
        return None
