"""Webhook checks over a real journal, on both databases."""

import pytest
from sqlalchemy import Engine

from tests.integration.registration.shop import BrightpearlShop, ShipHeroShop


@pytest.fixture
def brightpearl(engine: Engine) -> BrightpearlShop:
    """Give an account whose webhooks at Brightpearl were never registered."""
    return BrightpearlShop(engine)


@pytest.fixture
def shiphero(engine: Engine) -> ShipHeroShop:
    """Give an account whose webhooks at ShipHero were never registered."""
    return ShipHeroShop(engine)
