"""A webhook's subscription says what it is about."""

import json

import pytest

from shared.events import PRODUCTS_ANNOUNCED, SHIPHERO_WEBHOOK_RECEIVED
from tests.integration.webhooks.edge import SIGNING_SECRET, Edge


def test_what_comes_for_products_is_recorded_as_such(edge: Edge) -> None:
    edge.subscribe("brightpearl", "path-of-products", topic="product")

    edge.from_brightpearl("path-of-products", resourceType="product", fullEvent="product.created")

    assert edge.names() == [PRODUCTS_ANNOUNCED]


@pytest.mark.parametrize("topic", ["Order Canceled", "Order Allocated", "Return Update"])
def test_every_other_webhook_of_shiphero_is_kept_about_its_note(edge: Edge, topic: str) -> None:
    edge.subscribe("shiphero", "another-path", topic=topic, signing_secret=SIGNING_SECRET)
    body = json.dumps({"webhook_type": topic, "partner_order_id": "GO-demo-501"}).encode()

    edge.from_shiphero(body, "another-path")

    [row] = edge.rows()
    assert (row.name, row.subject) == (SHIPHERO_WEBHOOK_RECEIVED, "501")
