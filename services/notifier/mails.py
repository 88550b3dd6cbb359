"""A mail was asked for: send it, then erase its letter from the journal."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import partial
from typing import Final
from uuid import UUID

import structlog
from sqlmodel import Session

from services.notifier.smtp import BouncedError, Mailer
from shared.bounces import PAUSED_AFTER, Bounce, forget_bounces
from shared.clock import Now
from shared.errors import Permanent
from shared.events import Event
from shared.mails import KIND, Letter, erase_letter, letter_of
from shared.messaging.units import Unit
from shared.notifications import KINDS
from shared.outcome import Delivered, Outcome, Skipped
from shared.secrets import SecretBox

log = structlog.get_logger()

# A header that is folded within its first words is read with a blank before them; 998 is the limit.
_POLICY: Final = SMTP.clone(max_line_length=900)


@dataclass(frozen=True, kw_only=True)
class Postbox:
    """What mails are sent with.

    `is_paused` says whether an address gets no mail until a person says again, `bounced` keeps
    that it was refused; the second argument is the mail's event.
    """

    box: SecretBox
    sender: str
    mailer: Mailer | None
    is_paused: Callable[[UUID, str], bool]
    bounced: Callable[[Bounce, UUID], None]
    now: Now


def send_mails(events: Sequence[Event], *, postbox: Postbox) -> Iterable[Unit]:
    """Give each mail a unit of its own: one that is refused stops no other."""
    return [
        Unit(events=(event,), run=partial(send_mail, event, postbox=postbox)) for event in events
    ]


def send_mail(event: Event, *, postbox: Postbox) -> Outcome:
    """Open the letter, hand it to the mail server, and have it erased as it settles.

    Raises Transient and Permanent as the mail server says.
    """
    kind = str(event.payload.get(KIND, ""))
    mailer = postbox.mailer
    if mailer is None:
        raise Permanent(
            "No mail server is set: set SMTP_URL and MAIL_FROM for the notifier, restart it, and "
            "replay this.",
            code="no_mail_server",
        )
    try:
        letter = letter_of(event.payload, postbox.box)
    except ValueError as error:
        raise Permanent(
            "The letter was encrypted with a key that is not in SECRET_KEYS any more.",
            code="mail_unreadable",
        ) from error
    if kind in KINDS and postbox.is_paused(event.account_id, letter.to):
        return _paused()
    message = to_message(letter, event_id=event.id, sender=postbox.sender, at=postbox.now())
    try:
        mailer(message)
    except BouncedError as refusal:
        postbox.bounced(_bounce(event, letter, refusal), event.id)
        raise
    log.info("mail.sent", kind=kind, subject=event.subject)
    reference = str(message["Message-ID"])
    return Delivered(
        reference=reference, summary=f"Sent: {kind}.", keep=partial(_keep, event, kind, letter.to)
    )


def _bounce(event: Event, letter: Letter, refusal: BouncedError) -> Bounce:
    return Bounce(
        account_id=event.account_id,
        email=letter.to,
        code=refusal.number,
        sentence=str(refusal),
    )


def _paused() -> Skipped:
    return Skipped(
        code="mail_paused",
        reason=f"The last {PAUSED_AFTER} mails to this address came back, so no more are sent "
        "until somebody presses “Send mail there again” on the page Team.",
    )


def to_message(letter: Letter, *, event_id: UUID, sender: str, at: datetime) -> EmailMessage:
    """Write the mail as it travels; the same event always gives the same Message-ID.

    In a thread the id says which mail of it this is, so that later ones can answer the first.
    """
    name, address = parseaddr(sender)
    domain = address.rpartition("@")[2]
    message = EmailMessage(policy=_POLICY)
    message["Subject"] = letter.subject
    message["From"] = Address(display_name=name, addr_spec=address)
    message["To"] = Address(addr_spec=letter.to)
    message["Date"] = format_datetime(at)
    if letter.thread:
        message["Message-ID"] = f"<{letter.thread}.{letter.number}@{domain}>"
    else:
        message["Message-ID"] = f"<{event_id}@{domain}>"
    if letter.number > 1:
        message["In-Reply-To"] = message["References"] = f"<{letter.thread}.1@{domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    if letter.unsubscribe:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    for file in letter.attachments:
        message.add_attachment(file.text, subtype=file.subtype, filename=file.name)
    return message


def _keep(event: Event, kind: str, to: str, session: Session, _now: datetime) -> None:
    erase_letter(session, event.id, kind)
    forget_bounces(session, event.account_id, to)
