"""The account at ShipHero and its webhooks (contract §9, §10, §11)."""

from shared.vendors.exchange import Effect
from shared.vendors.shiphero.account_documents import (
    ACCOUNT,
    PRODUCTS,
    WEBHOOK_CREATE,
    WEBHOOK_DELETE,
    WEBHOOK_ENABLE,
    WEBHOOKS,
)
from shared.vendors.shiphero.account_models import (
    Account,
    CreatedWebhook,
    CustomerAccount,
    Product,
    Webhook,
)
from shared.vendors.shiphero.api import Api, Page, next_page, nodes_of
from shared.vendors.shiphero.documents import OTHERS_AT_ONCE, PRODUCTS_AT_ONCE
from shared.vendors.shiphero.faults import NotFound


class AccountCalls(Api):
    """The calls about the account itself."""

    def account(self) -> Account:
        """Read who we are, the warehouses, and a 3PL's customers."""
        given = self._query(ACCOUNT, {"first": OTHERS_AT_ONCE, "after": None}).get("data")
        read = self._read(Account, given, "account")
        if not read.is_3pl:
            return read
        nodes = self._pages(ACCOUNT, {"first": OTHERS_AT_ONCE}, "data.customers")
        customers = tuple(self._read(CustomerAccount, one, "account") for one in nodes)
        return read.model_copy(update={"customers": customers})

    def customers(self) -> tuple[CustomerAccount, ...]:
        """Read a 3PL's customers; none for any other account."""
        return self.account().customers

    def products_page(self, *, after: str | None = None) -> Page[Product]:
        """Read up to 100 products, those of a 3PL's customer where one is set."""
        variables = {
            "customer_account_id": self._customer_account_id,
            "first": PRODUCTS_AT_ONCE,
            "after": after,
        }
        found = self._query(PRODUCTS, variables).get("data") or {}
        rows = tuple(self._read(Product, node, "products") for node in nodes_of(found))
        return Page(rows=rows, cursor=next_page(found))

    def webhooks(self) -> tuple[Webhook, ...]:
        """List the subscriptions, those of others too; ours bear our `shop_name`."""
        variables = {
            "customer_account_id": self._customer_account_id,
            "first": OTHERS_AT_ONCE,
        }
        nodes = self._pages(WEBHOOKS, variables, "data")
        return tuple(self._read(Webhook, one, "webhooks") for one in nodes)

    def create_webhook(self, *, name: str, url: str, shop_name: str) -> CreatedWebhook:
        """Subscribe; the secret is told this once. ShipHero sends a HEAD to `url` meanwhile.

        Raises AlreadyThere for the same name and shop name: its secret is lost, so delete it and
        create again. Raises UnknownOutcome when it may or may not be there.
        """
        made = self._mutate(WEBHOOK_CREATE, {"name": name, "url": url, "shop_name": shop_name})
        return self._made(CreatedWebhook, made, "webhook")

    def enable_webhook(self, webhook_id: str) -> None:
        """Switch a subscription on again that ShipHero switched off (contract §10).

        Raises DocumentRefused where ShipHero does not offer it: delete and create then.
        """
        self._mutate(WEBHOOK_ENABLE, {"webhook_id": webhook_id}, Effect.REPEATABLE_WRITE)

    def delete_webhook(self, *, name: str, shop_name: str) -> None:
        """Unsubscribe ours; one that is not there any more is as good as deleted."""
        data = {"name": name, "shop_name": shop_name}
        try:
            self._mutate(WEBHOOK_DELETE, data, Effect.REPEATABLE_WRITE)
        except NotFound:
            return
