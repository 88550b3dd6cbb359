"""What stands in both accounts on the first day; credentials are constant and documented."""

import secrets
from dataclasses import dataclass

from sandbox.brightpearl.seed import add_credential, seed_brightpearl
from sandbox.catalogue import ARTICLES, articles
from sandbox.shiphero import seed as shiphero_seed
from sandbox.shiphero.tokens import add_user
from sandbox.store import Change, Document
from sandbox.world import World

ACCOUNT = "demo"
APP_REF = "demo_goodsout"
STAFF_TOKEN = "sandbox-staff-token"  # noqa: S105 - made up, in the documentation
EXPIRED_TOKEN = "sandbox-expired-token"  # noqa: S105 - plays an expired token
FIRST_SHIPHERO = 52_001
_FORM = 2  # of the kept state; one of another form is begun afresh


@dataclass(frozen=True)
class NewPair:
    """A merchant to be made: an account at each vendor, with the same products in both."""

    code: str
    products: int = len(ARTICLES)


def seed_if_new(world: World) -> None:
    """Fill an empty state, or one of an older form; one that has been filled stays as it is."""
    seeded = world.store.get("seeded", "demo")
    if seeded is not None and seeded.get("form") == _FORM:
        return
    if seeded is not None:
        world.store.clear()
        world.switches.reload()
    with world.change() as change:
        shiphero_seed.seed_shiphero(world, change)
        _demo(world, change)
        for article in ARTICLES:
            shiphero_seed.seed_product(world, change, article)
        shiphero_seed.seed_customers_products(world, change)
        change.put("seeded", "demo", {"at": world.clock.now(), "form": _FORM})


def make_pair(world: World, wanted: NewPair) -> Document:
    """Make an account at each vendor and give all credentials."""
    code, sold = wanted.code, articles(wanted.products)
    token = secrets.token_urlsafe(12)
    with world.change() as change:
        number = change.next_id("sh_merchant", FIRST_SHIPHERO)
        seed_brightpearl(world, change, code, articles=sold, shiphero=number)
        kept = add_credential(change, code, token, app_ref=f"{code}_goodsout")
        username = f"{code}@sandbox.test"
        shiphero_seed.seed_merchant(world, change, number, username, sold)
        user = add_user(world, username, account=number)
    return {
        "code": code,
        "app_ref": kept["app_ref"],
        "staff_token": token,
        "shiphero": {name: user[name] for name in _SHIPHERO_CREDENTIALS},
    }


_SHIPHERO_CREDENTIALS = ("account", "username", "password", "refresh_token", "access_token")


def _demo(world: World, change: Change) -> None:
    seed_brightpearl(world, change, ACCOUNT, articles=ARTICLES, shiphero=shiphero_seed.ACCOUNT)
    add_credential(change, ACCOUNT, STAFF_TOKEN, app_ref=APP_REF)
    add_credential(change, ACCOUNT, EXPIRED_TOKEN, app_ref=APP_REF, expires_at=0.0)
