"""Papers to sign when a delegation gets its badges: one document for each."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.delegations import Delegation, heads
from event.names import fold
from exports.tables import Cell, Table

ROW_HEIGHT = 10  # millimetres, enough to sign in
RECEIVED = "Người nhận thay cả đoàn: ………………………………  Nhận lúc: …………………"


def hand_over(session: Session, table: Table, people: Select[Attendee]) -> Iterator[Table]:
    """`table` with delegations in its first column, taken apart by them.

    Where nobody comes in a delegation, it is one table without rows.
    """
    rows, names = _by_party(table), _parties(session, people)
    table = replace(table, columns=table.columns[1:], row_height=ROW_HEIGHT)
    for name, head in names:
        context = (*table.context, _called(name), *_led(head), RECEIVED)
        yield replace(table, rows=rows[name], context=context)
    if not names:
        yield replace(table, rows=())


def _by_party(table: Table) -> dict[str, list[Sequence[Cell]]]:
    """Names are their own: no two delegations have the same."""
    found = defaultdict[str, list[Sequence[Cell]]](list)
    for party, *row in table.rows:
        found[str(party)].append(row)
    return found


def _parties(session: Session, people: Select[Attendee]) -> list[tuple[str, str]]:
    """Names of delegations and of their heads, in alphabetical order."""
    numbers = people.order_by(None).with_only_columns(Attendee.party_id)
    query = select(Delegation).where(Delegation.id.in_(numbers)).order_by(Delegation.folded_name)
    leading = {person.party_id: person.titled_name for person in session.scalars(heads())}
    return [(party.name, leading.get(party.id, "")) for party in session.scalars(query)]


def _called(name: str) -> str:
    """Many offices begin the name of their delegation so."""
    return name if fold(name).startswith("doan ") else f"Đoàn: {name}"


def _led(head: str) -> Iterator[str]:
    if head:
        yield f"Trưởng đoàn: {head}"
