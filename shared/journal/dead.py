"""Which dead letters still wait for a person: neither replayed nor discarded."""

from uuid import UUID

from sqlalchemy import ColumnElement, exists, func, literal_column, select
from sqlmodel import Session

from shared.db.journal_tables import EVENT
from shared.journal.supersede import DEAD

_E = EVENT.c
_AGAIN = EVENT.alias("again").c
# Written out: a database takes its index of dead letters only when it sees the very word.
IS_DEAD: ColumnElement[bool] = _E.outcome == literal_column(f"'{DEAD}'")


def open_dead(account_id: UUID | None = None) -> tuple[ColumnElement[bool], ...]:
    """Give the conditions; those of one account, or of all."""
    mine = () if account_id is None else (_E.account_id == account_id,)
    return (*mine, IS_DEAD, _E.discarded_at.is_(None), ~was_replayed())


def was_replayed() -> ColumnElement[bool]:
    """Say whether a further delivery of a row was asked for."""
    # A replay has its original's account and subject, and is younger: the index finds it by those.
    return exists().where(
        _AGAIN.account_id == _E.account_id,
        _AGAIN.subject == _E.subject,
        _AGAIN.recorded_at >= _E.recorded_at,
        _AGAIN.replay_of == _E.id,
    )


def count_open_dead(session: Session, account_id: UUID | None = None) -> int:
    """Count them, of one account or of all."""
    counted = select(func.count()).select_from(EVENT).where(*open_dead(account_id))
    return int(session.execute(counted).scalar_one())
