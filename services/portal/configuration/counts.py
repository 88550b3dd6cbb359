"""What the page counts and shows beside the settings; every question names the account."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session

from services.portal.log.wanted import NEEDS_YOU, ON_THE_WAY, SHADOW, SYNCED
from shared.accounts import AccountSettings
from shared.catalogue.parts import Part
from shared.catalogue.progress import PartProgress, fetch_progress
from shared.db.note_tables import SYNC_LOG
from shared.notes.state import SKIPPED
from shared.order_number import EXAMPLE, NumberParts

_S = SYNC_LOG.c

T = TypeVar("T")

# States of notes that have not left the warehouse.
OPEN: Final = (NEEDS_YOU, ON_THE_WAY, SYNCED, SHADOW)
USED_WITHIN: Final = timedelta(days=30)
# A number of notes that is greater than this is told as "so many or more".
AT_MOST: Final = 10_000


@dataclass(frozen=True, kw_only=True)
class InUse:
    """Notes of the last 30 days by their shipping method's name, open ones by warehouse."""

    methods: Mapping[str, int]
    warehouses: Mapping[int, int]


@dataclass(frozen=True, kw_only=True)
class GoLiveCounts:
    """How many of the known notes came in since go-live, and how many were made before it."""

    since: int
    before: int


def in_use(session: Session, account_id: UUID, *, now: datetime) -> InUse:
    """Count what is in use; dear where there are many notes."""
    recent = (_S.inserted_at >= now - USED_WITHIN, _S.brightpearl_method != "")
    still_open = (_S.state.in_(OPEN), _S.warehouse_id.is_not(None))
    return InUse(
        methods=_by(session, account_id, _S.brightpearl_method, *recent),
        warehouses=_by(session, account_id, _S.warehouse_id, *still_open),
    )


def go_live_counts(session: Session, account_id: UUID, at: datetime | None) -> GoLiveCounts:
    """Count, up to AT_MOST each."""
    # The state lets the database use its index; a skipped note is in no other.
    skipped = (_S.state == SKIPPED, _S.order_reason_code == "before_go_live")
    return GoLiveCounts(
        since=0 if at is None else _count(session, account_id, _S.inserted_at >= at),
        before=_count(session, account_id, *skipped),
    )


def methods_progress(session: Session, account_id: UUID) -> PartProgress | None:
    """Say how the last fetch of Brightpearl's shipping methods stands; None if there was none."""
    parts = fetch_progress(session, account_id)
    return next((one for one in parts if one.part is Part.SHIPPING_METHODS), None)


def example_parts(session: Session, settings: AccountSettings) -> NumberParts:
    """Take the newest note for an example of an order number, or a made-up one."""
    newest = session.execute(
        select(_S.order_id, _S.note_id, _S.customer_reference)
        .where(_S.account_id == settings.id, _S.order_id.is_not(None))
        .order_by(_S.inserted_at.desc(), _S.note_id.desc())
        .limit(1)
    ).first()
    if newest is None:
        return EXAMPLE
    channel = next(iter(settings.channels.values()), EXAMPLE.channel)
    return NumberParts(
        order_id=newest.order_id,
        note_id=newest.note_id,
        sequence=1,
        reference=newest.customer_reference,
        channel=channel,
    )


def _by(
    session: Session, account_id: UUID, key: ColumnElement[T], *which: ColumnElement[bool]
) -> dict[T, int]:
    number = func.count()
    found = session.execute(
        select(key, number).where(_S.account_id == account_id, *which).group_by(key)
    )
    return {row[0]: row[1] for row in found}


def _count(session: Session, account_id: UUID, *which: ColumnElement[bool]) -> int:
    some = select(_S.note_id).where(_S.account_id == account_id, *which).limit(AT_MOST).subquery()
    return session.scalar(select(func.count()).select_from(some)) or 0
