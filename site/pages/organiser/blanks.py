"""Blank badges: printed before anybody knows who will wear them, withdrawn when they are lost."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from event.blanks import Issue, batches, code_of, give_back, last_printed, piles, withdraw
from event.counts import BlankTally, blanks_now
from event.designs import design_of
from event.programme import categories
from forms.blanks import GIVE_BACK, BlankForm, PileForm
from pages import access, current
from pages.blank_press import print_blanks
from pages.clock import now
from pages.database import db
from pages.organiser.blueprint import page
from pages.security import shows_form_again
from pages.wording import words

SHOWN = 100


@page.get("/prints/blanks")
@access.needs("organiser")
def blanks() -> str:
    """What was printed, how many are out, and the forms."""
    return _show(_form(), _pile())


@page.post("/prints/blanks")
@access.needs("organiser")
@shows_form_again
def print_blank_badges() -> Response | tuple[str, int]:
    """Print some more; their numbers go on from the last ones."""
    form = _form()
    if not form.validate():
        return _show(form, _pile(empty=True)), 400 if "csrf_token" in form.errors else 422
    design = design_of(db.session())
    count, layout = form.count.data or 0, form.layout.data
    wanted = Issue(count, form.category.data, layout, design.imposing.options)
    name = f"{_('Blank badges')}.pdf"
    batch = print_blanks(db.session(), current.event(), wanted, name, by=access.me().email)
    told = {"first": code_of(batch.first), "last": code_of(batch.last)}
    flash(_("Blank badges %(first)s to %(last)s are ready: fetch the file below.", **told), "good")
    return redirect(url_for("organiser.blanks"), 303)


@page.post("/prints/blanks/withdraw")
@access.needs("organiser")
@shows_form_again
def withdraw_blanks() -> Response | tuple[str, int]:
    """Refuse a pile at every door, or let it count again."""
    form = _pile()
    if not form.validate():
        return _show(_form(empty=True), form), 400 if "csrf_token" in form.errors else 422
    session, event, by = db.session(), current.event(), access.me().email
    if form.do.data == GIVE_BACK:
        count = give_back(session, event, form.pile, by=by, at=now())
        message = _("Blank badges that count again: %(count)s", count=count)
    else:
        count = withdraw(session, event, form.pile, by=by, at=now())
        message = _("Blank badges withdrawn: %(count)s", count=count)
    flash(message, "good" if count else "warn")
    return redirect(url_for("organiser.blanks"), 303)


def _form(*, empty: bool = False) -> BlankForm:
    session, design = db.session(), design_of(db.session())
    named = {each.key: words(each.name) for each in session.scalars(categories())}
    layouts = design.names(current.language())
    usual = {"formdata": None} if empty else {}
    return BlankForm(named, layouts, data={"layout": design.layout}, **usual)


def _pile(*, empty: bool = False) -> PileForm:
    usual = {"formdata": None} if empty else {}
    return PileForm(last_printed(db.session()), **usual)


def _show(form: BlankForm, pile: PileForm) -> str:
    session = db.session()
    return render_template(
        "organiser/blanks.html",
        form=form,
        pile=pile,
        tally=BlankTally(*session.execute(blanks_now()).one()),
        batches=session.execute(batches().limit(SHOWN)).all(),
        piles=session.execute(piles().limit(SHOWN)).all(),
        layouts=design_of(session).names(current.language()),
        code_of=code_of,
    )
