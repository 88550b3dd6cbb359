"""How Goodsout is run: embedded, in containers, on Kubernetes."""
