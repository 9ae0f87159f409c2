"""What people count on: seats they hold, scans in the log; the programme cannot drop it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from event.programme import Checkpoint, Slot
from event.scans import Scan
from event.sittings import Problem, SlotFacts


class InUse(Exception):
    """Something of the programme cannot change so far, since people count on it."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.what}: {dict(problem.values)}")
        self.problem = problem


class SessionBooked(InUse):
    """A session cannot go while people hold seats in it."""

    def __init__(self, slot: Slot, count: int) -> None:
        super().__init__(Problem("", "session_booked", {"name": slot.title, "count": count}))
        self.slot, self.count = slot, count


class CapacityBelowTaken(InUse):
    """A session cannot have fewer seats than are taken."""

    def __init__(self, slot: Slot, wanted: int, taken: int) -> None:
        values = {"name": slot.title, "found": wanted, "taken": taken}
        super().__init__(Problem("capacity", "capacity_below_taken", values))
        self.slot, self.wanted, self.taken = slot, wanted, taken


class CheckpointScanned(InUse):
    """A gate or a session's door cannot go while the log holds scans made there."""

    def __init__(self, place: Checkpoint, count: int) -> None:
        super().__init__(Problem("", "checkpoint_scanned", {"name": place.name, "count": count}))
        self.place, self.count = place, count


def refuse_too_few_seats(slot: Slot, facts: SlotFacts) -> None:
    """Raises `CapacityBelowTaken` if the facts leave fewer seats than are taken."""
    if facts.capacity is not None and facts.capacity < slot.taken:
        raise CapacityBelowTaken(slot, facts.capacity, slot.taken)


def refuse_in_use(session: Session, slot: Slot) -> None:
    """Raises `SessionBooked` or `CheckpointScanned` if the session cannot go."""
    if slot.taken:
        raise SessionBooked(slot, slot.taken)
    door = door_of(session, slot)
    if door is not None:
        refuse_scanned(session, door)


def door_of(session: Session, slot: Slot) -> Checkpoint | None:
    """Where the badges of a session are scanned; matching rounds have no door."""
    return session.scalar(select(Checkpoint).where(Checkpoint.slot_id == slot.id))


def refuse_scanned(session: Session, place: Checkpoint) -> None:
    """Raises `CheckpointScanned` if the scan log names the place."""
    scans = select(func.count()).select_from(Scan).where(Scan.checkpoint_id == place.id)
    count = session.scalar(scans) or 0
    if count:
        raise CheckpointScanned(place, count)
