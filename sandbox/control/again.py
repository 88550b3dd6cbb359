"""Sends a webhook again as a vendor does that never heard the answer."""

from sandbox.person import Nonsense
from sandbox.world import World

MOST = 20
_OF_THE_FIRST = {
    "id", "state", "attempts", "kept_at", "due_at", "delivered_at", "last_status", "last_error",
}  # fmt: skip


def send_again(world: World, number: int, times: int) -> str:
    """Send so many more of a webhook, word for word the same; give its event's name."""
    first = world.store.get("delivery", number)
    if first is None:
        raise Nonsense(f"There is no webhook {number}.")
    if not 1 <= times <= MOST:
        raise Nonsense(f"A webhook is sent again 1 to {MOST} times.")
    same = {name: value for name, value in first.items() if name not in _OF_THE_FIRST}
    with world.change() as change:
        for _ in range(times):
            world.deliveries.keep(change, **same)
    return str(first["name"])
