"""A mail server that keeps every letter and sends none on."""

import email
import email.policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from sandbox.world import World


class Mailbox:
    """Puts what arrives into the state, where the control page shows it."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self,
        server: SMTP,  # noqa: ARG002 - aiosmtpd hands it in
        session: Session,  # noqa: ARG002 - aiosmtpd hands it in
        envelope: Envelope,
    ) -> str:
        """Keep one letter."""
        content = envelope.content or b""
        raw = content.encode() if isinstance(content, str) else content
        letter = email.message_from_bytes(raw, policy=email.policy.default)
        with self._world.change() as change:
            number = change.next_id("mail")
            kept = {
                "id": number,
                "at": self._world.clock.now(),
                "from": envelope.mail_from,
                "to": list(envelope.rcpt_tos),
                "subject": str(letter["Subject"] or ""),
                "message_id": str(letter["Message-ID"] or ""),
                "text": _text(letter, "plain"),
                "html": _text(letter, "html"),
            }
            change.put("mail", number, kept)
        return "250 Message accepted for delivery"


def open_mailbox(world: World, host: str, port: int) -> Controller:
    """Begin to take letters; an OSError tells that the port is taken."""
    controller = Controller(Mailbox(world), hostname=host, port=port)
    controller.start()
    return controller


def _text(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body(preferencelist=(kind,))
    return "" if part is None else str(part.get_content())
