"""Whether a file has the shape it should have: names every value that has not."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from difflib import get_close_matches
from typing import Any, get_args, get_origin

import msgspec
from msgspec import Meta, Struct

from event.sittings import KEY_LENGTH, KEY_PATTERN, Problem

MOST_THINGS = 500
DATES = (date, datetime)


def wrong_shape(raw: dict[str, Any], whole: type[Struct]) -> Iterator[Problem]:
    """Every value of a file that is of the wrong kind, missing or unknown; `whole` is its shape."""
    sections = {section.name: section for section in msgspec.structs.fields(whole)}
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


def _wrong_things(things: dict[str, Any], shape: type[Struct], section: str) -> Iterator[Problem]:
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


def _wrong_table(table: dict[str, Any], shape: type[Struct], where: str) -> Iterator[Problem]:
    fields = {field.name: field for field in msgspec.structs.fields(shape)}
    yield from _unknown(table, fields, f"{where}.")
    for name, field in fields.items():
        if name not in table:
            if field.required:
                yield Problem(f"{where}.{name}", "missing", {"right": _right(field.type)})
        else:
            yield from _wrong_value(table[name], field.type, f"{where}.{name}")
    assumed = table.get("assumed")
    for name in assumed if isinstance(assumed, list) else []:
        if isinstance(name, str) and name not in fields:
            values = {"found": name, "known": sorted(fields)}
            yield Problem(f"{where}.assumed", "unknown_key", values)


def _wrong_value(value: Any, kind: Any, where: str) -> Iterator[Problem]:
    if get_origin(kind) is dict:
        if isinstance(value, dict):
            yield from _wrong_things(value, get_args(kind)[1], where)
        else:
            yield Problem(where, "not_a", {"right": "table", "found": value})
        return
    try:
        msgspec.convert(value, kind, builtin_types=DATES)
    except msgspec.ValidationError as error:
        at = re.search(r"at `\$(\[\d+\])`", str(error))
        found = {"right": _right(kind), "found": value}
        yield Problem(f"{where}{at[1] if at else ''}", "not_a", found)


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
