"""Badges of the people in the database: what stands on each, with its signed code."""

from collections.abc import Iterator, Mapping

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Select
from sqlalchemy.orm import Session

from event.attendees import Attendee, everyone
from event.badges import facts_of, sign
from event.programme import Event, tracks
from event.words import Words
from exports.badge_face import Badge
from exports.people import Person, read_people


def faces(
    session: Session, event: Event, key: Ed25519PrivateKey, people: Select[Attendee] | None = None
) -> Iterator[Badge]:
    """One badge for each, all people by default, in the language each of them chose."""
    names = {track.key: track.name for track in session.scalars(tracks())}
    for person in read_people(session, everyone() if people is None else people):
        yield face(event, person, key, names)


def face(event: Event, person: Person, key: Ed25519PrivateKey, names: Mapping[str, Words]) -> Badge:
    """The badge of one person; `names` are those of all tracks, in their order."""
    stated, language = person.stated, person.stated.language
    bits = [choice.bit for choice in person.choices if choice.bit is not None]
    wanted = {choice.track for choice in person.choices}.union(stated.interests)
    return Badge(
        number=person.code,
        name=stated.name,
        title_line=stated.degree,
        organisation=stated.organisation,
        position=stated.position,
        category=person.category.name.in_(language),
        colour=person.category.colour,
        tracks=tuple(name.in_(language) for track, name in names.items() if track in wanted),
        token=sign(facts_of(event, stated, person.category.number, bits), key),
        event_name=event.name.in_(language),
        event_dates=f"{days(event)} · {event.place.in_(language)}",
    )


def days(event: Event) -> str:
    """The days of the event in one line: "29–30/09/2023"."""
    first, last = event.first_day, event.last_day
    if first == last:
        return f"{last:%d/%m/%Y}"
    if first.year != last.year:
        return f"{first:%d/%m/%Y}–{last:%d/%m/%Y}"
    return f"{first.strftime('%d/%m' if first.month != last.month else '%d')}–{last:%d/%m/%Y}"
