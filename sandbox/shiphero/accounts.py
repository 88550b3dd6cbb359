"""Whose data a call is about: an account, or a 3PL and its customers (contract section 11)."""

from collections.abc import Collection

from sandbox.shiphero.faults import INVALID, Refused
from sandbox.shiphero.ids import number_in
from sandbox.shiphero.visit import Visit
from sandbox.store import Document
from sandbox.world import World

# Both forms were captured, next to the plain number (section 2).
CUSTOMER_KINDS = ("CustomerAccount", "Account")


def customers_of(world: World, account: int) -> list[Document]:
    """List the customers of a 3PL."""
    return [each for each in world.store.all("sh_account") if each.get("parent") == account]


def acting_for(visit: Visit, customer_account_id: str | None) -> Document:
    """Give the account a call is for; without a customer it is the caller's own."""
    own = visit.account
    if not customer_account_id:
        return own
    number = number_in(customer_account_id, *CUSTOMER_KINDS)
    if number == own["legacy_id"]:
        return own
    customer = visit.world.store.get("sh_account", number)
    if customer is None or customer.get("parent") != own["legacy_id"]:
        raise Refused(f"Invalid id {customer_account_id}", INVALID)
    return customer


def listed_for(visit: Visit, customer_account_id: str | None) -> Collection[int]:
    """Give the accounts whose rows a list shows."""
    account: int = acting_for(visit, customer_account_id)["legacy_id"]
    if customer_account_id or not visit.world.switches.now.parent_lists_customers:
        return {account}
    return {account, *(each["legacy_id"] for each in customers_of(visit.world, account))}


def may_touch(visit: Visit, account: int) -> bool:
    """Tell whether a single object of this account is the caller's to see and change."""
    owner = visit.world.store.get("sh_account", account) or {}
    return visit.account["legacy_id"] in (account, owner.get("parent"))


def warehouses_of(world: World, account: int) -> list[Document]:
    """List the warehouses of an account; a customer uses those of its 3PL."""
    own = world.store.get("sh_account", account) or {}
    owner = own.get("parent") or account
    return [each for each in world.store.all("sh_warehouse") if each["account"] == owner]
