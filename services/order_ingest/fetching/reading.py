"""Read products so that one which nobody can read does not keep the others back."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Protocol

from shared.errors import Permanent, Transient
from shared.messaging.units import SPOILED_BY_ONE
from shared.vendors.brightpearl.account_models import Product

# The vendor's own limit is unknown (contract §5); an answer with one bad product is halved.
IDS_AT_ONCE = 100
# So many in a row are no bad products but a vendor in trouble.
MANY = 3


class ReadsProducts(Protocol):
    """What is asked of Brightpearl."""

    def products(self, ids: Iterable[int]) -> Mapping[int, Product]:
        """Read products by ID set."""
        ...


@dataclass(frozen=True, kw_only=True)
class Read:
    """The products that were there, and the ids of those whose answer nobody could read."""

    products: tuple[Product, ...]
    unreadable: tuple[int, ...] = ()

    @property
    def summary(self) -> str:
        """Say what was read, and which products were not."""
        said = f"{len(self.products):,} fetched."
        ids = ", ".join(map(str, self.unreadable))
        return f"{said} Brightpearl's answer about product {ids} cannot be read." if ids else said


def read_products(client: ReadsProducts, ids: Sequence[int]) -> Read:
    """Read products by id, up to 100 a request; one that is missing is simply not there."""
    chunks = (ids[start : start + IDS_AT_ONCE] for start in range(0, len(ids), IDS_AT_ONCE))
    reads = [_read(client, chunk) for chunk in chunks]
    return Read(
        products=tuple(chain.from_iterable(one.products for one in reads)),
        unreadable=tuple(chain.from_iterable(one.unreadable for one in reads)),
    )


def _read(client: ReadsProducts, ids: Sequence[int]) -> Read:
    try:
        return Read(products=tuple(client.products(ids).values()))
    except (Permanent, Transient) as error:
        if not error.code.endswith(SPOILED_BY_ONE):
            raise
        spoiled = error
    if len(ids) == 1:
        return Read(products=(), unreadable=tuple(ids))
    half = len(ids) // 2
    some, others = _read(client, ids[:half]), _read(client, ids[half:])
    unreadable = some.unreadable + others.unreadable
    if len(unreadable) == len(ids) >= MANY:
        raise spoiled
    return Read(products=some.products + others.products, unreadable=unreadable)
