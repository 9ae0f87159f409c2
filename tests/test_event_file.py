"""The event file: what it may say, and how every mistake in it is named at once."""

import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

from event.eventcheck import problems_in
from event.eventfile import LARGEST, WrongFile, parse, read_file, written
from event.sittings import Problem
from tests.event_files import ALL, ONE_DAY, document


def refused(text: str | bytes) -> list[tuple[str, str]]:
    """Where and what, of a file that cannot be read."""
    data = text.encode() if isinstance(text, str) else text
    with pytest.raises(WrongFile) as error:
        parse(data, "x.toml")
    assert error.value.file == "x.toml"
    return [(problem.where, problem.what) for problem in error.value.problems]


@pytest.mark.parametrize("path", ALL, ids=lambda p: p.name)
def test_the_events_that_come_along_are_sound(path: Path) -> None:
    assert problems_in(document(path)) == []


@pytest.mark.parametrize("path", ALL, ids=lambda p: p.name)
def test_a_document_is_written_and_read_back_unchanged(path: Path) -> None:
    text = written(document(path))
    again = parse(text.encode(), "again")
    assert again == document(path)
    assert written(again) == text


def test_a_file_from_notepad_is_read() -> None:
    text = ONE_DAY.read_text().replace("\n", "\r\n")
    assert parse(b"\xef\xbb\xbf" + text.encode(), "x.toml") == document(ONE_DAY)


def test_texts_are_composed_and_their_spaces_folded() -> None:
    text = ONE_DAY.read_text().replace(
        'name = "Cửa chính"', 'name = "  Cu\u031b\u0309a \\n chính "'
    )
    assert parse(text.encode(), "x.toml").gates["door"].name == "Cửa chính"


def test_a_missing_file_a_folder_and_a_huge_file_are_told_apart(tmp_path: Path) -> None:
    huge = tmp_path / "huge.toml"
    huge.write_bytes(b"#" * (LARGEST + 1))
    for path, what in [
        (tmp_path / "none.toml", "no_file"),
        (tmp_path, "is_folder"),
        (huge, "file_too_large"),
    ]:
        with pytest.raises(WrongFile) as error:
            read_file(path)
        assert [problem.what for problem in error.value.problems] == [what]


def test_a_syntax_error_names_line_and_column() -> None:
    with pytest.raises(WrongFile) as error:
        parse(b'[event]\nkey = "x"\nname = Kh\xc3\xb4ng\n', "x.toml")
    problem = error.value.problems[0]
    assert (problem.what, problem.values["line"], problem.values["column"]) == ("syntax", 3, 8)


def test_a_table_written_twice_is_a_syntax_error_with_its_line() -> None:
    text = ONE_DAY.read_text() + '\n[gates.door]\nname = "Cửa"\n'
    with pytest.raises(WrongFile) as error:
        parse(text.encode(), "x.toml")
    problem = error.value.problems[0]
    assert (problem.what, problem.values["line"]) == ("syntax", text.count("\n") - 1)


@pytest.mark.parametrize(("encoding", "line"), [("utf-16", 1), ("utf-32", 1), ("cp1258", 3)])
def test_another_encoding_is_refused_by_line(encoding: str, line: int) -> None:
    with pytest.raises(WrongFile) as error:
        parse('# a\n\nname = "Đô"'.encode(encoding), "x.toml")
    assert error.value.problems == (Problem("", "not_utf8", {"line": line}),)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("a = " + "[" * 5000, "nested_too_deeply"),
        ("a = " + "9" * 5000, "syntax"),
        ("a = 2023-02-31", "syntax"),
        ('a = "\\ud800"', "syntax"),
        ("a = 1\0", "syntax"),
    ],
)
def test_what_toml_chokes_on_is_refused(text: str, what: str) -> None:
    assert refused(text) == [("", what)]


def test_an_empty_file_lacks_every_section_it_needs() -> None:
    assert refused("") == [
        (section, "missing") for section in ("event", "notices", "categories", "gates")
    ]


def test_every_wrong_value_is_named_with_its_path_at_once() -> None:
    text = ONE_DAY.read_text()
    for old, new in [
        ("capacity = 40", "capacity = -1"),
        ('title = "Tọa đàm: tìm đối tác và thị trường"', 'titel = "Tọa đàm"'),
        ("number = 1", 'number = "1"'),
        ('colour = "#0B5FA5"', 'colour = "blue"\nsubjects = ["IT", 5]'),
        ("starts = 2025-08-27 08:30:00", "starts = 2025-08-27T08:30:00Z"),
        ("first_day = 2025-08-27", 'first_day = "27/08/2025"'),
        ("[rooms.hall]", "[rooms.Hall]"),
    ]:
        assert old in text
        text = text.replace(old, new)
    assert refused(text) == [
        ("event.first_day", "not_a"),
        ("tracks.firms.colour", "not_a"),
        ("tracks.firms.subjects[1]", "not_a"),
        ("rooms.Hall", "not_a"),
        ("categories.visitor.number", "not_a"),
        ("sessions.seminar.starts", "not_a"),
        ("sessions.panel.titel", "unknown_field"),
        ("sessions.panel.title", "missing"),
        ("sessions.panel.capacity", "not_a"),
    ]


def test_a_wrong_value_comes_with_what_would_be_right() -> None:
    with pytest.raises(WrongFile) as error:
        parse(ONE_DAY.read_text().replace("capacity = 2", "capacity = 2.5").encode(), "x.toml")
    assert error.value.problems == (
        Problem("sessions.seminar.capacity", "not_a", {"right": "count", "found": 2.5}),
    )


def test_a_misspelt_name_is_shown_the_likely_one_first() -> None:
    with pytest.raises(WrongFile) as error:
        parse(ONE_DAY.read_text().replace("colour = ", "color = ").encode(), "x.toml")
    unknown = [p for p in error.value.problems if p.what == "unknown_field"]
    assert [p.values["known"][0] for p in unknown] == ["colour", "colour"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("sessions = 5", ("sessions", "not_a")),
        ("[[sessions]]\nkey = 1", ("sessions", "not_a")),
        ("[sessions]\nx = 5", ("sessions.x", "not_a")),
        ("[guests]\nx = 5", ("guests", "unknown_field")),
        ("notices = 5", ("notices", "not_a")),
    ],
)
def test_sections_must_be_tables_that_are_known(text: str, problem: tuple[str, str]) -> None:
    assert problem in refused(text)


def test_five_hundred_sessions_are_enough() -> None:
    session = 'title = "A"\nstarts = 2025-08-27 08:30:00\nends = 2025-08-27 09:30:00\n'
    text = ONE_DAY.read_text() + "".join(f"[rounds.r-{n}]\n{session}" for n in range(501))
    assert refused(text) == [("rounds", "too_many")]


def test_only_real_values_can_be_assumed() -> None:
    text = ONE_DAY.read_text().replace("capacity = 2", 'capacity = 2\nassumed = ["seats"]')
    assert refused(text) == [("sessions.seminar.assumed", "unknown_key")]


PLACES = [
    ("event", "key"), ("event", "first_day"), ("event", "time_zone"), ("letterhead", "body"),
    ("notices", "take_part"), ("tracks", "firms"), ("categories", "visitor"), ("gates", "door"),
    ("sessions", "panel"), ("sessions", "new"), ("rooms", "hall"), ("organisers", "assumed"),
]  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.dates()
    | st.datetimes() | st.times(),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["name", "starts", "assumed", "number", "key"]), inner),
    max_leaves=8,
).filter(lambda value: value is not None)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), VALUES), min_size=1, max_size=3))
def test_any_value_anywhere_is_taken_or_refused_but_never_fails(changes: list[Any]) -> None:
    raw = tomllib.loads(ONE_DAY.read_text())
    for (section, key), value in changes:
        raw.setdefault(section, {})[key] = value
    try:
        text = tomli_w.dumps(raw)
    except (TypeError, ValueError):
        return
    with suppress(WrongFile):
        problems_in(parse(text.encode(), "x.toml"))
