"""Delegations at the gate: the head's scan, the others by one tap, and the same tap taken back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import count

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import event as happenings
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.badges import public_key
from event.checkin import Scanned, Verdict, check_in
from event.corrections import MayNotUndo, NothingToUndo, Undo, undo, undo_tap
from event.delegations import Delegation
from event.gate_parties import Head, NoHead, Tap, causes, head_of, let_in, offer, roll
from event.judging import waiting
from event.programme import Checkpoint, Event, the_event
from event.scans import Presence, Scan
from event.staff import Staff, add_staff
from tests.doors import put_down
from tests.house import OPENING

KEY = Ed25519PrivateKey.generate()
SOON = OPENING + timedelta(minutes=1)
_nonces = count(1)


def the(store: Session) -> Event:
    event = the_event(store)
    assert event
    return event


def delegation(store: Session, people: int, name: str = "Đoàn Đồng Nai") -> list[Attendee]:
    """People of one delegation, the first of them its head."""
    party = Delegation(name=name, folded_name=name.lower(), created_at=OPENING)
    store.add(party)
    store.flush()
    members = [put_down(store, f"Nguyễn Văn {number:03}") for number in range(people)]
    for member in members:
        member.party_id = party.id
    members[0].heads_party = True
    store.commit()
    return members


def scan(store: Session, person: Attendee, **said: str) -> Verdict:
    told = {"method": "camera", "checkpoint": "gate-a", "device": "gate-1", **said}
    scanned = Scanned(
        nonce=f"scan-{next(_nonces):05}", scanned_at=OPENING, attendee_id=person.id, **told
    )
    return check_in(store, the(store), scanned, public_key(KEY), at=OPENING)


def headed(store: Session, people: list[Attendee], **said: str) -> Head:
    return head_of(store, the(store), scan(store, people[0], **said).scan_id or 0, at=OPENING)


def tap(head: Head, members: list[Attendee], press: str = "press-1", device: str = "gate-1") -> Tap:
    return Tap(head.scan.id, [who.id for who in members], device, press)


def desk(store: Session, role: str = "desk") -> Staff:
    return add_staff(store, f"{role}@vidu.vn", role, at=OPENING, by="test")


def inside(store: Session) -> int:
    return store.scalar(select(func.count(Presence.attendee_id.distinct()))) or 0


def scans(store: Session) -> list[Scan]:
    return list(store.scalars(select(Scan).order_by(Scan.id)))


def test_the_heads_scan_offers_the_others(store: Session) -> None:
    people = delegation(store, 4)
    found = offer(store, scan(store, people[0]))
    assert found is not None
    assert (found.name, found.others) == ("Đoàn Đồng Nai", 3)


def test_nobody_else_offers_them(store: Session) -> None:
    people = delegation(store, 2)
    assert offer(store, scan(store, people[1])) is None
    assert offer(store, scan(store, put_down(store, "Một mình"))) is None
    alone = delegation(store, 1, "Đoàn một người")
    assert offer(store, scan(store, alone[0])) is None


def test_a_head_who_is_refused_brings_nobody(store: Session) -> None:
    people = delegation(store, 3)
    refused = scan(store, people[0], checkpoint="energy-1")
    assert (refused.kind, offer(store, refused)) == ("help", None)
    with pytest.raises(NoHead):
        head_of(store, the(store), refused.scan_id or 0, at=SOON)
    for number in (0, 999, scan(store, people[1]).scan_id or 0):
        with pytest.raises(NoHead):
            head_of(store, the(store), number, at=SOON)


def test_one_tap_lets_in_those_ticked_each_by_a_scan_that_names_the_heads(store: Session) -> None:
    people = delegation(store, 4)
    head = headed(store, people)
    verdicts = let_in(store, the(store), tap(head, people[1:3]), at=SOON)
    assert [verdict.kind for verdict in verdicts] == ["in", "in"]
    rows = scans(store)[1:]
    assert [(row.attendee_id, row.method, row.because_id, row.verdict) for row in rows] == [
        (people[1].id, "search", head.scan.id, "in"),
        (people[2].id, "search", head.scan.id, "in"),
    ]
    assert inside(store) == 3
    assert causes(store, rows)[head.scan.id].name == people[0].titled_name


def test_the_roll_says_who_is_in_and_who_still_waits(store: Session) -> None:
    people = delegation(store, 5)
    people[3].cancelled_at = OPENING
    store.commit()
    scan(store, people[2], checkpoint="gate-b")
    head = headed(store, people)
    let_in(store, the(store), tap(head, people[1:2]), at=SOON)
    found = [
        (member.attendee.id, member.arrived_at, member.waits)
        for member in roll(store, the(store), head, at=SOON)
    ]
    assert found == [
        (people[1].id, SOON, False),
        (people[2].id, OPENING, False),
        (people[4].id, None, True),
        (people[3].id, None, False),
    ]


def test_who_came_yesterday_is_not_in_today(store: Session) -> None:
    people = delegation(store, 2)
    scan(store, people[1])
    tomorrow = OPENING + timedelta(days=1)
    (member,) = roll(store, the(store), headed(store, people), at=tomorrow)
    assert member.waits


def test_the_same_press_again_counts_nobody_twice(store: Session) -> None:
    people = delegation(store, 4)
    head = headed(store, people)
    told = [let_in(store, the(store), tap(head, people[1:]), at=SOON) for _ in range(3)]
    assert [[v.scan_id for v in verdicts] for verdicts in told] == [
        [v.scan_id for v in told[0]] for _ in range(3)
    ]
    assert len(scans(store)) == 4


def test_another_press_and_another_device_count_only_whom_the_first_did_not(
    store: Session,
) -> None:
    people = delegation(store, 4)
    head = headed(store, people)
    let_in(store, the(store), tap(head, people[1:3]), at=SOON)
    other = tap(head, people[1:], press="press-2", device="gate-2")
    assert [v.kind for v in let_in(store, the(store), other, at=SOON)] == ["in"] * 3
    assert len(scans(store)) == 4


def test_each_is_asked_by_the_rule_of_the_door_and_refusals_are_kept(store: Session) -> None:
    people = delegation(store, 5)
    head = headed(store, people, checkpoint="it-1")  # two seats for five people
    people[4].cancelled_at = OPENING
    store.commit()
    verdicts = let_in(store, the(store), tap(head, people[1:]), at=SOON)
    assert [(v.kind, v.reason) for v in verdicts] == [
        ("extra", "not_registered"),
        ("help", "full"),
        ("help", "full"),
        ("help", "cancelled"),
    ]
    assert len(scans(store)) == 5
    shown = roll(store, the(store), head, at=SOON)
    assert [(m.refused, m.scan and m.scan.reason) for m in shown] == [
        (False, "not_registered"),
        (True, "full"),
        (True, "full"),
        (False, "cancelled"),
    ]


def test_whoever_was_refused_is_asked_anew_by_another_press_but_not_by_the_same(
    store: Session,
) -> None:
    people = delegation(store, 3)
    head = headed(store, people, checkpoint="it-1")
    first = let_in(store, the(store), tap(head, people[1:]), at=SOON)
    assert [v.kind for v in first] == ["extra", "help"]
    boss = desk(store, "supervisor")
    undo(store, the(store), Undo(first[0].scan_id or 0, "x", "undo-1", "mistake"), boss, at=SOON)
    same = let_in(store, the(store), tap(head, people[2:]), at=SOON)
    other = let_in(store, the(store), tap(head, people[2:], press="press-2"), at=SOON)
    assert [same[0].kind, other[0].kind] == ["help", "extra"]


def test_strangers_and_other_delegations_do_not_come_in_with_a_head(store: Session) -> None:
    people, others = delegation(store, 2), delegation(store, 2, "Đoàn Huế")
    stranger = put_down(store, "Một mình")
    head = headed(store, people)
    ticked = tap(head, [*others, stranger, people[0], people[1]])
    assert len(let_in(store, the(store), ticked, at=SOON)) == 1
    assert inside(store) == 2


def test_a_head_whose_scan_was_taken_back_brings_nobody(store: Session) -> None:
    people = delegation(store, 2)
    head = headed(store, people)
    wish = Undo(head.scan.id, "gate-1", "undo-1", "wrong_person")
    undo(store, the(store), wish, desk(store), at=SOON)
    with pytest.raises(NoHead):
        let_in(store, the(store), tap(head, people[1:]), at=SOON)


def test_one_press_takes_the_whole_tap_back(store: Session) -> None:
    people = delegation(store, 4)
    head = headed(store, people)
    verdicts = let_in(store, the(store), tap(head, people[1:]), at=SOON)
    wish = Undo(verdicts[0].scan_id or 0, "gate-1", "undo-tap", "by_mistake")
    lan = desk(store)
    assert undo_tap(store, the(store), wish, lan, at=SOON) == 3
    assert inside(store) == 1
    assert undo_tap(store, the(store), wish, lan, at=SOON) == 0
    again = let_in(store, the(store), tap(head, people[1:2], press="press-2"), at=SOON)
    assert [v.kind for v in again] == ["in"]


def test_a_tap_takes_back_no_other_tap(store: Session) -> None:
    people = delegation(store, 4)
    head = headed(store, people)
    let_in(store, the(store), tap(head, people[1:2]), at=OPENING)
    second = let_in(store, the(store), tap(head, people[2:], press="press-2"), at=SOON)
    wish = Undo(second[0].scan_id or 0, "gate-1", "undo-tap", "by_mistake")
    assert undo_tap(store, the(store), wish, desk(store), at=SOON) == 2
    assert inside(store) == 2


def test_the_desk_takes_back_any_of_its_last_tap_while_it_is_fresh(store: Session) -> None:
    people = delegation(store, 4)
    head = headed(store, people)
    verdicts = let_in(store, the(store), tap(head, people[1:]), at=SOON)
    lan = desk(store)
    first = Undo(verdicts[0].scan_id or 0, "gate-1", "undo-1", "wrong_person")
    undo(store, the(store), first, lan, at=SOON)
    assert inside(store) == 3
    with pytest.raises(MayNotUndo):
        undo(store, the(store), Undo(head.scan.id, "gate-1", "undo-2", "x"), lan, at=SOON)
    late = SOON + timedelta(minutes=11)
    other = Undo(verdicts[1].scan_id or 0, "gate-1", "undo-3", "x")
    for refused in (undo, undo_tap):
        with pytest.raises(MayNotUndo):
            refused(store, the(store), other, lan, at=late)
    elsewhere = Undo(verdicts[1].scan_id or 0, "gate-2", "undo-4", "x")
    with pytest.raises(MayNotUndo):
        undo_tap(store, the(store), elsewhere, lan, at=SOON)
    scan(store, put_down(store, "Người sau"))
    with pytest.raises(MayNotUndo):
        undo_tap(store, the(store), other, lan, at=SOON)
    assert undo_tap(store, the(store), other, desk(store, "supervisor"), at=late) == 2


def test_a_single_scan_is_no_tap(store: Session) -> None:
    alone = scan(store, put_down(store))
    with pytest.raises(NothingToUndo):
        undo_tap(
            store, the(store), Undo(alone.scan_id or 0, "gate-1", "u-1", "x"), desk(store), at=SOON
        )


def test_who_passed_another_gate_a_moment_before_the_tap_is_looked_at(store: Session) -> None:
    people = delegation(store, 3)
    store.execute(update(Checkpoint).where(Checkpoint.key == "gate-b").values(area="lunch"))
    elsewhere = scan(store, people[1], checkpoint="gate-b")
    head = headed(store, people)
    verdicts = let_in(store, the(store), tap(head, people[1:]), at=SOON)
    assert [verdict.kind for verdict in verdicts] == ["in", "in"]
    (found,) = store.scalars(waiting())
    assert (found.kind, found.first_id, found.second_id) == (
        "two_gates", elsewhere.scan_id, verdicts[0].scan_id,
    )  # fmt: skip


def test_a_head_who_came_yesterday_brings_nobody_today(store: Session) -> None:
    people = delegation(store, 3)
    head = headed(store, people)
    let_in(store, the(store), tap(head, people[1:2]), at=SOON)
    tomorrow = OPENING + timedelta(days=1)
    with pytest.raises(NoHead):
        let_in(store, the(store), tap(head, people[1:], press="press-2"), at=tomorrow)
    assert len(scans(store)) == 2


@contextmanager
def counted(store: Session) -> Iterator[list[str]]:
    """The statements that are sent meanwhile."""
    sent: list[str] = []

    def note(_c: object, _u: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    happenings.listen(store.get_bind(), "before_cursor_execute", note)
    yield sent
    happenings.remove(store.get_bind(), "before_cursor_execute", note)


def test_the_roll_asks_the_same_few_queries_for_two_and_for_thirty(store: Session) -> None:
    asked = []
    for number, people in enumerate((2, 30)):
        head = headed(store, delegation(store, people, f"Đoàn {number}"))
        with counted(store) as sent:
            assert len(roll(store, the(store), head, at=SOON)) == people - 1
        asked.append(len(sent))
    assert asked[0] == asked[1] <= 5
