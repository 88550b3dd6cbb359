"""Shipments made in ShipHero become tracking and a shipped event on the goods-out note."""
