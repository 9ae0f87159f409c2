"""Who was erased stays so: nothing is put beside their number, no door lets them in, nobody waits
behind them, and others whom they resemble keep what is theirs.
"""

from collections.abc import Callable
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.amendments import cancel, change, reinstate, replace_badge, replace_link
from event.attendees import Attendee, Registration, everyone, matching, register
from event.bearers import Claim, look_up
from event.bookings import held
from event.choices import Choice
from event.circulars import Written, write
from event.data_requests import DataRequest
from event.database import make_engine
from event.delegations import Delegation, join
from event.erasing import Erasure, erase_person
from event.handing_over import Successor, hand_over
from event.own_changes import correct_oneself, take_back
from event.own_seats import take_seat
from event.people import filtered
from event.person import Erased
from event.programme import Slot
from event.resending import send_again
from event.roster import roster
from event.scans import Presence
from event.waiting import Wait
from event.words import Words
from tests.house import OPENING
from tests.test_erasing import the_event

LATER = OPENING + timedelta(minutes=1)
OTHER = Registration("Đổi Tên", email="doi@vidu.vn")
CHANGES: dict[str, Callable[[Session, Attendee], object]] = {
    "change": lambda s, a: change(s, a, OTHER, at=LATER, by="x"),
    "correct": lambda s, a: correct_oneself(s, a, OTHER, at=LATER, seen=None),
    "cancel": lambda s, a: cancel(s, a, at=LATER, by="x"),
    "reinstate": lambda s, a: reinstate(s, a, at=LATER, by="x"),
    "take back": lambda s, a: take_back(s, a, at=LATER),
    "badge": lambda s, a: replace_badge(s, a, at=LATER, by="x"),
    "link": lambda s, a: replace_link(s, a, at=LATER, by="x"),
    "seat": lambda s, a: take_seat(s, a, "it-2", at=LATER, by="x"),
    "hand over": lambda s, a: hand_over(s, a, Successor("Ai Đó"), at=LATER, by="x"),
    "join": lambda s, a: join(s, a, None, at=LATER, by="x"),
    "mail again": lambda s, a: send_again(s, a, "doi@vidu.vn", at=LATER, by="x"),
}

ERASE = lambda s, a: erase_person(s, a, at=LATER, by="attendee")  # noqa: E731


def somebody(session: Session, name: str = "Nguyễn Thị Hương", **stated: object) -> Attendee:
    known: dict[str, object] = {"email": "huong@vidu.vn", "phone": "+84912345678"}
    whole = Registration(name, **(known | stated))  # type: ignore[arg-type]
    return register(session, whole, at=OPENING).attendee


def let_in(session: Session, person: Attendee) -> None:
    """As a gate would have."""
    day = date(2023, 9, 29)
    session.add(Presence(attendee_id=person.id, checkpoint_id=1, day=day, first_at=OPENING))
    session.commit()


def seats(session: Session) -> dict[str, int]:
    return dict(session.execute(select(Slot.key, Slot.taken).where(Slot.taken > 0)).all())


@pytest.mark.parametrize("came", [True, False])
def test_nothing_is_changed_of_an_erased_person(came: bool, store: Session) -> None:
    person = somebody(store)
    if came:
        let_in(store, person)
    erase_person(store, person, at=OPENING, by="attendee")
    before = {c.key: getattr(person, c.key) for c in Attendee.__table__.columns}
    for act in CHANGES.values():
        with pytest.raises(Erased):
            act(store, person)
    store.refresh(person)
    assert {c.key: getattr(person, c.key) for c in Attendee.__table__.columns} == before


def test_a_second_press_erases_nothing_more(store: Session) -> None:
    person = somebody(store)
    erase_person(store, person, at=OPENING, by="attendee")
    erase_person(store, person, at=LATER, by="attendee")
    assert store.scalars(select(Erasure.at)).all() == [OPENING]


def test_of_two_at_once_the_erasure_is_the_last(store: Session, database_url: str) -> None:
    engine, start = make_engine(database_url), Barrier(2)
    acts = [CHANGES[name] for name in ("correct", "change", "mail again", "take back") * 2]
    numbers = [somebody(store).id for _ in acts]
    for number in (numbers[3], numbers[7]):
        cancel(store, store.get_one(Attendee, number), at=OPENING, by="attendee")
    store.commit()

    def do(act: Callable[[Session, Attendee], object], number: int) -> None:
        with Session(engine) as mine:
            person = mine.get_one(Attendee, number)
            start.wait()
            try:
                act(mine, person)
            except Erased:
                mine.rollback()

    for number, once in zip(numbers, acts, strict=True):
        both = [Thread(target=do, args=(act, number)) for act in (once, ERASE)]
        [thread.start() for thread in both]
        [thread.join() for thread in both]
    store.expire_all()
    people = store.scalars(select(Attendee)).all()
    assert {(p.name, p.email, p.found_by, p.has_badge) for p in people} == {("", "", "", False)}
    engine.dispose()


def test_no_door_lets_an_erased_person_in(store: Session) -> None:
    """Not by a badge that was signed later either, and not where there is no network."""
    event, person = the_event(store), somebody(store)
    let_in(store, person)
    erase_person(store, person, at=LATER, by="attendee")
    assert person.has_badge is False
    claims = [Claim(person.id, revision) for revision in (None, 0, 1)]
    said = [look_up(store.connection(), claim)[1] for claim in claims]
    assert said == ["cancelled", "replaced", "cancelled"]
    told = roster(store, event, since=0, at=LATER).exceptions[person.id]
    assert (told.revision, told.cancelled) == (1, True)


def test_whoever_came_and_is_erased_leaves_queues_and_seats_to_come(store: Session) -> None:
    first = somebody(store, "A", sessions=("energy-1",))
    erased = somebody(store, "B", sessions=("it-1", "it-2"))
    third = somebody(store, "C")
    for person in (erased, third):
        take_seat(store, person, "energy-1", at=OPENING, by="attendee")
    erased.heads_party = True
    let_in(store, erased)
    after_the_first = OPENING + timedelta(hours=2)
    erase_person(store, erased, at=after_the_first, by="attendee")
    assert (held(store, erased.id), erased.heads_party) == ("it-1", False)
    cancel(store, first, at=after_the_first, by="x")
    assert held(store, third.id) == "energy-1"
    assert store.scalars(select(Wait)).all() == []
    assert seats(store) == {"it-1": 1, "energy-1": 1}


def test_a_seat_of_an_erased_person_goes_to_the_next(store: Session) -> None:
    erased, second = somebody(store, "A", sessions=("energy-1",)), somebody(store, "B")
    take_seat(store, second, "energy-1", at=OPENING, by="attendee")
    let_in(store, erased)
    erase_person(store, erased, at=OPENING, by="attendee")
    assert (held(store, erased.id), held(store, second.id)) == ("", "energy-1")


def delegation(session: Session, **contact: str) -> Delegation:
    party = Delegation(name="Đoàn", folded_name="doan", created_at=OPENING, **contact)
    session.add(party)
    session.commit()
    return party


@pytest.mark.parametrize(
    ("contact", "member", "gone", "asked"),
    [
        ({"contact_name": "Bà Nguyễn Thị Hương", "contact_email": "huong@vidu.vn"}, True, True, []),
        ({"contact_name": "Nguyễn Thị Hương", "contact_phone": "+84912345678"}, True, True, []),
        ({"contact_name": "Thư Ký", "contact_email": "huong@vidu.vn"}, False, False, [1]),
        ({"contact_name": "Thư Ký", "contact_phone": "+84912345678"}, True, False, [1]),
        ({"contact_name": "Nguyễn Thị Hương", "contact_email": "huong@vidu.vn"}, False, False, [1]),
        ({"contact_name": "Nguyễn Thị Hương", "contact_email": "a@vidu.vn"}, True, False, [1]),
        ({"contact_name": "Thư Ký", "contact_email": "a@vidu.vn"}, True, False, []),
    ],
)
def test_a_contact_goes_only_where_it_is_the_same_person(
    contact: dict[str, str], member: bool, gone: bool, asked: list[int], store: Session
) -> None:
    """Anybody may register with the address of a secretary; where in doubt, organisers look."""
    the_event(store)
    party, person = delegation(store, **contact), somebody(store)
    person.party_id = party.id if member else None
    store.commit()
    erase_person(store, person, at=LATER, by="attendee")
    store.refresh(party)
    stands = {"contact_name": "", "contact_phone": "", "contact_email": ""} | contact
    left = dict.fromkeys(stands, "") if gone else stands
    assert {name: getattr(party, name) for name in stands} == left
    wishes = store.scalars(select(DataRequest)).all()
    assert [(w.contact_of, w.kind, w.outcome, w.attendee_id) for w in wishes] == [
        (number, "deletion", "", person.id) for number in asked
    ]


def test_a_kept_search_for_their_name_is_kept_no_more(store: Session) -> None:
    person = somebody(store)
    somebody(store, "Trần Văn Ba", email="ba@vidu.vn", phone="", organisation="Sở Y tế")
    own, all_, other = (
        write(store, Written(Words("a"), Words("b"), {"q": q, "arrived": "no"}), by="x", at=OPENING)
        for q in ("nguyen thi huong", "vidu", "tran van ba")
    )
    choice = Choice(name="a", folded="a", listing="people", format="csv", language="vi",
                    people={"q": "Hương"}, saved_by="x", saved_at=OPENING)  # fmt: skip
    store.add(choice)
    store.commit()
    erase_person(store, person, at=LATER, by="attendee")
    assert own.people == {"arrived": "no", "ids": "0"}
    assert choice.people == {"ids": "0"}
    assert (all_.people["q"], other.people["q"]) == ("vidu", "tran van ba")
    assert store.scalars(filtered(own.people)).all() == []
    assert store.scalars(matching(everyone(), "huong")).all() == []
