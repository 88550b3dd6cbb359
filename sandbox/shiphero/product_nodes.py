"""Accounts, products, stock and warehouses as GraphQL shows them (contract section 9)."""

from typing import Any

from sandbox.shiphero import times
from sandbox.shiphero.connections import Node, connection
from sandbox.shiphero.ids import global_id
from sandbox.store import Document
from sandbox.world import World

_EMPTY = dict.fromkeys(("name", "address1", "address2", "city", "state", "country", "zip", "phone"))


def product_node(world: World, product: Document) -> Node:
    """Show a product with its row in each warehouse."""
    return {
        **product,
        "id": global_id("ProductInfo", product["legacy_id"]),
        "account_id": global_id("Account", product["account"]),
        "created_at": times.written(product["created_at"]),
        "updated_at": times.written(product["updated_at"]),
        "active": True,
        "kit": bool(product.get("kit")),
        "tags": product.get("tags") or [],
        "warehouse_products": lambda _info: [
            stock_node(world, product, stock) for stock in product["stock"]
        ],
        "images": [],
        "vendors": [],
        "components": [],
        "kit_components": [
            {"id": global_id("ProductInfo", product["legacy_id"]), "sku": sku, "quantity": each}
            for sku, each in (product.get("made_of") or {}).items()
        ],
    }


def stock_node(world: World, product: Document, stock: Document) -> Node:
    """Show what one warehouse holds of a product."""
    warehouse = world.store.get("sh_warehouse", stock["warehouse"]) or {}
    return {
        "id": global_id("WarehouseProduct", stock["legacy_id"]),
        "legacy_id": stock["legacy_id"],
        "account_id": global_id("Account", product["account"]),
        "sku": product["sku"],
        "warehouse_id": global_id("Warehouse", stock["warehouse"]),
        "warehouse_identifier": warehouse.get("identifier"),
        "on_hand": stock["on_hand"],
        "allocated": 0,
        "available": stock["on_hand"],
        "backorder": 0,
        "reserve_inventory": 0,
        "sell_ahead": 0,
        "non_sellable_quantity": 0,
        "active": True,
        "created_at": times.written(product["created_at"]),
        "updated_at": times.written(product["updated_at"]),
        "warehouse": lambda _info: warehouse_node(world, warehouse),
        "product": lambda _info: product_node(world, product),
    }


def account_node(account: Document) -> Node:
    """Show an account, our own or a 3PL's customer."""
    return {
        "status": "active",
        **account,
        "id": global_id("Account", account["legacy_id"]),
        "warehouses": [],
        "customers": lambda _info, **paging: connection([], dict, paging),
    }


def warehouse_node(world: World, warehouse: Document) -> Node:
    """Show a warehouse; its address may be all null (sample shape)."""

    def products(_info: Any, **paging: Any) -> Node:
        here = [p for p in world.store.all("sh_product") if _is_in(p, warehouse["legacy_id"])]
        return connection(here, lambda product: product_node(world, product), paging)

    return {
        "id": global_id("Warehouse", warehouse["legacy_id"]),
        "legacy_id": warehouse["legacy_id"],
        "account_id": global_id("Account", warehouse["account"]),
        "identifier": warehouse["identifier"],
        "dynamic_slotting": True,
        "profile": "default",
        "address": {**_EMPTY, **warehouse["address"]},
        "products": products,
    }


def _is_in(product: Document, warehouse: int) -> bool:
    return any(stock["warehouse"] == warehouse for stock in product["stock"])
