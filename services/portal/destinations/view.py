"""What a destination's page shows: how it stands, and what was told to it last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlmodel import Session

from services.portal.events import journal
from services.portal.events.journal import Listed
from services.portal.events.pages import Looks
from services.portal.events.wanted import Wanted
from shared.days import zone_of
from shared.db.account_tables import Account
from shared.db.destination_tables import Destination
from shared.db.journal_tables import EVENT
from shared.destinations import FAILING, GONE, told_by
from shared.events import NOTICE_REQUESTED

# Of what went to a destination, so many are shown on its page.
SHOWN: Final = 10


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What was told last, newest first, with each notice's own subject by the event's id."""

    events: Sequence[Listed]
    titles: Mapping[UUID, str]
    looks: Looks


def read_shown(session: Session, account_id: UUID, row: Destination, *, now: datetime) -> Shown:
    """Read what went to a destination."""
    told = Wanted(name=NOTICE_REQUESTED, subject=str(row.id))
    events = journal.page(session, account_id, told, now=now).events[:SHOWN]
    ids = [listed.row.id for listed in events]
    found = session.execute(
        select(EVENT.c.id, EVENT.c.payload).where(
            EVENT.c.account_id == account_id, EVENT.c.id.in_(ids)
        )
    )
    zone = zone_of(session.get_one(Account, account_id).time_zone)
    return Shown(
        events=events,
        titles={id_: told_by(payload).notice.subject for id_, payload in found},
        looks=Looks(now=now, zone=zone),
    )


def standing(row: Destination) -> tuple[str, str, str]:
    """Give word, colour and icon of how a destination stands."""
    if row.off_since is not None:
        why = {GONE: "Switched off: gone", FAILING: "Switched off: failing"}
        return why.get(row.off_because, "Switched off"), "grey", "ban"
    if row.failing_since is not None:
        return "Failing", "red", "alert-triangle"
    if row.told_at is None:
        return "Not used yet", "blue", "clock"
    if not row.told_well:
        return "Test failed", "amber", "alert-triangle"
    return "Works", "green", "circle-check"
