"""Sessions that see one account only: the query layer demands the account, the database too.

A page opens a session for the account of the person who is logged in. Statements about tables of
accounts are narrowed to it, or refused where they are written without it, and on PostgreSQL the
database's own row-level security stands behind that (`shared.db.row_security`).
"""

from collections.abc import Callable
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import BindParameter, Connection, Engine, Executable, Table, event, inspect
from sqlalchemy.orm import ORMExecuteState, SessionTransaction, with_loader_criteria
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BinaryExpression, ClauseElement
from sqlalchemy.sql.operators import eq
from sqlmodel import Session

from shared.db.account_tables import Account
from shared.db.row_security import enter

ACCOUNT: Final = "account_id"

WhoseAccount = Callable[[], UUID]


class ForeignRowsError(Exception):
    """A statement or row of a page is not about the account that the page is shown to."""


class TenantSession(Session):
    """A session for the rows of one account."""


class Tenants:
    """Opens sessions for one account: `whose` says which, and raises where nobody is logged in."""

    def __init__(self, engine: Engine, whose: WhoseAccount) -> None:
        self._engine = engine
        self._reading = engine.execution_options(reading=True)
        self._whose = whose

    def open_session(self) -> TenantSession:
        """Open a session for writing."""
        return self._open(self._engine)

    def open_reading(self) -> TenantSession:
        """Open a session that only reads and blocks no writer."""
        return self._open(self._reading)

    def reading_afterwards(self) -> Callable[[], TenantSession]:
        """Give what opens reading sessions for the same account once the page has begun to answer.

        A file that is read while it is sent outlives the request that says who asked for it.
        """
        account_id = self._whose()
        return lambda: self._of(self._reading, account_id)

    def _open(self, engine: Engine) -> TenantSession:
        return self._of(engine, self._whose())

    def _of(self, engine: Engine, account_id: UUID) -> TenantSession:
        return TenantSession(engine, expire_on_commit=False, info={ACCOUNT: account_id})


@event.listens_for(TenantSession, "after_begin")
def _enter_role(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    enter(connection, session.info[ACCOUNT])


@event.listens_for(TenantSession, "do_orm_execute")
def _narrow(state: ORMExecuteState) -> None:
    """Narrow what asks for mapped rows; refuse what asks for tables without naming the account."""
    account_id: UUID = state.session.info[ACCOUNT]
    mapped = [mapper.class_ for mapper in state.all_mappers]
    state.statement = state.statement.options(
        *(
            with_loader_criteria(one, getattr(one, ACCOUNT) == account_id)
            for one in mapped
            if hasattr(one, ACCOUNT)
        ),
        *(with_loader_criteria(one, one.id == account_id) for one in mapped if one is Account),
    )
    if not mapped and not _names_account(state.statement, account_id):
        raise ForeignRowsError(f"no account is named: {state.statement}")


@event.listens_for(TenantSession, "before_flush")
def _refuse_foreign(session: Session, _context: object, _instances: object) -> None:
    account_id = session.info[ACCOUNT]
    for row in (*session.new, *session.dirty, *session.deleted):
        if getattr(row, ACCOUNT, account_id) != account_id:
            raise ForeignRowsError(f"a row of {inspect(row).mapper.class_.__name__}")


def _names_account(statement: Executable, account_id: UUID) -> bool:
    """Tell whether a statement about tables of accounts compares one's account with `account_id`.

    Of what is inserted, the values or the SELECT are the writer's own: the database checks those.
    """
    about: list[Table] = []
    for part in visitors.iterate(cast("ClauseElement", statement)):
        if isinstance(part, Table) and ACCOUNT in part.c:
            about.append(part)
        if isinstance(part, BinaryExpression) and _is_of(part, account_id):
            return True
    return not about or getattr(statement, "is_insert", False)


def _is_of(comparison: BinaryExpression[Any], account_id: UUID) -> bool:
    named = getattr(comparison.left, "name", "") == ACCOUNT
    given = comparison.right
    return (
        named
        and comparison.operator is eq
        and isinstance(given, BindParameter)
        and given.value == account_id
    )
