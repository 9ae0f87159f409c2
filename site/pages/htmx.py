"""The one module that knows htmx's headers: a page for a browser, a fragment for htmx."""

from typing import Any

from flask import make_response, redirect, render_template, request
from werkzeug.wrappers import Response


def asked_by_htmx() -> bool:
    """Whether htmx asks for a fragment to swap in."""
    return request.headers.get("HX-Request") == "true"


def page_or_part(page: str, part: str, **context: Any) -> str:
    """The whole page, or only the region that htmx swaps; the page includes the part."""
    return render_template(part if asked_by_htmx() else page, **context)


def go_to(address: str) -> Response:
    """Send the reader on: by redirect, or for htmx by its header, so that the page changes."""
    if not asked_by_htmx():
        return redirect(address, 303)
    response = make_response("", 200)
    response.headers["HX-Redirect"] = address
    return response


def shown_at(part: str, address: str) -> Response:
    """A fragment, and the address that the bar then shows, for going back and passing on."""
    response = make_response(part)
    response.headers["HX-Replace-Url"] = address
    return response
