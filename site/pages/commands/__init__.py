"""The commands of `flask`: the same doors for people who prefer a terminal, and for make."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Add every command to the app."""
