"""The page of API tokens: made, shown once, used, revoked."""

import re

from flask.testing import FlaskClient
from sqlmodel import select
from werkzeug.test import TestResponse

from services.portal.tokens.token import LOG_READ, digest_of
from shared.db.portal_tables import ApiToken, AuditEntry
from tests.integration.portal.merchants import HARBOUR, NOON, Merchants, token_on
from tests.integration.portal.programs import Program, a_token

PAGE = "/api-tokens"


def make(client: FlaskClient, **form: str | list[str]) -> TestResponse:
    usual = {"name": "Warehouse screen", "scope": [LOG_READ], "lasting": "90"}
    return client.post(PAGE, data={"csrf_token": token_on(client.get(PAGE)), **usual, **form})


def shown_on(page: TestResponse) -> str:
    found = re.search(r'id="token"[^>]*>(go_[\w-]+)<', page.text)
    assert found, page.text
    return found[1]


def kept(merchants: Merchants) -> ApiToken:
    with merchants.open_session() as session:
        return session.exec(select(ApiToken)).one()


def test_a_token_is_shown_once_and_kept_as_a_digest(merchants: Merchants) -> None:
    client = merchants.viewer()

    token = shown_on(make(client))

    row = kept(merchants)
    assert (row.digest, row.scopes, row.made_by) == (
        digest_of(token), [LOG_READ], "ann@fernleaf.example",
    )  # fmt: skip
    assert token not in str(row.model_dump())
    assert token not in client.get(PAGE).text
    assert Program(merchants, token).get("/sync-log").status_code == 200


def test_making_and_revoking_are_in_the_trail_without_the_token(
    sqlite_merchants: Merchants,
) -> None:
    client = sqlite_merchants.viewer()
    token = shown_on(make(client))

    revoke(client, sqlite_merchants)

    with sqlite_merchants.open_session() as session:
        told = [(one.act, one.subject, one.who) for one in session.exec(select(AuditEntry)).all()]
        entries = str([one.model_dump() for one in session.exec(select(AuditEntry)).all()])
    who = "ann@fernleaf.example"
    assert sorted(told) == [
        ("token_made", "Warehouse screen", who), ("token_revoked", "Warehouse screen", who),
    ]  # fmt: skip
    assert token not in entries
    assert digest_of(token) not in entries


def revoke(client: FlaskClient, merchants: Merchants) -> TestResponse:
    address = f"{PAGE}/{kept(merchants).id}/revoke"
    return client.post(address, data={"csrf_token": token_on(client.get(address))})


def test_a_revoked_token_is_refused_at_once(sqlite_merchants: Merchants) -> None:
    client = sqlite_merchants.viewer()
    token = shown_on(make(client))

    revoke(client, sqlite_merchants)

    assert Program(sqlite_merchants, token).get("/sync-log").status_code == 401
    assert "Revoked" in client.get(PAGE).text


def test_a_form_that_is_not_filled_in_says_what_is_missing(sqlite_merchants: Merchants) -> None:
    client = sqlite_merchants.viewer()

    page = make(client, name=" ", scope=["everything"], lasting="forever")

    assert page.status_code == 400
    assert "Give the token a name" in page.text
    assert "Choose at least one thing" in page.text
    assert "Choose how long" in page.text
    assert "No token yet" in page.text


def test_two_good_tokens_cannot_have_one_name(sqlite_merchants: Merchants) -> None:
    client = sqlite_merchants.viewer()
    make(client)

    page = make(client)

    assert "There is a token called Warehouse screen already" in page.text


def test_the_last_use_is_written_once_a_minute(sqlite_merchants: Merchants) -> None:
    program = Program(sqlite_merchants, a_token(sqlite_merchants))

    program.get("/health")
    sqlite_merchants.now = NOON.replace(second=59)
    program.get("/health")

    assert kept(sqlite_merchants).used_at == NOON

    sqlite_merchants.now = NOON.replace(minute=1)
    program.get("/health")

    assert kept(sqlite_merchants).used_at == NOON.replace(minute=1)


def test_the_page_lists_no_token_of_another_account(sqlite_merchants: Merchants) -> None:
    a_token(sqlite_merchants, HARBOUR, name="Of another merchant")

    assert "Of another merchant" not in sqlite_merchants.viewer().get(PAGE).text
