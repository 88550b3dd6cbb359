"""Connecting an account to its vendors, keeping the credentials fresh, and letting go."""
