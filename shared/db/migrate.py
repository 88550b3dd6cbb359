"""Bring a database to the schema of this version, with Alembic, while the version before works on.

Each step is a short transaction of its own: one that held the locks of several tables would
deadlock with the work that goes on. A step that meets such work waits for little and comes again.
"""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError
from sqlmodel import SQLModel
from tenacity import Retrying, retry_if_exception, stop_after_delay, wait_random_exponential

from shared.db.row_security import make_role, secure_table

MIGRATIONS = Path(__file__).parent / "migrations"
# PostgreSQL's words for a lock that was waited for in vain, and for a deadlock.
LOCK_NOT_AVAILABLE, DEADLOCK = "55P03", "40P01"
# Milliseconds: whoever comes after a step that waits for a lock waits as long.
LOCK_TIMEOUT = 1000
# Seconds until a step that never gets its lock is given up.
PATIENCE = 120.0


def migrate(engine: Engine) -> None:
    """Apply every migration that `engine` lacks; safe to repeat, and while processes run.

    What was applied stays applied when a later step fails. A database that a newer version has
    migrated is left as it is. Raises OurTrouble where its user may not make the portal's role.
    """
    if is_ahead(engine):
        return
    for revision in _steps(engine):
        _patiently(engine, partial(_upgrade, to=revision))
    if engine.dialect.name != "postgresql":
        return
    _patiently(engine, make_role)
    for table in SQLModel.metadata.sorted_tables:
        _patiently(engine, partial(secure_table, table=table))


def missing_migrations(engine: Engine) -> bool:
    """Say whether the database is behind (or was never migrated); one that is ahead is not."""
    present, wanted = revisions(engine)
    return present != wanted and not _is_newer(present)


def is_ahead(engine: Engine) -> bool:
    """Say whether a newer version has migrated the database, beside which this one still runs."""
    present, _ = revisions(engine)
    return _is_newer(present)


def revisions(engine: Engine) -> tuple[str | None, str | None]:
    """Give the schema that the database has, None where it has none, and this version's own."""
    wanted = ScriptDirectory.from_config(_config()).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision(), wanted


def _is_newer(revision: str | None) -> bool:
    # The chain is linear and grows at its head: what is not in ours came after it.
    ours = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    return revision is not None and revision not in ours


def _steps(engine: Engine) -> Iterator[str]:
    present, wanted = revisions(engine)
    scripts = ScriptDirectory.from_config(_config())
    if present == wanted:
        # Applies nothing, but Alembic's entry point makes every table known.
        yield "head"
        return
    for script in reversed(list(scripts.iterate_revisions(wanted or "head", present or "base"))):
        yield script.revision


def _upgrade(connection: Connection, to: str) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, to)


def _patiently(engine: Engine, step: Callable[[Connection], None]) -> None:
    for attempt in Retrying(
        retry=retry_if_exception(_was_in_the_way),
        stop=stop_after_delay(PATIENCE),
        wait=wait_random_exponential(multiplier=0.1, max=3),
        reraise=True,
    ):
        with attempt, engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT}"))
            step(connection)


def _was_in_the_way(error: BaseException) -> bool:
    state = getattr(getattr(error, "orig", None), "sqlstate", "")
    return isinstance(error, OperationalError) and state in {LOCK_NOT_AVAILABLE, DEADLOCK}


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
