"""`--out`: two commands with one name do not mix, and only a file is replaced."""

import os
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from event.attendees import Attendee
from event.printing import PrintRun
from pages.being_written import is_held
from pages.commands.outfile import made_whole
from tests.test_printing_pages import people

__all__ = ["people"]


def test_two_that_write_one_file_at_once_each_write_their_own(tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    with made_whole(out) as first:
        first.write(b"first")
        with made_whole(out) as second:
            second.write(b"second")
        assert out.read_bytes() == b"second"
        (draft,) = tmp_path.glob("*.part")
        assert is_held(draft)
    assert out.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [out]


def test_a_file_that_fails_leaves_the_old_one_and_nothing_beside_it(tmp_path: Path) -> None:
    out = tmp_path / "a.pdf"
    out.write_bytes(b"old")
    with pytest.raises(TypeError), made_whole(out) as file:
        file.writelines([b"half", None])  # type: ignore[list-item]
    assert out.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize(
    "command", ["badges", "badges --blank 2 --category visitor", "export people", "pack"]
)
def test_what_is_no_file_is_neither_written_nor_replaced(
    command: str, app: Flask, people: list[Attendee], session: Session, tmp_path: Path
) -> None:
    folder, pipe = tmp_path / "folder", tmp_path / "pipe"
    folder.mkdir()
    os.mkfifo(pipe)
    for out in (folder, pipe):
        told = app.test_cli_runner().invoke(args=[*command.split(), "--out", str(out)])
        assert told.exit_code == 2
        assert f"“{out}” đã có sẵn và không phải là tệp thường." in " ".join(told.output.split())
    assert folder.is_dir()
    assert pipe.is_fifo()
    assert session.scalars(select(PrintRun)).all() == []
