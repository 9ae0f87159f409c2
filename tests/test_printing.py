"""Print runs on both databases: numbers, who counts as printed, and who needs a new badge."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from event.attendees import Attendee, Registration, put_down, register
from event.base import begin_writing
from event.jobs import CANCELLED, Job, cancel, finish, report, seconds_to_go, take
from event.journal import Change
from event.people import INITIALS, OTHER, filtered
from event.printing import (
    Paper,
    Printed,
    call_trial,
    cancel_run,
    drop_file,
    finish_run,
    left_over,
    order_run,
    runs,
    start_run,
)
from event.programme import Event, the_event
from event.reprints import to_print_anew
from tests.house import OPENING
from tests.prints import marks, printed

WISH = {
    "people": {},
    "layout": "a6",
    "title": "Thẻ",
    "format": "pdf",
    "list": "badges",
}
LATER = OPENING + timedelta(hours=1)


def event_of(session: Session) -> Event:
    event = the_event(session)
    assert event
    return event


def put(session: Session, *names: str, **stated: str) -> list[int]:
    """People of these names; their numbers."""
    return [register(session, Registration(name=each, **stated), at=OPENING).id for each in names]


def anew(session: Session) -> list[str]:
    """The names of those whose badge has to be printed."""
    return [each.name for each in session.scalars(filtered({"changed": "yes"}))]


def change(session: Session, number: int, **values: object) -> None:
    session.execute(update(Attendee).where(Attendee.id == number).values(**values))
    session.commit()


def test_everybody_is_to_be_printed_until_they_are(store: Session) -> None:
    an, _ = put(store, "Lê An", "Trần Bình")
    assert anew(store) == ["Lê An", "Trần Bình"]
    printed(store, an)
    assert anew(store) == ["Trần Bình"]
    printed(store)
    assert anew(store) == []


@pytest.mark.parametrize(
    "change_to",
    [
        {"name": "Lê Ân"},
        {"degree": "TS."},
        {"organisation": "Viện B"},
        {"position": "Trưởng phòng"},
        {"category_id": 2},
        {"revision": 1},
    ],
)
def test_what_a_badge_shows_makes_it_to_be_printed_anew(
    store: Session, change_to: dict[str, object]
) -> None:
    an, _ = put(store, "Lê An", "Trần Bình")
    before = {name: getattr(store.get_one(Attendee, an), name) for name in change_to}
    printed(store)
    change(store, an, **change_to)
    assert len(anew(store)) == 1
    printed(store, an)
    assert anew(store) == []
    change(store, an, **before)
    assert anew(store) == ["Lê An"], "the last one printed shows something else"


@pytest.mark.parametrize(
    "change_to",
    [{"phone": "+84912345678"}, {"email": "a@vidu.vn"}, {"link_revision": 3}, {"remark": "xe lăn"}],
)
def test_what_no_badge_shows_does_not(store: Session, change_to: dict[str, object]) -> None:
    (an,) = put(store, "Lê An")
    printed(store)
    change(store, an, **change_to)
    assert anew(store) == []


def test_who_cancelled_needs_no_badge(store: Session) -> None:
    (an,) = put(store, "Lê An")
    change(store, an, cancelled_at=LATER)
    assert anew(store) == []


def test_changed_only_goes_with_every_other_narrowing(store: Session) -> None:
    put(store, "Lê An", "Trần Bình", organisation="Viện A")
    put(store, "Đỗ Anh", organisation="Viện B")
    printed(store, 1)
    wanted = {"changed": "yes", "organisation": "Viện A"}
    assert [each.name for each in store.scalars(filtered(wanted))] == ["Trần Bình"]
    assert store.scalar(select(func.count()).select_from(to_print_anew(
        select(Attendee)).subquery())) == 2  # fmt: skip


def test_a_run_has_a_number_a_job_and_a_line_in_the_journal(store: Session) -> None:
    put(store, "Lê An")
    first = order_run(store, event_of(store), WISH, by="lan@vidu.vn", at=OPENING)
    second = order_run(store, event_of(store), WISH, by="lan@vidu.vn", at=LATER)
    assert (first.id, second.id) == (1, 2)
    job = store.get_one(Job, second.job_id)
    assert (job.kind, job.wish) == ("badges", WISH | {"run": 2})
    lines = store.scalars(select(Change).where(Change.verb == "exported")).all()
    assert [line.details["run"] for line in lines] == [1, 2]
    assert [run.id for run, _ in store.execute(runs())] == [2, 1]


def test_people_count_as_printed_with_the_end_of_the_job_and_not_before(store: Session) -> None:
    put(store, "Lê An", "Trần Bình")
    run = order_run(store, event_of(store), WISH, by="lan@vidu.vn", at=OPENING)
    job = take(store, at=OPENING)
    assert job
    paper = Paper("Thẻ.pdf", 1234, "ab" * 32, marks(store))
    assert len(anew(store)) == 2
    number = run.id
    finish(store, job, at=LATER, result="Thẻ.pdf",
           along=[lambda session: finish_run(session, number, paper, at=LATER)])  # fmt: skip
    store.refresh(run)
    assert (run.done_at, run.count, run.size, run.sha256) == (LATER, 2, 1234, "ab" * 32)
    assert (run.file_name, run.kept, job.done_at) == ("Thẻ.pdf", True, LATER)
    assert anew(store) == []


def test_what_was_printed_is_kept_as_it_stood_while_it_was_printed(store: Session) -> None:
    (an,) = put(store, "Lê An")
    run = start_run(store, event_of(store), WISH, by="command", at=OPENING)
    stood = marks(store)
    change(store, an, name="Lê Ân")
    begin_writing(store)
    finish_run(store, run.id, Paper("a.pdf", 1, "", stood), at=LATER)
    store.commit()
    assert anew(store) == ["Lê Ân"], "the new name came too late for that paper"
    assert store.scalars(select(Printed.name)).all() == ["Lê An"]


def test_a_cancelled_run_marks_nobody_even_if_its_file_comes_after_all(store: Session) -> None:
    put(store, "Lê An")
    run = order_run(store, event_of(store), WISH, by="lan@vidu.vn", at=OPENING)
    job = take(store, at=OPENING)
    assert job
    paper = Paper("a.pdf", 1, "", marks(store))
    assert cancel_run(store, run, by="mai@vidu.vn", at=LATER)
    assert not report(store, job.id, 1, 1, at=LATER), "the worker hears that nobody wants it"
    finish(store, job, at=LATER, along=[lambda s: finish_run(s, run.id, paper, at=LATER)])
    store.refresh(run)
    assert (run.cancelled_at, run.done_at, run.kept) == (LATER, None, False)
    assert (job.failure, anew(store)) == (CANCELLED, ["Lê An"])
    change_ = store.scalars(select(Change).where(Change.verb == "print_cancelled")).one()
    assert (change_.actor, change_.subject_id) == ("mai@vidu.vn", run.id)


def test_what_is_over_is_not_cancelled(store: Session) -> None:
    put(store, "Lê An")
    run = order_run(store, event_of(store), WISH, by="lan@vidu.vn", at=OPENING)
    job = take(store, at=OPENING)
    assert job
    finish(store, job, at=OPENING, failure="job.failed")
    assert not cancel_run(store, run, by="mai@vidu.vn", at=LATER)
    begin_writing(store)
    assert not cancel(store, job, at=LATER)
    store.commit()
    assert (run.cancelled_at, job.failure) == (None, "job.failed")
    assert not cancel_run(store, printed(store), by="mai@vidu.vn", at=LATER)


def test_a_run_outlives_its_job(store: Session) -> None:
    run = order_run(store, event_of(store), WISH, by="lan@vidu.vn", at=OPENING)
    store.delete(store.get_one(Job, run.job_id))
    store.commit()
    store.refresh(run)
    assert run.job_id is None
    assert [(found.id, job) for found, job in store.execute(runs())] == [(run.id, None)]


def test_a_dropped_file_leaves_people_printed(store: Session) -> None:
    put(store, "Lê An")
    run = printed(store)
    drop_file(store, run, by="lan@vidu.vn", at=LATER)
    drop_file(store, run, by="lan@vidu.vn", at=LATER + timedelta(hours=1))
    assert (run.kept, run.dropped_at, anew(store)) == (False, LATER, [])
    assert len(store.scalars(select(Change).where(Change.verb == "print_dropped")).all()) == 1


def test_by_a_trial_nobody_counts_as_printed(store: Session) -> None:
    an, _ = put(store, "Lê An", "Trần Bình")
    printed(store, an)
    trial = printed(store)
    assert anew(store) == []
    assert call_trial(store, trial, by="lan@vidu.vn", at=LATER)
    assert (anew(store), trial.kept, trial.cancelled_at) == (["Trần Bình"], False, LATER)
    assert not call_trial(store, trial, by="lan@vidu.vn", at=LATER)
    assert store.scalars(left_over(LATER)).all() == [trial.id]
    (told,) = store.scalars(select(Change).where(Change.verb == "print_cancelled"))
    assert told.details == {"count": 2}


def test_files_that_nobody_can_fetch_are_left_over_after_a_while(store: Session) -> None:
    put(store, "Lê An")
    unfinished = start_run(store, event_of(store), WISH, by="command", at=OPENING)
    dropped = printed(store)
    drop_file(store, dropped, by="lan@vidu.vn", at=LATER)
    printed(store)
    assert store.scalars(left_over(OPENING)).all() == []
    assert set(store.scalars(left_over(LATER))) == {unfinished.id, dropped.id}


def test_the_time_to_go_follows_the_pace_so_far(store: Session) -> None:
    order_run(store, event_of(store), WISH, by="lan@vidu.vn", at=OPENING)
    job = take(store, at=OPENING)
    assert job
    assert seconds_to_go(job, at=OPENING) is None
    report(store, job.id, 2500, 10_000, at=OPENING)
    store.refresh(job)
    assert seconds_to_go(job, at=OPENING + timedelta(seconds=4)) == 12


NAMED = {
    "a": ["Nguyễn Văn An", "Lê Ánh", "Đỗ Thị ẢNH"],
    "ă": ["Trần Ăn"],
    "â": ["Hồ Ân", "Mai Ấn"],
    "d": ["Lê Dũng", "Ngô Dạ"],
    "đ": ["Lê Đạt"],
    "h": ["Nguyễn Thị Hương", "HÀ"],
    "u": ["Lê Út"],
    "ư": ["Đỗ Ngọc Ưng"],
    "z": ["Zoë", "Zz"],
    OTHER: ["สมชาย", "김민준", "Ж"],
}


def test_people_are_narrowed_by_the_initial_of_the_given_name(store: Session) -> None:
    begin_writing(store)
    for names in NAMED.values():
        for name in names:
            put_down(store, Registration(name=name), at=OPENING, by="test")
    store.commit()
    found = {
        letter: sorted(each.name for each in store.scalars(filtered({"initial": letter})))
        for letter in (*INITIALS, OTHER)
    }
    assert {letter: names for letter, names in found.items() if names} == {
        letter: sorted(names) for letter, names in NAMED.items()
    }
    assert store.scalars(filtered({"initial": "Đ"})).one().name == "Lê Đạt"
    assert store.scalars(filtered({"initial": "?!"})).all() == []
