"""The `goodsout` command."""
