"""The scanner as an app: what a device holds so that its page opens with no network at all."""

import hashlib
import json
import re
import secrets
from collections.abc import Callable
from functools import cache
from pathlib import Path

from flask import Response, current_app, jsonify, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from pages import access
from pages.desk.blueprint import page
from pages.desk.kiosk import kiosk_page, standing
from pages.desk.reading import ADDRESS as READING
from pages.door_rules import rule

STATIC = Path(__file__).parents[3] / "static"
HELD = (
    "desk/*.js",
    "desk/*.svg",
    "desk/*.png",
    "tokens.css",
    "base.css",
    "staff.css",
    "desk.css",
    "kiosk.css",
    "favicon.svg",
    "vendor/fonts.css",
    "vendor/fonts/be-vietnam-pro-*.ttf",
    "vendor/htmx.min.js",
    "vendor/zxing/**/*",
    "vendor/noble/**/*",
)
"""Files that the scanner's page asks for, below `static`: the decoder and the signatures too."""
WRITTEN = ("templates/shared/*.html", "templates/staff/*.html", "templates/desk/*.html")
"""What the page is written from: another page is another version."""
BROUGHT_IN = re.compile(r'^import .+ from "\./([a-z_]+\.js)";$', re.MULTILINE)
WORKER = STATIC / "desk" / "offline.js"


@page.context_processor
def _app() -> dict[str, Callable[[], str | list[str]]]:
    """Pages say which version of the app they belong to, and which scripts they will ask for."""
    return {"app_version": version, "scripts_of_the_scanner": scripts}


@page.get("/sw.js")
def service_worker() -> Response:
    """The service worker, with the names of what it holds; a change of any of them changes it.

    It stands here since one below `/static/` could not control the scanner's page.
    """
    known = f"const VERSION = {json.dumps(version())};\nconst HELD = {json.dumps(held())};\n"
    text = known + WORKER.read_text(encoding="utf-8")
    return Response(text, content_type="text/javascript", headers={"Cache-Control": "no-cache"})


@page.get("/app.webmanifest")
def manifest() -> Response:
    """What a phone needs to put the scanner on its home screen."""
    icon = {"src": url_for("static", filename="desk/app.svg"), "type": "image/svg+xml"}
    picture = {"src": url_for("static", filename="desk/app-512.png"), "type": "image/png"}
    facts = {
        "name": _("Ghi Danh: the door"),
        "short_name": "Ghi Danh",
        "id": "/checkin/",
        "start_url": "/checkin/?app",
        "scope": "/checkin/",
        "display": "standalone",
        "background_color": "#ffffff",
        "theme_color": "#0b5c7a",
        "icons": [icon | {"sizes": "any"}, picture | {"sizes": "512x512"}],
    }
    response = jsonify(facts)
    response.content_type = "application/manifest+json"
    return response


@page.get("/shell")
@access.needs("kiosk")
def shell() -> str | AnyResponse:
    """The scanner's page for times without a network: the same, with nothing of anybody on it."""
    place = standing()
    if place is None:
        return redirect("/checkin/checkpoint")
    if not access.at_door().may("gate"):
        return kiosk_page(place, server_time="")
    return render_template(
        "desk/scanner.html",
        place=place,
        rule=rule(place),
        crowd=None,
        hours=None,
        scans=(),
        counted=None,
        nonce=secrets.token_hex(8),
        asked="",
        found=(),
        server_time="",
    )


def held() -> list[str]:
    """The addresses of the files."""
    return _read()[0]


def version() -> str:
    """Ten digits and letters: of the app as a device should hold it."""
    return _read()[1]


@cache
def scripts() -> list[str]:
    """All that the scanner's script brings in, so that a browser need not find it bit by bit."""
    found, left = [], ["scanner.js"]
    while left:
        name = left.pop()
        found.append(name)
        text = (STATIC / "desk" / name).read_text(encoding="utf-8")
        left += [other for other in BROUGHT_IN.findall(text) if other not in (*found, *left)]
    return [f"/static/desk/{name}" for name in sorted(found)]


def _read() -> tuple[list[str], str]:
    return _read_again() if current_app.debug else _read_once()


@cache
def _read_once() -> tuple[list[str], str]:
    return _read_again()


def _read_again() -> tuple[list[str], str]:
    files = sorted({path for pattern in HELD for path in STATIC.glob(pattern) if path.is_file()})
    root = STATIC.parent
    written = sorted(path for pattern in WRITTEN for path in root.glob(pattern))
    seen = hashlib.sha256()
    for path in (*files, *written):
        seen.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes())
    addresses = [f"/static/{path.relative_to(STATIC).as_posix()}" for path in files]
    return [*addresses, READING], seen.hexdigest()[:10]
