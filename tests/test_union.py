"""After any order of cuts, repeats and restarts the log is the union of what the phones decided."""

import shutil
import tempfile
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from event.attendees import Attendee, Registration, register
from event.badges import token_of
from event.checkin import Scanned, check_in
from event.database import make_engine
from event.everything import Base
from event.programme import Event, the_event
from event.recounting import rebuild
from event.scans import ADMITTING, Presence, Scan
from event.uploads import MOST, take_in
from tests.house import OPENING, furnish

KEY = Ed25519PrivateKey.from_private_bytes(b"k" * 32)
DOORS = ("gate-a", "gate-b", "it-1", "energy-1")
GUESTS = 4
PHONES = ("phone-1", "phone-2", "phone-3")


@cache
def template() -> tuple[Path, tuple[str, ...]]:
    """A database with the small event and a few guests, and the digits of their badges."""
    path = Path(tempfile.mkdtemp()) / "template.db"
    engine = make_engine(f"sqlite:///{path}")
    Base.metadata.create_all(engine)
    with Session(engine, expire_on_commit=False) as session:
        furnish(session)
        event = the_event(session)
        assert event
        people = [_guest(session, number) for number in range(GUESTS)]
        codes = tuple(token_of(session, event, guest, KEY) for guest in people)
        session.commit()
    engine.dispose()
    return path, codes


def _guest(session: Session, number: int) -> Attendee:
    put_down = register(session, Registration(f"Người {number}"), at=OPENING).attendee
    whole = select(Attendee).where(Attendee.id == put_down.id)
    return session.scalars(whole.options(joinedload(Attendee.category))).one()


@dataclass
class Phone:
    """What a phone holds on its disk, and what it has told guests: kind by nonce."""

    kept: list[Scanned] = field(default_factory=list)
    told: dict[str, str] = field(default_factory=dict)


class Doors(RuleBasedStateMachine):
    """Phones that scan, with and without a network, and a server that dies in between."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        path, self.codes = template()
        shutil.copyfile(path, self.folder / "site.db")
        self.phones = {name: Phone() for name in PHONES}
        self.minutes = 0
        self.sent: list[tuple[str, list[Scanned]]] = []

    @initialize()
    def start(self) -> None:
        """The server comes up."""
        self.engine = make_engine(f"sqlite:///{self.folder / 'site.db'}")
        self.session = Session(self.engine, expire_on_commit=False)

    @property
    def event(self) -> Event:
        found = the_event(self.session)
        assert found
        return found

    @rule(
        phone=st.sampled_from(PHONES),
        guest=st.integers(0, GUESTS - 1),
        door=st.sampled_from(DOORS),
        line=st.sampled_from(["open", "cut", "answer lost"]),
        alone=st.sampled_from(["in", "back", "extra", "help", ""]),
        clock=st.sampled_from([-20, 0, 20]),
    )
    def scan(self, phone: str, guest: int, door: str, line: str, alone: str, clock: int) -> None:
        """`alone` is what the phone decides where it hears nothing; "" where it cannot tell."""
        self.minutes += 1
        at = OPENING + timedelta(minutes=self.minutes)
        scanned = Scanned(
            phone, f"nonce-{self.minutes:05}", door, "camera", at, self.codes[guest],
            device_at=at + timedelta(minutes=clock),
        )  # fmt: skip
        mine = self.phones[phone]
        if line != "cut":
            answer = check_in(self.session, self.event, scanned, KEY.public_key(), at=at)
        if line == "open":
            mine.told[scanned.nonce] = answer.kind
            return
        mine.kept.append(replace(scanned, decided=alone))
        if alone:
            mine.told[scanned.nonce] = alone

    @rule(phone=st.sampled_from(PHONES), heard=st.booleans(), data=st.data())
    def upload(self, phone: str, heard: bool, data: st.DataObject) -> None:
        """Any of what is kept, in any order; the phone may not hear that it arrived."""
        mine = self.phones[phone]
        batch = data.draw(st.permutations(mine.kept))
        batch = batch[: data.draw(st.integers(0, len(batch)))]
        self._take(batch)
        self.sent.append((phone, batch))
        if heard:
            mine.kept = [scan for scan in mine.kept if scan not in batch]

    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        """An old upload that was under way for long arrives once more."""
        if self.sent:
            _, batch = data.draw(st.sampled_from(self.sent))
            self._take(batch)

    @rule()
    def restart(self) -> None:
        """The server is killed: what it acknowledged is on its disk."""
        self.engine.dispose()
        self.start()

    def _take(self, batch: list[Scanned]) -> None:
        at = OPENING + timedelta(days=1)
        for start in range(0, len(batch), MOST):
            take_in(self.session, self.event, batch[start:][:MOST], KEY.public_key(), at=at)

    def teardown(self) -> None:
        """Everything comes in at last, and then it is compared."""
        for phone in self.phones.values():
            self._take(phone.kept)
        told = {
            (name, nonce): kind in ADMITTING
            for name, phone in self.phones.items()
            for nonce, kind in phone.told.items()
        }
        admitted = self._admitted()
        assert {key: key in admitted for key in told} == told
        self._counts_are_those_of_the_log()
        self.session.close()
        self.engine.dispose()
        shutil.rmtree(self.folder)

    def _admitted(self) -> set[tuple[str, str]]:
        """The scans that stand: each of them once."""
        scans = self.session.scalars(select(Scan).order_by(Scan.id)).all()
        gone = {scan.undoes_id for scan in scans}
        stand = [
            (scan.device, scan.nonce.removesuffix("~"))
            for scan in scans
            if scan.verdict in ADMITTING and scan.id not in gone
        ]
        assert len(stand) == len(set(stand))
        return set(stand)

    def _counts_are_those_of_the_log(self) -> None:
        def counted() -> set[tuple[object, ...]]:
            self.session.rollback()
            rows = self.session.scalars(select(Presence)).all()
            return {(p.attendee_id, p.checkpoint_id, p.day, p.first_at, p.entries) for p in rows}

        before = counted()
        rebuild(self.session, self.event)
        self.session.expire_all()
        assert counted() == before


TestDoors = Doors.TestCase
TestDoors.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
