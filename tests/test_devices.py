"""Devices that scan without an account: paired by a code once, known by their key, withdrawn."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.devices import (
    CODE_LIFE,
    Device,
    Scanner,
    WrongCode,
    bind,
    code_again,
    devices,
    open_device,
    open_place,
    pair,
    place_of_code,
    seen,
    withdraw,
)
from event.journal import history
from tests.house import OPENING

LATER = OPENING + timedelta(minutes=3)


def a_device(store: Session, *doors: str) -> tuple[Device, str]:
    """A paired device and its key."""
    _, secret = open_place(store, "Cổng A · 1", list(doors), by="to@vidu.vn", at=OPENING)
    return pair(store, secret, at=OPENING)


def test_a_code_makes_a_named_device_that_its_key_opens(store: Session) -> None:
    place, secret = open_place(store, "Cổng A · 1", ["gate-a"], by="to@vidu.vn", at=OPENING)
    assert place_of_code(store, secret, at=OPENING).id == place.id
    device, key = pair(store, secret, at=LATER)
    scanner = open_device(store, device.id, key)
    assert scanner == Scanner(place.id, "Cổng A · 1", ("gate-a",), LATER)
    assert (device.paired_at, device.code) == (LATER, None)


def test_a_code_is_read_once(store: Session) -> None:
    _, secret = open_place(store, "Một", [], by="to@vidu.vn", at=OPENING)
    pair(store, secret, at=OPENING)
    with pytest.raises(WrongCode):
        pair(store, secret, at=OPENING)


def test_a_code_is_good_for_ten_minutes(store: Session) -> None:
    device, secret = open_place(store, "Một", [], by="to@vidu.vn", at=OPENING)
    last = OPENING + timedelta(minutes=10)
    assert device.waits(last - timedelta(seconds=1))
    assert not device.waits(last)
    with pytest.raises(WrongCode):
        pair(store, secret, at=OPENING + CODE_LIFE)


@pytest.mark.parametrize("secret", ["", "x", "é" * 32, "a" * 5000])
def test_a_made_up_code_opens_nothing(store: Session, secret: str) -> None:
    a_device(store)
    with pytest.raises(WrongCode):
        pair(store, secret, at=OPENING)


def test_of_two_that_read_one_code_one_is_paired(store: Session) -> None:
    _, secret = open_place(store, "Một", [], by="to@vidu.vn", at=OPENING)
    store.commit()
    start = Barrier(2)

    def read(_: int) -> bool:
        with Session(store.get_bind(), expire_on_commit=False) as session:
            start.wait()
            try:
                return bool(pair(session, secret, at=OPENING))
            except WrongCode:
                return False

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(read, range(2))) == [False, True]


def test_neither_code_nor_key_is_kept(store: Session) -> None:
    _, first = open_place(store, "Một", [], by="to@vidu.vn", at=OPENING)
    device, key = pair(store, first, at=OPENING)
    second = code_again(store, device, by="to@vidu.vn", at=OPENING)
    row = store.execute(select(Device.__table__)).one()
    assert not {first, key, second} & set(map(str, row))


def test_a_withdrawn_device_is_refused_at_once_and_its_code_too(store: Session) -> None:
    device, key = a_device(store)
    secret = code_again(store, device, by="to@vidu.vn", at=OPENING)
    withdraw(store, device, by="to@vidu.vn", at=LATER)
    assert open_device(store, device.id, key) is None
    with pytest.raises(WrongCode):
        pair(store, secret, at=LATER)


def test_another_code_for_a_place_ends_the_device_that_held_it_when_it_is_read(
    store: Session,
) -> None:
    device, lost = a_device(store)
    secret = code_again(store, device, by="to@vidu.vn", at=LATER)
    assert open_device(store, device.id, lost) is not None
    _, key = pair(store, secret, at=LATER)
    assert open_device(store, device.id, lost) is None
    assert open_device(store, device.id, key) is not None


def test_a_withdrawn_place_can_be_opened_again(store: Session) -> None:
    device, _ = a_device(store)
    withdraw(store, device, by="to@vidu.vn", at=LATER)
    secret = code_again(store, device, by="to@vidu.vn", at=LATER)
    again, key = pair(store, secret, at=LATER)
    assert open_device(store, again.id, key) is not None


def test_no_key_opens_another_device(store: Session) -> None:
    _, first = a_device(store)
    device, _ = a_device(store)
    waiting, _ = open_place(store, "Ba", [], by="to@vidu.vn", at=OPENING)
    assert open_device(store, device.id, first) is None
    assert open_device(store, waiting.id, "") is None
    assert open_device(store, 99, first) is None


def test_a_device_guards_the_doors_it_was_given(store: Session) -> None:
    bound, key = a_device(store, "gate-a", "it-1")
    scanner = open_device(store, bound.id, key)
    assert scanner
    assert [scanner.guards(door) for door in ("gate-a", "it-1", "gate-b")] == [True, True, False]
    free, key = a_device(store)
    scanner = open_device(store, free.id, key)
    assert scanner
    assert scanner.guards("gate-b")


def test_its_doors_change_without_pairing_it_again(store: Session) -> None:
    device, key = a_device(store, "gate-a")
    bind(store, device, "Cổng B", ["gate-b"], by="to@vidu.vn", at=LATER)
    scanner = open_device(store, device.id, key)
    assert scanner
    assert (scanner.name, scanner.doors) == ("Cổng B", ("gate-b",))


def test_a_sign_of_life_is_written_once_a_minute(store: Session) -> None:
    device, key = a_device(store)
    for after in (59, 60, 119):
        scanner = open_device(store, device.id, key)
        assert scanner
        seen(store, scanner, at=OPENING + timedelta(seconds=after))
    store.refresh(device)
    assert device.seen_at == OPENING + timedelta(seconds=60)


def test_who_did_what_with_a_device_is_in_the_journal(store: Session) -> None:
    device, _ = a_device(store, "gate-a")
    bind(store, device, "Cổng A · 1", ["gate-b"], by="to@vidu.vn", at=LATER)
    withdraw(store, device, by="to@vidu.vn", at=LATER)
    withdraw(store, device, by="to@vidu.vn", at=LATER)
    told = [(c.verb, c.actor) for c in store.scalars(history("device", device.id))]
    assert told == [
        ("device_withdrawn", "to@vidu.vn"),
        ("device_changed", "to@vidu.vn"),
        ("device_paired", f"device:{device.id}"),
        ("device_added", "to@vidu.vn"),
    ]


def test_withdrawn_places_are_listed_last(store: Session) -> None:
    for name in ("A", "C", "B"):
        open_place(store, name, [], by="to@vidu.vn", at=OPENING)
    first = store.scalars(devices()).first()
    assert first
    withdraw(store, first, by="to@vidu.vn", at=OPENING)
    assert [device.name for device in store.scalars(devices())] == ["B", "C", "A"]
