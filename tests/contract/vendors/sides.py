"""What each contract test runs against: a side is a client, and how its vendor is played.

Every promise is made by our fake, by the sandbox over HTTP and, by hand, by a real test account.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from uuid import uuid4

from shared.clock import Now
from shared.vendors.brightpearl.client import Brightpearl
from shared.vendors.brightpearl.oauth import BrightpearlOAuth, Granted
from shared.vendors.shiphero.client import ShipHero
from shared.vendors.shiphero.models import ShipHeroOrder
from shared.vendors.shiphero.tokens import ShipHeroTokens
from tests.fakes.vendor_logins import FakeBrightpearlOAuth, FakeShipHeroTokens
from tests.fakes.vendors import FakeBrightpearl, FakeShipHero

AnyBrightpearl = Brightpearl | FakeBrightpearl
AnyShipHero = ShipHero | FakeShipHero
AnyOAuth = BrightpearlOAuth | FakeBrightpearlOAuth
AnyTokens = ShipHeroTokens | FakeShipHeroTokens


class Use(Enum):
    """What a test does to the note it is given."""

    READ = "read"
    WRITTEN = "written"
    SHIPPED = "shipped"


@dataclass(frozen=True, kw_only=True)
class OpenNote:
    """A goods-out note that is not shipped, its sales order and a product on it."""

    id: int
    order_id: int
    product_id: int


@dataclass(frozen=True, kw_only=True)
class BrightpearlSide:
    """A Brightpearl with open notes and nothing else known of it.

    `stranger` calls it with credentials that are not good; `owner_id` may own shipped events.
    """

    client: AnyBrightpearl
    stranger: AnyBrightpearl
    open_note: Callable[[Use], OpenNote]
    owner_id: int
    run: str = field(default_factory=lambda: uuid4().hex[:12])

    @property
    def hook_url(self) -> str:
        """Where this run's subscriptions point: nowhere, and to be told from all others."""
        return f"https://hooks.example.com/goodsout-contract/{self.run}"


@dataclass(frozen=True, kw_only=True)
class ConsentSide:
    """An account whose merchant approves our app: `approve` gives the code for an address.

    `narrow` allows none but Brightpearl's own hosts, `forged` has a wrong secret; `opens` tells
    whether a granted access token lets us read.
    """

    oauth: AnyOAuth
    narrow: AnyOAuth
    forged: AnyOAuth
    account: str
    redirect_uri: str
    approve: Callable[[str], str]
    opens: Callable[[Granted], bool]
    now: Now


@dataclass(frozen=True, kw_only=True)
class ShipHeroSide:
    """A ShipHero that stocks `sku`.

    `ship` plays its warehouse for a whole order, `switch_off` its care for a subscription that
    does not answer; a real one has neither. `stranger` calls with credentials that are not good,
    `hook_url` answers the HEAD of a registration. What is made under `key` and `label` is
    cancelled and deleted after the test.
    """

    client: AnyShipHero
    stranger: AnyShipHero
    sku: str
    hook_url: str
    ship: Callable[[str], None]
    switch_off: Callable[[str], None]
    keys: list[str] = field(default_factory=list)
    label: str = field(default_factory=lambda: f"goodsout-contract-{uuid4().hex[:8]}")

    def key(self) -> str:
        """Name an order that nobody has yet."""
        key = f"GO-contract-{uuid4().hex[:12]}"
        self.keys.append(key)
        return key


@dataclass(frozen=True, kw_only=True)
class TokensSide:
    """ShipHero's token address; `opens` tells whether an access token lets us read."""

    tokens: AnyTokens
    refresh_token: str = field(repr=False)
    username: str = field(repr=False)
    password: str = field(repr=False)
    opens: Callable[[str], bool]


def whole(client: AnyShipHero, order_id: str) -> ShipHeroOrder:
    """Read an order that has to be there."""
    order = client.order(order_id)
    assert order is not None
    return order
