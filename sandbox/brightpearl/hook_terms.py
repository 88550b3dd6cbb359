"""What becomes of a webhook that was tried: counted, and forgotten if it fails too often [?]."""

from sandbox.brightpearl.shelf import shelf
from sandbox.deliveries import Terms, pause_after
from sandbox.store import Change, Document
from sandbox.world import World


def brightpearl_terms(world: World) -> Terms:
    """Tell the senders how Brightpearl sends, and have every outcome counted."""

    def headers(delivery: Document) -> dict[str, str]:
        sent: dict[str, str] = delivery["headers"]
        return sent

    def settled(change: Change, delivery: Document) -> None:
        """Count one try; the webhook may have been deleted meanwhile."""
        account, state = delivery["account"], delivery["state"]
        names = {"delivered": "answered", "given_up": "refused"}
        world.calls.tally(account, "webhooks", "sent")
        if state in names:
            world.calls.tally(account, "webhooks", names[state])
        place = shelf("bp_webhook", account)
        if change.get(place, delivery["webhook"]) is not None:
            _weigh(world, change, place, delivery)

    return Terms(headers=headers, pause=pause_after, settled=settled)


def forget_all(world: World, account: str) -> int:
    """Let Brightpearl lose every webhook of an account, as nobody knows whether it does."""
    place = shelf("bp_webhook", account)
    with world.change() as change:
        gone = world.store.all(place)
        for webhook in gone:
            change.delete(place, webhook["id"])
    return len(gone)


def _weigh(world: World, change: Change, place: str, delivery: Document) -> None:
    most = world.switches.of(delivery["account"]).webhooks_removed_after
    if not most:
        return
    webhook = change.edit(place, delivery["webhook"])
    is_answered = delivery["state"] == "delivered"
    webhook["failures"] = 0 if is_answered else webhook.get("failures", 0) + 1
    if webhook["failures"] >= most:
        change.delete(place, webhook["id"])
