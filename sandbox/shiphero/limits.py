"""How long texts may be: undocumented, these are the lengths clients cut to (section 6)."""

from typing import Any

from sandbox.shiphero.faults import INVALID, Refused
from sandbox.world import World

_LONGEST = {
    "first_name": 64,
    "last_name": 64,
    "company": 128,
    "address1": 255,
    "address2": 255,
    "zip": 32,
    "partner_line_item_id": 45,
    "packing_note": 1000,
    "tags": 255,
}


def fitted(world: World, wanted: dict[str, Any]) -> dict[str, Any]:
    """Keep, cut or refuse what is too long, as the switch says."""
    how = world.switches.now.long_strings
    if how == "keep":
        return wanted
    return {name: _fitted(name, value, is_cut=how == "cut") for name, value in wanted.items()}


def _fitted(name: str, value: Any, *, is_cut: bool) -> Any:
    if isinstance(value, dict):
        return {key: _fitted(key, each, is_cut=is_cut) for key, each in value.items()}
    if isinstance(value, list):
        return [_fitted(name, each, is_cut=is_cut) for each in value]
    longest = _LONGEST.get(name)
    if longest is None or not isinstance(value, str) or len(value) <= longest:
        return value
    if is_cut:
        return value[:longest]
    raise Refused(f"{name} is too long, the maximum is {longest} characters", INVALID)
