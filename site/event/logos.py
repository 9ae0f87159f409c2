"""The organiser's logo: SVG or PNG that is safe to print and to show; anything else is refused."""

import base64
import binascii
import math
import re
import struct
import zlib
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError, register_namespace, tostring

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

LARGEST = 256 * 1024  # bytes
MOST_PIXELS = 4_000_000
MOST_PARTS, DEEPEST = 5_000, 30
PNG = b"\x89PNG\r\n\x1a\n"
DATA = "data:image/png;base64,"
SVG, LINK = "{http://www.w3.org/2000/svg}", "{http://www.w3.org/1999/xlink}href"
DRAWN = frozenset(
    "svg g defs symbol use path rect circle ellipse line polyline polygon style clipPath "
    "linearGradient radialGradient stop".split()
)
SILENT = frozenset("title desc metadata".split())
_OWN_URL = re.compile(r"url\(\s*[\"']?#")
_UNSAFE = re.compile(r"javascript:|expression\(|@|\\", re.IGNORECASE)
_KEPT_CHUNKS = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}

register_namespace("", SVG[1:-1])
register_namespace("xlink", LINK[1:-5])


class WrongLogo(ValueError):
    """A picture that is not taken; `what` is a key for the sentence, with its values."""

    def __init__(self, what: str, **values: Any) -> None:
        self.what, self.values = what, values
        super().__init__(what)


def sound(data: bytes) -> bytes:
    """The same picture, with nothing in it but what is drawn. Raises `WrongLogo`."""
    _not_too_large(data)
    kept = _sound_png(data) if is_png(data) else _sound_svg(data)
    _not_too_large(kept)
    return kept


def _not_too_large(data: bytes) -> None:
    if len(data) > LARGEST:
        raise WrongLogo("logo_too_large", limit=LARGEST // 1024)


def is_png(data: bytes) -> bool:
    """Else it is SVG."""
    return data.startswith(PNG)


def inline(data: bytes) -> str:
    """As it stands in an event file."""
    return DATA + base64.b64encode(data).decode() if is_png(data) else data.decode()


def from_inline(text: str) -> bytes | None:
    """What stands in an event file; None for the name of a file. Raises `WrongLogo`."""
    if text.lstrip().startswith("<"):
        return text.encode()
    if not text.startswith("data:"):
        return None
    try:
        return base64.b64decode(text.removeprefix(DATA), validate=True)
    except (binascii.Error, ValueError):
        raise WrongLogo("logo_unreadable") from None


def data_url(data: bytes) -> str:
    """For the picture of a badge."""
    kind = "image/png" if is_png(data) else "image/svg+xml"
    return f"data:{kind};base64,{base64.b64encode(data).decode()}"


def _sound_png(data: bytes) -> bytes:
    chunks = [(kind, body) for kind, body in _chunks(data) if kind in _KEPT_CHUNKS]
    kinds = [kind for kind, _ in chunks]
    if kinds[:1] != [b"IHDR"] or kinds[-1] != b"IEND" or len(chunks[0][1]) != 13:
        raise WrongLogo("logo_unreadable")
    if kinds.count(b"IHDR") > 1:  # whoever draws it may believe the last
        raise WrongLogo("logo_unreadable")
    width, height, bits, colours = struct.unpack(">IIBB", chunks[0][1][:10])
    if width * height > MOST_PIXELS:
        raise WrongLogo("logo_pixels", found=f"{width} × {height}", limit=MOST_PIXELS // 1_000_000)
    if not width * height or colours not in _CHANNELS or bits not in (1, 2, 4, 8, 16):
        raise WrongLogo("logo_unreadable")
    _whole_pixels(chunks, height * (1 + math.ceil(width * bits * _CHANNELS[colours] / 8)))
    return PNG + b"".join(_chunk(kind, body) for kind, body in chunks)


def _whole_pixels(chunks: list[tuple[bytes, bytes]], size: int) -> None:
    """Interlaced rows have a few bytes more."""
    packed = b"".join(body for kind, body in chunks if kind == b"IDAT")
    try:
        unpacked = zlib.decompressobj().decompress(packed, 2 * size + 4096)
    except zlib.error:
        raise WrongLogo("logo_unreadable") from None
    if not size <= len(unpacked) < 2 * size + 4096:
        raise WrongLogo("logo_unreadable")


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(PNG)
    while at < len(data):
        head = data[at : at + 8]
        if len(head) < 8:
            raise WrongLogo("logo_unreadable")
        length, kind = struct.unpack(">I4s", head)
        body, check = data[at + 8 : at + 8 + length], data[at + 8 + length : at + 12 + length]
        if check != struct.pack(">I", zlib.crc32(kind + body)):
            raise WrongLogo("logo_unreadable")
        yield kind, body
        if kind == b"IEND":
            return
        at += 12 + length


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def _sound_svg(data: bytes) -> bytes:
    try:
        root = fromstring(data, forbid_entities=True, forbid_external=True)
    except DefusedXmlException:
        raise WrongLogo("logo_entities") from None
    except (ParseError, ValueError, LookupError):
        raise WrongLogo("logo_unreadable") from None
    if root.tag != f"{SVG}svg":
        raise WrongLogo("logo_unreadable")
    _Svg().clean(root, 0)
    _uses(root)
    _sized(root)
    root.tail = None
    return bytes(tostring(root, encoding="unicode").encode())


class _Svg:
    """One drawing being looked through, and rid of what is not drawn."""

    def __init__(self) -> None:
        self._parts = 0

    def clean(self, element: Element, depth: int) -> None:
        """Raises `WrongLogo` for what could do more than be drawn."""
        self._parts += 1
        if self._parts > MOST_PARTS or depth > DEEPEST:
            raise WrongLogo("logo_too_intricate", limit=MOST_PARTS)
        for name, value in list(element.attrib.items()):
            if name.startswith("{") and name != LINK:
                del element.attrib[name]
            else:
                _safe(name, value)
        if element.tag == f"{SVG}style":
            _safe_text(element.text or "")
        else:
            element.text = None
        for child in list(element):
            if _is_silent(child):
                element.remove(child)
                continue
            part = str(child.tag).removeprefix(SVG)
            if part not in DRAWN:
                raise WrongLogo("logo_part", found=part)
            child.tail = None
            self.clean(child, depth + 1)


def _is_silent(element: Element) -> bool:
    """Of the editor it was drawn with, or words about it."""
    tag = str(element.tag)
    return not tag.startswith(SVG) or tag.removeprefix(SVG) in SILENT


def _safe(name: str, value: str) -> None:
    if name.lower().startswith("on"):
        raise WrongLogo("logo_script")
    if name in ("href", LINK) and not value.strip().startswith("#"):
        raise WrongLogo("logo_link")
    _safe_text(value)


def _safe_text(text: str) -> None:
    if _UNSAFE.search(text):
        raise WrongLogo("logo_script")
    if len(re.findall(r"url\(", text, re.IGNORECASE)) != len(_OWN_URL.findall(text)):
        raise WrongLogo("logo_link")


def _uses(root: Element) -> None:
    """What is drawn again holds nothing that is drawn again: else few lines make millions."""
    with_uses = {
        _plain(element.get("id", ""))
        for element in root.iter()
        if next((inner for inner in element.iter(f"{SVG}use")), None) is not None
    }
    uses = list(root.iter(f"{SVG}use"))
    targets = {
        _plain(use.get(name, "")).removeprefix("#") for use in uses for name in ("href", LINK)
    }
    if len(uses) > 100 or targets & (with_uses - {""}):
        raise WrongLogo("logo_too_intricate", limit=MOST_PARTS)


def _plain(name: str) -> str:
    """As whoever draws it may read it."""
    return unquote(name).strip()


def _sized(root: Element) -> None:
    """Width and height have to be known from a viewBox, or are made one."""
    box = root.get("viewBox")
    numbers = box.replace(",", " ").split() if box else ["0", "0"]
    if not box:
        numbers += [re.sub(r"(px|pt|mm|cm|in)$", "", root.get(side, "")) for side in _SIDES]
    try:
        _, _, width, height = map(float, numbers)
    except ValueError:
        raise WrongLogo("logo_size") from None
    if not (0 < width < 1e6 and 0 < height < 1e6):
        raise WrongLogo("logo_size")
    root.set("viewBox", " ".join(numbers))
    for side in _SIDES:
        root.attrib.pop(side, None)


_SIDES = ("width", "height")
