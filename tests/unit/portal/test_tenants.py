"""A tenant's session: one account's rows, whatever a page asks for."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import UUID

import pytest
from sqlalchemy import Executable, create_engine, exists, func, insert, select, text, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, SQLModel

from services.portal.frame.tenants import ForeignRowsError, Tenants, TenantSession
from shared.db.account_tables import Account
from shared.db.journal_tables import ATTEMPT, EVENT, AttemptRow, EventRow
from shared.db.note_tables import SYNC_LOG, SyncLogRow
from shared.db.user_tables import Role, User

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
OURS, THEIRS = UUID(int=1), UUID(int=2)


@pytest.fixture
def session() -> Iterator[TenantSession]:
    """Open a session of ours in tables where each account has a note, an event and an attempt."""
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    with Session(engine) as all_accounts:
        for account_id in (OURS, THEIRS):
            all_accounts.add(an_account(account_id))
            all_accounts.flush()
            all_accounts.add(SyncLogRow(account_id=account_id, note_id=7001, inserted_at=NOON))
            all_accounts.add(an_event(account_id))
            all_accounts.flush()
            all_accounts.add(AttemptRow(event_id=account_id, number=1, worker="w", started_at=NOON))
        all_accounts.commit()
    with Tenants(engine, lambda: OURS).open_session() as session:
        yield session
    engine.dispose()


def an_account(account_id: UUID) -> Account:
    return Account(id=account_id, code=f"code-{account_id.int}", name="", created_at=NOON)


def an_event(account_id: UUID) -> EventRow:
    return EventRow(
        id=account_id, account_id=account_id, name="goods_out_note.changed", lane=0,
        queue="shiphero_push", subject="7001", payload={}, dedupe_key=f"key-{account_id.int}",
        recorded_at=NOON, due_at=NOON,
    )  # fmt: skip


@pytest.mark.parametrize("mapped", [SyncLogRow, EventRow, Account, AttemptRow])
def test_rows_are_narrowed_to_the_account(session: Session, mapped: type[SQLModel]) -> None:
    assert len(session.execute(select(mapped)).all()) == 1


def test_an_alias_is_narrowed_too(session: Session) -> None:
    assert len(session.execute(select(aliased(EventRow))).all()) == 1


@pytest.mark.parametrize(
    ("mapped", "key"),
    [
        (SyncLogRow, (THEIRS, 7001)),
        (EventRow, THEIRS),
        (Account, THEIRS),
        (AttemptRow, (THEIRS, 1)),
    ],
)
def test_another_accounts_row_is_not_there(
    session: Session, mapped: type[SQLModel], key: object
) -> None:
    assert session.get(mapped, key) is None


@pytest.mark.parametrize(
    "statement",
    [
        select(EVENT.c.id),
        select(ATTEMPT.c.event_id),
        select(Account.__table__.c.name),  # type: ignore[attr-defined]
        select(func.count()).select_from(SYNC_LOG),
        select(SYNC_LOG.c.note_id).where(SYNC_LOG.c.account_id == THEIRS),
        select(SyncLogRow, EVENT.c.id).where(EVENT.c.subject == "7001"),
        select(SyncLogRow).where(exists().where(EVENT.c.subject == "7001")),
        update(EVENT).values(reason=""),
        update(EVENT).where(EVENT.c.id == THEIRS).values(reason=""),
        EVENT.delete(),
        text("SELECT * FROM sync_log"),
        text("SELECT 1; SET LOCAL synchronous_commit TO off"),
    ],
    ids=lambda statement: str(statement).partition("\n")[0][:40],
)
def test_a_statement_that_does_not_name_the_account_is_refused(
    session: Session, statement: Executable
) -> None:
    with pytest.raises(ForeignRowsError):
        session.execute(statement)


@pytest.mark.parametrize(
    "statement",
    [
        select(EVENT.c.id).where(EVENT.c.account_id == OURS),
        update(EVENT).where(EVENT.c.account_id == OURS).values(reason=""),
        select(SyncLogRow).where(exists().where(EVENT.c.account_id == OURS)),
        select(func.count()),
    ],
    ids=lambda statement: str(statement).partition("\n")[0][:40],
)
def test_a_statement_that_names_it_goes_through(session: Session, statement: Executable) -> None:
    session.execute(statement)


def test_a_persons_roles_are_read_with_them(session: Session) -> None:
    session.add(
        User(
            account_id=OURS, email="ann", password="", fs_uniquifier="u", roles=[Role(name="owner")]
        )
    )
    session.flush()
    session.expire_all()

    person = session.execute(select(User)).scalar_one()

    assert [role.name for role in person.roles] == ["owner"]


def test_an_update_of_mapped_rows_leaves_others_alone(session: Session) -> None:
    session.execute(update(SyncLogRow).values(tracking="JD1"))
    session.commit()

    with session.get_bind().connect() as connection:  # type: ignore[union-attr]
        told = connection.execute(select(SYNC_LOG.c.account_id, SYNC_LOG.c.tracking)).all()
    assert sorted(told) == [(OURS, "JD1"), (THEIRS, "")]


@pytest.mark.parametrize(
    "row", [an_event(THEIRS), an_account(UUID(int=3))], ids=["event", "account"]
)
def test_a_row_of_another_account_is_refused(session: Session, row: SQLModel) -> None:
    session.add(row)

    with pytest.raises(ForeignRowsError):
        session.flush()


def test_our_own_row_may_move_to_nobody_else(session: Session) -> None:
    session.execute(select(EventRow)).scalar_one().account_id = THEIRS

    with pytest.raises(ForeignRowsError):
        session.flush()


def test_what_the_journal_records_goes_through(session: Session) -> None:
    row = an_event(OURS).model_dump() | {"id": UUID(int=9), "dedupe_key": "new"}

    session.execute(insert(EVENT).values(row))

    assert len(session.execute(select(EventRow)).all()) == 2
