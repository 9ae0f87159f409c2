"""The event that comes along: Techconnect and Innovation Vietnam 2023, as it was announced."""

import re
from datetime import date

from event.eventfile import written
from tests.event_files import document


def test_the_default_event_is_the_one_of_2023() -> None:
    event = document().event
    assert event.name == "Kết nối công nghệ và Đổi mới sáng tạo Việt Nam 2023"
    assert event.name_en == "Techconnect and Innovation Vietnam 2023"
    assert event.theme == "Đổi mới sáng tạo - Phát triển bền vững"
    assert (event.first_day, event.last_day) == (date(2023, 9, 29), date(2023, 9, 30))
    assert (event.place, event.since, event.expected_people) == ("Quảng Ninh", 2011, 10_000)
    assert (event.expected_booths_at_least, event.expected_booths) == (200, 250)


def test_the_default_event_has_its_parts() -> None:
    whole = document()
    assert [o.name for o in whole.organisers.values()] == [
        "Bộ Khoa học và Công nghệ", "UBND tỉnh Quảng Ninh", "Báo VnExpress",
    ]  # fmt: skip
    sizes = {
        name: len(getattr(whole, name)) for name in ("activities", "zones", "tracks", "rounds")
    }
    assert sizes == {"activities": 3, "zones": 10, "tracks": 5, "rounds": 4}
    assert [track.name for track in whole.tracks.values()] == [
        "Vật liệu mới", "Năng lượng xanh", "Logistics và chuỗi cung ứng",
        "Khoa học phục vụ sức khỏe: nông nghiệp và y tế", "Công nghệ thông tin",
    ]  # fmt: skip


def test_each_track_of_the_default_event_has_sessions_on_both_days() -> None:
    whole = document()
    held = {(s.track, s.starts.date()) for s in whole.sessions.values()}
    days = (whole.event.first_day, whole.event.last_day)
    assert held == {(track, day) for track in whole.tracks for day in days}


def test_everything_the_source_does_not_state_is_marked_as_assumed() -> None:
    whole = document()
    for session in [*whole.sessions.values(), *whole.forums.values()]:
        stated = {"title", "chair", "starts", "ends", "room", "rule"}
        assert set(session.assumed) == stated | ({"capacity"} if session.capacity else set())
    assert whole.event.assumed == ["address", "keep_until"]


def test_every_text_of_the_default_event_is_there_in_english() -> None:
    raw = written(document())
    assert re.findall(r"^(name|title|role|theme|text) = ", raw, re.M) == [
        name.removesuffix("_en")
        for name in re.findall(r"^((?:name|title|role|theme|text)_en) = ", raw, re.M)
    ]


def test_white_letters_are_readable_on_every_colour_of_the_default_event() -> None:
    whole = document()
    coloured = {**whole.tracks, **{f"category {k}": c for k, c in whole.categories.items()}}
    faint = {key for key, thing in coloured.items() if contrast_with_white(thing.colour) < 4.5}
    assert faint == set()


def contrast_with_white(colour: str) -> float:
    """As WCAG 2 reckons it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)
