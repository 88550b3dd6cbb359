"""Every switch and every fault of both vendors as rows: for the page, the JSON and the README."""

import json
from typing import Any, NamedTuple

from sandbox.faults import FAULTS
from sandbox.switches import GROUPS, PER_ACCOUNT
from sandbox.turnable import Description, described

_VENDORS = {"brightpearl": "Brightpearl", "shiphero": "ShipHero"}


class Row(NamedTuple):
    """One switch or fault; `section` is of the vendor's contract."""

    vendor: str
    kind: str
    name: str
    what: str
    values: str
    section: str

    def as_markdown(self) -> str:
        """Write the row as the README holds it."""
        cells = (self.vendor, self.kind, f"`{self.name}`", self.what, self.values, self.section)
        return f"| {' | '.join(cells)} |".replace("|  |", "| |")


def rows() -> list[Row]:
    """List all, switches before faults, in the order of the code."""
    switches = [
        Row(vendor, _kind(each), each.name, each.what, _values(each), each.section)
        for vendor, holder in GROUPS
        for each in described(holder)
    ]
    faults = [
        Row(_VENDORS[vendor], "fault", each.name, each.what, "", each.section)
        for vendor, kinds in FAULTS.items()
        for each in kinds
    ]
    return switches + faults


def as_json() -> list[dict[str, Any]]:
    """Give the rows as JSON."""
    return [row._asdict() for row in rows()]


def _kind(each: Description) -> str:
    return "switch, per account" if each.name in PER_ACCOUNT else "switch"


def _values(each: Description) -> str:
    default = _written(each.default)
    if not each.choices:
        return f"`{default}`"
    others = [f"`{_written(choice)}`" for choice in each.choices if choice != each.default]
    return f"`{default}`, or {', '.join(others)}"


def _written(value: object) -> str:
    return json.dumps(value).strip('"')
