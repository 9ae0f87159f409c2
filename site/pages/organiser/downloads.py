"""Lists and badges to take along: whom they hold, how they look, and the order for the worker."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.wrappers import Response

from event.about import about
from event.delegations import Delegation
from event.imports import Import
from event.outgoing import order
from event.people import how_many
from event.printing import order_run
from event.programme import categories, sessions, tracks
from forms.downloads import BADGES, FORMATS, LAYOUTS, LISTS, ExportForm, Known
from pages import access, current
from pages.clock import now
from pages.database import db
from pages.organiser.blueprint import page
from pages.wording import day, hour, words
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
    form = ExportForm(request.args, known())
    valid = form.validate()
    if not access.me().may("organiser") and not (list == BADGES and form.one_person):
        abort(403)
    if valid and list == BADGES and not how_many(db.session(), form.people):
        form.form_errors.append(_nobody(form))
        valid = False
    if not valid:
        return _show(form), 422
    kind, wish = _wish(form, list, format)
    number = _order(kind, wish)
    wake()
    return redirect(url_for("organiser.job", number=number), 303)


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
            title += f" ({LAYOUTS[form.layout.data]})"
    wish = {"list": name, "format": format, "people": people, "language": language, "title": title}
    if name == BADGES:
        return "badges", wish | {"layout": form.layout.data}
    return "list", wish | form.paper


def known() -> Known:
    """What can be chosen from."""
    session = db.session()
    parties = select(Delegation.id, Delegation.name).order_by(Delegation.folded_name)
    return Known(
        category={each.key: words(each.name) for each in session.scalars(categories())},
        session={
            each.key: f"{day(each.starts_at)[:5]} {hour(each.starts_at)} · {words(each.title)}"
            for each in session.scalars(sessions())
        },
        track={each.key: words(each.name) for each in session.scalars(tracks())},
        delegation={str(number): name for number, name in session.execute(parties)},
    )


def _show(form: ExportForm) -> str:
    number = form.imported.data or ""
    imported = db.session().get(Import, int(number)) if number.isdigit() else None
    return render_template(
        "organiser/downloads.html",
        form=form,
        lists=LISTS,
        formats=FORMATS,
        layouts=LAYOUTS,
        narrowed=bool(form.people),
        count=None if form.errors else how_many(db.session(), form.people),
        imported=imported,
        signs=about(current.event()).letterhead.signs,
    )
