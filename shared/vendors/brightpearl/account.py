"""An account's standing lists and its webhooks (contract §10, §12)."""

from shared.vendors.brightpearl.account_models import (
    AccountConfiguration,
    Channel,
    NewWebhook,
    ShippingMethod,
    Warehouse,
    Webhook,
)
from shared.vendors.brightpearl.api import Api
from shared.vendors.brightpearl.faults import NoteGone
from shared.vendors.exchange import Effect

WEBHOOKS = "/integration-service/webhook"


class Account(Api):
    """The calls about the account itself."""

    def warehouses(self) -> tuple[Warehouse, ...]:
        """Read all warehouses."""
        given = self._get("warehouses", "/warehouse-service/warehouse")
        return self._read_all(Warehouse, given, "warehouses")

    def shipping_methods(self) -> tuple[ShippingMethod, ...]:
        """Read all shipping methods."""
        given = self._get("shipping_methods", "/warehouse-service/shipping-method")
        return self._read_all(ShippingMethod, given, "shipping_methods")

    def channels(self) -> tuple[Channel, ...]:
        """Read all sales channels."""
        given = self._get("channels", "/product-service/channel")
        return self._read_all(Channel, given, "channels")

    def account_configuration(self) -> AccountConfiguration:
        """Read the account's settings: zone, weight unit, currency and more, all as text."""
        path = "/integration-service/account-configuration"
        given = self._get("account_configuration", path)
        return self._read(AccountConfiguration, given or {}, "account_configuration")

    def webhooks(self) -> tuple[Webhook, ...]:
        """List all subscriptions, those of other integrations too (contract §12)."""
        given = self._get("webhooks", WEBHOOKS)
        return self._read_all(Webhook, given, "webhooks")

    def create_webhook(self, new: NewWebhook) -> int:
        """Subscribe and answer the new id; twice makes two, so look with `webhooks` first.

        Raises UnknownOutcome when it may or may not be there.
        """
        return self._create("create_webhook", WEBHOOKS, new)

    def delete_webhook(self, webhook_id: int) -> None:
        """Unsubscribe; one that is not there any more is as good as deleted."""
        path = f"{WEBHOOKS}/{webhook_id}"
        try:
            self._write("delete_webhook", "DELETE", path, None, Effect.REPEATABLE_WRITE)
        except NoteGone:
            return
