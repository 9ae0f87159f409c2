"""Addresses for other people's phones: as that phone can reach them, and as a code to read."""

from urllib.parse import urlsplit

from flask import current_app, request
from markupsafe import Markup
from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

from pages.letters import site_url

LOOPBACK = ("localhost", "127.0.0.1", "::1")


def outside_address() -> str:
    """The site's public address, if it was told; else where this page was asked for."""
    here = request.host_url.rstrip("/")
    known = current_app.config["SITE_URL"] or urlsplit(here).hostname in LOOPBACK
    return site_url() if known else here


def picture(address: str) -> Markup:
    """An address as a QR symbol for a phone: dark on white, whatever the page's colours."""
    code = QRCode(error_correction=ERROR_CORRECT_M)
    code.add_data(address)
    rows = code.get_matrix()
    dark = "".join(
        f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, cell in enumerate(row) if cell
    )
    return Markup(
        '<svg class="qr" viewBox="0 0 {side} {side}" role="img" aria-label="QR" '
        'shape-rendering="crispEdges"><path fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        '<path fill="#000" d="{dark}"/></svg>'
    ).format(side=len(rows), dark=dark)
