"""Simulated Brightpearl and ShipHero over HTTP, written from their documents alone."""
