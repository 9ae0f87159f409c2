"""Clients that keep their connections and cost little: one process, sockets that never block."""

import selectors
import socket
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

Requests = Callable[[int], Iterator[bytes]]
"""The requests of one client, by its number, as bytes on the wire."""


@dataclass
class Load:
    """What came back: milliseconds of each answer, how often each status, and how long it took."""

    times: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Answers a second."""
        return len(self.times) / self.seconds

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the answers came."""
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


class Line:
    """One connection and the requests still to be sent on it."""

    def __init__(self, port: int, requests: Iterator[bytes]) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._requests = requests
        self._read = b""
        self._sent = 0.0

    def send(self) -> bool:
        """The next request; False if there is none left."""
        request = next(self._requests, None)
        if request is None:
            return False
        self._read = b""
        self._sent = time.perf_counter()
        self.socket.sendall(request)
        return True

    def hear(self, load: Load) -> bool:
        """Read what is there; True once the answer is whole."""
        self._read += self.socket.recv(262_144)
        head, end, body = self._read.partition(b"\r\n\r\n")
        if not end or len(body) < _length(head):
            return False
        load.times.append((time.perf_counter() - self._sent) * 1000)
        status = int(self._read[9:12])
        load.statuses[status] = load.statuses.get(status, 0) + 1
        return True


def hammer(port: int, requests: Requests, *, clients: int, seconds: float) -> Load:
    """Every client sends its next request as soon as it was answered, for so long."""
    load, lines = Load(), selectors.DefaultSelector()
    began = time.perf_counter()
    open_lines = [Line(port, requests(number)) for number in range(clients)]
    for line in open_lines:
        lines.register(line.socket, selectors.EVENT_READ, line)
        line.send()
    while lines.get_map():
        for key, _ in lines.select(timeout=30):
            line = key.data
            late = time.perf_counter() - began > seconds
            if line.hear(load) and (late or not line.send()):
                lines.unregister(line.socket)
                line.socket.close()
    load.seconds = time.perf_counter() - began
    return load


def fetch(port: int, request: bytes) -> tuple[str, str]:
    """One answer: head and body."""
    with socket.create_connection(("127.0.0.1", port), timeout=30) as line:
        line.sendall(request)
        read = b""
        while b"\r\n\r\n" not in read or len(read.split(b"\r\n\r\n", 1)[1]) < _length(read):
            read += line.recv(262_144)
    head, _, body = read.partition(b"\r\n\r\n")
    return head.decode("latin-1"), body.decode()


def ask(method: str, path: str, body: bytes = b"", **headers: str) -> bytes:
    """A request on the wire; `content_type` becomes Content-Type."""
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    told |= {"Host": "127.0.0.1", "Content-Length": str(len(body))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in told.items())
    return f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


def _length(head: bytes) -> int:
    lowered = head.partition(b"\r\n\r\n")[0].lower()
    at = lowered.find(b"content-length:")
    return int(lowered[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
