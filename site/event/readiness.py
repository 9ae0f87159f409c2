"""Whether each scanner is ready for the door: what it told of itself last, and what that means."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, Select, String, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from event.base import Base, Moment, begin_writing
from event.devices import Device, Scanner
from event.programme import Checkpoint
from event.staff import Account, Staff

SILENT = timedelta(minutes=3)
"""A scanner tells of itself each minute while its page is open and the server in reach."""
GONE = timedelta(minutes=15)
"""After this, an account's browser is no scanner any more, unless scans wait on it."""
REMEMBERED = timedelta(days=2)
"""How long a browser with waiting scans is remembered."""
ROSTER_GOOD, ROSTER_OLD = timedelta(minutes=5), timedelta(minutes=15)
CLOCK_GOOD, CLOCK_WRONG = timedelta(seconds=30), timedelta(minutes=5)
BATTERY_GOOD, BATTERY_LOW = 50, 20  # per cent
TESTED = timedelta(hours=24)
TRIALS = ("", "roster", "badge", "storage", "app")
"""How a trial without a connection ends: well, or what it failed at."""
ASPECTS = ("heard", "checkpoint", "version", "roster", "unsent", "clock", "battery", "test")
PAST = "past"
"""Why nothing is known: what was told is too long ago."""


class DeviceReport(Base):
    """What one scanner told of itself last; `device` is its name in the scan log.

    `clock_ms` is how far its clock runs ahead of the site's. `battery` is in per cent, where the
    browser knows it. `test_why` says what failed in the last trial without a connection.
    """

    __tablename__ = "device_reports"
    id: Mapped[int] = mapped_column(primary_key=True)
    device: Mapped[str] = mapped_column(String(40), unique=True)
    device_id: Mapped[int | None] = mapped_column(ForeignKey("devices.id"))
    staff_id: Mapped[int | None] = mapped_column(ForeignKey("staff.id"))
    checkpoint: Mapped[str] = mapped_column(String(60))
    version: Mapped[str] = mapped_column(String(40))
    roster_at: Mapped[datetime | None] = mapped_column(Moment)
    unsent: Mapped[int]
    clock_ms: Mapped[int]
    battery: Mapped[int | None]
    tested_at: Mapped[datetime | None] = mapped_column(Moment)
    test_ok: Mapped[bool]
    test_why: Mapped[str] = mapped_column(String(20))
    reported_at: Mapped[datetime] = mapped_column(Moment)
    staff: Mapped[Staff | None] = relationship(lazy="raise")


@dataclass(frozen=True)
class Told:
    """What a scanner tells of itself; the fields are those of `DeviceReport`."""

    checkpoint: str
    version: str
    roster_at: datetime | None
    unsent: int
    clock_ms: int
    battery: int | None
    tested_at: datetime | None
    test_ok: bool
    test_why: str


def hear(
    session: Session, device: str, person: Account | Scanner, told: Told, *, at: datetime
) -> None:
    """Write down what a scanner told, in place of what it told before."""
    begin_writing(session)
    owner = person.device if isinstance(person, Scanner) else None
    row = {"device_id": owner, "staff_id": person.id, "reported_at": at, **vars(told)}
    dialect = session.get_bind().dialect.name
    write = (postgresql if dialect == "postgresql" else sqlite).insert(DeviceReport)
    session.execute(
        write.values(device=device, **row).on_conflict_do_update(
            index_elements=["device"], set_=row
        )
    )
    session.commit()


@dataclass(frozen=True)
class Finding:
    """One thing about a scanner. `state`: good, soft (works all the same), bad, or unknown.

    `why` is a key, "" where all is well.
    """

    aspect: str
    state: str
    why: str = ""


@dataclass(frozen=True)
class Standing:
    """A scanner, what it told last, and what that means; `device` is None for a browser."""

    device: Device | None
    report: DeviceReport | None
    findings: Sequence[Finding]

    @property
    def ready(self) -> bool:
        """Nothing has to be done before the doors open."""
        return all(finding.state != "bad" for finding in self.findings)

    @property
    def place(self) -> str:
        """Key of the checkpoint where it stood last, or ""."""
        return self.report.checkpoint if self.report else ""


def standings(session: Session, *, version: str, at: datetime) -> list[Standing]:
    """Every paired device, and accounts' browsers that scan; `version` is the app's own."""
    doors = set(session.scalars(select(Checkpoint.key)))
    told = session.scalars(_heard(at).options(joinedload(DeviceReport.staff))).all()
    reports = {report.device_id: report for report in told if report.device_id is not None}
    paired = session.scalars(_paired()).all()
    return [
        Standing(device, report, judge(report, _doors(device, doors), version, at=at))
        for device, report in [
            *((device, reports.get(device.id)) for device in paired),
            *((None, report) for report in told if report.device_id is None),
        ]
    ]


@dataclass(frozen=True)
class Unmanned:
    """A place where no scanner is ready; `unready` if one stands there all the same."""

    place: Checkpoint
    unready: bool


def unmanned(known: Collection[Standing], places: Iterable[Checkpoint]) -> list[Unmanned]:
    """Those of the places at which no scanner is ready, in the same order."""
    ready = {standing.place for standing in known if standing.ready}
    there = {standing.place for standing in known}
    return [Unmanned(p, p.key in there) for p in places if p.key not in ready]


def _paired() -> Select[Device]:
    standing = Device.key.is_not(None), Device.withdrawn_at.is_(None)
    return select(Device).where(*standing).order_by(Device.name, Device.id)


def _heard(at: datetime) -> Select[DeviceReport]:
    """All paired devices told; of browsers, what is lately, or what scans still wait on."""
    waits = (DeviceReport.unsent > 0) & (DeviceReport.reported_at > at - REMEMBERED)
    lately = or_(DeviceReport.reported_at > at - GONE, waits)
    wanted = or_(DeviceReport.device_id.is_not(None), lately)
    return select(DeviceReport).where(wanted).order_by(DeviceReport.id)


def _doors(device: Device | None, doors: set[str]) -> set[str]:
    return doors if device is None or not device.doors else doors & set(device.doors)


def judge(
    report: DeviceReport | None, doors: Collection[str], version: str, *, at: datetime
) -> list[Finding]:
    """What is good and what is not, in the order of the board; `doors` are those it may guard."""
    if report is None:
        return [Finding("heard", "bad", "never")]
    if at - report.reported_at > SILENT:
        past = [Finding(aspect, "unknown", PAST) for aspect in ASPECTS[1:]]
        return [Finding("heard", "bad", "silent"), *past]
    old = report.version != version
    return [
        Finding("heard", "good"),
        Finding("checkpoint", *_stands(report.checkpoint, doors)),
        Finding("version", *(("bad", "old") if old else ("good",))),
        Finding("roster", *_fresh(report.roster_at, at)),
        Finding("unsent", *(("soft", "waiting") if report.unsent else ("good",))),
        Finding("clock", *_right(timedelta(milliseconds=abs(report.clock_ms)))),
        Finding("battery", *_charged(report.battery)),
        Finding("test", *_passed(report, at)),
    ]


_Judged = tuple[str] | tuple[str, str]


def _stands(checkpoint: str, doors: Collection[str]) -> _Judged:
    if not checkpoint:
        return "bad", "nowhere"
    return ("good",) if checkpoint in doors else ("bad", "wrong")


def _fresh(roster_at: datetime | None, at: datetime) -> _Judged:
    if roster_at is None:
        return "bad", "never"
    age = at - roster_at
    if age <= ROSTER_GOOD:
        return ("good",)
    return ("soft" if age <= ROSTER_OLD else "bad"), "old"


def _right(skew: timedelta) -> _Judged:
    if skew <= CLOCK_GOOD:
        return ("good",)
    return ("soft" if skew <= CLOCK_WRONG else "bad"), "off"


def _charged(battery: int | None) -> _Judged:
    if battery is None:
        return "unknown", "untold"
    if battery >= BATTERY_GOOD:
        return ("good",)
    return ("soft" if battery >= BATTERY_LOW else "bad"), "low"


def _passed(report: DeviceReport, at: datetime) -> _Judged:
    if report.tested_at is None:
        return "bad", "never"
    if not report.test_ok:
        return "bad", report.test_why
    return ("good",) if at - report.tested_at <= TESTED else ("bad", "old")
