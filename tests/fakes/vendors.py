"""The vendors in memory."""

from tests.fakes.vendors_brightpearl import FakeBrightpearl
from tests.fakes.vendors_shiphero import FakeShipHero

__all__ = ["FakeBrightpearl", "FakeShipHero"]
