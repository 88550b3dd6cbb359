"""The merchant's web pages: the sync log and what happened to each goods-out note."""
