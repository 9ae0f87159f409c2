"""How much one request may send: a file up to what the server reads at all, anything else less."""

from flask import Flask, current_app, request


def _only_files_are_long() -> None:
    """Flask bounds the parts of a form with files; all other bodies are bounded here, as a whole.

    Whoever reads a longer one raises 413.
    """
    if request.method == "POST" and request.mimetype != "multipart/form-data":
        request.max_content_length = current_app.config["MAX_FORM_MEMORY_SIZE"]


def init_app(app: Flask) -> None:
    """Comes before whatever reads a form."""
    app.before_request(_only_files_are_long)
