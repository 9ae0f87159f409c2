"""Invented people for rehearsals: plausible, and always the same for one seed."""

import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from event.attendees import Registration
from event.bookings import clashes
from event.names import fold
from event.programme import Slot
from event.provinces import FOREIGN, PROVINCES

WORDS: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("invention.toml").read_text(encoding="utf-8")
)
FOREIGNERS = 0.04
SHARED_EMAIL = 0.06
"""So many give the address of the colleague who was put down before them: one secretary for all."""
MOBILE = ("90", "91", "93", "94", "96", "97", "98", "32", "35", "38", "70", "79", "81", "85", "86")
CATEGORIES = {
    "agency": ("agency", "delegate"),
    "institute": ("institute", "expert", "student"),
    "company": ("visitor", "visitor", "delegate", "investor"),
    "start_up": ("start-up",),
    "press": ("press",),
    "foreign": ("investor", "visitor"),
}


@dataclass
class Offered:
    """What may be chosen: keys of public categories and purposes, sessions and their seats."""

    categories: Sequence[str]
    purposes: Sequence[str]
    slots: Sequence[Slot]
    free: dict[str, int] = field(init=False)
    weights: dict[str, float] = field(init=False)

    def __post_init__(self) -> None:
        """Sessions are wanted unevenly, as everywhere: the first in this order the most."""
        self.free = {slot.key: slot.free for slot in self.slots if slot.free is not None}
        order = sorted(self.slots, key=lambda slot: fold(slot.key)[::-1])
        self.weights = {slot.key: 1 / (rank + 1) ** 0.6 for rank, slot in enumerate(order)}

    def gone(self, keys: Sequence[str]) -> None:
        """These have no seat left."""
        self.free.update(dict.fromkeys(keys, 0))


class Inventor:
    """Makes one person after the other."""

    def __init__(self, seed: int, offered: Offered) -> None:
        self._random = Random(seed)  # noqa: S311 - nothing secret
        self._offered = offered
        self._email = ""
        self._count = 0

    def people(self, count: int) -> Iterator[Registration]:
        """`count` of them."""
        for _ in range(count):
            foreign = self._random.random() < FOREIGNERS
            yield self._foreigner() if foreign else self._vietnamese()

    def _vietnamese(self) -> Registration:
        women = self._random.random() < 0.42
        sex = "women" if women else "men"
        family = self._weighted(WORDS["families"])
        name = f"{family} {self._one('middles', sex)} {self._one('givens', sex)}"
        kind = self._weighted(WORDS["kinds"])
        province = self._random.choice(PROVINCES)
        organisation = self._one("organisations", kind).replace("%s", province.name)
        return self._person(
            name,
            kind,
            honorific=("Bà" if women else "Ông") if self._random.random() < 0.7 else "",
            degree=self._one("degrees", kind) if kind in WORDS["degrees"] else "",
            phone=f"+84{self._random.choice(MOBILE)}{self._random.randrange(10**7):07d}",
            organisation=organisation,
            province=province.code,
        )

    def _foreigner(self) -> Registration:
        country = self._random.choice(list(WORDS["foreign"]))
        return self._person(
            self._one("foreign", country),
            "foreign",
            organisation=self._one("organisations", "foreign"),
            province=FOREIGN,
            language="en",
        )

    def _person(self, name: str, kind: str, **stated: str) -> Registration:
        self._count += 1
        return Registration(
            name=name,
            email=self._address(name),
            position=self._one("positions", kind),
            category=self._category(kind),
            sessions=self._sessions(),
            agreed=self._agreed(),
            **stated,  # type: ignore[arg-type]
        )

    def _address(self, name: str) -> str:
        if not self._email or self._random.random() >= SHARED_EMAIL:
            latin = ".".join(word for word in fold(name).split() if word.isascii()) or "khach"
            self._email = f"{latin}.{self._count}@vidu.vn"
        return self._email

    def _category(self, kind: str) -> str:
        known = [key for key in CATEGORIES[kind] if key in self._offered.categories]
        return self._random.choice(known or list(self._offered.categories))

    def _agreed(self) -> tuple[str, ...]:
        first, *others = self._offered.purposes or ("",)
        return tuple(p for p in (first, *(o for o in others if self._random.random() < 0.6)) if p)

    def _sessions(self) -> tuple[str, ...]:
        """None to three that nobody has to be in two places for, and that have seats."""
        open_ = [s for s in self._offered.slots if self._offered.free.get(s.key, 1) > 0]
        chosen: list[Slot] = []
        for _ in range(min(self._random.choice((0, 1, 1, 2, 2, 3)), len(open_))):
            weights = [self._offered.weights[slot.key] for slot in open_]
            slot = self._random.choices(open_, weights)[0]
            if slot not in chosen and not clashes([*chosen, slot]):
                chosen.append(slot)
        for slot in chosen:
            if slot.key in self._offered.free:
                self._offered.free[slot.key] -= 1
        return tuple(slot.key for slot in chosen)

    def _one(self, section: str, key: str) -> str:
        return str(self._random.choice(WORDS[section][key]))

    def _weighted(self, shares: dict[str, int]) -> str:
        return self._random.choices(list(shares), list(shares.values()))[0]
