"""What runs inside the containers beside Goodsout's own processes."""
