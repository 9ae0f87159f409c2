"""The offline pack: a ZIP with which an event runs without server and network."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import BinaryIO
from zoneinfo import ZoneInfo

from sqlalchemy import Select
from sqlalchemy.orm import Session

from event.attendees import Attendee, everyone, in_session
from event.designs import design_of
from event.keys import Keys
from event.packing import Pack, proof_of
from event.people import INITIALS, OTHER, filtered
from event.programme import Event, Slot
from event.programme import sessions as all_sessions
from event.words import Words
from exports.badges import write_badges
from exports.faces import faces
from exports.fields import FIELDS, Rows
from exports.formats import WRITERS
from exports.lists import Wish, export, letterhead
from exports.pack_page import page_data
from exports.pack_zip import Archive
from exports.reading import Reading
from exports.sign_in import hours
from exports.tables import Column, Table

PAGE = Words("mo-trang-nay.html", "open-this-page.html")
README = Words("doc-truoc.txt", "read-me-first.txt")
BY_NAME = Words("danh-sach-theo-ten", "lists-by-name")
BY_SESSION = Words("danh-sach-theo-phien", "lists-by-session")
SIGN_IN = Words("ky-ten-theo-phien.pdf", "sign-in-sheets.pdf")
BADGES = Words("the-{}.pdf", "badges-{}.pdf")
OTHERS = Words("khac", "other")
TITLE = Words("Danh sách đại biểu theo vần tên", "Attendees by given name")
OF_SESSION = Words("Danh sách đại biểu theo phiên", "Attendees by session")
LETTER = Words("Vần", "Letter")

CONTACTS = ("phone", "email")
PAPER = ("code", "full_name", "organisation", "category")
SHEET = ("code", "full_name", "organisation", "position", "category", "party", "sessions")

Write = Callable[[BinaryIO], object]


@dataclass(frozen=True)
class Part:
    """A file of the pack, by its name in there."""

    name: str
    write: Write


@dataclass(frozen=True)
class Around:
    """What is not ours to say: the page around its data, what to read first, how far it is."""

    page: Callable[[bytes], str]
    readme: str
    progress: Callable[[int, int], None]


def write_pack(
    session: Session,
    event: Event,
    keys: Keys,
    pack: Pack,
    out: BinaryIO,
    around: Around,
    *,
    at: datetime,
) -> int:
    """Write the ZIP and say how many files it holds.

    All is read through `session`, which must see one moment. Under a password, 7-Zip, WinRAR, Keka
    and newer Windows open it.
    """
    packing = _Packing(session, event, keys, pack, at)
    parts = list(packing.parts(around))
    with Archive(out, pack.password, at.astimezone(ZoneInfo(event.zone))) as archive:
        for done, part in enumerate(parts, 1):
            archive.add(part.name, part.write)
            around.progress(done, len(parts))
    return len(parts)


class _Packing:
    """The parts of one pack, each written when its turn comes."""

    def __init__(
        self, session: Session, event: Event, keys: Keys, pack: Pack, at: datetime
    ) -> None:
        self._session = session
        self._event = event
        self._keys = keys
        self._pack = pack
        self._at = at
        self._reading = Reading(session, pack.language)

    def parts(self, around: Around) -> Iterator[Part]:
        """What is needed first comes first."""
        yield Part(self._(README), lambda out: out.write(around.readme.encode()))
        yield Part(self._(PAGE), lambda out: out.write(around.page(self._data()).encode()))
        yield from self._by_name()
        yield from self._by_session()
        yield Part(self._(SIGN_IN), self._sign_in)
        yield Part(self._(BADGES).format(self._pack.layout), self._badges)

    def _(self, words: Words) -> str:
        return words.in_(self._pack.language)

    def _data(self) -> bytes:
        proof = proof_of(self._keys.links, self._event.key, self._pack.number)
        return page_data(self._session, self._event, self._pack, proof, at=self._at)

    def _sign_in(self, out: BinaryIO) -> None:
        wish = Wish("sessions", "pdf", language=self._pack.language)
        export(self._session, wish, out, at=self._at)

    def _badges(self, out: BinaryIO) -> None:
        badges = faces(self._session, self._event, self._keys.badges)
        design = design_of(self._session)
        write_badges(badges, self._pack.layout, out, design, design.imposing)

    def _by_name(self) -> Iterator[Part]:
        """Two files for each letter that somebody's name begins with."""
        for letter in (*INITIALS, OTHER):
            people = filtered({"initial": letter})
            if self._session.scalar(people.with_only_columns(Attendee.id).limit(1)) is not None:
                shown = letter.upper() if letter != OTHER else self._(OTHERS)
                context = (self._(self._event.name), f"{self._(LETTER)}: {shown}")
                yield from self._pair(f"{self._(BY_NAME)}/{shown}", self._(TITLE), context, people)

    def _by_session(self) -> Iterator[Part]:
        zone = ZoneInfo(self._event.zone)
        slots: Sequence[Slot] = self._session.scalars(all_sessions()).all()
        for number, slot in enumerate(slots, 1):
            context = (self._(self._event.name), self._(slot.title), hours(slot, zone))
            name = f"{self._(BY_SESSION)}/{number:02}-{slot.key}"
            yield from self._pair(
                name, self._(OF_SESSION), context, in_session(everyone(), slot.key)
            )

    def _pair(
        self, name: str, title: str, context: tuple[str, ...], people: Select[Attendee]
    ) -> Iterator[Part]:
        """The same people on paper, to be ticked off, and in a spreadsheet with more of them."""
        contacts = CONTACTS if self._pack.contacts else ()
        table = Table(
            title=title,
            columns=(),
            rows=(),
            context=context,
            letterhead=letterhead(self._event, self._at),
            zone=ZoneInfo(self._event.zone),
        )
        for format, keys in (
            ("pdf", (*PAPER, *contacts, "signature")), ("xlsx", (*SHEET, *contacts)),
        ):  # fmt: skip
            yield Part(f"{name}.{format}", self._listed(table, format, keys, people))

    def _listed(
        self, table: Table, format: str, keys: Sequence[str], people: Select[Attendee]
    ) -> Write:
        fields = [FIELDS[key] for key in keys]
        columns = tuple(Column(self._(f.heading), f.width, f.align) for f in fields)
        rows = Rows(self._session, fields, self._reading)
        return lambda out: WRITERS[format](
            replace(table, columns=columns, rows=rows.of(people)), out
        )
