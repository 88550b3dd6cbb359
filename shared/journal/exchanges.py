"""What was asked and answered in an attempt's vendor calls, kept apart from the calls."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from shared.db.journal_tables import ATTEMPT, EVENT

# Where a call that is about to be written carries it.
EXCHANGE: Final = "exchange"

Kept = Mapping[str, Any]


def columns_of(vendor_calls: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Part calls from their exchanges, by column of the attempt; each list in the same order."""
    exchanges = [call.get(EXCHANGE) for call in vendor_calls]
    return {
        "vendor_calls": [
            {name: value for name, value in call.items() if name != EXCHANGE}
            for call in vendor_calls
        ],
        "exchanges": exchanges if any(exchanges) else None,
    }


def exchanges_of(
    session: Session, account_id: UUID, event_ids: Sequence[UUID]
) -> dict[tuple[UUID, int], Sequence[Kept | None]]:
    """Read them for events of an account, by event and attempt; of most attempts there are some."""
    query = (
        select(ATTEMPT.c.event_id, ATTEMPT.c.number, ATTEMPT.c.exchanges)
        .join(EVENT, EVENT.c.id == ATTEMPT.c.event_id)
        .where(EVENT.c.account_id == account_id, ATTEMPT.c.event_id.in_(event_ids))
        .where(ATTEMPT.c.exchanges.is_not(None))
    )
    return {(row.event_id, row.number): row.exchanges or () for row in session.execute(query)}
