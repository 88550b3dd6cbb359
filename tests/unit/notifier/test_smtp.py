"""How the mail server is named, and what the notifier's settings refuse."""

from typing import Any

import pytest
from pydantic import ValidationError

from services.notifier.settings import NotifierSettings
from services.notifier.smtp import MailServer, server_of

USUAL: dict[str, Any] = {"database_url": "sqlite://", "broker_url": "memory://", "secret_keys": "x"}


@pytest.mark.parametrize(
    ("url", "server"),
    [
        (
            "smtp://u%40x:p%2Fw@mail.example",
            MailServer(host="mail.example", port=587, user="u@x", password="p/w"),
        ),
        (
            "smtps://u:p@mail.example",
            MailServer(
                host="mail.example",
                port=465,
                user="u",
                password="p",
                implicit_tls=True,
                starttls=False,
            ),
        ),
        (
            "smtp://relay:25?starttls=off",
            MailServer(host="relay", port=25, starttls=False),
        ),
    ],
)
def test_an_address_says_how_mails_are_handed_in(url: str, server: MailServer) -> None:
    assert server_of(url) == server


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"smtp_url": "https://mail.example"}, "SMTP_URL is smtp://"),
        ({"smtp_url": "smtp://u:p@mail.example?starttls=off"}, "unencrypted"),
        ({"smtp_url": "smtp://relay?starttls=perhaps"}, "on or off"),
        ({"smtp_url": "smtp://relay", "mail_from": ""}, "MAIL_FROM is needed"),
        ({"mail_from": "Goodsout"}, "a sender holds an address"),
    ],
)
def test_a_wrong_setting_is_named(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        NotifierSettings(**({**USUAL, "mail_from": "a@b.example"} | changed))


def test_no_server_is_no_mistake_and_a_password_is_never_shown() -> None:
    settings = NotifierSettings(**USUAL, smtp_url="smtp://u:geheim@mail.example", mail_from="a@b.c")

    assert NotifierSettings(**USUAL).mail_server is None
    assert "geheim" not in repr(settings) + repr(settings.mail_server)
