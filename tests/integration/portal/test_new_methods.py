"""What a refresh of shipping methods brought: counted, marked, and no longer once it is mapped."""

import re
from typing import Any
from uuid import uuid4

import pytest
from sqlmodel import select

from shared.db.account_tables import ShippingMethodMapping
from shared.db.vendor_tables import FetchProgress
from tests.integration.portal.configured import (
    NEXT_DAY,
    colleague,
    confirm,
    fetch_lists,
    review,
)
from tests.integration.portal.merchants import FERNLEAF, HARBOUR, NOON, Merchants
from tests.integration.portal.programs import Program, a_token

MARK = ">New</span>"


def refreshed(merchants: Merchants, **known: Any) -> None:
    """Keep that the methods were fetched, and that "Next day" came by a refresh."""
    usual: dict[str, Any] = {"state": "done", "done": 2, "ended_at": NOON}
    run = FetchProgress(
        account_id=FERNLEAF, part="shipping_methods", run_id=uuid4(), started_at=NOON,
        moved_at=NOON, **(usual | known),
    )  # fmt: skip
    fetch_lists(merchants)
    with merchants.open_session() as session:
        session.get_one(ShippingMethodMapping, (FERNLEAF, NEXT_DAY)).came_at = NOON
        session.add(run)
        session.commit()


@pytest.mark.parametrize(
    ("added", "told"), [(1, "UTC, 1 new."), (0, "UTC, none new."), (None, "UTC.")]
)
def test_the_page_says_how_many_were_new(
    sqlite_merchants: Merchants, added: int | None, told: str
) -> None:
    refreshed(sqlite_merchants, added=added)
    client = sqlite_merchants.viewer()

    for path in ("/configuration", "/configuration/methods-fetched"):
        line = client.get(path).text.split('id="methods-fetched"')[1].split("</p>")[0]

        assert told in re.sub("<[^>]+>", "", line)


def test_a_new_method_is_marked_until_it_is_mapped(merchants: Merchants) -> None:
    refreshed(merchants, added=1)
    client = merchants.viewer()
    before = client.get("/configuration").text

    confirm(client, review(client, method_6_title="Fast"))

    after = client.get("/configuration").text
    assert MARK in before.split('id="method-6"')[1].split("</tr>")[0]
    assert MARK not in before.split('id="method-5"')[1].split("</tr>")[0]
    assert MARK not in after
    with merchants.open_session() as session:
        rows = session.exec(select(ShippingMethodMapping)).all()
    assert [row.came_at for row in rows] == [None, None]


def test_whoever_may_only_look_sees_it_too(sqlite_merchants: Merchants) -> None:
    refreshed(sqlite_merchants, added=1)

    page = colleague(sqlite_merchants, "viewer").get("/configuration").text

    assert MARK in page
    assert "Refresh shipping methods" not in page


def test_a_program_is_told(merchants: Merchants) -> None:
    refreshed(merchants, added=1)

    told = Program(merchants, a_token(merchants)).get("/configuration").get_json()
    other = Program(merchants, a_token(merchants, HARBOUR)).get("/configuration").get_json()

    assert [(one["name"], one["is_new"]) for one in told["methods"]] == [
        ("Royal Mail", False),
        ("Next day", True),
    ]
    assert told["methods_fetched"] == {
        "state": "done",
        "ended_at": "2026-11-24T12:00:00Z",
        "fetched": 2,
        "added": 1,
    }
    assert other["methods_fetched"] is None
