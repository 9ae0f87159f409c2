"""Which columns tell of people: every column of text in every table stands here, with its kind.

Erasing goes by this table, so that a column which nobody thought of cannot keep anything.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import JSON, Boolean, Column, Date, DateTime, Integer, LargeBinary, Table
from sqlalchemy.types import TypeDecorator

from event.base import Base


@dataclass(frozen=True)
class Held:
    """The columns of one table, by what they hold, with spaces between them.

    `person` tells of an attendee and is emptied with them. `loose` is text in which anybody may
    stand: it goes when the whole event is erased. `staff` says who of the staff did something, and
    stays with it. `plain` are keys, kinds, hashes and the words of the programme.
    """

    person: str = ""
    loose: str = ""
    staff: str = ""
    plain: str = ""

    def names(self) -> list[str]:
        """All of them."""
        return " ".join((self.person, self.loose, self.staff, self.plain)).split()


THING = Held(plain="key name assumed")
HELD: dict[str, Held] = {
    "attempts": Held(plain="what"),
    "attendees": Held(
        person="honorific degree name sort_key folded_name found_by email phone organisation "
        "position province remark interests nonce",
        staff="registered_by",
        plain="language",
    ),
    "badge_designs": Held(plain="described logo"),
    "badge_looks": Held(plain="edition kind language shown"),
    "blank_batches": Held(),
    "blank_presences": Held(),
    "blanks": Held(loose="withdrawn_why", staff="bound_by"),
    "bookings": Held(plain="kind"),
    "categories": Held(plain="key name colour aliases assumed"),
    "changes": Held(loose="details", staff="actor", plain="verb subject"),
    "checkpoints": Held(plain="key kind name area days categories entry assumed"),
    "choices": Held(
        loose="people",
        staff="saved_by used_by",
        plain="name folded listing format language columns order paper",
    ),
    "circulars": Held(loose="subject body people", staff="by"),
    "consents": Held(staff="given_by", plain="language"),
    "data_requests": Held(
        person="who contact words",
        staff="received_by answered_by settled_by",
        plain="kind channel outcome",
    ),
    "device_reports": Held(plain="device checkpoint version test_why"),
    "devices": Held(staff="name", plain="doors code key"),
    "entitlement_bits": Held(plain="slot_key"),
    "erasure_yes": Held(staff="by", plain="event_key"),
    "erasures": Held(staff="by", plain="kind counts"),
    "event": Held(plain="key name theme place zone facts assumed registration"),
    "guardians": Held(person="name phone"),
    "headcounts": Held(plain="device nonce"),
    "imports": Held(loose="file_name sheet", staff="by", plain="digest"),
    "jobs": Held(loose="wish result failure", staff="asked_by", plain="kind"),
    "lookups": Held(loose="email phone"),
    "mails": Held(person="address failure", plain="kind"),
    "mailbox_readings": Held(staff="failure", plain="mailbox"),
    "notices": Held(plain="purpose words"),
    "parties": Held(person="contact_name contact_phone contact_email", plain="name folded_name"),
    "presences": Held(),
    "print_jobs": Held(plain="sheet over"),
    "print_runs": Held(
        loose="people", staff="by", plain="layout options file_name sha256 edition reasons"
    ),
    "printed": Held(person="name degree organisation position", plain="language"),
    "printers": Held(plain="device name page"),
    "reviews": Held(staff="settled_by", plain="kind outcome"),
    "rooms": Held(plain="key name assumed minutes_to"),
    "scans": Held(loose="reason", plain="device nonce method direction verdict objection"),
    "sign_in_links": Held(plain="digest"),
    "slots": Held(plain="key kind title chair rule categories entry assumed"),
    "staff": Held(staff="email name", plain="role password stamp"),
    "strays": Held(loose="said why", plain="device mark"),
    "tracks": Held(plain="key name colour subjects assumed"),
    "zones": THING,
}

LISTS = ("interests",)
"""Columns of JSON that hold lists; the others hold objects."""
NUMBERS = (Integer, Boolean, Date, DateTime)
"""Types that hold no words: a number names nobody once the name behind it is gone."""


def tells(column: Column[Any]) -> bool:
    """Whether a column could hold words."""
    kind = column.type.impl_instance if isinstance(column.type, TypeDecorator) else column.type
    return not isinstance(kind, NUMBERS)


def unsorted() -> list[str]:
    """Columns that could hold words and stand nowhere here, and what stands here and is no more."""
    tables = Base.metadata.tables
    there = {f"{t.name}.{c.name}" for t in tables.values() for c in t.columns if tells(c)}
    named = {f"{table}.{name}" for table, held in HELD.items() for name in held.names()}
    return sorted(there ^ named)


def of_people() -> Iterator[tuple[Table, dict[str, Any]]]:
    """Each table that tells of attendees, with what its columns hold when they hold nothing."""
    for name, held in HELD.items():
        if held.person:
            table = Base.metadata.tables[name]
            yield table, {column: nothing(table.c[column]) for column in held.person.split()}


def nothing(column: Column[Any]) -> Any:
    """What stands in a column that holds nothing."""
    if column.nullable:
        return None
    if isinstance(column.type, LargeBinary):
        return b""
    if isinstance(column.type, JSON):
        return [] if column.name in LISTS else {}
    return ""
