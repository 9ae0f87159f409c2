"""A long list goes in a portion at a time: others write in between, and a stop loses nothing."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from event.attendees import Attendee, Registration, register
from event.delegations import Delegation
from event.imports import Import, Preview, Run, past_imports, preview, take
from event.imports.taking import PORTION
from event.mail import Mail
from tests.house import OPENING

PRESS = "a_confirmation%of-rows"
COUNT = 2 * PORTION + 50


class Stopped(BaseException):
    """As if the worker were killed: nothing of ours may catch it."""


def a_list(session: Session, *more: str) -> Preview:
    """A long list; the person in row 2 comes first, the one in row n + 1 is number n."""
    people = (f"Lê {chr(65 + n % 26)}{'b' * (n // 26)};Viện {n};a{n}@vidu.vn" for n in range(COUNT))
    rows = ("Họ tên;Cơ quan;Email", *people, *more)
    return preview(session, "\n".join(rows).encode(), "dai.csv")


def confirm(session: Session, shown: Preview, **options: object) -> Import:
    return take(session, shown, at=OPENING, by="lan@vidu.vn", **options)  # type: ignore[arg-type]


def stopped(after: int) -> Callable[[int, int], None]:
    """Ends the import once so many people are down."""

    def stop(done: int, _of: int) -> None:
        if done >= after:
            raise Stopped

    return stop


def count(session: Session, what: type = Attendee) -> int:
    return session.scalar(select(func.count()).select_from(what)) or 0


def test_others_write_between_the_portions_of_a_long_list(store: Session) -> None:
    told: list[tuple[int, int]] = []

    def meanwhile(done: int, of: int) -> None:
        told.append((done, of))
        with Session(store.get_bind()) as other:
            register(other, Registration(name=f"Trần Khách {done}"), at=OPENING)

    record = confirm(store, a_list(store), run=Run(progress=meanwhile))
    assert told == [(PORTION, COUNT), (2 * PORTION, COUNT)]
    assert record.taken == COUNT
    order = list(store.scalars(select(Attendee.name).order_by(Attendee.id)))
    assert [n for n, name in enumerate(order) if name.startswith("Trần")] == [
        PORTION,
        2 * PORTION + 1,
    ]


def test_who_registers_meanwhile_is_not_put_down_again(store: Session) -> None:
    shown = a_list(store)
    late = shown.taken[PORTION + 20]

    def meanwhile(done: int, _of: int) -> None:
        if done == PORTION:
            with Session(store.get_bind()) as other:
                register(other, late.registration, at=OPENING)

    record = confirm(store, shown, run=Run(progress=meanwhile))
    assert (record.taken, record.repeated) == (COUNT - 1, 1)
    assert count(store) == COUNT


@pytest.mark.parametrize("after", [PORTION, 2 * PORTION])
def test_an_import_that_was_stopped_goes_on_where_it_was(store: Session, after: int) -> None:
    shown = a_list(store, "Lê Ab;Viện 26;a26@vidu.vn")
    (twice,) = (row.number for row in shown.repeated)
    same = {"party": "Đoàn lớn", "also": (twice,)}
    with pytest.raises(Stopped):
        confirm(store, shown, **same, run=Run(PRESS, stopped(after)))
    store.rollback()
    assert count(store) == after
    record = confirm(store, a_list(store, "Lê Ab;Viện 26;a26@vidu.vn"), **same, run=Run(PRESS))
    again = confirm(store, shown, **same, run=Run(PRESS))
    assert again.id == record.id
    assert (record.taken, record.repeated, record.ignored) == (COUNT + 1, 0, 1)
    assert (count(store), count(store, Mail)) == (COUNT + 1, COUNT + 1)
    assert set(store.scalars(select(Attendee.import_id))) == {record.id}
    assert (count(store, Delegation), store.scalars(past_imports()).all()) == (1, [record])


def test_the_same_file_confirmed_anew_adds_nobody(store: Session) -> None:
    with pytest.raises(Stopped):
        confirm(store, a_list(store), run=Run(PRESS, stopped(PORTION)))
    store.rollback()
    record = confirm(store, a_list(store), run=Run("another-confirmation-x"))
    assert (record.taken, record.repeated) == (COUNT - PORTION, PORTION)
    again = confirm(store, a_list(store))
    assert (again.taken, again.repeated, count(store)) == (0, COUNT, COUNT)


def test_a_mistake_in_the_first_portion_leaves_nothing(store: Session) -> None:
    shown = a_list(store)
    shown.taken[5].values["category"] = "gone meanwhile"
    with pytest.raises(LookupError):
        confirm(store, shown, party="Đoàn lớn", run=Run(PRESS))
    assert (count(store), count(store, Import), count(store, Delegation)) == (0, 0, 0)


def test_the_first_head_leads_a_delegation_that_comes_in_portions(store: Session) -> None:
    shown = a_list(store)
    for number in (PORTION + 10, 2 * PORTION + 10):
        object.__setattr__(shown.taken[number], "heads_party", True)
    confirm(store, shown, party="Đoàn lớn")
    heads = store.scalars(select(Attendee.name).where(Attendee.heads_party)).all()
    assert heads == [shown.taken[PORTION + 10].values["name"]]
