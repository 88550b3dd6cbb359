"""ShipHero's webhooks: proved by a signature over the raw bytes."""

import json

import pytest
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from shared.events import SHIPHERO_WEBHOOK_RECEIVED, SHIPMENT_ANNOUNCED
from tests.integration.webhooks.edge import SIGNING_SECRET, Edge, signed

BODY = b'{"webhook_type": "Shipment Update"}'


def forged() -> float:
    return REGISTRY.get_sample_value("goodsout_webhooks_forged_total", {"source": "shiphero"}) or 0


def test_the_acknowledgement_is_what_shiphero_wants(edge: Edge) -> None:
    answer = edge.from_shiphero()

    assert answer.json == {"code": "200", "Status": "Success", "Message": "Success"}
    assert answer.content_type == "application/json"


def test_a_shipment_is_announced_under_its_note(edge: Edge) -> None:
    body = {"webhook_type": "Shipment Update", "fulfillment": {"partner_order_id": "GO-demo-501"}}

    edge.from_shiphero(json.dumps(body).encode())

    [row] = edge.rows()
    assert (row.name, row.queue, row.subject) == (SHIPMENT_ANNOUNCED, "shipment_return", "501")


def test_a_shipment_that_names_no_note_of_ours_has_no_subject(edge: Edge) -> None:
    edge.from_shiphero(b'{"fulfillment": {"partner_order_id": "WEB-7"}}', message_id="one")
    edge.from_shiphero(b"\xff no json", message_id="two")

    assert [row.subject for row in edge.rows()] == ["", ""]


def test_a_webhook_of_another_topic_is_kept_under_its_own_name(edge: Edge) -> None:
    edge.subscribe("shiphero", "cancelled", topic="Order Canceled", signing_secret=SIGNING_SECRET)

    answer = edge.from_shiphero(path="cancelled")

    assert answer.status_code == 200
    assert edge.names() == [SHIPHERO_WEBHOOK_RECEIVED]


@pytest.mark.parametrize("topic", ["Order Allocated", "Return Update"])
def test_what_nobody_looks_at_is_kept_as_settled(edge: Edge, topic: str) -> None:
    edge.subscribe("shiphero", "other", topic=topic, signing_secret=SIGNING_SECRET)

    first, again = edge.from_shiphero(path="other"), edge.from_shiphero(path="other")

    [row] = edge.rows()
    assert (first.status_code, again.status_code) == (200, 200)
    assert (row.outcome, row.reason_code, row.tries) == ("skipped", "not_followed", 0)
    assert row.reason == f"Goodsout does not follow '{topic}'."
    assert row.settled_at == row.recorded_at


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"x-shiphero-hmac-sha256": ""},
        {"x-shiphero-hmac-sha256": "bm90IGl0"},
        {"x-shiphero-hmac-sha256": "Þ" * 44},
        signed(BODY, secret="another secret"),
        signed(BODY + b" "),
        signed(BODY, secret=""),
    ],
)
def test_a_forged_webhook_is_refused_counted_and_not_kept(
    edge: Edge, headers: dict[str, str]
) -> None:
    before = forged()
    with capture_logs() as lines:
        answer = edge.post("shiphero", BODY, headers=headers)

    assert answer.status_code == 401
    assert (edge.rows(), edge.counted()) == ([], (0, 0))
    assert forged() == before + 1
    assert [line["event"] for line in lines] == ["webhook.forged"]


def test_the_signature_covers_every_byte_as_it_came(edge: Edge) -> None:
    odd = b'{ "webhook_type" :\r\n\t"Shipment Update" ,"name": "\xc3\x9e\xff\x00" }\n '

    assert edge.from_shiphero(odd).status_code == 200
    assert edge.post("shiphero", odd.strip(), headers=signed(odd)).status_code == 401


@pytest.mark.parametrize("held", [None, ""])
def test_a_subscription_whose_secret_is_not_held_yet_asks_for_it_again(
    edge: Edge, held: str | None
) -> None:
    edge.subscribe("shiphero", "just-registered", signing_secret=held)

    answer = edge.from_shiphero(path="just-registered", secret="")

    assert answer.status_code == 503
    assert (edge.rows(), edge.counted()) == ([], (0, 0))


def test_the_same_body_with_another_message_id_is_another_webhook(edge: Edge) -> None:
    edge.from_shiphero(message_id="message-1")
    edge.from_shiphero(message_id="message-2")

    assert edge.counted() == (2, 0)


def test_the_same_message_id_with_another_body_is_another_webhook(edge: Edge) -> None:
    edge.from_shiphero(b'{"a": 1}')
    edge.from_shiphero(b'{"a": 2}')

    assert edge.counted() == (2, 0)


def test_without_a_message_id_the_body_tells_webhooks_apart(edge: Edge) -> None:
    edge.from_shiphero(b'{"a": 1}', message_id="")
    edge.from_shiphero(b'{"a": 1}', message_id="")
    edge.from_shiphero(b'{"a": 2}', message_id="")

    assert edge.counted() == (2, 1)


def test_the_greeting_before_the_first_webhook_is_answered_on_any_path(edge: Edge) -> None:
    answer = edge.apps["shiphero"].test_client().head("/webhooks/shiphero/not-registered-yet")

    assert answer.status_code == 200
    assert edge.rows() == []


def test_only_the_greeting_and_posts_are_taken(edge: Edge) -> None:
    answer = edge.apps["shiphero"].test_client().get("/webhooks/shiphero/path-secret-of-shiphero")

    assert answer.status_code == 405
