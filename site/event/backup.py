"""The whole site in one file, made while it runs: rows, keys, files and their checksums."""

import hashlib
import os
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path, PurePosixPath

import msgspec
from sqlalchemy import Engine

from event.rows import lines_of, put_lines, tables

MANIFEST = "manifest.json"
FORMAT = 1
CHUNK = 1 << 20
LEFT_OUT = ("files/jobs/", "files/uploads/")
"""What is made anew when it is asked for, or waits for a confirmation."""


class WrongBackup(ValueError):
    """The file is no backup, or is damaged; nothing was touched."""


class Manifest(msgspec.Struct, frozen=True):
    """`revision` is that of the migrations; `digests` holds the SHA-256 of each part, in hex."""

    format: int
    made_at: datetime
    revision: str
    digests: dict[str, str]


def write_backup(engine: Engine, data_dir: Path, path: Path, *, revision: str, at: datetime) -> int:
    """Write the file, whole or not at all, for its owner alone; gives its size in bytes."""
    draft = path.with_name(f"{path.name}.part")
    handle = os.open(draft, os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with (
            os.fdopen(handle, "w+b") as file,
            zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as pack,
        ):
            digests = dict(_pack(pack, engine, data_dir))
            manifest = Manifest(FORMAT, at, revision, digests)
            pack.writestr(MANIFEST, msgspec.json.encode(manifest))
        read_manifest(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path.stat().st_size


def read_manifest(path: Path) -> Manifest:
    """What a backup holds, every part of it compared with its checksum. Raises `WrongBackup`."""
    try:
        with zipfile.ZipFile(path) as pack:
            manifest = msgspec.json.decode(pack.read(MANIFEST), type=Manifest)
            if manifest.format != FORMAT:
                raise WrongBackup("format")
            if set(pack.namelist()) - {MANIFEST} != manifest.digests.keys():
                raise WrongBackup("parts")
            for name, digest in manifest.digests.items():
                if _digest(_pieces(pack, name)) != digest or not _is_inside(name):
                    raise WrongBackup(name)
    except (zipfile.BadZipFile, KeyError, msgspec.DecodeError, EOFError, OSError) as error:
        raise WrongBackup(str(error)) from error
    return manifest


def restore_rows(engine: Engine, path: Path) -> int:
    """Put all rows into tables that are empty and of the backup's version, in one transaction."""
    with zipfile.ZipFile(path) as pack, engine.connect() as connection:
        connection.execution_options(writing=True)
        count = 0
        for table in tables(connection):
            name = _table_part(table.name)
            if name in pack.namelist():
                with pack.open(name) as lines:
                    count += put_lines(connection, table, lines)
        connection.commit()
    return count


def restore_files(path: Path, data_dir: Path) -> None:
    """Put keys and files back, readable by their owner alone."""
    with zipfile.ZipFile(path) as pack:
        for name in pack.namelist():
            if name.startswith(("keys/", "files/")):
                _put_file(data_dir / name, pack.read(name))


def _pack(pack: zipfile.ZipFile, engine: Engine, data_dir: Path) -> Iterator[tuple[str, str]]:
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":  # SQLite reads from one moment in any case
            connection.execution_options(isolation_level="REPEATABLE READ")
        for table in tables(connection):
            yield _add(pack, _table_part(table.name), lines_of(connection, table))
    for file in sorted(data_dir.glob("*/**/*")):
        name = file.relative_to(data_dir).as_posix()
        kept = name.startswith(("keys/", "files/")) and not name.startswith(LEFT_OUT)
        if kept and file.is_file():
            yield _add(pack, name, [file.read_bytes()])


def _add(pack: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> tuple[str, str]:
    digest = hashlib.sha256()
    with pack.open(name, "w", force_zip64=True) as part:
        for piece in pieces:
            digest.update(piece)
            part.write(piece)
    return name, digest.hexdigest()


def _digest(pieces: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def _pieces(pack: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with pack.open(name) as part:
        while piece := part.read(CHUNK):
            yield piece


def _table_part(name: str) -> str:
    return f"rows/{name}.jsonl"


def _is_inside(name: str) -> bool:
    """Whether the part stays below the data folder."""
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts


def _put_file(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.part")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
    draft.replace(path)
