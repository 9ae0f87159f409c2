"""The second consent: organisers find who gave it, lists say it, and withdrawing ends it."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.attendees import Attendee, Registration, register
from event.circulars import reach
from event.consents import Consent, Notice, publish, withdraw
from event.journal import history
from event.people import filtered
from event.words import Words
from exports.lists import Wish, export
from tests.house import OPENING, Clock
from tests.registrants import hidden

BOTH = ("take_part", "exhibitors")
AGREED = {"agreed": "exhibitors"}


def put_down(session: Session, *names: str, agreed: tuple[str, ...] = BOTH) -> list[Attendee]:
    publish(session, "exhibitors", Words("Đơn vị trưng bày liên hệ tôi", "May contact me"))
    session.commit()
    return [
        register(session, Registration(name, email="a@vidu.vn", agreed=agreed), at=OPENING).attendee
        for name in names
    ]


def test_organisers_find_those_who_agreed_and_did_not_withdraw(store: Session) -> None:
    an, binh = put_down(store, "Lê An", "Trần Bình")
    put_down(store, "Đỗ Châu", agreed=("take_part",))
    # Other words: whoever agreed to the former ones still does.
    publish(store, "exhibitors", Words("Lời khác", "Other words"))
    store.commit()
    assert [p.name for p in store.scalars(filtered(AGREED))] == ["Lê An", "Trần Bình"]
    assert reach(store, AGREED).people == 2
    withdraw(store, binh.id, "exhibitors", at=OPENING, by="attendee")
    assert [p.name for p in store.scalars(filtered(AGREED))] == [an.name]


def test_a_list_says_who_agreed(store: Session) -> None:
    put_down(store, "Lê An")
    put_down(store, "Đỗ Châu", agreed=("take_part",))
    out = BytesIO()
    wish = Wish("attendees", "csv", columns=("name", "exhibitors"), language="en")
    export(store, wish, out, at=OPENING)
    assert out.getvalue().decode("utf-8-sig").splitlines() == [
        "STT,Full name,Exhibitors may contact", "1,Lê An,Yes", "2,Đỗ Châu,"
    ]  # fmt: skip


@pytest.mark.parametrize("role", ["supervisor", "organiser"])
def test_a_withdrawal_by_phone_is_noted_by_one_press(
    role: str, as_staff: Callable[[str], FlaskClient], session: Session, clock: Clock
) -> None:
    (an,) = put_down(session, "Lê An")
    staff, page = as_staff(role), f"/organiser/people/{an.id}"
    token = hidden(staff.get(page).text, "csrf_token")
    clock.forward(minutes=5)
    kept = staff.post(f"{page}/withdraw/take_part", data={"csrf_token": token})
    answer = staff.post(f"{page}/withdraw/exhibitors", data={"csrf_token": token})
    assert (kept.status_code, answer.status_code, answer.location) == (409, 303, page)
    ended = session.execute(select(Notice.purpose, Consent.withdrawn_at).join(Consent)).all()
    assert sorted(map(tuple, ended)) == [("exhibitors", clock()), ("take_part", None)]
    told = session.scalars(history("attendee", an.id)).first()
    assert told is not None
    assert (told.verb, told.actor, told.details) == (
        "withdrawn", f"{role}@vidu.vn", {"purpose": "exhibitors"}
    )  # fmt: skip
    assert "Khách rút lại sự đồng ý này" not in staff.get(page).text


def test_the_table_of_people_is_narrowed_to_them(
    as_staff: Callable[[str], FlaskClient], session: Session
) -> None:
    put_down(session, "Lê An")
    put_down(session, "Đỗ Châu", agreed=("take_part",))
    shown = as_staff("supervisor").get("/organiser/people?agreed=exhibitors").text
    assert ("Lê An" in shown, "Đỗ Châu" in shown) == (True, False)
    assert '<option value="exhibitors" selected>để đơn vị trưng bày liên hệ</option>' in shown
