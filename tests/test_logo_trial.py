"""A logo is drawn on trial elsewhere before it is taken; and it stays where a file is silent."""

from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from event.designs import design_of, keep_logo
from event.dumping import dump
from event.eventfile import parse
from event.loading import Loaded
from event.logos import WrongLogo, sound
from exports.logo_trial import on_trial
from tests.event_files import AT, ONE_DAY, take
from tests.registrants import words
from tests.test_logos import DRAWN, PLAIN, bring, png, svg
from tests.test_printing_pages import lan

__all__ = ["lan"]

STOP = "<stop offset='.5'/>"
RECT = "<rect width='5' height='5'/>"
CLIPPED = f"<clipPath id='a'>{RECT * 2000}</clipPath>" + 2000 * (
    "<rect width='5' height='5' clip-path='url(#a)'/>"
)
SHADED = f"<linearGradient id='a'>{STOP * 400}</linearGradient>" + 400 * (
    "<rect width='5' height='5' fill='url(#a)'/>"
)
AGAIN = f"<g id='a'>{RECT * 4800}</g>" + "<use xlink:href='#a'/>" * 10
STYLED = "<style>{}</style>{}".format(
    "".join(f"g rect.a, g.b{at} > rect + rect.c {{ fill: red }}" for at in range(1500)),
    "<g class='d'>" + "<rect class='c' width='5' height='5'/>" * 1500 + "</g>",
)
SLOW = "Vẽ ảnh này mất quá nhiều thời gian."


@pytest.mark.parametrize("inside", [CLIPPED, SHADED, AGAIN, STYLED])
def test_a_picture_that_takes_long_to_draw_is_refused(inside: str) -> None:
    with pytest.raises(WrongLogo, match="logo_too_slow"):
        on_trial(sound(svg(inside)))


def test_what_is_drawn_soon_is_taken_and_what_cannot_be_drawn_is_not() -> None:
    on_trial(sound(DRAWN))
    on_trial(png())
    with pytest.raises(WrongLogo, match="logo_undrawable"):
        on_trial(sound(svg("<rect width='1e400' height='3'/>")))


def test_a_logo_takes_the_same_way_on_each_page_and_in_an_event_file(
    lan: FlaskClient, app: Flask, session: Session, tmp_path: Path
) -> None:
    assert SLOW in bring(lan, svg(SHADED))
    (tmp_path / "logo.svg").write_bytes(svg(SHADED))
    file = tmp_path / "event.toml"
    before = lan.get("/organiser/programme/event.toml").text
    file.write_text(f"{before}\n[badges]\nlogo = 'logo.svg'\n")
    told = app.test_cli_runner().invoke(args=["event", "load", str(file)])
    assert (told.exit_code, SLOW in " ".join(told.output.split())) == (1, True)
    inline = f"{before}\n[badges]\nlogo = '''{svg(AGAIN).decode()}'''\n"
    page = lan.get("/organiser/programme").text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    fields = {"file": (BytesIO(inline.encode()), "event.toml"), "csrf_token": token}
    answer = lan.post("/organiser/programme/file", data=fields)
    assert (answer.status_code, SLOW in words(answer.text)) == (422, True)
    assert design_of(session).logo == b""


def test_a_file_without_a_logo_leaves_the_one_that_was_set_and_an_empty_one_removes_it(
    bare: Session,
) -> None:
    text = ONE_DAY.read_text()
    silent, empty, other = (
        parse(f"{text}\n[badges]\n{line}\n".encode(), "x.toml")
        for line in ("", 'logo = ""', "duplex = true")
    )
    take(bare, silent)
    keep_logo(bare, PLAIN, by="lan", at=AT)
    assert take(bare, silent) == Loaded()
    assert take(bare, parse(dump(bare).encode(), "dump")) == Loaded()
    assert take(bare, other).changed == ["badges"]
    assert design_of(bare).logo == sound(PLAIN)
    assert take(bare, empty).changed == ["badges"]
    assert design_of(bare).logo == b""
    assert take(bare, empty) == Loaded()
    assert "logo" not in dump(bare)
