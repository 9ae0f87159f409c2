"""One person's page: its history names what was lost, its links lead back, clashes name names."""

import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from event.attendees import Attendee, Registration, register
from event.guardians import keep_guardian
from event.handing_over import Successor, hand_over
from event.journal import history
from event.stated import Guardian
from tests.house import OPENING, post
from tests.registrants import words
from tests.test_organiser_people import AN, names, press


@pytest.fixture
def organiser(as_staff: Callable[[str], FlaskClient]) -> FlaskClient:
    return as_staff("organiser")


def put_down(session: Session, name: str, *sessions: str) -> Attendee:
    return register(session, Registration(name=name, sessions=sessions), at=OPENING).attendee


def links(page: str, words: str) -> list[str]:
    """The addresses of links with these words, in the order of the page."""
    found = re.findall(rf'<a[^>]* href="([^"]+)"[^>]*>{words}<', page)
    return [address.replace("&amp;", "&") for address in found]


def test_the_history_of_a_cancelled_registration_names_the_seats_given_back(
    organiser: FlaskClient, session: Session
) -> None:
    an = put_down(session, "Lê An", "it-1", "it-2")
    assert press(organiser, f"/organiser/people/{an.id}/cancel").status_code == 303
    change = session.scalars(history("attendee", an.id)).first()
    assert change
    assert (change.verb, change.details) == ("cancelled", {"sessions": ["it-1 it-2", ""]})
    page = organiser.get(f"/organiser/people/{an.id}").text
    assert "<del>Phiên it-1 · Phiên it-2</del> → <ins>–</ins>" in page


def test_cancelling_somebody_without_a_seat_tells_of_none(
    organiser: FlaskClient, session: Session
) -> None:
    an = put_down(session, "Lê An")
    press(organiser, f"/organiser/people/{an.id}/cancel")
    change = session.scalars(history("attendee", an.id)).first()
    assert change
    assert (change.verb, change.details) == ("cancelled", {})


def test_two_limited_sessions_at_once_are_both_named_at_the_field(
    organiser: FlaskClient, session: Session
) -> None:
    an = put_down(session, "Lê An")
    address = f"/organiser/people/{an.id}/edit"
    answer = press(organiser, address, **AN, sessions=["it-1", "energy-1", "it-2"])
    said = "“Phiên it-1” và “Phiên energy-1” trùng giờ và đều giới hạn chỗ: chỉ giữ một phiên."
    assert answer.status_code == 422
    assert re.findall(r'id="sessions-error">([^<]+)<', answer.text) == [said]
    wrong = re.findall(r'name="sessions" value="([\w-]+)" checked aria-invalid', answer.text)
    assert sorted(wrong) == ["energy-1", "it-1"]


def test_a_person_leads_back_to_the_list_from_which_they_were_opened(
    organiser: FlaskClient, session: Session
) -> None:
    put_down(session, "Lê An")
    put_down(session, "Trần Bình")
    asked = "/organiser/people?q=le+an&arrived=no&order=newest"
    (person,) = links(organiser.get(asked).text, "Lê An")
    assert links(organiser.get(person).text, "← Người tham dự") == [asked]


def test_the_way_back_survives_a_correction(organiser: FlaskClient, session: Session) -> None:
    an = put_down(session, "Lê An")
    person = f"/organiser/people/{an.id}?back=q%3Dle%2Ban"
    (edit,) = links(organiser.get(person).text, "Sửa")
    answer = press(organiser, edit, **AN)
    assert (answer.status_code, answer.location) == (303, person)
    assert links(organiser.get(person).text, "← Người tham dự") == ["/organiser/people?q=le+an"]


def test_the_second_page_of_a_table_is_led_back_to(
    organiser: FlaskClient, session: Session
) -> None:
    for number in range(51):
        put_down(session, f"Trần Em {number}")
    (further,) = links(organiser.get("/organiser/people").text, "Tiếp →")
    page = organiser.get(further).text
    (person,) = links(page, names(page)[0])
    assert links(organiser.get(person).text, "← Người tham dự") == [further]


@pytest.mark.parametrize(
    ("back", "led"),
    [
        ("", "/organiser/people"),
        ("//evil.example", "/organiser/people"),
        ('"><script>', "/organiser/people"),
        ("q=%22%3E%3Cb%3E", "/organiser/people?q=%22%3E%3Cb%3E"),
    ],
)
def test_a_made_up_way_back_leads_nowhere_else(
    organiser: FlaskClient, session: Session, back: str, led: str
) -> None:
    an = put_down(session, "Lê An")
    page = organiser.get(f"/organiser/people/{an.id}", query_string={"back": back}).text
    assert links(page, "← Người tham dự") == [led]


def test_a_form_about_a_person_is_still_guarded(organiser: FlaskClient, session: Session) -> None:
    an = put_down(session, "Lê An")
    answer = organiser.post(f"/organiser/people/{an.id}/cancel?back=q%3Dan", data={})
    assert answer.status_code == 400
    assert post(organiser, f"/organiser/people/{an.id}/cancel", {"seen": "0"}).status_code == 409


def test_the_page_of_somebody_who_handed_the_place_on_says_to_whom(
    organiser: FlaskClient, session: Session
) -> None:
    an = put_down(session, "Lê An", "it-1")
    mai = hand_over(session, an, Successor("Lê Thị Mai"), at=OPENING, by="attendee")
    shown = organiser.get(f"/organiser/people/{an.id}")
    assert shown.status_code == 200
    assert f"Đã nhường suất cho người có mã thẻ {mai.attendee.code}" in shown.text
    assert "<del>Phiên it-1</del> → <ins>–</ins>" in shown.text


def test_who_consented_for_a_child_stands_on_its_page_and_where_it_is_corrected(
    organiser: FlaskClient, session: Session
) -> None:
    an = put_down(session, "Lê An")
    for address in (f"/organiser/people/{an.id}", f"/organiser/people/{an.id}/edit"):
        assert "Dưới 16 tuổi" not in organiser.get(address).text
    keep_guardian(session, an.id, Guardian("Trần Thị Mẹ", "+84913456789"), at=OPENING)
    session.commit()
    shown = words(organiser.get(f"/organiser/people/{an.id}").text)
    said = "Dưới 16 tuổi: cha mẹ hoặc người giám hộ đồng ý Trần Thị Mẹ · 0913 456 789"
    assert said in shown
    form = words(organiser.get(f"/organiser/people/{an.id}/edit").text)
    assert "Cha mẹ hoặc người giám hộ đã đồng ý: Trần Thị Mẹ, 0913 456 789." in form
