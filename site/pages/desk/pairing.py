"""Where the code of a place leads: the phone that reads it becomes a device of the door."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from event.devices import WrongCode, pair, place_of_code
from pages import access
from pages.clock import now
from pages.database import db
from pages.desk.blueprint import checkpoint, page, remember


@page.get("/pair")
def pair_here() -> str | Response:
    """Where a phone reads the code itself, or takes its address: inside the app, on an iPhone."""
    asked = request.args.get("code", "").strip().rstrip("/")
    if asked:
        return redirect(url_for("desk.pairing", secret=asked.rpartition("/")[2] or "?"))
    if access.whoever():
        return redirect("/checkin/")
    return render_template("desk/pair_here.html")


@page.get("/pair/<secret>")
def pairing(secret: str) -> str | tuple[str, int]:
    """Shows a button: a program that looks at the link first does not use it up."""
    try:
        device = place_of_code(db.session(), secret, at=now())
    except WrongCode:
        return _spent()
    return render_template("desk/pair.html", device=device)


@page.post("/pair/<secret>")
def pair_device(secret: str) -> Response | tuple[str, int]:
    """The button: now the code is used up, and this browser holds the key."""
    try:
        device, key = pair(db.session(), secret, at=now())
    except WrongCode:
        return _spent()
    access.forget()
    home = "/checkin/kiosk" if device.kiosk else "/checkin/"
    response = access.keep_key(redirect(home, 303), device.id, key)
    place = checkpoint(device.doors[0]) if len(device.doors) == 1 else None
    return remember(place, response) if place else response


def _spent() -> tuple[str, int]:
    return render_template("desk/pair_spent.html"), 404
