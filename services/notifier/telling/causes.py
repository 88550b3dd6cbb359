"""Tell of what gathered: one cause in one transaction, whichever clock does it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Select, delete, select
from sqlmodel import Session, SQLModel, col

from services.notifier.telling.gathered_words import Gathered, gathered_notice
from services.notifier.telling.gathering import Act, Known, Rhythm, act_on
from services.notifier.telling.standing import example, muted_subjects, named, standing
from shared.db.account_tables import Account
from shared.db.engine import insert_for
from shared.db.telling_tables import ToldCause, Untold
from shared.journal.record import new_id
from shared.notifications import FIRST_FETCH_DONE, ISSUE_ASSIGNED
from shared.telling import Place, Telling, tell

_T: Final = SQLModel.metadata.tables["told_cause"].c
_U: Final = SQLModel.metadata.tables["untold"].c

AT_ONCE: Final = 500  # values that one statement binds
Cause = tuple[UUID, str, str]  # account, kind, cause


def due_causes(session: Session, now: datetime) -> Sequence[tuple[UUID, Cause]]:
    """Give those of which something gathered, and of which people may be told now."""
    same = (_T.account_id == _U.account_id) & (_T.kind == _U.kind) & (_T.cause == _U.cause)
    gathered = (
        select(_U.account_id, _U.kind, _U.cause)
        .select_from(_U.id.table.outerjoin(_T.thread.table, same))
        # What was assigned to somebody is that person's own mail.
        .where(_U.kind != ISSUE_ASSIGNED, _T.due_at.is_(None) | (_T.due_at <= now))
        .distinct()
    )
    return _causes(session, gathered)


def open_causes(session: Session, _now: datetime) -> Sequence[tuple[UUID, Cause]]:
    """Give those that people were told of and that have not ended."""
    is_open = (_T.ended_at.is_(None), _T.number > 0, _T.kind != FIRST_FETCH_DONE)
    return _causes(session, select(_T.account_id, _T.kind, _T.cause).where(*is_open))


def _causes(session: Session, query: Select[tuple[UUID, str, str]]) -> Sequence[tuple[UUID, Cause]]:
    found = [(one, (one, kind, code)) for one, kind, code in session.execute(query)]
    return sorted(found)


def look_at(session: Session, told: Telling, cause: Cause, now: datetime, *, rhythm: Rhythm) -> Act:
    """Do what is due about a cause; the caller commits."""
    account_id, kind, code = cause
    row = locked(session, cause, now=now)
    muted = muted_subjects(session, account_id, kind, code, now=now)
    # What is muted gathers on, to be told of afterwards; and it stands meanwhile.
    gathered = {one: ids for one, ids in _gathered(session, cause).items() if one not in muted}
    stands = standing(session, account_id, kind, code)
    fresh = gathered.keys() & stands
    known = Known(
        is_open=row.number > 0 and row.ended_at is None,
        due_at=row.due_at,
        gone_since=row.gone_since,
    )
    act = act_on(
        known,
        gathered=len(gathered),
        fresh=len(fresh),
        standing=len(stands),
        now=now,
        rhythm=rhythm,
    )
    if act in (Act.LOOK_GONE, Act.LOOK_BACK):
        row.gone_since = now if act is Act.LOOK_GONE else None
        session.add(row)
    if act not in (Act.WAIT, Act.LOOK_BACK):
        _forget(session, [id_ for ids in gathered.values() for id_ in ids])
    if act in (Act.FIRST, Act.AGAIN, Act.ENDED):
        _turn(row, act, len(fresh), now=now, every=rhythm.every)
        session.add(row)
        _tell(session, told, row, act, fresh=fresh, stands=len(stands), now=now)
    return act


def locked(session: Session, cause: Cause, *, now: datetime) -> ToldCause:
    """Give the row of a cause, made where there is none, for this transaction alone."""
    account_id, kind, code = cause
    first = ToldCause(
        account_id=account_id,
        kind=kind,
        cause=code,
        thread=new_id(),
        first_at=now,
        told_at=now,
        due_at=now,
    )
    insert = insert_for(session)(ToldCause).values(first.model_dump())
    session.execute(insert.on_conflict_do_nothing())
    return session.get_one(ToldCause, cause, with_for_update=True, populate_existing=True)


def _gathered(session: Session, cause: Cause) -> Mapping[str, Sequence[UUID]]:
    """Give the rows of each subject that gathered."""
    account_id, kind, code = cause
    rows = session.execute(
        select(_U.subject, _U.id).where(
            _U.account_id == account_id, _U.kind == kind, _U.cause == code
        )
    )
    found: dict[str, list[UUID]] = defaultdict(list)
    for subject, id_ in rows:
        found[subject].append(id_)
    return found


def _forget(session: Session, ids: Sequence[UUID]) -> None:
    # These very rows: one that another commits meanwhile was not told of, and is left.
    for start in range(0, len(ids), AT_ONCE):
        session.execute(delete(Untold).where(col(Untold.id).in_(ids[start : start + AT_ONCE])))


def _turn(row: ToldCause, act: Act, fresh: int, *, now: datetime, every: timedelta) -> None:
    if act is Act.FIRST:
        row.thread, row.number, row.things, row.first_at = new_id(), 0, 0, now
    row.number += 1
    row.things += fresh
    row.told_at, row.gone_since = now, None
    row.ended_at = now if act is Act.ENDED else None
    if act is not Act.ENDED:
        row.due_at = now + every


def _tell(
    session: Session,
    told: Telling,
    row: ToldCause,
    act: Act,
    *,
    fresh: set[str],
    stands: int,
    now: datetime,
) -> None:
    gathered = Gathered(
        cause=row.cause,
        act=act,
        fresh=len(fresh),
        names=named(session, row.account_id, row.kind, fresh),
        example=example(session, row.account_id, row.kind, fresh),
        standing=stands,
        things=row.things,
        since=row.first_at.astimezone(_zone(session, row.account_id)),
    )
    tell(
        session,
        told,
        row.kind,
        gathered_notice(row.kind, gathered, portal_url=told.portal_url),
        about=row.cause,
        once_for=f"{row.thread}:{row.number}",
        now=now,
        place=Place(thread=row.thread, number=row.number),
    )


def _zone(session: Session, account_id: UUID) -> ZoneInfo:
    try:
        return ZoneInfo(session.get_one(Account, account_id).time_zone)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
