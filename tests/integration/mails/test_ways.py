"""The ways to a mail server: TLS from the start, STARTTLS, a log-in; never less than was asked."""

import ssl
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from services.notifier.mails import to_message
from services.notifier.smtp import post, server_of
from shared.errors import Transient
from shared.journal.record import new_id
from shared.mails import Letter
from tests.integration.journal.books import MORNING
from tests.integration.mails.certificate import certificate_in
from tests.integration.mails.server import PASSWORD, USER, MailServer, known_user, serving

LOG_IN = f"{quote(USER, safe='')}:{quote(PASSWORD, safe='')}"


@pytest.fixture
def certified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """Trust a certificate of our own, as an operator does by this variable of OpenSSL."""
    trusted, context = certificate_in(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    return context


@pytest.fixture
def server() -> MailServer:
    """Give one that runs where a test lets it."""
    return MailServer()


def a_message() -> EmailMessage:
    letter = Letter(to="eve@orchard.example", subject="Hello", text="Hello", html="<p>Hello</p>")
    return to_message(letter, event_id=new_id(), sender=f"Goodsout <{USER}>", at=MORNING)


def hand_in(url: str) -> None:
    post(a_message(), server=server_of(url), timeout=5)


def test_by_tls_from_the_start(server: MailServer, certified: ssl.SSLContext) -> None:
    with serving(server, implicit_tls=certified) as (_, port):
        hand_in(f"smtps://127.0.0.1:{port}")

    assert len(server.kept) == 1


def test_by_starttls_with_a_log_in(server: MailServer, certified: ssl.SSLContext) -> None:
    options: dict[str, Any] = {
        "tls_context": certified,
        "authenticator": known_user,
        "auth_required": True,
    }
    with serving(server, require_starttls=True, **options) as (_, port):
        hand_in(f"smtp://{LOG_IN}@127.0.0.1:{port}")

    assert server.ways == [(True, True)]


def test_by_tls_from_the_start_with_a_log_in(server: MailServer, certified: ssl.SSLContext) -> None:
    # aiosmtpd knows TLS by STARTTLS alone: here it would not offer the log-in.
    options: dict[str, Any] = {"authenticator": known_user, "auth_require_tls": False}
    with serving(server, implicit_tls=certified, **options) as (_, port):
        hand_in(f"smtps://{LOG_IN}@127.0.0.1:{port}")

    assert [logged_in for _, logged_in in server.ways] == [True]


def test_a_wrong_password_is_said_and_nothing_is_sent(
    server: MailServer, certified: ssl.SSLContext
) -> None:
    options: dict[str, Any] = {
        "tls_context": certified,
        "authenticator": known_user,
        "auth_required": True,
    }
    with (
        serving(server, **options) as (_, port),
        pytest.raises(Transient, match="refuses the user and password"),
    ):
        hand_in(f"smtp://{quote(USER)}:wrong@127.0.0.1:{port}")

    assert server.kept == []


def test_a_server_without_starttls_gets_nothing_where_it_was_asked_for(server: MailServer) -> None:
    with serving(server) as (_, port), pytest.raises(Transient, match=r"\?starttls=off"):
        hand_in(f"smtp://127.0.0.1:{port}")

    assert server.kept == []


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_certificate_that_nobody_vouches_for_is_not_trusted(
    server: MailServer, tmp_path: Path, scheme: str
) -> None:
    _, context = certificate_in(tmp_path)
    way: dict[str, Any] = (
        {"implicit_tls": context} if scheme == "smtps" else {"tls_context": context}
    )
    with serving(server, **way) as (_, port), pytest.raises(Transient, match="certificate"):
        hand_in(f"{scheme}://127.0.0.1:{port}")

    assert server.kept == []
