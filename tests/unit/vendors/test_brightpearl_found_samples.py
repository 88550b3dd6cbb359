"""Searches, batches and tokens as Brightpearl was recorded to answer them."""

from datetime import timedelta
from typing import Any

import pytest

from shared.errors import ConnectionBroken, OurTrouble
from shared.vendors.brightpearl.models import NoteDetails, NoteShipment, ShipState
from shared.vendors.brightpearl.oauth import BrightpearlOAuth, OAuthApp
from tests.unit.vendors.vendor_documents import BRIGHTPEARL, brightpearl, text_of
from tests.unit.vendors.wire import NOW, SECRET, Reply, Wire, brightpearl_over

APP = OAuthApp(
    client_id="goodsout", client_secret=SECRET, dev_ref="acme", oauth_url="https://oauth.example"
)


def _oauth(name: str, status: int = 200) -> BrightpearlOAuth:
    wire = Wire(Reply(brightpearl(name), status=status))
    return BrightpearlOAuth(wire.http("brightpearl"), APP, lambda: NOW)


def _client(name: str) -> Any:
    return brightpearl_over(Wire(Reply(brightpearl(name))))


def test_a_product_search_is_read() -> None:
    page = _client("product-search-1.json").found_products()

    assert (len(page.rows), page.next_first, page.total) == (44, None, 44)
    assert all(one.product_id for one in page.rows)
    assert any(one.updated_on for one in page.rows)


def test_a_product_search_that_found_nothing_is_read() -> None:
    page = _client("product-search-2-empty.json").found_products()

    assert (page.rows, page.next_first, page.total) == ((), None, 0)


def test_a_page_without_more_pages_available_is_counted() -> None:
    # Old bodies lack morePagesAvailable: rows 4 to 6 of 12 (contract §11).
    name = "order-search-3-next-page.json"
    as_products = text_of(BRIGHTPEARL / name).replace('"orderId"', '"productId"')

    page = brightpearl_over(Wire(Reply(as_products.encode()))).found_products(first=4)

    assert (len(page.rows), page.next_first, page.total) == (3, 7, 12)


def test_a_code_becomes_tokens() -> None:
    name = "oauth-token-authorization-code-response.json"

    granted = _oauth(name).exchange("acme", "code", "https://go.example/back")

    assert (granted.access_token, granted.refresh_token) == ("REDACTED", "REDACTED")
    assert granted.installation_instance_id == "13"
    assert granted.base_url == "https://ws-use.brightpearl.com/public-api/acme"
    assert granted.expires_at == NOW + timedelta(days=7)


def test_a_refresh_names_no_installation() -> None:
    granted = _oauth("oauth-token-refresh-response.json").refresh("acme", "token")

    assert granted.installation_instance_id == ""
    assert granted.expires_at == NOW + timedelta(seconds=537_227)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("oauth-token-error-400-invalid-code.json", "invalid_grant"),
        ("oauth-token-error-400-redirect-uri-mismatch.json", "invalid_grant"),
    ],
)
def test_a_token_that_is_refused_breaks_the_connection(name: str, said: str) -> None:
    with pytest.raises(ConnectionBroken, match=said):
        _oauth(name, status=400).exchange("acme", "code", "https://go.example/back")


def test_an_app_of_ours_that_is_refused_breaks_no_connection() -> None:
    with pytest.raises(OurTrouble, match="BRIGHTPEARL_CLIENT_SECRET"):
        _oauth("oauth-token-error-400-invalid-client.json", status=400).exchange(
            "acme", "code", "https://go.example/back"
        )


def test_a_batch_of_which_all_parts_failed_is_refused() -> None:
    text = text_of(BRIGHTPEARL / "multi-message-response-4-all-failed.json")
    for label, ours in (
        ("aeeb221d-778f-4f16-9652-f529b6aa7227", "put-1"),
        ("c80c7067-a776-42f8-ae46-540f53ba1410", "ship-1"),
    ):
        text = text.replace(label, ours)
    shipment = NoteShipment(
        note_id=1, details=NoteDetails(priority=False), occurred=NOW, event_owner_id=31
    )

    results = brightpearl_over(Wire(Reply(text.encode()))).ship_notes([shipment])

    assert results[1].state is ShipState.REFUSED
    assert results[1].error is not None
    assert results[1].error.code == "brightpearl_refused"
