"""Wire fetching to an account's clients and to our database."""

from collections.abc import Callable, Mapping
from functools import partial

from services.order_ingest.fetching.announced import ProductDesk, read_announced_products
from services.order_ingest.fetching.fetched import Desk
from services.order_ingest.fetching.handler import fetch_reference
from services.order_ingest.settings import OrderIngestSettings
from shared.events import PRODUCTS_ANNOUNCED, REFERENCE_REQUESTED, Event
from shared.messaging.delivery import Handler
from shared.process import ConsumerParts


def fetching_handlers(parts: ConsumerParts[OrderIngestSettings]) -> Mapping[str, Handler]:
    """Give the handlers of everything that is fetched."""
    return {
        REFERENCE_REQUESTED: partial(fetch_reference, desk=_desks(parts)),
        PRODUCTS_ANNOUNCED: partial(read_announced_products, desk=_product_desks(parts)),
    }


def _desks(parts: ConsumerParts[OrderIngestSettings]) -> Callable[[Event], Desk]:
    def desk(event: Event) -> Desk:
        return Desk(
            account_id=event.account_id,
            brightpearl=partial(parts.connections.brightpearl, event.account_id),
            shiphero=partial(parts.connections.shiphero, event.account_id),
            open_reading=parts.open_reading,
            now=parts.now,
        )

    return desk


def _product_desks(parts: ConsumerParts[OrderIngestSettings]) -> Callable[[Event], ProductDesk]:
    def desk(event: Event) -> ProductDesk:
        return ProductDesk(
            account_id=event.account_id,
            account_code=partial(parts.connections.brightpearl_account, event.account_id),
            brightpearl=partial(parts.connections.brightpearl, event.account_id),
            now=parts.now,
        )

    return desk
