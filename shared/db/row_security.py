"""Row-level security on PostgreSQL: the role of the portal's pages sees one account's rows only.

The role owns no table. It is entered for one transaction at a time, with the account's id in a
setting of that transaction; without one it sees nothing. Every table that has an account is
covered: the policies are made from the tables themselves, at every migration.
"""

from typing import Final
from uuid import UUID

from sqlalchemy import Connection, Table, text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import SQLModel

from shared.errors import OurTrouble

ROLE: Final = "goodsout_portal"
SETTING: Final = "goodsout.account"
_MINE: Final = f"NULLIF(current_setting('{SETTING}', true), '')::uuid"

# What a table without an account column is seen by.
_BY_PARENT: Final = {
    "account": f"id = {_MINE}",
    "attempt": f"EXISTS (SELECT 1 FROM event WHERE event.id = attempt.event_id "
    f"AND event.account_id = {_MINE})",
    "role_of_user": f"EXISTS (SELECT 1 FROM portal_user WHERE portal_user.id = "
    f"role_of_user.user_id AND portal_user.account_id = {_MINE})",
}
# Names of roles, and counts that hold no merchant's data.
SHARED: Final = frozenset({"portal_role", "rate_count"})

_MAKE_ROLE: Final = f"""
DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = '{ROLE}') THEN
        CREATE ROLE {ROLE} NOLOGIN;
    END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
END $$
"""
_BELONG: Final = f"""
DO $$ BEGIN
    IF NOT pg_has_role(current_user, '{ROLE}', 'MEMBER') THEN
        EXECUTE format('GRANT {ROLE} TO %I', current_user);
    END IF;
END $$
"""


def secure_rows(connection: Connection) -> None:
    """Make the role and a policy on every table; safe to repeat, nothing on SQLite.

    Raises OurTrouble where the database's user may not make roles; the sentence says what to do.
    """
    if connection.dialect.name != "postgresql":
        return
    try:
        with connection.begin_nested():
            connection.execute(text(_MAKE_ROLE))
            connection.execute(text(_BELONG))
    except ProgrammingError as error:
        raise OurTrouble(
            f"the database's user may not make the role {ROLE}; have a superuser run "
            f"`CREATE ROLE {ROLE} NOLOGIN` and grant it to that user, then migrate again"
        ) from error
    connection.execute(text(f"GRANT USAGE ON SCHEMA public TO {ROLE}"))
    connection.execute(text(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {ROLE}"))
    for table in SQLModel.metadata.sorted_tables:
        _secure(connection, table)


def seen_by(table: Table) -> str:
    """Give the condition by which the role sees a row of `table`; "" where all may be seen."""
    if table.name in SHARED:
        return ""
    if "account_id" in table.c:
        return f"account_id = {_MINE}"
    return _BY_PARENT[table.name]


def enter(connection: Connection, account_id: UUID) -> None:
    """Be that role until the transaction ends, for one account's rows; nothing on SQLite."""
    if connection.dialect.name == "postgresql":
        connection.execute(
            text(f"SELECT set_config('role', '{ROLE}', true), set_config('{SETTING}', :id, true)"),
            {"id": str(account_id)},
        )


def _secure(connection: Connection, table: Table) -> None:
    name, condition = table.name, seen_by(table)
    connection.execute(text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO {ROLE}"))
    if not condition:
        return
    connection.execute(text(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"))
    connection.execute(text(f"DROP POLICY IF EXISTS of_one_account ON {name}"))
    connection.execute(
        text(
            f"CREATE POLICY of_one_account ON {name} TO {ROLE} "
            f"USING ({condition}) WITH CHECK ({condition})"
        )
    )
