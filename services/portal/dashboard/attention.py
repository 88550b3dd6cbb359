"""What needs a person, the most pressing first: each with its sentence and the way to mend it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from services.portal.connections.connection_view import BROKEN, CHOOSING, Card, open_alerts
from services.portal.dashboard.waits import RECONNECT, Door, Waiting, door_of, read_waiting
from shared.accounts import WAREHOUSE_UNDECIDED
from shared.alerts import (
    CONNECTION_BROKEN,
    DESTINATION_OFF,
    NOTES_MISSING,
    ORDER_CANCELED,
    SILENCE,
    UNEXPLAINED,
    WAREHOUSE_NEW,
    WEBHOOK_UNHEALTHY,
)
from shared.db.vendor_tables import Alert
from shared.journal.account_ledger import COUNTED_AT_MOST, DeadReason, dead_by_reason
from shared.number_words import counted
from shared.reasons.listed import reason_of

REASONS_SHOWN: Final = 6
ALERTS_OF_A_KIND: Final = 3


@dataclass(frozen=True, kw_only=True)
class Concern:
    """One thing that asks for a person."""

    colour: str
    icon: str
    title: str
    sentence: str
    since: datetime | None = None
    door: Door | None = None


def read_concerns(session: Session, account_id: UUID, cards: Sequence[Card]) -> Sequence[Concern]:
    """Read everything that asks for a person now."""
    return [
        *_of_connections(cards),
        *_of_waiting(read_waiting(session, account_id), cards),
        *_of_dead(dead_by_reason(session, account_id)),
        *_of_alerts(open_alerts(session, account_id)),
    ]


def read_beside(session: Session, account_id: UUID, cards: Sequence[Card]) -> Sequence[Concern]:
    """Read what asks for a person and is about no single note."""
    return [
        *_of_connections(cards),
        *_of_dead(dead_by_reason(session, account_id, beside_notes=True)),
        *_of_alerts(open_alerts(session, account_id)),
    ]


def _of_connections(cards: Sequence[Card]) -> Iterator[Concern]:
    for card in cards:
        if card.standing == BROKEN and card.row is not None:
            yield Concern(
                colour="red",
                icon="plug-connected-x",
                title=f"{card.name} refuses our credentials",
                sentence=f"{card.row.broken_reason} What needs {card.name} is held and nothing is "
                "lost; it goes on by itself when you reconnect.",
                since=card.row.broken_since,
                door=Door(label="Reconnect", endpoint=RECONNECT[card.vendor]),
            )
        elif card.standing == CHOOSING:
            yield Concern(
                colour="amber",
                icon="help-circle",
                title="Your ShipHero account is a 3PL",
                sentence="Say for which customer we act; until then nothing is sent.",
                door=Door(label="Choose the customer", endpoint="connect.show_customers"),
            )


def _of_waiting(waiting: Sequence[Waiting], cards: Sequence[Card]) -> Iterator[Concern]:
    broken = {f"connection_broken:{card.vendor}" for card in cards if card.standing == BROKEN}
    for one in waiting:
        yield Concern(
            colour="amber",
            icon="adjustments",
            title=one.title,
            sentence=one.sentence,
            since=one.since,
            # The broken connection itself stands above, with the same button.
            door=None if one.cause in broken else one.door,
        )


def _of_dead(reasons: Sequence[DeadReason]) -> Iterator[Concern]:
    for one in reasons[:REASONS_SHOWN]:
        reason = reason_of(one.code)
        more = " or more" if one.count == COUNTED_AT_MOST else ""
        yield Concern(
            colour="red",
            icon="alert-triangle",
            title=f"{one.count:,}{more} failed: {reason.sentence}",
            sentence=reason.remedy,
            since=one.since,
            door=_dead_letters(reason=one.code),
        )
    if others := reasons[REASONS_SHOWN:]:
        yield Concern(
            colour="red",
            icon="alert-triangle",
            title=f"{counted(sum(one.count for one in others), 'more dead letter')}",
            sentence=f"For {counted(len(others), 'other reason')}.",
            door=_dead_letters(),
        )


def _dead_letters(**narrower: str) -> Door:
    return Door(label="Look at them", endpoint="events.show", values={"state": "dead", **narrower})


# Icon, title and where to look, by an alert's kind; a broken connection stands above by itself.
_ALERTS: Final[Mapping[str, tuple[str, str, Door]]] = {
    WEBHOOK_UNHEALTHY: (
        "webhook",
        "A webhook had stopped",
        Door(label="See the connections", endpoint="connections.show"),
    ),
    UNEXPLAINED: (
        "alert-triangle",
        "Webhooks are unaccounted for",
        Door(label="See the ledger", endpoint="dashboard.show", values={"_anchor": "proof-name"}),
    ),
    DESTINATION_OFF: (
        "send",
        "Notices do not arrive",
        Door(label="See where they go", endpoint="destinations.show"),
    ),
    SILENCE: (
        "bell",
        "Unusual silence",
        Door(label="See the connections", endpoint="connections.show"),
    ),
    NOTES_MISSING: (
        "eye-search",
        "Notes are missing in Brightpearl's list",
        Door(label="See the comparison", endpoint="reconciliation.show"),
    ),
}


def _of_alerts(alerts: Sequence[Alert]) -> Iterator[Concern]:
    told = [alert for alert in alerts if alert.kind != CONNECTION_BROKEN]
    totals, shown = Counter(alert.kind for alert in told), Counter[str]()
    for alert in told:
        shown[alert.kind] += 1
        if shown[alert.kind] <= ALERTS_OF_A_KIND:
            icon, title, door = _look(alert)
            yield Concern(colour="amber", icon=icon, title=title, sentence=alert.sentence,
                       since=alert.raised_at, door=door)  # fmt: skip
        elif shown[alert.kind] == totals[alert.kind]:
            icon, title, _ = _look(alert)
            more = counted(totals[alert.kind] - ALERTS_OF_A_KIND, "more alert")
            yield Concern(colour="amber", icon=icon, title=f"{title}: {more}", sentence="",
                       door=Door(label="See the log", endpoint="pages.show_sync_log"))  # fmt: skip


def _look(alert: Alert) -> tuple[str, str, Door | None]:
    if alert.kind == ORDER_CANCELED:
        note = Door(label="See the note", endpoint="pages.show_note",
                    values={"note_id": alert.subject})  # fmt: skip
        return "x", "The warehouse cancelled an order", note
    if alert.kind == WAREHOUSE_NEW:
        return (
            "building-warehouse",
            "Brightpearl has a new warehouse",
            door_of(f"{WAREHOUSE_UNDECIDED}:{alert.subject}"),
        )
    known = _ALERTS.get(alert.kind)
    return known or ("bell", alert.kind.replace("_", " ").capitalize(), None)
