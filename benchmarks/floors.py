"""The same work by hand: a constant page, and functions that write rows with nothing in between."""

import os
import sqlite3
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from flask import Flask
from flask_wtf.csrf import CSRFProtect, generate_csrf

Start = Callable[[str, list[tuple[str, str]]], object]
Wsgi = Callable[[dict[str, Any], Start], Iterable[bytes]]


def constant_page() -> Flask:
    """Flask, a constant string and a CSRF token."""
    app = Flask("floor")
    app.config["SECRET_KEY"] = os.urandom(32)
    CSRFProtect(app)
    page = "<!doctype html><title>Floor</title><p>%s</p>"
    app.add_url_rule("/", "page", lambda: page % generate_csrf())
    return app


def scans() -> Wsgi:
    """One row for each scan."""
    connection = _connection("create table if not exists scan (id integer primary key, said text)")

    def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        connection.execute("begin immediate")
        connection.execute("insert into scan (said) values (?)", (_body(environ),))
        connection.execute("commit")
        return _answer(start, b'{"kind": "in"}')

    return application


def registrations() -> Wsgi:
    """A person, a seat, a consent, a mail and a line in the journal."""
    tables = ("person", "booking", "consent", "mail", "change")
    connection = _connection(
        *(f"create table if not exists {name} (id integer primary key, said)" for name in tables),
        "create table if not exists slot (id integer primary key, taken int)",
        "insert or ignore into slot values (1, 0)",
    )

    def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        said = str(parse_qs(_body(environ).decode()))
        connection.execute("begin immediate")
        connection.execute("update slot set taken = taken + 1 where id = 1")
        for name in tables:
            connection.execute(f"insert into {name} (said) values (?)", (said,))
        connection.execute("commit")
        return _answer(start, b"{}")

    return application


def _connection(*statements: str) -> sqlite3.Connection:
    path = Path(os.environ["DATA_DIR"]) / "floor.db"
    connection = sqlite3.connect(path, 30, isolation_level=None, check_same_thread=False)
    for statement in ("pragma journal_mode=wal", "pragma synchronous=full", *statements):
        connection.execute(statement)
    return connection


def _body(environ: dict[str, Any]) -> bytes:
    body: bytes = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    return body


def _answer(start: Start, body: bytes) -> Iterable[bytes]:
    start("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]
