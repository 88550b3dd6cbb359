"""Brightpearl says that products changed: read them again, so that the cache stays true."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from sqlmodel import Session

from services.order_ingest.fetching.reading import ReadsProducts, read_products
from shared.budgets.lane import spending_as
from shared.catalogue.parts import Part
from shared.catalogue.products import LARGEST_ID, put_products
from shared.clock import Now
from shared.events import PRODUCTS_ANNOUNCED, REFERENCE_REQUESTED, Event, Lane, NewEvent
from shared.messaging.delivery import Unit
from shared.outcome import Delivered, Keep, Outcome, Parted, Skipped
from shared.vendors.brightpearl.account_models import Product
from shared.vendors.brightpearl.id_sets import UnreadableIdSet, parse_id_set

PRODUCT_TYPE = "product"
# The prefix `product` brings every stock movement too (contract §12): no product changed by it.
STOCK_MOVED = ".on-hand-modified"
DESTROYED = "destroyed"
# As many as one event reads: five requests, well within a claim.
IDS_AT_MOST = 500


@dataclass(frozen=True, kw_only=True)
class ProductDesk:
    """What one account's products are read with; the code is Brightpearl's.

    Both are asked for only where a webhook needs them.
    """

    account_id: UUID
    account_code: Callable[[], str]
    brightpearl: Callable[[], ReadsProducts]
    now: Now


def read_announced_products(
    events: Sequence[Event], *, desk: Callable[[Event], ProductDesk]
) -> Iterable[Unit]:
    """Read the products that a group names together, in bites of 500.

    What needs no call, such as a stock movement, is answered from the webhook alone.
    """
    at, units = desk(events[0]), list[Unit]()
    named: dict[UUID, tuple[int, ...]] = {}
    for event in events:
        told = announced_ids(event, at.account_code)
        if isinstance(told, tuple):
            named[event.id] = told
        else:
            units.append(Unit(events=(event,), run=partial(_answer, told)))
    for some in _bites([event for event in events if event.id in named], named):
        units.append(Unit(events=some, run=partial(_read, some, named, desk=at)))
    return units


def announced_ids(event: Event, account_code: Callable[[], str]) -> tuple[int, ...] | Outcome:
    """Give the ids of products to read, or why none are read here.

    A body that nobody can read harms nothing: the daily search finds what changed.
    """
    told = _body(event)
    if told.get("resourceType") != PRODUCT_TYPE:
        return Skipped(code="not_followed", reason="The webhook is about no product.")
    if str(told.get("fullEvent", "")).endswith(STOCK_MOVED):
        return Skipped(code="stock_moved", reason="Stock moved; the product itself is as it was.")
    if told.get("lifecycleEvent") == DESTROYED:
        return Skipped(
            code="product_destroyed", reason="What is known of a deleted product may stay."
        )
    named = told.get("accountCode")
    if named and named != account_code():
        return Skipped(
            code="foreign_account", reason=f"The webhook names account {named}, not this one."
        )
    try:
        ids = parse_id_set(str(told.get("id", "")))
    except UnreadableIdSet as error:
        return Skipped(code="webhook_unreadable", reason=f"The webhook names no product: {error}.")
    if ids.ids is None:
        return _search_instead(event, ids.size)
    known = tuple(one for one in ids.ids if one <= LARGEST_ID)
    if not known:
        return Skipped(code="webhook_unreadable", reason="No product can have such a number.")
    return known if len(known) <= IDS_AT_MOST else _in_bites(event, told, known)


def _read(
    events: Sequence[Event], named: Mapping[UUID, tuple[int, ...]], *, desk: ProductDesk
) -> Parted:
    began = desk.now()
    # A merchant's nightly price list must not stand before a single order.
    with spending_as(Lane.BACKFILL):
        read = read_products(desk.brightpearl(), _together(events, named))
    found = {product.id: product for product in read.products}
    ends: dict[UUID, Outcome | Exception] = {}
    for event in events:
        # Each event writes what it named: any of them may be the only one whose end is written.
        own = [found[one] for one in named[event.id] if one in found]
        ends[event.id] = Delivered(
            reference=event.subject,
            summary=f"{len(own)} products read again.",
            keep=_keeping(desk.account_id, own, fetched_at=began),
        )
    return Parted(ends=ends)


def _together(events: Sequence[Event], named: Mapping[UUID, tuple[int, ...]]) -> list[int]:
    return sorted({one for event in events for one in named[event.id]})


def _keeping(account_id: UUID, products: Sequence[Product], *, fetched_at: datetime) -> Keep:
    def keep(session: Session, _now: datetime) -> None:
        put_products(session, account_id, products, fetched_at=fetched_at)

    return keep


def _bites(
    events: Sequence[Event], named: Mapping[UUID, tuple[int, ...]]
) -> Iterable[tuple[Event, ...]]:
    bite: list[Event] = []
    for event in events:
        if bite and len(_together([*bite, event], named)) > IDS_AT_MOST:
            yield tuple(bite)
            bite = []
        bite.append(event)
    if bite:
        yield tuple(bite)


def _body(event: Event) -> Mapping[str, Any]:
    try:
        told = json.loads(event.payload.get("body", ""))
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _answer(outcome: Outcome) -> Outcome:
    return outcome


def _in_bites(event: Event, told: Mapping[str, Any], ids: Sequence[int]) -> Delivered:
    return Delivered(
        reference=event.subject,
        summary=f"{len(ids):,} products announced, read in bites of {IDS_AT_MOST}.",
        follow_ons=tuple(
            _bite_event(event, told, ids[start : start + IDS_AT_MOST])
            for start in range(0, len(ids), IDS_AT_MOST)
        ),
    )


def _bite_event(event: Event, told: Mapping[str, Any], ids: Sequence[int]) -> NewEvent:
    return NewEvent(
        account_id=event.account_id,
        name=PRODUCTS_ANNOUNCED,
        subject=f"{ids[0]}-{ids[-1]}",
        dedupe_key=f"{event.id}:{ids[0]}",
        payload={"body": json.dumps({**told, "id": ",".join(map(str, ids))})},
        lane=Lane.BACKFILL,
        traceparent=event.traceparent,
    )


def _search_instead(event: Event, size: int) -> Delivered:
    return Delivered(
        reference=event.subject,
        summary=f"The webhook named {size:,} products: what changed is searched for instead.",
        follow_ons=(
            NewEvent(
                account_id=event.account_id,
                name=REFERENCE_REQUESTED,
                subject=Part.PRODUCTS,
                dedupe_key=f"{event.id}:{Part.PRODUCTS}",
                payload={"part": Part.PRODUCTS.value},
                traceparent=event.traceparent,
            ),
        ),
    )
