"""The proof of a print run: every code of every layout, drawn as a printer draws it and read."""

import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from PIL import Image

import exports
from benchmarks.figures import Figure
from benchmarks.sites import site
from event.designs import design_of
from event.layouts import Imposing
from event.programme import the_event
from exports.badge_card import DOT
from exports.badge_face import Badge
from exports.imposing import Sheet, sheet_of
from pages import current
from pages.database import db

PEOPLE = 10_000
DPI = 150
PAGES = 100
"""So many are drawn and read by one pair of programs."""
PROCESSES = 2
READ = ("zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable")


def codes() -> list[Figure]:
    """Of ten thousand badges in each layout, those whose code is read and is the right one."""
    with site(people=PEOPLE):
        session = db.session()
        event, layouts = the_event(session), design_of(session).layouts
        assert event
        badges = list(exports.faces.faces(session, event, current.keys().badges))
    sheets = {key: sheet_of(layout, Imposing()) for key, layout in layouts.items()}
    with tempfile.TemporaryDirectory(prefix="ghi-danh-codes-") as folder:
        paper = Path(folder) / "badges.pdf"
        return [_read_back(key, sheet, badges, paper) for key, sheet in sheets.items()]


def _read_back(key: str, sheet: Sheet, badges: list[Badge], paper: Path) -> Figure:
    with paper.open("wb") as out:
        exports.badges.write_badges(badges, key, out)
    last = -(-len(badges) // len(sheet.front.corners))
    with ThreadPoolExecutor(PROCESSES) as threads:
        read = threads.map(partial(_codes_on, paper, sheet), range(1, last + 1, PAGES))
        found = set().union(*read)
    right = len(found & {badge.token for badge in badges})
    goal = len(badges)
    return Figure(f"codes read back at {DPI} dpi, {key}", right, "", goal, at_least=True)


def _codes_on(paper: Path, sheet: Sheet, first: int) -> set[str]:
    """On a hundred pages from this one on."""
    with tempfile.TemporaryDirectory(dir=paper.parent) as folder:
        span = ("-f", str(first), "-l", str(first + PAGES - 1))
        draw = ("pdftoppm", "-gray", "-r", str(DPI), *span, str(paper), f"{folder}/page")
        subprocess.run(draw, check=True)
        cut = [strip for page in sorted(Path(folder).iterdir()) for strip in _strips(page, sheet)]
        return set(_read(cut))


def _strips(page: Path, sheet: Sheet) -> Iterator[str]:
    """The height of the code of each card, over its whole width: zbar is quicker on less."""
    card = sheet.card
    with Image.open(page) as drawn:
        for number, (x, y) in enumerate(sheet.front.corners):
            left, top = round(x / DOT), round((y + card.code.y) / DOT)
            right, below = left + round(card.width / DOT), top + round(card.code.height / DOT)
            strip = page.with_name(f"{page.stem}-{number}.png")
            drawn.crop((left, top, right, below)).save(strip)
            yield str(strip)


def _read(pictures: list[str]) -> list[str]:
    answer = subprocess.run([*READ, *pictures], capture_output=True, text=True, check=False)
    return answer.stdout.split()  # zbar's status is 4 where one picture holds no code
