"""One person of the event: the row that everything else is about."""

from datetime import datetime

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, LargeBinary, String, and_, text
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from event.base import Base, Folded, Moment
from event.bookings import Booking
from event.programme import Category

IN_LINE = text("line IS NOT NULL")


class Attendee(Base):
    """One person of one event. Neither e-mail nor phone is unique: a secretary registers ten
    colleagues.
    """

    __tablename__ = "attendees"
    __table_args__ = (
        Index("ix_attendees_order", "sort_key", "id"),
        # Whoever counts places reads this alone.
        Index(
            "ix_attendees_category",
            *("category_id", "cancelled_at", "waits", "erased_at", "companions"),
        ),
        Index("ix_attendees_twin", "folded_name", "phone"),
        Index("ix_attendees_line", "line", sqlite_where=IN_LINE, postgresql_where=IN_LINE),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    honorific: Mapped[str] = mapped_column(String(20), default="")
    degree: Mapped[str] = mapped_column(String(40), default="")
    name: Mapped[str] = mapped_column(String(120))
    sort_key: Mapped[bytes] = mapped_column(LargeBinary)
    folded_name: Mapped[str] = mapped_column(Folded(200))
    found_by: Mapped[str] = mapped_column(Folded(900))  # see search_text
    email: Mapped[str] = mapped_column(String(254), default="")
    phone: Mapped[str] = mapped_column(String(20), default="")
    organisation: Mapped[str] = mapped_column(String(200), default="")
    position: Mapped[str] = mapped_column(String(120), default="")
    province: Mapped[str] = mapped_column(String(10), default="")
    category_id: Mapped[int] = mapped_column(ForeignKey("categories.id"))
    language: Mapped[str] = mapped_column(String(2), default="vi")
    # What an office wrote beside the name, and the tracks that its list named.
    remark: Mapped[str] = mapped_column(String(500), default="")
    interests: Mapped[list[str]] = mapped_column(JSON, default=list)
    companions: Mapped[int] = mapped_column(default=0)  # who come along without a name
    party_id: Mapped[int | None] = mapped_column(ForeignKey("parties.id"), index=True)
    heads_party: Mapped[bool] = mapped_column(default=False)
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"), index=True)
    nonce: Mapped[str | None] = mapped_column(String(40), unique=True)
    registered_at: Mapped[datetime] = mapped_column(Moment)
    registered_by: Mapped[str] = mapped_column(String(200))
    cancelled_at: Mapped[datetime | None] = mapped_column(Moment)
    # No place yet: they wait for an organiser's yes or, with their turn in `line`, for a free one.
    waits: Mapped[bool] = mapped_column(default=False)
    line: Mapped[int | None]
    erased_at: Mapped[datetime | None] = mapped_column(Moment)  # only a number is left
    informed_at: Mapped[datetime | None] = mapped_column(Moment)  # saw the privacy notice
    revision: Mapped[int] = mapped_column(default=0)  # of the badge: a new one kills the old one
    link_revision: Mapped[int] = mapped_column(default=0)
    category: Mapped[Category] = relationship(lazy="raise")
    bookings: Mapped[list[Booking]] = relationship(lazy="raise", order_by=Booking.slot_id)

    @property
    def code(self) -> str:
        """What stands under the QR code and can be said on the phone: five digits or more."""
        return f"{self.id:05d}"

    @property
    def has_badge(self) -> bool:
        """Whether a door lets them in."""
        return self.cancelled_at is None and self.erased_at is None and not self.waits

    @property
    def titled_name(self) -> str:
        """The name with its degree, as on a badge: "TS. Phạm Quốc Bảo"."""
        return f"{self.degree} {self.name}".strip()

    @property
    def takes(self) -> int:
        """How many places they need, with those who come along."""
        return 1 + self.companions


class Erased(LookupError):
    """Only a number is left of them: nothing is put beside it any more."""


def hold(session: Session, attendee: Attendee) -> None:
    """The row to ourselves, as it is now. Raises `Erased`; the caller rolls back."""
    session.refresh(attendee, with_for_update=True)
    if attendee.erased_at is not None:
        raise Erased(attendee.id)


def has_place() -> ColumnElement[bool]:
    """Those who hold a place at the event."""
    gone = Attendee.cancelled_at.is_(None), Attendee.erased_at.is_(None)
    return and_(*gone, ~Attendee.waits)
