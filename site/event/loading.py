"""The event file into the database: all of it, or nothing and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from event.base import begin_writing
from event.consents import Notice, notices, publish
from event.designs import describe
from event.eventcheck import SECTIONS, problems_in, sittings
from event.eventfile import Document, Named
from event.journal import note
from event.line import admit_now
from event.programme import Category, Checkpoint, Event, Room, Track, Zone, the_event
from event.refusals import refusals
from event.sittings import Problem
from event.statements import event_values, number_of, plain, thing_values
from event.timetable import alter, hold, order_doors, programme, put_in, take_out
from event.words import Words

__all__ = ["LoadRefused", "Loaded", "load", "number_of"]

MODELS: dict[str, Any] = {
    "gates": Checkpoint,
    "zones": Zone,
    "categories": Category,
    "tracks": Track,
    "rooms": Room,
}


class LoadRefused(Exception):
    """An event file that this database cannot take; `problems` says why."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__(", ".join(f"{p.where} {p.what}" for p in self.problems))


@dataclass
class Loaded:
    """What a load did, as paths in the file ("sessions.it-1"); all empty when nothing was new."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)

    @property
    def anything(self) -> bool:
        """Whether the database is another one than before."""
        return bool(self.added or self.changed or self.removed)


def load(session: Session, document: Document, *, at: datetime, by: str) -> Loaded:
    """Make the database say what the file says, key by key, or raise `LoadRefused`.

    Places that come with it go to those in line.
    """
    problems = problems_in(document)
    if problems:
        raise LoadRefused(problems)
    begin_writing(session)
    try:
        hold(session)
        problems = refusals(session, document)
        if problems:
            raise LoadRefused(problems)
        loaded = _Load(session, at, by).everything(document)
        session.commit()
    except Exception:
        session.rollback()
        raise
    admit_now(session, at=at)
    return loaded


class _Load:
    """One load under way, of a file that nothing stands against."""

    def __init__(self, session: Session, at: datetime, by: str) -> None:
        self.session, self.at, self.by = session, at, by
        self.loaded = Loaded()

    def everything(self, document: Document) -> Loaded:
        """A key may move from a gate to a session: what goes is gone before anything comes.

        Tracks and rooms go last, when no session stands on them any more.
        """
        event = self.event(document)
        self.sessions_going(document)
        self.renumbered(document)
        for section in ("gates", "zones", "categories"):
            self.going(section, getattr(document, section))
        for section in MODELS:
            self.coming(section, getattr(document, section))
        self.sessions_coming(document)
        for section in ("tracks", "rooms"):
            self.going(section, getattr(document, section))
        self.notices(document)
        self.badges(document, event)
        order_doors(self.session)
        if self.loaded.anything and "event" not in self.loaded.added:
            event.version += 1
        return self.loaded

    def event(self, document: Document) -> Event:
        """The event's own row."""
        event = the_event(self.session)
        if event is None:
            event = Event(**event_values(document))
            self.add("event", event)
        else:
            self.session.refresh(event)
            values = event_values(document)
            if event.key == document.event.key:
                values["number"] = event.number  # it stands in badges
            self.change("event", event, values)
        return event

    def sessions_going(self, document: Document) -> None:
        """Sessions that the file does not name any more."""
        wanted = {facts.key for facts in sittings(document).values()}
        for key, slot in programme(self.session).items():
            if key not in wanted:
                take_out(self.session, slot, at=self.at, by=self.by)
                self.loaded.removed.append(f"{SECTIONS[slot.kind]}.{key}")

    def sessions_coming(self, document: Document) -> None:
        """Sessions that are new or other than they were."""
        known = programme(self.session)
        for path, facts in sittings(document).items():
            if facts.key not in known:
                put_in(self.session, facts, at=self.at, by=self.by)
                self.loaded.added.append(path)
            elif alter(self.session, known[facts.key], facts, at=self.at, by=self.by):
                self.loaded.changed.append(path)

    def renumbered(self, document: Document) -> None:
        """Categories nobody has may swap their numbers: they go, and come again."""
        for row in self.session.scalars(select(Category)):
            wanted = document.categories.get(row.key)
            if wanted and wanted.number != row.number:
                self.remove(f"categories.{row.key}", row)

    def going(self, section: str, wanted: Mapping[str, Named]) -> None:
        """Things of a section that the file does not name any more."""
        for key, row in self.rows(section).items():
            if key not in wanted:
                self.remove(f"{section}.{key}", row)

    def coming(self, section: str, wanted: Mapping[str, Named]) -> None:
        """Things of a section that are new or other than they were."""
        rows = self.rows(section)
        for position, (key, part) in enumerate(wanted.items()):
            path, values = f"{section}.{key}", thing_values(part) | {"position": position}
            if key in rows:
                self.change(path, rows[key], values)
            else:
                kind = {"kind": "gate"} if section == "gates" else {}
                self.add(path, MODELS[section](key=key, **kind, **values))

    def rows(self, section: str) -> dict[str, Any]:
        """What the database has of a section, by key; of the checkpoints, the gates alone."""
        found = select(MODELS[section]).execution_options(populate_existing=True)
        if section == "gates":
            found = found.where(Checkpoint.kind == "gate")
        return {row.key: row for row in self.session.scalars(found)}

    def notices(self, document: Document) -> None:
        """Other words are a new version; a purpose nobody agreed to may go."""
        known = {notice.purpose for notice in self.session.scalars(notices())}
        for purpose in sorted(known - document.notices.keys()):
            self.note("removed", self.notice(purpose), {"key": purpose})
            self.session.execute(delete(Notice).where(Notice.purpose == purpose))
            self.loaded.removed.append(f"notices.{purpose}")
        for purpose, part in document.notices.items():
            if publish(self.session, purpose, Words(part.text, part.text_en)):
                self.session.flush()
                newest = self.notice(purpose)
                self.note("published", newest, {"key": purpose, "version": newest.version})
                done = self.loaded.changed if purpose in known else self.loaded.added
                done.append(f"notices.{purpose}")

    def badges(self, document: Document, event: Event) -> None:
        """How badges look."""
        changed = describe(self.session, document.badges)
        if changed:
            self.note("badges_described", event, changed)
            self.loaded.changed.append("badges")

    def notice(self, purpose: str) -> Notice:
        """The words in force for a purpose."""
        return self.session.scalars(notices().where(Notice.purpose == purpose)).one()

    def add(self, path: str, row: Any) -> None:
        """A new row, with its entry in the journal."""
        self.session.add(row)
        self.session.flush()
        self.loaded.added.append(path)
        self.note("added", row, {"key": row.key, "name": row.name.vi})

    def change(self, path: str, row: Any, values: dict[str, Any]) -> None:
        """Other values for a row, if they are other, with before and after in the journal."""
        before = plain({name: getattr(row, name) for name in values})
        after = plain(values)
        details = {k: [before.get(k), after.get(k)] for k in before | after}
        details = {k: [old, new] for k, (old, new) in details.items() if old != new}
        if details:
            for name, value in values.items():
                setattr(row, name, value)
            self.session.flush()
            self.loaded.changed.append(path)
            self.note("changed", row, details)

    def remove(self, path: str, row: Any) -> None:
        """A row that goes, with its entry in the journal."""
        self.note("removed", row, {"key": row.key, "name": row.name.vi})
        self.session.delete(row)
        self.session.flush()
        self.loaded.removed.append(path)

    def note(self, verb: str, row: Any, details: dict[str, Any]) -> None:
        """An entry in the journal; the subject is what the row is: event, track, room …"""
        subject = type(row).__name__.lower()
        note(self.session, verb, subject, row.id, by=self.by, at=self.at, **details)
