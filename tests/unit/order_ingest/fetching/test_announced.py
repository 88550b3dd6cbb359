"""Product webhooks: read again what changed, and nothing where nothing did."""

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from services.order_ingest.fetching.announced import ProductDesk, read_announced_products
from shared.budgets.lane import present_lane
from shared.db.vendor_tables import Product as ProductRow
from shared.errors import ConnectionBroken, Throttled
from shared.events import PRODUCTS_ANNOUNCED, REFERENCE_REQUESTED, Event, Lane
from shared.outcome import Delivered, Outcome, Parted, Skipped
from tests.builders import a_product
from tests.fakes.vendors import FakeBrightpearl
from tests.unit.core.notebook import ACCOUNT, NOON, an_event
from tests.unit.order_ingest.fetching.fetching import Fetching

if TYPE_CHECKING:
    from uuid import UUID


def a_webhook(ids: str = "7", **fields: object) -> Event:
    body = {
        "accountCode": "demo",
        "resourceType": "product",
        "id": ids,
        "lifecycleEvent": "modified",
        "fullEvent": "product.modified",
        **fields,
    }
    payload = {"body": json.dumps(body)}
    return an_event(name=PRODUCTS_ANNOUNCED, subject=ids[:200], payload=payload)


def answer(fetching: Fetching, *events: Event) -> Sequence[Outcome | Exception]:
    """Handle a group and write its ends; gives them in the events' order."""
    ends: dict[UUID, Outcome | Exception] = {}
    for unit in read_announced_products(events, desk=lambda _event: desk_of(fetching)):
        came = unit.run()
        parted = came.ends if isinstance(came, Parted) else {one.id: came for one in unit.events}
        ends |= parted
    for event in events:
        end = ends[event.id]
        assert not isinstance(end, Exception)
        fetching.write(event, end)
    return [ends[event.id] for event in events]


def desk_of(fetching: Fetching) -> ProductDesk:
    return ProductDesk(
        account_id=ACCOUNT,
        account_code=lambda: "demo",
        brightpearl=lambda: fetching.brightpearl,
        now=lambda: fetching.book.now,
    )


def stock(fetching: Fetching, *ids: int) -> None:
    fetching.brightpearl.stocked |= {one: a_product(id=one, sku=f"SKU-{one}") for one in ids}


def test_a_changed_product_is_read_again(fetching: Fetching) -> None:
    stock(fetching, 7)
    answer(fetching, a_webhook())
    fetching.brightpearl.stocked[7] = a_product(id=7, sku="NEW")

    answer(fetching, a_webhook())

    assert [row.sku for row in fetching.rows(ProductRow)] == ["NEW"]


def test_what_a_group_names_is_read_together_and_written_by_each(fetching: Fetching) -> None:
    stock(fetching, *range(1, 60))

    first, second = answer(fetching, a_webhook("1-50"), a_webhook("40-59"))

    assert fetching.brightpearl.calls == ["products"]
    assert fetching.product_ids() == list(range(1, 60))
    assert isinstance(first, Delivered)
    assert isinstance(second, Delivered)
    assert [one.summary for one in (first, second)] == [
        "50 products read again.", "20 products read again.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("event", "code"),
    [
        (a_webhook(fullEvent="product.modified.on-hand-modified"), "stock_moved"),
        (a_webhook(lifecycleEvent="destroyed", fullEvent="product.destroyed"), "product_destroyed"),
        (a_webhook(accountCode="another"), "foreign_account"),
        (a_webhook(resourceType="order"), "not_followed"),
        (a_webhook("seven"), "webhook_unreadable"),
        (a_webhook(str(2**40)), "webhook_unreadable"),
        (an_event(name=PRODUCTS_ANNOUNCED, payload={"body": "<html>"}), "not_followed"),
        (an_event(name=PRODUCTS_ANNOUNCED, payload={}), "not_followed"),
        (an_event(name=PRODUCTS_ANNOUNCED, payload={"body": "[" * 100_000}), "not_followed"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_changed_no_product_needs_no_call(fetching: Fetching, event: Event, code: str) -> None:
    [outcome] = answer(fetching, event)

    assert isinstance(outcome, Skipped)
    assert (outcome.code, fetching.brightpearl.calls) == (code, [])


def test_a_stock_movement_is_settled_although_brightpearl_is_not_connected(
    fetching: Fetching,
) -> None:
    def not_connected() -> str:
        raise ConnectionBroken("Brightpearl is not connected.", vendor="brightpearl")

    desk = ProductDesk(
        account_id=ACCOUNT,
        account_code=not_connected,
        brightpearl=lambda: fetching.brightpearl,
        now=lambda: NOON,
    )
    event = a_webhook(fullEvent="product.modified.on-hand-modified")

    [unit] = read_announced_products([event], desk=lambda _event: desk)

    assert isinstance(unit.run(), Skipped)


def test_what_is_known_of_a_destroyed_product_stays(fetching: Fetching) -> None:
    stock(fetching, 7)
    answer(fetching, a_webhook())
    fetching.brightpearl.stocked.clear()

    answer(fetching, a_webhook(lifecycleEvent="destroyed"))

    assert fetching.product_ids() == [7]


def test_many_ids_are_read_in_bites_behind_live_work(fetching: Fetching) -> None:
    stock(fetching, *range(1, 1202))
    event = a_webhook("1-1201")

    answer(fetching, event)

    bites = list(fetching.waiting)
    assert fetching.brightpearl.calls == []
    assert [one.subject for one in bites] == ["1-500", "501-1000", "1001-1201"]
    assert {one.lane for one in bites} == {Lane.BACKFILL}
    answer(fetching, *bites)
    assert fetching.product_ids() == list(range(1, 1202))


def test_too_many_ids_are_searched_for_instead(fetching: Fetching) -> None:
    [outcome] = answer(fetching, a_webhook("1-10001"))

    assert isinstance(outcome, Delivered)
    [request] = outcome.follow_ons
    assert (request.name, request.payload) == (REFERENCE_REQUESTED, {"part": "products"})


def test_products_are_read_at_backfill_s_expense(fetching: Fetching) -> None:
    lanes = list[Lane]()

    def brightpearl() -> FakeBrightpearl:
        lanes.append(present_lane())
        return fetching.brightpearl

    desk = replace(desk_of(fetching), brightpearl=brightpearl)
    [unit] = read_announced_products([a_webhook()], desk=lambda _event: desk)

    unit.run()

    assert lanes == [Lane.BACKFILL]


def test_an_empty_budget_passes_through(fetching: Fetching) -> None:
    fetching.brightpearl.fails_with = Throttled("No requests left.", until=NOON)

    with pytest.raises(Throttled):
        answer(fetching, a_webhook())
