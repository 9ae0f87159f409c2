"""Ticks made in an offline pack, taken into the scan log; what does not fit is told."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from sqlalchemy import Row, Select, bindparam, select
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.checkin import NonceReused, Scanned, Verdict, check_in
from event.doors import UnknownCheckpoint, first_entry, open_door
from event.packing import device_of, is_ours
from event.programme import Checkpoint, Event
from event.scans import Scan, day_of

FORMAT = "ghi-danh-ticks-1"
MAX_BYTES = 5 * 1024**2  # the site takes no larger file in one request
AHEAD = timedelta(minutes=5)
"""How far the clock of another computer may be before ours."""

Number = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
Name = Annotated[str, msgspec.Meta(max_length=80)]
Aware = Annotated[datetime, msgspec.Meta(tz=True)]


class WrongTicks(ValueError):
    """The file cannot be taken in; `args` has a key: unreadable, other_event, not_ours."""


class Tick(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody came in. `id` is random; `undone`: the tick was taken off again."""

    id: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{32}$")]
    attendee: Number
    place: Name
    at: Aware
    undone: bool = False


class Ticks(msgspec.Struct, frozen=True, kw_only=True):
    """What the page of a pack saves."""

    format: Literal["ghi-danh-ticks-1"]
    event: Name
    pack: Annotated[str, msgspec.Meta(pattern="^[0-9a-f]{8}$")]
    proof: Name
    ticks: list[Tick]


class Conflict(msgspec.Struct, frozen=True, kw_only=True):
    """One tick that somebody should look at.

    `kind`: unknown, cancelled, refused (`reason` says by which rule), earlier (was let in before,
    `first_at` and `first_place` say where), place (gone), clock (ahead of ours), undone (taken off
    after it had come here), reused (the same id for something else).
    """

    kind: str
    code: str
    name: str
    place: str
    at: datetime
    reason: str = ""
    first_at: datetime | None = None
    first_place: dict[str, str] = {}


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What came of a file: how many were written now, let in by it, and known before."""

    pack: str
    written: int
    admitted: int
    repeated: int
    undone: int
    conflicts: list[Conflict]


def read_ticks(data: bytes, event: Event, key: bytes) -> Ticks:
    """The file of a page. `key` is the one that proofs are made with. Raises `WrongTicks`."""
    try:
        ticks = msgspec.json.decode(data, type=Ticks)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise WrongTicks("unreadable") from error
    if ticks.event != event.key:
        raise WrongTicks("other_event")
    if not is_ours(key, event.key, ticks.pack, ticks.proof):
        raise WrongTicks("not_ours")
    return ticks


def take_ticks(
    session: Session,
    event: Event,
    ticks: Ticks,
    key: Ed25519PublicKey,
    *,
    at: datetime,
    staff_id: int | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Report:
    """Write each tick down once, in the order of time, however often its file comes.

    One that was interrupted goes on where it was, and tells all conflicts again. `at` is now;
    `key` reads badges.
    """
    taking = _Taking(session, event, ticks.pack, key, at, staff_id)
    for done, tick in enumerate(sorted(ticks.ticks, key=lambda each: each.at), 1):
        taking.take(tick)
        progress(done, len(ticks.ticks))
    return taking.report()


Written = Row[str, int | None, str, str, str, datetime]
_WRITTEN: Select[str, int | None, str, str, str, datetime] = (
    select(
        Scan.nonce,
        Scan.attendee_id,
        Scan.verdict,
        Scan.reason,
        Checkpoint.key,
        Scan.scanned_at,
    )
    .join(Checkpoint, Checkpoint.id == Scan.checkpoint_id)
    .where(Scan.device == bindparam("of"))
)


class _Taking:
    """The ticks of one file, one after the other."""

    def __init__(
        self,
        session: Session,
        event: Event,
        pack: str,
        key: Ed25519PublicKey,
        at: datetime,
        staff_id: int | None,
    ) -> None:
        self._session = session
        self._event = event
        self._pack = pack
        self._key = key
        self._at = at
        self._staff_id = staff_id
        self._known = {row.nonce: row for row in session.execute(_WRITTEN, {"of": device_of(pack)})}
        self._now: set[str] = set()
        self._counts = dict.fromkeys(("written", "admitted", "repeated", "undone"), 0)
        self._conflicts: list[Conflict] = []

    def report(self) -> Report:
        """What came of all."""
        named = _named(self._session, self._conflicts)
        return Report(pack=self._pack, conflicts=named, **self._counts)

    def take(self, tick: Tick) -> None:
        """One of them."""
        written = self._known.get(tick.id)
        if tick.undone:
            self._counts["undone"] += 1
            if written:
                self._tell(tick, "undone")
        elif written:
            self._counts["repeated"] += 1
            self._tell_again(tick, written)
        elif tick.id in self._now:
            self._counts["repeated"] += 1
        else:
            self._now.add(tick.id)
            self._write(tick)

    def _tell_again(self, tick: Tick, written: Written) -> None:
        """What was found out when it was written."""
        if (written.attendee_id or tick.attendee, written.key) != (tick.attendee, tick.place):
            return self._tell(tick, "reused")
        if tick.at > written.scanned_at + AHEAD:
            self._tell(tick, "clock")
        first = None
        if written.verdict == "back":
            door = open_door(self._session, tick.place)
            day = day_of(self._event, written.scanned_at)
            first = first_entry(self._session.connection(), tick.attendee, door, day)
        return self._judge(tick, Verdict(written.verdict, written.reason, first=first))

    def _write(self, tick: Tick) -> None:
        ahead = tick.at > self._at + AHEAD
        scanned = self._scanned(tick, min(tick.at, self._at))
        try:
            verdict = check_in(self._session, self._event, scanned, self._key, at=self._at)
        except UnknownCheckpoint:
            return self._tell(tick, "place")
        except NonceReused:
            return self._tell(tick, "reused")
        self._counts["written"] += 1
        self._counts["admitted"] += verdict.admits
        if ahead:
            self._tell(tick, "clock")
        return self._judge(tick, verdict)

    def _scanned(self, tick: Tick, moment: datetime) -> Scanned:
        return Scanned(
            device=device_of(self._pack),
            nonce=tick.id,
            checkpoint=tick.place,
            method="search",
            scanned_at=moment,
            attendee_id=tick.attendee,
            staff_id=self._staff_id,
        )

    def _judge(self, tick: Tick, verdict: Verdict) -> None:
        if not verdict.admits:
            known = verdict.reason in ("unknown", "cancelled")
            kind = verdict.reason if known else "refused"
            self._tell(tick, kind, reason=verdict.reason)
        elif verdict.first and verdict.first.at < tick.at:
            first = verdict.first
            self._tell(tick, "earlier", first_at=first.at, first_place=first.place.as_dict())

    def _tell(self, tick: Tick, kind: str, **more: Any) -> None:
        code = f"{tick.attendee:05d}"
        told = Conflict(kind=kind, code=code, name="", place=tick.place, at=tick.at, **more)
        self._conflicts.append(told)


def _named(session: Session, conflicts: Iterable[Conflict]) -> list[Conflict]:
    """With the names of those who are known."""
    conflicts = list(conflicts)
    names: dict[str, str] = {}
    numbers = sorted({int(each.code) for each in conflicts})
    for start in range(0, len(numbers), 1000):
        some = numbers[start : start + 1000]
        found = select(Attendee).where(Attendee.id.in_(some))
        names |= {person.code: person.titled_name for person in session.scalars(found)}
    return [msgspec.structs.replace(each, name=names.get(each.code, "")) for each in conflicts]
