"""Sessions that see one account only: the query layer demands the account, the database too.

A page opens a session for the account of the person who is logged in. Statements about tables of
accounts are narrowed to it, or refused where they are written without it, and on PostgreSQL the
database's own row-level security stands behind that (`shared.db.row_security`).
"""

from collections.abc import Callable
from typing import Any, Final, cast
from uuid import UUID

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Engine,
    Executable,
    Table,
    TextClause,
    event,
    inspect,
    select,
)
from sqlalchemy.orm import ORMExecuteState, SessionTransaction, with_loader_criteria
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BinaryExpression, ClauseElement
from sqlalchemy.sql.operators import eq
from sqlmodel import Session, col

from shared.db.account_tables import Account
from shared.db.journal_tables import EVENT, AttemptRow
from shared.db.row_security import enter, seen_by
from shared.db.user_tables import RoleOfUser, User

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
    statement = state.statement
    criteria = ((one, _mine(one, account_id)) for one in mapped)
    state.statement = statement.options(
        *(
            with_loader_criteria(one, mine, include_aliases=True)
            for one, mine in criteria
            if mine is not None
        )
    )
    if isinstance(statement, TextClause):
        _refuse_text(statement)
    elif not (getattr(statement, "is_insert", False) or state.is_relationship_load):
        # What belongs to a row that was read is its account's. Of what is inserted, the values or
        # the SELECT are the writer's own: the database checks those.
        narrowed = {inspect(one).local_table.name for one in mapped}
        _refuse_unnamed(statement, account_id, narrowed=narrowed)


def _mine(mapped: type[Any], account_id: UUID) -> ColumnElement[bool] | None:
    """Give what picks the account's own rows of a class; None where nobody owns any."""
    known: ColumnElement[bool]
    if hasattr(mapped, ACCOUNT):
        known = getattr(mapped, ACCOUNT) == account_id
    elif mapped is Account:
        known = col(Account.id) == account_id
    elif mapped is AttemptRow:
        events = select(EVENT.c.id).where(EVENT.c.account_id == account_id)
        known = col(AttemptRow.event_id).in_(events)
    elif mapped is RoleOfUser:
        people = select(col(User.id)).where(col(User.account_id) == account_id)
        known = col(RoleOfUser.user_id).in_(people)
    else:
        return None
    return known


def _refuse_text(statement: TextClause) -> None:
    # What a text asks for, nobody can see; a setting of the transaction asks for nothing.
    if not statement.text.startswith("SET LOCAL "):
        raise ForeignRowsError(f"text is not looked into: {statement}")


@event.listens_for(TenantSession, "before_flush")
def _refuse_foreign(session: Session, _context: object, _instances: object) -> None:
    account_id = session.info[ACCOUNT]
    for row in (*session.new, *session.dirty, *session.deleted):
        whose = row.id if isinstance(row, Account) else getattr(row, ACCOUNT, account_id)
        if whose != account_id:
            raise ForeignRowsError(f"a row of {inspect(row).mapper.class_.__name__}")


def _refuse_unnamed(statement: Executable, account_id: UUID, *, narrowed: set[str]) -> None:
    """Raise unless a statement about accounts' tables compares one's account with `account_id`."""
    about: set[str] = set()
    for part in visitors.iterate(cast("ClauseElement", statement)):
        if isinstance(part, Table) and seen_by(part):
            about.add(part.name)
        if isinstance(part, BinaryExpression) and _is_of(part, account_id):
            return
    if about - narrowed:
        raise ForeignRowsError(f"no account is named: {statement}")


def _is_of(comparison: BinaryExpression[Any], account_id: UUID) -> bool:
    named = getattr(comparison.left, "name", "") == ACCOUNT
    given = comparison.right
    return (
        named
        and comparison.operator is eq
        and isinstance(given, BindParameter)
        and given.value == account_id
    )
