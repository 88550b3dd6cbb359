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
    """Say whether the database is behind (or was never migrated)."""
    present, wanted = revisions(engine)
    return present != wanted


def revisions(engine: Engine) -> tuple[str | None, str | None]:
    """Give the schema that the database has, None where it has none, and this version's own."""
    wanted = ScriptDirectory.from_config(_config()).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision(), wanted


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
