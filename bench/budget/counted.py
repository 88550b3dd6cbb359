"""The sandbox's own counters of one pair of accounts, and what they say of a run."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bench.budget.plant import Plant

# What Goodsout writes at ShipHero, as the sandbox names the operations.
MUTATION = "order_create"


@dataclass(frozen=True, kw_only=True)
class Counted:
    """What one account cost; `windows` are Brightpearl's requests by window, oldest first."""

    requests: int
    by_operation: Mapping[str, int]
    windows: Sequence[int]
    over_the_limit: int
    mutations: int
    error_30: int
    orders_by_key: Mapping[str, int] = field(repr=False)

    @property
    def refused(self) -> int:
        """Calls that a vendor turned away because there were too many."""
        return self.over_the_limit + self.error_30

    @property
    def duplicates(self) -> int:
        """Orders too many for a note."""
        return sum(count - 1 for count in self.orders_by_key.values())


def counted(plant: Plant, code: str, shiphero: int) -> Counted:
    """Read the counters since the last `count_afresh`."""
    at_brightpearl: dict[str, Any] = plant.read(f"accounts/{code}/counts")
    at_shiphero: dict[str, Any] = plant.read(f"shiphero/accounts/{shiphero}/counts")
    windows = sorted((float(at), int(n)) for at, n in at_brightpearl["requests_by_window"].items())
    operations: dict[str, int] = at_brightpearl["operations"]
    return Counted(
        # By window, as Brightpearl counts: the messages of a multi-message are operations too.
        requests=sum(count for _, count in windows) + sum(at_brightpearl["token_calls"].values()),
        by_operation=operations,
        windows=[count for _, count in windows],
        over_the_limit=sum(at_brightpearl["over_the_limit"].values()),
        mutations=at_shiphero["operations"].get(MUTATION, 0),
        error_30=at_shiphero["error_30"],
        orders_by_key=at_brightpearl["orders_by_partner_order_id"],
    )


def count_afresh(plant: Plant, code: str) -> None:
    """Forget what was counted so far."""
    plant.do(f"accounts/{code}/counts/reset")
    plant.do("calls/reset")
