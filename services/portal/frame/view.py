"""What the frame around every page shows: the account, its mode, when the vendors were heard."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlmodel import Session, col

from services.portal.frame.access import viewer_account
from services.portal.frame.mode import Mode, mode_of
from services.portal.frame.tenants import Tenants
from shared.clock import Now
from shared.db.account_tables import Account
from shared.db.journal_tables import TOLD_BY_WEBHOOK, EventRow
from shared.events import GOODS_OUT_NOTES_ANNOUNCED, SHIPMENT_ANNOUNCED


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What the frame shows; `badges` are numbers beside lines of the menu, by endpoint."""

    account: Account
    mode: Mode
    heard: Mapping[str, datetime | None]
    badges: Mapping[str, int]


ReadBadges = Callable[[Session, UUID], Mapping[str, int]]


def read_frame(tenants: Tenants, read_badges: ReadBadges, now: Now) -> Frame:
    """Read it for the account of whoever is logged in."""
    account_id = viewer_account()
    with tenants.open_reading() as session:
        account = session.get_one(Account, account_id)
        return Frame(
            account=account,
            mode=mode_of(account, now=now()),
            heard=last_heard(session, account_id),
            badges=read_badges(session, account_id),
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
        col(EventRow.account_id) == account_id, col(EventRow.name) == name, text(TOLD_BY_WEBHOOK)
    )
    return session.execute(query.order_by(recorded.desc()).limit(1)).scalar()
