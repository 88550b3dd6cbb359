"""Goods-out notes become ShipHero orders."""
