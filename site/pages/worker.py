"""Work after the response."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Prepare the queue."""
