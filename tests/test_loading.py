"""The event file into the database and back: idempotent, whole or not at all, and kind to those who booked."""

import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from event.about import about
from event.attendees import Attendee, Registration, register
from event.bookings import SeatsGone
from event.consents import Notice
from event.database import make_engine
from event.dumping import NoEvent, document_of, dump
from event.eventfile import Document, parse
from event.journal import Change
from event.loading import Loaded, LoadRefused, load, number_of
from event.programme import (
    Category,
    Checkpoint,
    EntitlementBit,
    Event,
    Slot,
    categories,
    checkpoints,
    sessions,
    slots,
    the_event,
    tracks,
    zones,
)
from event.scans import Scan
from event.words import Words
from tests.event_files import ALL, DEFAULT, ONE_DAY, TEN_TRACKS, document

AT = datetime(2023, 9, 1, tzinfo=UTC)


@pytest.fixture
def bare(database_url: str) -> Iterator[Session]:
    """A database with every table and no event."""
    engine = make_engine(database_url)
    with Session(engine, expire_on_commit=False) as session:
        yield session
    engine.dispose()


def take(session: Session, file: Document) -> Loaded:
    return load(session, file, at=AT, by="command")


def edited(path: Path, *changes: tuple[str, str]) -> Document:
    """A file with these replacements in its text."""
    text = path.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return parse(text.encode(), path.name)


def without(file: Document, section: str, *keys: str) -> Document:
    left = {k: v for k, v in getattr(file, section).items() if k not in keys}
    return msgspec.structs.replace(file, **{section: left})


def refused(session: Session, file: Document) -> list[tuple[str, str, dict[str, Any]]]:
    """Where, what and the values of what stands against a file; nothing may have changed by it."""
    before, notes = dump(session), count(session, Change)
    with pytest.raises(LoadRefused) as error:
        take(session, file)
    assert (dump(session), count(session, Change)) == (before, notes)
    return [(p.where, p.what, dict(p.values)) for p in error.value.problems]


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def come(session: Session, *keys: str, category: str = "visitor", number: int = 1) -> None:
    for _ in range(number):
        stated = Registration("Lý A Sử", category=category, sessions=keys, agreed=("take_part",))
        register(session, stated, at=AT)


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_what_was_loaded_comes_back_and_loading_it_again_changes_nothing(
    bare: Session, path: Path
) -> None:
    assert take(bare, document(path)).anything
    assert document_of(bare) == document(path)
    text, version, notes = dump(bare), bare.scalar(select(Event.version)), count(bare, Change)
    for again in (document(path), parse(text.encode(), "dump")):
        assert take(bare, again) == Loaded()
    assert (dump(bare), bare.scalar(select(Event.version))) == (text, version)
    assert count(bare, Change) == notes


def test_the_default_event_stands_in_the_database(bare: Session) -> None:
    loaded = take(bare, document())
    assert (len(loaded.added), loaded.changed, loaded.removed) == (72, [], [])
    event = the_event(bare)
    assert event
    assert (event.key, event.number, event.zone) == (
        "techconnect-2023",
        77075858,
        "Asia/Ho_Chi_Minh",
    )
    assert (event.first_day, event.last_day) == (date(2023, 9, 29), date(2023, 9, 30))
    assert [len(list(bare.scalars(q))) for q in (tracks(), zones(), categories())] == [5, 10, 17]
    first = bare.scalars(sessions()).first()
    assert first
    assert (first.key, first.kind, first.capacity) == ("opening", "forum", 1000)
    assert first.starts_at == datetime(2023, 9, 29, 1, 30, tzinfo=UTC)


def test_what_is_only_shown_is_kept_with_both_languages(bare: Session) -> None:
    take(bare, document())
    event = the_event(bare)
    assert event
    shown = about(event)
    assert [(o.key, o.role.in_("en")) for o in shown.organisers] == [
        ("most", "Organiser"), ("quang-ninh", "Co-organiser"), ("vnexpress", "Official media"),
    ]  # fmt: skip
    assert [item.key for item in shown.activities] == ["demonstration", "spotlight", "matching"]
    assert (shown.since, shown.keep_until) == (2011, date(2024, 3, 30))
    assert shown.letterhead.parent == "BỘ KHOA HỌC VÀ CÔNG NGHỆ"


def test_gates_come_first_and_every_session_has_a_door_in_order_of_time(bare: Session) -> None:
    take(bare, document())
    places = list(bare.scalars(checkpoints()))
    assert [place.key for place in places[:3]] == ["gate-a", "gate-b", "guests"]
    assert [place.key for place in places[3:]] == [s.key for s in bare.scalars(sessions())]


def test_each_session_whose_door_asks_has_a_bit_of_its_own(bare: Session) -> None:
    take(bare, document())
    rows = list(bare.scalars(slots()))
    asking = {slot.key: slot.bit for slot in rows if slot.rule != "open"}
    assert sorted(asking.values()) == list(range(12))
    assert {slot.bit for slot in rows if slot.rule == "open"} == {None}
    bits = {row.slot_key: row.bit for row in bare.scalars(select(EntitlementBit))}
    assert bits == asking


def test_changes_are_told_by_path_and_noted_with_before_and_after(bare: Session) -> None:
    take(bare, document(ONE_DAY))
    file = edited(
        ONE_DAY,
        ('name = "Cửa chính"', 'name = "Cửa Đông"\nname_en = "East door"'),
        ("capacity = 40", "capacity = 50"),
        ("[rooms.hall]", '[rooms.annex]\nname = "Phòng phụ"\n\n[rooms.hall]'),
        ("[organisers.office]", "[organisers.ministry]"),
    )
    loaded = take(bare, file)
    assert loaded == Loaded(
        added=["rooms.annex"],
        changed=["event", "gates.door", "rooms.hall", "sessions.panel"],
        removed=[],
    )
    assert document_of(bare) == file
    notes = {c.subject: c for c in bare.scalars(select(Change).where(Change.verb == "changed"))}
    assert notes["checkpoint"].details == {
        "name": ["Cửa chính", "Cửa Đông"],
        "name_en": ["", "East door"],
    }
    assert notes["slot"].details == {"capacity": [40, 50]}
    assert (notes["slot"].actor, notes["slot"].at) == ("command", AT)
    assert bare.scalar(select(Event.version)) == 2


def test_a_session_that_nobody_booked_goes_with_its_door_track_and_room(bare: Session) -> None:
    take(bare, document(TEN_TRACKS))
    file = without(document(TEN_TRACKS), "sessions", "ai-12", "ai-13", "ai-14")
    file = without(without(file, "tracks", "ai"), "rooms", "ai")
    loaded = take(bare, file)
    assert set(loaded.removed) == {
        "sessions.ai-12", "sessions.ai-13", "sessions.ai-14", "tracks.ai", "rooms.ai",
    }  # fmt: skip
    assert document_of(bare) == file
    assert "ai-12" not in [place.key for place in bare.scalars(checkpoints())]


def test_a_key_may_move_from_a_gate_to_a_session_and_back(bare: Session) -> None:
    take(bare, document(ONE_DAY))
    moved = edited(
        ONE_DAY,
        ("[gates.door]", "[gates.panel]"),
        ("[sessions.panel]", "[sessions.door]"),
    )
    take(bare, moved)
    assert document_of(bare) == moved
    take(bare, document(ONE_DAY))
    assert document_of(bare) == document(ONE_DAY)


def test_a_session_may_become_a_forum_and_keep_its_seats(bare: Session) -> None:
    take(bare, document(ONE_DAY))
    come(bare, "panel")
    assert take(bare, edited(ONE_DAY, ("[sessions.panel]", "[forums.panel]"))).changed == [
        "forums.panel"
    ]
    slot = bare.scalars(slots().where(Slot.key == "panel")).one()
    assert (slot.kind, slot.taken) == ("forum", 1)


def test_categories_that_nobody_has_may_swap_their_numbers(bare: Session) -> None:
    take(bare, document(TEN_TRACKS))
    file = edited(
        TEN_TRACKS,
        ("number = 1\n", "number = 9\n"),
        ("number = 2\n", "number = 1\n"),
        ("number = 9\n", "number = 2\n"),
    )
    take(bare, file)
    numbers = {row.key: row.number for row in bare.scalars(select(Category))}
    assert numbers == {"delegate": 2, "visitor": 1, "staff": 255}


def test_other_words_of_a_notice_are_a_new_version_and_the_old_one_stays(bare: Session) -> None:
    take(bare, document(ONE_DAY))
    come(bare)
    words = ("việc tham dự chương trình này", "việc tham dự và thống kê")
    assert take(bare, edited(ONE_DAY, words)).changed == ["notices.take_part"]
    kept = bare.scalars(select(Notice).order_by(Notice.version))
    assert [(n.version, words[1] in n.words.vi) for n in kept] == [(1, False), (2, True)]


def test_a_notice_nobody_agreed_to_may_go(bare: Session) -> None:
    take(bare, document(TEN_TRACKS))
    file = without(document(TEN_TRACKS), "notices", "newsletter")
    assert take(bare, file).removed == ["notices.newsletter"]
    assert document_of(bare) == file


def test_everything_that_stands_against_a_file_is_named_at_once(bare: Session) -> None:
    take(bare, document(ONE_DAY))
    come(bare, "seminar", number=2)
    come(bare, "panel", number=3)
    gate = bare.scalars(select(Checkpoint).where(Checkpoint.key == "door")).one()
    bare.add(
        Scan(
            device="d", nonce="n", method="camera", checkpoint_id=gate.id, scanned_at=AT,
            received_at=AT, verdict="help", reason="not_ours",
        )
    )  # fmt: skip
    bare.commit()
    file = edited(
        ONE_DAY,
        ("[sessions.seminar]", "[sessions.workshop]"),
        ("capacity = 40", "capacity = 2"),
        ("[gates.door]", "[gates.window]"),
        ("number = 1", "number = 7"),
    )
    assert refused(bare, file) == [
        (
            "categories.visitor.number",
            "number_in_use",
            {"name": Words("Khách tham dự"), "count": 5, "found": 7, "number": 1},
        ),
        ("gates.door", "checkpoint_scanned", {"name": Words("Cửa chính"), "count": 1}),
        (
            "sessions.seminar",
            "session_booked",
            {"name": Words("Hội thảo chuyên đề: tiếp cận công nghệ mới"), "count": 2},
        ),
        (
            "sessions.panel.capacity",
            "capacity_below_taken",
            {"name": Words("Tọa đàm: tìm đối tác và thị trường"), "found": 2, "taken": 3},
        ),
    ]


def test_a_category_with_people_in_it_stays(bare: Session) -> None:
    take(bare, document(TEN_TRACKS))
    come(bare, category="delegate", number=2)
    assert refused(bare, without(document(TEN_TRACKS), "categories", "delegate")) == [
        (
            "categories.delegate",
            "category_in_use",
            {"name": Words("Đại biểu", "Delegate"), "count": 2},
        )
    ]


def test_a_notice_that_people_agreed_to_stays(bare: Session) -> None:
    take(bare, document(TEN_TRACKS))
    stated = Registration("Lý A Sử", agreed=("take_part", "newsletter"))
    register(bare, stated, at=AT)
    assert refused(bare, without(document(TEN_TRACKS), "notices", "newsletter")) == [
        ("notices.newsletter", "notice_agreed", {"count": 1})
    ]


def test_another_event_is_refused_once_people_have_registered(bare: Session) -> None:
    take(bare, document(ONE_DAY))
    come(bare)
    values = {"found": "techconnect-2023", "loaded": "sme-south-2025", "count": 1}
    assert refused(bare, document()) == [("event.key", "other_event", values)]


def test_another_event_takes_the_place_of_one_without_people(bare: Session) -> None:
    take(bare, document(TEN_TRACKS))
    take(bare, document())
    assert document_of(bare) == document()
    assert count(bare, Event) == 1


def test_a_file_that_does_not_fit_is_refused_before_anything_is_written(bare: Session) -> None:
    take(bare, document(ONE_DAY))
    wrong = edited(ONE_DAY, ("capacity = 40", "capacity = 40\nmeetings = 3"))
    assert refused(bare, wrong) == [("sessions.panel.meetings", "only_rounds_meet", {})]


def test_there_is_nothing_to_dump_before_an_event_is_loaded(bare: Session) -> None:
    with pytest.raises(NoEvent):
        dump(bare)


def test_a_dump_is_toml_with_one_table_for_each_thing(bare: Session) -> None:
    take(bare, document())
    text = dump(bare)
    assert text.startswith("# ")
    assert tomllib.loads(text)["rooms"]["hall"] == {
        "name": "Hội trường lớn", "name_en": "Main hall", "assumed": ["name"],
    }  # fmt: skip
    assert '\nassumed = ["title", "chair", "starts", "ends", "room", "rule"]\n' in text


def test_events_are_told_apart_by_number_within_four_bytes() -> None:
    keys = [f"event-{year}" for year in range(1990, 2090)]
    numbers = [number_of(key) for key in keys]
    assert len(set(numbers)) == len(keys)
    assert all(0 <= number < 2**31 for number in numbers)


def test_two_loads_at_once_load_once(bare: Session) -> None:
    engine = bare.get_bind()

    def load_one(_: int) -> bool:
        with Session(engine) as session:
            return take(session, document(ONE_DAY)).anything

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(load_one, range(4))) == [False, False, False, True]
    assert (count(bare, Event), count(bare, Slot)) == (1, 2)


def test_a_load_that_cuts_seats_while_people_register_loses_none(bare: Session) -> None:
    take(bare, document(ONE_DAY))
    engine, fewer = bare.get_bind(), edited(ONE_DAY, ("capacity = 40", "capacity = 8"))

    def press(number: int) -> bool:
        with Session(engine, expire_on_commit=False) as session:
            try:
                if number == 8:
                    take(session, fewer)
                else:
                    register(session, Registration("Khách", sessions=("panel",)), at=AT)
            except (SeatsGone, LoadRefused):
                return False
        return True

    with ThreadPoolExecutor(6) as pool:
        done = list(pool.map(press, range(17)))
    slot = bare.scalars(slots().where(Slot.key == "panel")).one()
    held = sum(done) - done[8]
    assert (slot.taken, count(bare, Attendee)) == (held, held)
    assert (slot.capacity, held) == ((8, 8) if done[8] else (40, 16))


def test_the_default_file_is_the_one_beside_the_code() -> None:
    assert DEFAULT.name == "event.toml"
