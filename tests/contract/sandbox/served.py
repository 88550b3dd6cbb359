"""Calls a sandbox over real HTTP, as ShipHero's clients do."""

from typing import Any

import requests

from sandbox.shiphero.seed import ACCESS_TOKEN
from sandbox.world import World
from tests.contract.sandbox.playing import Receiver, a_line

CREATE_ORDER = (
    "mutation ($data: CreateOrderInput!) { order_create(data: $data) { order { id legacy_id } } }"
)
CREATE_WEBHOOK = (
    "mutation ($data: CreateWebhookInput!) { webhook_create(data: $data) { webhook { "
    "id legacy_id account_id enabled health shared_signature_secret } } }"
)
WEBHOOKS = (
    "query ($of: String) { webhooks(customer_account_id: $of) { data(first: 9) { edges { node { "
    "id enabled health created_at updated_at last_enabled_change } } } } }"
)


class Served:
    """A sandbox on a port, the world behind it, and a caller with a good token."""

    def __init__(self, world: World, url: str) -> None:
        self.world = world
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False

    def post(self, path: str, body: Any = None, token: str = ACCESS_TOKEN) -> requests.Response:
        """Post JSON."""
        headers = {"Authorization": f"Bearer {token}"}
        return self.session.post(f"{self.url}{path}", json=body or {}, headers=headers, timeout=10)

    def control(self, path: str, **body: Any) -> Any:
        """Ask the control room for something."""
        answer = self.post(f"/control/{path}", body)
        answer.raise_for_status()
        return answer.json()

    def read(self, path: str) -> Any:
        """Read from the control room."""
        return self.session.get(f"{self.url}/control/{path}", timeout=10).json()

    def ask(self, query: str, token: str = ACCESS_TOKEN, **variables: Any) -> Any:
        """Run one document."""
        return self.post("/graphql", {"query": query, "variables": variables}, token).json()

    def make_order(self, key: str = "K", *, token: str = ACCESS_TOKEN, **more: Any) -> int:
        """Create an order of one line and give its number."""
        data = {
            "order_number": f"N-{key}",
            "partner_order_id": key,
            "shipping_address": {"first_name": "Maeve", "last_name": "Ashdown", "city": "Norwich"},
            "line_items": [a_line("TEA-BRK-125", 2, f"{key}-1")],
            **more,
        }
        made = self.ask(CREATE_ORDER, token, data=data)
        number: int = made["data"]["order_create"]["order"]["legacy_id"]
        return number

    def subscribe(
        self, receiver: Receiver, name: str, *, token: str = ACCESS_TOKEN, **more: Any
    ) -> Any:
        """Register a webhook and give its node."""
        data = {"name": name, "url": receiver.url, "shop_name": "goodsout", **more}
        return self.ask(CREATE_WEBHOOK, token, data=data)["data"]["webhook_create"]["webhook"]

    def webhook(self, of: str | None = None, token: str = ACCESS_TOKEN) -> Any:
        """Read the one subscription."""
        [edge] = self.ask(WEBHOOKS, token, of=of)["data"]["webhooks"]["data"]["edges"]
        return edge["node"]

    def counts(self, account: int = 51_077) -> Any:
        """Read what was counted for an account."""
        return self.read(f"shiphero/accounts/{account}/counts")

    def close(self) -> None:
        """Close the connection."""
        self.session.close()
