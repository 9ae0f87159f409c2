"""The event file: its shape in TOML, and reading it so that every mistake is named at once."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import msgspec
import tomli_w
from msgspec import Meta, Struct

from event.names import clean
from event.sittings import KEY_LENGTH, KEY_PATTERN, MOST_SEATS, TEXT_LENGTH, Problem

LARGEST = 1_000_000  # bytes
MOST_THINGS = 500
DATES = (date, datetime)

# What each kind of value is described by is the key in `Problem.values["right"]` when it is wrong.
Key = Annotated[str, Meta(pattern=KEY_PATTERN, max_length=KEY_LENGTH, description="key")]
Name = Annotated[str, Meta(min_length=1, max_length=TEXT_LENGTH, description="name")]
Text = Annotated[str, Meta(max_length=TEXT_LENGTH, description="text")]
LongText = Annotated[str, Meta(min_length=1, max_length=10_000, description="long_text")]
Colour = Annotated[str, Meta(pattern="^#[0-9A-Fa-f]{6}$", description="colour")]
Names = Annotated[list[Name], Meta(max_length=100, description="names")]
Count = Annotated[int, Meta(ge=0, le=MOST_SEATS, description="count")]
OneByte = Annotated[int, Meta(ge=1, le=255, description="one_byte")]
Year = Annotated[int, Meta(ge=1900, le=2999, description="year")]
YesNo = Annotated[bool, Meta(description="yes_no")]
Day = Annotated[date, Meta(description="day")]
LocalTime = Annotated[datetime, Meta(tz=False, description="local_time")]


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
    keep_until: Day | None = None


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
    """A zone, room, gate, activity, audience or consulting subject."""

    name: Name
    name_en: Text = ""


class OrganiserPart(Named, frozen=True, kw_only=True):
    """A body with its part in the event."""

    role: Name
    role_en: Text = ""


class TrackPart(Named, frozen=True, kw_only=True):
    """A spotlight; `subjects` are other names for it."""

    colour: Colour
    subjects: Names = []


class CategoryPart(Named, frozen=True, kw_only=True):
    """What people come as."""

    number: OneByte
    colour: Colour
    public: YesNo = True
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
    rooms: dict[Key, Named] = {}
    categories: dict[Key, CategoryPart]
    gates: dict[Key, Named]
    forums: dict[Key, Sitting] = {}
    sessions: dict[Key, Sitting] = {}
    rounds: dict[Key, Sitting] = {}


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


def parse(data: bytes, file: str) -> Document:
    """The event that stands in a file, its values of the right kind. Raises `WrongFile`.

    How the values fit together is judged by `eventcheck.problems_in`, when the event is loaded.
    """
    raw = _toml(_decoded(data, file), file)
    tidied = {key: _tidied(value, lines=key == "notices") for key, value in raw.items()}
    if problems := list(_wrong_shape(tidied)):
        raise WrongFile(file, problems)
    return msgspec.convert(tidied, Document, builtin_types=DATES)


def written(document: Document) -> str:
    """The event as TOML, in the order of the file's shape; short lists stand on one line."""
    raw = msgspec.to_builtins(document, builtin_types=DATES)
    text = tomli_w.dumps(_filled_in(raw), multiline_strings=True)
    return re.sub(r"= \[\n((?: {4}.*,\n)+)\]", _on_one_line, text)


def _filled_in(table: dict[str, Any]) -> dict[str, Any]:
    """Without what is empty, and with "assumed" as the last line of each table."""
    keys = sorted(table, key=lambda key: key == "assumed")
    inner = {key: table[key] for key in keys if table[key] not in (None, "", [], {})}
    return {k: _filled_in(v) if isinstance(v, dict) else v for k, v in inner.items()}


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


def _wrong_shape(raw: dict[str, Any]) -> Iterator[Problem]:
    sections = {section.name: section for section in msgspec.structs.fields(Document)}
    yield from _unknown(raw, sections, "")
    for name, section in sections.items():
        if name not in raw:
            if section.required:
                yield Problem(name, "missing", {"right": "table"})
        elif not isinstance(raw[name], dict):
            yield Problem(name, "not_a", {"right": "table", "found": raw[name]})
        elif get_origin(section.type) is dict:
            yield from _wrong_things(raw[name], get_args(section.type)[1], name)
        else:
            yield from _wrong_table(raw[name], section.type, name)


def _wrong_things(things: dict[str, Any], shape: type[Table], section: str) -> Iterator[Problem]:
    if len(things) > MOST_THINGS:
        yield Problem(section, "too_many", {"limit": MOST_THINGS, "found": len(things)})
        return
    for key, table in things.items():
        where = f"{section}.{key}"
        if len(key) > KEY_LENGTH or not re.match(KEY_PATTERN, key):
            yield Problem(where, "not_a", {"right": "key", "found": key})
        if not isinstance(table, dict):
            yield Problem(where, "not_a", {"right": "table", "found": table})
            continue
        yield from _wrong_table(table, shape, where)


def _wrong_table(table: dict[str, Any], shape: type[Table], where: str) -> Iterator[Problem]:
    fields = {field.name: field for field in msgspec.structs.fields(shape)}
    yield from _unknown(table, fields, f"{where}.")
    for name, field in fields.items():
        if name not in table:
            if field.required:
                yield Problem(f"{where}.{name}", "missing", {"right": _right(field.type)})
            continue
        try:
            msgspec.convert(table[name], field.type, builtin_types=DATES)
        except msgspec.ValidationError as error:
            at = re.search(r"at `\$(\[\d+\])`", str(error))
            values = {"right": _right(field.type), "found": table[name]}
            yield Problem(f"{where}.{name}{at[1] if at else ''}", "not_a", values)
    assumed = table.get("assumed")
    for name in assumed if isinstance(assumed, list) else []:
        if isinstance(name, str) and name not in fields:
            values = {"found": name, "known": sorted(fields)}
            yield Problem(f"{where}.assumed", "unknown_key", values)


def _unknown(table: dict[str, Any], known: Iterable[str], prefix: str) -> Iterator[Problem]:
    for name in table:
        if name not in known:
            likely = get_close_matches(name, known, n=1)
            values = {"known": likely + sorted(set(known) - set(likely))}
            yield Problem(f"{prefix}{name}", "unknown_field", values)


def _right(annotation: Any) -> str:
    """The description nearest to the surface of an annotation."""
    for part in getattr(annotation, "__metadata__", ()):
        if isinstance(part, Meta) and part.description:
            return part.description
    return next((right for arg in get_args(annotation) if (right := _right(arg))), "")
