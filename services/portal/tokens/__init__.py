"""Tokens by which a merchant's own programs use the JSON API."""
