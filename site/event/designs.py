"""How the badges of this site's event look, as far as its file says it; the rest is usual."""

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import JSON, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from event.base import Base, begin_writing
from event.journal import note
from event.layouts import BadgesPart, Design, designed, differing
from event.logos import from_inline, inline, sound
from event.programme import Event, categories, the_event

ONLY = 1


class BadgeDesign(Base):
    """The one description; `described` is the table [badges] of the event file but for
    the logo, as JSON.
    """

    __tablename__ = "badge_designs"
    id: Mapped[int] = mapped_column(primary_key=True)
    described: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    logo: Mapped[bytes] = mapped_column(default=b"")


def description(session: Session) -> BadgesPart:
    """What differs from the usual."""
    row = _row(session)
    if row is None:
        return BadgesPart()
    part = msgspec.convert(row.described, BadgesPart)
    return msgspec.structs.replace(part, logo=inline(row.logo)) if row.logo else part


def describe(session: Session, part: BadgesPart) -> dict[str, list[Any]]:
    """Say how badges look from now on; the caller commits. An empty logo takes the present one
    away, none leaves it.

    Gives what has changed, as [before, after].
    """
    present = description(session)
    logo = present.logo if part.logo is None else part.logo or None
    part = msgspec.structs.replace(part, logo=logo)
    before, after = _plain(present), _plain(differing(part))
    changed = {
        name: [before.get(name), after.get(name)]
        for name in (*before, *(name for name in after if name not in before))
        if before.get(name) != after.get(name)
    }
    if changed:
        row = _row(session) or BadgeDesign(id=ONLY)
        row.described = {name: value for name, value in after.items() if name != "logo"}
        row.logo = (from_inline(part.logo) if part.logo else None) or b""
        session.add(row)
        session.flush()
    return changed


def design_of(session: Session) -> Design:
    """All that is needed to print."""
    event = the_event(session)
    names = [category.name for category in session.scalars(categories())]
    both = [event.name, *names] if event else names
    said = {name: words for words in both if words.en for name in (words.en, words.vi)}
    row = _row(session)
    part = msgspec.convert(row.described, BadgesPart) if row else BadgesPart()
    return replace(designed(part), said=said, logo=row.logo if row else b"")


def keep_logo(session: Session, logo: bytes, *, by: str, at: datetime) -> None:
    """Print this picture on badges from now on, or none if it is empty. Raises `WrongLogo`."""
    kept = inline(sound(logo)) if logo else ""
    begin_writing(session)
    event = session.scalar(select(Event).limit(1).with_for_update())
    part = msgspec.structs.replace(description(session), logo=kept)
    changed = describe(session, part)
    if changed and event:
        note(session, "badges_described", "event", event.id, by=by, at=at, **changed)
    session.commit()


def _row(session: Session) -> BadgeDesign | None:
    return session.scalar(select(BadgeDesign).limit(1))


def _plain(part: BadgesPart) -> dict[str, Any]:
    raw: dict[str, Any] = msgspec.to_builtins(part)
    if part.logo:  # the journal need not hold it
        raw["logo"] = f"sha256:{hashlib.sha256(part.logo.encode()).hexdigest()}"
    return _stated(raw)


def _stated(table: dict[str, Any]) -> dict[str, Any]:
    filled = {
        name: _stated(value) if isinstance(value, dict) else _listed(value)
        for name, value in table.items()
    }
    return {name: value for name, value in filled.items() if value not in (None, {})}


def _listed(value: Any) -> Any:
    """As JSON gives it back."""
    return list(value) if isinstance(value, tuple) else value
