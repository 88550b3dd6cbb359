"""Fetch what the vendors hold once, and keep it up to date: settings, lists, products, SKUs."""
