"""Faces of blank badges: everything but a person, with a line to write a name on."""

from collections.abc import Iterator

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy.orm import Session

from event.blanks import BlankBatch, code_of, token_of_blank
from event.programme import Category, Event
from exports.badge_face import Badge

LINE = "." * 80
"""Set as a title is, on one line, it comes out as a row of fine dots across the card."""


def blank_faces(
    session: Session, event: Event, batch: BlankBatch, key: Ed25519PrivateKey
) -> Iterator[Badge]:
    """One badge for each number of the batch."""
    category = session.get_one(Category, batch.category_id)
    for number in range(batch.first, batch.last + 1):
        yield Badge(
            number=code_of(number),
            name="",
            title_line=LINE,
            organisation="",
            position="",
            category=category.name.vi,
            colour=category.colour,
            tracks=(),
            token=token_of_blank(event, number, category.number, key),
            event_name=event.name.vi,
            event_dates=f"{event.days} · {event.place.vi}",
        )
