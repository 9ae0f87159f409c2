"""Holds functions and files to a size that one reads in one go, and locks to hashes."""

import ast
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
LONGEST_FUNCTION = 25
LONGEST_FILE = 300
FOLDERS = ("site", "forms", "exports", "benchmarks")
MODULES = [ROOT / "app.py", *(path for f in FOLDERS for path in sorted((ROOT / f).rglob("*.py")))]

each_module = pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))


def length(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
    """Lines from the first decorator to the end."""
    first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
    return (node.end_lineno or node.lineno) - first + 1


@each_module
def test_a_module_says_what_it_is_for(path: Path) -> None:
    assert ast.get_docstring(ast.parse(path.read_text())), "the first line must be a docstring"


@each_module
def test_a_file_is_read_in_one_go(path: Path) -> None:
    assert len(path.read_text().splitlines()) <= LONGEST_FILE


@each_module
def test_a_function_is_read_in_one_go(path: Path) -> None:
    long = {
        node.name: length(node)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and length(node) > LONGEST_FUNCTION
    }
    assert long == {}


@pytest.mark.parametrize(
    "lock", ["requirements.txt", "tests/requirements.txt", "site/pages/vendor.txt"]
)
def test_a_python_lock_pins_hashes_and_names_no_host(lock: str) -> None:
    text = (ROOT / lock).read_text()
    pinned = [line for line in text.splitlines() if "==" in line]
    assert pinned
    assert all(line.endswith("\\") for line in pinned)
    assert len(pinned) <= text.count("--hash=sha256:")
    assert "://" not in text


def test_the_site_installs_few_packages() -> None:
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    assert sum("==" in line for line in lines) <= 60


def test_the_npm_lock_pins_hashes_and_names_no_host() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    fetched = [facts for name, facts in packages.items() if name]
    assert all("integrity" in facts and "resolved" not in facts for facts in fetched)
