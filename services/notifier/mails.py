"""A mail was asked for: send it, then erase its letter from the journal."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import partial
from uuid import UUID

import structlog
from sqlmodel import Session

from services.notifier.smtp import Mailer
from shared.clock import Now
from shared.errors import Permanent
from shared.events import Event
from shared.mails import KIND, Letter, erase_letter, letter_of
from shared.messaging.units import Unit
from shared.outcome import Delivered, Outcome
from shared.secrets import SecretBox

log = structlog.get_logger()


def send_mails(
    events: Sequence[Event], *, box: SecretBox, sender: str, mailer: Mailer | None, now: Now
) -> Iterable[Unit]:
    """Give each mail a unit of its own: one that is refused stops no other."""
    send = partial(send_mail, box=box, sender=sender, mailer=mailer, now=now)
    return [Unit(events=(event,), run=partial(send, event)) for event in events]


def send_mail(
    event: Event, *, box: SecretBox, sender: str, mailer: Mailer | None, now: Now
) -> Outcome:
    """Open the letter, hand it to the mail server, and have it erased as it settles."""
    kind = str(event.payload.get(KIND, ""))
    if mailer is None:
        raise Permanent(
            "No mail server is set: set SMTP_URL and MAIL_FROM for the notifier, restart it, and "
            "replay this.",
            code="no_mail_server",
        )
    try:
        letter = letter_of(event.payload, box)
    except ValueError as error:
        raise Permanent(
            "The letter was encrypted with a key that is not in SECRET_KEYS any more.",
            code="mail_unreadable",
        ) from error
    message = to_message(letter, event_id=event.id, sender=sender, at=now())
    mailer(message)
    log.info("mail.sent", kind=kind, subject=event.subject)
    reference = str(message["Message-ID"])
    return Delivered(
        reference=reference, summary=f"Sent: {kind}.", keep=partial(_erase, event.id, kind)
    )


def to_message(letter: Letter, *, event_id: UUID, sender: str, at: datetime) -> EmailMessage:
    """Write the mail as it travels; the same event always gives the same Message-ID."""
    name, address = parseaddr(sender)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = letter.subject
    message["From"] = Address(display_name=name, addr_spec=address)
    message["To"] = Address(addr_spec=letter.to)
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{event_id}@{address.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    for file in letter.attachments:
        message.add_attachment(file.text, subtype=file.subtype, filename=file.name)
    return message


def _erase(event_id: UUID, kind: str, session: Session, _now: datetime) -> None:
    erase_letter(session, event_id, kind)
