"""Plain HTTP beside HTTPS: hands out the guide to trust this site, and sends all else to HTTPS.

Served by threads of the supervisor, from pages made at the start: no database, no cookie, no form.
"""

import logging
import socket
import sys
import threading
import time
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

PATIENCE = 10  # seconds for a request to come whole, and as many for the answer to leave
MOST = 100  # connections at once; further ones are closed unheard

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Shown:
    """One page or file as it is sent."""

    content_type: str
    body: bytes


NOTHING = Shown("text/plain", b"")


@dataclass(frozen=True)
class FrontDoor:
    """`pages` by path; who asks for anything else is sent to HTTPS on `secure_port`.

    By the name that was asked for if it is one of `names`, else by the first of them: a made-up
    Host header leads nowhere.
    """

    pages: Mapping[str, Shown]
    names: Collection[str]
    secure_port: int

    def elsewhere(self, host: str, path: str) -> str:
        """The same page on HTTPS. Raises ValueError where `host` cannot be one."""
        asked = urlsplit(f"//{host}").hostname or ""
        name = asked if asked in self.names else next(iter(self.names))
        name = f"[{name}]" if ":" in name else name
        port = "" if self.secure_port == 443 else f":{self.secure_port}"
        safe = path if path.startswith("/") and path.isascii() and path.isprintable() else "/"
        return f"https://{name}{port}{safe}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, door: FrontDoor, host: str, port: int) -> None:
        self.door = door
        self._until: dict[socket.socket, float] = {}
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Handler)

    def process_request(self, request: Any, client_address: Any) -> None:
        if len(self._until) >= MOST:
            return self.shutdown_request(request)
        self._until[request] = time.monotonic() + PATIENCE
        return super().process_request(request, client_address)

    def service_actions(self) -> None:
        """Twice a second: whoever still dictates their request has said all of it by now."""
        late = (each for each, until in list(self._until.items()) if until < time.monotonic())
        for request in late:
            with suppress(OSError):  # it has just ended
                request.shutdown(socket.SHUT_RD)

    def shutdown_request(self, request: Any) -> None:
        self._until.pop(request, None)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Without the address of whoever asked; who goes away in the middle is no error."""
        error = sys.exception()
        if not isinstance(error, OSError):
            log.error("A request on plain HTTP failed", exc_info=error)


class _Handler(BaseHTTPRequestHandler):
    timeout = PATIENCE
    server_version, sys_version = "GhiDanh", ""
    server: _Server

    def do_GET(self) -> None:
        door = self.server.door
        try:
            shown = door.pages.get(urlsplit(self.path).path)
            there = door.elsewhere(self.headers.get("Host", ""), self.path)
        except ValueError:
            self.send_response(400)
            return self._send(NOTHING)
        self.send_response(307 if shown is None else 200)
        if shown is None:
            self.send_header("Location", there)
        return self._send(shown or NOTHING)

    do_HEAD = do_GET  # noqa: N815 — the name that the library calls

    def _send(self, shown: Shown) -> None:
        self.send_header("Content-Type", shown.content_type)
        self.send_header("Content-Length", str(len(shown.body)))
        self.send_header("Cache-Control", "no-store")
        self.send_header("X-Content-Type-Options", "nosniff")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(shown.body)

    def log_message(self, *_: Any) -> None:
        """Nothing: addresses of people are nobody's business."""


def open_front_door(door: FrontDoor, host: str, port: int) -> ThreadingHTTPServer:
    """Listen in threads of their own until `shutdown()`. Raises OSError where the port is taken."""
    server = _Server(door, host, port)
    threading.Thread(target=server.serve_forever, name="front door", daemon=True).start()
    return server
