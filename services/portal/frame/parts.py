"""A part of a page that fails shows only itself failed: the rest of the page is still worth it."""

from collections.abc import Callable
from typing import TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

T = TypeVar("T")

log = structlog.get_logger()


def read_part(session: Session, name: str, read: Callable[[], T]) -> T | None:
    """Read one part of a page; None where that fails, which is logged and undone.

    Where nothing can be undone, as when the database is silent, the page fails as a whole.
    """
    with session.begin_nested() as savepoint:
        try:
            return read()
        except Exception as error:
            savepoint.rollback()
            # A database's own words may hold an address.
            shown = not isinstance(error, SQLAlchemyError)
            failed = type(error).__name__
            log.exception("portal.part_failed", part=name, error=failed, exc_info=shown)
            return None
