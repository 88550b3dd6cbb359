"""Webhooks lost, doubled, late and out of order, and subscriptions that vanish (section 13)."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from sandbox.world import World
from tests.contract.sandbox.playing import STAFF, BrightpearlCaller, FakeClock, Receiver
from tests.contract.sandbox.served import Served
from tests.waiting import until

ANYWHERE = "http://127.0.0.1:9/hook"
EVERY_VARIABLE = (
    '{"a":"${account-code}","t":"${resource-type}","i":"${resource-id}","l":"${lifecycle-event}"}'
)


@pytest.fixture
def subscribed(brightpearl: BrightpearlCaller) -> BrightpearlCaller:
    brightpearl.subscribe(ANYWHERE, "goods-out-note.created")
    return brightpearl


def turn(client: FlaskClient, **switches: Any) -> None:
    assert client.post("/control/accounts/demo/switches", json=switches).status_code == 200


def make_orders(client: FlaskClient, count: int = 1) -> None:
    client.post("/control/sales-orders", json={"count": count})


def states(world: World) -> list[str]:
    return [delivery["state"] for delivery in world.store.all("delivery")]


@pytest.mark.usefixtures("subscribed")
def test_the_next_ones_are_lost(client: FlaskClient, world: World) -> None:
    fault = {"vendor": "brightpearl", "kind": "webhook_lost", "times": 2}
    client.post("/control/faults", json=fault)

    make_orders(client, 3)

    assert states(world) == ["lost", "lost", "pending"]
    assert client.get("/control/ledger").get_json()["webhooks_lost"] == 2


@pytest.mark.usefixtures("subscribed")
def test_a_stopped_vendor_loses_all_and_they_stay_in_the_ledger(
    client: FlaskClient, world: World
) -> None:
    turn(client, webhooks_stopped=True)

    make_orders(client, 2)

    counts = client.get("/control/accounts/demo/counts").get_json()
    assert states(world) == ["lost", "lost"]
    assert counts["webhooks"] == {"lost": 2}


@pytest.mark.usefixtures("subscribed")
def test_a_share_is_lost(client: FlaskClient, world: World) -> None:
    turn(client, webhooks_lost_share=0.5)

    make_orders(client, 40)

    assert 0 < states(world).count("lost") < 40


@pytest.mark.usefixtures("subscribed")
def test_the_next_one_or_a_share_is_doubled(client: FlaskClient, world: World) -> None:
    client.post("/control/faults", json={"vendor": "brightpearl", "kind": "webhook_doubled"})
    make_orders(client)
    turn(client, webhooks_doubled_share=1.0)
    make_orders(client)

    bodies = [delivery["body"] for delivery in world.store.all("delivery")]

    assert len(bodies) == 4
    assert len(set(bodies)) == 2


@pytest.mark.usefixtures("subscribed")
def test_all_or_the_next_one_come_late(client: FlaskClient, world: World, clock: FakeClock) -> None:
    fault = {"vendor": "brightpearl", "kind": "webhook_late", "seconds": 30}
    client.post("/control/faults", json={**fault, "operation": "goods-out-note.created"})
    make_orders(client)
    turn(client, webhooks_delay=7)
    make_orders(client)

    late = [delivery["due_at"] - clock.at for delivery in world.store.all("delivery")]

    assert late == [30, 7]


@pytest.mark.usefixtures("subscribed")
def test_webhooks_overtake_each_other(client: FlaskClient, world: World) -> None:
    turn(client, webhooks_reorder=60)

    make_orders(client, 10)

    due = [delivery["due_at"] for delivery in world.store.all("delivery")]
    assert due != sorted(due)


def subscribe(served: Served, url: str) -> int:
    body = {
        "subscribeTo": "goods-out-note",
        "httpMethod": "POST",
        "uriTemplate": url,
        "bodyTemplate": EVERY_VARIABLE,
        "contentType": "application/json",
        "idSetAccepted": True,
        "qualityOfService": 1,
    }
    address = f"{served.url}/public-api/demo/integration-service/webhook"
    answer = served.session.post(address, json=body, headers=STAFF, timeout=10)
    number: int = answer.json()["response"]
    return number


def listed(served: Served) -> int:
    address = f"{served.url}/public-api/demo/integration-service/webhook"
    return served.session.get(address, headers=STAFF, timeout=10).status_code


def all_settled(served: Served) -> bool:
    states = {delivery["state"] for delivery in served.read("webhook-deliveries")}
    return "pending" not in states


def test_a_4xx_loses_it_for_good_and_a_5xx_does_not(served: Served, receiver: Receiver) -> None:
    receiver.statuses = [500, 404]
    subscribe(served, receiver.url)

    served.control("sales-orders")
    until(lambda: len(receiver.got) == 2 and all_settled(served), what="the second try")

    counts = served.read("accounts/demo/counts")["webhooks"]
    assert counts == {"raised": 1, "refused": 1, "sent": 2}


def test_a_webhook_that_fails_too_often_is_forgotten_if_switched_so(
    served: Served, receiver: Receiver
) -> None:
    served.control("accounts/demo/switches", webhooks_removed_after=3)
    receiver.statuses = [500, 500, 500]
    subscribe(served, receiver.url)

    served.control("sales-orders")

    until(lambda: len(receiver.got) == 4 and all_settled(served), what="the fourth try")
    assert listed(served) == 404


def test_a_success_begins_the_count_of_failures_afresh(served: Served, receiver: Receiver) -> None:
    served.control("accounts/demo/switches", webhooks_removed_after=3)
    receiver.statuses = [500, 500, 200, 500, 500]
    subscribe(served, receiver.url)

    served.control("sales-orders")
    until(lambda: len(receiver.got) == 3 and all_settled(served), what="the third try")
    served.control("sales-orders")

    until(lambda: len(receiver.got) == 6 and all_settled(served), what="the last try")
    assert listed(served) == 200


def test_brightpearl_forgets_our_webhooks_on_command(client: FlaskClient, world: World) -> None:
    caller = BrightpearlCaller(client)
    caller.subscribe(ANYWHERE)
    caller.subscribe(ANYWHERE)

    told = client.post("/control/accounts/demo/webhooks/forget").get_json()

    make_orders(client)
    assert told == {"forgotten": 2}
    assert states(world) == []


def test_many_webhooks_all_come(served: Served, receiver: Receiver) -> None:
    subscribe(served, receiver.url)

    served.control("sales-orders", count=300)

    until(lambda: len(receiver.got) == 300, what="all webhooks")
    assert len({body["i"] for body in receiver.bodies()}) == 300
