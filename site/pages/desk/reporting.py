"""What each scanner tells of itself every minute, for the board of those who run the event."""

from flask import Response, abort, jsonify, request

from event.readiness import hear
from forms.reports import WrongReport, read_told
from pages import access
from pages.clock import now
from pages.database import db
from pages.desk.blueprint import page, sent


@page.post("/report")
@access.needs("kiosk")
def report() -> Response | tuple[Response, int]:
    """Checkpoint, version, age of what it knows, scans that wait, clock, battery, last trial."""
    if not request.is_json:
        abort(400)
    try:
        told = read_told(sent(), at=now())
    except WrongReport as wrong:
        return jsonify(errors=wrong.errors), 422
    hear(db.session(), access.device(), access.at_door(), told, at=now())
    return Response(status=204)
