"""Counts of tries in our own table, so that all portal processes count together."""

from datetime import datetime, timedelta
from typing import Final

from limits.storage import Storage
from sqlalchemy import case, delete, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, SQLModel, col

from shared.clock import Now
from shared.db.engine import OpenSession, insert_for
from shared.db.portal_tables import RateCount

_COUNT: Final = SQLModel.metadata.tables["rate_count"]


def count_up(session: Session, key: str, *, amount: int, until: datetime, now: datetime) -> int:
    """Count one more; a count whose time is over begins anew and ends `until`. Caller commits."""
    insert = insert_for(session)(_COUNT).values(key=key, count=amount, expires_at=until)
    is_over = _COUNT.c.expires_at <= now
    counted = insert.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "count": case((is_over, amount), else_=_COUNT.c.count + amount),
            "expires_at": case((is_over, until), else_=_COUNT.c.expires_at),
        },
    ).returning(_COUNT.c.count)
    return int(session.execute(counted).scalar_one())


class RateCounts(Storage):
    """What Flask-Limiter counts in; made by its address `rate-count://`."""

    STORAGE_SCHEME = ["rate-count"]  # noqa: RUF012 - the library's own spelling

    def __init__(
        self, uri: str | None = None, *, open_session: OpenSession, now: Now, **options: bool
    ) -> None:
        super().__init__(uri, **options)
        self._open_session = open_session
        self._now = now

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        """What may go wrong."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count `amount` tries for `expiry` seconds."""
        now = self._now()
        with self._open_session() as session:
            until = now + timedelta(seconds=expiry)
            count = count_up(session, key, amount=amount, until=until, now=now)
            session.commit()
            if count == amount:
                self._sweep(session, now)
        return count

    def give_back(self, key: str) -> None:
        """Count one less, of those that are still counted."""
        counted = (_COUNT.c.key == key, _COUNT.c.count > 0, _COUNT.c.expires_at > self._now())
        with self._open_session() as session:
            session.execute(update(_COUNT).where(*counted).values(count=_COUNT.c.count - 1))
            session.commit()

    def get(self, key: str) -> int:
        """Give how many tries there were."""
        row = self._row(key)
        return row.count if row else 0

    def get_expiry(self, key: str) -> float:
        """Give when the count begins anew, in seconds since the epoch."""
        row = self._row(key)
        return (row.expires_at if row else self._now()).timestamp()

    def check(self) -> bool:
        """Say that our database is looked after elsewhere."""
        return True

    def reset(self) -> int | None:
        """Forget every count."""
        with self._open_session() as session:
            session.execute(delete(RateCount))
            session.commit()
        return None

    def clear(self, key: str) -> None:
        """Forget one count."""
        with self._open_session() as session:
            session.execute(delete(RateCount).where(col(RateCount.key) == key))
            session.commit()

    def _row(self, key: str) -> RateCount | None:
        with self._open_session() as session:
            row = session.get(RateCount, key)
        return row if row is not None and row.expires_at > self._now() else None

    def _sweep(self, session: Session, now: datetime) -> None:
        """Remove what is over; rows that another process counts in just now are left to it."""
        over = (
            select(col(RateCount.key))
            .where(col(RateCount.expires_at) <= now)
            .with_for_update(skip_locked=True)
        )
        session.execute(delete(RateCount).where(col(RateCount.key).in_(over)))
        session.commit()
