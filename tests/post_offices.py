"""SMTP servers on the loopback with a mind of their own: they take, refuse, stall, or hang up."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.sites import free_port


@dataclass
class Office:
    """What it says to each sender, recipient and mail. "cut" hangs up at that point, "stall" says
    nothing any more; "taken, cut" and "taken, stall" first take the mail.
    """

    to_sender: str = "250 OK"
    to_recipient: str = "250 OK"
    to_mail: str = "250 OK"
    refuses: set[str] = field(default_factory=set)
    patience: int = 0
    """After so many mails on one line it says goodbye; 0 for never."""
    taken: list[EmailMessage] = field(default_factory=list)
    lines: int = 0

    async def handle_EHLO(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        """A new line."""
        session.host_name, session.mails = hostname, 0
        self.lines += 1
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """After MAIL FROM."""
        if self.patience and session.mails >= self.patience:
            return "421 4.7.0 Enough for one line"
        envelope.mail_from = address
        return await self._say(server, self.to_sender)

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        """After RCPT TO."""
        if address in self.refuses:
            return "550 5.1.1 No such user"
        envelope.rcpt_tos.append(address)
        return await self._say(server, self.to_recipient)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        """After the mail itself."""
        session.mails += 1
        if self.to_mail.startswith(("250", "taken")):
            content = envelope.content
            sent = content.encode() if isinstance(content, str) else content
            parsed = message_from_bytes(sent, policy=policy.default)
            self.taken.append(parsed)  # type: ignore[arg-type]
        return await self._say(server, self.to_mail)

    async def _say(self, server: Any, word: str) -> str:
        if word.endswith("cut"):
            server.transport.abort()
            return "250 never heard"
        if word.endswith("stall"):
            await asyncio.Event().wait()
        return word


@contextmanager
def opened(office: Office, **options: Any) -> Iterator[str]:
    """Its address, as SMTP_URL wants it; a silence of half a second counts as a stall."""
    controller = Controller(office, hostname="127.0.0.1", port=free_port(), **options)
    controller.start()
    yield f"smtp://127.0.0.1:{controller.port}?timeout=0.5"
    controller.stop()
