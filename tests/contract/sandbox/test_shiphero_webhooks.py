"""ShipHero's webhooks over HTTP: health, secrets, retries, bodies (contract section 10)."""

import hashlib
import hmac
from base64 import b64encode
from typing import Any

import pytest

from tests.contract.sandbox.playing import Receiver
from tests.contract.sandbox.served import CREATE_WEBHOOK, Served
from tests.waiting import until

ENABLE = (
    "mutation ($id: String!) { webhook_enable(data: {webhook_id: $id}) "
    "{ webhook { enabled health shared_signature_secret } } }"
)
DISABLE = "mutation ($id: String!) { webhook_disable(data: {webhook_id: $id}) { webhook { id } } }"
MOVE = (
    "mutation ($id: String!, $url: String!) { webhook_update_url(data: {webhook_id: $id, "
    "new_url: $url}) { webhook { url shared_signature_secret } } }"
)
DELETE = "mutation ($data: DeleteWebhookInput!) { webhook_delete(data: $data) { request_id } }"


def ship(served: Served, key: str = "K", **how: Any) -> Any:
    return served.control(f"shiphero-orders/{served.make_order(key)}/ship", **how)


def verified(receiver: Receiver, secret: str, at: int = 0) -> bool:
    _, headers, body = receiver.got[at]
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    return headers["x-shiphero-hmac-sha256"] == b64encode(digest).decode()


def test_a_new_webhook_is_enabled_and_healthy_and_tells_its_secret_once(
    served: Served, receiver: Receiver
) -> None:
    made = served.subscribe(receiver, "Shipment Update")

    listed = served.webhook()

    assert len(made["shared_signature_secret"]) == 48
    assert (listed["enabled"], listed["health"]) == (True, "HEALTHY")
    assert listed["created_at"] == listed["updated_at"]
    assert listed["last_enabled_change"] is None


def test_a_second_of_the_same_name_and_shop_is_refused_and_another_shop_is_not(
    served: Served, receiver: Receiver
) -> None:
    served.subscribe(receiver, "Shipment Update")
    data = {"name": "Shipment Update", "url": receiver.url, "shop_name": "goodsout"}

    twice = served.ask(CREATE_WEBHOOK, data=data)
    other = served.ask(CREATE_WEBHOOK, data={**data, "shop_name": "other"})
    gone = served.ask(DELETE, data={"name": "Shipment Update", "shop_name": "nobody"})

    assert twice["errors"][0]["message"] == "Webhook already exists"
    assert "errors" not in other
    assert gone["errors"][0]["message"] == "Webhook not found"


def test_lost_deliveries_warn_then_switch_the_webhook_off(
    served: Served, receiver: Receiver
) -> None:
    served.control(
        "switches", webhook_retries=0, webhook_warning_after=1, webhook_unhealthy_after=2
    )
    served.subscribe(receiver, "Shipment Update")
    receiver.statuses = [500, 500]

    ship(served, "first")
    until(lambda: served.webhook()["health"] == "WARNING", what="a warning")
    is_on = served.webhook()["enabled"]
    ship(served, "second")
    until(lambda: served.webhook()["health"] == "UNHEALTHY", what="the webhook to be off")
    ship(served, "third")

    assert is_on is True
    assert served.webhook()["enabled"] is False
    assert served.webhook()["last_enabled_change"] is not None
    assert served.counts()["webhooks"] == {"sent": 2, "answered": 0, "lost": 2, "discarded": 1}


def test_an_enabled_webhook_is_healthy_again_and_what_was_missed_stays_missed(
    served: Served, receiver: Receiver
) -> None:
    made = served.subscribe(receiver, "Shipment Update")
    served.control(f"shiphero/webhooks/{made['id']}/health", health="UNHEALTHY")
    ship(served, "missed")

    enabled = served.ask(ENABLE, id=made["id"])["data"]["webhook_enable"]["webhook"]
    ship(served, "told")

    until(lambda: receiver.got, what="the second shipment")
    told = [body["fulfillment"]["partner_order_id"] for body in receiver.bodies()]
    assert enabled == {"enabled": True, "health": "HEALTHY", "shared_signature_secret": None}
    assert told == ["told"]


def test_a_disabled_webhook_discards(served: Served, receiver: Receiver) -> None:
    made = served.subscribe(receiver, "Shipment Update")

    served.ask(DISABLE, id=made["id"])
    ship(served)

    assert served.counts()["webhooks"]["discarded"] == 1
    assert served.read("webhook-deliveries") == []


@pytest.mark.parametrize("how", ["null", "same", "rotated"])
def test_a_changed_url_shows_the_secret_as_the_switch_says(
    served: Served, receiver: Receiver, how: str
) -> None:
    served.control("switches", secret_after_change=how)
    first = served.subscribe(receiver, "Shipment Update")

    moved = served.ask(MOVE, id=first["id"], url=f"{receiver.url}/2")["data"]["webhook_update_url"]
    ship(served)

    until(lambda: receiver.got, what="the webhook")
    shown = moved["webhook"]["shared_signature_secret"]
    old = first["shared_signature_secret"]
    assert receiver.got[0][0] == "/hook/2"
    assert (shown is None, shown == old) == (how == "null", how == "same")
    assert verified(receiver, shown if how == "rotated" else old)


@pytest.mark.parametrize(("how", "ids"), [("same", 1), ("new", 2)])
def test_the_message_id_of_a_retry_is_as_the_switch_says(
    served: Served, receiver: Receiver, how: str, ids: int
) -> None:
    served.control("switches", message_id_on_retry=how)
    served.subscribe(receiver, "Shipment Update")
    receiver.statuses = [500]

    ship(served)

    until(lambda: len(receiver.got) == 2, what="the retry")
    assert len({headers["x-shiphero-message-id"] for _, headers, _ in receiver.got}) == ids


def test_a_deleted_webhook_leaves_its_counts(served: Served, receiver: Receiver) -> None:
    served.subscribe(receiver, "Shipment Update")
    ship(served)
    until(lambda: served.counts()["webhooks"]["answered"] == 1, what="the answer")

    served.ask(DELETE, data={"name": "Shipment Update", "shop_name": "goodsout"})

    assert served.counts()["webhooks"]["answered"] == 1
    assert served.counts()["subscriptions"] == []


def test_packages_can_be_missing_and_bulk_ship_is_not_completed(
    served: Served, receiver: Receiver
) -> None:
    served.subscribe(receiver, "Shipment Update")
    ship(served, "full", parcels=2, tracking=["Pickup", ""], bulk=True)
    until(lambda: len(receiver.got) == 1, what="the full form")
    served.control("switches", packages_in_shipment_update=False, webhooks_hide_pii=True)
    ship(served, "legacy")
    until(lambda: len(receiver.got) == 2, what="the older form")

    full, legacy = receiver.bodies()

    assert [package["tracking_number"] for package in full["packages"]] == ["Pickup", ""]
    assert (full["fulfillment"]["completed"], full["total_packages"]) == (False, 2)
    assert "packages" not in legacy
    assert legacy["fulfillment"]["shipping_address"]["name"] is None


def test_what_is_newer_than_2024_can_be_refused(served: Served, receiver: Receiver) -> None:
    made = served.subscribe(receiver, "Shipment Update")
    served.control("switches", newer_schema=False)

    answers = [
        served.ask("{ webhooks { data { edges { node { enabled } } } } }"),
        served.ask(ENABLE, id=made["id"]),
        served.ask(MOVE, id=made["id"], url=receiver.url),
    ]

    assert ["locations" in answer["errors"][0] for answer in answers] == [True] * 3
    assert ["code" in answer["errors"][0] for answer in answers] == [False] * 3
