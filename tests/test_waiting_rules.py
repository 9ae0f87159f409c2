"""Seats and queues under any order of what people do, beside a model of a few lines."""

from collections import defaultdict

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select

from event.amendments import as_stated, cancel, change, reinstate
from event.attendees import STATED, Attendee, Registration, register
from event.bookings import Booking, SeatsClash, SeatsGone
from event.own_seats import NoPlace, give_back, leave_queue, take_seat
from event.programme import Slot
from event.timetable import change_session, facts_of, programme
from event.waiting import Wait
from tests.furnished import Furnished
from tests.house import OPENING

LIMITED = ("it-1", "energy-1", "energy-2")
OVERLAP = {("it-1", "energy-1"), ("it-1", "energy-2"), ("energy-1", "energy-2")}
KEYS = st.sampled_from((*LIMITED, "forum"))
MOST = 5
"""Few people meet often."""
WHICH = st.integers(0, 99)
WHO = st.integers(0, MOST - 1)


def overlap(one: str, other: str) -> bool:
    return (one, other) in OVERLAP or (other, one) in OVERLAP


def pick(people: dict[str, list[int]], which: int) -> tuple[str, int]:
    """One of those who sit or wait somewhere; "" if nobody does."""
    pairs = [(key, number) for key in sorted(people) for number in people[key]]
    return pairs[which % len(pairs)] if pairs else ("", 0)


class Queues(RuleBasedStateMachine):
    """`seats` and `queues` by session: numbers of people, in order."""

    @initialize()
    def begin(self) -> None:
        self.database = Furnished()
        self.session = self.database.session
        self.seats: dict[str, list[int]] = defaultdict(list)
        self.queues: dict[str, list[int]] = defaultdict(list)
        self.room = {"it-1": 2, "energy-1": 1, "energy-2": 1}
        self.people: list[Attendee] = []
        self.out: set[int] = set()
        slot = programme(self.session)["energy-2"]
        self.resize("energy-2", slot, 1)
        for key in LIMITED:
            self.put_down([key])
        for key in ("energy-1", "energy-2"):
            self.put_down([])
            self.take(len(self.people) - 1, key)

    def resize(self, key: str, slot: Slot, seats: int) -> None:
        facts = facts_of(slot)
        changed = type(facts)(**vars(facts) | {"capacity": seats})
        change_session(self.session, slot, changed, at=OPENING, by="test")
        self.room[key] = seats

    def full(self, key: str) -> bool:
        return key in self.room and len(self.seats[key]) >= self.room[key]

    def sits(self, who: int, key: str) -> bool:
        return any(who in self.seats[other] for other in LIMITED if overlap(key, other))

    def settle(self, keys: set[str]) -> None:
        """Sessions in the order of their numbers, as the site goes through them."""
        for key in ("it-1", "energy-1", "energy-2", "forum"):
            if key not in keys:
                continue
            while not self.full(key):
                able = [
                    who
                    for who in self.queues[key]
                    if key not in self.room or not self.sits(who, key)
                ]
                if not able:
                    break
                self.queues[key].remove(able[0])
                self.seats[key].append(able[0])

    def waiting(self, number: int) -> set[str]:
        return {key for key in self.queues if number in self.queues[key]}

    @rule(keys=st.lists(KEYS, max_size=2, unique=True))
    def put_down(self, keys: list[str]) -> None:
        if len(self.people) == MOST:
            return
        wanted = Registration(name=f"Người {len(self.people)}", sessions=tuple(keys))
        clash = len(keys) == 2 and overlap(*keys)
        gone = any(self.full(key) for key in keys)
        try:
            done = register(self.session, wanted, at=OPENING)
        except (SeatsClash, SeatsGone):
            assert clash or gone
            return
        assert not clash
        assert not gone
        self.people.append(done.attendee)
        for key in keys:
            self.seats[key].append(done.id)

    def someone(self, who: int) -> Attendee | None:
        return self.people[who % len(self.people)] if self.people else None

    @rule(who=WHO, key=KEYS)
    def take(self, who: int, key: str) -> None:
        person = self.someone(who)
        if person is None:
            return
        number = person.id
        try:
            seated = take_seat(self.session, person, key, at=OPENING, by="attendee")
        except NoPlace:
            assert number in self.out
            return
        assert number not in self.out
        may = not self.full(key) and not (key in self.room and self.sits(number, key))
        had = number in self.seats[key]
        assert seated == (had or may)
        if not had and may:
            self.seats[key].append(number)
            if number in self.queues[key]:
                self.queues[key].remove(number)
        elif not had and number not in self.queues[key]:
            self.queues[key].append(number)

    @rule(which=WHICH)
    def give(self, which: int) -> None:
        key, number = pick(self.seats, which)
        if key:
            person = self.session.get_one(Attendee, number)
            give_back(self.session, person, key, at=OPENING, by="attendee")
            self.seats[key].remove(number)
            self.settle({key} | self.waiting(number))

    @rule(which=WHICH)
    def leave(self, which: int) -> None:
        key, number = pick(self.queues, which)
        if key:
            person = self.session.get_one(Attendee, number)
            leave_queue(self.session, person, key, at=OPENING, by="attendee")
            self.queues[key].remove(number)

    @rule(who=WHO, keys=st.lists(KEYS, max_size=2, unique=True))
    def choose_others(self, who: int, keys: list[str]) -> None:
        person = self.someone(who)
        if person is None or person.id in self.out:
            return
        number, before = person.id, as_stated(self.session, person)
        stated = Registration(**{f: before[f] for f in STATED}, sessions=tuple(keys))
        clash = len(keys) == 2 and overlap(*keys)
        gone = any(self.full(key) and number not in self.seats[key] for key in keys)
        try:
            change(self.session, person, stated, at=OPENING, by="attendee")
        except (SeatsClash, SeatsGone):
            assert clash or gone
            return
        assert not clash
        assert not gone
        freed = {k for k in self.seats if number in self.seats[k] and k not in keys}
        for key in freed:
            self.seats[key].remove(number)
        for key in keys:
            if number not in self.seats[key]:
                self.seats[key].append(number)
            if number in self.queues[key]:
                self.queues[key].remove(number)
        self.settle(freed | self.waiting(number))

    @rule(who=WHO)
    def cancel_one(self, who: int) -> None:
        person = self.someone(who)
        if person is None:
            return
        if person.id in self.out:
            reinstate(self.session, person, at=OPENING, by="attendee")
            self.out.remove(person.id)
            return
        cancel(self.session, person, at=OPENING, by="attendee")
        self.out.add(person.id)
        freed = {key for key in self.seats if person.id in self.seats[key]}
        for key in freed:
            self.seats[key].remove(person.id)
        for key in self.waiting(person.id):
            self.queues[key].remove(person.id)
        self.settle(freed)

    @rule(key=st.sampled_from(LIMITED), more=st.integers(0, 1))
    def enlarge(self, key: str, more: int) -> None:
        self.resize(key, programme(self.session)[key], self.room[key] + more)
        self.settle({k for k in self.queues if self.queues[k]})

    @invariant()
    def seats_and_queues_are_as_they_should_be(self) -> None:
        if not hasattr(self, "session"):
            return
        slots = {slot.id: slot for slot in programme(self.session).values()}
        booked, waits = defaultdict(set), defaultdict(list)
        for slot_id, number in self.session.execute(select(Booking.slot_id, Booking.attendee_id)):
            booked[slots[slot_id].key].add(number)
        for slot_id, number in self.session.execute(
            select(Wait.slot_id, Wait.attendee_id).order_by(Wait.id)
        ):
            waits[slots[slot_id].key].append(number)
        assert dict(booked) == {key: set(who) for key, who in self.seats.items() if who}
        assert dict(waits) == {key: who for key, who in self.queues.items() if who}
        for slot in slots.values():
            assert slot.taken == len(booked[slot.key])
            assert slot.capacity is None or slot.taken <= slot.capacity
            if slot.free:
                assert all(self.sits(who, slot.key) for who in waits[slot.key])
        assert self.session.scalar(select(func.count()).select_from(Booking)) == sum(
            map(len, booked.values())
        )

    def teardown(self) -> None:
        if hasattr(self, "session"):
            self.database.close()


TestQueues = Queues.TestCase
TestQueues.settings = settings(max_examples=20, stateful_step_count=25, deadline=None)
