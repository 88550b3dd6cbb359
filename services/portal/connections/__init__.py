"""Connecting an account to both vendors, and how the connections stand."""
