"""The figures of the running site: the form, whole registrations, and scans at the door."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from benchmarks.figures import Figure
from benchmarks.load import Load, Requests, ask, hammer
from benchmarks.sites import SITE, serving, site
from benchmarks.visitors import sign_in, visit
from event.attendees import Attendee, everyone
from event.badges import token_of
from event.bookings import Booking
from event.checkin import Scan
from event.mail import Mail
from event.programme import Checkpoint, Slot, sessions, the_event
from event.staff import add_staff, make_link
from pages import current
from pages.clock import computer_clock
from pages.database import db

SECONDS = 6.0
WARM_UP = 1.5
VISITORS = 5000
"""Who have opened the form before the rush: each has a cookie and a token of their own."""

WARM = 99
"""The number of the client that only warms up."""


def form_page() -> list[Figure]:
    """GET /register beside a Flask page that says a constant string and a token."""
    with site() as app:
        folder = app.config["DATA_DIR"]
        ours = _pages(folder, SITE, "/register")
        floor = _pages(folder, "benchmarks.floors:constant_page", "/")
    speed, least = ours.per_second, floor.per_second
    return [
        Figure("GET /register, 16 clients", speed, "/s", 0.6 * least, least, at_least=True),
        Figure("GET /register, share of the floor", speed / least, "", 0.6, 1, at_least=True),
    ]


def registration() -> list[Figure]:
    """POST /register to the redirect, 16 clients; then what was acknowledged is counted."""
    with site() as app:
        folder, choices = app.config["DATA_DIR"], [s.key for s in db.session().scalars(sessions())]
        with serving(folder) as server:
            waiting = iter([visit(server.port, "/register") for _ in range(VISITORS)])

            def people(client: int) -> Iterator[bytes]:
                for number, visitor in enumerate(waiting):
                    choice = choices[(client + number) % len(choices)]
                    yield visitor.register(f"{client}-{number}", choice)

            warm, load = _both(server.port, people, clients=16)
        done, full = load.statuses.get(303, 0), load.statuses.get(409, 0)
        lost, twice = _missing(warm.statuses.get(303, 0) + done), _oversold()
        floor = _floor(folder, "benchmarks.floors:registrations", clients=16)
    speed = done / load.seconds
    return [
        Figure("registration, 16 clients", speed, "/s", 300, floor.per_second, at_least=True),
        _slowest("registration", load, 80, floor),
        Figure("registrations acknowledged and lost", lost, "", 0, 0),
        Figure("registrations refused for no reason", len(load.times) - done - full, "", 0, 0),
        Figure("seats sold twice", twice, "", 0, 0),
    ]


def scans() -> list[Figure]:
    """POST /checkin/scan, 8 clients, each scan another badge."""
    with site(people=10_000) as app:
        folder, codes, gate = app.config["DATA_DIR"], badge_codes(), _gate()
        staff = add_staff(db.session(), "cua@vidu.vn", "desk", at=computer_clock(), by="bench")
        secret = make_link(db.session(), staff, at=computer_clock())
        with serving(folder) as server:
            browser, supply = sign_in(server.port, secret), iter(codes)

            def badges(client: int) -> Iterator[bytes]:
                for number, code in enumerate(supply):
                    yield browser.scan(code, gate, f"bench-{client}-{number}")

            warm, load = _both(server.port, badges, clients=8)
        done = load.statuses.get(200, 0)
        lost = warm.statuses.get(200, 0) + done - _count(select(func.count(Scan.id)))
        floor = _floor(folder, "benchmarks.floors:scans", clients=8)
    speed = done / load.seconds
    return [
        Figure("online scans, 8 clients", speed, "/s", 1500, floor.per_second, at_least=True),
        _slowest("online scan", load, 30, floor),
        Figure("online scan, the worst", load.percentile(1), "ms", 150, floor.percentile(1)),
        Figure("scans answered and not in the log", abs(lost), "", 0, 0),
    ]


def _both(port: int, requests: Requests, *, clients: int) -> tuple[Load, Load]:
    """First to warm up, then in earnest."""
    warm = hammer(port, lambda number: requests(number + WARM), clients=4, seconds=WARM_UP)
    return warm, hammer(port, requests, clients=clients, seconds=SECONDS)


def _slowest(what: str, load: Load, goal: float, floor: Load) -> Figure:
    least = floor.percentile(0.99)
    return Figure(f"{what}, 99th percentile", load.percentile(0.99), "ms", goal, least)


def _always(request: bytes) -> Requests:
    def requests(_: int) -> Iterator[bytes]:
        while True:
            yield request

    return requests


def _pages(folder: Path, target: str, path: str) -> Load:
    with serving(folder, target, path) as server:
        return _both(server.port, _always(ask("GET", path)), clients=16)[1]


def _floor(folder: Path, target: str, *, clients: int) -> Load:
    """Each request writes what a scan's would: two hundred digits and some words."""
    request = ask("POST", "/", b"code=" + b"1" * 200, content_type="text/plain")
    with serving(folder, target, "/") as server:
        return _both(server.port, _always(request), clients=clients)[1]


def badge_codes() -> list[str]:
    """The digits of everybody's badge."""
    event, key = the_event(db.session()), current.keys().badges
    assert event
    people = db.session().scalars(everyone().options(joinedload(Attendee.category)))
    return [token_of(db.session(), event, person, key) for person in people]


def _gate() -> str:
    gates = select(Checkpoint.key).where(Checkpoint.kind == "gate").order_by(Checkpoint.id)
    return db.session().scalars(gates).first() or ""


def _count(query: Select[int]) -> int:
    db.session.rollback()
    return db.session().scalar(query) or 0


def _missing(acknowledged: int) -> int:
    """How far the rows of people, and those of their mails, are from what was acknowledged."""
    people, mails = _count(select(func.count(Attendee.id))), _count(select(func.count(Mail.id)))
    return abs(acknowledged - people) + abs(people - mails)


def _oversold() -> int:
    """Sessions with more bookings than seats, or with a count that is not that of its bookings."""
    booked = select(func.count()).where(Booking.slot_id == Slot.id).scalar_subquery()
    wrong = (booked != Slot.taken) | (booked > Slot.capacity)
    return _count(select(func.count(Slot.id)).where(wrong))
