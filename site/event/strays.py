"""Reports of the door that could not be understood: kept as they came, and shown, never dropped."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, Text, UniqueConstraint, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from event.base import Base, Moment, begin_writing
from event.journal import note

MOST = 1000
"""Reports of one device; more come from a program, not from a door."""
LONGEST = 2000
"""Characters of a report that are kept: a scan has a quarter of that."""


class UnknownStray(LookupError):
    """No such report."""


class Stray(Base):
    """One report: `said` is its JSON, cut at `LONGEST`; `why` names the field and what is wrong.

    `mark` is its nonce where it had one: the same report sent again is no second stray.
    """

    __tablename__ = "strays"
    __table_args__ = (UniqueConstraint("device", "mark"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(String(40))
    mark: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[datetime] = mapped_column(Moment)
    said: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(String(100))
    seen_at: Mapped[datetime | None] = mapped_column(Moment)


def keep_strays(
    session: Session, device: str, reports: Mapping[str, tuple[Any, str]], *, at: datetime
) -> None:
    """Keep what could not be read: by its mark, the report and why. Known marks change nothing.

    Written in the transaction of what was read beside it; does not commit.
    """
    known = set(session.scalars(select(Stray.mark).where(Stray.device == device)))
    for mark, (report, why) in reports.items():
        if mark not in known and len(known) < MOST:
            known.add(mark)
            said = _as_text(report)
            row = Stray(device=device, mark=mark, received_at=at, said=said, why=why[:100])
            session.add(row)


def _as_text(report: Any) -> str:
    """What a database can hold: no NUL, and no half of a letter."""
    text = json.dumps(report, ensure_ascii=False)[:LONGEST].replace("\0", "")
    return text.encode("utf-8", "replace").decode()


def dismiss(session: Session, number: int, *, by: str, at: datetime) -> None:
    """Somebody looked at it; it stays where it is. Raises `UnknownStray`."""
    begin_writing(session)
    looked = update(Stray).where(Stray.id == number).values(seen_at=at).returning(Stray.id)
    if session.scalar(looked) is None:
        session.rollback()
        raise UnknownStray(number)
    note(session, "stray_seen", "stray", number, by=by, at=at)
    session.commit()


def strays() -> Select[Stray]:
    """Those that nobody looked at yet first, then the newest."""
    return select(Stray).order_by(Stray.seen_at.is_not(None), Stray.id.desc())
