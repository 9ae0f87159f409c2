"""Entries of the scan log as organisers see them: whose, where, and at which device."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy import select

from event.attendees import Attendee
from event.blanks import code_of
from event.devices import Device
from event.review import Review
from event.scans import Scan
from event.staff import Staff
from event.strays import Stray
from pages.database import db

BROWSER = 4  # letters of a browser's name, to tell two of one account apart


@dataclass(frozen=True)
class Side:
    """One entry as it is shown: at which device, and whether it was taken back since."""

    scan: Scan
    device: str
    taken_back: bool


@dataclass(frozen=True)
class Case:
    """One review with its entries, the earlier one first."""

    review: Review
    sides: Sequence[Side]

    @property
    def person(self) -> Attendee | None:
        """Whose badge it was, as far as that is known."""
        return next((s.scan.person for s in self.sides if s.scan.person), None)

    @property
    def gone(self) -> Side | None:
        """The entry that was taken back."""
        return next((side for side in self.sides if side.taken_back), None)

    @property
    def blank(self) -> str:
        """What stands on the badge where it is nobody's: "B0002"."""
        number = self.sides[0].scan.blank_id
        return "" if number is None else code_of(number)


@dataclass(frozen=True)
class Names:
    """Devices and accounts by their numbers."""

    devices: dict[int, str]
    staff: dict[int, str]


def names_of(scans: Iterable[Scan], lost: Iterable[Stray]) -> Names:
    scans = list(scans)
    numbers = {_paired(d) for d in [*(s.device for s in scans), *(s.device for s in lost)]}
    devices = select(Device.id, Device.name).where(Device.id.in_(numbers - {None}))
    staff = select(Staff.id, Staff.email).where(Staff.id.in_({s.staff_id for s in scans}))
    session = db.session()
    return Names(dict(session.execute(devices).all()), dict(session.execute(staff).all()))


def _paired(device: str) -> int | None:
    kind, _colon, number = device.partition(":")
    return int(number) if kind == "device" and number.isdecimal() else None


def device_name(device: str, staff_id: int | None, names: Names) -> str:
    """A paired device by its name; a browser by its account, and how it differs from others."""
    paired = _paired(device)
    if paired is not None:
        return names.devices.get(paired, device)
    who = names.staff.get(staff_id or 0)
    which = _("Offline pack") if device.startswith("pack:") else device[:BROWSER]
    return " · ".join(part for part in (who, which) if part)


def cases_of(reviews: Sequence[Review], names: Names | None = None) -> list[Case]:
    scans = [scan for review in reviews for scan in review.scans]
    names = names or names_of(scans, ())
    numbers = select(Scan.undoes_id).where(Scan.undoes_id.in_([scan.id for scan in scans]))
    gone = set(db.session().scalars(numbers))
    return [
        Case(
            review,
            [Side(s, device_name(s.device, s.staff_id, names), s.id in gone) for s in review.scans],
        )
        for review in reviews
    ]
