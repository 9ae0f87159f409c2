"""What `HTTPS=1` adds to the start: certificates, the guide on plain HTTP, and its QR code."""

import io
import mimetypes
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import click
from flask import current_app
from flask_babel import gettext as _
from qrcode.main import QRCode

from pages.addresses import own_addresses, own_names
from pages.certificates import ALWAYS, Paper, authority_of, papers, vouchable
from pages.clock import computer_clock
from pages.front_door import FrontDoor, Shown, open_front_door
from pages.serving import claim
from pages.trust import FILE, GUIDES, PROFILE_FILE

DRAWN = ("vendor/fonts.css", "vendor/fonts/be-vietnam-pro-*.ttf", "*.css", "favicon.svg")
"""What a page of the guide loads, below static/."""

EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104
HTTPS, HTTP = 443, 80


@dataclass(frozen=True)
class Secured:
    """`names` by which the site is reached, the best for phones first.

    `plain_port` is the guide's. `trusted`: the certificate was given, so phones know who vouches
    for it.
    """

    paper: Paper
    names: Sequence[str]
    host: str
    port: int
    plain_port: int
    trusted: bool

    @property
    def address(self) -> str:
        """Where the site is, without a slash at the end."""
        name = f"[{self.names[0]}]" if ":" in self.names[0] else self.names[0]
        return f"https://{name}" + ("" if self.port == HTTPS else f":{self.port}")

    @property
    def guide(self) -> str:
        """The address of the guide; none is needed where phones trust the certificate already."""
        if self.trusted:
            return ""
        port = "" if self.plain_port == HTTP else f":{self.plain_port}"
        return f"http://{self.names[0]}{port}{GUIDES[0]}"

    @property
    def files(self) -> tuple[str, str]:
        """Certificate and key, as the server takes them."""
        return str(self.paper.certificate), str(self.paper.key)


def secured(host: str, port: int) -> Secured | None:
    """What to serve with, or None for plain HTTP.

    The plain port is HTTP_PORT, else 80 beside 443, and 8080 beside 8000.
    """
    if not current_app.config["HTTPS"]:
        return None
    names = _reached(host)
    plain = current_app.config["HTTP_PORT"] or (HTTP if port == HTTPS else port + HTTP)
    given = Paper(*(Path(current_app.config[word]) for word in ("HTTPS_CERT", "HTTPS_KEY")))
    if current_app.config["HTTPS_CERT"]:
        return Secured(_checked(given), names, host, port, plain, trusted=True)
    folder = current_app.config["DATA_DIR"]
    made = papers(folder, names, at=computer_clock())
    vouched = vouchable(authority_of(folder), names)
    return Secured(made, vouched or ["localhost"], host, port, plain, trusted=False)


def _reached(host: str) -> list[str]:
    if host in EVERYWHERE:
        return [*own_addresses(), *own_names(), "localhost"]
    return ["localhost" if host in ALWAYS else host]


def _checked(paper: Paper) -> Paper:
    """Looked at before anything starts: the server would fail on it again and again."""
    try:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(paper.certificate, paper.key)
    except OSError as error:
        why = _("HTTPS_CERT and HTTPS_KEY are no certificate with its key: %(why)s", why=error)
        raise click.ClickException(why) from None
    return paper


@contextmanager
def guided(secured: Secured | None) -> Iterator[None]:
    """Answer on plain HTTP for as long as the site is served. Raises `PortTaken`."""
    if secured is None:
        yield
        return
    claim(secured.host, secured.plain_port)
    names = dict.fromkeys([*secured.names, *ALWAYS])
    door = FrontDoor({} if secured.trusted else _pages(), names, secured.port)
    server = open_front_door(door, secured.host, secured.plain_port)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()


def _pages() -> dict[str, Shown]:
    browser = current_app.test_client()
    answers = {path: browser.get(path) for path in (*GUIDES, FILE, PROFILE_FILE)}
    pages = {path: Shown(a.content_type, a.data) for path, a in answers.items()}
    static = Path(current_app.static_folder or "")
    for path in (found for pattern in DRAWN for found in static.glob(pattern)):
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        pages[f"/static/{path.relative_to(static).as_posix()}"] = Shown(kind, path.read_bytes())
    return pages


def point_to_guide(secured: Secured) -> None:
    """Its address, and as a symbol that a phone reads off the screen."""
    if not secured.guide:
        return
    click.echo(_("On each phone and computer, once: %(address)s", address=secured.guide))
    symbol, drawn = QRCode(border=2), io.StringIO()
    symbol.add_data(secured.guide)
    symbol.print_ascii(out=drawn, invert=True)
    click.echo(drawn.getvalue())
