"""The mails that the portal asked for, and what people do with them."""

import re
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from sqlmodel import col, select
from werkzeug.test import TestResponse

from shared.db.journal_tables import EventRow
from shared.events import MAIL_REQUESTED
from shared.mails import Letter, letter_of
from shared.secrets import SecretBox
from tests.integration.portal.merchants import KEY, Merchants, token_on

NEW_PASSWORD = "plum ladder seven otter"

_LINK = re.compile(r"^https?://\S+$", re.MULTILINE)


def letters(merchants: Merchants) -> list[Letter]:
    """Open every letter that is in the journal, oldest first."""
    with merchants.open_session() as session:
        query = select(EventRow).where(EventRow.name == MAIL_REQUESTED)
        events = session.exec(query.order_by(col(EventRow.id))).all()
    return [letter_of(event.payload, SecretBox(KEY)) for event in events]


def link_in(letter: Letter) -> str:
    """Give the path that a letter leads to."""
    found = _LINK.search(letter.text)
    assert found, "the letter has no link"
    return urlsplit(found[0]).path


def fill_in(client: FlaskClient, path: str, **fields: str) -> TestResponse:
    """Open a page and send its form."""
    token = token_on(client.get(path))
    return client.post(path, data={"csrf_token": token, **fields})


def register(client: FlaskClient, email: str = "eve@orchard.example") -> TestResponse:
    """Register a company."""
    return fill_in(
        client,
        "/register",
        company="Orchard & Sons Ltd",
        name="Eve Orchard",
        email=email,
        password=NEW_PASSWORD,
    )
