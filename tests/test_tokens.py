"""The number in the QR code, the secret link, and the keys behind them: what is accepted and what
is not.
"""

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from event.attendees import Registration, register
from event.badges import (
    DIGITS,
    Facts,
    Forged,
    Incomplete,
    Seal,
    Unreadable,
    own_seal,
    public_key,
    read,
    sign,
    token_of,
)
from event.keys import Keys, load_keys
from event.links import WrongLink, holder, secret_of
from event.programme import the_event
from tests.house import OPENING

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
FACTS = Facts(event=2023, attendee=42, revision=1, category=7, entitlements=1 << 63 | 5)

SEALS = (KEY.public_key(), own_seal(KEY))
every_seal = pytest.mark.parametrize("seal", SEALS, ids=["public key", "own seal"])
every_fact = st.builds(
    Facts,
    event=st.integers(0, 2**32 - 1),
    attendee=st.integers(0, 2**32 - 1),
    revision=st.integers(0, 255),
    category=st.integers(0, 255),
    entitlements=st.integers(0, 2**64 - 1),
)


@given(every_fact)
def test_a_token_is_200_digits_that_give_back_its_facts(facts: Facts) -> None:
    token = sign(facts, KEY)
    assert (len(token), token.isdigit()) == (DIGITS, True)
    assert [read(token, seal) for seal in SEALS] == [facts, facts]


@every_seal
@given(every_fact, st.integers(0, DIGITS - 1), st.integers(1, 9))
def test_a_token_with_any_digit_altered_is_refused(
    seal: Seal, facts: Facts, place: int, by: int
) -> None:
    token = sign(facts, KEY)
    altered = str((int(token[place]) + by) % 10)
    with pytest.raises(Unreadable):
        read(token[:place] + altered + token[place + 1 :], seal)


@every_seal
def test_another_sites_token_is_forged_here(seal: Seal) -> None:
    with pytest.raises(Forged):
        read(sign(FACTS, OTHER), seal)


@pytest.mark.parametrize("length", [1, 42, DIGITS - 1, DIGITS + 1, 2 * DIGITS])
def test_digits_lost_or_doubled_by_a_scanner_are_incomplete(length: int) -> None:
    with pytest.raises(Incomplete):
        read((sign(FACTS, KEY) * 2)[:length], KEY.public_key())


@pytest.mark.parametrize("text", ["", "https://vidu.vn/abc", "Á" * 200, "٣" * 200, "-" + "1" * 199])
def test_anything_but_digits_is_no_badge(text: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(text, KEY.public_key())
    assert not isinstance(refused.value, Incomplete | Forged)


def test_a_number_too_large_for_its_bytes_is_forged() -> None:
    with pytest.raises(Forged):
        read("9" * DIGITS, KEY.public_key())


def test_line_ends_and_spaces_of_a_hand_scanner_do_no_harm() -> None:
    token = sign(FACTS, KEY)
    assert read(f" {token[:100]}\r\n{token[100:]}\n", KEY.public_key()) == FACTS


def test_a_badge_carries_the_sessions_whose_doors_ask(store: Session) -> None:
    person = register(
        store, Registration(name="A", sessions=("energy-1", "forum")), at=OPENING
    ).attendee
    store.refresh(person, ["category"])
    event = the_event(store)
    assert event
    facts = read(token_of(store, event, person, KEY), KEY.public_key())
    assert facts == Facts(event=2023, attendee=person.id, revision=0, category=1, entitlements=0b10)


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    return load_keys(tmp_path)


def test_keys_are_made_once_and_readable_by_their_owner_alone(tmp_path: Path) -> None:
    first, again = load_keys(tmp_path), load_keys(tmp_path)
    assert (first.cookies, first.links) == (again.cookies, again.links)
    assert sign(FACTS, first.badges) == sign(FACTS, again.badges)
    files = sorted((tmp_path / "keys").iterdir())
    assert [file.name for file in files] == ["badges", "cookies", "links"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "keys").stat().st_mode) == 0o700


def test_a_secret_opens_the_page_of_its_holder_alone(store: Session, keys: Keys) -> None:
    one = register(store, Registration(name="A"), at=OPENING).attendee
    two = register(store, Registration(name="B"), at=OPENING).attendee
    assert holder(store, secret_of(one, keys), keys) is one
    with pytest.raises(WrongLink):
        holder(store, secret_of(one, keys)[:26] + str(two.id), keys)


def test_a_withdrawn_secret_opens_nothing(store: Session, keys: Keys) -> None:
    person = register(store, Registration(name="A"), at=OPENING).attendee
    old = secret_of(person, keys)
    person.link_revision += 1
    store.commit()
    assert holder(store, secret_of(person, keys), keys) is person
    with pytest.raises(WrongLink):
        holder(store, old, keys)


@pytest.mark.parametrize(
    "secret", ["", "x", "a" * 26, "a" * 26 + "1", "a" * 26 + "-1", "a" * 26 + "²", "é" * 30]
)
def test_made_up_secrets_open_nothing(store: Session, keys: Keys, secret: str) -> None:
    register(store, Registration(name="A"), at=OPENING)
    with pytest.raises(WrongLink):
        holder(store, secret, keys)


def test_public_key_is_the_half_that_doors_need() -> None:
    assert read(sign(FACTS, KEY), public_key(KEY)) == FACTS
