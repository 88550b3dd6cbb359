"""Which settings or connections would hold every event of a queue just now."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from sqlmodel import Session, select

from shared.accounts import (
    CONNECTION_BROKEN,
    EVENT_OWNER_UNSET,
    GO_LIVE_UNSET,
    ORDER_SYNC_OFF,
    SHIPMENT_SYNC_OFF,
    account_settings,
    stands_in_the_way,
)
from shared.connections import BRIGHTPEARL, SHIPHERO
from shared.db.account_tables import VendorConnection
from shared.events import Queue

# By queue, what every event of it needs.
NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    Queue.SHIPHERO_PUSH: (ORDER_SYNC_OFF, GO_LIVE_UNSET),
    Queue.SHIPMENT_RETURN: (SHIPMENT_SYNC_OFF, EVENT_OWNER_UNSET),
}
VENDORS: Final[Mapping[str, tuple[str, ...]]] = {
    Queue.ORDER_INGEST: (BRIGHTPEARL,),
    Queue.SHIPHERO_PUSH: (BRIGHTPEARL, SHIPHERO),
    Queue.SHIPMENT_RETURN: (BRIGHTPEARL, SHIPHERO),
}
WORDS: Final[Mapping[str, str]] = {
    ORDER_SYNC_OFF: "until order sync is switched on",
    SHIPMENT_SYNC_OFF: "until shipment sync is switched on",
    GO_LIVE_UNSET: "until a go-live date is set",
    EVENT_OWNER_UNSET: "until a staff contact for shipped notes is chosen",
    CONNECTION_BROKEN: "until the broken connection is mended",
}


def obstacles(session: Session, account_id: UUID) -> Mapping[str, str]:
    """Give, by queue, how long its events would wait; a queue that is free is not there."""
    settings = account_settings(session, account_id)
    connections = session.exec(
        select(VendorConnection).where(VendorConnection.account_id == account_id)
    )
    broken = {row.vendor for row in connections if row.broken_since is not None}
    found: dict[str, str] = {}
    for queue in Queue:
        causes = [cause for cause in NEEDS.get(queue, ()) if stands_in_the_way(settings, cause)]
        if broken.intersection(VENDORS.get(queue, ())):
            causes.insert(0, CONNECTION_BROKEN)
        if causes:
            found[queue.value] = WORDS[causes[0]]
    return found
