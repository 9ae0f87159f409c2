"""Makes an offline pack: its page in the right language, its file whole or not at all."""

import base64
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from cryptography.fernet import Fernet
from flask import render_template
from flask_babel import force_locale
from flask_babel import gettext as _

import exports
from event.packing import Pack, one_moment
from event.programme import Event, the_event
from pages import current
from pages.database import db


class NoEvent(LookupError):
    """None has been loaded."""


def new_number() -> str:
    """What a pack is called."""
    return secrets.token_hex(4)


def make_pack(pack: Pack, path: Path, *, at: datetime, progress: Callable[[int, int], None]) -> int:
    """Write it, for its owner's eyes alone, and say how many files are in it. Raises `NoEvent`."""
    draft = path.with_name(f"{path.name}.part")
    handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "w+b") as out, one_moment(db.engine) as session:
            event = the_event(session)
            if event is None:
                raise NoEvent
            with force_locale(pack.language):
                around = exports.pack.Around(
                    page=lambda data: _page(event, pack, at, data),
                    readme=_readme(event, pack, at),
                    progress=progress,
                )
                write = exports.pack.write_pack
                count = write(session, event, current.keys(), pack, out, around, at=at)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return count


def _facts(event: Event, pack: Pack, at: datetime) -> dict[str, str]:
    """What stands in both texts."""
    return {
        "name": event.name.in_(pack.language),
        "number": pack.number,
        "made_at": f"{at.astimezone(ZoneInfo(event.zone)):%d/%m/%Y %H:%M}",
    }


def _page(event: Event, pack: Pack, at: datetime, data: bytes) -> str:
    """One file with all that it needs, which may fetch nothing from anywhere."""
    script, style = render_template("pack/page.js"), render_template("pack/page.css")
    return render_template(
        "pack/page.html",
        **_facts(event, pack, at),
        language=pack.language,
        script=script,
        script_hash=_hash(script),
        style=style,
        style_hash=_hash(style),
        data=data.decode(),
        words=_words(),
    )


def _hash(text: str) -> str:
    """As a content security policy names what it allows."""
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _words() -> dict[str, str]:
    """What the script says; words in braces are filled there."""
    return {
        "tick": _("Let in"),
        "untick": _("Take back"),
        "came": _("Came in at {at}"),
        "no_seat": _("Has not booked this session"),
        "count": _("In today: {in} of {of}"),
        "latest": _("Last let in"),
        "nobody": _("Nobody is found."),
        "more": _("{count} more; please type more."),
        "unsaved": _("Changes not yet saved to a file: {count}"),
        "all_saved": _("Everything is saved to a file."),
        "not_kept": _("This browser keeps nothing. Save the ticks before you close this page."),
        "file": _("ticks"),
    }


def _readme(event: Event, pack: Pack, at: datetime) -> str:
    part = exports.pack
    names = {
        "page": part.PAGE,
        "by_name": part.BY_NAME,
        "by_session": part.BY_SESSION,
        "sign_in": part.SIGN_IN,
        "badges": part.BADGES,
    }
    shown = {key: words.in_(pack.language).format(pack.layout) for key, words in names.items()}
    return render_template("pack/readme.txt", **_facts(event, pack, at), **shown)


def sealed(password: str) -> str:
    """A password as it may wait in the database for the worker."""
    return _seal().encrypt(password.encode()).decode() if password else ""


def unsealed(text: str) -> str:
    """And back."""
    return _seal().decrypt(text.encode()).decode() if text else ""


def _seal() -> Fernet:
    key = hmac.digest(current.keys().cookies, b"passwords of packs", "sha256")
    return Fernet(base64.urlsafe_b64encode(key))
