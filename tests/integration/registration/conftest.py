"""Webhook checks over a real journal, on both databases."""

import pytest
from sqlalchemy import Engine

from tests.integration.journal.databases import (  # noqa: F401 - fixtures
    books,
    engine,
    migrated_postgresql,
    postgresql_engine,
    sqlite_engine,
    sqlite_template,
)
from tests.integration.registration.shop import BrightpearlShop, ShipHeroShop


@pytest.fixture
def brightpearl(engine: Engine) -> BrightpearlShop:  # noqa: F811 - a fixture
    """Give an account whose webhooks at Brightpearl were never registered."""
    return BrightpearlShop(engine)


@pytest.fixture
def shiphero(engine: Engine) -> ShipHeroShop:  # noqa: F811 - a fixture
    """Give an account whose webhooks at ShipHero were never registered."""
    return ShipHeroShop(engine)
