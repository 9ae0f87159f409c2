"""Lost badges: refused once a blank took their place, good again when that one is taken back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from event.amendments import replace_badge
from event.attendees import Attendee
from event.binding import Wish, Withdrawn, bind, keep_new_badge, unbind
from event.blanks import Pile, give_back, withdraw
from event.checkin import Verdict
from event.journal import history
from event.printing import Paper, finish_run, start_run
from event.programme import Event
from event.staff import Staff
from tests.house import OPENING
from tests.test_blanks import blanks, printed, supervisor
from tests.test_checkin import badge, event, put_down, scan

__all__ = ["blanks", "event", "scan", "supervisor"]
Scans = Callable[..., Verdict]


@pytest.fixture
def huong(store: Session) -> Attendee:
    """Registered, with the badge that was printed first."""
    return put_down(store)


def given(
    store: Session, event: Event, number: int, who: Attendee, *, lost: bool = True, minute: int = 0
) -> None:
    """Bind at the desk; what the person had is lost."""
    at = OPENING + timedelta(minutes=minute)
    bind(store, event, Wish(number, who.id, lost), by="lan@vidu.vn", at=at)
    store.refresh(who)


def print_badge(store: Session, who: Attendee) -> str:
    """In a print run; the digits on it."""
    wish = {"layout": "a6", "people": {}, "options": {}}
    run = start_run(store, store.query(Event).one(), wish, by="lan@vidu.vn", at=OPENING)
    shown = (who.name, who.degree, who.organisation, who.position, who.category_id, "vi", 0)
    paper = Paper("badges.pdf", 1, "", [(who.id, who.revision, *shown)])
    finish_run(store, run.id, paper, at=OPENING)
    store.commit()
    return badge(store, who)


def taken_back(store: Session, event: Event, number: int, by: Staff, who: Attendee) -> None:
    """Unbind, hours later."""
    unbind(store, event, number, by, at=OPENING + timedelta(hours=3))
    store.refresh(who)


def test_a_new_badge_that_was_printed_since_stays_the_good_one(
    store: Session, event: Event, scan: Scans, huong: Attendee, blanks: list[str], supervisor: Staff
) -> None:
    lost = badge(store, huong)
    given(store, event, 1, huong)
    new = print_badge(store, huong)
    taken_back(store, event, 1, supervisor, huong)
    assert [scan(lost).reason, scan(new).kind] == ["replaced", "in"]


def test_a_new_badge_printed_at_the_desk_stays_the_good_one(
    store: Session, event: Event, scan: Scans, huong: Attendee, blanks: list[str], supervisor: Staff
) -> None:
    lost = badge(store, huong)
    given(store, event, 1, huong)
    keep_new_badge(store, huong.id)
    new = badge(store, huong)
    taken_back(store, event, 1, supervisor, huong)
    assert [scan(lost).reason, scan(new).kind] == ["replaced", "in"]


def test_a_new_badge_in_place_of_the_lost_one_stays_the_good_one(
    store: Session, event: Event, scan: Scans, huong: Attendee, blanks: list[str], supervisor: Staff
) -> None:
    lost = badge(store, huong)
    given(store, event, 1, huong)
    replace_badge(store, huong, at=OPENING, by="test")
    new = badge(store, huong)
    taken_back(store, event, 1, supervisor, huong)
    assert [scan(lost).reason, scan(new).kind] == ["replaced", "in"]


def test_a_badge_found_to_be_lost_after_the_blank_was_given_is_refused_from_then_on(
    store: Session, event: Event, scan: Scans, huong: Attendee, blanks: list[str], supervisor: Staff
) -> None:
    own = badge(store, huong)
    given(store, event, 1, huong, lost=False)
    assert scan(own).kind == "in"
    for minute in (5, 6):  # pressed twice
        given(store, event, 1, huong, minute=minute)
    assert (scan(own).reason, scan(blanks[0]).kind) == ("replaced", "back")
    told = [change.details for change in store.scalars(history("attendee", huong.id))]
    assert told[:2] == [{"blank": "B0001", "lost": True}, {"blank": "B0001", "lost": False}]
    taken_back(store, event, 1, supervisor, huong)
    assert scan(own).kind == "back"


def test_a_new_badge_that_is_lost_too_is_refused(
    store: Session, event: Event, scan: Scans, huong: Attendee, blanks: list[str], supervisor: Staff
) -> None:
    given(store, event, 1, huong)
    new = print_badge(store, huong)
    given(store, event, 2, huong, minute=5)
    assert scan(new).reason == "replaced"
    taken_back(store, event, 2, supervisor, huong)
    assert scan(new).kind == "in"


def test_a_blank_that_is_lost_is_refused_once_its_person_gets_another(
    store: Session, event: Event, scan: Scans, huong: Attendee, blanks: list[str]
) -> None:
    given(store, event, 1, huong, lost=False)
    given(store, event, 2, huong, minute=5)
    refused = scan(blanks[0])
    assert (refused.kind, refused.reason) == ("help", "withdrawn: lost")
    assert scan(blanks[1]).kind == "in"
    with pytest.raises(Withdrawn):
        given(store, event, 1, huong, minute=6)


@pytest.mark.parametrize(
    "order", [(1, 2, 3), (1, 3, 2), (2, 1, 3), (2, 3, 1), (3, 1, 2), (3, 2, 1)]
)
def test_whichever_blank_is_taken_back_first_the_badge_they_had_is_good_in_the_end(
    order: tuple[int, ...], store: Session, event: Event, scan: Scans, huong: Attendee,
    blanks: list[str], supervisor: Staff,
) -> None:  # fmt: skip
    own = badge(store, huong)
    for number in (1, 2, 3):
        given(store, event, number, huong, minute=number)
    for number in order:
        assert scan(own).reason == "replaced"
        taken_back(store, event, number, supervisor, huong)
    assert scan(own).kind == "in"


def test_the_last_blank_taken_back_gives_back_the_one_before_it(
    store: Session, event: Event, scan: Scans, huong: Attendee, blanks: list[str], supervisor: Staff
) -> None:
    for number in (1, 2, 3):
        given(store, event, number, huong, minute=number)
    for last in (3, 2):
        assert [scan(code).kind for code in blanks[: last - 1]] == ["help"] * (last - 1)
        taken_back(store, event, last, supervisor, huong)
        assert scan(blanks[last - 2]).kind in ("in", "back")


def test_a_blank_lost_twice_over_comes_back_with_the_last_that_says_so(
    store: Session, event: Event, scan: Scans, huong: Attendee, blanks: list[str], supervisor: Staff
) -> None:
    for number in (1, 2, 3):
        given(store, event, number, huong, minute=number)
    taken_back(store, event, 2, supervisor, huong)
    assert [scan(code).reason for code in blanks[:2]] == ["withdrawn: lost"] * 2
    taken_back(store, event, 3, supervisor, huong)
    assert scan(blanks[0]).kind == "in"
    assert scan(blanks[1]).reason == "withdrawn: lost"  # nobody's, and somewhere
    assert give_back(store, event, Pile(2, 2), by="truong@vidu.vn", at=OPENING) == 1


def test_what_an_organiser_withdrew_stays_withdrawn(
    store: Session, event: Event, scan: Scans, huong: Attendee, supervisor: Staff
) -> None:
    codes = printed(store, event, 2)
    given(store, event, 1, huong, lost=False)
    withdraw(store, event, Pile(1, 1, "rơi ở nhà in"), by="truong@vidu.vn", at=OPENING)
    given(store, event, 2, huong, minute=5)
    taken_back(store, event, 2, supervisor, huong)
    assert scan(codes[0]).reason == "withdrawn: rơi ở nhà in"
