"""Phones that scan without an account: opening a place, showing its code, withdrawing it."""

from datetime import datetime
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload
from werkzeug.wrappers import Response

from event.devices import (
    CODE_LIFE,
    Device,
    bind,
    code_again,
    devices,
    open_place,
    withdraw,
)
from event.programme import Checkpoint, checkpoints
from forms.devices import DeviceForm
from forms.organiser import LARGEST_NUMBER, SureForm
from pages import access
from pages.clock import now
from pages.database import db
from pages.organiser.blueprint import page
from pages.pictures import outside_address, picture
from pages.security import shows_form_again
from pages.wording import local, words


@page.get("/devices")
@access.needs("organiser")
def device_list() -> str:
    """Those that scan, those that wait for their code to be read, and those withdrawn."""
    return _list(DeviceForm(_doors()))


@page.post("/devices")
@access.needs("organiser")
@shows_form_again
def add_device() -> tuple[str, int]:
    """Open a place, and show its code."""
    form = DeviceForm(_doors())
    if not form.validate():
        return _list(form), 400 if "csrf_token" in form.errors else 422
    device, secret = open_place(
        db.session(), form.name.data, form.chosen, by=access.me().email, at=now(),
        kiosk=form.kiosk.data,
    )  # fmt: skip
    return _code(device, secret), 200


@page.post("/devices/<int:number>/code")
@access.needs("organiser")
@shows_form_again
def device_code(number: int) -> tuple[str, int]:
    """Another code for a place: for a new phone, or for one whose code ran out."""
    device = _device(number)
    if not SureForm().validate():
        return _list(DeviceForm(_doors()), stale=True), 400
    return _code(device, code_again(db.session(), device, by=access.me().email, at=now())), 200


@page.get("/devices/<int:number>/state")
@access.needs("organiser")
def device_state(number: int) -> str:
    """Whether the code was read, for the page that shows it."""
    return render_template("organiser/_device_state.html", device=_device(number), at=now())


@page.route("/devices/<int:number>", methods=["GET", "POST"])
@access.needs("organiser")
@shows_form_again
def change_device(number: int) -> Response | str | tuple[str, int]:
    """Another name, other doors; the phone need not be paired again."""
    device, doors = _device(number), _doors()
    form = DeviceForm(doors, **({"obj": device} if request.method == "GET" else {}))
    if request.method == "GET" or not form.validate():
        shown = render_template("organiser/device.html", device=device, form=form, days=_by_day())
        return shown, 400 if "csrf_token" in form.errors else 422 if form.errors else 200
    bind(
        db.session(), device, form.name.data, form.chosen, by=access.me().email, at=now(),
        kiosk=form.kiosk.data,
    )  # fmt: skip
    flash(_("The device %(name)s is changed.", name=device.name), "good")
    return redirect(url_for("organiser.device_list"), 303)


@page.post("/devices/<int:number>/withdraw")
@access.needs("organiser")
@shows_form_again
def withdraw_device(number: int) -> Response | tuple[str, int]:
    """At once; another code opens the place again."""
    device = _device(number)
    if not SureForm().validate():
        return _list(DeviceForm(_doors()), stale=True), 400
    withdraw(db.session(), device, by=access.me().email, at=now())
    flash(_("The device %(name)s opens no door any more.", name=device.name), "good")
    return redirect(url_for("organiser.device_list"), 303)


def _device(number: int) -> Device:
    found = db.session().get(Device, number) if number <= LARGEST_NUMBER else None
    return found or abort(404)


def _places() -> list[Checkpoint]:
    query = checkpoints().options(joinedload(Checkpoint.slot))
    return list(db.session().scalars(query))


def _doors() -> dict[str, str]:
    return {place.key: words(place.name) for place in _places()}


def _by_day() -> dict[datetime | None, list[Checkpoint]]:
    """Gates under None, the sessions' doors under their day."""
    days: dict[Any, list[Checkpoint]] = {}
    for place in sorted(_places(), key=lambda p: p.slot.starts_at.timestamp() if p.slot else 0):
        day = local(place.slot.starts_at).date() if place.slot else None
        days.setdefault(day, []).append(place)
    return days


def _list(form: DeviceForm, **context: Any) -> str:
    return render_template(
        "organiser/devices.html",
        site=outside_address(),
        guide=current_app.config["TRUST_URL"],
        picture=picture,
        devices=db.session().scalars(devices()).all(),
        form=form,
        doors=_doors(),
        days=_by_day(),
        at=now(),
        **context,
    )


def _code(device: Device, secret: str) -> str:
    address = outside_address() + url_for("desk.pairing", secret=secret)
    return render_template(
        "organiser/device_code.html",
        device=device,
        address=address,
        picture=picture(address),
        until=now() + CODE_LIFE,
        at=now(),
    )
