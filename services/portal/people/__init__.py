"""The people who log in: their log-ins, roles and sessions."""
