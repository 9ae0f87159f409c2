"""How pages and files travel: compressed where they are the same for everybody, and kept by
browsers where their address says which version they are.
"""

import gzip
import mimetypes
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, TypeVar

from flask import Flask, Response, current_app, request

View = TypeVar("View", bound=Callable[..., Any])
KINDS = {
    "text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml",
    "application/json", "application/wasm", "application/manifest+json", "font/ttf",
}  # fmt: skip
LEAST = 500
"""Bytes below which a packet holds the page anyway."""
mimetypes.add_type("font/ttf", ".ttf")  # not every system knows
FONTS = "vendor/fonts/"
MONTH = 30 * 24 * 3600
FOREVER = "public, max-age=31536000, immutable"


def same_for_all(view: View) -> View:
    """Mark a view whose answer holds nobody's own: no token and nothing typed, so that the length
    of the compressed page tells nothing (BREACH).
    """
    view.same_for_all = True  # type: ignore[attr-defined]
    return view


def _for_all() -> bool:
    view = current_app.view_functions.get(request.endpoint or "")
    return request.endpoint == "static" or getattr(view, "same_for_all", False)


@lru_cache(maxsize=160)
def _squeezed(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)


def _squeeze(response: Response) -> Response:
    if not (response.status_code == 200 and response.mimetype in KINDS and _for_all()):
        return response
    response.vary.add("Accept-Encoding")
    if request.method != "GET" or not request.accept_encodings["gzip"]:
        return response
    response.direct_passthrough = False
    body = response.get_data()
    if len(body) >= LEAST:
        response.set_data(_squeezed(body))
        response.content_encoding = "gzip"
        etag, _weak = response.get_etag()
        if etag:
            response.set_etag(etag, weak=True)
    return response


def _keep(response: Response) -> Response:
    """Fonts change with a new release at most; a file asked for by its version never does."""
    if request.endpoint != "static" or response.status_code not in (200, 304):
        return response
    name = str((request.view_args or {}).get("filename", ""))
    if "v" in request.args:
        response.headers["Cache-Control"] = FOREVER
    elif name.startswith(FONTS):
        response.headers["Cache-Control"] = f"public, max-age={MONTH}"
    return response


@cache
def _version(path: Path) -> str:
    """Of a file as it stood when this process first named it."""
    stands = path.stat()
    return f"{stands.st_mtime_ns // 1_000_000:x}"


def _name_version(endpoint: str, values: dict[str, Any]) -> None:
    """Attendees' pages ask by version; the door's files are kept by its service worker instead."""
    if endpoint != "static" or not request or not (request.blueprint or "").startswith("attendee"):
        return
    path = Path(str(current_app.static_folder), values["filename"])
    if path.is_file() and not values["filename"].startswith(FONTS):
        values["v"] = _version(path)


def init_app(app: Flask) -> None:
    """For all answers."""
    app.after_request(_squeeze)
    app.after_request(_keep)
    app.url_defaults(_name_version)
