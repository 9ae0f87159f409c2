"""When two rows are one person: the same name with the same phone, e-mail or, lacking both, office.

Neither phone nor e-mail alone tells: a secretary puts ten colleagues down with her own. Names agree
where letters and accents do, wherever the tone is set (Hoà, Hòa), or where one has no accents:
Hương and Hường at one number are two people, Huong may be either.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.names import clean, fold

_CHUNK = 500
_ANY = "*"


@dataclass(frozen=True)
class Identity:
    """What tells one person from another; phone as E.164, e-mail in small letters."""

    name: str
    phone: str
    email: str
    organisation: str

    @cached_property
    def accents(self) -> str:
        """The accents of each word, in any order; empty for a name without any."""
        words = unicodedata.normalize("NFD", clean(self.name).casefold()).split()
        marks = ["".join(sorted(c for c in word if not c.isascii())) for word in words]
        return "|".join(marks) if any(marks) else ""

    def facts(self) -> Iterator[tuple[str, str]]:
        """What another row must share, as it is asked for."""
        if self.phone:
            yield "phone", self.phone
        if self.email:
            yield "email", self.email
        if self.organisation:
            reached = self.phone or self.email
            yield ("lone" if reached else "office"), fold(self.organisation)

    def known_facts(self) -> Iterator[tuple[str, str]]:
        """What another row can find this one by."""
        if self.phone:
            yield "phone", self.phone
        if self.email:
            yield "email", self.email
        yield "office", fold(self.organisation)
        if not self.phone and not self.email:
            yield "lone", fold(self.organisation)


class People:
    """Those met so far, found in constant time; what stands for each is a number."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, str, str, str], int] = {}

    def add(self, identity: Identity, number: int) -> None:
        """The first one of several that are alike stays."""
        for fact in identity.known_facts():
            for accents in (identity.accents, _ANY):
                self._found.setdefault((fold(identity.name), accents, *fact), number)

    def find(self, identity: Identity) -> int | None:
        """The number of the same person, if met before."""
        spellings = (identity.accents, "") if identity.accents else (_ANY,)
        for fact in identity.facts():
            for accents in spellings:
                number = self._found.get((fold(identity.name), accents, *fact))
                if number is not None:
                    return number
        return None


def already_down(session: Session, names: list[str], *, apart_from: int = 0) -> People:
    """Attendees with one of these names, cancelled ones too: who withdrew is not put down again.

    Those of the import `apart_from` are left out.
    """
    people = People()
    folded = sorted({fold(name) for name in names})
    for start in range(0, len(folded), _CHUNK):
        rows = session.execute(
            select(
                Attendee.id, Attendee.name, Attendee.phone, Attendee.email, Attendee.organisation
            )
            .where(
                Attendee.folded_name.in_(folded[start : start + _CHUNK]),
                Attendee.import_id.is_distinct_from(apart_from),
            )
            .order_by(Attendee.id)
        )
        for number, *facts in rows:
            people.add(Identity(*facts), number)
    return people
