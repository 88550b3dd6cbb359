"""`goodsout settings`: what an account is told to do, shown and changed."""

from collections.abc import Iterator
from typing import Annotated

import typer
from sqlalchemy import Engine

from shared.accounts import MAPPED, AccountSettings, account_settings
from shared.audit import COMMAND_LINE
from shared.cli.credentials import open_connections
from shared.cli.database import account_of, database, refusing
from shared.cli.effects import foreseen_lines, saved_lines
from shared.cli.written import EVENT_OWNER, NAMES, read_pairs, shown
from shared.clock import utc_now
from shared.configuring.change import SettingsChange
from shared.configuring.saving import preview_of, save
from shared.connecting.settings import VendorSettings
from shared.connecting.staff import event_owner
from shared.db.account_tables import Account
from shared.db.engine import reading_session_maker, session_maker
from shared.settings import settings_from_environment

settings_commands = typer.Typer(no_args_is_help=True, help="What an account is told to do.")

Code = Annotated[str, typer.Argument(metavar="ACCOUNT", help="The account's code.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Say what it would set free, save nothing.")
]


@settings_commands.command("show")
def show(account: Code) -> None:
    """Show an account's settings and mappings."""
    with database() as engine, reading_session_maker(engine)() as session, refusing():
        row = account_of(session, account)
        print("\n".join(_lines(row, account_settings(session, row.id))))


@settings_commands.command("set")
def set_(
    account: Code,
    pairs: Annotated[
        list[str], typer.Argument(metavar="NAME=VALUE...", help=f"Names: {', '.join(NAMES)}.")
    ],
    *,
    dry_run: DryRun = False,
) -> None:
    """Change settings, all at once or none; what waited for it goes on.

    A time without a zone is one of the account's. `none` unsets what may be unset.
    """
    with database() as engine, refusing():
        with reading_session_maker(engine)() as session:
            row = account_of(session, account)
        values = read_pairs(pairs, zone=row.time_zone)
        if values.get(EVENT_OWNER) is not None:
            connections = open_connections(settings_from_environment(VendorSettings), engine)
            values[EVENT_OWNER] = event_owner(connections, row.id, contact_id=values[EVENT_OWNER])
        apply(engine, account, SettingsChange.model_validate(values), dry_run=dry_run)


def apply(engine: Engine, code: str, change: SettingsChange, *, dry_run: bool) -> None:
    """Save a change, or only foresee it, and print what comes of it; raises Refused."""
    with session_maker(engine)() as session:
        account = account_of(session, code)
        if dry_run:
            preview = preview_of(session, account.id, change, now=utc_now())
            lines = foreseen_lines(code, preview)
        else:
            saved = save(session, account.id, change, by=COMMAND_LINE, now=utc_now())
            lines = saved_lines(code, saved)
            session.commit()
    print("\n".join(lines))


def _lines(account: Account, settings: AccountSettings) -> Iterator[str]:
    yield f"{account.code}  {account.name}  (version {settings.version})"
    for name in NAMES:
        yield f"  {name:<22} {_value(name, account)}"
    yield "warehouses"
    for one, warehouse in sorted(settings.warehouses.items()):
        to = f"-> {warehouse.shiphero_id}" if warehouse.decision == MAPPED else warehouse.decision
        yield f"  {one:<6} {warehouse.name:<24} {to}"
    yield "shipping methods"
    for one, method in sorted(settings.methods.items()):
        told = " / ".join(filter(None, (method.title, method.carrier, method.method)))
        yield f"  {one:<6} {method.name:<24} {f'-> {told}' if told else 'unmapped'}"


def _value(name: str, account: Account) -> str:
    if name == EVENT_OWNER:
        contact = account.event_owner_contact_id
        return "none" if contact is None else f"{contact} ({account.event_owner_name})"
    return shown(name, getattr(account, name), zone=account.time_zone)
