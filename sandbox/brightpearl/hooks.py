"""Raises Brightpearl's webhooks: templates rendered, id sets written (contract sections 12, 13)."""

from collections.abc import Sequence

from sandbox.brightpearl import times
from sandbox.brightpearl.id_sets import compressed
from sandbox.store import Change, Document
from sandbox.world import World

VERSION = "4.101.7"
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
    for webhook in world.store.all("bp_webhook"):
        wanted = webhook["subscribeTo"]
        if webhook["account"] != account or not (event == wanted or event.startswith(f"{wanted}.")):
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
    """Keep one delivery of a webhook."""
    has_body = webhook["httpMethod"] in {"POST", "PUT"}
    world.deliveries.keep(
        change,
        promise="qos1" if webhook["qualityOfService"] else "qos0",
        name=values["${full-event}"],
        vendor="brightpearl",
        method=webhook["httpMethod"],
        url=_filled(webhook["uriTemplate"], values),
        headers={"Content-Type": webhook["contentType"]} if has_body else {},
        body=_filled(webhook["bodyTemplate"], values) if has_body else None,
        subjects=list(ids),
    )


def _filled(template: str, values: dict[str, str]) -> str:
    for variable, value in values.items():
        template = template.replace(variable, value)
    return template
