"""Both sides of a note as the sandbox has them, and what is said before a click."""

import pytest

from sandbox.shiphero.seed import ACCESS_TOKEN
from shared.vendors.calls import recording_calls
from shared.vendors.shiphero.client import ShipHero, shiphero_http
from shared.vendors.shiphero.new_order import (
    NewAddress,
    NewLineItem,
    NewOrder,
    NewShippingLines,
)
from shared.vendors.shiphero.tokens import BearerToken
from tests.integration.connecting.vendors import Vendors
from tests.integration.portal.connecting import connect_brightpearl, connect_shiphero
from tests.integration.portal.merchants import Merchants
from tests.integration.portal.notes import a_link, attempted, colleague, press, trail


class Shop:
    """Fernleaf, connected to the sandbox, with a note there."""

    def __init__(self, portal: Merchants, vendors: Vendors) -> None:
        self.portal, self.vendors = portal, vendors
        self.client = portal.viewer()
        connect_brightpearl(self.client, vendors)
        connect_shiphero(self.client, password="sandbox")
        wanted = {"lines": 1, "warehouseId": 2, "shippingMethodId": 5, "count": 1, "notes": 1}
        [made] = vendors.control("sales-orders", **wanted)["orders"]
        self.order_id, self.note_id = int(made["orderId"]), int(made["noteIds"][0])
        self.key = f"GO-fernleaf-{self.note_id}"
        self.path = f"/sync-log/{self.note_id}"
        portal.note(self.note_id, order_stage="done", order_id=self.order_id)
        self.shiphero = ShipHero(
            shiphero_http(), BearerToken(access_token=ACCESS_TOKEN), base_url=vendors.url
        )

    def send(self, number: str = "SHOP-77") -> str:
        """Make an order of the note in ShipHero, as it might have been sent; gives its id."""
        made = self.shiphero.create_order(
            NewOrder(
                order_number=number,
                partner_order_id=self.key,
                shipping_lines=NewShippingLines(title="Standard"),
                shipping_address=NewAddress(first_name="Zebedee", last_name="Quux", country="GB"),
                line_items=(NewLineItem(sku="TEA-EARL", partner_line_item_id=f"{self.key}-1",
                                        quantity=1, price="1.00"),),
            )
        )  # fmt: skip
        return made.id

    def link(self, order_id: str) -> None:
        """Keep that this order is the note's."""
        self.portal.keep(a_link(self.note_id, key=self.key, shiphero_order_id=order_id))


@pytest.fixture
def shop(sqlite_portal: Merchants, vendors: Vendors) -> Shop:
    return Shop(sqlite_portal, vendors)


def test_both_sides_are_shown_with_their_differences_and_names_as_initials(shop: Shop) -> None:
    shop.link(shop.send())

    page = shop.client.get(f"{shop.path}/sides")

    assert page.status_code == 200
    assert "Z… Q…" in page.text
    assert "Zebedee" not in page.text
    assert "differs" in page.text


def test_lines_and_parcels_have_tabs_of_their_own(shop: Shop) -> None:
    shop.link(shop.send())

    lines, parcels = (shop.client.get(f"{shop.path}/{tab}").text for tab in ("lines", "parcels"))

    assert "not in the order" in lines
    assert "not on the note" in lines
    assert "None yet: ShipHero has not shipped it." in parcels
    assert "Z… Q…" not in lines


@pytest.mark.parametrize(
    ("tab", "asked"),
    [
        ("", set()),
        ("/rules", set()),
        ("/people", set()),
        ("/sent", set()),
        ("/parcels", {"orders"}),
        ("/sides", {"goods_out_notes", "sales_orders", "orders"}),
        (
            "/lines",
            {"goods_out_notes", "sales_orders", "orders", "goods_out_notes_of_order", "products"},
        ),
    ],
)
def test_only_the_tab_that_is_open_asks_the_vendors(shop: Shop, tab: str, asked: set[str]) -> None:
    shop.link(shop.send())

    with recording_calls() as calls:
        page = shop.client.get(f"{shop.path}{tab}")
        shop.client.get(f"{shop.path}/live?tab={tab.strip('/') or 'timeline'}")

    assert page.status_code == 200
    assert {call.operation for call in calls} == asked


def test_an_operator_sees_the_names_and_it_is_noted(shop: Shop) -> None:
    shop.link(shop.send())

    page = press(shop.client, f"{shop.path}/sides")

    assert "Zebedee" in page.text
    assert trail(shop.portal)[-1][0] == "personal_data_shown"
    assert press(colleague(shop.portal, "viewer"), f"{shop.path}/sides").status_code == 403


def test_what_was_sent_stands_in_the_middle_with_names_as_initials(shop: Shop) -> None:
    shop.link(shop.send())
    attempted(shop.portal, note_id=shop.note_id)

    page = shop.client.get(f"{shop.path}/sides").text
    openly = press(shop.client, f"{shop.path}/sides").text

    assert "What we sent" in page
    assert '<td data-name="What we sent" class="apart">J… S…</td>' in page
    assert '<td data-name="What we sent" class="apart">Jane Smith</td>' in openly
    assert "What was sent was not kept" not in page


def test_without_kept_requests_the_middle_is_empty_and_says_so(shop: Shop) -> None:
    shop.link(shop.send())

    assert "What was sent was not kept" in shop.client.get(f"{shop.path}/sides").text


def test_a_vendor_that_fails_leaves_the_other_side_readable(shop: Shop) -> None:
    shop.link(shop.send())
    shop.vendors.fault("shiphero", "html_502", operation="orders", times=5)

    page = shop.client.get(f"{shop.path}/sides")

    assert page.status_code == 200
    assert "Brightpearl" in page.text
    assert "form-caution" in page.text


@pytest.mark.parametrize(
    ("act", "stage", "told"),
    [
        ("send_again", "done", "Not safe: order SHOP-77"),
        ("cancel", "done", "has not shipped"),
        ("retry", "retrying", "Safe: it will attach to order SHOP-77"),
    ],
)
def test_what_a_click_would_do_is_said_before_it(
    shop: Shop, act: str, stage: str, told: str
) -> None:
    order_id = shop.send()
    shop.link(order_id if stage == "done" else "")
    if act == "retry":
        later = shop.portal.now.replace(hour=23)
        shop.portal.event(subject=str(shop.note_id), due_at=later, reason="ShipHero was silent.")

    page = shop.client.get(f"{shop.path}/acts/{act}").text

    assert told in page
    assert ("Leave it as it is" in page) is (act != "send_again")


def test_a_note_whose_order_is_cancelled_may_be_sent_again(shop: Shop) -> None:
    order_id = shop.send()
    shop.link(order_id)
    shop.shiphero.cancel_order(order_id, reason="a test")

    page = shop.client.get(f"{shop.path}/acts/send_again").text

    assert "Safe: order SHOP-77" in page
    assert "is cancelled there" in page


def test_two_live_orders_are_not_safe(shop: Shop) -> None:
    shop.link(shop.send())
    shop.send("SHOP-77")

    page = shop.client.get(f"{shop.path}/acts/send_again").text

    assert "Not safe: 2 orders are live" in page
