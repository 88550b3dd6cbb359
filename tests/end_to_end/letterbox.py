"""A mail server of a test's own, which can be away for a while and come back."""

import email
import email.policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.embedded.free_ports import free_port


class Letterbox:
    """Keeps what comes; while it is closed nobody listens at its port."""

    def __init__(self) -> None:
        self.kept: list[EmailMessage] = []
        self._port = free_port()
        self._controller: Controller | None = None

    @property
    def url(self) -> str:
        """Give its SMTP_URL."""
        return f"smtp://127.0.0.1:{self._port}?starttls=off"

    def open(self) -> None:
        """Begin to take mail."""
        self._controller = Controller(self, hostname="127.0.0.1", port=self._port)
        self._controller.start()

    def close(self) -> None:
        """Go away."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep one mail."""
        content = envelope.content or b""
        assert isinstance(content, bytes)
        message = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        self.kept.append(message)
        return "250 Message accepted for delivery"

    def reports(self) -> list[EmailMessage]:
        """Give the reports among what came."""
        return [mail for mail in self.kept if str(mail["Subject"]).startswith("Sync report")]

    def twice(self) -> set[str]:
        """Give the Message-IDs that came more than once."""
        ids = [str(mail["Message-ID"]) for mail in self.kept]
        return {one for one in ids if ids.count(one) > 1}
