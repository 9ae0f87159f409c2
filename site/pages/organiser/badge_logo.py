"""How badges look: the organiser's logo brought and taken away, and every layout as a picture."""

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from event.designs import design_of, keep_logo
from event.logos import LARGEST, WrongLogo
from event.sittings import Problem
from forms.logo import LogoForm
from pages import access
from pages.clock import now
from pages.database import db
from pages.logos import drawable
from pages.organiser.blueprint import page
from pages.organiser.sheet_picture import single_badges
from pages.problems import sentence
from pages.security import shows_form_again


@page.get("/badges")
@access.needs("organiser")
def badges_page() -> str:
    """The logo, and what badges look like with it."""
    return _show(LogoForm())


@page.post("/badges/logo")
@access.needs("organiser")
@shows_form_again
def bring_logo() -> Response | tuple[str, int]:
    """Take a picture, or say in one sentence why not."""
    form = LogoForm()
    if not form.validate():
        return _show(form), 400 if "csrf_token" in form.errors else 422
    try:
        logo = drawable(form.file.data.read(LARGEST + 1))
    except WrongLogo as wrong:
        form.file.errors = (sentence(Problem("", wrong.what, wrong.values)),)
        return _show(form), 422
    keep_logo(db.session(), logo, by=access.me().email, at=now())
    flash(_("The logo stands on every badge that is printed from now on."), "good")
    return redirect(url_for("organiser.badges_page"), 303)


@page.post("/badges/logo/remove")
@access.needs("organiser")
def remove_logo() -> Response:
    """Print badges without one."""
    keep_logo(db.session(), b"", by=access.me().email, at=now())
    flash(_("Badges have no logo from now on."), "good")
    return redirect(url_for("organiser.badges_page"), 303)


def _show(form: LogoForm) -> str:
    design = design_of(db.session())
    return render_template(
        "organiser/badges.html",
        form=form,
        has_logo=bool(design.logo),
        limit=LARGEST // 1024,
        pictures=single_badges(design),
    )
