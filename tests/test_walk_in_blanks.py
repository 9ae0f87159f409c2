"""Walk-ins for whom a blank badge was scanned first: put down, and the badge is theirs."""

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.scans import BlankPresence, Presence
from tests.doors import put_down, scan, send
from tests.registrants import words
from tests.test_desk_blanks import blanks, desk, owner
from tests.test_desk_pages import LAN

__all__ = ["blanks", "desk"]
HERE = "/checkin/walk-in?blank=1"


def filled(desk: FlaskClient) -> dict[str, object]:
    """The form as the page gives it, for the blank that was scanned."""
    page = desk.get(HERE).text
    fields = ("nonce", "blank")
    hidden = {key: page.split(f'name="{key}"')[1].split('value="')[1] for key in fields}
    return {**LAN, **{key: value.split('"')[0] for key, value in hidden.items()}}


def test_the_blank_that_was_let_in_is_the_new_guests(
    desk: FlaskClient, session: Session, blanks: list[str]
) -> None:
    scan(desk, code=blanks[0])
    asking = desk.get("/checkin/blanks/1").text
    assert f'<a class="button" href="{HERE}">Khách mới với thẻ này</a>' in asking
    assert "Thẻ trắng B0001 sẽ là thẻ của khách này." in desk.get(HERE).text
    fields = filled(desk)
    for _ in range(2):  # pressed twice
        answer = send(desk, "/checkin/walk-in", **fields)
        lan = session.scalars(select(Attendee)).one()
        assert (answer.status_code, answer.location) == (303, f"/checkin/people/{lan.id}")
    assert "Thẻ trắng B0001 nay là thẻ của Lê Thị Lan." in words(desk.get(answer.location).text)
    assert owner(session, 1) == lan.id
    entries = session.execute(select(Presence.attendee_id, Presence.entries)).all()
    assert [tuple(row) for row in entries] == [(lan.id, 1)]
    assert session.scalars(select(BlankPresence)).all() == []


def test_a_mistake_keeps_the_blank(desk: FlaskClient, session: Session, blanks: list[str]) -> None:
    answer = send(desk, "/checkin/walk-in", **{**filled(desk), "name": ""})
    assert answer.status_code == 422
    assert 'name="blank" type="hidden" value="1"' in answer.text
    assert session.scalars(select(Attendee)).all() == []


def test_somebody_like_them_who_is_put_down_already_can_have_it(
    desk: FlaskClient, session: Session, blanks: list[str]
) -> None:
    known = put_down(session, "LE THI LAN", organisation="Báo VnExpress")
    answer = send(desk, "/checkin/walk-in", **filled(desk))
    assert answer.status_code == 409
    assert f'name="attendee" value="{known.id}"' in answer.text
    assert 'action="/checkin/blanks/1/bind"' in answer.text
    assert 'action="/checkin/scan"' not in answer.text.split("Người khác")[0].split("<main")[1]


def test_a_blank_that_went_to_somebody_else_meanwhile_is_said_on_the_new_guests_card(
    desk: FlaskClient, session: Session, blanks: list[str]
) -> None:
    fields = filled(desk)
    other = put_down(session)
    send(desk, "/checkin/blanks/1/bind", attendee=str(other.id))
    answer = send(desk, "/checkin/walk-in", **fields)
    assert "Thẻ trắng B0001 đã là của người khác" in words(desk.get(answer.location).text)
    assert owner(session, 1) == other.id


def test_a_blank_that_was_never_printed_is_not_found(desk: FlaskClient, blanks: list[str]) -> None:
    for number in ("9", "x", "99999999999"):
        assert desk.get(f"/checkin/walk-in?blank={number}").status_code == 404
