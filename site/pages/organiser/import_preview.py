"""Row by row what a file would bring, what the organiser says about it, and the confirmation."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

import msgspec
from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from event.delegations import Delegation
from event.imports import (
    Import,
    Preview,
    Row,
    WrongColumns,
    columns_by_hand,
    past_imports,
)
from event.imports.columns import field_of
from event.jobs import Job
from event.programme import categories, tracks
from event.sheets import WrongFile
from forms.imports import ChoicesForm, chosen_columns, chosen_heading, chosen_rows
from pages import access
from pages.clock import now
from pages.database import db
from pages.import_words import columns_problem, file_problem
from pages.organiser.blueprint import page
from pages.organiser.import_rows import Reader
from pages.organiser.imports import look_at
from pages.organiser.taking_in import TAKE, few_rows, hand_over, take_in
from pages.organiser.uploads import Choices, Facts, Upload, find
from pages.security import shows_form_again

ROWS = 50
"""Rows on a page."""
SHOWN = ("all", "taken", "mended", "refused", "repeated", "ignored")


@dataclass(frozen=True)
class View:
    """Which rows are on the screen: of one kind, one page of them."""

    kind: str
    number: int
    pages: int
    rows: list[Row]


@page.get("/import/<token>")
@access.needs("organiser")
def preview(token: str) -> str | Response:
    """What the file would do; while the worker is busy with it, how far that is."""
    sent = find(access.me().id, token)
    facts = sent.facts
    if facts.became is not None:
        return redirect(url_for("organiser.imported", number=facts.became), 303)
    if _at_work(db.session(), facts):
        return redirect(url_for("organiser.job", number=facts.job), 303)
    seen = sent.preview
    if seen is None:
        return look_at(sent, few=few_rows(sent, facts.choices.page))
    return _show(sent, seen, _filled_in(facts, seen), {})


@page.post("/import/<token>")
@access.needs("organiser")
@shows_form_again
def decide(token: str) -> Response | tuple[str, int]:
    """Look again as it was set by hand, leaf through the rows, or take the people in."""
    sent = find(access.me().id, token)
    facts, seen = sent.facts, sent.preview
    if facts.became is not None or seen is None:
        return redirect(url_for("organiser.preview", token=token), 303)
    form = _form(request.form)
    try:
        chosen = _chosen(form, seen, request.form)
    except WrongColumns as wrong:
        return _show(sent, seen, form, {"columns": columns_problem(wrong)}), 422
    if not form.validate():
        return _show(sent, seen, form, {}), 400 if form.csrf_token.errors else 422
    return _go_on(sent, facts, seen, chosen)


def _go_on(sent: Upload, facts: Facts, seen: Preview, chosen: Choices) -> Response:
    """Whatever button was pressed, what was chosen is kept."""
    sent.tell(choices=chosen)
    todo = request.form.get("do", "look")
    if not _seen_so(seen, chosen):
        if todo == "take":
            flash(_("The columns have changed. Please look at the rows again, then confirm."), "warn")
        return _look_again(sent, facts, chosen)
    if todo == "take":
        return _take(sent, facts, seen)
    if chosen.category != facts.choices.category:
        return _look_again(sent, facts, chosen)
    kind, _colon, number = todo.partition(":")
    shown = {"show": kind, "page": number or None} if kind in SHOWN else {}
    return redirect(url_for("organiser.preview", token=sent.token, _anchor="rows", **shown), 303)
