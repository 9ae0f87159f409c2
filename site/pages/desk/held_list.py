"""Hands a supervisor's device the list that it searches without a network."""

from flask import Response, abort, jsonify, request

from event.held_list import Over, list_to_hold
from pages import access, current
from pages.clock import now
from pages.database import db
from pages.desk.blueprint import page


@page.get("/people/list")
@access.needs("supervisor")
def people_list() -> Response:
    """All of it, or 204 where `known` is its version still; 410 once the event is over."""
    known, by = request.args.get("known", "")[:16], access.me().email
    try:
        held = list_to_hold(db.session(), current.event(), known=known, by=by, at=now())
    except Over:
        abort(410)
    if held is None:
        return Response(status=204)
    facts = {"people": held.people, "version": held.version, "until": held.until.isoformat()}
    return jsonify(facts | {"at": now().isoformat()})
