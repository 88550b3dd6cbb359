"""`goodsout`: what an operator does from a terminal."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

import typer
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared import secrets
from shared.cli.archived import archived
from shared.cli.credentials import connection_lines, refresh_all, rotate_secrets
from shared.cli.database import DatabaseOnly, account_of, database, refusing
from shared.cli.doctor import examine
from shared.cli.mapping import map_commands
from shared.cli.moving import move, old_database
from shared.cli.relay import run_relay
from shared.cli.schema import migrate
from shared.cli.settings import Code, settings_commands
from shared.clock import utc_now
from shared.connecting.settings import VendorSettings
from shared.db.engine import reading_session_maker, session_maker
from shared.db.migrate import migrate as migrate_database
from shared.journal.ledger import ledger as read_ledger
from shared.journal.release import replay as replay_event
from shared.messaging.definitions import definitions
from shared.messaging.open import open_broker
from shared.messaging.topology import render
from shared.notes.retrying import retry_note
from shared.secrets import SecretBox
from shared.settings import settings_from_environment

commands = typer.Typer(
    no_args_is_help=True,
    help="Run and look after Goodsout.",
    # A traceback must never show what a variable held: URLs with passwords, keys, bodies.
    pretty_exceptions_show_locals=False,
)
secret_commands = typer.Typer(no_args_is_help=True, help="Keys that encrypt vendor credentials.")
commands.add_typer(secret_commands, name="secrets")
commands.add_typer(settings_commands, name="settings")
commands.add_typer(map_commands, name="map")
commands.command("migrate")(migrate)
commands.command("archived")(archived)


class BrokerOnly(BaseSettings):
    """What a command about the broker is told."""

    model_config = SettingsConfigDict(extra="ignore")
    broker_url: str = Field(description="filesystem://…, memory:// or amqp://…")


@commands.command("migrate-data")
def migrate_data(
    source: Annotated[str, typer.Argument(help="The old database, such as sqlite:///var/….")],
) -> None:
    """Copy a whole database into the empty one of DATABASE_URL; stop every process before.

    SECRET_KEYS must stay the same. The old database is only read.
    """
    with database() as target, refusing():
        migrate_database(target)
        old = old_database(source)
        rows = 0
        for moved in move(old, target, now=utc_now()):
            rows += moved.rows
            print(f"{moved.table:<24} {moved.rows:>10,}")
        old.dispose()
    print(f"Copied {rows:,} rows. Start the processes with the new DATABASE_URL.")


@commands.command()
def ledger(*, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Show kept webhooks whose rows went missing since (exit 1), ends, notes, dead letters.

    A webhook is counted in the transaction that keeps it; one that was never kept is not seen.
    """
    with database() as engine, reading_session_maker(engine)() as session:
        told = read_ledger(session)
    if as_json:
        print(json.dumps(told, indent=2))
    else:
        print("\n".join(_ledger_lines(told)))
    if any(day["unexplained"] for day in told["days"]):
        raise typer.Exit(1)


@commands.command()
def replay(event_id: Annotated[UUID, typer.Argument(help="A dead letter's id.")]) -> None:
    """Deliver a dead letter once more, after its cause was mended."""
    with database() as engine, session_maker(engine)() as session:
        new_id = replay_event(session, event_id, now=utc_now())
        session.commit()
    if new_id is None:
        print(
            f"Event {event_id} is not a dead letter, or its replay is still under way: "
            "nothing was done."
        )
        raise typer.Exit(1)
    print(f"Replayed as event {new_id}.")


@commands.command()
def retry(
    account: Code, note_id: Annotated[int, typer.Argument(help="The goods-out note's id.")]
) -> None:
    """Try one goods-out note again: replay what failed, bring forward what is planned."""
    with database() as engine, session_maker(engine)() as session, refusing():
        answer = retry_note(session, account_of(session, account).id, note_id, now=utc_now())
        session.commit()
    print("\n".join(answer.sentences))
    if not answer.done:
        raise typer.Exit(1)


@commands.command()
def topology(
    *,
    declare: Annotated[bool, typer.Option(help="Also create it at the broker.")] = False,
    as_definitions: Annotated[
        bool, typer.Option("--definitions", help="Print it as RabbitMQ's definitions instead.")
    ] = False,
) -> None:
    """Show exchanges, queues and bindings; with --declare create what is missing."""
    print(json.dumps(definitions(), indent=2) if as_definitions else render())
    if declare:
        open_broker(settings_from_environment(BrokerOnly).broker_url).declare()
        print("\nDeclared.")


@commands.command()
def doctor() -> None:
    """Check settings, database, broker and vendors, and say what is wrong."""
    healthy = True
    for finding in examine():
        healthy = healthy and finding.fine
        print(f"{'ok   ' if finding.fine else 'WRONG'}  {finding.what:<24} {finding.sentence}")
    if not healthy:
        raise typer.Exit(1)


@commands.command()
def relay() -> None:
    """Run the relay: publish due events, bring back lost ones."""
    run_relay()


@secret_commands.command("new-key")
def new_key() -> None:
    """Make a key to put first into SECRET_KEYS."""
    print(secrets.new_key())


@secret_commands.command("rotate")
def rotate() -> None:
    """Encrypt every stored credential with the newest key while all runs; safe to repeat.

    Afterwards the older keys can be taken out of SECRET_KEYS.
    """
    keys = settings_from_environment(DatabaseOnly).secret_keys.get_secret_value()
    try:
        box = SecretBox(keys)
    except ValueError as error:
        print(f"Nothing was done: {error}.", file=sys.stderr)
        raise typer.Exit(1) from None
    healthy = True
    with database() as engine:
        for line, fine in rotate_secrets(engine, box):
            healthy = healthy and fine
            print(line)
    if not healthy:
        print("Put the missing key back into SECRET_KEYS, or reconnect those accounts.")
        raise typer.Exit(1)


@commands.command()
def connections() -> None:
    """Show how every account's connections to the vendors stand."""
    with database() as engine:
        print("\n".join(connection_lines(engine)) or "No account is connected.")


@commands.command("refresh-tokens")
def refresh_tokens() -> None:
    """Renew the credentials that end soon, as the clock does every hour."""
    line, healthy = refresh_all(settings_from_environment(VendorSettings))
    print(line)
    if not healthy:
        raise typer.Exit(1)


def _ledger_lines(told: Mapping[str, Sequence[Any]]) -> Iterator[str]:
    for day in told["days"]:
        ends = ", ".join(f"{count} {end}" for end, count in sorted(day["events"].items()))
        yield (
            f"{day['day']}  {day['account']:<12} webhooks kept {day['webhooks_kept']}, "
            f"repeated {day['webhooks_repeated']}, unexplained {day['unexplained']}; "
            f"events: {ends}"
        )
    for notes in told["notes"]:
        yield (
            f"{notes['account']}: {notes['notes']} notes, {notes['linked']} at ShipHero, "
            f"{notes['shipped']} shipped"
        )
    for dead in told["dead"]:
        for letter in dead["newest"]:
            yield (
                f"{dead['account']}: dead letter {letter['id']} {letter['name']} of "
                f"{letter['recorded_at']}, {letter['reason_code']}: {letter['reason']}"
            )
        if dead["more"]:
            yield f"{dead['account']}: and {dead['more']} older dead letters"


def main() -> None:
    """Run the command line."""
    commands()


if __name__ == "__main__":
    main()
