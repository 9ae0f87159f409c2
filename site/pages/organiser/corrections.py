"""The rows that an import refused, as a file that can be corrected and sent in again."""

from io import BytesIO
from pathlib import PurePath
from typing import Any

from flask import send_file
from flask_babel import gettext as _
from werkzeug.wrappers import Response

import exports
from event.imports import Preview, corrections
from pages.import_words import field_name, refusal_with_field

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def corrections_file(seen: Preview, format: str) -> Response:
    """The refused rows under their own headings, and why they were refused in a last column."""
    out = BytesIO()
    exports.formats.WRITERS[format](corrections_table(seen), out)
    out.seek(0)
    name = _("To be corrected")
    answer = send_file(
        out,
        mimetype=TYPES[format],
        as_attachment=True,
        download_name=f"{name} - {PurePath(seen.file_name).stem}.{format}",
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def corrections_table(seen: Preview) -> Any:
    """Without the file's own numbers, since every list brings numbers along."""
    left_out = {*seen.columns.of("number"), *seen.columns.of("error")}
    rows = list(corrections(seen, refusal_with_field, field_name("error")))
    headings = rows.pop(0) if seen.headings else _named(seen, len(rows[0]) if rows else 0)
    kept = [at for at in range(len(headings)) if at not in left_out]
    return exports.tables.Table(
        title=field_name("error"),
        columns=tuple(exports.tables.Column(headings[at], _width(rows, at)) for at in kept),
        rows=[[row[at] for at in kept] for row in rows],
    )


def _named(seen: Preview, width: int) -> tuple[str, ...]:
    """Headings for a file without any, so that it is understood when it comes back."""
    names = [field_name(seen.columns.fields.get(at, "")) for at in range(width - 1)]
    return (*names, field_name("error")) if width else ()


def _width(rows: list[tuple[str, ...]], at: int) -> float:
    return min(60, max((len(row[at]) for row in rows), default=0) * 0.9)
