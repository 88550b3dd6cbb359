"""How Goodsout is run: embedded here; containers and Kubernetes later."""
