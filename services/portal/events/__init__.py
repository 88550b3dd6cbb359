"""The journal as people read it, and dead letters as they deal with them."""
