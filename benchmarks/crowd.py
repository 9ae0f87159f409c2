"""The invented people many times over: to invent a hundred thousand would take minutes."""

import sqlite3
from contextlib import closing
from pathlib import Path

OWN = {
    "id": "id + :shift",
    "nonce": "NULL",
    "email": "CASE email WHEN '' THEN '' ELSE :shift || '.' || email END",
    "phone": "substr(phone, 1, 6) || substr(abs(random()), 1, 6)",
}
"""What is not the same in a copy of a person."""
BOOKINGS = """
    INSERT INTO bookings (attendee_id, slot_id, kind, booked_at)
    SELECT attendee_id + :shift, slot_id, kind, booked_at FROM bookings WHERE attendee_id <= :last
"""
ARRIVALS = """
    INSERT INTO presences (attendee_id, checkpoint_id, day, first_at, last_at, entries, registered,
                           inside)
    SELECT id, (SELECT min(id) FROM checkpoints), date(registered_at), registered_at, registered_at,
           1, 1, 1
    FROM attendees WHERE id % 2
"""


def copy_people(database: Path, times: int) -> None:
    """So many of each, with their sessions; every other person has arrived."""
    with closing(sqlite3.connect(database)) as connection, connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(attendees)")]
        values = ", ".join(OWN.get(column, column) for column in columns)
        copy = f"INSERT INTO attendees ({', '.join(columns)}) SELECT {values} FROM attendees"
        (last,) = connection.execute("SELECT max(id) FROM attendees").fetchone()
        for time in range(1, times):
            facts = {"shift": last * time, "last": last}
            connection.execute(f"{copy} WHERE id <= :last", facts)
            connection.execute(BOOKINGS, facts)
        connection.execute(ARRIVALS)
