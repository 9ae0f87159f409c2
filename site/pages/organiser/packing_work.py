"""For the worker: makes offline packs, and takes in the ticks that come back from them."""

import msgspec

from event.badges import public_key
from event.packing import Pack
from event.programme import the_event
from event.ticks import WrongTicks, read_ticks, take_ticks
from pages import current
from pages.chores import CannotDo, Work
from pages.clock import now
from pages.packing import NoEvent, make_pack, unsealed

REPORT = "report.json"


def pack_as_job(work: Work) -> str:
    """One pack, as it was ordered."""
    wish = work.wish
    wanted = Pack(
        wish["number"],
        wish["language"],
        wish["layout"],
        wish["contacts"],
        unsealed(wish["password"]),
    )
    path = work.folder / f"{wish['title']} {wanted.number}.zip"
    try:
        make_pack(wanted, path, at=now(), progress=work.progress)
    except NoEvent:
        raise CannotDo("job.no_event") from None
    return path.name


def ticks_as_job(work: Work) -> str:
    """The ticks of one file; once more, after a worker was stopped, goes on where that one was."""
    event, keys = the_event(work.session), current.keys()
    if event is None:
        raise CannotDo("job.no_event")
    try:
        ticks = read_ticks(work.wish["ticks"].encode(), event, keys.links)
    except WrongTicks:
        raise CannotDo("job.wrong_ticks") from None
    report = take_ticks(
        work.session,
        event,
        ticks,
        public_key(keys.badges),
        at=now(),
        staff_id=work.wish["staff"],
        progress=work.progress,
    )
    (work.folder / REPORT).write_bytes(msgspec.json.encode(report))
    return REPORT
