"""A bar chart as plain numbers that a template draws: one bar for each quarter of an hour."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

WIDTH, HEIGHT = 560, 220
LEFT, TOP, BOTTOM = 2, 22, 26  # room for a number above the top line, and for the hours below
STEP = timedelta(minutes=15)
LEAST = timedelta(hours=4)


@dataclass(frozen=True)
class Bar:
    """One bar in the chart's own units; `starts` and `ends` are hours of the clock at the place."""

    x: float
    y: float
    width: float
    height: float
    starts: datetime
    ends: datetime
    count: int


@dataclass(frozen=True)
class Mark:
    """A line of the grid with its number, or an hour below the axis."""

    at: float
    value: int


@dataclass(frozen=True)
class Chart:
    """Bars and marks; `peak` is the fullest quarter, or None when nobody came."""

    bars: tuple[Bar, ...]
    levels: tuple[Mark, ...]
    hours: tuple[Mark, ...]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    floor: int = HEIGHT - BOTTOM

    @property
    def peak(self) -> Bar | None:
        """The quarter of an hour in which most people came, the first of several."""
        return max(self.bars, key=lambda bar: (bar.count, -bar.x), default=None)


def chart_of(arrivals: Mapping[datetime, int]) -> Chart:
    """Draw arrivals by quarter, given in the time of the place, from the first hour to the last."""
    if not arrivals:
        return Chart((), (), ())
    begins, quarters = _span(min(arrivals), max(arrivals))
    top = _round_up(max(arrivals.values()))
    wide = (WIDTH - LEFT) / quarters
    tall = (HEIGHT - BOTTOM - TOP) / top
    starts = [begins + STEP * n for n in range(quarters)]
    return Chart(
        bars=tuple(
            _bar(n, wide, tall, start, arrivals.get(start, 0)) for n, start in enumerate(starts)
        ),
        levels=tuple(
            Mark(HEIGHT - BOTTOM - tall * value, value)
            for value in sorted({top // 2, top} if top > 1 else {1})
        ),
        hours=tuple(
            Mark(LEFT + wide * n, start.hour) for n, start in enumerate(starts) if not start.minute
        ),
    )


def _bar(n: int, wide: float, tall: float, start: datetime, count: int) -> Bar:
    height = tall * count
    x, y = LEFT + wide * n, HEIGHT - BOTTOM - height
    gap = min(2.0, wide / 5)
    x, y, width, height = (round(value, 1) for value in (x + gap / 2, y, wide - gap, height))
    return Bar(x, y, width, height, start, start + STEP, count)


def _span(first: datetime, last: datetime) -> tuple[datetime, int]:
    """Whole hours around the arrivals, at least four: the start, and how many quarters."""
    begins = first.replace(minute=0)
    hours = max(LEAST, last.replace(minute=0) + timedelta(hours=1) - begins)
    return begins, int(hours / STEP)


def _round_up(count: int) -> int:
    """The next of 2, 4, 10, 20, 40, 100, 200 …: a top that is easily halved."""
    top = 1
    while True:
        for nice in (2 * top, 4 * top, 10 * top):
            if count <= nice:
                return nice
        top *= 10
