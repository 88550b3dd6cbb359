"""What the frame around every page shows: the account, and when the vendors were heard last."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select, text
from sqlmodel import Session, col

from services.portal.frame.access import viewer_account
from services.portal.frame.tenants import Tenants
from shared.db.account_tables import Account
from shared.db.journal_tables import TELLS_OF_VENDOR, EventRow
from shared.events import GOODS_OUT_NOTES_ANNOUNCED, SHIPMENT_ANNOUNCED

LIVE: Final = ("Live", "circle-check", "green", "Notes are sent to ShipHero.")
SHADOW: Final = ("Shadow", "eye", "purple", "Notes are shown as they would go; nothing is sent.")
PAUSED: Final = (
    "Paused", "player-pause", "amber", "Sending is off or has no go-live date: notes wait.",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What the frame shows."""

    account: Account
    heard: Mapping[str, datetime | None]

    @property
    def mode(self) -> tuple[str, str, str, str]:
        """Say whether orders are sent: the chip's word, icon and colour, and what it means."""
        if self.account.shadow_on:
            return SHADOW
        return LIVE if self.account.order_sync_on and self.account.go_live_at else PAUSED


def read_frame(tenants: Tenants) -> Frame:
    """Read it for the account of whoever is logged in."""
    account_id = viewer_account()
    with tenants.open_reading() as session:
        return Frame(
            account=session.get_one(Account, account_id), heard=last_heard(session, account_id)
        )


def last_heard(session: Session, account_id: UUID) -> Mapping[str, datetime | None]:
    """Say when each vendor's last announcement was kept."""
    return {
        "Brightpearl": _last(session, account_id, GOODS_OUT_NOTES_ANNOUNCED),
        "ShipHero": _last(session, account_id, SHIPMENT_ANNOUNCED),
    }


def _last(session: Session, account_id: UUID, name: str) -> datetime | None:
    recorded = col(EventRow.recorded_at)
    query = select(recorded).where(
        col(EventRow.account_id) == account_id, col(EventRow.name) == name, text(TELLS_OF_VENDOR)
    )
    return session.execute(query.order_by(recorded.desc()).limit(1)).scalar()
