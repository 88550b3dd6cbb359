"""The webhooks of a ShipHero in memory, as the client gives them."""

from collections.abc import Iterator

from shared.vendors.shiphero.account_models import CreatedWebhook, Webhook
from shared.vendors.shiphero.faults import AlreadyThere, NotFound


class FakeWebhooks:
    """Keeps subscriptions in `hooks`; `_called` counts and fails as told."""

    hooks: list[CreatedWebhook]
    _numbers: Iterator[int]

    def _called(self, operation: str) -> None:
        raise NotImplementedError(operation)

    def _perhaps_lose(self, operation: str) -> None:
        raise NotImplementedError(operation)

    def enable_webhook(self, webhook_id: str) -> None:
        """Switch a subscription on again."""
        self._called("enable_webhook")
        if webhook_id not in {one.id for one in self.hooks}:
            raise NotFound("Webhook not found")
        on = {"enabled": True, "health": "HEALTHY"}
        self.hooks = [
            one.model_copy(update=on) if one.id == webhook_id else one for one in self.hooks
        ]

    def webhooks(self) -> tuple[Webhook, ...]:
        """Hand out the subscriptions, without their secrets."""
        self._called("webhooks")
        return tuple(
            Webhook(**one.model_dump(exclude={"shared_signature_secret"})) for one in self.hooks
        )

    def create_webhook(self, *, name: str, url: str, shop_name: str) -> CreatedWebhook:
        """Subscribe, once for each name and shop name."""
        self._called("create_webhook")
        if any((one.name, one.shop_name) == (name, shop_name) for one in self.hooks):
            raise AlreadyThere("Webhook already exists")
        number = next(self._numbers)
        made = CreatedWebhook(
            id=f"HOOK-{number}",
            name=name,
            url=url,
            shop_name=shop_name,
            enabled=True,
            shared_signature_secret=f"secret-{number}",
        )
        self.hooks.append(made)
        self._perhaps_lose("create_webhook")
        return made

    def delete_webhook(self, *, name: str, shop_name: str) -> None:
        """Forget a subscription."""
        self._called("delete_webhook")
        self.hooks = [one for one in self.hooks if (one.name, one.shop_name) != (name, shop_name)]

    def switch_off(self, webhook_id: str) -> None:
        """Play ShipHero, which switches off a subscription that does not answer."""
        off = {"enabled": False, "health": "UNHEALTHY"}
        self.hooks = [
            one.model_copy(update=off) if one.id == webhook_id else one for one in self.hooks
        ]
