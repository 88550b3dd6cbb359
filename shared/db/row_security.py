"""Row-level security on PostgreSQL: the role of the portal's pages sees one account's rows only.

The role owns no table. It is entered for one transaction at a time, with the account's id in a
setting of that transaction; without one it sees nothing. Every table that has an account is
covered: the policies are made from the tables themselves, at every migration.
"""

from typing import Final
from uuid import UUID

from sqlalchemy import Connection, Table, text
from sqlalchemy.exc import ProgrammingError

from shared.errors import OurTrouble

ROLE: Final = "goodsout_portal"
POLICY: Final = "of_one_account"
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


# Whether the role has every right on a table.
_MAY: Final = """
SELECT bool_and(has_table_privilege(:role, CAST(:name AS text), what))
FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS what
"""
# The condition that a table's policy was made with; PostgreSQL itself keeps it in words of its own.
_TOLD: Final = """
SELECT obj_description(pg_policy.oid, 'pg_policy') FROM pg_policy
JOIN pg_class ON pg_class.oid = pg_policy.polrelid
WHERE pg_policy.polname = :policy AND pg_class.oid = to_regclass(:name)
AND pg_class.relrowsecurity
"""


def make_role(connection: Connection) -> None:
    """Make the role on PostgreSQL; safe to repeat.

    Raises OurTrouble where the database's user may not make roles; the sentence says what to do.
    """
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


def secure_table(connection: Connection, table: Table) -> None:
    """Let the role see what is one account's in a table of PostgreSQL, and nothing else of it.

    A table that is secured like this already is not touched: it would be locked for that.
    """
    name, condition = table.name, seen_by(table)
    if not connection.execute(text(_MAY), {"role": ROLE, "name": name}).scalar_one():
        connection.execute(text(f"GRANT SELECT, INSERT, UPDATE, DELETE ON {name} TO {ROLE}"))
    told = connection.execute(text(_TOLD), {"policy": POLICY, "name": name}).scalar_one_or_none()
    if not condition or told == condition:
        return
    connection.execute(text(f"ALTER TABLE {name} ENABLE ROW LEVEL SECURITY"))
    connection.execute(text(f"DROP POLICY IF EXISTS {POLICY} ON {name}"))
    connection.execute(
        text(
            f"CREATE POLICY {POLICY} ON {name} TO {ROLE} "
            f"USING ({condition}) WITH CHECK ({condition})"
        )
    )
    quoted = condition.replace("'", "''")
    connection.execute(text(f"COMMENT ON POLICY {POLICY} ON {name} IS '{quoted}'"))


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
