"""Earlier settings: looked back at, gone back to, and told of in the audit trail."""

import html
import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from shared.configuring.change import SettingsChange
from shared.configuring.history import PAGE_SIZE
from shared.configuring.saving import save
from shared.db.account_tables import SavedSettings
from tests.integration.portal.configured import (
    account,
    colleague,
    confirm,
    done_on,
    effects_on,
    fetch_lists,
    held,
    hold,
    review,
    trail,
)
from tests.integration.portal.merchants import EMAILS, FERNLEAF, HARBOUR, NOON, Merchants, token_on

ANN = EMAILS[FERNLEAF]
HISTORY = "/configuration/history"


def test_every_saving_stands_there_with_what_it_changed(merchants: Merchants) -> None:
    fetch_lists(merchants)
    client = merchants.viewer()
    confirm(client, review(client, warehouse_3="to:W-1"))
    confirm(client, review(client, channel_as="tag"))

    page = client.get(HISTORY).text

    assert versions_on(page) == [3, 2, 1]
    newest, older, first = page.split('<section class="card setting version"')[1:]
    assert ("In force" in newest, "Restore" in newest) == (True, False)
    assert cells_on(newest) == [
        "Sales channel",
        "as the order's shop name",
        "as a tag of the order",
    ]
    assert cells_on(older) == ["Warehouse Leeds (3)", "undecided", "Primary (W-1)"]
    assert f"by {ANN}" in older
    assert "before the first saving" in first


def test_going_back_is_shown_beforehand_and_releases_what_it_says(merchants: Merchants) -> None:
    client = merchants.viewer()
    confirm(client, review(client, order_sync_on=["off", "on"], channel_as="tag"))
    confirm(client, review(client, order_sync_on="off"))
    hold(merchants, "order_sync_off", 3)

    asked = client.get(f"{HISTORY}/2")
    restored = restore(client, asked)

    sent = "as far as nothing else stands in the way."
    assert effects_on(asked) == [f"3 held orders waiting for order sync will be sent, {sent}"]
    assert done_on(restored) == (
        "Version 2 is restored. 3 held orders that waited for order sync are being sent, " + sent
    )
    assert held(merchants, "order_sync_off") == 0
    assert (account(merchants).order_sync_on, account(merchants).settings_version) == (True, 4)
    assert trail(merchants)[-2:] == [
        (ANN, "settings_saved", "Order sync", "off", "on"),
        (ANN, "settings_restored", "Version 2", "", "as saved 24 Nov 2026 12:00 (UTC)"),
    ]


def test_nothing_is_restored_that_was_not_shown(merchants: Merchants) -> None:
    client, other = merchants.viewer(), colleague(merchants, "operator")
    confirm(client, review(client, channel_as="tag"))
    confirm(client, review(client, channel_as="shop_name"))
    asked = client.get(f"{HISTORY}/2")
    confirm(other, review(other, create_products=["off", "on"]))

    again = restore(client, asked)
    restored = restore(client, again)

    assert "saved by somebody else" in again.text
    assert "Create missing products" in again.text
    assert done_on(restored).startswith("Version 2 is restored.")


def test_there_is_nothing_to_restore_where_all_is_as_it_was(merchants: Merchants) -> None:
    client = merchants.viewer()
    confirm(client, review(client, channel_as="tag"))
    confirm(client, review(client, channel_as="shop_name"))

    page = client.get(f"{HISTORY}/1", follow_redirects=True)

    assert done_on(page) == "The settings are as they were then; there is nothing to restore."


def test_what_cannot_come_back_is_said(merchants: Merchants) -> None:
    fetch_lists(merchants)
    client = merchants.viewer()
    with merchants.open_session() as session:
        change = SettingsChange.model_validate({"methods": {6: {"title": "Fast"}}})
        save(session, FERNLEAF, change, by=ANN, now=NOON)
        session.commit()
    with merchants.open_session() as session:
        kept = session.get_one(SavedSettings, (FERNLEAF, 1))
        gone = {**kept.settings["methods"], "99": {"title": "Pigeon"}}
        kept.settings = {**kept.settings, "methods": gone}
        session.commit()

    page = client.get(f"{HISTORY}/1").text

    assert "stays as it is now" in page
    assert "Brightpearl shipping method 99 is not known" in page


def test_older_savings_are_a_page_further(merchants: Merchants) -> None:
    with merchants.open_session() as session:
        for turn in range(PAGE_SIZE + 1):
            change = SettingsChange(channel_as=("tag", "shop_name")[turn % 2])
            save(session, FERNLEAF, change, by=ANN, now=NOON)
        session.commit()
    client = merchants.viewer()

    newest = client.get(HISTORY).text
    older = client.get(f"{HISTORY}?before={versions_on(newest)[-1]}").text

    assert len(versions_on(newest)) == PAGE_SIZE
    assert versions_on(older) == [2, 1]
    assert "In force" not in older


def test_who_may_look_may_not_go_back(merchants: Merchants) -> None:
    client, viewer = merchants.viewer(), colleague(merchants, "viewer")
    confirm(client, review(client, channel_as="tag"))

    page = viewer.get(HISTORY)

    assert versions_on(page.text) == [2, 1]
    assert "Restore" not in page.text
    assert viewer.get(f"{HISTORY}/1").status_code == 403


def test_another_merchants_versions_are_nobodys(merchants: Merchants) -> None:
    with merchants.open_session() as session:
        save(session, HARBOUR, SettingsChange(channel_as="tag"), by="bob", now=NOON)
        session.commit()
    client = merchants.viewer()

    answers = [client.get(f"{HISTORY}/{one}").status_code for one in (1, 2, 2**31 - 1, 2**31)]

    assert answers == [404] * 4
    assert versions_on(client.get(f"{HISTORY}?before=99999999999").text) == []
    assert "Nothing was saved yet" in client.get(f"{HISTORY}?before=x").text


def versions_on(page: str) -> list[int]:
    return [int(one) for one in re.findall(r'<h2 id="version-(\d+)"', page)]


def cells_on(section: str) -> list[str]:
    found = re.findall(r'scope="row">([^<]+)|class="muted">([^<]+)</td>|<strong>([^<]+)', section)
    return [html.unescape("".join(groups)) for groups in found]


def restore(client: FlaskClient, asked: TestResponse) -> TestResponse:
    """Press Restore on the page that asks, and follow to the page after it."""
    [path] = re.findall(r'action="([^"]+/restore)"', asked.text)
    [version] = re.findall(r'name="version" value="(\d+)"', asked.text)
    form = {"csrf_token": token_on(asked), "version": version}
    return client.post(path, data=form, follow_redirects=True)
