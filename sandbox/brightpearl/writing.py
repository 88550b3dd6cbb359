"""Writes times in an account's own zone."""

from collections.abc import Callable
from functools import partial

from sandbox.brightpearl import times
from sandbox.world import World


def time_writer(world: World, account: str) -> Callable[[float], str]:
    """Give the function that writes epoch seconds as this account shows them."""
    configuration = world.store.get("bp_configuration", account) or {}
    zone = configuration.get("timeZone", "Europe/London")
    return partial(times.written, zone=zone, utc_offset_as=world.switches.of(account).utc_offset_as)
