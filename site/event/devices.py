"""Phones and tablets that scan without an account: paired once, bound to doors, withdrawn at once.

An organiser opens a place for a device and shows a code; the device that reads it gets a key of its
own. Of code and key only hashes are kept. A lost device holds no password and no list of people.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import JSON, Select, String, bindparam, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from event.base import Base, Moment, begin_writing
from event.journal import note
from event.prepared import Prepared
from event.staff import GATE, KIOSK, hashed

CODE_LIFE = timedelta(minutes=10)
SEEN_EVERY = timedelta(minutes=1)
"""A device's last sign of life is written down no more often than this."""
LONGEST_NAME = 60


class WrongCode(Exception):
    """Unknown, used or expired: which one is not told."""


class Device(Base):
    """A named scanner. Without `key` it is still to be paired; `doors` empty means every door.

    At a `kiosk` guests check themselves in: it opens that page, and nothing else of the door.
    """

    __tablename__ = "devices"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME))
    doors: Mapped[list[str]] = mapped_column(JSON, default=list)
    kiosk: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(Moment)
    code: Mapped[str | None] = mapped_column(String(64), unique=True)
    code_until: Mapped[datetime | None] = mapped_column(Moment)
    key: Mapped[str | None] = mapped_column(String(64))
    paired_at: Mapped[datetime | None] = mapped_column(Moment)
    seen_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)

    def waits(self, at: datetime) -> bool:
        """Whether its code can still be read."""
        return self.code is not None and self.code_until is not None and self.code_until > at


@dataclass(frozen=True)
class Scanner:
    """A paired device as pages ask for it with every request; it stands where an account would."""

    device: int
    name: str
    doors: tuple[str, ...]
    seen_at: datetime | None
    kiosk: bool = False
    id: None = None  # no account

    @property
    def email(self) -> str:
        """What stands where an account's address does."""
        return self.name

    def may(self, role: str) -> bool:
        """Scan, and nothing else; a kiosk not even what other scanners see beside it."""
        return role == KIOSK or (role == GATE and not self.kiosk)

    def guards(self, checkpoint: str) -> bool:
        """Whether it may scan there."""
        return not self.doors or checkpoint in self.doors


def open_place(
    session: Session, name: str, doors: list[str], *, by: str, at: datetime, kiosk: bool = False
) -> tuple[Device, str]:
    """A place for one more device, and the secret of its code."""
    begin_writing(session)
    device = Device(name=name, doors=doors, kiosk=kiosk, made_at=at)
    secret = _with_code(device, at)
    session.add(device)
    session.flush()
    told = {"name": name, "doors": doors, **({"kiosk": True} if kiosk else {})}
    note(session, "device_added", "device", device.id, by=by, at=at, **told)
    session.commit()
    return device, secret


def code_again(session: Session, device: Device, *, by: str, at: datetime) -> str:
    """Another code for the same place; the device that holds it now keeps it until that is read.

    A withdrawn place opens again.
    """
    begin_writing(session)
    session.refresh(device)
    secret = _with_code(device, at)
    device.withdrawn_at = None
    note(session, "device_code", "device", device.id, by=by, at=at)
    session.commit()
    return secret


def _with_code(device: Device, at: datetime) -> str:
    secret = secrets.token_urlsafe(24)
    device.code, device.code_until = hashed(secret), at + CODE_LIFE
    return secret


def place_of_code(session: Session, secret: str, *, at: datetime) -> Device:
    """The place a code is for; looking does not use it up. Raises `WrongCode`."""
    found = session.scalar(
        select(Device).where(
            Device.code == hashed(secret), Device.code_until > at, Device.withdrawn_at.is_(None)
        )
    )
    if found is None:
        raise WrongCode
    return found


def pair(session: Session, secret: str, *, at: datetime) -> tuple[Device, str]:
    """Give the device its key: of two that read one code, one gets it. Raises `WrongCode`."""
    begin_writing(session)
    device = place_of_code(session, secret, at=at)
    key = secrets.token_urlsafe(32)
    taken = session.execute(
        update(Device)
        .where(Device.id == device.id, Device.code == hashed(secret))
        .values(code=None, code_until=None, key=hashed(key), paired_at=at, seen_at=at)
    )
    if taken.rowcount == 0:  # type: ignore[attr-defined]
        session.rollback()
        raise WrongCode
    note(session, "device_paired", "device", device.id, by=f"device:{device.id}", at=at)
    session.commit()
    return device, key


def withdraw(session: Session, device: Device, *, by: str, at: datetime) -> None:
    """End a device: its key and its code open nothing from the next request on."""
    begin_writing(session)
    session.refresh(device)
    if device.withdrawn_at is None:
        device.withdrawn_at, device.key, device.code, device.code_until = at, None, None, None
        note(session, "device_withdrawn", "device", device.id, by=by, at=at)
    session.commit()


def bind(
    session: Session, device: Device, name: str, doors: list[str], *, by: str, at: datetime,
    kiosk: bool | None = None,
) -> None:  # fmt: skip
    """Give a device another name or other doors; make it a kiosk or an ordinary scanner."""
    begin_writing(session)
    session.refresh(device)
    wanted = {"name": name, "doors": doors, "kiosk": device.kiosk if kiosk is None else kiosk}
    before = {word: getattr(device, word) for word in wanted}
    told = {word: [before[word], value] for word, value in wanted.items() if before[word] != value}
    for word, value in wanted.items():
        setattr(device, word, value)
    if told:
        note(session, "device_changed", "device", device.id, by=by, at=at, **told)
    session.commit()


_OPEN = Prepared(
    select(Device.id, Device.name, Device.doors, Device.seen_at, Device.kiosk, Device.key).where(
        Device.id == bindparam("id"), Device.withdrawn_at.is_(None)
    )
)


def open_device(session: Session, number: int, key: str) -> Scanner | None:
    """The device that holds this key, unless it was withdrawn or its place was given away."""
    row = _OPEN.first(session.connection(), id=number)
    if row is None or not hmac.compare_digest(row.key or "", hashed(key)):
        return None
    return Scanner(row.id, row.name, tuple(row.doors), row.seen_at, row.kiosk)


def seen(session: Session, scanner: Scanner, *, at: datetime) -> None:
    """Write down that a device was heard of, if that was not done just now."""
    if scanner.seen_at is not None and at - scanner.seen_at < SEEN_EVERY:
        return
    begin_writing(session)
    session.execute(update(Device).where(Device.id == scanner.device).values(seen_at=at))
    session.commit()


def devices() -> Select[Device]:
    """Open places first, by name."""
    return select(Device).order_by(Device.withdrawn_at.is_not(None), Device.name, Device.id)
