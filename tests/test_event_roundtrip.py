"""Any event at all: written, read, loaded over another one and dumped, it stays what it was."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from event.dumping import document_of, dump
from event.eventcheck import problems_in
from event.eventfile import (
    CategoryPart,
    Document,
    EventPart,
    GatePart,
    LetterheadPart,
    Named,
    NoticePart,
    OrganiserPart,
    Sitting,
    TrackPart,
    parse,
    written,
)
from event.layouts import BadgesPart, CardPart, LayoutPart
from event.loading import Loaded, load

AT = datetime(2023, 9, 1, tzinfo=UTC)
KEYS = st.from_regex(r"[a-z0-9]{1,8}(-[a-z0-9]{1,8})?", fullmatch=True)
WRITTEN = st.text(max_size=40) | st.sampled_from(
    [
        '"""',
        "'''",
        "\\",
        "#",
        "= [\n    a,\n]",
        "e\u0302",
        "<b>",
        "{x}",
        "100%",
        "🎫",
        "ไทย",
        "\u200b",
    ]
)
NAMES = st.tuples(WRITTEN, st.uuids()).map(lambda pair: f"{pair[0]} {pair[1].hex}")
COLOURS = st.from_regex("#[0-9a-fA-F]{6}", fullmatch=True)
COUNTS = st.none() | st.integers(0, 1_000_000)
FIRST = st.dates(date(1990, 1, 1), date(2100, 1, 1))
ZONES = st.sampled_from(["Asia/Ho_Chi_Minh", "Asia/Kathmandu", "UTC", "America/St_Johns"])


def things(part: st.SearchStrategy[Any], least: int = 0) -> st.SearchStrategy[dict[str, Any]]:
    return st.dictionaries(KEYS, part, min_size=least, max_size=4)


NAMED = st.builds(
    Named, name=NAMES, name_en=st.just("") | NAMES, assumed=st.just([]) | st.just(["name"])
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Events that fit: each session has its own hour, each category its own number."""
    first, zone = draw(FIRST), draw(ZONES)
    tracks = draw(
        things(st.builds(TrackPart, name=NAMES, colour=COLOURS, subjects=st.lists(NAMES)))
    )
    rooms = draw(things(NAMED))
    keys = draw(st.lists(KEYS, min_size=1, max_size=12, unique=True))
    gates, rest = keys[:2], keys[2:]
    sittings = {
        key: draw(sitting(first, hour, [*tracks, None], [*rooms, None]))
        for hour, key in enumerate(rest)
    }
    categories = numbered(draw(things(st.builds(
        CategoryPart, name=NAMES, colour=COLOURS, number=st.just(1), aliases=st.lists(NAMES),
    ), least=1)), draw(st.permutations(range(1, 256))))  # fmt: skip
    parts = dict(zip(("forums", "sessions", "rounds"), split(sittings), strict=True))
    for section in ("forums", "sessions"):
        parts[section] = {
            key: msgspec.structs.replace(part, **draw(rules(categories)))
            for key, part in parts[section].items()
        }
    return Document(
        event=draw(events(first, zone)),
        letterhead=draw(st.builds(LetterheadPart, parent=WRITTEN, signs=WRITTEN)),
        notices={"take_part": draw(st.builds(NoticePart, text=NAMES.map(lambda n: f"{n}\n\n{n}")))},
        organisers=draw(things(st.builds(OrganiserPart, name=NAMES, role=NAMES, role_en=WRITTEN))),
        activities=draw(things(NAMED)),
        zones=draw(things(NAMED)),
        tracks=tracks,
        rooms=rooms,
        categories=categories,
        gates={key: draw(gate(first, area, categories)) for area, key in enumerate(gates)},
        badges=draw(badges()),
        **parts,
    )


def rules(categories: Iterable[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Whom a door lets in, and how often; what goes without saying is left out."""
    return st.fixed_dictionaries({
        "categories": st.lists(st.sampled_from(sorted(categories)), unique=True),
        "entry": st.none() | st.sampled_from(["once", "daily", "in_out"]),
    })  # fmt: skip


@st.composite
def gate(draw: st.DrawFn, first: date, number: int, categories: Iterable[str]) -> GatePart:
    """Each leads to a place of its own."""
    days = st.integers(0, 2).map(lambda day: first + timedelta(days=day))
    return GatePart(
        **msgspec.structs.asdict(draw(NAMED)),
        **draw(rules(categories)),
        area=f"area-{number}" if draw(st.booleans()) or number else None,
        days=draw(st.lists(days, unique=True)),
        capacity=draw(COUNTS),
    )


def events(first: date, zone: str) -> st.SearchStrategy[EventPart]:
    return st.builds(
        EventPart, key=KEYS, name=NAMES, theme=WRITTEN, theme_en=WRITTEN, place=NAMES,
        address=WRITTEN, first_day=st.just(first), last_day=st.just(first + timedelta(days=2)),
        time_zone=st.just(zone), since=st.none() | st.integers(1900, 2999), expected_people=COUNTS,
    )  # fmt: skip


def sitting(
    first: date, hour: int, tracks: list[Any], rooms: list[Any]
) -> st.SearchStrategy[Sitting]:
    start = datetime(first.year, first.month, first.day, 4 + hour)  # noqa: DTZ001
    return st.builds(
        Sitting, title=NAMES, title_en=WRITTEN, chair=WRITTEN, track=st.sampled_from(tracks),
        room=st.sampled_from(rooms), starts=st.just(start), capacity=COUNTS,
        ends=st.integers(1, 60).map(lambda minutes: start + timedelta(minutes=minutes)),
        rule=st.sampled_from(["open", "registered_first", "registered_only"]),
    )  # fmt: skip


def numbered(found: dict[str, CategoryPart], numbers: list[int]) -> dict[str, CategoryPart]:
    pairs = zip(found.items(), numbers, strict=False)
    return {key: msgspec.structs.replace(part, number=n) for (key, part), n in pairs}


def badges() -> st.SearchStrategy[BadgesPart]:
    """Descriptions that fit, and hold nothing that a file may leave out."""
    cards = st.sampled_from([
        {},
        {"a6": CardPart(both_languages=True, name_size=30), "90x54": CardPart(parts=("code",))},
        {"own": CardPart(size=(60, 90), parts=("name",), person=(1, 1, 58, 88.5))},
    ])  # fmt: skip
    layouts = st.sampled_from([
        {},
        {"10up": LayoutPart(cut_marks=False, margin=(3, 4.5)), "a6": LayoutPart(paper="A5")},
        {"own": LayoutPart(name="Của tôi", card="a7", paper=(300, 200), columns=2, rows=2)},
    ])  # fmt: skip
    logos = st.none() | st.just('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" />')
    return st.builds(
        BadgesPart, layout=st.sampled_from([None, "4up"]),
        offset=st.sampled_from([None, (1, -2.5)]), duplex=st.sampled_from([None, True]),
        logo=logos, layouts=layouts, cards=cards,
    )  # fmt: skip


def split(sittings: dict[str, Sitting]) -> list[dict[str, Sitting]]:
    """Into forums, sessions and rounds by turns."""
    return [dict(list(sittings.items())[turn::3]) for turn in range(3)]


@settings(max_examples=25, deadline=None)
@given(documents())
def test_a_document_survives_being_written_and_read(drawn: Document) -> None:
    document = parse(written(drawn).encode(), "drawn")
    assert problems_in(document) == []
    text = written(document)
    assert parse(text.encode(), "again") == document
    assert written(parse(text.encode(), "again")) == text


def without_the_last_logo(document: Document) -> Document:
    """A file that says nothing of a logo would leave the one before it."""
    badges = msgspec.structs.replace(document.badges, logo=document.badges.logo or "")
    return msgspec.structs.replace(document, badges=badges)


# One database for all examples: each event is loaded over the one before it.
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(drawn=documents())
def test_a_document_survives_the_database(bare: Session, drawn: Document) -> None:
    document = parse(written(drawn).encode(), "drawn")
    load(bare, without_the_last_logo(document), at=AT, by="command")
    assert document_of(bare) == document
    text = dump(bare)
    again = parse(text.encode(), "dump")
    assert load(bare, again, at=AT, by="command") == Loaded()
    assert dump(bare) == text
