"""A place handed to somebody else is theirs alone, and never lets two people in."""

import re
from collections.abc import Callable

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.approving import approve, who_wait
from event.attendees import Attendee, Registration, register
from event.bookings import held
from event.checkin import Scanned, check_in
from event.consents import Consent
from event.handing_over import CameAlready, Successor, TakenUp, hand_over, take_up
from event.informing import Agreement
from event.journal import Change, history
from event.links import key_of, secret_of
from event.mail import Mail
from event.own_changes import correct_oneself
from event.own_seats import take_seat
from event.programme import Category, the_event
from event.roster import roster
from event.waiting import Wait
from pages.attendee.mine import own
from tests.house import OPENING, Clock, post
from tests.registrants import GOOD, hidden, words

OwnPage = Callable[..., str]
MAI = Successor("Lê Thị Mai", phone="+84987654321")
KEY = Ed25519PrivateKey.generate().public_key()
AGREED = Agreement(("take_part",), "vi")


def someone(session: Session, number: int = 1) -> Attendee:
    return session.get_one(Attendee, number, populate_existing=True)


def put_down(session: Session, **stated: object) -> Attendee:
    typed = {"name": "Nguyễn Thị Hương", "email": "huong@vidu.vn", "organisation": "Sở KH&CN"}
    return register(session, Registration(**typed | stated), at=OPENING).attendee  # type: ignore[arg-type]


def looked_at(session: Session) -> None:
    """Visitors wait for a yes."""
    session.scalars(select(Category).where(Category.key == "visitor")).one().approval = True
    session.commit()


def enter(session: Session, person: Attendee) -> str:
    """Through gate A, by name."""
    event = the_event(session)
    assert event
    scan = Scanned("device:1", f"in-{person.id}", "gate-a", "search", OPENING, "", person.id)
    return check_in(session, event, scan, KEY, at=OPENING).kind


def test_a_place_goes_to_somebody_else_with_seats_and_turns_and_a_new_code(
    app: Flask, client: FlaskClient, session: Session, change_page: OwnPage
) -> None:
    change_page(name="Đầy Phiên", sessions=["energy-1"])
    address = change_page(sessions=["forum"])
    take_seat(session, someone(session, 2), "energy-1", at=OPENING, by="attendee")
    seen = hidden(client.get(f"{address}/hand-over").text, "seen")
    to = {"name": "Lê Thị Mai", "email": "mai@vidu.vn", "seen": seen}
    assert post(client, f"{address}/hand-over", to).status_code == 303
    old, new = someone(session, 2), someone(session, 3)
    assert (old.cancelled_at is not None, held(session, 2), held(session, 3)) == (
        True, "", "forum",
    )  # fmt: skip
    assert session.scalars(select(Wait.attendee_id)).all() == [3]
    assert (new.name, new.email, new.organisation, new.informed_at) == (
        "Lê Thị Mai", "mai@vidu.vn", "", None,
    )  # fmt: skip
    assert new.category_id == old.category_id
    assert session.scalars(select(Mail.kind).where(Mail.attendee_id == 3)).all() == ["handed_over"]
    told = client.get(address).text
    assert "Suất tham dự đã được chuyển cho Lê Thị Mai" in words(told)
    assert "mai@vidu.vn" not in told
    theirs = "/me/" + secret_of(new, app.config["KEYS"])
    assert theirs not in told
    page = app.test_client().get(theirs).text
    assert "Có người đã chuyển suất" in words(page)
    assert own(theirs.rpartition("/")[2]).token != own(address.split("/")[2]).token


def test_with_a_phone_number_alone_the_link_is_handed_on_by_hand(
    app: Flask, client: FlaskClient, session: Session, change_page: OwnPage
) -> None:
    address = change_page()
    seen = hidden(client.get(f"{address}/hand-over").text, "seen")
    answer = post(client, f"{address}/hand-over", {"name": "Lê Thị Mai", "seen": seen})
    assert answer.status_code == 422
    assert "một trong hai là đủ" in words(answer.text)
    assert 'value="Lê Thị Mai"' in answer.text
    to = {"name": "Lê Thị Mai", "phone": "0987 654 321", "seen": seen}
    assert post(client, f"{address}/hand-over", to).status_code == 303
    shown = client.get(address).text
    assert "/me/" + secret_of(someone(session, 2), app.config["KEYS"]) not in shown
    assert re.search(r"/claim/[a-z2-7]{26}2\b", shown)


def claim_of(client: FlaskClient, change_page: OwnPage) -> tuple[str, str]:
    """Somebody hands their place to a phone number: the former's page, and the path to send on."""
    address = change_page(sessions=["it-1"])
    seen = hidden(client.get(f"{address}/hand-over").text, "seen")
    to = {"name": "Lê Thị Mai", "phone": "0987 654 321", "seen": seen}
    assert post(client, f"{address}/hand-over", to).status_code == 303
    found = re.search(r"/claim/[a-z2-7]{26}2\b", client.get(address).text)
    assert found
    return address, found[0]


def test_the_place_opens_once_and_then_for_the_successor_alone(
    app: Flask, client: FlaskClient, session: Session, clock: Clock, change_page: OwnPage
) -> None:
    former, claim = claim_of(client, change_page)
    unclaimed = "/me/" + secret_of(someone(session, 2), app.config["KEYS"])
    mai = app.test_client()
    assert "Nguyễn Thị Hương đã chuyển suất tham dự" in words(mai.get(claim).text)
    assert someone(session, 2).informed_at is None
    answer = post(mai, claim, {"agreed": "take_part.1"})
    page = mai.get(answer.location)
    assert (answer.status_code, page.status_code) == (303, 200)
    assert "Lê Thị Mai" in words(page.text)
    assert 'class="qr-card"' in mai.get(answer.location.partition("/change/")[0]).text
    given = session.scalars(select(Consent).where(Consent.attendee_id == 2)).one()
    assert (given.given_by, given.given_at, given.language) == ("attendee", clock(), "vi")
    assert client.get(unclaimed).status_code == 404
    again = client.get(claim)
    assert (again.status_code, "Liên kết này đã được sử dụng" in again.text) == (410, True)
    told = words(client.get(former).text)
    assert ("/claim/" in told, "Người đó đã nhận suất" in told) == (False, True)


def test_the_page_of_the_one_before_opens_no_badge_of_the_successor(
    client: FlaskClient, change_page: OwnPage
) -> None:
    former, _claim = claim_of(client, change_page)
    assert set(re.findall(r"/me/([a-z2-7]{26}[0-9]+)", client.get(former).text)) <= {
        former.split("/")[2]
    }


def test_a_made_up_claim_opens_nothing(client: FlaskClient, change_page: OwnPage) -> None:
    _, claim = claim_of(client, change_page)
    assert client.get(f"{claim[:-1]}1").status_code == 404
    assert client.get(f"/claim/{'a' * 26}2").status_code == 404


def test_without_the_words_of_the_notice_nothing_is_taken_up(
    client: FlaskClient, session: Session, change_page: OwnPage
) -> None:
    _, claim = claim_of(client, change_page)
    answer = post(client, f"/en{claim}", {"agreed": "take_part.7"})
    assert answer.status_code == 400
    assert "The words below have changed meanwhile." in answer.text
    assert someone(session, 2).informed_at is None


def test_of_two_who_take_it_up_the_first_has_it(store: Session) -> None:
    heir = hand_over(store, put_down(store), MAI, at=OPENING, by="attendee").attendee
    take_up(store, heir, AGREED, at=OPENING)
    with pytest.raises(TakenUp):
        take_up(store, heir, AGREED, at=OPENING)
    assert (heir.link_revision, len(store.scalars(select(Consent)).all())) == (1, 1)
    deeds = history("attendee", heir.id).order_by(None).order_by(Change.id)
    assert [row.verb for row in store.scalars(deeds)] == [
        "registered", "taken_over", "informed", "link_replaced",
    ]  # fmt: skip


def test_the_pupils_come_with_whoever_takes_the_place(store: Session) -> None:
    teacher = put_down(store, companions=40)
    heir = hand_over(store, teacher, MAI, at=OPENING, by="attendee").attendee
    assert (heir.companions, heir.takes) == (40, 41)


def test_who_has_come_in_hands_nothing_over(store: Session) -> None:
    person = put_down(store, sessions=("energy-1",))
    assert enter(store, person) == "in"
    with pytest.raises(CameAlready):
        hand_over(store, person, MAI, at=OPENING, by="attendee")
    assert (person.cancelled_at, held(store, person.id)) == (None, "energy-1")
    assert store.scalars(select(Attendee.id)).all() == [person.id]


def test_the_page_says_so_and_where_to_ask(
    client: FlaskClient, session: Session, change_page: OwnPage
) -> None:
    address = change_page()
    proof = hidden(client.get(f"{address}/hand-over").text, "csrf_token")
    enter(session, someone(session))
    page = words(client.get(address).text)
    assert "Người đến thay xin đăng ký tại bàn hỗ trợ." in page
    assert client.get(f"{address}/hand-over").status_code == 409
    to = {"name": "Lê Thị Mai", "phone": "0987 654 321", "csrf_token": proof}
    assert client.post(f"{address}/hand-over", data=to).status_code == 409
    assert someone(session).cancelled_at is None


@pytest.mark.parametrize(
    ("changed", "waits"),
    [
        ({"position": "Thứ trưởng"}, True),
        ({"organisation": "Văn phòng Chính phủ"}, True),
        ({"name": "Kẻ Khác"}, True),
        ({"name": "Nguyễn Thi Hường", "organisation": "SỞ KH&CN"}, False),
        ({"degree": "TS.", "sessions": ("it-2",), "email": "moi@vidu.vn"}, False),
    ],
)
def test_a_yes_is_to_the_name_and_office_that_were_looked_at(
    changed: dict[str, object], waits: bool, store: Session
) -> None:
    looked_at(store)
    person = put_down(store, sessions=("it-1",))
    approve(store, person, at=OPENING, by="lan@vidu.vn")
    stated = {"name": person.name, "email": person.email, "organisation": person.organisation}
    stated |= {"sessions": ("it-1",)} | changed
    correct_oneself(store, person, Registration(**stated), at=OPENING, seen=None)  # type: ignore[arg-type]
    assert (person.waits, list(store.scalars(who_wait()))) == (waits, [person] if waits else [])
    assert held(store, person.id) == ("it-2" if "sessions" in changed else "it-1")
    event = the_event(store)
    assert event
    assert roster(store, event, since=0, at=OPENING).exceptions[person.id].cancelled is waits


def test_whoever_needs_no_yes_changes_name_and_office_freely(store: Session) -> None:
    person = put_down(store)
    correct_oneself(store, person, Registration("Kẻ Khác"), at=OPENING, seen=None)
    assert person.has_badge


def test_the_page_warns_before_a_new_name_is_looked_at_again(
    client: FlaskClient, session: Session, change_page: OwnPage
) -> None:
    looked_at(session)
    address = change_page(category="visitor")
    warned = "Nếu Quý khách sửa một trong các mục này, Ban tổ chức sẽ xem lại"
    assert warned not in words(client.get(f"{address}/details").text)
    approve(session, someone(session), at=OPENING, by="lan@vidu.vn")
    page = client.get(f"{address}/details").text
    assert warned in words(page)
    typed = GOOD | {"seen": hidden(page, "seen"), "position": "Thứ trưởng"}
    assert post(client, f"{address}/details", typed).status_code == 303
    assert "Đang chờ Ban tổ chức duyệt" in words(client.get(address.split("/change/")[0]).text)


def test_a_place_that_waits_for_another_yes_is_the_next_ones_in_line(store: Session) -> None:
    looked_at(store)
    event = the_event(store)
    assert event
    event.places = 1
    store.commit()
    person = put_down(store)
    approve(store, person, at=OPENING, by="lan@vidu.vn")
    behind = put_down(store, name="Trần Văn Ánh", category="delegate")
    assert behind.line is not None
    stated = Registration("Kẻ Khác", email=person.email)
    correct_oneself(store, person, stated, at=OPENING, seen=None)
    assert (person.waits, behind.has_badge, behind.line) == (True, True, None)


def test_each_side_reads_that_the_place_was_handed_over(
    app: Flask, client: FlaskClient, session: Session, change_page: OwnPage
) -> None:
    address = change_page()
    seen = hidden(client.get(f"{address}/hand-over").text, "seen")
    to = {"name": "Lê Thị Mai", "email": "mai@vidu.vn", "seen": seen}
    assert post(client, f"{address}/hand-over", to).status_code == 303
    gave = words(client.get(address.partition("/change/")[0]).text)
    assert "Suất tham dự này đã được chuyển cho người khác" in gave
    assert ("Đăng ký này đã được hủy" in gave, "Mai" in gave) == (False, False)
    mai = someone(session, 2)
    page = "/me/" + secret_of(mai, app.config["KEYS"])
    own = f"{page}/change/{key_of(mai, app.config['KEYS'])}"
    for shown in (page, own):
        said = words(client.get(shown).text)
        assert "Có người đã chuyển suất tham dự cho Quý khách" in said
        assert "trong một danh sách" not in said
    held = words(client.get(f"{own}/data").text)
    assert "Đổi Nhận suất do người khác chuyển Thời gian 07:30 29/09/2023 Người nhập người" in held
    assert ("taken_over" in held, "handed_over" in held) == (False, False)
