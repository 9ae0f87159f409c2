"""Prints badges into the folder of print runs: the worker and the command do it alike."""

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy.orm import Session

import exports
from event.designs import design_of
from event.layouts import Imposing
from event.looks import TracksShown, looks_now
from event.people import filtered, how_many
from event.printing import Mark, Paper
from event.programme import Event
from event.reprints import tally
from pages import current
from pages.being_written import hold
from pages.chores import draft_of_run, file_of_run

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
    """As of `event.layouts.Imposing`."""


def print_run(
    session: Session,
    event: Event,
    edition: Edition,
    progress: Callable[[int, int], object] | None = None,
) -> Paper:
    """Write the file, whole or not at all, for its owner alone. Marks nobody as printed."""
    people = filtered(edition.people)
    looks, tracks = looks_now(session), TracksShown(session)  # before what is drawn is read
    marks: list[Mark] = []

    def note(row: Sequence[Any]) -> None:
        marks.append(marked(row, tracks))

    faces = exports.faces.faces(session, event, current.keys().badges, people, note)
    if progress:
        faces = _told(faces, how_many(session, edition.people), progress)
    path = put_on_paper(session, edition, faces)
    reasons = tally(session, marks, looks)
    return Paper(edition.file_name, path.stat().st_size, digest(path), marks, looks, reasons)


def marked(row: Sequence[Any], tracks: TracksShown) -> Mark:
    """What a print run keeps of one that was read as `exports.faces.STATED` says."""
    *of_a_person, sessions, interests, language = row
    return (*of_a_person, language, tracks.of(sessions, interests))


def put_on_paper(
    session: Session, edition: Edition, badges: Iterable["exports.badges.Badge"]
) -> Path:
    """The file of a run: whole or not at all, for its owner alone."""
    path = file_of_run(edition.number)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = draft_of_run(edition.number)
    try:
        handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w+b") as file:
            hold(file)
            imposing = Imposing.wished(edition.options)
            design = design_of(session)
            exports.badges.write_badges(badges, edition.layout, file, design, imposing)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path


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
