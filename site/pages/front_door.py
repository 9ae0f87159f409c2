"""Plain HTTP beside HTTPS: hands out the guide to trust this site, and sends all else to HTTPS.

Served by threads of the supervisor, from pages made at the start: no database, no cookie, no form.
"""

import socket
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

PATIENCE = 10  # seconds for a request to come whole


@dataclass(frozen=True)
class Shown:
    """One page or file as it is sent."""

    content_type: str
    body: bytes


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
        """The same page on HTTPS."""
        asked = urlsplit(f"//{host}").hostname if host.isprintable() and "[" not in host else None
        name = asked if asked in self.names else next(iter(self.names))
        port = "" if self.secure_port == 443 else f":{self.secure_port}"
        safe = path if path.startswith("/") and path.isascii() and path.isprintable() else "/"
        return f"https://{name}{port}{safe}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, door: FrontDoor, host: str, port: int) -> None:
        self.door = door
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    timeout = PATIENCE
    server_version, sys_version = "GhiDanh", ""
    server: _Server

    def do_GET(self) -> None:
        shown = self.server.door.pages.get(urlsplit(self.path).path)
        self.send_response(307 if shown is None else 200)
        if shown is None:
            there = self.server.door.elsewhere(self.headers.get("Host", ""), self.path)
            self.send_header("Location", there)
        self._send(shown or Shown("text/plain", b""))

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
