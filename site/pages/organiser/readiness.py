"""The board before the doors open and while they are: every scanner, and what comes in where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from event.flow import MINUTES, Gate, flow_now
from event.programme import Checkpoint, Event
from event.readiness import PAST, Standing, standings, unmanned
from event.scans import day_of
from pages import access, current
from pages.clock import now
from pages.database import db
from pages.desk import app_shell
from pages.htmx import page_or_part
from pages.organiser.blueprint import page
from pages.organiser.entries import BROWSER
from pages.organiser.readiness_words import (
    ADVICE,
    HEADINGS,
    past_values_of,
    values_of,
    verdict_on,
)
from pages.wording import words

WIDE, TALL = 10, 60
"""One minute in the bars of a gate, and the highest of them, in the drawing's own units."""


@dataclass(frozen=True)
class Cell:
    """One thing about a scanner in words: `state` gives the colour."""

    state: str
    value: str
    verdict: str


@dataclass(frozen=True)
class Row:
    """One scanner: its cells by aspect, and what is to be done before it is ready."""

    name: str
    browser: str
    ready: bool
    cells: Mapping[str, Cell]
    advice: Sequence[str]


@dataclass(frozen=True)
class Bars:
    """The minutes of one gate: place and height of each bar."""

    gate: Gate
    bars: Sequence[tuple[int, float, float]]


@page.get("/readiness")
@access.needs("supervisor")
def readiness() -> str:
    """The page, and every few seconds the same again for htmx."""
    at, places = now(), _places()
    known = standings(db.session(), version=app_shell.version(), at=at)
    rows = [_row(standing, places, at) for standing in known]
    event = current.event()
    flow = flow_now(db.session(), event, at=at)
    return page_or_part(
        "organiser/readiness.html",
        "organiser/_readiness.html",
        rows=sorted(rows, key=lambda row: row.ready),
        unready=sum(not row.ready for row in rows),
        unmanned=unmanned(known, _open(flow.gates, event, at)),
        waiting=[s.report.unsent for s in known if s.report and s.report.unsent],
        headings=HEADINGS,
        flow=flow,
        charts=_bars(flow.gates),
        width=WIDE * MINUTES,
        height=TALL,
        at=at,
    )


def _places() -> dict[str, str]:
    places = db.session().execute(select(Checkpoint.key, Checkpoint.name))
    return {key: words(name) for key, name in places}


def _open(gates: Sequence[Gate], event: Event, at: datetime) -> list[Checkpoint]:
    """Gates that let somebody in today; before the event, on its first day."""
    day = max(day_of(event, at), event.first_day).isoformat()
    return [gate.place for gate in gates if not gate.place.days or day in gate.place.days]


def _row(standing: Standing, places: Mapping[str, str], at: datetime) -> Row:
    report, found = standing.report, standing.findings
    past = any(f.why == PAST for f in found)
    told = (past_values_of if past else values_of)(report, places, at) if report else {}
    cells = {
        f.aspect: Cell(f.state, told.get(f.aspect, ""), verdict_on(f.aspect, f.why)) for f in found
    }
    bad = [str(ADVICE[f.aspect, f.why]) for f in found if f.state == "bad"]
    return Row(*_names(standing), standing.ready, cells, list(dict.fromkeys(bad)))


def _names(standing: Standing) -> tuple[str, str]:
    """A paired device has a name of its own; a browser that of its account, and some letters."""
    if standing.device:
        return standing.device.name, ""
    report = standing.report
    if report is None or report.staff is None:
        return "", ""
    return report.staff.email, report.device[:BROWSER]


def _bars(gates: Sequence[Gate]) -> list[Bars]:
    """All on one scale, so that gates can be compared."""
    top = max((many for gate in gates for many in gate.minutes), default=0) or 1
    return [
        Bars(gate, [
            (WIDE * n, round(TALL - TALL * many / top, 1), round(TALL * many / top, 1))
            for n, many in enumerate(gate.minutes) if many
        ])
        for gate in gates
    ]  # fmt: skip
