"""A mail server in the test's process, which takes or refuses what it is told to."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.policy import default
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from deploy.embedded.free_ports import free_port

if TYPE_CHECKING:
    from email.message import EmailMessage

USER, PASSWORD = "portal@goodsout.example", "a good pass/word"


class MailServer:
    """Keeps what came; `answer` is what it says to each mail, `to` what it says of addresses."""

    def __init__(self) -> None:
        self.answer = "250 Message accepted for delivery"
        self.to: dict[str, str] = {}
        self.kept: list[EmailMessage] = []
        self.ways: list[tuple[bool, bool]] = []  # whether each came encrypted, and with a log-in

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Take an address, or say of it what was told."""
        answer = self.to.get(address, "250 OK")
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self,
        _server: SMTP,
        session: Session,
        envelope: Envelope,
    ) -> str:
        """Keep one mail, unless it is refused."""
        content = envelope.content or b""
        assert isinstance(content, bytes)
        self.kept.append(message_from_bytes(content, policy=default))
        self.ways.append((session.ssl is not None, session.authenticated is True))
        return self.answer


@contextmanager
def mail_server(
    server: MailServer | None = None, *, port: int = 0
) -> Iterator[tuple[MailServer, str]]:
    """Run one, and give it with its address; at `port`, where one ran before."""
    with serving(server or MailServer(), port=port) as (kept, where):
        yield kept, f"smtp://127.0.0.1:{where}?starttls=off"


@contextmanager
def serving(
    server: MailServer, *, port: int = 0, implicit_tls: ssl.SSLContext | None = None, **options: Any
) -> Iterator[tuple[MailServer, int]]:
    """Run one with aiosmtpd's own options, and give it with its port."""
    port = port or free_port()
    controller = Controller(
        server, hostname="127.0.0.1", port=port, ssl_context=implicit_tls, **options
    )
    controller.start()
    try:
        yield server, port
    finally:
        controller.stop()


def known_user(
    _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: Any
) -> AuthResult:
    """Let in who knows the password."""
    is_known = isinstance(given, LoginPassword) and (given.login, given.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=is_known, handled=False)
