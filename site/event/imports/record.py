"""Which file was taken in, when and by whom; the people it brought point at its row."""

from datetime import datetime

from sqlalchemy import ForeignKey, Select, String, select
from sqlalchemy.orm import Mapped, mapped_column

from event.base import Base, Moment


class Import(Base):
    """One file taken in once; `digest` is its SHA-256 in hex, the counts are of its rows."""

    __tablename__ = "imports"
    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64), index=True)
    sheet: Mapped[str] = mapped_column(String(100), default="")
    party_id: Mapped[int | None] = mapped_column(ForeignKey("parties.id"))
    at: Mapped[datetime] = mapped_column(Moment)
    by: Mapped[str] = mapped_column(String(200))
    taken: Mapped[int] = mapped_column(default=0)
    mended: Mapped[int] = mapped_column(default=0)
    repeated: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    ignored: Mapped[int] = mapped_column(default=0)


def past_imports() -> Select[Import]:
    """Newest first."""
    return select(Import).order_by(Import.id.desc())
