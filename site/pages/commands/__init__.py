"""The commands of `flask`: the same doors for people who prefer a terminal, and for make."""

from flask import Flask

from pages.commands.event import event
from pages.commands.serve import serve
from pages.commands.staff import staff


def init_app(app: Flask) -> None:
    """Add every command to the app."""
    for command in (serve, event, staff):
        app.cli.add_command(command)
