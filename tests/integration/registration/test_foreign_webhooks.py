"""Whatever else a vendor holds, a check leaves it alone, mends ours, and is then content."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from shared.db.engine import open_engine
from tests.integration.registration.shop import (
    BrightpearlShop,
    ShipHeroShop,
    foreign_brightpearl,
    foreign_shiphero,
)

# One function's database serves every example of it: each example copies the migrated template.
SEVERAL = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
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
def test_at_brightpearl(
    sqlite_template: Path, foreign: list[tuple[str, str]], lost: set[int]
) -> None:
    with _engine(sqlite_template) as engine:
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
def test_at_shiphero(sqlite_template: Path, foreign: list[tuple[str, str]], lost: set[int]) -> None:
    with _engine(sqlite_template) as engine:
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
def _engine(template: Path) -> Iterator[Engine]:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(template, f"{folder}/copy.sqlite")
        engine = open_engine(f"sqlite:///{folder}/copy.sqlite")
        yield engine
        engine.dispose()
