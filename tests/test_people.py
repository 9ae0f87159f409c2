"""The table of people: each filter, every page of it once, and the same order on both databases."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, event, insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from event import keyset
from event.amendments import cancel, change
from event.attendees import Attendee, Registration, everyone, matching, register
from event.delegations import DelegationFacts, NameTaken, found, join
from event.keyset import Turn, WrongPlace, page_of
from event.people import asked, filtered
from event.programme import Checkpoint
from event.scans import Presence
from tests.house import OPENING


def put_down(store: Session, name: str, **stated: object) -> Attendee:
    registration = Registration(name=name, **stated)  # type: ignore[arg-type]
    return register(store, registration, at=OPENING).attendee


@pytest.fixture
def people(store: Session) -> dict[str, Attendee]:
    """An came with a delegation, Bình did not come, Châu booked the other track, Dũng cancelled."""
    party = found(store, DelegationFacts("Đoàn Đồng Nai"), at=OPENING, by="test")
    an = put_down(store, "Lê An", organisation="Sở KH&CN", province="75", sessions=("it-1",))
    binh = put_down(store, "Trần Bình", category="delegate", phone="+84913456701")
    chau = put_down(store, "Đỗ Châu", province="22", sessions=("energy-2",))
    dung = put_down(store, "Lê Dũng")
    join(store, an, party, at=OPENING, by="test")
    cancel(store, dung, at=OPENING, by="test")
    gate = store.query(Checkpoint).filter_by(key="gate-a").one()
    store.add(
        Presence(attendee_id=an.id, checkpoint_id=gate.id, day=OPENING.date(), first_at=OPENING)
    )
    store.commit()
    return {"an": an, "binh": binh, "chau": chau, "dung": dung, "party": party}  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("facts", "names"),
    [
        ({}, ["Lê An", "Trần Bình", "Đỗ Châu"]),
        ({"q": "  "}, ["Lê An", "Trần Bình", "Đỗ Châu"]),
        ({"q": "do chau"}, ["Đỗ Châu"]),
        ({"q": "0913456701"}, ["Trần Bình"]),
        ({"q": "00001"}, ["Lê An"]),
        ({"category": "delegate"}, ["Trần Bình"]),
        ({"category": "no-such"}, []),
        ({"province": "22"}, ["Đỗ Châu"]),
        ({"session": "it-1"}, ["Lê An"]),
        ({"track": "energy"}, ["Đỗ Châu"]),
        ({"delegation": "1"}, ["Lê An"]),
        ({"delegation": "none"}, ["Trần Bình", "Đỗ Châu"]),
        ({"delegation": "x"}, []),
        ({"delegation": "99999999999999999999"}, []),
        ({"arrived": "yes"}, ["Lê An"]),
        ({"arrived": "no"}, ["Trần Bình", "Đỗ Châu"]),
        ({"arrived": "perhaps"}, []),
        ({"state": "cancelled"}, ["Lê Dũng"]),
        ({"state": "all"}, ["Lê An", "Trần Bình", "Đỗ Châu", "Lê Dũng"]),
        ({"q": "le", "arrived": "yes", "province": "75"}, ["Lê An"]),
        ({"q": "le", "province": "22"}, []),
        ({"colour": "red"}, ["Lê An", "Trần Bình", "Đỗ Châu"]),
    ],
)
def test_each_filter_narrows_the_table(
    store: Session, people: dict[str, Attendee], facts: dict[str, str], names: list[str]
) -> None:
    assert [a.name for a in store.scalars(filtered(facts))] == names
    assert [a.name for a in page_of(store, filtered(facts), Turn()).rows] == names


def test_only_words_that_narrow_go_into_an_address() -> None:
    words = {"q": " an ", "category": "", "order": "newest", "after": "x", "arrived": "yes"}
    assert asked(words) == {"q": "an", "arrived": "yes"}


@pytest.fixture
def crowd(store: Session) -> list[str]:
    """Names in their Vietnamese order; two people share one, and one has no Vietnamese letter."""
    ordered = ["Lê An", "Lê An", "Lê Ân", "Đỗ Bình", "Lê Bình", "Vũ Đạt", "Ý Ê", "John Smith"]
    for name in reversed(ordered):
        put_down(store, name)
    return ordered


@pytest.mark.parametrize("few", [1000, 0])
@pytest.mark.parametrize("size", [1, 2, 3, 8, 50])
def test_turning_the_pages_shows_everybody_once_there_and_back(
    store: Session, crowd: list[str], size: int, few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyset, "FEW", few)
    page = page_of(store, filtered({}), Turn(), size=size)
    seen = [list(page.rows)]
    while page.later:
        page = page_of(store, filtered({}), Turn(place=page.later), size=size)
        seen.append(list(page.rows))
    assert [a.name for rows in seen for a in rows] == crowd
    back = [list(page.rows)]
    while page.earlier:
        page = page_of(store, filtered({}), Turn(place=page.earlier, back=True), size=size)
        back.insert(0, list(page.rows))
    assert back == seen
    assert page.total == 8


def test_the_newest_first_turns_its_pages_too(store: Session, crowd: list[str]) -> None:
    first = page_of(store, filtered({}), Turn("newest"), size=3)
    second = page_of(store, filtered({}), Turn("newest", first.later), size=3)
    assert [a.id for a in (*first.rows, *second.rows)] == [8, 7, 6, 5, 4, 3]
    again = page_of(store, filtered({}), Turn("newest", second.earlier, back=True), size=3)
    assert again.rows == first.rows
    assert (again.earlier, first.earlier) == ("", "")


def test_a_page_stays_where_it_is_while_names_are_corrected(
    store: Session, crowd: list[str]
) -> None:
    first = page_of(store, filtered({}), Turn(), size=3)
    moved = Registration(name="Lê Yên")
    change(store, first.rows[-1], moved, at=OPENING + timedelta(minutes=1), by="test")
    second = page_of(store, filtered({}), Turn(place=first.later), size=3)
    assert [a.name for a in second.rows] == ["Đỗ Bình", "Lê Bình", "Vũ Đạt"]


@pytest.mark.parametrize("place", ["x", "====", "AAAA", "_____w", "đ", "AAAA AAAA"])
def test_a_made_up_place_is_refused(store: Session, place: str) -> None:
    with pytest.raises(WrongPlace):
        page_of(store, filtered({}), Turn(place=place))


def test_a_page_of_many_costs_as_many_queries_as_a_page_of_one(
    store: Session, crowd: list[str]
) -> None:
    engine = store.get_bind()
    assert isinstance(engine, Engine)
    asked_of: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *call: asked_of.append(call[2]))
    counts = []
    for size in (1, 3):
        asked_of.clear()
        page_of(store, filtered({}), Turn(), size=size)
        counts.append(len([sql for sql in asked_of if sql.startswith("SELECT")]))
    assert counts == [2, 2]


def test_a_name_that_folding_makes_longer_than_its_column_is_kept_and_found(store: Session) -> None:
    strasse = put_down(store, "ß" * 120, organisation="ﷺ" * 200)
    assert store.scalars(matching(everyone(), "ss" * 100)).all() == [strasse]
    again = put_down(store, "ß" * 120, phone="+84913456701")
    assert (strasse.name, again.folded_name) == ("ß" * 120, "s" * 200)
    found(store, DelegationFacts("ß" * 200), at=OPENING, by="test")
    with pytest.raises(NameTaken):
        found(store, DelegationFacts("ß" * 200), at=OPENING, by="test")


def test_an_error_of_the_database_names_nobody(store: Session) -> None:
    """It is logged."""
    person = put_down(store, "Zyxwvut", email="zyxwvut@vidu.vn")
    twice = {column.key: getattr(person, column.key) for column in Attendee.__table__.columns}
    with pytest.raises(IntegrityError) as failed:
        store.execute(insert(Attendee).values(twice))
    assert "attendees" in str(failed.value)
    assert "yxwvut" not in str(failed.value)
