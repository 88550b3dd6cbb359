"""Erase what is personal and old, move what is settled and old to the archive, end what is over."""
