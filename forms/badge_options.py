"""How badges are to be printed: layout, order, sides, and the shift of a crooked printer."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, StringField
from wtforms.validators import Length, ValidationError

from event.layouts import Design, Imposing
from forms.fields import reader

MOST_SHIFT = 20  # millimetres
MILLIMETRES = {"inputmode": "text", "placeholder": "0"}


def _shift(label: Any) -> Any:
    long = Length(max=12, message=_l("This is too long."))
    return StringField(label, [long], render_kw=MILLIMETRES)


class BadgeOptions:
    """Fields for a form; `offer` says what can be chosen and what the event file begins with."""

    design: Design
    layout = SelectField(_l("Layout"))
    order = SelectField(_l("Order on the sheets"), default="pages")
    sides = SelectField(_l("Printed on"))
    right = _shift(_l("Shift to the right (mm)"))
    down = _shift(_l("Shift down (mm)"))

    def offer(self, design: Design, language: str) -> None:
        """What can be chosen; fields that were not sent take what is usual for this event."""
        self.design = design
        self.layout.choices = list(design.names(language).items())
        self.order.choices = [
            ("pages", _l("page by page")),
            ("stacks", _l("for cut and stack: cut the pile once, each stack is in order")),
        ]
        self.sides.choices = [
            ("one", _l("one side")),
            ("both", _l("both sides, the same face on each")),
        ]
        usual = (
            (self.layout, design.layout),
            (self.sides, "both" if design.duplex else "one"),
            (self.right, in_millimetres(design.offset[0])),
            (self.down, in_millimetres(design.offset[1])),
        )
        for field, value in usual:
            if not field.raw_data:
                field.data = value

    def validate_right(self, field: Field) -> None:
        """Millimetres."""
        millimetres(field.data)

    def validate_down(self, field: Field) -> None:
        """Millimetres."""
        millimetres(field.data)

    @property
    def layout_name(self) -> str:
        """What the chosen layout is called, in the reader's language."""
        return self.design.names(reader())[str(self.layout.data)]

    @property
    def imposing(self) -> Imposing:
        """What was chosen; after `validate()`."""
        offset = millimetres(self.right.data), millimetres(self.down.data)
        return Imposing(self.sides.data == "both", self.order.data == "stacks", offset)


def chosen_for(imposing: Imposing) -> dict[str, str]:
    """What is chosen in these fields to print so."""
    right, down = (in_millimetres(length) or "0" for length in imposing.offset)
    return {
        "order": "stacks" if imposing.stacked else "pages",
        "sides": "both" if imposing.duplex else "one",
        "right": right,
        "down": down,
    }


def in_millimetres(length: float) -> str:
    """As it is typed: "-1,5"; nothing for none."""
    return f"{length:g}".replace(".", ",") if length else ""


def millimetres(text: str | None) -> float:
    """What was typed. Raises `ValidationError`."""
    typed = (text or "").strip().replace(",", ".").replace("−", "-") or "0"
    try:
        length = float(typed)
    except ValueError:
        length = MOST_SHIFT + 1
    if not -MOST_SHIFT <= length <= MOST_SHIFT:
        raise ValidationError(str(_l("Millimetres from -20 to 20, for example 1,5.")))
    return length
