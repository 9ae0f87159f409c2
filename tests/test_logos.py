"""The organiser's logo: safe or refused with a reason, lines on paper, and it comes along."""

import base64
import struct
import zlib
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from event.designs import design_of, keep_logo
from event.dumping import dump
from event.eventfile import WrongFile, parse
from event.layouts import usual_design
from event.loading import Loaded
from event.logos import LARGEST, WrongLogo, inline, sound
from exports.badge_card import MM, Box, card_of
from exports.badge_picture import badge_svg
from exports.badges import write_badges
from exports.logo import drawable
from tests.event_files import AT, ONE_DAY, take
from tests.papers import draw, fonts, written
from tests.registrants import words
from tests.test_badges_pdf import a_badge
from tests.test_printing_pages import lan

__all__ = ["lan"]

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
PLAIN = f'{HEAD}viewBox="0 0 40 20"><path d="M0 0h40v20H0z" fill="#123456"/></svg>'.encode()
DRAWN = f"""<?xml version="1.0"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
{HEAD}xmlns:ink="http://ink" width="60mm" height="20mm" ink:version="1">
<title>Logo</title><metadata>who</metadata><ink:view/><!-- a remark -->
<style>.a {{ fill: #b3261e }}</style>
<defs><linearGradient id="g"><stop offset="0" stop-color="#006a6a"/><stop offset="1"/>
</linearGradient><path id="star" d="M0-20L6-6 20-6 9 4z"/></defs>
<rect width="60" height="20" fill="url(#g)" fill-opacity=".5"/><circle class="a" r="5"/>
<use xlink:href="#star" transform="translate(30 10)"/></svg>""".encode()
NESTED = "".join(
    f"<g id='a{at}'>" + f"<use xlink:href='#a{at + 1}'/>" * 10 + "</g>" for at in range(9)
)

DISGUISED = NESTED.replace("<use ", "<use href='#ok' ") + "<path id='ok' d='M0 0h9v9z'/>"
ESCAPED = NESTED.replace("'#a", "'#%61")


def svg(inside: str, head: str = 'viewBox="0 0 9 9"') -> bytes:
    return f"{HEAD}{head}>{inside}</svg>".encode()


def png(width: int = 4, height: int = 2, *, alpha: int = 255, **chunks: bytes) -> bytes:
    """A picture of one colour, `chunks` before its pixels."""
    rows = b"".join(b"\0" + bytes((10, 60, 200, alpha)) * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    more = [chunk(kind.encode(), body) for kind, body in chunks.items()]
    parts = [chunk(b"IHDR", head), *more, chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def bomb(width: int, height: int) -> bytes:
    """Says that it is large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    packed = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    )


def test_a_sound_svg_keeps_what_is_drawn_and_nothing_else() -> None:
    kept = sound(DRAWN)
    root = fromstring(kept)
    names = [str(each.tag).partition("}")[2] for each in root.iter()]
    assert names == [
        "svg", "style", "defs", "linearGradient", "stop", "stop", "path", "rect", "circle", "use",
    ]  # fmt: skip
    assert root.attrib == {"viewBox": "0 0 60 20"}
    for gone in (b"DOCTYPE", b"remark", b"who", b"ink:version", b"Logo"):
        assert gone not in kept
    assert sound(kept) == kept


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "logo_unreadable"),
        (b"hello", "logo_unreadable"),
        (b"<svg/>", "logo_unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", "logo_unreadable"),
        (b"\xff\xfe<\0s\0", "logo_unreadable"),
        (svg("", ""), "logo_size"),
        (svg("", 'width="100%" height="100%"'), "logo_size"),
        (svg("", 'viewBox="0 0 0 9"'), "logo_size"),
        (svg("", 'viewBox="0 0 nan 9"'), "logo_size"),
        (svg("<script>alert(1)</script>"), "logo_part"),
        (svg("<text>A</text>"), "logo_part"),
        (svg("<foreignObject/>"), "logo_part"),
        (svg("<image href='data:image/png;base64,AA'/>"), "logo_part"),
        (svg("<a href='#x'/>"), "logo_part"),
        (svg("<animate/>"), "logo_part"),
        (svg("<g><filter/></g>"), "logo_part"),
        (svg("<path onload='x()'/>"), "logo_script"),
        (svg("<path fill='javascript:x'/>"), "logo_script"),
        (svg("<style>@import 'x.css';</style>"), "logo_script"),
        (svg("<path style='fill: \\75rl(x)'/>"), "logo_script"),
        (svg("<style>path { fill: url(http://x/y) }</style>"), "logo_link"),
        (svg("<path fill='URL(x.svg#a)'/>"), "logo_link"),
        (svg("<use href='x.svg#a'/>"), "logo_link"),
        (svg("<use xlink:href='http://x/#a'/>"), "logo_link"),
        (b"<!DOCTYPE svg [<!ENTITY a 'b'>]>" + svg("<path d='&a;'/>"), "logo_entities"),
        (b"<!DOCTYPE svg [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>" + svg("&a;"), "logo_entities"),
        (svg("<g>" * 40 + "</g>" * 40), "logo_too_intricate"),
        (svg("<path/>" * 5001), "logo_too_intricate"),
        (svg(NESTED), "logo_too_intricate"),
        (svg(DISGUISED), "logo_too_intricate"),
        (svg(ESCAPED), "logo_too_intricate"),
        (svg(f"<path d='{'M0 0' * LARGEST}'/>"), "logo_too_large"),
        (png()[:-20], "logo_unreadable"),
        (png(IHDR=png(10, 90_000)[16:29]), "logo_unreadable"),
        (png().replace(b"IDAT", b"IDAX"), "logo_unreadable"),
        (bomb(30, 30), "logo_unreadable"),
        (bomb(3000, 3000), "logo_pixels"),
        (bomb(0, 30), "logo_unreadable"),
        (b"\x89PNG\r\n\x1a\n", "logo_unreadable"),
        (b"\xff\xd8\xff\xe0JFIF", "logo_unreadable"),
    ],
)  # fmt: skip
def test_what_could_do_more_than_be_drawn_is_refused(data: bytes, what: str) -> None:
    with pytest.raises(WrongLogo) as refused:
        sound(data)
    assert refused.value.what == what


def test_a_png_keeps_its_pixels_and_loses_its_remarks() -> None:
    remarked = png(tEXt=b"Author\0Somebody", eXIf=b"where")
    assert sound(remarked) == png()
    assert sound(png()) == png()


def test_a_sound_picture_that_cannot_be_drawn_is_refused() -> None:
    drawable(sound(DRAWN))
    drawable(png())
    strange = (
        png()[:-30],
        sound(svg("<path d='M1e309 0 L 3 nan'/>")),
        sound(svg("<rect width='1e400' height='3'/>")),
        sound(svg("<g transform='scale(0)'><circle r='3'/></g>")),
        sound(svg("<style>rect{}} .x{</style><rect width='5' height='5'/>")),
    )
    for data in strange:
        with pytest.raises(WrongLogo, match="logo_undrawable"):
            drawable(data)


@pytest.mark.parametrize("logo", [DRAWN, png()], ids=["svg", "png"])
@pytest.mark.parametrize("layout", usual_design().layouts)
def test_the_logo_is_in_the_file_once_however_many_badges(layout: str, logo: bytes) -> None:
    design = replace(usual_design(), logo=sound(logo))

    def printed(count: int) -> bytes:
        badges = [a_badge(number=at) for at in range(count)]
        return written(lambda out: write_badges(badges, layout, out, design))

    one, many = printed(1), printed(20)
    assert one.count(b"/Subtype /Image") == many.count(b"/Subtype /Image") == 2 * (logo != DRAWN)
    assert many.count(b"/Subtype /Form") == one.count(b"/Subtype /Form")
    assert {font["emb"] for font in fonts(many)} == {"yes"}


def test_the_logo_stands_in_its_area_and_the_heading_gives_way(tmp_path: Path) -> None:
    design = replace(usual_design(), logo=sound(PLAIN))
    card = card_of(design.layouts["a6"].card, logo=True)
    page = draw(written(lambda out: write_badges([a_badge()], "a6", out, design)), tmp_path)[0]
    left, top, width, height = (round(length / MM, 1) for length in card.logo)
    assert (left, top, width, height) == (8, 4, 89, 12)
    ink = page.ink(0, top / 148, 1, (top + height) / 148)
    assert ink == pytest.approx((24 * 150 / 25.4) * (12 * 150 / 25.4), rel=0.03)
    assert page.ink(0, 0, 40.3 / 105, 15.9 / 148) == 0
    assert card.heading.y >= card.logo.y + card.logo.height


def test_a_card_without_a_logo_keeps_its_heading() -> None:
    part = usual_design().layouts["a6"].card
    assert card_of(part, logo=False).heading == Box(8 * MM, 9 * MM, 89 * MM, 14 * MM)
    assert "logo" not in card_of(part, logo=False).shows


def test_the_picture_of_a_badge_shows_the_same_logo() -> None:
    design = replace(usual_design(), logo=sound(PLAIN))
    picture = fromstring(badge_svg(a_badge(), design))
    (image,) = picture.iter("{http://www.w3.org/2000/svg}image")
    kind, _, data = image.get("href", "").partition(",")
    assert (kind, base64.b64decode(data)) == ("data:image/svg+xml;base64", sound(PLAIN))


@pytest.mark.parametrize("logo", [DRAWN, png()], ids=["svg", "png"])
def test_a_logo_comes_along_in_the_event_file(bare: Session, logo: bytes) -> None:
    stated = DRAWN.decode() if logo == DRAWN else inline(logo)
    text = f"{ONE_DAY.read_text()}\n[badges]\nlogo = '''\n{stated}'''\n"
    take(bare, parse(text.encode(), "x.toml"))
    assert design_of(bare).logo == sound(logo)
    again = parse(dump(bare).encode(), "dump")
    assert again.badges.logo == inline(sound(logo))
    assert take(bare, again) == Loaded()
    keep_logo(bare, b"", by="lan", at=AT)
    assert design_of(bare).logo == b""
    keep_logo(bare, logo, by="lan", at=AT)
    assert take(bare, again) == Loaded()


def test_a_logo_lies_beside_the_file_and_nowhere_else(tmp_path: Path) -> None:
    (tmp_path / "logo.svg").write_bytes(PLAIN)
    (tmp_path / "bad.svg").write_bytes(svg("<text/>"))
    inner = tmp_path / "inner"
    inner.mkdir()

    def read(name: str, folder: Path | None) -> str | None:
        text = f'{ONE_DAY.read_text()}\n[badges]\nlogo = "{name}"\n'
        return parse(text.encode(), "x.toml", folder).badges.logo

    def refused(name: str, folder: Path | None) -> tuple[str, str]:
        with pytest.raises(WrongFile) as error:
            read(name, folder)
        (problem,) = error.value.problems
        return problem.where, problem.what

    assert read("logo.svg", tmp_path) == sound(PLAIN).decode()
    assert refused("logo.svg", None) == ("badges.logo", "logo_not_beside")
    assert refused("../logo.svg", inner) == ("badges.logo", "logo_not_beside")
    assert refused(str(tmp_path / "logo.svg"), inner) == ("badges.logo", "logo_not_beside")
    assert refused("none.svg", tmp_path) == ("badges.logo", "logo_no_file")
    assert refused("a\\u0000b", tmp_path) == ("badges.logo", "logo_no_file")
    assert refused("bad.svg", tmp_path) == ("badges.logo", "logo_part")
    assert refused("data:image/png;base64,%%", tmp_path) == ("badges.logo", "logo_unreadable")


def bring(browser: FlaskClient, data: bytes, name: str = "logo.svg") -> str:
    """Upload it; what the page says."""
    page = browser.get("/organiser/badges").text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    fields = {"file": (BytesIO(data), name), "csrf_token": token}
    answer = browser.post("/organiser/badges/logo", data=fields, follow_redirects=True)
    return words(answer.text)


def test_an_organiser_brings_a_logo_and_takes_it_away(
    lan: FlaskClient, app: Flask, session: Session
) -> None:
    assert "Bỏ logo" not in words(lan.get("/organiser/badges").text)
    assert "Từ nay logo có trên mọi thẻ được in." in bring(lan, DRAWN)
    assert design_of(session).logo == sound(DRAWN)
    assert lan.get("/organiser/badges").text.count("<image ") == 4
    assert "<svg xmlns" in lan.get("/organiser/programme/event.toml").text
    page = lan.get("/organiser/badges").text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    lan.post("/organiser/badges/logo/remove", data={"csrf_token": token})
    session.expire_all()
    assert design_of(session).logo == b""


def test_a_bad_logo_is_refused_in_a_sentence_and_the_old_one_stays(
    lan: FlaskClient, session: Session
) -> None:
    bring(lan, DRAWN)
    assert "Tệp SVG có “text”, phần này không in được." in bring(lan, svg("<text>x</text>"))
    assert "Logo lớn hơn 256 KB." in bring(lan, b"x" * (LARGEST + 1))
    assert design_of(session).logo == sound(DRAWN)


def test_a_path_in_an_uploaded_event_file_is_refused(lan: FlaskClient) -> None:
    text = lan.get("/organiser/programme/event.toml").text + '\n[badges]\nlogo = "logo.svg"\n'
    page = lan.get("/organiser/programme").text
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    fields = {"file": (BytesIO(text.encode()), "event.toml"), "csrf_token": token}
    answer = lan.post("/organiser/programme/file", data=fields)
    assert answer.status_code == 422
    assert "“logo.svg” phải là tệp nằm cạnh tệp sự kiện" in words(answer.text)
