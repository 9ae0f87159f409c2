"""An invented person's badge, to look at a layout before anybody is printed."""

from sqlalchemy.orm import Session

from event.programme import Event, categories, tracks
from exports.badge_face import Badge

LONGEST = "Công Tằng Tôn Nữ Nguyễn Phúc Hoàng Thiên Kim Ngọc Bảo Trân"
NO_TOKEN = "1234567890" * 20
"""Looks like any other in print, and opens no door."""


def specimen(session: Session, event: Event, language: str) -> Badge:
    """Somebody with a long name, in the first category and the first two tracks of the event."""
    category = session.scalars(categories().limit(1)).one()
    return Badge(
        number="00000",
        name=LONGEST,
        title_line="PGS.TS.",
        organisation="Trường Đại học Khoa học Xã hội và Nhân văn, Đại học Quốc gia Hà Nội",
        position="Phó Trưởng khoa",
        category=category.name.in_(language),
        colour=category.colour,
        tracks=tuple(track.name.in_(language) for track in session.scalars(tracks().limit(2))),
        token=NO_TOKEN,
        event_name=event.name.in_(language),
        event_dates=f"{event.days} · {event.place.in_(language)}",
    )
