"""What visitors and scanners send: cookie and token first, then request after request."""

import json
import re
from dataclasses import dataclass
from urllib.parse import urlencode

from benchmarks.load import ask, fetch

FORM = "application/x-www-form-urlencoded"
COOKIE = re.compile(r"(?im)^set-cookie: (ghidanh=[^;\r]+)")
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True)
class Browser:
    """A cookie, and the CSRF token that belongs to it."""

    cookie: str
    token: str

    def register(self, who: str, session: str) -> bytes:
        """A whole registration; `who` makes it somebody else's."""
        number = sum(map(ord, who)) % 100_000
        fields = {
            "csrf_token": self.token, "nonce": who, "name": f"Nguyễn Văn {who}",
            "email": f"{who}@vidu.vn", "phone": f"09134{number:05d}",
            "organisation": "Sở Khoa học và Công nghệ", "position": "Chuyên viên",
            "province": "22", "category": "visitor", "sessions": session, "agreed": "take_part.1",
        }  # fmt: skip
        body = urlencode(fields).encode()
        return ask("POST", "/register", body, cookie=self.cookie, content_type=FORM)

    def scan(self, code: str, gate: str, nonce: str) -> bytes:
        """One badge at a gate."""
        told = {"code": code, "nonce": nonce, "checkpoint": gate, "method": "scanner"}
        headers = {"cookie": self.cookie, "x_csrftoken": self.token}
        body = json.dumps(told).encode()
        return ask("POST", "/checkin/scan", body, content_type="application/json", **headers)


def visit(port: int, path: str, cookie: str = "") -> Browser:
    """Open a page that has a form."""
    head, body = fetch(port, ask("GET", path, cookie=cookie))
    given, token = COOKIE.search(head), TOKEN.search(body)
    assert token, f"no form at {path}: {head}"
    return Browser(given[1] if given else cookie, token[1])


def sign_in(port: int, secret: str) -> Browser:
    """By a one-time link."""
    path = f"/staff/sign-in/{secret}"
    stranger = visit(port, path)
    body = urlencode({"csrf_token": stranger.token}).encode()
    head, _ = fetch(port, ask("POST", path, body, cookie=stranger.cookie, content_type=FORM))
    given = COOKIE.search(head)
    assert given, head
    return visit(port, "/staff/password", given[1])
