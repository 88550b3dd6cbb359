"""Goodsout on Kubernetes: manifests for kustomize, and what writes one of them."""
