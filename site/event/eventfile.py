"""The event file: its shape in TOML, and reading it so that every mistake is named at once."""

import re
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import msgspec
import tomli_w
from msgspec import Meta, Struct

from event.eventshape import DATES, wrong_shape
from event.eventvalues import (
    Colour,
    Count,
    Day,
    Days,
    Key,
    Keys,
    LocalTime,
    LongText,
    Minutes,
    Name,
    Names,
    OneByte,
    Places,
    Text,
    Year,
    YesNo,
)
from event.layouts import BadgesPart
from event.logofile import with_logo
from event.logos import WrongLogo
from event.names import clean
from event.sittings import Problem

LARGEST = 1_000_000  # bytes


class WrongFile(Exception):
    """A file that is refused whole; `problems` says everything that is wrong with it."""

    def __init__(self, file: str, problems: Iterable[Problem]) -> None:
        self.file, self.problems = file, tuple(problems)
        super().__init__(f"{file}: " + ", ".join(f"{p.where} {p.what}" for p in self.problems))


class Table(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the file; `assumed` names those of its values that are not announced yet."""

    assumed: Names = []


class EventPart(Table, frozen=True, kw_only=True):
    """The event itself."""

    key: Key
    name: Name
    name_en: Text = ""
    theme: Text = ""
    theme_en: Text = ""
    place: Name
    place_en: Text = ""
    address: Text = ""
    address_en: Text = ""
    first_day: Day
    last_day: Day
    time_zone: Name = "Asia/Ho_Chi_Minh"
    since: Year | None = None
    expected_people: Count | None = None
    expected_booths_at_least: Count | None = None
    expected_booths: Count | None = None
    places: Places | None = None
    keep_until: Day | None = None
    rehearsal: YesNo | None = None
    registration_opens: LocalTime | None = None
    registration_closes: LocalTime | None = None
    changes_until: LocalTime | None = None
    holidays: Days = []


class LetterheadPart(Table, frozen=True, kw_only=True):
    """Head and signature of official lists."""

    parent: Text = ""
    body: Text = ""
    place: Text = ""
    signs: Text = ""


class NoticePart(Table, frozen=True, kw_only=True):
    """What people agree to for one purpose."""

    text: LongText
    text_en: Annotated[str, Meta(max_length=10_000, description="long_text")] = ""


class Named(Table, frozen=True, kw_only=True):
    """A zone, room, activity, audience or consulting subject."""

    name: Name
    name_en: Text = ""


class GatePart(Named, frozen=True, kw_only=True):
    """A gate and its rule; what is left out lets everybody in, on every day, as often as they come.

    Gates of one `area` count together; without one, they all lead into the event.
    """

    area: Key | None = None
    days: Days = []
    categories: Keys = []
    entry: Name | None = None
    capacity: Count | None = None


class OrganiserPart(Named, frozen=True, kw_only=True):
    """A body with its part in the event."""

    role: Name
    role_en: Text = ""


class RoomPart(Named, frozen=True, kw_only=True):
    """A room or hall, and how many minutes it takes to walk from there to others, both ways."""

    minutes_to: Minutes = {}


class TrackPart(Named, frozen=True, kw_only=True):
    """A spotlight; `subjects` are other names for it."""

    colour: Colour
    subjects: Names = []


class CategoryPart(Named, frozen=True, kw_only=True):
    """What people come as. `approval`: they wait for an organiser's yes; `group`: a responsible
    adult, who says how many come along; `places`: how many may come, with these.
    """

    number: OneByte
    colour: Colour
    public: YesNo = True
    approval: YesNo | None = None
    group: YesNo | None = None
    places: Places | None = None
    aliases: Names = []


class Sitting(Table, frozen=True, kw_only=True):
    """A session, forum or matching round, at local times."""

    track: Key | None = None
    title: Name
    title_en: Text = ""
    chair: Text = ""
    chair_en: Text = ""
    starts: LocalTime
    ends: LocalTime
    room: Key | None = None
    capacity: Count | None = None
    rule: Name = "open"
    categories: Keys = []
    entry: Name | None = None
    meetings: Count | None = None


class Document(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file. Every thing is a table under its key; the order is that of the pages."""

    event: EventPart
    letterhead: LetterheadPart = LetterheadPart()
    notices: dict[Key, NoticePart]
    organisers: dict[Key, OrganiserPart] = {}
    activities: dict[Key, Named] = {}
    audience: dict[Key, Named] = {}
    consulting: dict[Key, Named] = {}
    zones: dict[Key, Named] = {}
    tracks: dict[Key, TrackPart] = {}
    rooms: dict[Key, RoomPart] = {}
    categories: dict[Key, CategoryPart]
    gates: dict[Key, GatePart]
    forums: dict[Key, Sitting] = {}
    sessions: dict[Key, Sitting] = {}
    rounds: dict[Key, Sitting] = {}
    badges: BadgesPart = BadgesPart()


def read_file(path: Path) -> bytes:
    """The bytes of an event file. Raises `WrongFile` where there is none, or far too much."""
    try:
        if path.stat().st_size > LARGEST:
            raise WrongFile(str(path), [Problem("", "file_too_large", {"limit": LARGEST})])
        return path.read_bytes()
    except FileNotFoundError:
        problem = Problem("", "no_file")
    except IsADirectoryError:
        problem = Problem("", "is_folder")
    except OSError as error:
        problem = Problem("", "unreadable", {"reason": error.strerror})
    raise WrongFile(str(path), [problem])


def parse(data: bytes, file: str, folder: Path | None = None) -> Document:
    """The event that stands in a file, its values of the right kind. Raises `WrongFile`.

    A logo that the file names lies beside it, in `folder`; without one, it stands in the file.

    How the values fit together is judged by `eventcheck.problems_in`, when the event is loaded.
    """
    raw = _toml(_decoded(data, file), file)
    tidied = {
        key: value if key == "badges" else _tidied(value, lines=key == "notices")
        for key, value in raw.items()
    }
    if problems := list(wrong_shape(tidied, Document)):
        raise WrongFile(file, problems)
    document = msgspec.convert(tidied, Document, builtin_types=DATES)
    if not document.badges.logo:
        return document
    try:
        badges = with_logo(document.badges, folder)
    except WrongLogo as wrong:
        raise WrongFile(file, [Problem("badges.logo", wrong.what, wrong.values)]) from None
    return msgspec.structs.replace(document, badges=badges)


def written(document: Document) -> str:
    """The event as TOML, in the order of the file's shape; short lists stand on one line."""
    raw = msgspec.to_builtins(document, builtin_types=DATES)
    text = tomli_w.dumps(_filled_in(raw), multiline_strings=True)
    return re.sub(r"= \[\n((?: {4}.*,\n)+)\]", _on_one_line, text)


def _filled_in(table: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty, and with "assumed" as the last line of each table."""
    keys = sorted(table, key=lambda key: key == "assumed")
    inner = {key: table[key] for key in keys if table[key] not in (None, "", [], {})}
    filled = {k: _filled_in(v) if isinstance(v, dict) else v for k, v in inner.items()}
    return {key: value for key, value in filled.items() if value != {}}


def _on_one_line(found: re.Match[str]) -> str:
    """No text of the file can look like such a list: its lines never begin with spaces."""
    one = "= [" + " ".join(line.strip() for line in found[1].splitlines()).rstrip(",") + "]"
    return one if len(one) < 100 else found[0]


def _decoded(data: bytes, file: str) -> str:
    if len(data) > LARGEST:
        raise WrongFile(file, [Problem("", "file_too_large", {"limit": LARGEST})])
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise WrongFile(file, [Problem("", "not_utf8", {"line": line})]) from None


def _toml(text: str, file: str) -> dict[str, Any]:
    if any(line.count(".") > 200 for line in text.splitlines()):  # costs the square of the dots
        raise WrongFile(file, [Problem("", "nested_too_deeply")])
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise WrongFile(file, [Problem("", "nested_too_deeply")]) from None
    except ValueError as error:
        found = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", str(error), re.DOTALL)
        reason, line, column = found.groups() if found else (str(error), text.count("\n") + 1, 1)
        at = {"reason": reason, "line": int(line), "column": int(column)}
        raise WrongFile(file, [Problem("", "syntax", at)]) from None


def _tidied(value: Any, *, lines: bool) -> Any:
    """Texts in NFC with single spaces; only notices keep their line breaks."""
    if isinstance(value, dict):
        return {key: _tidied(inner, lines=lines) for key, inner in value.items()}
    if isinstance(value, list):
        return [_tidied(inner, lines=lines) for inner in value]
    if isinstance(value, str):
        return "\n".join(map(clean, value.splitlines())).strip() if lines else clean(value)
    return value
