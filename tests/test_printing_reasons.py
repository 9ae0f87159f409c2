"""Who is printed anew, and why: whatever a badge shows, the person's own and what all share."""

from collections.abc import Callable

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session

from event.amendments import replace_badge
from event.attendees import Attendee, Registration, register
from event.bookings import Booking
from event.designs import BadgeDesign
from event.people import filtered
from event.printing import PrintRun
from event.programme import Category, Event, Slot, Track
from event.reprints import REASONS, reprints
from event.words import Words
from forms.printing import WHY
from tests.house import OPENING
from tests.prints import printed


@pytest.fixture
def people(store: Session) -> dict[str, Attendee]:
    """An in an IT session, Bình with an interest in it, Kim (English) in nothing."""
    stated = {
        "an": Registration(name="Lê An", sessions=("it-1",)),
        "binh": Registration(name="Trần Bình", interests=("it",), category="delegate"),
        "kim": Registration(name="Kim Min-jun", language="en", sessions=("forum",)),
    }
    return {key: register(store, facts, at=OPENING).attendee for key, facts in stated.items()}


def why(store: Session) -> dict[str, tuple[str, ...]]:
    """Those to be printed anew, with the reasons."""
    found = {each.name: each.reasons for each in reprints(store, filtered({"changed": "yes"}))}
    store.rollback()
    return found


def an_event(store: Session, **values: object) -> None:
    store.execute(update(Event).values(**values))


def a_category(store: Session, **values: object) -> None:
    store.execute(update(Category).where(Category.key == "visitor").values(**values))


def it_is_called(store: Session, name: Words) -> None:
    store.execute(update(Track).where(Track.key == "it").values(name=name))


def book(store: Session, number: int, key: str) -> None:
    slot = store.query(Slot).filter_by(key=key).one()
    store.add(Booking(attendee_id=number, slot_id=slot.id, booked_at=OPENING))


ALL = {"Lê An", "Trần Bình", "Kim Min-jun"}
CHANGES: dict[str, tuple[Callable[[Session], object], dict[str, tuple[str, ...]]]] = {
    "a category is renamed": (
        lambda s: a_category(s, name=Words("Khách", "Visitor")),
        {"Lê An": ("category",)},
    ),
    "a category is renamed in English": (
        lambda s: a_category(s, name=Words("Khách tham quan", "Guest")),
        {"Kim Min-jun": ("category",)},
    ),
    "a category has another colour": (
        lambda s: a_category(s, colour="#123456"),
        {"Lê An": ("category",), "Kim Min-jun": ("category",)},
    ),
    "a category has other things that no badge shows": (lambda s: a_category(s, position=9), {}),
    "a track is renamed": (
        lambda s: it_is_called(s, Words("CNTT", "Information technology")),
        {"Lê An": ("track",), "Trần Bình": ("track",)},
    ),
    "a track is renamed in a language that nobody's badge with it has": (
        lambda s: it_is_called(s, Words("Công nghệ thông tin", "IT")),
        {},
    ),
    "the event is renamed": (
        lambda s: an_event(s, name=Words("Sự kiện", "Small event")),
        {"Lê An": ("event",), "Trần Bình": ("event",)},
    ),
    "the event takes place elsewhere": (
        lambda s: an_event(s, place=Words("Hạ Long", "Ha Long")),
        dict.fromkeys(ALL, ("event",)),
    ),
    "the event lasts longer": (
        lambda s: an_event(s, last_day=OPENING.date().replace(day=30, month=10)),
        dict.fromkeys(ALL, ("event",)),
    ),
    "the event has another theme": (lambda s: an_event(s, theme=Words("Khác")), {}),
    "a logo is put on": (
        lambda s: s.add(BadgeDesign(logo=b"\x89PNG")),
        dict.fromkeys(ALL, ("logo",)),
    ),
    "a session of another track is booked": (
        lambda s: book(s, 3, "energy-2"),
        {"Kim Min-jun": ("tracks",)},
    ),
    "a session of the same track is booked": (lambda s: book(s, 1, "it-2"), {}),
    "an interest becomes a session of that track": (lambda s: book(s, 2, "it-2"), {}),
    "a session moves to another track": (
        lambda s: s.execute(update(Slot).where(Slot.key == "it-1").values(track_id=2)),
        {"Lê An": ("tracks",)},
    ),
    "another interest is stated": (
        lambda s: s.execute(
            update(Attendee).where(Attendee.id == 2).values(interests=["it", "energy"])
        ),
        {"Trần Bình": ("tracks",)},
    ),
    "somebody chooses the other language": (
        lambda s: s.execute(update(Attendee).where(Attendee.id == 1).values(language="en")),
        {"Lê An": ("language",)},
    ),
    "two things at once": (
        lambda s: s.execute(
            update(Attendee).where(Attendee.id == 1).values(position="Giám đốc", category_id=2)
        ),
        {"Lê An": ("position", "category_id")},
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_whatever_a_badge_shows_is_noticed_and_nothing_else(
    name: str, store: Session, people: dict[str, Attendee]
) -> None:
    change, expected = CHANGES[name]
    printed(store)
    assert why(store) == {}
    change(store)
    store.commit()
    assert why(store) == expected
    printed(store)
    assert why(store) == {}


def test_before_the_first_run_everybody_is_new(store: Session, people: dict[str, Attendee]) -> None:
    assert why(store) == dict.fromkeys(ALL, ("new",))


def test_a_replaced_badge_is_a_reason(store: Session, people: dict[str, Attendee]) -> None:
    printed(store)
    replace_badge(store, people["an"], at=OPENING, by="test")
    assert why(store) == {"Lê An": ("revision",)}


def test_a_run_keeps_how_many_it_printed_for_which_reason(
    store: Session, people: dict[str, Attendee]
) -> None:
    assert printed(store, people["an"].id).reasons == {"new": 1}
    store.execute(update(Attendee).where(Attendee.id == 1).values(name="Lê Ân", position="TP"))
    store.commit()
    assert printed(store).reasons == {"new": 2, "name": 1, "position": 1}
    assert printed(store).reasons == {"same": 3}


def test_what_is_put_back_is_printed_anew_too(store: Session, people: dict[str, Attendee]) -> None:
    printed(store)
    a_category(store, colour="#123456")
    store.commit()
    printed(store, people["an"].id)
    a_category(store, colour="#0b5c7a")
    store.commit()
    assert why(store) == {"Lê An": ("category",)}, "Kim's badge never had the other colour"


def test_runs_of_the_same_looks_share_one_edition(
    store: Session, people: dict[str, Attendee]
) -> None:
    first, second = printed(store), printed(store)
    assert first.edition == second.edition != ""
    a_category(store, colour="#123456")
    store.commit()
    assert printed(store).edition != first.edition
    assert store.query(PrintRun).count() == 3


def test_every_reason_has_its_words() -> None:
    assert set(REASONS) == set(WHY)
