"""The event file into the database and back: idempotent, and whatever changes is told and noted."""

import tomllib
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.about import about
from event.consents import Notice
from event.dumping import NoEvent, document_of, dump
from event.eventfile import Document, parse
from event.journal import Change
from event.loading import Loaded, number_of
from event.programme import (
    Category,
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
from tests.event_files import (
    ALL,
    AT,
    ONE_DAY,
    TEN_TRACKS,
    come,
    count,
    document,
    edited,
    take,
    without,
)


def in_order(file: Document) -> list[list[str]]:
    sections = (file.organisers, file.zones, file.tracks, file.rooms, file.categories, file.gates)
    return [list(section) for section in sections]


@pytest.mark.parametrize("path", ALL, ids=lambda path: path.name)
def test_what_was_loaded_comes_back_and_loading_it_again_changes_nothing(
    bare: Session, path: Path
) -> None:
    assert take(bare, document(path)).anything
    assert document_of(bare) == document(path)
    assert in_order(document_of(bare)) == in_order(document(path))
    text, version, notes = dump(bare), bare.scalar(select(Event.version)), count(bare, Change)
    for again in (document(path), parse(text.encode(), "dump")):
        assert take(bare, again) == Loaded()
    assert (dump(bare), bare.scalar(select(Event.version))) == (text, version)
    assert count(bare, Change) == notes


def test_the_default_event_stands_in_the_database(bare: Session) -> None:
    loaded = take(bare, document())
    assert (len(loaded.added), loaded.changed, loaded.removed) == (74, [], [])
    event = the_event(bare)
    assert event
    assert (event.key, event.number, event.zone) == (
        "techconnect-2023",
        77075858,
        "Asia/Ho_Chi_Minh",
    )
    assert (event.first_day, event.last_day) == (date(2023, 9, 29), date(2023, 9, 30))
    assert [len(list(bare.scalars(q))) for q in (tracks(), zones(), categories())] == [5, 10, 18]
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


def test_another_event_takes_the_place_of_one_without_people(bare: Session) -> None:
    take(bare, document(TEN_TRACKS))
    take(bare, document())
    assert document_of(bare) == document()
    assert count(bare, Event) == 1


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


def test_the_rule_of_a_gate_and_of_a_session_s_door_is_loaded_told_and_dumped_again(
    bare: Session,
) -> None:
    take(bare, document(ONE_DAY))
    gate = ("[gates.door]", '[gates.door]\nentry = "in_out"\ncapacity = 40\ndays = [2025-08-27]')
    door = ('rule = "registered_only"', 'rule = "open"\nentry = "once"\ncategories = ["visitor"]')
    stated = edited(ONE_DAY, gate, door)
    assert take(bare, stated) == Loaded(changed=["gates.door", "sessions.panel"])
    found = {place.key: place for place in bare.scalars(checkpoints())}
    yard, panel = found["door"].stated, found["panel"].stated
    assert (yard.entry, yard.capacity, found["door"].days) == ("in_out", 40, ["2025-08-27"])
    assert (panel.entry, panel.categories) == ("once", ["visitor"])
    assert document_of(bare).gates == stated.gates
    assert document_of(bare).sessions == stated.sessions
    noted = bare.scalars(select(Change).where(Change.verb == "changed").order_by(Change.id))
    assert {change.subject: change.details for change in noted} == {
        "checkpoint": {
            "entry": ["free", "in_out"], "capacity": [None, 40], "days": [[], ["2025-08-27"]],
        },
        "slot": {
            "entry": ["free", "once"], "categories": ["", "visitor"],
            "rule": ["registered_only", "open"],
        },
    }  # fmt: skip
    assert take(bare, document(ONE_DAY)) == Loaded(changed=["gates.door", "sessions.panel"])
