"""A mail server that takes everything and remembers the number of each mail."""

import asyncio
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

NUMBER = re.compile(rb"(?im)^message-id:\s*(<[^>]*>)")
END = b"\r\n.\r\n"
KEPT = 500


@dataclass
class Sink:
    """What has arrived: each mail's number, as often as it came, and the bytes of the first few."""

    port: int = 0
    numbers: list[bytes] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One line, until the other side hangs up or dies."""
        writer.write(b"220 sink\r\n")
        try:
            while command := (await reader.readline()).strip().upper():
                await self._answer(command, reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # killed in the middle: what was not whole does not count
        finally:
            writer.close()

    async def _answer(
        self, command: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if command.startswith(b"EHLO"):
            writer.write(b"250-sink\r\n250 8BITMIME\r\n")
        elif command == b"DATA":
            writer.write(b"354 go on\r\n")
            await writer.drain()
            self._keep(await reader.readuntil(END))
            writer.write(b"250 taken\r\n")
        else:
            writer.write(b"221 bye\r\n" if command == b"QUIT" else b"250 fine\r\n")
        await writer.drain()

    def _keep(self, mail: bytes) -> None:
        found = NUMBER.search(mail)
        self.numbers.append(found[1] if found else b"")
        if len(self.mails) < KEPT:
            self.mails.append(mail.removesuffix(END) + b"\r\n")


@contextmanager
def open_sink() -> Iterator[Sink]:
    """A sink on a free port of the loopback, in a thread of its own."""
    sink, loop, ready = Sink(), asyncio.new_event_loop(), threading.Event()

    async def serve() -> None:
        server = await asyncio.start_server(sink.talk, "127.0.0.1", 0, limit=1 << 22)
        sink.port = server.sockets[0].getsockname()[1]
        ready.set()

    def run() -> None:
        asyncio.set_event_loop(loop)
        loop.create_task(serve())
        loop.run_forever()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait()
    yield sink
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
