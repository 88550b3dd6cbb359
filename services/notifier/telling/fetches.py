"""Tell of an account's first fetch: that it is done, or why it stopped."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, select

from services.notifier.telling.causes import locked
from services.notifier.telling.first_fetch import (
    Fetch,
    done_notice,
    read_setup,
    standing_of,
    stopped_notice,
)
from services.notifier.telling.source import Source
from shared.catalogue.progress import fetch_progress
from shared.db.telling_tables import ToldCause
from shared.db.vendor_tables import FetchProgress
from shared.notifications import FIRST_FETCH_DONE
from shared.telling import Place, Telling, tell


def first_fetches(session: Session, _now: datetime) -> Sequence[tuple[UUID, UUID]]:
    """Give the accounts whose people were not told that their first fetch is done."""
    told = select(ToldCause.account_id).where(
        ToldCause.kind == FIRST_FETCH_DONE, col(ToldCause.ended_at).is_not(None)
    )
    found = select(FetchProgress.account_id).where(col(FetchProgress.account_id).not_in(told))
    return [(one, one) for one in session.exec(found.distinct())]


def tell_fetch(session: Session, told: Telling, account_id: UUID, now: datetime) -> None:
    """Tell how the first fetch came out; of a stop once, until it is done."""
    parts = fetch_progress(session, account_id)
    stands = standing_of(parts)
    if stands is Fetch.UNDER_WAY:
        return
    row = locked(session, (account_id, FIRST_FETCH_DONE, ""), now=now)
    if row.ended_at is not None or (stands is Fetch.STOPPED and row.number):
        return
    row.number, row.told_at = row.number + 1, now
    if stands is Fetch.DONE:
        row.ended_at = now
        notice = done_notice(parts, read_setup(session, account_id), portal_url=told.portal_url)
    else:
        notice = stopped_notice(parts, portal_url=told.portal_url)
    session.add(row)
    tell(
        session,
        told,
        FIRST_FETCH_DONE,
        notice,
        about="first fetch",
        once_for=f"{row.thread}:{row.number}",
        now=now,
        place=Place(thread=row.thread, number=row.number),
    )


FETCHES: Final[Source[Any]] = Source(name="fetches", beat=10.0, find=first_fetches, tell=tell_fetch)
