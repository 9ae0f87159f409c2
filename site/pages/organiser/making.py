"""For the worker: makes the lists and badges that were ordered."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from event.people import filtered, how_many
from event.printing import finish_run
from event.programme import Event, the_event
from exports.lists import TooWide, UnknownList, UnknownSession, Wish, export
from exports.orders import Order
from exports.preflight import look
from exports.tables import Signature
from pages.chores import CannotDo, Work
from pages.clock import noon, now
from pages.press import Edition, print_run

REPORT = "preflight.json"


def make_list(work: Work) -> str:
    """One list, as it was wished."""
    path, wish = file_for(work), _wished(work.wish)
    people, at = filtered(work.wish["people"]), _dated(_event(work), work.wish["on"])
    try:
        with path.open("wb") as out:
            export(work.session, wish, out, at=at, people=people)
    except UnknownSession:
        raise CannotDo("job.unknown_session") from None
    except TooWide:
        raise CannotDo("job.too_wide") from None
    except UnknownList:
        raise CannotDo("job.unknown") from None
    return path.name


def _wished(ordered: Mapping[str, Any]) -> Wish:
    return Wish(
        ordered["list"],
        ordered["format"],
        session=ordered["people"].get("session", ""),
        language=ordered["language"],
        attached_to=ordered["attached_to"],
        signature=Signature(**ordered["signature"]),
        all_columns=ordered["all_columns"],
        columns=tuple(ordered.get("columns", ())),
        about=tuple(ordered.get("about", ())),
        order=Order(ordered["order"], ordered["down"]) if ordered.get("order") else None,
    )


def make_badges(work: Work) -> str:
    """The badges of a print run; those on them count as printed when the job is finished."""
    wish, name = work.wish, file_for(work).name
    if not how_many(work.session, wish["people"]):
        raise CannotDo("job.nobody")
    edition = Edition(wish["run"], wish["people"], wish["layout"], name, wish.get("options", {}))
    paper = print_run(work.session, _event(work), edition, work.progress)
    work.along.append(partial(finish_run, run_id=edition.number, paper=paper, at=now()))
    return name


def look_at_badges(work: Work) -> str:
    """What should be looked at before so many badges are printed that a page cannot wait for it."""
    people, layout = work.wish["people"], work.wish["layout"]
    total = how_many(work.session, people)
    report = look(work.session, people, layout, lambda done: work.progress(done, total))
    (work.folder / REPORT).write_bytes(msgspec.json.encode(report))
    return REPORT


def file_for(work: Work) -> Path:
    """Named as people will see it: "Danh sách đại biểu 29-09-2023.pdf"."""
    event = _event(work)
    day = now().astimezone(ZoneInfo(event.zone))
    title = "".join(c for c in str(work.wish["title"]) if c.isalnum() or c in " -,()")
    return work.folder / f"{title[:80].strip()} {day:%d-%m-%Y}.{work.wish['format']}"


def _event(work: Work) -> Event:
    event = the_event(work.session)
    if event is None:
        raise CannotDo("job.no_event")
    return event


def _dated(event: Event, day: str) -> datetime:
    """The moment that dates the paper."""
    if not day:
        return now()
    return noon(date.fromisoformat(day), event.zone)
