"""`flask privacy erase` and the nightly job empty rows, files and what the database kept."""

from datetime import UTC, date, datetime, timedelta

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.about import About, as_facts
from event.attendees import Attendee, Registration, register
from event.erasing import Erasure
from event.programme import Event
from event.retention import say_yes
from pages.chores import everything_due
from pages.forgetting import erase_if_due
from tests.house import OPENING, Clock
from tests.test_commands import run

MARK = "Zyxwvut"
DAY = timedelta(days=200)


def somebody(session: Session) -> Event:
    """With a mail that lies in the data folder."""
    event = session.scalars(select(Event)).one()
    event.facts = as_facts(About(keep_until=date(2024, 3, 30)))
    session.commit()
    register(session, Registration(MARK, email="zyxwvut@vidu.vn"), at=OPENING)
    everything_due(lambda: False)
    return event


def left_in(app: Flask) -> list[str]:
    """Files of the data folder in which the name still stands."""
    files = [path for path in app.config["DATA_DIR"].rglob("*") if path.is_file()]
    return [path.name for path in files if MARK.lower().encode() in path.read_bytes().lower()]


def test_a_dry_run_counts_and_touches_nothing(app: Flask, session: Session) -> None:
    somebody(session)
    code, printed = run(app, "privacy", "erase", "--dry-run")
    assert (code, "        1  attendees" in printed, "        1  tệp" in printed) == (0, True, True)
    assert session.scalars(select(Attendee.name)).one() == MARK


def test_before_the_day_it_refuses(app: Flask, session: Session) -> None:
    somebody(session)
    code, printed = run(app, "privacy", "erase", "--yes")
    assert (code, "Chưa qua ngày cuối cùng lưu giữ dữ liệu." in printed) == (1, True)
    assert session.scalars(select(Attendee.name)).one() == MARK


def test_after_it_nothing_is_left_in_any_file(app: Flask, session: Session, clock: Clock) -> None:
    somebody(session)
    assert "000001.eml" in left_in(app)
    clock.time = OPENING + DAY
    code, printed = run(app, "privacy", "erase", "--yes")
    assert (code, "Biên bản" in printed) == (0, True)
    session.expire_all()
    assert session.scalars(select(Attendee.name)).one() == ""
    assert session.scalars(select(Erasure.by)).one() == "command"
    session.rollback()
    assert left_in(app) == []


def test_the_night_needs_a_yes_and_the_computers_own_date(
    app: Flask, session: Session, clock: Clock
) -> None:
    event = somebody(session)
    clock.time = OPENING + DAY
    erase_if_due()
    assert session.scalars(select(Attendee.name)).one() == MARK
    say_yes(session, event, at=OPENING, by="lan@vidu.vn")
    app.config["REALLY"] = lambda: datetime(2023, 10, 1, tzinfo=UTC)
    erase_if_due()
    assert session.scalars(select(Attendee.name)).one() == MARK
    app.config["REALLY"] = clock
    erase_if_due()
    session.expire_all()
    assert session.scalars(select(Attendee.name)).one() == ""
    assert session.scalars(select(Erasure.by)).all() == ["nightly"]
    erase_if_due()
    assert session.scalars(select(Erasure.by)).all() == ["nightly"]
