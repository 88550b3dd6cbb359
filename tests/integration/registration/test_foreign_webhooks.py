"""Whatever else a vendor holds, a check leaves it alone, mends ours, and is then content."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from tests.integration.registration.shop import (
    BrightpearlShop,
    ShipHeroShop,
    foreign_brightpearl,
    foreign_shiphero,
)
from tests.servers.tables import copied_sqlite

SEVERAL = settings(max_examples=30, deadline=None)
PATHS = st.sampled_from([
    "https://hooks.example.com/webhooks/brightpearl/",
    "https://hooks.example.com/webhooks/brightpearl/another-account-s-secret",
    "https://hooks.example.com/",
    "https://other.example.com/webhooks/brightpearl/${resource-id}",
    "",
])  # fmt: skip
TOPICS = st.sampled_from(["goods-out-note", "product", "goods-out-note.created", "sales-order"])
NAMES = st.sampled_from(["Shipment Update", "Order Canceled", "Return Update", "Tote Complete"])
LABELS = st.sampled_from(["", "other", "goodsout-acme", "goodsout-acme-00000000", "GOODSOUT"])
LOST = st.sets(st.integers(0, 3))


@SEVERAL
@given(st.lists(st.tuples(PATHS, TOPICS), max_size=6), LOST)
def test_at_brightpearl(foreign: list[tuple[str, str]], lost: set[int]) -> None:
    with _engine() as engine:
        shop = BrightpearlShop(engine)
        shop.check()
        held = shop.vendor_side.hooks
        for place, number in enumerate(sorted(held)):
            if place in lost:
                del held[number]
        others = {
            number: foreign_brightpearl(number, uri_template=path, subscribe_to=topic)
            for number, (path, topic) in enumerate(foreign, start=1)
        }
        held |= others

        shop.check()
        shop.vendor_side.calls.clear()
        shop.check()

        assert others.items() <= held.items()
        assert len(held) == len(others) + 2
        assert shop.vendor_side.calls == ["webhooks"]


@SEVERAL
@given(st.lists(st.tuples(NAMES, LABELS), max_size=6, unique=True), LOST)
def test_at_shiphero(foreign: list[tuple[str, str]], lost: set[int]) -> None:
    with _engine() as engine:
        shop = ShipHeroShop(engine)
        shop.check()
        ours = shop.vendor_side.hooks
        others = [foreign_shiphero(name=name, shop_name=label) for name, label in foreign]
        kept = [hook for place, hook in enumerate(ours) if place not in lost]
        shop.vendor_side.hooks = others + kept

        shop.check()
        shop.vendor_side.calls.clear()
        shop.check()

        assert [one for one in shop.vendor_side.hooks if one.shop_name != shop.label] == others
        assert len(shop.vendor_side.hooks) == len(others) + 4
        assert shop.vendor_side.calls == ["webhooks"]


@contextmanager
def _engine() -> Iterator[Engine]:
    """Give a database of an example's own."""
    with tempfile.TemporaryDirectory() as folder:
        engine = copied_sqlite(Path(folder) / "copy.sqlite", migrated=True)
        yield engine
        engine.dispose()
