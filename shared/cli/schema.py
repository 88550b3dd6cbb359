"""`goodsout migrate`: bring the database to this version's schema, or wait until it is there."""

import sys
import time
from typing import Annotated

import typer
from sqlalchemy import Engine

from shared.cli.database import database
from shared.db.engine import our_trouble
from shared.db.migrate import is_ahead, missing_migrations
from shared.db.migrate import migrate as migrate_database
from shared.errors import OurTrouble

LONGEST_WAIT = 300.0  # seconds; whoever started us starts us again
PAUSE = 1.0


def migrate(
    *, wait: Annotated[bool, typer.Option("--wait", help="Change nothing: wait for it.")] = False
) -> None:
    """Bring the database to this version's schema; safe to repeat.

    With --wait another brings it there, or to a newer one; after five minutes without, exit 1.
    """
    with database() as engine:
        if wait:
            wait_for_schema(engine, within=LONGEST_WAIT, pause=PAUSE)
        is_newer = is_ahead(engine)
        if not wait and not is_newer:
            migrate_database(engine)
    whose = "a newer version's" if is_newer else "this version's"
    print(f"The database is at {whose} schema.")


def wait_for_schema(engine: Engine, *, within: float, pause: float) -> None:
    """Look every `pause` seconds; after `within` seconds a sentence and typer.Exit."""
    give_up_at = time.monotonic() + within
    while lacking := _lacking(engine):
        if time.monotonic() >= give_up_at:
            print(f"After {within:.0f} s {lacking}.", file=sys.stderr)
            raise typer.Exit(1)
        time.sleep(pause)


def _lacking(engine: Engine) -> str:
    try:
        with our_trouble():
            behind = missing_migrations(engine)
    except OurTrouble as trouble:
        return f"the database still does not answer: {trouble}"
    return "the database still lacks migrations; `goodsout migrate` makes them" if behind else ""
