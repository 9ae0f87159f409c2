"""Putting one's name down: seats, clashes, repeats, corrections, and how people are found again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from event.amendments import cancel, change, reinstate, replace_badge
from event.attendees import (
    Attendee,
    Registration,
    UnknownCategory,
    everyone,
    in_session,
    matching,
    register,
    twins,
)
from event.bookings import Booking, SeatsClash, SeatsGone, UnknownSessions, clashes
from event.consents import Consent
from event.journal import Change, history
from event.mail import Mail
from event.programme import Slot
from tests.house import OPENING

HUONG = Registration(
    name="Nguyễn Thị Minh Hương",
    email="huong.ntm@vidu.vn",
    phone="+84913456701",
    organisation="Sở Khoa học và Công nghệ",
    province="75",
    sessions=("it-1", "forum"),
    agreed=("take_part",),
)


def seats(store: Session) -> dict[str, int]:
    store.expire_all()
    return {slot.key: slot.taken for slot in store.scalars(select(Slot).where(Slot.taken > 0))}


def count(store: Session, table: type) -> int:
    return store.scalar(select(func.count()).select_from(table)) or 0


def test_a_registration_takes_its_seats_and_queues_one_mail(store: Session) -> None:
    outcome = register(store, HUONG, at=OPENING, nonce="form-1")
    assert outcome.first_time
    assert seats(store) == {"it-1": 1, "forum": 1}
    assert [m.kind for m in store.scalars(select(Mail))] == ["registered"]
    consent = store.scalars(select(Consent)).one()
    assert (consent.attendee_id, consent.given_by, consent.given_at) == (1, "attendee", OPENING)
    assert [c.verb for c in store.scalars(history("attendee", 1))] == ["registered"]


def test_the_same_form_twice_registers_once(store: Session) -> None:
    first = register(store, HUONG, at=OPENING, nonce="form-1")
    again = register(store, HUONG, at=OPENING, nonce="form-1")
    assert (again.first_time, again.attendee.id) == (False, first.attendee.id)
    assert (count(store, Attendee), seats(store)) == (1, {"it-1": 1, "forum": 1})


def test_the_same_form_pressed_by_ten_at_once_registers_once(
    store: Session, database_url: str
) -> None:
    def press(_: int) -> tuple[int, bool]:
        with Session(store.get_bind(), expire_on_commit=False) as session:
            outcome = register(session, HUONG, at=OPENING, nonce="form-1")
            return outcome.attendee.id, outcome.first_time

    with ThreadPoolExecutor(10) as pool:
        answers = list(pool.map(press, range(10)))
    assert len({id_ for id_, _ in answers}) == 1
    assert sorted(first for _, first in answers) == [False] * 9 + [True]
    assert count(store, Attendee) == 1


def test_the_last_seat_goes_to_exactly_one_of_ten_who_press_at_once(store: Session) -> None:
    def press(number: int) -> bool:
        with Session(store.get_bind(), expire_on_commit=False) as session:
            try:
                stated = Registration(name=f"Người {number}", sessions=("energy-1",))
                register(session, stated, at=OPENING)
            except SeatsGone:
                return False
            return True

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(press, range(10))) == 1
    assert (seats(store), count(store, Attendee), count(store, Booking)) == ({"energy-1": 1}, 1, 1)


def test_a_full_session_is_named_and_nothing_is_half_written(store: Session) -> None:
    register(store, Registration(name="Đỗ Ngọc Ưng", sessions=("energy-1",)), at=OPENING)
    with pytest.raises(SeatsGone) as refused:
        register(store, Registration(name="Lý A Sử", sessions=("forum", "energy-1")), at=OPENING)
    assert refused.value.keys == ("energy-1",)
    assert (seats(store), count(store, Attendee), count(store, Mail)) == ({"energy-1": 1}, 1, 0)


def test_two_limited_sessions_at_the_same_time_are_refused_together(store: Session) -> None:
    with pytest.raises(SeatsClash) as refused:
        register(store, Registration(name="A", sessions=("it-1", "energy-1")), at=OPENING)
    assert [set(pair) for pair in refused.value.pairs] == [{"it-1", "energy-1"}]


def test_an_overlap_with_an_open_session_is_only_a_warning(store: Session) -> None:
    outcome = register(store, HUONG, at=OPENING)
    held = store.scalars(
        select(Slot).join(Booking).where(Booking.attendee_id == outcome.attendee.id)
    )
    assert [(c.first.key, c.second.key, c.refused) for c in clashes(held)] == [
        ("it-1", "forum", False)
    ]


def test_unknown_sessions_and_categories_are_refused_by_name(store: Session) -> None:
    with pytest.raises(UnknownSessions, match=r"^nowhere$"):
        register(store, Registration(name="A", sessions=("forum", "nowhere")), at=OPENING)
    with pytest.raises(UnknownCategory, match=r"^king$"):
        register(store, Registration(name="A", category="king"), at=OPENING)
    assert count(store, Attendee) == 0


def test_one_email_address_serves_many_people(store: Session) -> None:
    for name in ("Trần Văn Ánh", "Đặng Hoàng Yến"):
        register(store, Registration(name=name, email=HUONG.email, phone=HUONG.phone), at=OPENING)
    assert [a.name for a in store.scalars(everyone())] == ["Trần Văn Ánh", "Đặng Hoàng Yến"]


def test_a_change_gives_seats_back_and_takes_new_ones_in_one_go(store: Session) -> None:
    person = register(store, HUONG, at=OPENING).attendee
    stated = Registration(
        name="Nguyễn Thị Minh Hường", email=HUONG.email, phone=HUONG.phone,
        organisation=HUONG.organisation, province="75", sessions=("forum", "energy-2"),
    )  # fmt: skip
    details = change(store, person, stated, at=OPENING, by="organiser@vidu.vn")
    assert details == {
        "name": ["Nguyễn Thị Minh Hương", "Nguyễn Thị Minh Hường"],
        "sessions": ["it-1 forum", "energy-2 forum"],
    }
    assert seats(store) == {"forum": 1, "energy-2": 1}
    newest = store.scalars(history("attendee", person.id)).first()
    assert newest
    assert (newest.verb, newest.actor, newest.details) == ("changed", "organiser@vidu.vn", details)


def test_a_change_that_finds_no_seat_changes_nothing(store: Session) -> None:
    register(store, Registration(name="Đỗ Ngọc Ưng", sessions=("energy-1",)), at=OPENING)
    person = register(store, HUONG, at=OPENING).attendee
    with pytest.raises(SeatsGone):
        change(store, person, Registration(name="X", sessions=("energy-1",)), at=OPENING, by="x")
    store.expire_all()
    assert (person.name, seats(store)) == (HUONG.name, {"energy-1": 1, "it-1": 1, "forum": 1})


def test_cancelling_frees_the_seats_once_and_can_be_undone(store: Session) -> None:
    person = register(store, HUONG, at=OPENING).attendee
    for _ in range(2):
        cancel(store, person, at=OPENING, by="organiser@vidu.vn")
    assert (seats(store), person.cancelled_at) == ({}, OPENING)
    assert list(store.scalars(everyone())) == []
    reinstate(store, person, at=OPENING + timedelta(minutes=1), by="organiser@vidu.vn")
    assert person.cancelled_at is None
    verbs = store.scalars(select(Change.verb).order_by(Change.id)).all()
    assert verbs == ["registered", "cancelled", "reinstated"]


def test_a_replaced_badge_has_the_next_revision_and_wraps_after_255(store: Session) -> None:
    person = register(store, HUONG, at=OPENING).attendee
    replace_badge(store, person, at=OPENING, by="desk@vidu.vn")
    assert person.revision == 1
    person.revision = 255
    store.commit()
    replace_badge(store, person, at=OPENING, by="desk@vidu.vn")
    assert person.revision == 0


@pytest.mark.parametrize(
    "typed",
    ["nguyen thi minh huong", "HƯƠNG", "huong so khoa hoc", "huong.ntm@vidu", "0913 456 701",
     "+84 913-456-701", "00001", "1"],
)  # fmt: skip
def test_people_are_found_however_they_are_typed(store: Session, typed: str) -> None:
    register(store, HUONG, at=OPENING)
    register(store, Registration(name="Đá", phone="+84913456799"), at=OPENING)
    assert [a.name for a in store.scalars(matching(everyone(), typed))] == [HUONG.name]


def test_a_percent_sign_finds_nobody_rather_than_everybody(store: Session) -> None:
    register(store, HUONG, at=OPENING)
    assert list(store.scalars(matching(everyone(), "%@"))) == []


def test_lists_go_by_given_name_in_the_vietnamese_order(store: Session) -> None:
    for name in ("Lê Văn Đá", "Nguyễn Thị An", "Trần Dung", "Võ Đình Ân", "Bùi Ăn", "Phạm An"):
        register(store, Registration(name=name), at=OPENING)
    assert [a.name for a in store.scalars(everyone())] == [
        "Nguyễn Thị An", "Phạm An", "Bùi Ăn", "Võ Đình Ân", "Trần Dung", "Lê Văn Đá",
    ]  # fmt: skip


def test_a_session_lists_only_those_who_booked_it(store: Session) -> None:
    register(store, HUONG, at=OPENING)
    register(store, Registration(name="Đỗ Ngọc Ưng", sessions=("forum",)), at=OPENING)
    assert [a.name for a in store.scalars(in_session(everyone(), "it-1"))] == [HUONG.name]


def test_likely_twins_share_a_name_without_accents_and_a_phone_or_an_address(
    store: Session,
) -> None:
    one = register(store, HUONG, at=OPENING).attendee
    same = Registration(name="NGUYEN THI MINH HUONG", phone=HUONG.phone)
    other = Registration(name=HUONG.name, phone="+84913456999", email="khac@vidu.vn")
    register(store, same, at=OPENING)
    register(store, other, at=OPENING)
    assert [a.id for a in store.scalars(twins(one))] == [2]
