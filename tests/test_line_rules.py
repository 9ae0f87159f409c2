"""Places and the line under any order of what people and organisers do, beside a small model."""

from dataclasses import dataclass, replace

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import select

from event.amendments import as_stated, cancel, change, reinstate
from event.approving import approve, decline, give_place
from event.attendees import STATED, Attendee, Registration, everyone, register
from event.handing_over import Successor, hand_over
from event.limits import limits
from event.line import admit_now, in_line
from event.own_changes import take_back
from event.own_seats import NoPlace
from event.programme import Category, Event
from tests.furnished import Furnished
from tests.house import OPENING

AT, THEY, LAN = OPENING, "attendee", "lan@vidu.vn"
CATEGORIES = st.sampled_from(("visitor", "delegate", "staff"))
WHO = st.integers(0, 99)
AT_FIRST, MOST = 7, 12
"""People, so that the line is never out of sight."""


@dataclass
class Someone:
    """`state` is placed, asks, in_line, gone (by themselves), sent (by an organiser) or over."""

    category: str
    takes: int
    state: str


class Places(RuleBasedStateMachine):
    """`people` by number, `line` in order, `room` by key of category, "" for the event itself."""

    @initialize(event=st.integers(2, 4), delegates=st.integers(1, 2))
    def begin(self, event: int, delegates: int) -> None:
        self.database = Furnished()
        self.session = self.database.session
        self.category("staff").approval = True
        self.session.commit()
        self.people: dict[int, Someone] = {}
        self.line: list[int] = []
        self.room: dict[str, int | None] = {}
        self.put("", event)
        self.put("delegate", delegates)
        for number in range(AT_FIRST):
            self.come(("visitor", "delegate")[number % 2], int(number == 4), THEY)
        for number in (1, 4):
            self.give_up(number, THEY)

    def category(self, key: str) -> Category:
        return self.session.scalars(select(Category).where(Category.key == key)).one()

    def put(self, key: str, places: int | None) -> None:
        row = self.category(key) if key else self.session.scalars(select(Event)).one()
        row.places = self.room[key] = places
        self.session.commit()

    def taken(self, key: str) -> int:
        there = (one for one in self.people.values() if one.state == "placed")
        return sum(one.takes for one in there if key in ("", one.category))

    def fits(self, one: Someone) -> bool:
        limits = ((key, self.room.get(key)) for key in ("", one.category))
        return all(
            most is None or self.taken(key) + one.takes <= max(most, self.taken(key))
            for key, most in limits
        )

    def admit(self) -> None:
        for number in list(self.line):
            if self.fits(self.people[number]):
                self.people[number].state = "placed"
                self.line.remove(number)

    def one_of(self, who: int, *states: str) -> tuple[Attendee, Someone] | None:
        able = [number for number, one in self.people.items() if one.state in states]
        if not able:
            return None
        number = able[who % len(able)]
        return self.session.get_one(Attendee, number), self.people[number]

    def leave(self, person: Attendee, one: Someone, state: str) -> None:
        one.state = state
        if person.id in self.line:
            self.line.remove(person.id)
        self.admit()

    @precondition(lambda self: len(self.people) < MOST)
    @rule(
        category=CATEGORIES, companions=st.sampled_from((0, 0, 1)), by=st.sampled_from((THEY, LAN))
    )
    def come(self, category: str, companions: int, by: str) -> None:
        asked = Registration("Người", category=category, companions=companions)
        number = register(self.session, asked, at=AT, by=by).id
        one = Someone(category, 1 + companions, "placed")
        if by == THEY and category == "staff":
            one.state = "asks"
        elif by == THEY and not self.fits(one):
            one.state = "in_line"
            self.line.append(number)
        self.people[number] = one

    @rule(who=WHO, by=st.sampled_from((THEY, LAN)))
    def give_up(self, who: int, by: str) -> None:
        if found := self.one_of(who, "placed", "asks", "in_line"):
            person, one = found
            cancel(self.session, person, at=AT, by=by)
            asked = one.state == "asks"
            self.leave(person, one, ("gone" if by == THEY else "sent") + " asking" * asked)

    @rule(who=WHO)
    def think_better_of_it(self, who: int) -> None:
        if found := self.one_of(who, "placed"):
            person, one = found
            cancel(self.session, person, at=AT, by=THEY)
            self.leave(person, one, "gone")

    @rule(who=WHO)
    def come_after_all(self, who: int) -> None:
        if found := self.one_of(who, "gone", "gone asking"):
            person, one = found
            take_back(self.session, person, at=AT)
            if one.state == "gone asking":
                one.state = "asks"
            elif self.fits(one):
                one.state = "placed"
            else:
                one.state = "in_line"
                self.line.append(person.id)

    @rule(who=WHO)
    def bring_back(self, who: int) -> None:
        if found := self.one_of(who, "gone", "sent", "gone asking", "sent asking"):
            person, one = found
            reinstate(self.session, person, at=AT, by=LAN)
            one.state = "asks" if one.state.endswith("asking") else "placed"

    @rule(who=WHO)
    def pass_on(self, who: int) -> None:
        if found := self.one_of(who, "placed", "asks", "in_line"):
            person, one = found
            try:
                heir = hand_over(self.session, person, Successor("Heir"), at=AT, by=THEY)
            except NoPlace:
                assert one.state == "in_line"
                return
            assert one.state != "in_line"
            asks = one.category == "staff"
            self.people[heir.id] = replace(one, state="asks" if asks else one.state)
            one.state = "over"
            self.admit()

    @rule(who=WHO, yes=st.booleans())
    def answer(self, who: int, yes: bool) -> None:
        if found := self.one_of(who, "placed", "asks", "in_line"):
            person, one = found
            verb = approve if yes else decline
            assert verb(self.session, person, at=AT, by=LAN) == (one.state == "asks")
            if one.state == "asks":
                one.state = "placed" if yes else "sent asking"

    @rule(who=WHO)
    def favour(self, who: int) -> None:
        if found := self.one_of(who, "placed", "asks", "in_line"):
            person, one = found
            assert give_place(self.session, person, at=AT, by=LAN) == (one.state == "in_line")
            if one.state == "in_line":
                one.state = "placed"
                self.line.remove(person.id)

    @rule(who=WHO, category=CATEGORIES)
    def move(self, who: int, category: str) -> None:
        if found := self.one_of(who, "placed", "asks", "in_line"):
            person, one = found
            said = as_stated(self.session, person) | {"category": category}
            stated = Registration(**{field: said[field] for field in STATED})
            change(self.session, person, stated, at=AT, by=LAN)
            one.category = category
            self.admit()

    @rule(key=st.sampled_from(("", "delegate", "visitor")), more=st.sampled_from((1, 1, 1, None)))
    def raise_limit(self, key: str, more: int | None) -> None:
        now = self.room.get(key)
        if now is not None:
            self.put(key, None if more is None and key else now + 1)
            admit_now(self.session, at=AT)
            self.admit()

    @invariant()
    def places_and_the_line_are_as_they_should_be(self) -> None:
        if not hasattr(self, "session"):
            return
        self.session.expire_all()
        there = {person.id for person in self.session.scalars(everyone())}
        assert there == {n for n, one in self.people.items() if one.state == "placed"}
        assert [person.id for person in self.session.scalars(in_line())] == self.line
        assert not any(self.fits(self.people[number]) for number in self.line)
        counted = limits(self.session)
        assert counted.event.taken == self.taken("")
        for row in self.session.scalars(select(Category)):
            assert counted.categories[row.id].taken == self.taken(row.key)

    def teardown(self) -> None:
        if hasattr(self, "session"):
            self.database.close()


TestPlaces = Places.TestCase
TestPlaces.settings = settings(max_examples=20, stateful_step_count=25, deadline=None)
