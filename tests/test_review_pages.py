"""The queue on the organiser's pages: two entries side by side, one press, and what follows."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.judging import waiting
from event.review import Review
from event.scans import Presence, Scan
from event.strays import Stray, keep_strays
from tests.doors import put_down
from tests.house import OPENING, Clock, post
from tests.registrants import queries, words
from tests.test_review import LATER, A, B, entry, upload

SHOWN = "/organiser/review"


@pytest.fixture
def lan(as_staff: Callable[[str], FlaskClient], clock: Clock) -> FlaskClient:
    clock.time = LATER
    return as_staff("supervisor")


def a_pair(session: Session, name: str = "Nguyễn Thị Hương") -> int:
    """Somebody at both gates, forty seconds apart."""
    before = {review.id for review in session.scalars(waiting())}
    huong = put_down(session, name).id
    late = {"device_at": OPENING - timedelta(minutes=20), "objection": "replaced"}
    upload(session, entry(session, huong, *A), entry(session, huong, *B, seconds=40, **late))
    (number,) = {review.id for review in session.scalars(waiting())} - before
    return number


def test_both_entries_stand_side_by_side(lan: FlaskClient, session: Session) -> None:
    a_pair(session)
    page = words(lan.get(SHOWN).text)
    whose = "Nguyễn Thị Hương Sở KH&CN · Khách tham quan"
    why = "Một thẻ qua hai cổng trong vòng một phút · cách nhau 40 giây"
    first = "A 07:30:00 29/09/2023 đã cho vào quyết định khi mất mạng Thiết bị d1"
    second = "B 07:30:40 29/09/2023 đã cho vào quyết định khi mất mạng"
    against = "Thẻ này đã được thay bằng thẻ mới. Thiết bị d2"
    received = "Gửi về lúc 09:30:00"
    assert page[page.index("Nguyễn Thị Hương") : page.index("Dùng chung thẻ")].split(" Cổng ") == [
        f"{whose} {why}",
        f"{first} {received}",
        f"{second} {against} {received} Đồng hồ của máy 07:10:00 ",
    ]


def test_the_navigation_says_how_many_wait(lan: FlaskClient, session: Session) -> None:
    assert "Cần xem lại </a>" not in lan.get("/organiser/people").text
    for name in ("Một", "Hai", "Ba"):
        a_pair(session, name)
    assert "Cần xem lại&nbsp; 3" in words(lan.get("/organiser/people").text)


@pytest.mark.parametrize(
    ("outcome", "said"),
    [("shared", "Dùng chung thẻ"), ("fine", "Không sao")],
)
def test_one_press_settles_and_another_opens_again(
    lan: FlaskClient, session: Session, outcome: str, said: str
) -> None:
    number = a_pair(session)
    answer = lan.post(f"{SHOWN}/{number}", data={"outcome": outcome, "csrf_token": token(lan)})
    assert (answer.status_code, answer.location) == (303, SHOWN)
    assert f"Đã xong: {said}." in words(lan.get(SHOWN).text)
    settled = words(lan.get(f"{SHOWN}?show=settled").text)
    assert f"{said} supervisor@vidu.vn, 09:30 29/09/2023" in settled
    lan.post(f"{SHOWN}/{number}/open", data={"csrf_token": token(lan)})
    assert [review.id for review in session.scalars(waiting())] == [number]


def token(browser: FlaskClient) -> str:
    return browser.get("/staff/password").text.split('name="csrf_token"')[1].split('"')[1]


def test_htmx_gets_the_case_in_its_own_place(lan: FlaskClient, session: Session) -> None:
    number = a_pair(session)
    fields = {"outcome": "mistake", "csrf_token": token(lan)}
    answer = lan.post(f"{SHOWN}/{number}", data=fields, headers={"HX-Request": "true"})
    assert answer.text.lstrip().startswith(
        f'<article class="card case settled" id="review-{number}"'
    )
    assert "<html" not in answer.text
    said = words(answer.text)
    assert "Thu hồi lượt Cổng A, 07:30:00" in said
    assert "Thu hồi lượt Cổng B, 07:30:40" in said


def test_a_mistake_takes_one_of_the_two_back(lan: FlaskClient, session: Session) -> None:
    number = a_pair(session)
    address = f"{SHOWN}/{number}"
    answer = post(lan, address, {"outcome": "mistake"})
    assert answer.location == address
    second = session.get_one(Review, number).second_id
    assert post(lan, f"{address}", {}).status_code == 400
    answer = lan.post(f"{address}/take-back", data={"scan": second, "csrf_token": token(lan)})
    assert answer.location == address
    page = words(lan.get(address).text)
    assert "đã thu hồi lượt Cổng B" in page
    assert "Thu hồi lượt" not in page
    session.expire_all()
    undone = session.scalars(select(Scan).where(Scan.undoes_id == second)).one()
    assert (undone.reason, undone.device != "d2") == ("by_mistake", True)
    assert [p.checkpoint_id for p in session.scalars(select(Presence))] == [
        session.get_one(Scan, session.get_one(Review, number).first_id).checkpoint_id
    ]


def test_only_entries_of_the_pair_are_taken_back(lan: FlaskClient, session: Session) -> None:
    number = a_pair(session)
    other = entry(session, put_down(session, "Trần Văn Bình").id, *A)
    upload(session, other)
    for scan in (other.id, "", "1x", 10**12):
        fields = {"scan": scan, "csrf_token": token(lan)}
        assert lan.post(f"{SHOWN}/{number}/take-back", data=fields).status_code == 400
    assert session.scalars(select(Scan).where(Scan.verdict == "undone")).all() == []


def test_an_old_page_is_shown_again_and_settles_nothing(lan: FlaskClient, session: Session) -> None:
    number = a_pair(session)
    answer = lan.post(f"{SHOWN}/{number}", data={"outcome": "fine", "csrf_token": "old"})
    assert answer.status_code == 400
    assert "Trang này đã mở quá lâu. Vui lòng bấm lại." in words(answer.text)
    assert [review.id for review in session.scalars(waiting())] == [number]


@pytest.mark.parametrize("address", ["999", "999/open", "999/take-back", "strays/999"])
def test_what_is_not_there_is_not_found(lan: FlaskClient, address: str) -> None:
    fields = {"outcome": "fine", "csrf_token": token(lan)}
    assert lan.post(f"{SHOWN}/{address}", data=fields).status_code == 404


def test_nothing_waits_at_first(lan: FlaskClient) -> None:
    assert "Không có mục nào chờ." in words(lan.get(SHOWN).text)
    assert "Chưa có mục nào được xử lý." in words(lan.get(f"{SHOWN}?show=settled").text)


def test_a_report_that_was_not_understood_is_shown_until_it_was_seen(
    lan: FlaskClient, session: Session
) -> None:
    keep_strays(session, "d1", {"n1": ({"nonce": "n1", "code": "<b>"}, "method")}, at=LATER)
    session.commit()
    number = session.scalars(select(Stray.id)).one()
    page = lan.get(SHOWN).text
    assert "&#34;code&#34;: &#34;&lt;b&gt;&#34;" in page
    assert "Không hiểu được 1" in words(page)
    answer = lan.post(f"{SHOWN}/strays/{number}", data={"csrf_token": token(lan)})
    assert answer.location == f"{SHOWN}#strays"
    page = words(lan.get(SHOWN).text)
    assert ("Không hiểu được 1" in page, "đã xem" in page) == (False, True)


def test_thirty_pairs_cost_as_many_questions_as_one(lan: FlaskClient, session: Session) -> None:
    asked = []
    for some in (1, 29):
        for n in range(some):
            a_pair(session, f"Khách {some} {n}")
        with queries() as sent:
            page = lan.get(SHOWN).text
        asked.append(len(sent))
    assert asked[0] == asked[1]
    assert page.count("<article") == 20
    following = page.split('rel="next" href="')[1].split('"')[0]
    assert lan.get(following).text.count("<article") == 10
