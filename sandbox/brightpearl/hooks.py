"""Raises Brightpearl's webhooks: templates rendered, id sets written (contract sections 12, 13)."""

from collections.abc import Sequence

from sandbox.brightpearl import times
from sandbox.brightpearl.fault_kinds import WEBHOOK_KINDS
from sandbox.brightpearl.id_sets import compressed
from sandbox.brightpearl.shelf import shelf
from sandbox.faults import Fault
from sandbox.store import Change, Document
from sandbox.world import World

VERSION = "4.101.7"
LOST = "lost"
NOTE_EVENTS = {
    "PRI": "printed",
    "PIC": "picked",
    "PAC": "packed",
    "UPR": "un-printed",
    "UPI": "un-picked",
    "UPA": "un-packed",
    "SHW": "shipped",
}
EVENTS = (
    "goods-out-note.created",
    "goods-out-note.destroyed",
    *(f"goods-out-note.modified.{word}" for word in NOTE_EVENTS.values()),
    "drop-ship-note.created",
    "drop-ship-note.destroyed",
    "drop-ship-note.modified.shipped",
    "order.modified.order-status",
    "order.modified.fully-shipped",
    "sales-order.created",
    "product.created",
    "product.modified.on-hand-modified",
    "product.destroyed",
    "goods-in-note.created",
    "quarantine-release.created",
)


def may_subscribe(event: str) -> bool:
    """Tell whether this is an event or the beginning of one."""
    return any(known == event or known.startswith(f"{event}.") for known in EVENTS)


def raise_event(world: World, change: Change, account: str, event: str, ids: Sequence[int]) -> None:
    """Keep one delivery for each subscription whose event or prefix this is."""
    for webhook in world.store.all(shelf("bp_webhook", account)):
        wanted = webhook["subscribeTo"]
        if not (event == wanted or event.startswith(f"{wanted}.")):
            continue
        if webhook["idSetAccepted"]:
            send(world, change, webhook, values_for(world, account, event, compressed(ids)), ids)
        else:
            for number in ids:
                values = values_for(world, account, event, str(number))
                send(world, change, webhook, values, [number])


def values_for(world: World, account: str, event: str, id_set: str) -> dict[str, str]:
    """Give each template variable its value."""
    resource, _, rest = event.partition(".")
    lifecycle, _, specifier = rest.partition(".")
    return {
        "${account-code}": account,
        "${resource-type}": resource,
        "${resource-id}": id_set,
        "${lifecycle-event}": lifecycle,
        "${resource-specifier}": specifier,
        "${raised-on}": times.raised_on(world.clock.now()),
        "${brightpearl-version}": VERSION,
        "${full-event}": event,
    }


def send(
    world: World, change: Change, webhook: Document, values: dict[str, str], ids: Sequence[int]
) -> None:
    """Keep one delivery of a webhook: late, twice or lost, as faults and switches say."""
    account, event = webhook["account"], values["${full-event}"]
    fault = world.faults.take("brightpearl", (event,), account=account, of=WEBHOOK_KINDS)
    kind = "" if fault is None else fault.kind
    is_lost = kind == "webhook_lost" or _is_lost(world, account)
    share = world.switches.of(account).webhooks_doubled_share
    is_doubled = kind == "webhook_doubled" or _falls(world, share)
    for _ in range(2 if is_doubled and not is_lost else 1):
        world.calls.tally(account, "webhooks", LOST if is_lost else "raised")
        due = world.clock.now() + world.clock.scaled(_lateness(world, account, fault))
        _keep(world, change, webhook, values, ids, {"due_at": due, **_LOST[is_lost]})


_LOST: dict[bool, dict[str, str]] = {True: {"state": LOST}, False: {}}


def _is_lost(world: World, account: str) -> bool:
    switches = world.switches.of(account)
    return switches.webhooks_stopped or _falls(world, switches.webhooks_lost_share)


def _falls(world: World, share: float) -> bool:
    return bool(share) and world.dice.random() < share


def _lateness(world: World, account: str, fault: Fault | None) -> float:
    switches = world.switches.of(account)
    late = fault.seconds if fault is not None and fault.kind == "webhook_late" else 0.0
    mixed = switches.webhooks_reorder
    return late + switches.webhooks_delay + (world.dice.uniform(0, mixed) if mixed else 0.0)


def _keep(
    world: World,
    change: Change,
    webhook: Document,
    values: dict[str, str],
    ids: Sequence[int],
    more: Document,
) -> None:
    has_body = webhook["httpMethod"] in {"POST", "PUT"}
    world.deliveries.keep(
        change,
        promise="qos1" if webhook["qualityOfService"] else "qos0",
        name=values["${full-event}"],
        vendor="brightpearl",
        account=webhook["account"],
        webhook=webhook["id"],
        method=webhook["httpMethod"],
        url=_filled(webhook["uriTemplate"], values),
        headers={"Content-Type": webhook["contentType"]} if has_body else {},
        body=_filled(webhook["bodyTemplate"], values) if has_body else None,
        subjects=list(ids),
        **more,
    )


def _filled(template: str, values: dict[str, str]) -> str:
    for variable, value in values.items():
        template = template.replace(variable, value)
    return template
