"""Bring a database to the schema of this version, with Alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from shared.db.row_security import secure_rows

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(engine: Engine) -> None:
    """Apply every migration that `engine` lacks; safe to repeat."""
    with engine.begin() as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        secure_rows(connection)


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


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
