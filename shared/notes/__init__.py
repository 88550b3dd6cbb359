"""What we know of each goods-out note: its sync log row, its lease and its order link."""
