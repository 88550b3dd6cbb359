"""What waits for a setting or a connection, by its cause, and where that is put right."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import Session

from shared.accounts import (
    CONNECTION_BROKEN,
    EVENT_OWNER_UNSET,
    GO_LIVE_UNSET,
    ORDER_SYNC_OFF,
    SHADOW_MODE,
    SHIPMENT_SYNC_OFF,
    SHIPPING_METHOD_UNMAPPED,
    WAREHOUSE_UNDECIDED,
)
from shared.connecting.stored import BRIGHTPEARL, SHIPHERO
from shared.db.journal_tables import EVENT
from shared.events import Queue
from shared.number_words import counted
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


# Button and anchor on the configuration's page, by the kind of cause.
SETTINGS: Final[Mapping[str, tuple[str, str]]] = {
    ORDER_SYNC_OFF: ("Switch order sync on", "order-sync"),
    SHIPMENT_SYNC_OFF: ("Switch shipment sync on", "shipment-sync"),
    GO_LIVE_UNSET: ("Set the go-live time", "go-live"),
    WAREHOUSE_UNDECIDED: ("Decide about the warehouse", "warehouse-{}"),
    SHIPPING_METHOD_UNMAPPED: ("Map the shipping method", "method-{}"),
}
PAGES: Final[Mapping[str, tuple[str, str]]] = {
    EVENT_OWNER_UNSET: ("Choose who ships", "connections.search_staff"),
    SHADOW_MODE: ("See the shadow run", "dry_run.show_shadow"),
}


def door_of(cause: str) -> Door | None:
    """Say where a cause is removed; None where no page does so."""
    kind, _, detail = cause.partition(":")
    if kind in SETTINGS:
        label, anchor = SETTINGS[kind]
        return Door(label=label, endpoint=CONFIGURATION, values={"_anchor": anchor.format(detail)})
    if kind in PAGES:
        label, endpoint = PAGES[kind]
        return Door(label=label, endpoint=endpoint)
    if kind == CONNECTION_BROKEN and detail in RECONNECT:
        return Door(label="Reconnect", endpoint=RECONNECT[detail])
    return None


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
