"""What waits for a setting or a connection, by its cause, and where that is put right."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session

from services.portal.dashboard.words import counted
from shared.accounts import (
    CONNECTION_BROKEN,
    EVENT_OWNER_UNSET,
    GO_LIVE_UNSET,
    ORDER_SYNC_OFF,
    SHIPMENT_SYNC_OFF,
    SHIPPING_METHOD_UNMAPPED,
    WAREHOUSE_UNDECIDED,
)
from shared.connecting.stored import BRIGHTPEARL, SHIPHERO
from shared.db.journal_tables import EVENT
from shared.events import Queue
from shared.reasons.listed import reason_of

_E = EVENT.c

CONFIGURATION: Final = "configuration.show"
RECONNECT: Final = {BRIGHTPEARL: "connect.show_brightpearl", SHIPHERO: "connect.show_shiphero"}


@dataclass(frozen=True, kw_only=True)
class Door:
    """The button that leads to the very place: its words, the page, and what its address needs."""

    label: str
    endpoint: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """What waits for one cause: how much of each queue, since when, in whose words."""

    cause: str
    counts: Mapping[str, int]
    since: datetime
    reason: str

    @property
    def total(self) -> int:
        """How much waits in all."""
        return sum(self.counts.values())

    @property
    def title(self) -> str:
        """Say what waits, such as "37 notes and 2 shipments wait"."""
        told = [_counted(queue, count) for queue, count in sorted(self.counts.items())]
        return f"{' and '.join(told)} {'waits' if self.total == 1 else 'wait'}"

    @property
    def sentence(self) -> str:
        """Say for what, in the journal's words, else in those of the reason's code."""
        return self.reason or reason_of(self.cause.partition(":")[0]).sentence

    @property
    def door(self) -> Door | None:
        """Lead to what releases it; None for a cause that no page removes."""
        return door_of(self.cause)


def door_of(cause: str) -> Door | None:
    """Say where a cause is removed; None where no page does so."""
    kind, _, detail = cause.partition(":")
    match kind:
        case "order_sync_off":
            return _setting("Switch order sync on", "order-sync")
        case "shipment_sync_off":
            return _setting("Switch shipment sync on", "shipment-sync")
        case "go_live_unset":
            return _setting("Set the go-live time", "go-live")
        case "warehouse_undecided":
            return _setting("Decide about the warehouse", f"warehouse-{detail}")
        case "shipping_method_unmapped":
            return _setting("Map the shipping method", f"method-{detail}")
        case "event_owner_unset":
            return Door(label="Choose who ships", endpoint="connections.search_staff")
        case "connection_broken" if detail in RECONNECT:
            return Door(label="Reconnect", endpoint=RECONNECT[detail])
    return None


# The causes that a page removes; a test holds them against those that handlers give.
CAUSES: Final = (
    ORDER_SYNC_OFF,
    SHIPMENT_SYNC_OFF,
    GO_LIVE_UNSET,
    WAREHOUSE_UNDECIDED,
    SHIPPING_METHOD_UNMAPPED,
    EVENT_OWNER_UNSET,
    CONNECTION_BROKEN,
)


def read_waiting(session: Session, account_id: UUID) -> Sequence[Waiting]:
    """Read what is held, by cause, the most first."""
    rows = session.execute(
        select(
            _E.hold_cause,
            _E.queue,
            func.count(_E.subject.distinct()),
            func.min(_E.recorded_at, type_=_E.recorded_at.type),
            func.max(_E.reason),
        )
        .where(_E.account_id == account_id, _E.hold_cause.is_not(None), _E.settled_at.is_(None))
        .group_by(_E.hold_cause, _E.queue)
    )
    by_cause: dict[str, list[tuple[str, int, datetime, str]]] = defaultdict(list)
    for cause, queue, count, since, reason in rows:
        by_cause[cause].append((queue, count, since, reason))
    found = [
        Waiting(
            cause=cause,
            counts={queue: count for queue, count, _, _ in held},
            since=min(since for _, _, since, _ in held),
            reason=max(reason for _, _, _, reason in held),
        )
        for cause, held in by_cause.items()
    ]
    return sorted(found, key=lambda waiting: (-waiting.total, waiting.cause))


def _counted(queue: str, count: int) -> str:
    if queue == Queue.SHIPHERO_PUSH:
        return counted(count, "note")
    return counted(count, "shipment" if queue == Queue.SHIPMENT_RETURN else "task")


def _setting(label: str, anchor: str) -> Door:
    return Door(label=label, endpoint=CONFIGURATION, values={"_anchor": anchor})
