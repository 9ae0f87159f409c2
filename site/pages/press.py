"""Prints badges into the folder of print runs: the worker and the command do it alike."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.orm import Session

import exports
from event.people import filtered, how_many
from event.printing import Mark, Paper
from event.programme import Event
from pages import current
from pages.chores import file_of_run

CHUNK = 1 << 20
Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Edition:
    """What a print run is to hold: `people` in the words of `event.people`, and how it looks."""

    number: int
    people: Mapping[str, str]
    layout: str
    file_name: str
    options: Mapping[str, Any] = field(default_factory=dict)
    """Further arguments of `exports.badges.write_badges`."""


def print_run(
    session: Session,
    event: Event,
    edition: Edition,
    progress: Callable[[int, int], object] | None = None,
) -> Paper:
    """Write the file, whole or not at all, for its owner alone. Marks nobody as printed."""
    people, total = filtered(edition.people), how_many(session, edition.people)
    marks: list[Mark] = []
    faces = exports.faces.faces(session, event, current.keys().badges, people, marks.append)
    path = file_of_run(edition.number)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(".part")
    try:
        handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w+b") as file:
            badges = _told(faces, total, progress) if progress else faces
            exports.badges.write_badges(badges, edition.layout, file, **edition.options)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return Paper(edition.file_name, path.stat().st_size, digest(path), marks)


def digest(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    found = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            found.update(piece)
    return found.hexdigest()


def _told(
    things: Iterable[Thing], total: int, progress: Callable[[int, int], object]
) -> Iterator[Thing]:
    for done, thing in enumerate(things, 1):
        yield thing
        progress(done, total)
