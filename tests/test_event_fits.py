"""How the values of an event file must fit together, and that nothing of it is left unsaid."""

from datetime import date, datetime

import msgspec

from event.eventcheck import problems_in, shifted
from event.eventfile import parse
from event.sittings import Problem
from tests.event_files import DEFAULT, ONE_DAY, document, edited


def wrong(*changes: tuple[str, str]) -> list[Problem]:
    """What is wrong with the one-day event after these replacements in its text."""
    text = ONE_DAY.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return problems_in(parse(text.encode(), "x.toml"))


def brief(problems: list[Problem]) -> list[tuple[str, str]]:
    return [(problem.where, problem.what) for problem in problems]


def test_everything_that_does_not_fit_is_named_at_once() -> None:
    problems = wrong(
        ('track = "firms"\ntitle = "Hội', 'track = "farms"\ntitle = "Hội'),
        ("ends = 2025-08-27 11:30:00", "ends = 2025-08-27 08:30:00"),
        ("starts = 2025-08-27 13:30:00", "starts = 2025-08-26 13:30:00"),
        ('rule = "registered_only"', 'rule = "closed"\nmeetings = 5'),
    )
    assert brief(problems) == [
        ("sessions.seminar.ends", "ends_before_start"),
        ("sessions.seminar.track", "unknown_key"),
        ("sessions.panel.rule", "unknown_key"),
        ("sessions.panel.meetings", "only_rounds_meet"),
        ("sessions.panel.starts", "outside_days"),
    ]
    assert problems[1].values == {"found": "farms", "known": ["firms"]}


def test_a_session_may_end_at_midnight_but_not_later() -> None:
    late = ("ends = 2025-08-27 16:00:00", "ends = 2025-08-28 00:00:00")
    later = ("ends = 2025-08-27 16:00:00", "ends = 2025-08-28 00:01:00")
    assert wrong(late) == []
    assert brief(wrong(later)) == [("sessions.panel.ends", "outside_days")]


def test_a_room_used_twice_at_once_is_named_with_who_has_it() -> None:
    problem = wrong(("starts = 2025-08-27 13:30:00", "starts = 2025-08-27 11:29:00"))[0]
    assert (problem.where, problem.what) == ("sessions.panel.room", "room_taken")
    assert (problem.values["room"], problem.values["key"]) == ("hall", "seminar")


def test_one_session_may_follow_another_in_the_same_room() -> None:
    assert wrong(("starts = 2025-08-27 13:30:00", "starts = 2025-08-27 11:30:00")) == []


def test_an_event_that_ends_before_it_begins_is_refused() -> None:
    problems = wrong(("last_day = 2025-08-27", "last_day = 2025-08-26\nkeep_until = 2025-01-01"))
    assert brief(problems)[:2] == [
        ("event.last_day", "ends_before_first_day"),
        ("event.keep_until", "kept_too_short"),
    ]


def test_a_wrong_year_is_noticed() -> None:
    assert brief(wrong(("last_day = 2025", "last_day = 2052"))) == [
        ("event.last_day", "too_many_days")
    ]


def test_an_unknown_time_zone_is_refused() -> None:
    assert brief(wrong(("last_day", 'time_zone = "Asia/Hanoi"\nlast_day'))) == [
        ("event.time_zone", "unknown_zone")
    ]


def test_a_time_that_the_clocks_skip_is_refused() -> None:
    spring = 'time_zone = "Europe/Berlin"\nfirst_day = 2025-03-30'
    problems = wrong(
        ("first_day = 2025-08-27", spring),
        ("last_day = 2025-08-27", "last_day = 2025-08-27"),
        ("starts = 2025-08-27 08:30:00", "starts = 2025-03-30 02:30:00"),
        ("ends = 2025-08-27 11:30:00", "ends = 2025-03-30 04:30:00"),
    )
    assert brief(problems) == [("sessions.seminar.starts", "no_such_time")]


def test_numbers_and_names_belong_to_one_category_each() -> None:
    more = (
        '[categories.other]\nnumber = 1\nname = "KHÁCH THAM DỰ"\ncolour = "#000000"\n\n[gates.door]'
    )
    problems = wrong(("[gates.door]", more))
    assert brief(problems) == [
        ("categories.other.name", "name_taken"),
        ("categories.other.number", "number_taken"),
    ]
    assert problems[1].values == {"found": 1, "other": "categories.visitor", "free": 2}


def test_a_gate_and_a_session_cannot_share_a_key() -> None:
    assert brief(wrong(("[gates.door]", "[gates.panel]"))) == [("sessions.panel", "key_taken")]


def test_what_a_gate_names_must_exist() -> None:
    rule = 'days = [2025-08-27, 2025-08-28]\ncategories = ["visitor", "vip"]\nentry = "twice"'
    problems = wrong(("[gates.door]", f"[gates.door]\n{rule}"))
    assert brief(problems) == [
        ("gates.door.days", "outside_days"),
        ("gates.door.categories", "unknown_key"),
        ("gates.door.entry", "unknown_key"),
    ]
    assert problems[0].values["found"] == date(2025, 8, 28)
    assert problems[1].values == {"found": "vip", "known": ["visitor"]}
    assert problems[2].values == {"found": "twice", "known": ["daily", "free", "in_out", "once"]}


def test_gates_of_one_area_are_all_scanned_on_the_way_out_or_none() -> None:
    back = '[gates.back]\nname = "Cổng sau"\nentry = "in_out"\n'
    assert brief(wrong(("[gates.door]", f"{back}\n[gates.door]"))) == [
        ("gates.door.entry", "not_all_in_out")
    ]
    assert wrong(("[gates.door]", f'{back}area = "yard"\n\n[gates.door]')) == []


def test_a_session_says_whom_its_door_takes_and_a_round_has_no_door() -> None:
    rule = ('rule = "registered_only"', 'rule = "open"\ncategories = ["vip"]\nentry = "never"')
    assert brief(wrong(rule)) == [
        ("sessions.panel.entry", "unknown_key"),
        ("sessions.panel.categories", "unknown_key"),
    ]
    turned = ("[sessions.panel]", "[rounds.panel]")
    stated = ('rule = "registered_only"', 'categories = ["visitor"]\nentry = "once"')
    assert brief(wrong(turned, stated)) == [
        ("rounds.panel.categories", "rounds_have_no_door"),
        ("rounds.panel.entry", "rounds_have_no_door"),
    ]


def test_somebody_must_be_able_to_register_and_to_agree() -> None:
    problems = wrong(("number = 1", "number = 1\npublic = false"), ("take_part", "newsletter"))
    assert brief(problems) == [("notices.take_part", "missing"), ("categories", "none_public")]


def test_a_rehearsal_moves_every_date_by_as_many_days() -> None:
    moved = shifted(document(), date(2026, 11, 28))
    assert (moved.event.first_day, moved.event.last_day) == (date(2026, 11, 28), date(2026, 11, 29))
    assert moved.event.keep_until == date(2027, 5, 30)
    assert moved.sessions["it-3"].starts == datetime(2026, 11, 29, 8, 30)  # noqa: DTZ001
    assert problems_in(moved) == []
    stated = edited(DEFAULT, ("[gates.gate-b]", "[gates.gate-b]\ndays = [2023-09-30]"))
    later = shifted(stated, date(2026, 11, 28))
    assert later.gates["gate-b"].days == [date(2026, 11, 29)]
    back = shifted(moved, date(2023, 9, 29))
    assert back.event == msgspec.structs.replace(document().event, rehearsal=True)
    assert back.sessions == document().sessions
