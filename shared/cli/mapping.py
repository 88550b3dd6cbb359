"""`goodsout map`: where a warehouse's notes go, and what ShipHero is told of a method."""

from typing import Annotated

import typer

from shared.cli.database import database, refusing
from shared.cli.settings import Code, DryRun, apply
from shared.configuring.change import (
    LEFT_OUT,
    NOT_DECIDED,
    MethodChoice,
    SettingsChange,
    WarehouseChoice,
)
from shared.connecting.refusal import Refused

map_commands = typer.Typer(no_args_is_help=True, help="Mappings of warehouses and methods.")


@map_commands.command("warehouse")
def map_warehouse(
    account: Code,
    brightpearl_id: Annotated[int, typer.Argument(help="Brightpearl's id of the warehouse.")],
    shiphero_id: Annotated[
        str, typer.Argument(help="ShipHero's id of the warehouse that its notes go to.")
    ] = "",
    *,
    not_sent: Annotated[bool, typer.Option("--not-sent", help="Its notes are not sent.")] = False,
    undecided: Annotated[bool, typer.Option("--undecided", help="Its notes wait.")] = False,
    dry_run: DryRun = False,
) -> None:
    """Decide where a Brightpearl warehouse's notes go."""
    with database() as engine, refusing():
        choice = _choice(shiphero_id, not_sent=not_sent, undecided=undecided)
        change = SettingsChange(warehouses={brightpearl_id: choice})
        apply(engine, account, change, dry_run=dry_run)


@map_commands.command("method")
def map_method(
    account: Code,
    brightpearl_id: Annotated[int, typer.Argument(help="Brightpearl's id of the method.")],
    *,
    title: Annotated[
        str | None, typer.Option(help="The name that ShipHero's rules test; '' unmaps.")
    ] = None,
    carrier: Annotated[str, typer.Option(help="ShipHero's key of the carrier.")] = "",
    method: Annotated[str, typer.Option(help="ShipHero's key of the carrier's method.")] = "",
    dry_run: DryRun = False,
) -> None:
    """Say what ShipHero is told for a Brightpearl shipping method."""
    with database() as engine, refusing():
        if title is None:
            raise Refused("Give a --title, or an empty one to unmap the method: --title ''.")
        choice = MethodChoice(title=title, carrier=carrier, method=method)
        change = SettingsChange(methods={brightpearl_id: choice})
        apply(engine, account, change, dry_run=dry_run)


def _choice(shiphero_id: str, *, not_sent: bool, undecided: bool) -> WarehouseChoice:
    if [bool(shiphero_id), not_sent, undecided].count(True) != 1:
        raise Refused("Give one of three: a ShipHero warehouse, --not-sent, or --undecided.")
    if not_sent:
        return LEFT_OUT
    return NOT_DECIDED if undecided else WarehouseChoice.to(shiphero_id)
