"""Where this computer is found in the networks that it is in, so that phones there can reach it."""

import ipaddress
import socket
import struct
import sys
from collections.abc import Iterator

try:
    import fcntl
except ImportError:  # Windows, where the name of the computer gives all its addresses
    fcntl = None  # type: ignore[assignment]

ASK = {"linux": 0x8915, "darwin": 0xC0206921}
"""SIOCGIFADDR: the address of one interface, by system."""

OF_ITS_OWN = ("lo", "docker", "br-", "veth", "virbr", "utun")
"""Beginnings of the names of interfaces behind which there is no phone."""

FAR = "192.0.2.1"
"""An address of documentation (RFC 5737): asking for the way there sends nothing."""


def own_addresses() -> list[str]:
    """IPv4 addresses of this computer, without the loopback; the one of the usual way out first."""
    found = dict.fromkeys([*_way_out(), *_interfaces(), *_by_name()])
    return [each for each in found if not ipaddress.ip_address(each).is_loopback]


def own_names() -> list[str]:
    """What this computer is called, and how phones ask for it where no server knows names."""
    name = socket.gethostname().partition(".")[0].lower()
    known = name.isascii() and name not in ("", "localhost")
    return [name, f"{name}.local"] if known else []


def _way_out() -> Iterator[str]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect((FAR, 9))
        except OSError:  # no way to the world
            return
        yield asking.getsockname()[0]


def _interfaces() -> Iterator[str]:
    """Also where there is no way to the world: a laptop that is the phones' hotspot."""
    ask = ASK.get(sys.platform)
    if fcntl is None or ask is None:
        return
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _, name in socket.if_nameindex():
            if name.startswith(OF_ITS_OWN):
                continue
            try:
                row = fcntl.ioctl(asking, ask, struct.pack("32s", name[:15].encode()))
            except OSError:  # it has none
                continue
            yield socket.inet_ntoa(row[20:24])


def _by_name() -> list[str]:
    try:
        return socket.gethostbyname_ex(socket.gethostname())[2]
    except OSError:
        return []
