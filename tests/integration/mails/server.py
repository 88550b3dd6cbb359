"""A mail server in the test's process, which takes or refuses what it is told to."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

if TYPE_CHECKING:
    from email.message import EmailMessage


class MailServer:
    """Keeps what came; `answer` is what it says to each mail."""

    def __init__(self) -> None:
        self.answer = "250 Message accepted for delivery"
        self.kept: list[EmailMessage] = []

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
    ) -> str:
        """Keep one mail."""
        content = envelope.content or b""
        assert isinstance(content, bytes)
        self.kept.append(message_from_bytes(content, policy=default))
        return self.answer


@contextmanager
def mail_server() -> Iterator[tuple[MailServer, str]]:
    """Run one, and give it with its address."""
    server = MailServer()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(server, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        yield server, f"smtp://127.0.0.1:{port}?starttls=off"
    finally:
        controller.stop()
