"""The form in which an organiser brings the logo."""

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired


class LogoForm(FlaskForm):
    """One picture."""

    file = FileField(
        _l("Logo (SVG or PNG)"),
        [FileRequired(_l("Please choose a file."))],
        render_kw={"accept": ".svg,.png,image/svg+xml,image/png", "required": True},
    )
