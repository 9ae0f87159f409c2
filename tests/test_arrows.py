"""Reads every import and lets the arrows run one way: app → pages → forms, exports → event."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = {
    "event": ROOT / "site" / "event",
    "pages": ROOT / "site" / "pages",
    "forms": ROOT / "forms",
    "exports": ROOT / "exports",
}
MAY_USE = {
    "event": {"event"},
    "forms": {"forms", "event"},
    "exports": {"exports", "event"},
    "pages": {"pages", "forms", "exports", "event"},
    "app": {"app", "pages", "forms", "exports", "event"},
}
WEB = {"flask", "werkzeug", "jinja2", "wtforms", "huey", "granian"}


def modules() -> list[Path]:
    """Every module of the site."""
    return [ROOT / "app.py", *(path for f in FOLDERS.values() for path in sorted(f.rglob("*.py")))]


def layer(path: Path) -> str:
    """Which package a file belongs to."""
    return next((name for name, folder in FOLDERS.items() if folder in path.parents), "app")


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """The line and the first name of each import; relative ones stay in their own package."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.split(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, (node.module or "").split(".")[0] if not node.level else layer(path)


def is_web(name: str) -> bool:
    """Flask, one of its extensions, or what they stand on."""
    return name in WEB or name.startswith("flask_")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_arrow_runs_back(path: Path) -> None:
    mine = layer(path)
    allowed = MAY_USE[mine]
    back = [
        f"line {line}: {mine} uses {name}"
        for line, name in imports(path)
        if (name in MAY_USE and name not in allowed) or (mine == "event" and is_web(name))
    ]
    assert back == []


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_stand_at_the_top(path: Path) -> None:
    inside = [
        f"line {node.lineno}: {function.name}"
        for function in ast.walk(ast.parse(path.read_text()))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert inside == []


def test_site_is_a_source_root_and_no_package() -> None:
    """A package of this name would stand in the way of Python's own module `site`."""
    assert not (ROOT / "site" / "__init__.py").exists()
