"""Shipments whose webhooks never came are found, once."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.errors import Transient
from shared.events import (
    GOODS_OUT_NOTE_DESTROYED,
    SHIPHERO_RECONCILIATION_REQUESTED,
    SHIPMENT_SUSPECTED,
)
from shared.outcome import Skipped
from shared.vendors.shiphero.api import Page
from shared.vendors.shiphero.models import ShipHeroOrder
from shared.watermarks import ORDERS, ORDERS_WIDE
from tests.builders import a_shiphero_order, a_shipment
from tests.fakes.vendors import FakeShipHero
from tests.integration.journal.books import LEASE, MORNING
from tests.integration.reconciliation.merchant import BACKFILL, Merchant

LONG_AGO = timedelta(hours=3)


class Killed(BaseException):
    """The process ended here."""


def ship(
    merchant: Merchant, *note_ids: int, apart: timedelta = timedelta(seconds=30), **fields: Any
) -> None:
    """Have ShipHero ship orders of notes, one after the other, without a webhook."""
    begun = merchant.books.clock() - LONG_AGO
    for place, one in enumerate(note_ids):
        given = {
            "id": f"SH-{one}",
            "partner_order_id": f"GO-acme-{one}",
            "updated_at": begun + place * apart,
            "shipments": (a_shipment(id=f"SHIPMENT-{one}"),),
        }
        merchant.at_shiphero.orders.append(a_shiphero_order(**{**given, **fields}))


def all_of(count: int) -> list[str]:
    return [str(one) for one in range(1, count + 1)]


def test_a_shipment_whose_webhook_was_dropped_is_found_once(merchant: Merchant) -> None:
    ship(merchant, 1, 2)

    merchant.compare_orders()
    merchant.books.clock.pass_(minutes=5)
    merchant.compare_orders()

    assert merchant.recorded(SHIPMENT_SUSPECTED) == ["1", "2"]
    assert merchant.lanes(SHIPMENT_SUSPECTED) == BACKFILL
    assert merchant.at_shiphero.calls == ["orders_page"] * 2


def test_what_is_written_back_not_shipped_or_not_ours_is_left_alone(merchant: Merchant) -> None:
    ship(merchant, 1)
    merchant.send(1, shipment_stage="done")
    ship(merchant, 2, shipments=())
    ship(merchant, 3, partner_order_id="GO-another-3")
    ship(merchant, 4, partner_order_id="WEB-4")

    merchant.compare_orders()

    assert merchant.recorded(SHIPMENT_SUSPECTED) == []
    assert merchant.watermarks()[ORDERS].found == 2


def test_a_cancellation_whose_webhook_was_dropped_is_found_once(merchant: Merchant) -> None:
    ship(merchant, 1, shipments=(), fulfillment_status="canceled")

    [outcome] = merchant.compare_orders()
    merchant.books.clock.pass_(minutes=5)
    merchant.compare_orders()

    assert "1 orders are cancelled there" in getattr(outcome, "summary", "")
    assert merchant.recorded(SHIPMENT_SUSPECTED) == ["1"]


def test_a_cancellation_that_is_known_is_left_alone(merchant: Merchant) -> None:
    ship(merchant, 1, shipments=(), fulfillment_status="canceled")
    merchant.send(1, order_stage="canceled")

    merchant.compare_orders()

    assert merchant.recorded(SHIPMENT_SUSPECTED) == []


def test_parcels_that_changed_after_their_note_was_shipped_are_found(merchant: Merchant) -> None:
    ship(merchant, 1, 2)
    merchant.send(1, shipment_stage="done", parcels_told='[1, "1Z-TEST-0001"]')
    merchant.send(2, shipment_stage="done", parcels_told='[1, "1Z-GONE"]')

    merchant.compare_orders()

    assert merchant.recorded(SHIPMENT_SUSPECTED) == ["2"]


def test_the_live_order_of_a_deleted_note_is_told_of_again_once(merchant: Merchant) -> None:
    ship(merchant, 1, 2, shipments=())
    merchant.send(1, deleted_at=MORNING)
    merchant.send(2, deleted_at=MORNING, order_stage="cancel_refused")

    merchant.compare_orders()
    merchant.books.clock.pass_(minutes=5)
    merchant.compare_orders()

    assert merchant.recorded(GOODS_OUT_NOTE_DESTROYED) == ["1"]


def test_a_further_parcel_is_a_new_suspicion(merchant: Merchant) -> None:
    ship(merchant, 1)
    merchant.compare_orders()
    merchant.at_shiphero.ship("SH-1")
    merchant.at_shiphero.orders[0] = merchant.at_shiphero.orders[0].model_copy(
        update={"updated_at": merchant.books.clock()}
    )
    merchant.books.clock.pass_(minutes=5)

    merchant.compare_orders()

    assert merchant.recorded(SHIPMENT_SUSPECTED) == ["1", "1"]


def test_many_are_all_found_and_the_watermark_reaches_a_minute_ago(merchant: Merchant) -> None:
    ship(merchant, *range(1, 201))

    merchant.compare_orders()

    assert merchant.recorded(SHIPMENT_SUSPECTED) == all_of(200)
    assert merchant.watermarks()[ORDERS].reached == MORNING - timedelta(minutes=1)
    assert set(merchant.watermarks()) == {ORDERS, ORDERS_WIDE}


def test_many_that_shipped_in_one_moment_are_all_found(merchant: Merchant) -> None:
    ship(merchant, *range(1, 81), apart=timedelta(0))

    merchant.compare_orders()

    assert merchant.recorded(SHIPMENT_SUSPECTED) == all_of(80)


def test_orders_that_change_while_pages_are_read_hide_no_other(merchant: Merchant) -> None:
    ship(merchant, *range(1, 201))
    merchant.books.announce("acme", name=SHIPHERO_RECONCILIATION_REQUESTED)
    changed = 0

    while merchant.step():
        # Each time, one that was seen first leaves every closed window.
        merchant.at_shiphero.orders[changed] = merchant.at_shiphero.orders[changed].model_copy(
            update={"updated_at": merchant.books.clock()}
        )
        changed += 1
    merchant.books.clock.pass_(minutes=5)
    merchant.compare_orders()

    assert merchant.recorded(SHIPMENT_SUSPECTED) == all_of(200)


def test_an_order_that_slips_past_a_cursor_is_found_by_the_second_reading(
    merchant: Merchant,
) -> None:
    merchant.shiphero = Shifting()
    ship(merchant, *range(1, 81), apart=timedelta(0))

    merchant.compare_orders()

    assert merchant.recorded(SHIPMENT_SUSPECTED) == all_of(80)


def test_the_watermark_waits_for_all_of_a_window(merchant: Merchant) -> None:
    ship(merchant, *range(1, 81), apart=timedelta(0))
    merchant.books.announce("acme", name=SHIPHERO_RECONCILIATION_REQUESTED)

    merchant.step()

    assert merchant.watermarks() == {}


@pytest.mark.parametrize("page", [1, 2, 4])
def test_a_kill_between_pages_loses_nothing_and_doubles_nothing(
    merchant: Merchant, page: int
) -> None:
    ship(merchant, *range(1, 101))
    done: list[object] = []

    def crash(event: object) -> None:
        done.append(event)
        if len(done) == page:
            raise Killed

    merchant.before_settling = crash
    with pytest.raises(Killed):
        merchant.compare_orders()
    merchant.books.clock.pass_(seconds=LEASE.total_seconds() + 1)
    merchant.books.sweep()

    merchant.work()

    assert merchant.recorded(SHIPMENT_SUSPECTED) == all_of(100)


def test_a_change_that_shows_late_is_found_by_the_overlap(merchant: Merchant) -> None:
    merchant.compare_orders()
    ship(merchant, 1)
    merchant.at_shiphero.orders[0] = merchant.at_shiphero.orders[0].model_copy(
        update={"updated_at": MORNING - timedelta(minutes=10)}
    )
    merchant.books.clock.pass_(minutes=5)

    merchant.compare_orders()

    assert merchant.recorded(SHIPMENT_SUSPECTED) == ["1"]


@pytest.mark.parametrize("hours", [-8, -5, 2, 12])
def test_a_filter_read_in_another_zone_costs_a_day_and_no_shipment(
    merchant: Merchant, hours: int
) -> None:
    merchant.shiphero = InAnotherZone(timedelta(hours=hours))
    merchant.go_live_at = MORNING - timedelta(days=1)
    for one in range(1, 30):
        ship(merchant, one)
        merchant.compare_orders()
        merchant.books.clock.pass_(hours=1, minutes=7)
    merchant.books.clock.pass_(days=1)

    merchant.compare_orders()

    assert merchant.recorded(SHIPMENT_SUSPECTED) == all_of(29)


def test_a_gap_that_is_asked_for_reaches_behind_the_watermark(merchant: Merchant) -> None:
    merchant.compare_orders()
    ship(merchant, 1)

    merchant.compare_orders(**{"from": (MORNING - timedelta(hours=4)).isoformat()})

    assert merchant.recorded(SHIPMENT_SUSPECTED) == ["1"]


def test_a_gap_asked_for_during_a_run_is_read_after_it(merchant: Merchant) -> None:
    merchant.compare_orders()
    ship(merchant, *range(1, 81))
    since = (MORNING - timedelta(hours=4)).isoformat()
    merchant.books.announce("acme", name=SHIPHERO_RECONCILIATION_REQUESTED, payload={"from": since})
    merchant.step()
    merchant.books.publish()  # its next page waits in its queue

    [outcome] = merchant.compare_orders(**{"from": since})

    assert isinstance(outcome, Skipped)
    assert outcome.code == "already_running"
    assert [one.payload for one in outcome.follow_ons] == [{"from": since}]


def test_an_outage_moves_no_watermark(merchant: Merchant) -> None:
    merchant.at_shiphero.fails_with = Transient("ShipHero is down", code="shiphero_trouble")

    merchant.compare_orders()

    assert merchant.watermarks() == {}


class Shifting(FakeShipHero):
    """A ShipHero whose first order changes right before a second page is read, once."""

    has_shifted = False

    def orders_page(
        self, *, updated_from: datetime, updated_to: datetime, after: str | None = None
    ) -> Page[ShipHeroOrder]:
        """Let the first order leave the window."""
        if after and not self.has_shifted:
            self.has_shifted = True
            later = {"updated_at": updated_to + LONG_AGO}
            self.orders[0] = self.orders[0].model_copy(update=later)
        return super().orders_page(updated_from=updated_from, updated_to=updated_to, after=after)


class InAnotherZone(FakeShipHero):
    """A ShipHero that reads the times of filters so many hours off UTC."""

    def __init__(self, offset: timedelta) -> None:
        super().__init__()
        self.offset = offset

    def orders_page(
        self, *, updated_from: datetime, updated_to: datetime, after: str | None = None
    ) -> Page[ShipHeroOrder]:
        """Read the times of the filter in that zone."""
        return super().orders_page(
            updated_from=updated_from - self.offset,
            updated_to=updated_to - self.offset,
            after=after,
        )
