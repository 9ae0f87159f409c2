"""Places in the event file: how many may come, in all and of each category."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.dumping import dump
from event.eventfile import Document, WrongFile, parse
from event.line import in_line
from event.loading import LoadRefused
from event.mail import Mail
from event.programme import Category, Event
from event.sittings import Problem
from event.words import Words
from pages.problems import RIGHT, SENTENCES
from tests.event_files import ONE_DAY, come, document, edited, take

EVENT = "last_day = 2025-08-27\n"
VISITOR = 'colour = "#006A6A"\n'
NAME = "Chương trình Kết nối hỗ trợ doanh nghiệp nhỏ và vừa khu vực phía Nam"


def file(event: int | None = None, visitor: int | None = None) -> Document:
    changes = []
    if event is not None:
        changes.append((EVENT, f"{EVENT}places = {event}\n"))
    if visitor is not None:
        changes.append((VISITOR, f"{VISITOR}places = {visitor}\n"))
    return edited(ONE_DAY, *changes)


def waiting(session: Session) -> int:
    session.expire_all()
    return len(session.scalars(in_line()).all())


def test_places_are_loaded_and_dumped_again(bare: Session) -> None:
    take(bare, file(100, 30))
    assert bare.scalars(select(Event.places)).one() == 100
    assert bare.scalars(select(Category.places)).one() == 30
    assert not take(bare, parse(dump(bare).encode(), "dumped")).anything
    assert take(bare, document(ONE_DAY)).changed == ["event", "categories.visitor"]
    assert bare.scalars(select(Event.places)).one() is None


@pytest.mark.parametrize("wrong", ["0", "-3", "2.5", '"100"', "1000001"])
def test_places_are_a_whole_number_from_one(wrong: str) -> None:
    text = ONE_DAY.read_text().replace(EVENT, f"{EVENT}places = {wrong}\n")
    text = text.replace(VISITOR, f"{VISITOR}places = {wrong}\n")
    with pytest.raises(WrongFile) as error:
        parse(text.encode(), "x.toml")
    named = [(p.where, p.what, p.values["right"]) for p in error.value.problems]
    assert named == [
        ("event.places", "not_a", "places"),
        ("categories.visitor.places", "not_a", "places"),
    ]
    assert str(RIGHT["places"]) == "a whole number from 1 to 1000000"


def test_a_limit_is_not_put_below_the_places_taken(bare: Session) -> None:
    take(bare, document(ONE_DAY))
    come(bare, number=3)
    with pytest.raises(LoadRefused) as error:
        take(bare, file(2, 1))
    values = {"name": Words(NAME, ""), "found": 2, "taken": 3}
    event = bare.scalars(select(Event)).one()
    assert error.value.problems == (
        Problem("event.places", "places_below_taken", values | {"name": event.name}),
        Problem(
            "categories.visitor.places",
            "places_below_taken",
            {"name": Words("Khách tham dự"), "found": 1, "taken": 3},
        ),
    )
    assert "places_below_taken" in SENTENCES
    assert take(bare, file(3)).changed == ["event"]


def test_a_limit_that_organisers_went_above_may_stay_and_be_raised(bare: Session) -> None:
    take(bare, file(2))
    come(bare, number=2)
    for person in bare.scalars(select(Attendee)):
        person.companions = 1
    bare.commit()
    assert not take(bare, file(2)).anything
    assert take(bare, file(3)).changed == ["event"]
    with pytest.raises(LoadRefused):
        take(bare, file(2))


def test_places_that_come_with_a_file_go_to_those_in_line(bare: Session) -> None:
    take(bare, file(1))
    come(bare, number=4)
    assert waiting(bare) == 3
    take(bare, file(2))
    assert waiting(bare) == 2
    take(bare, file(4, visitor=3))
    assert waiting(bare) == 1
    take(bare, document(ONE_DAY))
    assert waiting(bare) == 0
    assert bare.scalars(select(Mail.kind)).all() == [], "they left no address"
