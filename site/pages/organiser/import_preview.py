"""Row by row what a file would bring, what the organiser says about it, and the confirmation."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

import msgspec
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from event.delegations import Delegation
from event.imports import (
    FIELDS,
    Columns,
    Import,
    Preview,
    Row,
    WrongColumns,
    columns_by_hand,
    past_imports,
)
from event.imports.columns import field_of
from event.jobs import Job
from event.programme import categories
from event.sheets import WrongFile
from forms.imports import ChoicesForm, chosen_columns, chosen_heading, chosen_rows
from pages import access
from pages.clock import now
from pages.database import db
from pages.import_words import columns_problem, field_name, file_problem
from pages.organiser.blueprint import page
from pages.organiser.import_rows import STATUSES, Reader, columns_of, letters, of_kind
from pages.organiser.imports import cannot_read, look_at
from pages.organiser.taking_in import FEW, TAKE, few_rows, hand_over, take_in
from pages.organiser.uploads import Choices, Facts, Upload, find
from pages.security import shows_form_again

ROWS = 50
"""Rows on a page."""
KINDS = {"all": _l("All rows"), **STATUSES}


@dataclass(frozen=True)
class View:
    """Which rows are on the screen: of one kind, one page of them."""

    kind: str
    number: int
    pages: int
    rows: list[Row]


@page.get("/import/<token>")
@access.needs("organiser")
def preview(token: str) -> str | Response | tuple[str, int]:
    """What the file would do; while the worker is busy with it, how far that is."""
    sent = find(access.me().id, token)
    facts = sent.facts
    if facts.became is not None:
        return redirect(url_for("organiser.imported", number=facts.became), 303)
    if _at_work(db.session(), facts):
        return redirect(url_for("organiser.job", number=facts.job), 303)
    if facts.problem:
        return cannot_read(sent, WrongFile(facts.problem.key, **facts.problem.values))
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
        return _show(sent, seen, form, {}), 400 if "csrf_token" in form.errors else 422
    if _would_take_nobody(seen, chosen):
        nobody = _("Nobody is ticked. Tick the rows below that are another person, and confirm.")
        return _show(sent, seen, form, {"take": nobody}), 422
    return _go_on(sent, facts, seen, chosen)


def _would_take_nobody(seen: Preview, chosen: Choices) -> bool:
    """Whether a confirmation brings neither a new person nor a repeated row that was ticked."""
    confirmed = request.form.get("do") == "take" and _seen_so(seen, chosen)
    ticked = any(row.number in chosen.also for row in seen.repeated)
    return confirmed and not seen.taken and not ticked


def _go_on(sent: Upload, facts: Facts, seen: Preview, chosen: Choices) -> Response:
    """Whatever button was pressed, what was chosen is kept."""
    sent.tell(choices=chosen)
    todo = request.form.get("do", "look")
    if not _seen_so(seen, chosen):
        if todo == "take":
            flash(_("The columns have changed. Please look again, then confirm."), "warn")
        return _look_again(sent, facts, chosen)
    if todo == "take":
        return _take(sent, seen)
    if chosen.category != facts.choices.category:
        return _look_again(sent, facts, chosen)
    kind, _colon, number = todo.partition(":")
    shown: dict[str, Any] = {"show": kind, "page": number or None} if kind in KINDS else {}
    return redirect(url_for("organiser.preview", token=sent.token, _anchor="rows", **shown), 303)


@page.post("/import/<token>/forget")
@access.needs("organiser")
def forget_upload(token: str) -> Response:
    """The file goes; what it would have done was never done."""
    find(access.me().id, token).drop()
    flash(_("The file was thrown away. Nobody was taken in."), "good")
    return redirect(url_for("organiser.import_page"), 303)


def _look_again(sent: Upload, before: Facts, chosen: Choices) -> Response:
    try:
        few = few_rows(sent, chosen.page)
    except WrongFile as wrong:
        sent.tell(choices=before.choices)
        flash(file_problem(wrong), "bad")
        return redirect(url_for("organiser.preview", token=sent.token), 303)
    return look_at(sent, few=few)


def _take(sent: Upload, seen: Preview) -> Response:
    """Of two presses one counts; the other is led to what came of it."""
    back = redirect(url_for("organiser.preview", token=sent.token), 303)
    if not sent.claim() and not _given_up(db.session(), sent):
        return back
    if len(seen.rows) > FEW:
        return redirect(url_for("organiser.job", number=hand_over(sent, TAKE).id), 303)
    try:
        record = take_in(db.session(), sent, by=access.me().email, at=now())
    except BaseException:
        sent.release()
        raise
    return redirect(url_for("organiser.imported", number=record.id), 303)


def _at_work(session: Session, facts: Facts) -> bool:
    job = session.get(Job, facts.job) if facts.job else None
    return job is not None and job.done_at is None


def _given_up(session: Session, sent: Upload) -> bool:
    """Whether somebody, or the worker, was to take the file in and could not."""
    number = sent.facts.job
    job = session.get(Job, number) if number else None
    if job is not None and job.kind == TAKE:
        return bool(job.failure)
    return sent.claimed_long_ago


def _form(typed: Any, **filled_in: Any) -> ChoicesForm:
    return ChoicesForm(typed, categories=db.session().scalars(categories()), **filled_in)


def _filled_in(facts: Facts, seen: Preview) -> ChoicesForm:
    """What was chosen, else what the file says of itself."""
    chosen = facts.choices
    return _form(
        None,
        party=seen.party if chosen.party is None else chosen.party,
        expected=chosen.expected or seen.announced,
        category=chosen.category,
        language=chosen.language,
        mail=chosen.mail,
    )


def _chosen(form: ChoicesForm, seen: Preview, typed: MultiDict[str, str]) -> Choices:
    """What was set on the page. Another sheet or row of headings means other columns.

    Raises `WrongColumns`.
    """
    chosen = Choices(
        page=typed.get("sheet", seen.sheet.name),
        party=form.party.data or "",
        expected=form.expected.data,
        category=form.category.data,
        language=form.language.data,
        mail=form.mail.data,
        also=chosen_rows(typed.getlist("also")),
    )
    if chosen.page != seen.sheet.name:
        return chosen
    columns = _columns(seen, chosen_heading(typed.get("heading")), chosen_columns(typed))
    return msgspec.structs.replace(chosen, heading=columns.heading, fields=dict(columns.fields))


def _columns(seen: Preview, heading: int, typed: dict[int, str]) -> Columns:
    if heading != seen.columns.heading:
        cells = next((line.cells for line in seen.sheet.lines if line.number == heading), ())
        named = {at: field for at, cell in enumerate(cells) if (field := field_of(cell))}
        try:
            return columns_by_hand(heading, named)
        except WrongColumns:
            return columns_by_hand(heading, typed)
    return columns_by_hand(heading, typed)


def _seen_so(seen: Preview, chosen: Choices) -> bool:
    """Whether the rows on the screen are those that the choice of columns gives."""
    return chosen.page == seen.sheet.name and chosen.columns == seen.columns


def _show(sent: Upload, seen: Preview, form: ChoicesForm, problems: Mapping[str, str]) -> str:
    session = db.session()
    sent_again = bool(request.form)
    typed = chosen_columns(request.form) if sent_again else dict(seen.columns.fields)
    kept = sent.facts.choices.also
    return render_template(
        "organiser/import_preview.html",
        token=sent.token,
        seen=seen,
        form=form,
        problems=problems,
        heading=chosen_heading(request.form.get("heading")) if sent_again else seen.columns.heading,
        columns=columns_of(seen, typed),
        unused=[heading or letters(at) for at, heading in seen.unused.items()],
        fields={field: field_name(field) for field in FIELDS},
        view=_view(seen),
        kinds=[(kind, label, len(of_kind(seen, kind))) for kind, label in KINDS.items()],
        also=chosen_rows(request.form.getlist("also")) if sent_again else kept,
        reader=Reader.of(session, seen),
        parties=session.scalars(select(Delegation.name).order_by(Delegation.folded_name)).all(),
        earlier=_earlier(session, seen),
    )


def _earlier(session: Session, seen: Preview) -> Import | None:
    """When the very same file was taken in."""
    return session.scalar(past_imports().where(Import.digest == seen.digest).limit(1))


def _view(seen: Preview) -> View:
    """The rows that the address asks for."""
    kind = request.args.get("show", "all")
    kind = kind if kind in KINDS else "all"
    rows = of_kind(seen, kind)
    pages = max(1, ceil(len(rows) / ROWS))
    number = min(max(request.args.get("page", 1, int), 1), pages)
    return View(kind, number, pages, rows[(number - 1) * ROWS : number * ROWS])
