"""Takes back what a writing test made, however it ended."""

from tests.contract.vendors.sides import BrightpearlSide, ShipHeroSide

WHY = "made by a contract test, which is over"


def tidy_brightpearl(side: BrightpearlSide) -> None:
    """Delete the subscriptions of this run; remarks and shipped notes cannot be taken back."""
    for hook in side.client.webhooks():
        if hook.uri_template == side.hook_url:
            side.client.delete_webhook(hook.id)


def tidy_shiphero(side: ShipHeroSide) -> None:
    """Delete the subscriptions and cancel the orders of this test."""
    for hook in side.client.webhooks():
        if hook.shop_name == side.label:
            side.client.delete_webhook(name=hook.name, shop_name=hook.shop_name)
    for key in side.keys:
        for order in side.client.orders_by_key(key):
            if not order.canceled and not order.fulfilled:
                side.client.cancel_order(order.id, reason=WHY)
