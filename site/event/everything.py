"""All tables at once: importing this makes `Base.metadata` whole, for migrations and the app."""

from event import (
    attendees,
    badges,
    bookings,
    checkin,
    consents,
    delegations,
    imports,
    jobs,
    journal,
    mail,
    printing,
    programme,
    staff,
)
from event.base import Base

__all__ = [
    "Base",
    "attendees",
    "badges",
    "bookings",
    "checkin",
    "consents",
    "delegations",
    "imports",
    "jobs",
    "journal",
    "mail",
    "printing",
    "programme",
    "staff",
]
