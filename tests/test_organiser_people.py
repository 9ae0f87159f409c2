"""The organiser's people: found, corrected, cancelled, put down; nobody's work is lost."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from event.amendments import cancel
from event.attendees import Attendee, Registration, register
from event.consents import Consent
from event.delegations import Delegation, DelegationFacts, announce, found, join
from event.journal import Change, history
from event.links import secret_of
from event.programme import Slot
from event.rehearsal import invent
from pages import current
from pages.database import db
from tests.house import OPENING, Clock, post

AN = {
    "name": "Lê An",
    "email": "an@vidu.vn",
    "phone": "0913 456 701",
    "organisation": "Sở Khoa học và Công nghệ",
    "province": "75",
    "category": "visitor",
}


@pytest.fixture
def organiser(as_staff: Callable[[str], FlaskClient]) -> FlaskClient:
    return as_staff("organiser")


@pytest.fixture
def an(session: Session) -> Attendee:
    stated = Registration(
        **{**AN, "phone": "+84913456701"}, sessions=("it-1",), agreed=("take_part",)
    )  # type: ignore[arg-type]
    return register(session, stated, at=OPENING).attendee


def seen(page: str) -> str:
    """The version of the person that a form was made from."""
    return re.findall(r'name="seen"[^>]*value="(\d+)"', page)[0]


def press(browser: FlaskClient, address: str, **fields: object) -> TestResponse:
    """Open the page and send its form, with the version it holds."""
    return post(browser, address, {"seen": seen(browser.get(address).text), **fields})


def names(page: str) -> list[str]:
    return re.findall(
        r'class="who"><a href="/organiser/people/\d+(?:\?back=[^"]*)?">([^<]+)<', page
    )


@contextmanager
def counted() -> Iterator[list[str]]:
    """The statements that read, while it is open."""
    read: list[str] = []

    def listen(*call: object) -> None:
        if str(call[2]).startswith("SELECT"):
            read.append(str(call[2]))

    event.listen(db.engine, "before_cursor_execute", listen)
    yield read
    event.remove(db.engine, "before_cursor_execute", listen)


def put_down(session: Session, count: int) -> None:
    party = announce(session, "Đoàn Hà Nội", at=OPENING, by="x")
    session.commit()
    for number in range(count):
        one = register(session, Registration(name=f"Trần Em {number}"), at=OPENING).attendee
        join(session, one, party, at=OPENING, by="x")


def test_the_table_shows_people_by_given_name_with_their_delegation(
    organiser: FlaskClient, session: Session, an: Attendee
) -> None:
    party = found(session, DelegationFacts("Đoàn Đồng Nai", 25), at=OPENING, by="x")
    register(session, Registration(name="Đỗ Ân"), at=OPENING)
    join(session, register(session, Registration(name="Vũ Anh"), at=OPENING).attendee, party,
         at=OPENING, by="x")  # fmt: skip
    page = organiser.get("/organiser/people").text
    assert names(page) == ["Lê An", "Vũ Anh", "Đỗ Ân"]
    assert "3 người" in page
    assert 'Đoàn Đồng Nai</a> <span class="tag">0/25</span>' in page


def test_a_search_answers_htmx_with_the_rows_and_the_address_to_pass_on(
    organiser: FlaskClient, an: Attendee
) -> None:
    asked = "/organiser/people?q=le+an&category=&arrived=no&order=newest"
    answer = organiser.get(asked, headers={"HX-Request": "true"})
    assert answer.text.startswith('<section id="found"')
    assert names(answer.text) == ["Lê An"]
    assert answer.headers["HX-Replace-Url"] == ("/organiser/people?q=le+an&arrived=no&order=newest")


def test_the_filters_of_an_address_stand_in_the_form_and_go_on_to_the_lists(
    organiser: FlaskClient, an: Attendee
) -> None:
    page = organiser.get("/organiser/people?q=an&category=visitor&session=it-1").text
    assert '<option value="visitor" selected>' in page
    assert '<option value="it-1" selected>' in page
    assert 'href="/organiser/lists?q=an&amp;category=visitor&amp;session=it-1"' in page


def test_the_links_to_further_pages_keep_the_filters(
    organiser: FlaskClient, session: Session
) -> None:
    put_down(session, 51)
    page = organiser.get("/organiser/people?q=tran").text
    assert len(names(page)) == 50
    further = re.findall(r'rel="next" href="([^"]+)"', page)[0].replace("&amp;", "&")
    second = organiser.get(further).text
    assert further.startswith("/organiser/people?q=tran&after=")
    assert len(names(second)) == 1
    earlier = re.findall(r'rel="prev" href="([^"]+)"', second)[0].replace("&amp;", "&")
    assert names(organiser.get(earlier).text) == names(page)


@pytest.mark.parametrize("query", ["after=x", "before=AAAA", "order=colour"])
def test_a_made_up_page_is_refused(organiser: FlaskClient, query: str) -> None:
    assert organiser.get(f"/organiser/people?{query}").status_code == 400


def test_nobody_and_nobody_found_are_told_apart(organiser: FlaskClient) -> None:
    assert "Chưa có ai đăng ký." in organiser.get("/organiser/people").text
    assert "Không tìm thấy ai." in organiser.get("/organiser/people?q=an").text


def test_a_table_of_three_costs_as_many_queries_as_a_table_of_one(
    organiser: FlaskClient, session: Session
) -> None:
    put_down(session, 1)
    organiser.get("/organiser/people")
    with counted() as one:
        organiser.get("/organiser/people")
    put_down(session, 2)
    with counted() as three:
        organiser.get("/organiser/people")
    assert len(three) == len(one)


@pytest.mark.parametrize("number", [1, 2**31, 2**70])
@pytest.mark.parametrize("page", ["", "/edit", "/cancel", "/delegation"])
def test_nobody_has_this_number(organiser: FlaskClient, page: str, number: int) -> None:
    assert organiser.get(f"/organiser/people/{number}{page}").status_code == 404


def test_one_page_tells_all_that_is_kept_of_a_person(organiser: FlaskClient, an: Attendee) -> None:
    page = organiser.get(f"/organiser/people/{an.id}").text
    told = ("Lê An", "0913 456 701", "Đồng Nai", "Phiên it-1", "Tham dự sự kiện này")
    for words in (*told, "Thư xác nhận kèm thẻ", secret_of(an, current.keys())):
        assert words in page


def test_a_name_with_html_in_it_stays_text(organiser: FlaskClient, session: Session) -> None:
    one = register(session, Registration(name="<b>An</b>"), at=OPENING).attendee
    assert "<b>An</b>" not in organiser.get(f"/organiser/people/{one.id}").text
    assert "<b>An</b>" not in organiser.get("/organiser/people").text


def test_likely_the_same_person_stands_side_by_side(
    organiser: FlaskClient, session: Session, an: Attendee
) -> None:
    assert "Có thể là cùng một người" not in organiser.get(f"/organiser/people/{an.id}").text
    register(session, Registration(name="LE AN", email="an@vidu.vn"), at=OPENING)
    page = organiser.get(f"/organiser/people/{an.id}").text
    assert "Có thể là cùng một người" in page
    assert '<a href="/organiser/people/2">00002</a>' in page


def test_a_correction_is_kept_and_told_in_words(
    organiser: FlaskClient, session: Session, an: Attendee
) -> None:
    address = f"/organiser/people/{an.id}/edit"
    answer = press(
        organiser, address, **{**AN, "name": "Lê Ân", "province": "22"}, sessions="forum"
    )
    assert answer.status_code == 303
    session.expire_all()
    assert (an.name, an.province) == ("Lê Ân", "22")
    change = session.scalars(history("attendee", an.id)).first()
    assert change
    assert (change.actor, change.details) == (
        "organiser@vidu.vn",
        {"name": ["Lê An", "Lê Ân"], "province": ["75", "22"], "sessions": ["it-1", "forum"]},
    )
    page = organiser.get(f"/organiser/people/{an.id}").text
    assert "<del>Đồng Nai</del> → <ins>Quảng Ninh</ins>" in page
    assert "<del>Phiên it-1</del> → <ins>Phiên forum</ins>" in page


def test_a_wrong_answer_is_told_at_its_field_and_what_was_typed_stays(
    organiser: FlaskClient, session: Session, an: Attendee
) -> None:
    address = f"/organiser/people/{an.id}/edit"
    answer = press(organiser, address, **{**AN, "email": "sai", "organisation": "Viện Mới"})
    assert answer.status_code == 422
    assert 'id="email-error"' in answer.text
    assert 'value="sai"' in answer.text
    assert 'value="Viện Mới"' in answer.text
    session.expire_all()
    assert an.email == "an@vidu.vn"


def test_sessions_obey_the_rules_of_registration(
    organiser: FlaskClient, session: Session, an: Attendee
) -> None:
    address = f"/organiser/people/{an.id}/edit"
    for sessions, why in (
        (["it-1", "energy-1"], "trùng giờ và đều giới hạn chỗ"),
        (["no-such"], "Chương trình vừa thay đổi"),
    ):
        answer = press(organiser, address, **AN, sessions=sessions)
        assert (answer.status_code, why in answer.text) == (422, True)
    register(session, Registration(name="Một", sessions=("energy-1",)), at=OPENING)
    full = press(organiser, address, **AN, sessions=["energy-1"])
    assert full.status_code == 422
    assert "đã hết chỗ" in full.text
    taken = {slot.key: slot.taken for slot in session.scalars(select(Slot))}
    assert (taken["it-1"], taken["energy-1"]) == (1, 1)


def test_a_seat_that_is_held_is_kept_in_a_full_session(
    organiser: FlaskClient, session: Session, an: Attendee
) -> None:
    register(session, Registration(name="Một", sessions=("it-1",)), at=OPENING)
    address = f"/organiser/people/{an.id}/edit"
    assert press(organiser, address, **AN, sessions=["it-1", "it-2"]).status_code == 303


def test_of_two_who_correct_at_once_the_second_sees_both_versions_and_loses_nothing(
    organiser: FlaskClient, session: Session, an: Attendee
) -> None:
    address = f"/organiser/people/{an.id}/edit"
    old = seen(organiser.get(address).text)
    press(organiser, address, **{**AN, "organisation": "Viện A"}, sessions="it-1")
    mine = {**AN, "organisation": "Viện B", "sessions": "it-1"}
    answer = post(organiser, address, {**mine, "seen": old})
    assert answer.status_code == 409
    assert 'value="Viện B"' in answer.text
    assert re.search(r"Viện A</td><td[^>]*>Viện B</td>", answer.text)
    session.expire_all()
    assert an.organisation == "Viện A"
    again = post(organiser, address, {**mine, "seen": seen(answer.text)})
    assert again.status_code == 303
    session.expire_all()
    assert an.organisation == "Viện B"


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999"])
def test_a_form_without_a_true_version_changes_nothing(
    organiser: FlaskClient, session: Session, an: Attendee, version: str
) -> None:
    answer = post(
        organiser, f"/organiser/people/{an.id}/edit", {**AN, "name": "Khác", "seen": version}
    )
    assert answer.status_code == 409
    session.expire_all()
    assert an.name == "Lê An"


def test_an_expired_token_shows_the_form_again_filled(
    organiser: FlaskClient, session: Session, an: Attendee
) -> None:
    answer = organiser.post(f"/organiser/people/{an.id}/edit", data={**AN, "name": "Lê Ân"})
    assert answer.status_code == 400
    assert 'value="Lê Ân"' in answer.text
    assert "Trang này đã mở quá lâu" in answer.text


def test_cancelling_lists_what_follows_first_and_can_be_undone(
    organiser: FlaskClient, session: Session, an: Attendee
) -> None:
    address = f"/organiser/people/{an.id}"
    assert "Các chỗ sau được trả lại ngay: Phiên it-1." in organiser.get(f"{address}/cancel").text
    session.expire_all()
    assert an.cancelled_at is None
    assert press(organiser, f"{address}/cancel").status_code == 303
    session.expire_all()
    assert an.cancelled_at == OPENING
    assert session.scalars(select(Slot.taken).where(Slot.key == "it-1")).one() == 0
    assert organiser.get(f"{address}/edit").location == address
    assert press(organiser, f"{address}/reinstate").status_code == 303
    session.expire_all()
    assert an.cancelled_at is None


def test_a_new_badge_and_a_new_link_take_the_place_of_the_old(
    organiser: FlaskClient, session: Session, an: Attendee
) -> None:
    old = secret_of(an, current.keys())
    for action in ("badge", "link"):
        assert press(organiser, f"/organiser/people/{an.id}/{action}").status_code == 303
    session.expire_all()
    assert (an.revision, an.link_revision) == (1, 1)
    assert organiser.get(f"/me/{old}").status_code == 404
    assert [c.verb for c in session.scalars(history("attendee", an.id))][:2] == [
        "link_replaced",
        "badge_replaced",
    ]


def test_a_press_on_an_outdated_page_does_nothing_and_tells_who_was_quicker(
    organiser: FlaskClient, session: Session, an: Attendee
) -> None:
    address = f"/organiser/people/{an.id}/cancel"
    old = seen(organiser.get(address).text)
    press(organiser, f"/organiser/people/{an.id}/badge")
    answer = post(organiser, address, {"seen": old})
    assert answer.status_code == 409
    told = re.findall(r"<li><strong>([^<]+)</strong>", answer.text)
    assert told == ["Đã đổi thẻ; thẻ cũ không còn được vào"]
    session.expire_all()
    assert an.cancelled_at is None


def test_a_second_press_changes_nothing(
    organiser: FlaskClient, session: Session, an: Attendee
) -> None:
    address = f"/organiser/people/{an.id}/cancel"
    press(organiser, address)
    before = session.query(Change).count()
    assert organiser.get(address).location == f"/organiser/people/{an.id}"
    assert session.query(Change).count() == before


def test_a_person_is_put_into_a_delegation_as_its_head(
    organiser: FlaskClient, session: Session, an: Attendee
) -> None:
    party = found(session, DelegationFacts("Đoàn Đồng Nai", 25), at=OPENING, by="x")
    old = register(session, Registration(name="Trưởng Cũ"), at=OPENING).attendee
    join(session, old, party, at=OPENING, by="x", head=True)
    address = f"/organiser/people/{an.id}/delegation"
    assert press(organiser, address, head="y").status_code == 422
    assert press(organiser, address, delegation="99").status_code == 422
    assert press(organiser, address, delegation=str(party.id), head="y").status_code == 303
    session.expire_all()
    assert (an.party_id, an.heads_party, old.party_id, old.heads_party) == (
        party.id, True, party.id, False,
    )  # fmt: skip
    assert press(organiser, address, delegation="").status_code == 303
    session.expire_all()
    assert (an.party_id, an.heads_party) == (None, False)
    assert session.get(Delegation, party.id)


def test_people_are_put_into_a_delegation_from_its_own_page(
    organiser: FlaskClient, session: Session, an: Attendee
) -> None:
    party = found(session, DelegationFacts("Đoàn Đồng Nai", 25), at=OPENING, by="x")
    address = f"/organiser/delegations/{party.id}/add?q=le+an"
    assert (
        address.removesuffix("?q=le+an") in organiser.get(f"/organiser/delegations/{party.id}").text
    )
    assert names(organiser.get(address).text) == ["Lê An"]
    answer = press(organiser, address, person=str(an.id))
    assert (answer.status_code, answer.location) == (303, address)
    session.expire_all()
    assert (an.party_id, an.heads_party) == (party.id, False)
    page = organiser.get(address).text
    assert "Lê An đã vào đoàn." in page
    assert names(page) == []


def test_somebody_of_another_delegation_is_moved_unless_somebody_else_was_quicker(
    organiser: FlaskClient, session: Session, an: Attendee
) -> None:
    one, other, third = (announce(session, f"Đoàn {n}", at=OPENING, by="x") for n in "123")
    join(session, an, one, at=OPENING, by="x")
    address = f"/organiser/delegations/{other.id}/add?q=an"
    page = organiser.get(address).text
    assert "Đoàn 1" in page
    assert "Chuyển vào đoàn này" in page
    fields = {"seen": seen(page), "person": str(an.id)}
    join(session, an, third, at=OPENING, by="x")
    assert post(organiser, address, fields).status_code == 409
    session.expire_all()
    assert an.party_id == third.id
    assert post(organiser, address, {**fields, "person": "0"}).status_code == 400
    assert press(organiser, address, person=str(an.id)).status_code == 303
    session.expire_all()
    assert an.party_id == other.id


def test_an_invented_person_is_told_in_words(organiser: FlaskClient, session: Session) -> None:
    people = invent(session, 5, seed=1, at=OPENING)
    pages = [organiser.get(f"/organiser/people/{number}").text for number in people]
    assert all("· người giả định để diễn tập" in page for page in pages)
    assert any("Không gửi: đây là người giả định để diễn tập" in page for page in pages)


def test_an_organiser_puts_somebody_down_with_little_and_once(
    organiser: FlaskClient, session: Session, clock: Clock
) -> None:
    page = organiser.get("/organiser/people/new").text
    nonce = re.findall(r'name="nonce"[^>]*value="(\w+)"', page)[0]
    fields = {"name": "Kim Min", "organisation": "KIST", "category": "staff", "nonce": nonce}
    for _ in range(2):
        answer = post(organiser, "/organiser/people/new", fields)
        assert (answer.status_code, answer.location) == (303, "/organiser/people/1")
    one = session.scalars(select(Attendee)).one()
    assert (one.name, one.registered_by, one.informed_at) == ("Kim Min", "organiser@vidu.vn", None)
    assert session.scalars(select(Consent)).all() == []


def test_consent_that_was_told_is_kept_with_who_says_so(
    organiser: FlaskClient, session: Session
) -> None:
    fields = {**AN, "agreed": "take_part.1", "nonce": "a1"}
    assert post(organiser, "/organiser/people/new", fields).status_code == 303
    given = session.scalars(select(Consent)).one()
    assert (given.given_by, given.given_at) == ("organiser@vidu.vn", OPENING)


def test_a_new_person_needs_a_name_an_organisation_and_a_category(
    organiser: FlaskClient, session: Session
) -> None:
    answer = post(organiser, "/organiser/people/new", {"email": "an@vidu.vn"})
    assert answer.status_code == 422
    assert re.findall(r'id="(\w+)-error"', answer.text) == ["name", "organisation", "category"]
    assert session.scalars(select(Attendee)).all() == []


def test_a_search_says_how_many_more_match_who_are_not_in_force(
    organiser: FlaskClient, session: Session, an: Attendee
) -> None:
    gone = register(session, Registration(name="Lê An Đi"), at=OPENING).attendee
    cancel(session, gone, at=OPENING, by="attendee")
    shown = organiser.get("/organiser/people?q=an").text
    assert "Chưa tính 1 người" in shown
    assert '<a href="/organiser/people?q=an&amp;state=all">' in shown
    assert "Chưa tính 1 người" in organiser.get("/organiser/people?q=an+di").text
    everybody = organiser.get("/organiser/people?q=an&state=all").text
    assert "Chưa tính" not in everybody
    assert "Lê An Đi" in everybody
    assert "Chưa tính" not in organiser.get("/organiser/people?q=ai+do").text
