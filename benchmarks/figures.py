"""What a benchmark tells: a figure, what it should be, and the floor measured in the same run."""

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """`goal` is the least or the most that will do; `floor` the same work written by hand."""

    name: str
    figure: float
    unit: str
    goal: float
    floor: float | None = None
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the goal is reached."""
        return self.figure >= self.goal if self.at_least else self.figure <= self.goal

    def as_dict(self) -> dict[str, Any]:
        """For bench.json."""
        told = asdict(self) | {"goal": f"{'≥' if self.at_least else '≤'} {self.goal:g}"}
        del told["at_least"]
        return told | {"holds": self.holds}


def table(figures: list[Figure]) -> str:
    """The figures side by side."""
    head = ("figure", "measured", "goal", "floor", "holds")
    rows = [head, *(_row(figure) for figure in figures)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
             for row in rows]  # fmt: skip
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def _row(figure: Figure) -> tuple[str, ...]:
    told = figure.as_dict()
    floor = "" if figure.floor is None else f"{figure.floor:,.4g}"
    return (
        figure.name,
        f"{figure.figure:,.4g} {figure.unit}".strip(),
        str(told["goal"]),
        floor,
        "yes" if figure.holds else "NO",
    )
