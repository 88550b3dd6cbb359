"""Open the database for a command, and find the account that it is about."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import typer
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import Engine
from sqlmodel import Session, select

from shared.connecting.refusal import Refused
from shared.db.account_tables import Account
from shared.db.engine import open_engine, our_trouble
from shared.errors import GoodsoutError, OurTrouble
from shared.settings import settings_from_environment


class DatabaseOnly(BaseSettings):
    """What a command about the database is told."""

    model_config = SettingsConfigDict(extra="ignore")
    database_url: str = Field(description="sqlite:///… or postgresql+psycopg://…")
    secret_keys: SecretStr = SecretStr("")


@contextmanager
def database() -> Iterator[Engine]:
    """Open the database; one that does not answer ends the command with a sentence."""
    engine = open_engine(settings_from_environment(DatabaseOnly).database_url)
    try:
        with our_trouble():
            yield engine
    except OurTrouble as trouble:
        print(f"Nothing was done: {trouble}. `goodsout doctor` says more.", file=sys.stderr)
        raise typer.Exit(1) from None
    finally:
        engine.dispose()


@contextmanager
def refusing() -> Iterator[None]:
    """End the command with the sentence of what cannot be done."""
    try:
        yield
    except OurTrouble:
        raise
    except GoodsoutError as refused:
        print(f"Nothing was done: {refused}", file=sys.stderr)
        raise typer.Exit(1) from None


def account_of(session: Session, code: str) -> Account:
    """Find an account by its code; raises Refused with the codes that there are."""
    accounts = {one.code: one for one in session.exec(select(Account).order_by(Account.code))}
    if code not in accounts:
        known = ", ".join(accounts) or "none yet"
        raise Refused(f"No account has the code {code!r}; there are: {known}.")
    return accounts[code]
