"""The badge as a picture that a phone keeps: name and code, whoever opens it and in whatever."""

from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy.orm import Session

import exports
from event.amendments import cancel
from event.attendees import Attendee, Registration, register
from event.badges import public_key, read
from event.designs import design_of
from event.layouts import Design
from event.links import secret_of
from exports.badge_png import badge_png
from exports.specimen import NO_TOKEN, specimen
from pages import current
from tests.house import Clock
from tests.papers import Picture, code_on


def put_down(session: Session, clock: Clock, name: str, **more: Any) -> Attendee:
    """Somebody with an own page."""
    return register(session, Registration(name, **more), at=clock()).attendee


def grey(data: bytes) -> Picture:
    """As a scanner sees it."""
    image = Image.open(BytesIO(data)).convert("L")
    return Picture(*image.size, image.tobytes())


def test_the_picture_opens_the_gate(client: FlaskClient, session: Session, clock: Clock) -> None:
    attendee = put_down(session, clock, "Nguyễn Thị Hương", sessions=("it-1",))
    answer = client.get(f"/me/{secret_of(attendee, current.keys())}/badge.png")
    assert (answer.mimetype, answer.headers["Cache-Control"]) == ("image/png", "no-store")
    assert Image.open(BytesIO(answer.data)).size == (1240, 1748)
    assert read(code_on(grey(answer.data)), public_key(current.keys().badges)).attendee == 1


def test_it_can_still_be_read_as_small_as_zalo_sends_it(
    client: FlaskClient, session: Session, clock: Clock
) -> None:
    attendee = put_down(session, clock, "Nguyễn Thị Hương", sessions=("it-1",))
    answer = client.get(f"/me/{secret_of(attendee, current.keys())}/badge.png")
    small = BytesIO()
    Image.open(BytesIO(answer.data)).resize((620, 874)).save(small, "JPEG", quality=60)
    assert read(code_on(grey(small.getvalue())), public_key(current.keys().badges)).attendee == 1


def test_letters_of_other_scripts_are_drawn(session: Session) -> None:
    """A name that no font had would come out as boxes, all alike."""
    event = current.event()
    design: Design = design_of(session)
    names = ("สมชาย ใจดี", "王小明", "김민수", "ບຸນມີ", "Nguyễn Văn Á")
    drawn = {
        badge_png(specimen(session, event, "vi")._replace(name=name), design) for name in names
    }
    assert len(drawn) == len(names)
    assert {exports.text.missing_glyphs(name) for name in names} == {""}
    assert {code_on(grey(data)) for data in drawn} == {NO_TOKEN}


def test_the_page_shows_it_to_be_pressed_long_and_to_be_downloaded(
    client: FlaskClient, session: Session, clock: Clock
) -> None:
    attendee = put_down(session, clock, "Nguyễn Thị Hương")
    own = f"/me/{secret_of(attendee, current.keys())}"
    assert f'href="{own}/picture"' in client.get(own).text
    page = client.get(f"{own}/picture").text
    assert f'<img class="badge-picture" src="{own}/badge.png" width="1240" height="1748"' in page
    assert f'href="{own}/badge.png" download="badge-00001.png"' in page
    assert f'src="/en{own}/badge.png"' in client.get(f"/en{own}/picture").text


def test_there_is_none_of_a_cancelled_registration(
    client: FlaskClient, session: Session, clock: Clock
) -> None:
    attendee = put_down(session, clock, "Nguyễn Thị Hương")
    cancel(session, attendee, at=clock(), by="x")
    own = f"/me/{secret_of(attendee, current.keys())}"
    for page in ("picture", "badge.png"):
        assert client.get(f"{own}/{page}").location == own
    assert client.get("/me/wrong/badge.png").status_code == 404
