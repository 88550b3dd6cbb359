"""What the Connections page reads: both vendors' standing, the first fetch, open alerts."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel import Session, col, select

from shared.catalogue.progress import PartProgress, fetch_progress
from shared.connecting.stored import (
    BRIGHTPEARL,
    CHOOSING_CUSTOMER,
    OAUTH,
    PRIVATE_APP,
    SHIPHERO,
    USER,
    WRITTEN,
    is_connected,
)
from shared.db.account_tables import Account, VendorConnection
from shared.db.vendor_tables import Alert

CONNECTED, BROKEN, CHOOSING, ABSENT = "connected", "broken", "choosing", "absent"

# Word, colour and icon of each standing.
LOOKS = {
    CONNECTED: ("Connected", "green", "circle-check"),
    BROKEN: ("Needs you", "red", "plug-connected-x"),
    CHOOSING: ("Choose the customer", "amber", "help-circle"),
    ABSENT: ("Not connected", "grey", "circle-minus"),
}
KINDS = {
    OAUTH: "approved in Brightpearl",
    PRIVATE_APP: "private app",
    USER: "user of ShipHero",
    CHOOSING_CUSTOMER: "user of a 3PL",
}


@dataclass(frozen=True, kw_only=True)
class Card:
    """One vendor's connection as the page draws it."""

    vendor: str
    standing: str
    row: VendorConnection | None

    @property
    def name(self) -> str:
        """The vendor's name."""
        return WRITTEN[self.vendor]

    @property
    def look(self) -> tuple[str, str, str]:
        """Word, colour and icon."""
        return LOOKS[self.standing]

    @property
    def kind(self) -> str:
        """How we reach the vendor, in words."""
        return KINDS.get(self.row.kind, "") if self.row else ""


@dataclass(frozen=True, kw_only=True)
class Overview:
    """All that the page shows."""

    account: Account
    cards: Sequence[Card]
    parts: Sequence[PartProgress]

    @property
    def is_fetching(self) -> bool:
        """Whether a part is still under way."""
        return any(part.under_way for part in self.parts)

    @property
    def is_ready_for_staff(self) -> bool:
        """Whether Brightpearl can be asked for its staff."""
        return any(card.vendor == BRIGHTPEARL and card.standing == CONNECTED for card in self.cards)


def overview(session: Session, account_id: UUID) -> Overview:
    """Read the page's content for one account."""
    return Overview(
        account=session.get_one(Account, account_id),
        cards=[card_of(session, account_id, vendor) for vendor in (BRIGHTPEARL, SHIPHERO)],
        parts=fetch_progress(session, account_id),
    )


def card_of(session: Session, account_id: UUID, vendor: str) -> Card:
    """Read one vendor's card."""
    row = session.get(VendorConnection, (account_id, vendor))
    return Card(vendor=vendor, standing=_standing(row), row=row)


def open_alerts(session: Session, account_id: UUID) -> Sequence[Alert]:
    """Read what a person should know now, the oldest first."""
    return session.exec(
        select(Alert)
        .where(Alert.account_id == account_id, col(Alert.ended_at).is_(None))
        .order_by(col(Alert.raised_at), col(Alert.id))
        .limit(20)
    ).all()


def _standing(row: VendorConnection | None) -> str:
    if row is None or not is_connected(row):
        return ABSENT
    if row.kind == CHOOSING_CUSTOMER:
        return CHOOSING
    return CONNECTED if row.broken_since is None else BROKEN
