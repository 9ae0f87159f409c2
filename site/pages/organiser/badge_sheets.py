"""Before badges are printed: the sheet as a picture, and a test sheet for the printer."""

from io import BytesIO
from urllib.parse import urlencode

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

import exports
from forms.downloads import ExportForm
from pages import access
from pages.organiser.blueprint import page
from pages.organiser.known import known
from pages.organiser.sheet_picture import sheet_shown, wrong_choice


@page.get("/badges/sheet")
@access.needs("organiser")
def badge_sheet() -> str:
    """The chosen layout as it will come out of the printer, for the page of lists and badges."""
    form = ExportForm(request.args, known())
    form.validate()
    return render_template("organiser/_badge_sheet.html", form=form, sheet=sheet_shown(form))


@page.get("/badges/test-sheet.pdf")
@access.needs("organiser")
def test_sheet() -> Response:
    """A page to measure, with where badges would lie."""
    form = ExportForm(request.args, known())
    form.validate()
    if wrong_choice(form):
        return redirect(f"{url_for('organiser.exports_page')}?{urlencode(request.args.to_dict())}")
    paper = BytesIO()
    layout = form.design.layouts[str(form.layout.data)]
    exports.test_sheet.write_test_sheet(layout, form.imposing, paper)
    answer = make_response(paper.getvalue())
    answer.mimetype = "application/pdf"
    name = _("printer-test") + f"-{form.layout.data}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer
