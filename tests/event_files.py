"""The event files that come along: the default one, a small one, a wide one."""

from pathlib import Path

from event.eventfile import Document, parse, read_file

ROOT = Path(__file__).parents[1]
DEFAULT = ROOT / "site" / "event.toml"
EVENTS = ROOT / "tests" / "events"
ONE_DAY = EVENTS / "one-day.toml"
TEN_TRACKS = EVENTS / "ten-tracks.toml"
ALL = (DEFAULT, ONE_DAY, TEN_TRACKS)


def document(path: Path = DEFAULT) -> Document:
    """A file, read."""
    return parse(read_file(path), path.name)
