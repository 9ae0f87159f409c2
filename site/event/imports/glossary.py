"""Names by which lists call tracks and categories: their own in both languages, and aliases."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from event.names import fold
from event.programme import Category, Track, categories, tracks
from event.words import Words

# From the widest to the narrowest: a track may have a comma or "và" in its own name.
_BETWEEN = (r"[;\n]", r"[,/+&]", r"\s(?:và|and)\s")


@dataclass(frozen=True)
class Term:
    """What a word stands for; `alias` when it is not the name itself, accents and case aside."""

    key: str
    name: Words
    alias: bool


Terms = Mapping[str, Term]
"""By folded word. A word that two things share is left out: nothing is guessed."""


@dataclass(frozen=True)
class Glossary:
    """The words of one event."""

    tracks: Terms
    categories: Terms


def glossary(session: Session) -> Glossary:
    """Read once for a whole file."""
    return Glossary(
        terms((track, track.subjects) for track in session.scalars(tracks())),
        terms((category, category.aliases) for category in session.scalars(categories())),
    )


def terms(things: Iterable[tuple[Track | Category, Iterable[str]]]) -> Terms:
    """A word list out of tracks or categories with their aliases."""
    found: dict[str, Term] = {}
    shared = set()
    for thing, aliases in things:
        for word, alias in _words(thing, aliases):
            if word in found and found[word].key != thing.key:
                shared.add(word)
            found.setdefault(word, Term(thing.key, thing.name, alias))
    return {word: term for word, term in found.items() if word not in shared}


def _words(thing: Track | Category, aliases: Iterable[str]) -> Iterable[tuple[str, bool]]:
    names = [fold(thing.name.vi), fold(thing.name.en)]
    yield from ((name, False) for name in names if name)
    yield from ((fold(alias), True) for alias in (thing.key, *aliases) if fold(alias))


def split_terms(text: str, known: Terms, depth: int = 0) -> list[tuple[str, Term | None]]:
    """The parts of "CNTT; vật liệu mới" with what each stands for, None if nothing.

    It is split at ";", then at "," and the like, then at "và" if all of it is known afterwards.
    """
    if term := known.get(fold(text)):
        return [(text.strip(), term)]
    if depth == len(_BETWEEN):
        return [(text.strip(), None)]
    parts = [part for part in re.split(_BETWEEN[depth], text) if part.strip()]
    found = [each for part in parts for each in split_terms(part, known, depth + 1)]
    certain = depth < len(_BETWEEN) - 1 or all(term for _, term in found)
    return found if certain else [(text.strip(), None)]
