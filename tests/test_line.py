"""The line for a place at the event: who stands in it, who is next, and which ways free a place."""

from collections.abc import Iterable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.amendments import as_stated, cancel, change, reinstate
from event.approving import approve, decline, give_place, how_many_ask, who_wait
from event.attendees import STATED, Attendee, Registration, everyone, register
from event.bookings import held
from event.erasing import erase_person
from event.handing_over import Successor, hand_over
from event.journal import Change, history
from event.limits import Limit, limits
from event.line import Turn, in_line, turn_of
from event.mail import Mail
from event.own_changes import correct_oneself, may_give_back, take_back
from event.own_seats import NoPlace, take_seat
from event.people import filtered
from event.programme import Category, Event, Slot
from event.roster import roster
from event.scans import Presence
from event.waiting import waited_for
from tests.house import OPENING

AT = OPENING


def limit(session: Session, event: int | None = None, **categories: int) -> None:
    session.scalars(select(Event)).one().places = event
    for row in session.scalars(select(Category)):
        row.places = categories.get(row.key)
    session.commit()


def come(session: Session, name: str, by: str = "attendee", **stated: object) -> Attendee:
    email = f"{name[:1].lower()}@vidu.vn"
    asked = Registration(name, email=email, **stated)  # type: ignore[arg-type]
    return register(session, asked, at=AT, by=by).attendee


def letters(session: Session, names: str) -> list[Attendee]:
    """One person for each letter, in this order."""
    return [come(session, name) for name in names]


def names(people: Iterable[Attendee]) -> str:
    return "".join(person.name for person in people)


def line(session: Session) -> str:
    session.expire_all()
    return names(session.scalars(in_line()))


def placed(session: Session) -> str:
    session.expire_all()
    return names(session.scalars(everyone()))


def deeds(session: Session, person: Attendee) -> list[tuple[str, str]]:
    rows = session.scalars(history("attendee", person.id).order_by(None).order_by(Change.id))
    return [(row.verb, row.actor) for row in rows]


def mails(session: Session, person: Attendee) -> list[str]:
    mine = select(Mail.kind).where(Mail.attendee_id == person.id)
    return list(session.scalars(mine.order_by(Mail.id)))


def test_when_all_places_are_taken_people_stand_in_line(store: Session) -> None:
    limit(store, 2)
    *_, third, fourth = letters(store, "ABCD")
    assert (placed(store), line(store)) == ("AB", "CD")
    assert (third.has_badge, third.waits) == (False, True)
    assert turn_of(store, fourth) == Turn(2, None)
    assert deeds(store, third) == [("registered", "attendee"), ("lined_up", "attendee")]
    assert limits(store).event == Limit(2, 2)
    assert store.scalars(filtered({"state": "in_line"})).all() == [third, fourth]
    assert store.scalars(filtered({"state": "waiting"})).all() == []
    assert (store.scalars(who_wait()).all(), store.scalar(how_many_ask())) == ([], 0)
    assert not approve(store, third, at=AT, by="lan@vidu.vn")
    assert not decline(store, third, at=AT, by="lan@vidu.vn")


def test_without_limits_nobody_stands_in_line(store: Session) -> None:
    letters(store, "ABC")
    assert (placed(store), line(store), limits(store).any) == ("ABC", "", False)


def test_a_place_given_back_goes_to_the_next_at_once(store: Session) -> None:
    limit(store, 1)
    first, second, _ = letters(store, "ABC")
    cancel(store, first, at=AT, by="attendee")
    assert (placed(store), line(store)) == ("B", "C")
    assert (second.waits, second.line, second.has_badge) == (False, None, True)
    assert deeds(store, second)[-1] == ("admitted", "waiting")
    assert mails(store, second) == ["registered", "admitted"]
    event = store.scalars(select(Event)).one()
    assert not roster(store, event, since=0, at=AT).exceptions[second.id].cancelled


def test_a_category_has_a_line_of_its_own(store: Session) -> None:
    limit(store, delegate=1)
    one = come(store, "A", category="delegate")
    other = come(store, "B", category="delegate")
    come(store, "C")
    last = come(store, "D", category="delegate")
    assert (placed(store), line(store)) == ("AC", "BD")
    delegate = store.get_one(Category, one.category_id)
    assert turn_of(store, other) == Turn(1, delegate)
    assert turn_of(store, last) == Turn(2, delegate)
    assert turn_of(store, one) is None
    cancel(store, one, at=AT, by="attendee")
    assert (placed(store), line(store)) == ("BC", "D")


def test_both_limits_hold(store: Session) -> None:
    limit(store, 3, delegate=1)
    first = come(store, "A", category="delegate")
    letters(store, "BC")
    fourth = come(store, "D", category="delegate")
    fifth = come(store, "E")
    assert (placed(store), line(store)) == ("ABC", "DE")
    delegate = store.get_one(Category, fourth.category_id)
    assert turn_of(store, fourth) == Turn(1, delegate)
    assert turn_of(store, fifth) == Turn(2, None)
    cancel(store, store.scalars(everyone()).all()[1], at=AT, by="attendee")
    assert (placed(store), line(store)) == ("ACE", "D"), "the next of an open category"
    cancel(store, first, at=AT, by="attendee")
    assert (placed(store), line(store)) == ("CDE", "")


def test_a_group_that_does_not_fit_is_passed_over_and_keeps_its_turn(store: Session) -> None:
    limit(store, 4)
    first, second, third, _ = letters(store, "ABCD")
    group = come(store, "G", companions=2)
    assert group.takes == 3
    come(store, "H")
    cancel(store, first, at=AT, by="attendee")
    assert (placed(store), line(store)) == ("BCDH", "G")
    for person in (second, third):
        cancel(store, person, at=AT, by="attendee")
    assert (placed(store), line(store), limits(store).event) == ("DH", "G", Limit(4, 2))
    cancel(store, store.scalars(everyone()).all()[0], at=AT, by="attendee")
    assert (placed(store), line(store), limits(store).event) == ("GH", "", Limit(4, 4))


def test_the_desk_a_list_and_an_organiser_are_a_yes_already(store: Session) -> None:
    limit(store, 1)
    _, second, third = letters(store, "ABC")
    come(store, "D", by="desk@vidu.vn")
    assert (placed(store), line(store), limits(store).event) == ("AD", "BC", Limit(1, 2))
    assert give_place(store, third, at=AT, by="lan@vidu.vn")
    assert (placed(store), line(store)) == ("ACD", "B")
    assert limits(store).event == Limit(1, 3)
    assert deeds(store, third)[-1] == ("admitted", "lan@vidu.vn")
    assert not give_place(store, third, at=AT, by="lan@vidu.vn")
    cancel(store, third, at=AT, by="lan@vidu.vn")
    assert line(store) == "B", "there are still more than there should be"
    assert second.waits


def test_who_waits_for_another_yes_leaves_the_place_to_the_next(store: Session) -> None:
    limit(store, 1)
    store.scalars(select(Category).where(Category.key == "delegate")).one().approval = True
    store.commit()
    first = come(store, "A", by="lan@vidu.vn", category="delegate")
    come(store, "B")
    said = as_stated(store, first) | {"name": "Z"}
    other = Registration(**{field: said[field] for field in STATED})
    correct_oneself(store, first, other, at=AT, seen=None)
    assert (placed(store), line(store), first.waits) == ("B", "", True)


def test_who_waits_for_a_yes_takes_no_place_before_it(store: Session) -> None:
    limit(store, 1)
    store.scalars(select(Category).where(Category.key == "delegate")).one().approval = True
    store.commit()
    asks = come(store, "A", category="delegate")
    letters(store, "BC")
    assert (asks.waits, asks.line, placed(store), line(store)) == (True, None, "B", "C")
    assert approve(store, asks, at=AT, by="lan@vidu.vn")
    assert (placed(store), limits(store).event) == ("AB", Limit(1, 2))


def test_seats_come_with_the_place_and_one_mail_tells_of_both(store: Session) -> None:
    limit(store, 1)
    first = come(store, "A", sessions=("energy-1",))
    second = come(store, "B", sessions=("energy-1", "forum"))
    assert (held(store, second.id), len(waited_for(store, second.id))) == ("", 2)
    assert as_stated(store, second)["sessions"] == "energy-1 forum"
    assert not take_seat(store, second, "it-2", at=AT, by="attendee"), "it is free, but not yet"
    cancel(store, first, at=AT, by="attendee")
    assert (held(store, second.id), waited_for(store, second.id)) == ("it-2 energy-1 forum", [])
    assert mails(store, second) == ["registered", "admitted"]
    taken = store.scalars(select(Slot.taken).where(Slot.key == "energy-1")).one()
    assert taken == 1


def test_a_place_goes_before_the_seat_to_whoever_is_first_in_both_lines(store: Session) -> None:
    limit(store, 2)
    first = come(store, "A", sessions=("energy-1",))
    later = come(store, "B")
    second = come(store, "C", sessions=("energy-1",))
    take_seat(store, later, "energy-1", at=AT, by="attendee")
    cancel(store, first, at=AT, by="attendee")
    assert (held(store, second.id), held(store, later.id)) == ("energy-1", "")


def test_wishes_are_changed_in_line_without_any_seat(store: Session) -> None:
    limit(store, 1)
    _, second = letters(store, "AB")
    said = as_stated(store, second)
    wishes = Registration(**{f: said[f] for f in STATED}, sessions=("it-1", "forum"))
    assert change(store, second, wishes, at=AT, by="attendee") == {"sessions": ["", "it-1 forum"]}
    fewer = Registration(**{f: said[f] for f in STATED}, sessions=("forum",))
    change(store, second, fewer, at=AT, by="attendee")
    assert (as_stated(store, second)["sessions"], held(store, second.id)) == ("forum", "")
    assert store.scalars(select(Slot.taken).where(Slot.key == "forum")).one() == 0


def test_whoever_comes_back_stands_at_the_end(store: Session) -> None:
    limit(store, 1)
    first, second, _ = letters(store, "ABC")
    cancel(store, first, at=AT, by="attendee")
    assert take_back(store, first, at=AT) == []
    assert (placed(store), line(store)) == ("B", "CA")
    assert deeds(store, first)[-2:] == [("reinstated", "attendee"), ("lined_up", "attendee")]
    cancel(store, second, at=AT, by="attendee")
    cancel(store, first, at=AT, by="attendee")
    assert (placed(store), line(store)) == ("C", "")
    assert (first.waits, first.line) == (False, None)


def test_former_seats_are_wishes_where_the_place_is_gone(store: Session) -> None:
    limit(store, 1)
    first = come(store, "A", sessions=("forum",))
    second = come(store, "B")
    cancel(store, first, at=AT, by="attendee")
    assert take_back(store, first, at=AT) == ["forum"]
    assert (line(store), as_stated(store, first)["sessions"]) == ("A", "forum")
    cancel(store, second, at=AT, by="attendee")
    assert (placed(store), held(store, first.id)) == ("A", "forum")


def test_with_places_left_a_cancellation_is_simply_undone(store: Session) -> None:
    limit(store, 2)
    first = come(store, "A", sessions=("forum",))
    cancel(store, first, at=AT, by="attendee")
    assert take_back(store, first, at=AT) == []
    assert (placed(store), line(store), held(store, first.id)) == ("A", "", "forum")


def test_a_place_handed_over_is_free_for_nobody_else(store: Session) -> None:
    limit(store, 36, visitor=36)
    teacher = come(store, "A", companions=35)
    _, second = letters(store, "BC")
    heir = hand_over(store, teacher, Successor("H"), at=AT, by="attendee").attendee
    assert (placed(store), line(store), heir.takes) == ("H", "BC", 36)
    with pytest.raises(NoPlace):
        hand_over(store, second, Successor("X"), at=AT, by="attendee")


@pytest.mark.parametrize("came", [False, True])
def test_an_erased_person_leaves_their_place(store: Session, came: bool) -> None:
    limit(store, 1)
    first, second = letters(store, "AB")
    if came:
        let_in(store, first)
    erase_person(store, first, at=AT, by="lan@vidu.vn")
    assert (placed(store), line(store)) == ("B", "")
    erase_person(store, second, at=AT, by="lan@vidu.vn")
    assert (placed(store), line(store)) == ("", "")


def let_in(session: Session, person: Attendee) -> None:
    from_gate = Presence(
        attendee_id=person.id, checkpoint_id=1, day=AT.date(), first_at=AT, last_at=AT,
    )  # fmt: skip
    session.add(from_gate)
    session.commit()


def make_delegate(store: Session, person: Attendee) -> None:
    """An organiser puts somebody into another category."""
    said = as_stated(store, person) | {"category": "delegate"}
    moved = Registration(**{field: said[field] for field in STATED})
    change(store, person, moved, at=AT, by="lan@vidu.vn")


def test_an_organiser_who_changes_a_category_frees_a_place_in_the_former(store: Session) -> None:
    limit(store, visitor=1)
    first, _ = letters(store, "AB")
    make_delegate(store, first)
    assert (placed(store), line(store)) == ("AB", "")


def test_one_in_line_who_is_put_into_an_open_category_has_a_place(store: Session) -> None:
    limit(store, visitor=1)
    _, second = letters(store, "AB")
    make_delegate(store, second)
    assert (placed(store), line(store)) == ("AB", "")


def test_an_organiser_who_reinstates_says_yes(store: Session) -> None:
    limit(store, 1)
    _, second = letters(store, "AB")
    cancel(store, second, at=AT, by="lan@vidu.vn")
    reinstate(store, second, at=AT, by="lan@vidu.vn")
    assert (placed(store), line(store), limits(store).event) == ("AB", "", Limit(1, 2))


def test_one_press_gives_back_what_came_from_the_line(store: Session) -> None:
    limit(store, 1)
    first, second = letters(store, "AB")
    assert (may_give_back(store, first), may_give_back(store, second)) == (False, True)
    cancel(store, first, at=AT, by="attendee")
    assert (may_give_back(store, first), may_give_back(store, second)) == (False, True)
