"""Several merchants at once: their own worlds, switches and counts."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sandbox.seed import seed_if_new
from sandbox.world import World
from tests.contract.sandbox.playing import BrightpearlCaller, ShipHeroCaller

NOTES = "/warehouse-service/order/*/goods-note/goods-out"


def make(client: FlaskClient, code: str = "acme", **more: Any) -> Any:
    answer = client.post("/control/accounts", json={"code": code, **more})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.get_json()


def call(client: FlaskClient, made: Any, path: str) -> TestResponse:
    headers = {
        "brightpearl-app-ref": made["app_ref"],
        "brightpearl-staff-token": made["staff_token"],
    }
    return client.get(f"/public-api/{made['code']}{path}", headers=headers)


def test_accounts_are_listed_with_their_pair(client: FlaskClient) -> None:
    made = make(client)

    listed = client.get("/control/accounts").get_json()

    assert [(each["code"], each["shiphero"]) for each in listed] == [
        ("demo", 51_077),
        ("acme", made["shiphero"]["account"]),
    ]


def test_two_accounts_may_have_notes_of_one_id(
    client: FlaskClient, brightpearl: BrightpearlCaller, note_id: int
) -> None:
    made = make(client, notes=3)

    theirs = call(client, made, f"{NOTES}/1-400,{note_id}").get_json()["response"]
    ours = brightpearl.note(note_id)

    assert list(theirs) == [str(note_id)]
    assert theirs[str(note_id)]["orderRows"] != ours["orderRows"]


def test_what_happens_in_one_account_leaves_the_other(
    client: FlaskClient, brightpearl: BrightpearlCaller, note_id: int
) -> None:
    made = make(client, notes=1)

    brightpearl.take_step(note_id, "SHW")

    note = call(client, made, f"{NOTES}/{note_id}").get_json()["response"][str(note_id)]
    assert note["status"]["shipped"] is False


def test_webhooks_of_an_account_tell_of_that_account(
    client: FlaskClient, brightpearl: BrightpearlCaller, world: World
) -> None:
    brightpearl.subscribe("http://127.0.0.1:9/hook")

    make(client, notes=2)

    assert world.store.all("delivery") == []


def test_a_large_account_has_as_many_products_in_both_vendors(client: FlaskClient) -> None:
    made = make(client, products=120)

    found = call(client, made, "/product-service/product-search").get_json()["response"]
    query = '{ products(sku: "TEA-BRK-125-5") { data(first: 2) { edges { node { sku } } } } }'
    stocked = client.post(
        "/graphql",
        json={"query": query},
        headers={"Authorization": f"Bearer {made['shiphero']['access_token']}"},
    ).get_json()

    assert found["metaData"]["resultsAvailable"] == 122
    assert len(stocked["data"]["products"]["data"]["edges"]) == 1


def test_the_pair_logs_in_at_shiphero(client: FlaskClient) -> None:
    made = make(client)["shiphero"]

    user = {"username": made["username"], "password": made["password"]}
    answer = client.post("/auth/token", json=user)

    assert answer.get_json()["refresh_token"] == made["refresh_token"]


def test_a_thousand_notes_come_in_one_call_as_one_webhook(
    client: FlaskClient, brightpearl: BrightpearlCaller, world: World
) -> None:
    brightpearl.subscribe("http://127.0.0.1:9/hook", "goods-out-note")

    client.post("/control/sales-orders", json={"count": 1000, "burst_as_one_webhook": True})

    [delivery] = world.store.all("delivery")
    assert len(delivery["subjects"]) == 1000


@pytest.mark.parametrize(
    "wanted", [{"code": "demo"}, {"code": "No Good"}, {"code": "a", "products": 0}]
)
def test_an_account_that_cannot_be_is_refused(client: FlaskClient, wanted: dict[str, Any]) -> None:
    answer = client.post("/control/accounts", json=wanted)

    assert answer.status_code == 400
    assert len(client.get("/control/accounts").get_json()) == 1


@pytest.mark.parametrize("path", ["counts", "switches", "move", "tokens/expire", "spend"])
def test_an_unknown_account_is_a_sentence(client: FlaskClient, path: str) -> None:
    method = "GET" if path in {"counts", "switches"} else "POST"

    answer = client.open(f"/control/accounts/nix/{path}", method=method, json={})

    assert (answer.status_code, answer.get_json()["error"]) == (400, "There is no account nix.")


def test_a_switch_of_one_account_stands_over_that_of_all(
    client: FlaskClient, brightpearl: BrightpearlCaller
) -> None:
    made = make(client)
    client.post("/control/accounts/demo/switches", json={"throttle_limit": 10})
    client.post("/control/switches", json={"throttle_limit": 50})

    ours = brightpearl.call("GET", "/warehouse-service/warehouse")
    theirs = call(client, made, "/warehouse-service/warehouse")

    left = "Brightpearl-Requests-Remaining"
    assert (ours.headers[left], theirs.headers[left]) == ("9", "49")


def test_forgotten_switches_stand_as_those_of_all(
    client: FlaskClient, brightpearl: BrightpearlCaller
) -> None:
    client.post("/control/accounts/demo/switches", json={"throttle_limit": 10})

    client.delete("/control/accounts/demo/switches")

    answer = brightpearl.call("GET", "/warehouse-service/warehouse")
    assert answer.headers["Brightpearl-Requests-Remaining"] == "199"


def test_shipheros_switches_are_for_all(client: FlaskClient) -> None:
    answer = client.post("/control/accounts/demo/switches", json={"credits_max": 1})

    assert answer.status_code == 400
    assert "only be turned for all accounts" in answer.get_json()["error"]


def test_counts_prove_what_happened_to_an_account(
    client: FlaskClient,
    brightpearl: BrightpearlCaller,
    shiphero: ShipHeroCaller,
    note_id: int,
) -> None:
    client.post("/control/accounts/demo/switches", json={"throttle_limit": 2})
    shiphero.make_order("K")
    shiphero.make_order("K")
    brightpearl.take_step(note_id, "SHW")

    for _ in range(3):
        brightpearl.call("GET", "/warehouse-service/warehouse")

    counts = client.get("/control/accounts/demo/counts").get_json()
    assert counts["operations"] == {"get-warehouse": 3, "post-goods-out-note-event": 1}
    assert list(counts["requests_by_window"].values()) == [4]
    assert counts["over_the_limit"] == {"private apps": 2}
    assert counts["note_events"] == {"PAC": 1, "PIC": 1, "PRI": 1, "SHW": 1}
    assert counts["orders_by_partner_order_id"] == {"K": 2}


def test_counts_can_be_begun_afresh(client: FlaskClient, brightpearl: BrightpearlCaller) -> None:
    brightpearl.call("GET", "/warehouse-service/warehouse")

    client.post("/control/accounts/demo/counts/reset")

    counts = client.get("/control/accounts/demo/counts").get_json()
    assert (counts["operations"], counts["requests_by_window"]) == ({}, {})


def test_the_ledger_counts_one_account_or_all(client: FlaskClient, note_id: int) -> None:
    make(client, notes=4)

    ours = client.get("/control/ledger?account=demo").get_json()
    everyone = client.get("/control/ledger").get_json()

    assert [row["noteId"] for row in ours["note_timings"]] == [note_id]
    assert (ours["notes"], everyone["notes"]) == (1, 5)


def test_a_state_of_an_older_form_is_begun_afresh(client: FlaskClient, world: World) -> None:
    make(client)
    with world.change() as change:
        change.put("seeded", "demo", {"at": 1.0})

    seed_if_new(world)

    assert [each["code"] for each in client.get("/control/accounts").get_json()] == ["demo"]
