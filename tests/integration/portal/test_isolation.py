"""Every address of the portal, by construction: who gets in, and that nobody sees another's rows.

A page that is added later is tried by itself. Where its address has a new parameter, the test says
where to tell what that is filled with.
"""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select
from sqlmodel import SQLModel
from werkzeug.test import TestResponse

from services.portal.frame.access import NEEDS, Need
from tests.integration.portal.merchants import EMAILS, FERNLEAF, HARBOUR, Merchants
from tests.integration.portal.rows import WHOSE, Rows, fill_tables
from tests.integration.portal.walking import ROLES, Walker, addresses, colleague, form_of, need_at

THEIRS = WHOSE[HARBOUR]
NOWHERE = "http://127.0.0.1:9"
# What stands in a row of theirs; their name alone stands above every page.
A_ROW = re.compile(rf"{THEIRS} [a-z]")
# Pages on which rows of theirs are to be found.
WITH_ROWS = {
    "audit.export", "audit.show", "bulk_acts.show", "bulk_acts.show_act", "configuration.show",
    "configuration_history.show", "connections.show", "destinations.show",
    "destinations.show_one", "dry_run.show_shadow", "events.show_event", "pages.download",
    "pages.show_note", "pages.show_sync_log", "reconciliation.show_kind", "reports.show_html",
    "team.show", "tokens.show", "your_log_in.show",
}  # fmt: skip
# Without a connection of its own nothing is asked of a vendor.
UNCONNECTED = frozenset({"vendor_connection", "webhook_subscription"})


@pytest.fixture
def theirs(sqlite_merchants: Merchants) -> Rows:
    """Fill the tables of both merchants; gives the rows that Fernleaf must not see."""
    return filled(sqlite_merchants)


def filled(merchants: Merchants) -> Rows:
    merchants.app = merchants.portal(brightpearl_oauth_url=NOWHERE, shiphero_url=NOWHERE)
    fill_tables(merchants.engine, FERNLEAF, without=UNCONNECTED)
    return fill_tables(merchants.engine, HARBOUR)


def test_every_endpoint_of_ours_says_what_it_needs(sqlite_merchants: Merchants) -> None:
    app = sqlite_merchants.app
    silent = {rule.endpoint for rule in app.url_map.iter_rules()} - app.extensions[NEEDS].keys()

    # Flask-Security's own that we do not use are closed; the tests below see that.
    assert {endpoint for endpoint in silent if not endpoint.startswith("security.")} == set()


def test_without_a_log_in_there_is_the_log_in_and_nothing_else(
    sqlite_merchants: Merchants, theirs: Rows
) -> None:
    app, visitor = sqlite_merchants.app, Walker(sqlite_merchants)
    answers = {
        f"{method} {address}": visitor.ask(method, address, form_of(theirs))
        for rule, method, address in addresses(app, theirs)
        if need_at(app, rule) != Need.NOBODY
    }

    assert {name: answer.status for name, answer in answers.items() if not kept_out(answer)} == {}


def kept_out(answer: TestResponse) -> bool:
    to_log_in = answer.headers.get("Location", "").startswith("/login")
    return answer.status_code in (401, 403) or (answer.status_code == 302 and to_log_in)


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role.name)
def test_a_lower_role_is_refused(sqlite_merchants: Merchants, theirs: Rows, role: Need) -> None:
    app = sqlite_merchants.app
    person = Walker(sqlite_merchants, colleague(sqlite_merchants, role))
    answers = {
        f"{method} {address}": person.ask(method, address, form_of(theirs)).status_code
        for rule, method, address in addresses(app, theirs)
        if role < need_at(app, rule) and need_at(app, rule) != Need.TOKEN
    }

    assert {name: status for name, status in answers.items() if status != 403} == {}


def test_an_owner_sees_and_changes_nothing_of_another_account(merchants: Merchants) -> None:
    theirs = filled(merchants)
    owner, before = Walker(merchants, EMAILS[FERNLEAF]), everything_of(merchants)
    answers = {
        f"{method} {address}": owner.ask(method, address, form_of(theirs))
        for rule, method, address in addresses(merchants.app, theirs)
        if rule.endpoint != "static"
    }

    assert {name: answer.status for name, answer in answers.items() if failed(answer)} == {}
    assert [name for name, answer in answers.items() if tells(answer)] == []
    assert everything_of(merchants) == before


def failed(answer: TestResponse) -> bool:
    # 503 is an answer: the vendor that a page asks does not answer here.
    return answer.status_code == 500


def tells(answer: TestResponse) -> bool:
    return THEIRS in answer.text.lower() or THEIRS in str(answer.headers).lower()


def everything_of(merchants: Merchants) -> Mapping[str, Any]:
    """Read every row of Harbour's, and those without an account that belong to them."""
    tables = SQLModel.metadata.tables
    with merchants.engine.connect() as connection:
        rows = {
            name: connection.execute(select(table).where(table.c.account_id == HARBOUR)).all()
            for name, table in tables.items()
            if "account_id" in table.c
        }
        of_theirs = tables["event"].c.id == tables["attempt"].c.event_id
        attempts = select(tables["attempt"]).join(tables["event"], of_theirs)
        their_own = attempts.where(tables["event"].c.account_id == HARBOUR)
        rows["attempt"] = connection.execute(their_own).all()
        account = tables["account"]
        rows["account"] = connection.execute(select(account).where(account.c.id == HARBOUR)).all()
    return rows


def test_an_owner_of_the_other_account_sees_it_all(
    sqlite_merchants: Merchants, theirs: Rows
) -> None:
    # Else the test above would find nothing because there is nothing to find.
    owner = Walker(sqlite_merchants, EMAILS[HARBOUR])
    seen = {
        rule.endpoint
        for rule, method, address in addresses(sqlite_merchants.app, theirs)
        if method == "GET" and A_ROW.search(owner.ask(method, address, {}).text)
    }

    assert WITH_ROWS - seen == set()
