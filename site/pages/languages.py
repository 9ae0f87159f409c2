"""Vietnamese first, English complete: which catalogue a page speaks from."""

from pathlib import Path

from flask import Flask, has_request_context
from flask_babel import Babel

from pages import current

babel = Babel()


def _locale() -> str:
    return current.language() if has_request_context() else "vi"


def init_app(app: Flask) -> None:
    """English is the language of the code, so only Vietnamese needs a catalogue."""
    app.config["BABEL_DEFAULT_LOCALE"] = "vi"
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(Path(__file__).with_name("translations"))
    babel.init_app(app, locale_selector=_locale)
    app.jinja_env.globals["language"] = current.language
