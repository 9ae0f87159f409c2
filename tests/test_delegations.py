"""Delegations: one name each, one head each, and how many of them have come."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.amendments import cancel
from event.attendees import Attendee, Registration, register
from event.delegations import (
    Delegation,
    DelegationFacts,
    NameTaken,
    NoName,
    NotInDelegation,
    Strength,
    change_delegation,
    found,
    join,
    members,
    strengths,
)
from event.journal import ChangedMeanwhile, history
from event.programme import Checkpoint
from event.scans import Presence
from tests.house import OPENING

DONG_NAI = DelegationFacts("Đoàn Đồng Nai", 25, "Trần Thư", "+84913456701", "thu@vidu.vn")


@pytest.fixture
def party(store: Session) -> Delegation:
    return found(store, DONG_NAI, at=OPENING, by="toan@vidu.vn")


def member(store: Session, name: str, party: Delegation, *, head: bool = False) -> Attendee:
    person = register(store, Registration(name=name), at=OPENING).attendee
    join(store, person, party, at=OPENING, by="toan@vidu.vn", head=head)
    return person


def test_a_name_stands_once_accents_and_case_aside(store: Session, party: Delegation) -> None:
    with pytest.raises(NameTaken) as taken:
        found(store, DelegationFacts("ĐOÀN  DONG NAI"), at=OPENING, by="x")
    assert taken.value.holder.id == party.id
    with pytest.raises(NoName):
        found(store, DelegationFacts(" ? "), at=OPENING, by="x")
    assert store.scalars(select(Delegation.name)).all() == ["Đoàn Đồng Nai"]


def test_those_put_down_and_those_who_came_are_counted(store: Session, party: Delegation) -> None:
    an, binh = member(store, "Lê An", party), member(store, "Lê Bình", party)
    gate = store.scalars(select(Checkpoint).where(Checkpoint.key == "gate-a")).one()
    for person in (an, binh):
        store.add(
            Presence(
                attendee_id=person.id, checkpoint_id=gate.id, day=OPENING.date(), first_at=OPENING
            )
        )
    store.commit()
    assert strengths(store) == {party.id: Strength(party, 2, 2, 25)}
    cancel(store, binh, at=OPENING, by="x")
    assert strengths(store, [party.id]) == {party.id: Strength(party, 1, 1, 25)}
    assert strengths(store, []) == {}


def test_more_people_than_announced_count_against_themselves(store: Session) -> None:
    small = found(store, DelegationFacts("Đoàn nhỏ", 1), at=OPENING, by="x")
    member(store, "Một", small)
    member(store, "Hai", small)
    assert strengths(store)[small.id].of == 2


def test_the_head_stands_first_and_there_is_one(store: Session, party: Delegation) -> None:
    member(store, "Lê An", party)
    old = member(store, "Lê Bình", party, head=True)
    new = member(store, "Lê Châu", party, head=True)
    store.expire_all()
    assert (old.heads_party, new.heads_party) == (False, True)
    names = [person.name for person in store.scalars(members(party))]
    assert names == ["Lê Châu", "Lê An", "Lê Bình"]


def test_leaving_a_delegation_ends_leading_it(store: Session, party: Delegation) -> None:
    head = member(store, "Lê An", party, head=True)
    join(store, head, None, at=OPENING, by="x")
    assert (head.party_id, head.heads_party) == (None, False)
    with pytest.raises(NotInDelegation):
        join(store, head, None, at=OPENING, by="x", head=True)


def test_joining_where_one_is_already_writes_nothing(store: Session, party: Delegation) -> None:
    person = member(store, "Lê An", party)
    join(store, person, party, at=OPENING, by="x")
    verbs = [change.verb for change in store.scalars(history("attendee", person.id))]
    assert verbs == ["joined", "registered"]


def test_a_correction_says_what_stood_there(store: Session, party: Delegation) -> None:
    facts = DelegationFacts("Đoàn tỉnh Đồng Nai", 30, "Trần Thư", "+84913456701", "thu@vidu.vn")
    details = change_delegation(store, party, facts, at=OPENING, by="lan@vidu.vn")
    assert details == {"name": ["Đoàn Đồng Nai", "Đoàn tỉnh Đồng Nai"], "expected": [25, 30]}
    change = store.scalars(history("party", party.id)).first()
    assert change
    assert (change.actor, change.details) == ("lan@vidu.vn", details)
    assert change_delegation(store, party, facts, at=OPENING, by="lan@vidu.vn") == {}


def test_a_correction_of_an_older_version_changes_nothing(
    store: Session, party: Delegation
) -> None:
    with pytest.raises(ChangedMeanwhile):
        change_delegation(store, party, DelegationFacts("Khác"), at=OPENING, by="x", seen=0)
    other = found(store, DelegationFacts("Đoàn Hà Nội"), at=OPENING, by="x")
    with pytest.raises(NameTaken):
        change_delegation(store, party, DelegationFacts("doan ha noi"), at=OPENING, by="x")
    store.expire_all()
    assert (party.name, other.name) == ("Đoàn Đồng Nai", "Đoàn Hà Nội")
