"""The guide by which phones come to trust this site, and the certificate that it hands out."""

import plistlib
import ssl
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from flask import Flask, Response, abort, current_app, render_template, request

AUTHORITY = "keys/https/authority.crt"
"""Below the data folder. `pages.certificates` makes it: more than serving pages needs to load."""

CERTIFICATE = "application/x-x509-ca-cert"
PROFILE = "application/x-apple-aspen-config"
FILE, PROFILE_FILE = "/trust/ghi-danh.crt", "/trust/ghi-danh.mobileconfig"
GUIDES = ("/trust", "/en/trust")


def guide() -> str:
    """A domain of one's own first; then the steps on Android, iPhone and computers."""
    address = current_app.config["SITE_URL"] or request.host_url.rstrip("/")
    own = _own_authority()
    return render_template("trust/guide.html", own_authority=own, address=address)


def certificate() -> Response:
    """The authority, for Android and computers."""
    return _file(_authority(), CERTIFICATE, FILE)


def profile() -> Response:
    """The same as a profile, for iPhone and iPad: opening it begins its installation."""
    return _file(profile_of(_authority()), PROFILE, PROFILE_FILE)


def profile_of(authority: bytes) -> bytes:
    """Not signed, as iOS will say: nobody could vouch for us."""
    number = str(uuid5(NAMESPACE_URL, authority.hex()))
    root = {
        "PayloadType": "com.apple.security.root",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"vn.ghi-danh.{number}.root",
        "PayloadUUID": str(uuid5(NAMESPACE_URL, number)),
        "PayloadDisplayName": "Ghi Danh",
        "PayloadCertificateFileName": "ghi-danh.crt",
        "PayloadContent": authority,
    }
    return plistlib.dumps({
        "PayloadType": "Configuration",
        "PayloadVersion": 1,
        "PayloadIdentifier": f"vn.ghi-danh.{number}",
        "PayloadUUID": number,
        "PayloadDisplayName": "Ghi Danh",
        "PayloadContent": [root],
    })  # fmt: skip


def _own_authority() -> bool:
    """Whether this start serves with a certificate that phones do not know yet."""
    own = current_app.config["HTTPS"] and not current_app.config["HTTPS_CERT"]
    return own and _kept().exists()


def _kept() -> Path:
    folder: Path = current_app.config["DATA_DIR"]
    return folder / AUTHORITY


def _authority() -> bytes:
    if not _own_authority():
        abort(404)
    return ssl.PEM_cert_to_DER_cert(_kept().read_text())


def _file(body: bytes, content_type: str, path: str) -> Response:
    answer = Response(body, content_type=content_type)
    name = path.rpartition("/")[2]
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def init_app(app: Flask) -> None:
    """Open to everybody: a certificate is no secret, and who needs it is not signed in yet."""
    app.add_url_rule(GUIDES[0], "trust", guide)
    app.add_url_rule(GUIDES[1], "trust_en", guide)
    app.add_url_rule(FILE, "trust_file", certificate)
    app.add_url_rule(PROFILE_FILE, "trust_profile", profile)
