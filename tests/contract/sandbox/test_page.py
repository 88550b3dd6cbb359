"""The control room's pages of accounts, faults and switches."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.contract.sandbox.playing import BrightpearlCaller, ShipHeroCaller


def press(client: FlaskClient, act: str, **form: str) -> str:
    page = client.post(f"/page/{act}", data=form, follow_redirects=True)
    return page.get_data(as_text=True)


@pytest.mark.parametrize(
    ("act", "form", "said"),
    [
        ("account", {"code": "acme", "products": "5", "back": "accounts"}, "Made account acme"),
        ("account", {"code": "demo"}, "There is an account demo already."),
        ("move", {"account": "demo"}, "Moved demo to use1"),
        ("move", {"account": "nix"}, "There is no account nix."),
        ("expire", {"account": "demo"}, "Expired 0 access tokens of demo"),
        ("revoke", {"account": "demo"}, "Revoked 0 access tokens of demo"),
        ("forget-webhooks", {"account": "demo"}, "Brightpearl forgot 0 webhooks of demo"),
        ("fault", {"vendor_kind": "shiphero/delay", "seconds": "2"}, "Fault 1 waits for a call"),
        ("fault", {"vendor_kind": "shiphero/meteor"}, "fault&#39;s kind is one of"),
        ("remove-fault", {"number": "1"}, "Took back fault 1"),
        ("transfer", {}, "Made transfer note 7001"),
        ("forget-switches", {}, "The switches of demo stand as those of all"),
        ("dance", {}, "There is no button dance"),
    ],
)
def test_every_button_says_what_it_did(
    client: FlaskClient, act: str, form: dict[str, str], said: str
) -> None:
    assert said in press(client, act, **form)


def test_a_fault_added_by_hand_waits_as_told(client: FlaskClient) -> None:
    press(
        client,
        "fault",
        vendor_kind="brightpearl/status",
        operation="get-order",
        for_account="acme",
        times="3",
        status="409",
        after_effect="1",
    )

    [fault] = client.get("/control/faults").get_json()
    assert (fault["kind"], fault["account"], fault["operation"]) == ("status", "acme", "get-order")
    assert (fault["times"], fault["status"], fault["after_effect"]) == (3, 409, True)


@pytest.mark.parametrize(
    ("scope", "own", "of_all"), [("", {}, 9), ("account", {"uri_limit": 9}, 4096)]
)
def test_a_switch_is_turned_for_all_or_for_the_account_shown(
    client: FlaskClient, scope: str, own: dict[str, Any], of_all: int
) -> None:
    press(client, "switch", name="uri_limit", value="9", account="demo", scope=scope)

    assert client.get("/control/accounts/demo/switches").get_json() == own
    assert client.get("/control/switches").get_json()["uri_limit"] == of_all


def test_a_page_shows_the_account_it_is_asked_for(client: FlaskClient, note_id: int) -> None:
    client.post("/control/accounts", json={"code": "acme", "notes": 2})

    ours = client.get("/notes?account=demo").get_data(as_text=True)
    theirs = client.get("/notes?account=acme").get_data(as_text=True)

    assert f"<b>{note_id + 1}</b>" not in ours
    assert f"<b>{note_id + 1}</b>" in theirs


def test_pages_show_what_was_counted(client: FlaskClient, brightpearl: BrightpearlCaller) -> None:
    client.post("/control/switches", json={"throttle_limit": 0})
    brightpearl.call("GET", "/warehouse-service/warehouse")

    page = client.get("/calls").get_data(as_text=True)

    assert "get-warehouse" in page
    assert "Over the limit" in page


@pytest.mark.parametrize("account", ["51077", "52001"])
def test_a_fault_of_one_shiphero_account_leaves_the_others(
    client: FlaskClient, shiphero: ShipHeroCaller, account: str
) -> None:
    fault = {"vendor": "shiphero", "kind": "empty", "account": account}
    client.post("/control/faults", json=fault)

    answer = shiphero.ask("{ account { data { id } } }")

    assert (answer["data"]["account"] is None) is (account == "51077")


def test_a_mail_is_looked_at_as_its_reader_sees_it_and_its_links_are_followed(
    client: FlaskClient,
) -> None:
    link = "https://portal.example/confirm/1"
    kept = {"id": 1, "at": 0.0, "from": "a@b", "to": ["c@d"], "subject": "Hello", "message_id": ""}
    letter = {"text": f"Open <b>:\n{link}", "html": f'<a href="{link}">Confirm</a>'}
    with client.application.extensions["sandbox.world"].change() as change:
        change.put("mail", 1, kept | letter)

    page = client.get("/mail").get_data(as_text=True)
    alone = client.get("/mail/1/html")

    assert 'src="/mail/1/html" sandbox="allow-popups' in page
    assert f'Open &lt;b&gt;:\n<a href="{link}" target="_blank"' in page
    assert alone.get_data(as_text=True).endswith(letter["html"])
    assert alone.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert client.get("/mail/2/html").status_code == 404
