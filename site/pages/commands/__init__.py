"""The commands of `flask`, each loaded when it is called: web processes do without them."""

import importlib

import click
from flask import Flask
from flask.cli import AppGroup

MODULES = {
    "backup": "pages.commands.backup",
    "badges": "pages.commands.badges",
    "event": "pages.commands.event",
    "export": "pages.commands.export",
    "pack": "pages.commands.pack",
    "people": "pages.commands.people",
    "privacy": "pages.commands.privacy",
    "restore": "pages.commands.backup",
    "serve": "pages.commands.serve",
    "staff": "pages.commands.staff",
    "ticks": "pages.commands.pack",
    "worker": "pages.commands.worker",
}


class Commands(AppGroup):
    """Finds a command by its name, in a module that has it under that name."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app.name)
        self._app = app

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In the order of the alphabet."""
        return sorted({*super().list_commands(ctx), *MODULES, "db"})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, or None for an unknown name."""
        if cmd_name == "db":
            migrating = importlib.import_module("pages.migrating")
            migrating.prepare(self._app)
            found: click.Command = migrating.commands
            return found
        if cmd_name in MODULES:
            command: click.Command = getattr(importlib.import_module(MODULES[cmd_name]), cmd_name)
            return command
        return super().get_command(ctx, cmd_name)


def init_app(app: Flask) -> None:
    """Let `flask` find them."""
    app.cli = Commands(app)
