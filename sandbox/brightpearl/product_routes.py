"""Products over HTTP (contract section 9)."""

from typing import Any

from flask import Blueprint, Response, request

from sandbox.brightpearl import search, stock
from sandbox.brightpearl.faults import bad_request, none_found
from sandbox.brightpearl.gate import visit
from sandbox.brightpearl.id_sets import get_uris, ids_in, spans
from sandbox.brightpearl.order_bodies import WriteTime
from sandbox.brightpearl.search import Column, Row
from sandbox.brightpearl.shelf import shelf
from sandbox.brightpearl.trouble import json_answer
from sandbox.brightpearl.writing import time_writer
from sandbox.store import Document
from sandbox.world import World

PRODUCTS_PER_CALL = 100  # the vendor's limit is unknown; the contract advises at most 100
NO_IDS, NO_BUNDLE = "WHSC-020", "WHSC-097"
_PRODUCT = "/product-service/product/<ids>"
_AVAILABILITY = "/warehouse-service/product-availability"
_BUNDLES = "/warehouse-service/bundle-availability"

SEARCH_COLUMNS = (
    Column("productId", "IDSET"),
    Column("productName", "STRING"),
    Column("SKU", "STRING"),
    Column("barcode", "STRING"),
    Column("EAN", "STRING"),
    Column("UPC", "STRING"),
    Column("ISBN", "STRING"),
    Column("MPN", "STRING"),
    Column("stockTracked", "BOOLEAN"),
    Column("salesChannelName", "STRING"),
    Column("createdOn", "PERIOD"),
    Column("updatedOn", "PERIOD"),
    Column("brightpearlCategoryCode", "INTEGER"),
    Column("productGroupId", "INTEGER"),
    Column("brandId", "INTEGER"),
    Column("productTypeId", "INTEGER"),
    Column("productStatus", "STRING"),
    Column("primarySupplierId", "INTEGER"),
)
_IDENTITY = ("sku", "barcode", "ean", "upc")
_SAME_FOR_ALL: dict[str, Any] = {
    "brandId": 74,
    "productTypeId": 1,
    "productGroupId": 12,
    "featured": False,
    "financialDetails": {"taxable": True, "taxCode": {"id": 7, "code": "T20"}},
    "warehouses": {"2": {"defaultLocationId": 0, "reorderLevel": 0, "reorderQuantity": 0}},
    "nominalCodeStock": "1001",
    "nominalCodePurchases": "5000",
    "nominalCodeSales": "4000",
    "seasonIds": [],
    "reporting": {},
    "salesPopupMessage": "",
    "warehousePopupMessage": "",
}


def add_product_routes(routes: Blueprint, world: World) -> None:
    """Put the product routes on the account's blueprint."""

    @routes.get(_PRODUCT, endpoint="get-product")
    def read(account: str, ids: str) -> Response:
        found = _read(world, shelf("bp_product", account), ids)
        if not found:
            raise none_found("No Products Found")
        write = time_writer(world, account)
        return json_answer({"response": [product_body(product, write) for product in found]})

    @routes.route(_PRODUCT, methods=["OPTIONS"], endpoint="options-product")
    def options(account: str, ids: str) -> Response:
        wanted = spans(ids)
        known = [product["id"] for product in world.store.all(shelf("bp_product", account))]
        found = [number for number in known if any(a <= number <= b for a, b in wanted)]
        uris = get_uris("product", found, limit=PRODUCTS_PER_CALL)
        return json_answer({"response": {"getUris": uris}})

    @routes.get("/product-service/product-search", endpoint="search-product")
    def find(account: str) -> Response:
        refuse = visit().switches.unknown_filter == "refuse"
        resource = search.Resource(SEARCH_COLUMNS, time_writer(world, account), refuse)
        rows = [_search_row(product) for product in _likely(world, account)]
        return json_answer(search.search(resource, rows, request.args))

    _add_availability(routes, world)


def _add_availability(routes: Blueprint, world: World) -> None:
    @routes.get(_AVAILABILITY, endpoint="get-product-availability", defaults={"ids": None})
    @routes.get(f"{_AVAILABILITY}/<ids>", endpoint="get-product-availability")
    def read(account: str, ids: str | None) -> Response:
        if ids is None:
            raise bad_request("Give a product ID set", NO_IDS)
        found = _read(world, shelf("bp_stock", account), ids)
        if not found:
            raise none_found("No product availability found")
        return json_answer({"response": {str(s["id"]): stock.availability(s) for s in found}})

    @routes.get(f"{_BUNDLES}/<ids>", endpoint="get-bundle-availability")
    def read_bundles(account: str, ids: str) -> Response:
        products = _read(world, shelf("bp_product", account), ids)
        found = {str(p["id"]): _bundle(world, account, p) for p in products if p["components"]}
        if not found:
            raise bad_request("No bundle availability found", NO_BUNDLE)
        return json_answer({"response": found})


def _read(world: World, kind: str, ids: str) -> list[Document]:
    asked = (world.store.get(kind, number) for number in ids_in(ids, limit=PRODUCTS_PER_CALL))
    return [document for document in asked if document is not None]


def _bundle(world: World, account: str, bundle: Document) -> dict[str, Any]:
    """Count how many of a bundle the free stock of its parts gives, in each warehouse."""
    parts = [
        (world.store.get(shelf("bp_stock", account), part["product_id"]), part["quantity"])
        for part in bundle["components"]
    ]
    stocks = [(kept["warehouses"], quantity) for kept, quantity in parts if kept]
    free = {
        number: min((rows[number]["in"] - rows[number]["held"]) // q for rows, q in stocks)
        for number in stocks[0][0]
    }
    each = {number: {"onHand": count} for number, count in free.items()}
    return {"total": {"onHand": sum(free.values())}, "warehouses": each}


def _likely(world: World, account: str) -> list[Document]:
    """Give the products a search may find; a SKU is compared without regard to case."""
    kind = shelf("bp_product", account)
    sku = request.args.get("SKU", "")
    found = {p["id"]: p for s in (sku, sku.upper()) for p in world.store.find(kind, "sku", s)}
    return list(found.values()) if sku and found else world.store.all(kind)


def product_body(product: Document, write_time: WriteTime) -> dict[str, Any]:
    """Write a product; its name stands in the first sales channel, weight is a number."""
    return {
        "id": product["id"],
        "identity": {name: product.get(name) for name in _IDENTITY if name in product},
        "stock": {
            "stockTracked": product["stock_tracked"],
            "weight": {"magnitude": float(product["weight"])},
            "dimensions": {"length": 0.0, "height": 0.0, "width": 0.0, "volume": 0.0},
        },
        "salesChannels": [_sales_channel(product["name"])],
        "composition": _composition(product),
        "createdOn": write_time(product["created_on"]),
        "updatedOn": write_time(product["updated_on"]),
        "version": int(product["updated_on"] * 1000),
        **_SAME_FOR_ALL,
        "status": product["status"],
    }


def _sales_channel(name: str) -> dict[str, Any]:
    text = {"languageCode": "en", "text": "", "format": "HTML_FRAGMENT"}
    return {
        "salesChannelName": "Brightpearl",
        "productName": name,
        "productCondition": "new",
        "categories": [{"categoryCode": "296"}],
        "description": text,
        "shortDescription": text,
    }


def _composition(product: Document) -> dict[str, Any]:
    composition: dict[str, Any] = {"bundle": bool(product["components"])}
    if product["components"]:
        composition["bundleComponents"] = [
            {"productId": part["product_id"], "productQuantity": part["quantity"]}
            for part in product["components"]
        ]
    return composition


def _search_row(product: Document) -> Row:
    return {
        "productId": product["id"],
        "productName": product["name"],
        "SKU": product["sku"],
        "barcode": product["barcode"],
        "EAN": product.get("ean"),
        "UPC": product.get("upc"),
        "ISBN": None,
        "MPN": None,
        "stockTracked": product["stock_tracked"],
        "salesChannelName": "Brightpearl",
        "createdOn": product["created_on"],
        "updatedOn": product["updated_on"],
        "brightpearlCategoryCode": 296,
        "productGroupId": 12,
        "brandId": 74,
        "productTypeId": 1,
        "productStatus": product["status"],
        "primarySupplierId": 366,
    }
