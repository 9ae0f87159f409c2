"""The queue of badges at the desk: what a kiosk puts into it, who prints what, what is written."""

from datetime import datetime, timedelta
from itertools import count

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.badges import public_key
from event.checkin import Scanned, Verdict, check_in
from event.corrections import Undo, undo
from event.looks import looks_now
from event.people import filtered
from event.printed_at_desk import drawn, printed
from event.printing import Printed, PrintRun
from event.printqueue import (
    Beat,
    Elsewhere,
    PrintJob,
    beat,
    cancel,
    close_printer,
    fail,
    lately,
    open_printer,
    openings,
    promised,
    put_back,
    to_print,
)
from event.programme import the_event
from event.staff import add_staff
from tests.doors import put_down
from tests.house import OPENING

KEY = Ed25519PrivateKey.generate()
SOON = OPENING + timedelta(seconds=5)
_nonces = count(1)


def enter(
    store: Session, person: Attendee, *, at: datetime = OPENING, nonce: str = "", **said: str
) -> Verdict:
    """One scan of a person at the kiosk of gate A."""
    event = the_event(store)
    assert event
    told = {"method": "kiosk", "checkpoint": "gate-a", "device": "device:1", **said}
    nonce = nonce or f"kiosk-{next(_nonces):06}"
    scanned = Scanned(nonce=nonce, scanned_at=at, attendee_id=person.id, **told)
    return check_in(store, event, scanned, public_key(KEY), at=at)


def jobs(store: Session) -> list[PrintJob]:
    return list(store.scalars(select(PrintJob).order_by(PrintJob.id)))


def mark(person: Attendee) -> tuple[int, int, str, str, str, str, int, str, int]:
    return (person.id, person.revision, person.name, person.degree, person.organisation,
            person.position, person.category_id, person.language, 0)  # fmt: skip


def come_out(store: Session, job: PrintJob, person: Attendee, at: datetime = SOON) -> bool:
    drawn(store, job, mark(person), looks_now(store), "a6")
    return printed(store, job, by="lan@vidu.vn", at=at)


def test_an_entry_at_a_kiosk_queues_the_badge_where_a_printer_is_open(store: Session) -> None:
    open_printer(store, "laptop", "Bàn 1", at=OPENING)
    huong = put_down(store)
    verdict = enter(store, huong, at=SOON)
    (job,) = jobs(store)
    assert (job.scan_id, job.attendee_id, job.revision) == (verdict.scan_id, huong.id, 0)
    assert (job.state(SOON), promised(store, verdict.scan_id)) == ("waiting", "Bàn 1")


def test_without_an_open_printer_nothing_is_queued_and_nothing_promised(store: Session) -> None:
    huong = put_down(store)
    verdict = enter(store, huong)
    assert (jobs(store), promised(store, verdict.scan_id)) == ([], "")
    open_printer(store, "laptop", "Bàn 1", at=OPENING)
    later = OPENING + timedelta(seconds=21)
    assert openings(store, at=later) == []
    enter(store, put_down(store, "Lê Văn Nam"), at=later)
    assert jobs(store) == []


@pytest.mark.parametrize("method", ["camera", "scanner", "search"])
def test_other_scans_print_nothing(store: Session, method: str) -> None:
    open_printer(store, "laptop", "Bàn 1", at=OPENING)
    enter(store, put_down(store), method=method)
    assert jobs(store) == []


def test_coming_back_and_a_second_gate_print_nothing(store: Session) -> None:
    open_printer(store, "laptop", "Bàn 1", at=OPENING)
    huong = put_down(store)
    kinds = [enter(store, huong).kind, enter(store, huong).kind]
    kinds.append(enter(store, huong, checkpoint="gate-b").kind)
    assert kinds == ["in", "back", "back"]
    assert len(jobs(store)) == 1


def test_the_same_nonce_again_queues_one_badge_and_promises_the_same(store: Session) -> None:
    open_printer(store, "laptop", "Bàn 1", at=OPENING)
    huong = put_down(store)
    told = [enter(store, huong, nonce="kiosk-once").scan_id for _ in range(3)]
    assert len(jobs(store)) == 1
    assert {promised(store, scan) for scan in told} == {"Bàn 1"}


def test_what_a_kiosk_decided_by_itself_and_sent_late_prints_nothing(store: Session) -> None:
    open_printer(store, "laptop", "Bàn 1", at=OPENING)
    event = the_event(store)
    assert event
    for number, (person, decided) in enumerate(((put_down(store), "in"), (put_down(store), ""))):
        scanned = Scanned(
            device="device:1", nonce=f"late-{number:05}", checkpoint="gate-a", method="kiosk",
            scanned_at=OPENING - timedelta(minutes=2), attendee_id=person.id, decided=decided,
        )  # fmt: skip
        assert check_in(store, event, scanned, public_key(KEY), at=OPENING).kind == "in"
    assert jobs(store) == []


def test_a_refusal_prints_nothing(store: Session) -> None:
    open_printer(store, "laptop", "Bàn 1", at=OPENING)
    assert enter(store, put_down(store), checkpoint="energy-1").kind == "help"
    assert jobs(store) == []


def test_a_badge_printed_before_is_not_printed_again_but_its_replacement_is(
    store: Session,
) -> None:
    open_printer(store, "laptop", "Bàn 1", at=OPENING)
    huong = put_down(store)
    enter(store, huong)
    (job,) = jobs(store)
    assert come_out(store, job, huong)
    tomorrow = OPENING + timedelta(days=1)
    open_printer(store, "laptop", "Bàn 1", at=tomorrow)
    assert enter(store, huong, at=tomorrow).kind == "in"
    assert len(jobs(store)) == 1
    huong.revision += 1
    store.commit()
    in_two_days = OPENING + timedelta(days=2)
    open_printer(store, "laptop", "Bàn 1", at=in_two_days)
    enter(store, huong, at=in_two_days)
    assert [job.revision for job in jobs(store)] == [0, 1]


def test_two_printers_share_the_queue_and_none_gets_what_the_other_has(store: Session) -> None:
    for device in ("one", "two"):
        open_printer(store, device, f"Bàn {device}", at=OPENING)
        assert beat(store, Beat(device, f"page-{device}", fresh=True), at=OPENING) is None
    people = [put_down(store, name) for name in ("A Á", "B Bá", "C Cá", "D Dá")]
    promises = [promised(store, enter(store, person).scan_id) for person in people]
    assert promises == ["Bàn one", "Bàn two", "Bàn one", "Bàn two"]
    taken = [
        job and job.attendee_id
        for device in ("one", "two", "one", "two", "one")
        for job in [beat(store, Beat(device, f"page-{device}"), at=SOON)]
    ]
    assert taken == [people[0].id, people[1].id, people[2].id, people[3].id, None]


def test_what_was_meant_for_a_printer_that_went_is_printed_by_another(store: Session) -> None:
    open_printer(store, "one", "Bàn 1", at=OPENING)
    huong = put_down(store)
    enter(store, huong)
    later = OPENING + timedelta(seconds=30)
    open_printer(store, "two", "Bàn 2", at=later)
    job = beat(store, Beat("two", "page-two", fresh=True), at=later)
    assert job is not None
    assert job.attendee_id == huong.id


def test_a_printer_that_was_closed_hands_on_what_it_had(store: Session) -> None:
    first = open_printer(store, "one", "Bàn 1", at=OPENING)
    open_printer(store, "two", "Bàn 2", at=OPENING)
    enter(store, put_down(store))
    assert beat(store, Beat("one", "p1", fresh=True), at=OPENING) is not None
    assert beat(store, Beat("two", "p2", fresh=True), at=SOON) is None
    close_printer(store, first)
    assert beat(store, Beat("two", "p2"), at=SOON) is not None


def test_a_badge_in_hand_is_given_out_again_when_its_time_is_over(store: Session) -> None:
    open_printer(store, "one", "Bàn 1", at=OPENING)
    enter(store, put_down(store))
    assert beat(store, Beat("one", "page", fresh=True), at=OPENING) is not None
    assert beat(store, Beat("one", "page"), at=OPENING + timedelta(minutes=2)) is None
    again = beat(store, Beat("one", "page"), at=OPENING + timedelta(minutes=2, seconds=1))
    assert again is not None


def test_a_page_opened_again_takes_over_at_once_and_the_old_tab_stops(store: Session) -> None:
    open_printer(store, "one", "Bàn 1", at=OPENING)
    enter(store, put_down(store))
    first = beat(store, Beat("one", "old-tab", fresh=True), at=OPENING)
    again = beat(store, Beat("one", "new-tab", fresh=True), at=SOON)
    assert first is not None
    assert again is not None
    assert again.id == first.id
    with pytest.raises(Elsewhere):
        beat(store, Beat("one", "old-tab"), at=SOON)
    with pytest.raises(Elsewhere):
        beat(store, Beat("unknown", "page", fresh=True), at=SOON)


def test_an_entry_taken_back_takes_its_badge_out_of_the_queue(store: Session) -> None:
    open_printer(store, "one", "Bàn 1", at=OPENING)
    event, boss = the_event(store), add_staff(store, "a@b.vn", "supervisor", at=OPENING, by="test")
    assert event
    huong = put_down(store)
    scan = enter(store, huong).scan_id
    assert scan
    undo(store, event, Undo(scan, "laptop", "undo-0001", "wrong_person"), boss, at=SOON)
    assert beat(store, Beat("one", "page", fresh=True), at=SOON) is None
    enter(store, huong, at=SOON)
    job = beat(store, Beat("one", "page"), at=SOON)
    assert job is not None
    assert job.scan_id == scan + 2


def test_nobody_prints_the_badge_of_a_cancelled_registration(store: Session) -> None:
    open_printer(store, "one", "Bàn 1", at=OPENING)
    huong = put_down(store)
    enter(store, huong)
    huong.cancelled_at = OPENING
    store.commit()
    assert beat(store, Beat("one", "page", fresh=True), at=SOON) is None


def test_what_came_out_is_in_the_print_log_in_one_run_for_the_printer(store: Session) -> None:
    open_printer(store, "one", "Bàn 1", at=OPENING)
    people = [put_down(store, name) for name in ("Trần Thị Ánh", "Lê Văn Nam")]
    for person in people:
        enter(store, person)
    assert [come_out(store, job, who) for job, who in zip(jobs(store), people, strict=True)] == [
        True, True,
    ]  # fmt: skip
    (run,) = store.scalars(select(PrintRun))
    assert (run.people, run.count, run.reasons) == ({"printer": "Bàn 1"}, 2, {"new": 2})
    assert (run.by, run.kept, run.apart) == ("lan@vidu.vn", False, True)
    assert {row.attendee_id for row in store.scalars(select(Printed))} == {p.id for p in people}
    changed = {p.id for p in store.scalars(filtered({"changed": "yes"}))}
    assert changed == set()
    people[0].name = "Trần Thị Ngọc Ánh"
    store.commit()
    assert {p.id for p in store.scalars(filtered({"changed": "yes"}))} == {people[0].id}


def test_said_twice_it_came_out_once_and_again_it_counts_one_badge(store: Session) -> None:
    open_printer(store, "one", "Bàn 1", at=OPENING)
    huong = put_down(store)
    enter(store, huong)
    (job,) = jobs(store)
    assert [come_out(store, job, huong), come_out(store, job, huong)] == [True, False]
    put_back(store, job, at=SOON)
    assert [waiting.id for waiting in store.scalars(to_print())] == [job.id]
    assert come_out(store, job, huong)
    (run,) = store.scalars(select(PrintRun))
    assert (run.count, run.reasons) == (1, {"new": 1, "same": 1})


def test_another_look_begins_another_run(store: Session) -> None:
    open_printer(store, "one", "Bàn 1", at=OPENING)
    people = [put_down(store, name) for name in ("Trần Thị Ánh", "Lê Văn Nam")]
    for person in people:
        enter(store, person)
    first, second = jobs(store)
    come_out(store, first, people[0])
    event = the_event(store)
    assert event
    event.name = event.name.__class__("Sự kiện khác", "Another event")
    store.commit()
    come_out(store, second, people[1])
    assert [run.count for run in store.scalars(select(PrintRun))] == [1, 1]


def test_what_failed_or_was_cancelled_waits_for_a_person(store: Session) -> None:
    open_printer(store, "one", "Bàn 1", at=OPENING)
    for name in ("A Á", "B Bá"):
        enter(store, put_down(store, name))
    first, second = jobs(store)
    fail(store, first, at=SOON)
    cancel(store, second, at=SOON)
    assert beat(store, Beat("one", "page", fresh=True), at=SOON) is None
    assert {job.over for job in store.scalars(lately())} == {"failed", "cancelled"}
    put_back(store, first, at=SOON)
    again = beat(store, Beat("one", "page"), at=SOON)
    assert again is not None
    assert again.id == first.id


def test_a_badge_that_was_cancelled_is_queued_again_by_the_next_first_entry(
    store: Session,
) -> None:
    open_printer(store, "one", "Bàn 1", at=OPENING)
    huong = put_down(store)
    enter(store, huong)
    cancel(store, jobs(store)[0], at=SOON)
    tomorrow = OPENING + timedelta(days=1)
    open_printer(store, "one", "Bàn 1", at=tomorrow)
    enter(store, huong, at=tomorrow)
    assert len(jobs(store)) == 2
