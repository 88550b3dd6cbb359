"""Hand mails to a mail server; the only place that knows SMTP's codes.

What the way to the server meets may pass: Transient. What the server says of this very mail with
5xx will not: Permanent.
"""

import re
import smtplib
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import Final, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from shared.errors import Permanent, Transient

TROUBLE: Final = "mail_trouble"
REFUSED: Final = "mail_refused"
BOUNCED: Final = "mail_bounced"
SUBMISSION, IMPLICIT_TLS = 587, 465
FOR_GOOD: Final = 500  # SMTP's replies from here on are final
LONGEST_REPLY: Final = 300
RECIPIENT, SENDER, MAIL = "the recipient", "the sender", "the mail"  # which a reply refuses
# RFC 3463: the reply's subject is the address (1) or the mailbox (2); 7 is a policy, 3 a system.
_ENHANCED: Final = re.compile(r"5\.(\d{1,3})\.\d{1,3}\b")
_OF_THE_ADDRESS: Final = ("1", "2")


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Where mails are handed in."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    implicit_tls: bool = False
    starttls: bool = True


class BouncedError(Permanent):
    """The address itself is refused for good; `number` is SMTP's code."""

    def __init__(self, sentence: str, *, number: int) -> None:
        super().__init__(sentence, code=BOUNCED)
        self.number = number


class Mailer(Protocol):
    """Takes one mail."""

    def __call__(self, message: EmailMessage) -> None:
        """Hand it in; raises Transient or Permanent."""


def server_of(url: str) -> MailServer:
    """Read `smtp://user:password@host:port` or `smtps://…`; ValueError says what is wrong."""
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("SMTP_URL is smtp://user:password@host:587 or smtps://user:password@host")
    wish = parse_qs(parts.query).get("starttls", ["on"])[-1]
    if wish not in {"on", "off"}:
        raise ValueError("?starttls= of SMTP_URL is on or off")
    is_tls = parts.scheme == "smtps"
    if wish == "off" and not is_tls and parts.password:
        raise ValueError("SMTP_URL would send its password unencrypted: leave out ?starttls=off")
    return MailServer(
        host=parts.hostname,
        port=parts.port or (IMPLICIT_TLS if is_tls else SUBMISSION),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        implicit_tls=is_tls,
        starttls=wish == "on" and not is_tls,
    )


def post(message: EmailMessage, *, server: MailServer, timeout: float) -> None:
    """Hand one mail in, over a connection of its own."""
    with _way_there(server):
        connection = _connect(server, timeout)
    try:
        with _of_this_mail(server):
            connection.send_message(message)
    finally:
        # The mail is taken or refused by now; how the farewell goes changes nothing.
        with suppress(smtplib.SMTPException, OSError):
            connection.quit()


def _connect(server: MailServer, timeout: float) -> smtplib.SMTP:
    name = socket.gethostname()  # smtplib would ask DNS for it
    connection: smtplib.SMTP
    if server.implicit_tls:
        connection = smtplib.SMTP_SSL(
            server.host,
            server.port,
            local_hostname=name,
            timeout=timeout,
            context=ssl.create_default_context(),
        )
    else:
        connection = smtplib.SMTP(server.host, server.port, local_hostname=name, timeout=timeout)
    try:
        if server.starttls:
            connection.starttls(context=ssl.create_default_context())
        if server.user:
            connection.login(server.user, server.password)
    except (smtplib.SMTPException, OSError):
        connection.close()
        raise
    return connection


@contextmanager
def _way_there(server: MailServer) -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPNotSupportedError as error:
        raise Transient(
            f"The mail server {server.host}:{server.port} lacks what SMTP_URL asks for: {error} "
            "Where it has no STARTTLS, end SMTP_URL with ?starttls=off.",
            code=TROUBLE,
        ) from error
    except smtplib.SMTPAuthenticationError as error:
        raise Transient(
            f"The mail server {server.host}:{server.port} refuses the user and password of "
            f"SMTP_URL (code {error.smtp_code}).",
            code=TROUBLE,
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        raise _unreached(server, error) from error


@contextmanager
def _of_this_mail(server: MailServer) -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        [(number, words), *_] = error.recipients.values()
        raise _refusal(server, number, words, RECIPIENT) from error
    except smtplib.SMTPSenderRefused as error:
        raise _refusal(server, error.smtp_code, error.smtp_error, SENDER) from error
    except smtplib.SMTPNotSupportedError as error:
        raise Permanent(
            f"The mail server {server.host} cannot take an address outside ASCII.", code=REFUSED
        ) from error
    except smtplib.SMTPResponseException as error:
        raise _refusal(server, error.smtp_code, error.smtp_error, MAIL) from error
    except (smtplib.SMTPException, OSError) as error:
        raise _unreached(server, error) from error


def _refusal(
    server: MailServer, number: int, words: bytes | str, what: str
) -> Permanent | Transient:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    reply = " ".join(said.split())[:LONGEST_REPLY]
    sentence = f"The mail server {server.host} refused {what} with code {number}: {reply}"
    if number < FOR_GOOD:
        return Transient(sentence, code=TROUBLE)
    if _is_bounce(reply, what):
        return BouncedError(sentence, number=number)
    return Permanent(sentence, code=REFUSED)


def _is_bounce(reply: str, what: str) -> bool:
    """Tell a refused address from a refused letter, sender or policy."""
    if what == SENDER:
        return False
    if (enhanced := _ENHANCED.match(reply)) is not None:
        return enhanced[1] in _OF_THE_ADDRESS
    return what == RECIPIENT


def _unreached(server: MailServer, error: Exception) -> Transient:
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Transient(
        f"The mail server {server.host}:{server.port} gave no proper answer "
        f"({type(error).__name__}: {why[:LONGEST_REPLY]}).",
        code=TROUBLE,
    )
