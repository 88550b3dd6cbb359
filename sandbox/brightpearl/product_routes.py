"""Products over HTTP (contract section 9)."""

from typing import Any

from flask import Blueprint, Response, request

from sandbox.brightpearl import search
from sandbox.brightpearl.faults import none_found
from sandbox.brightpearl.gate import json_answer
from sandbox.brightpearl.id_sets import get_uris, ids_in, spans
from sandbox.brightpearl.order_bodies import WriteTime
from sandbox.brightpearl.search import Column, Row
from sandbox.brightpearl.writing import time_writer
from sandbox.store import Document
from sandbox.world import World

PRODUCTS_PER_CALL = 100  # the vendor's limit is unknown; the contract advises at most 100
_PRODUCT = "/product-service/product/<ids>"

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
    "status": "LIVE",
    "salesPopupMessage": "",
    "warehousePopupMessage": "",
}


def add_product_routes(routes: Blueprint, world: World) -> None:
    """Put the product routes on the account's blueprint."""

    @routes.get(_PRODUCT, endpoint="get-product")
    def read(account: str, ids: str) -> Response:
        asked = (world.store.get("bp_product", n) for n in ids_in(ids, limit=PRODUCTS_PER_CALL))
        found = [product for product in asked if product is not None]
        if not found:
            raise none_found("No Products Found")
        write = time_writer(world, account)
        return json_answer({"response": [product_body(product, write) for product in found]})

    @routes.route(_PRODUCT, methods=["OPTIONS"], endpoint="options-product")
    def options(account: str, ids: str) -> Response:  # noqa: ARG001 - Flask hands it in
        wanted = spans(ids)
        known = [product["id"] for product in world.store.all("bp_product")]
        found = [number for number in known if any(a <= number <= b for a, b in wanted)]
        uris = get_uris("product", found, limit=PRODUCTS_PER_CALL)
        return json_answer({"response": {"getUris": uris}})

    @routes.get("/product-service/product-search", endpoint="search-product")
    def find(account: str) -> Response:
        refuse = world.switches.now.unknown_filter == "refuse"
        resource = search.Resource(SEARCH_COLUMNS, time_writer(world, account), refuse)
        rows = [_search_row(product) for product in world.store.all("bp_product")]
        return json_answer(search.search(resource, rows, request.args))


def product_body(product: Document, write_time: WriteTime) -> dict[str, Any]:
    """Write a product; its name stands in the first sales channel, weight is a number."""
    return {
        "id": product["id"],
        "identity": {"sku": product["sku"], "barcode": product["barcode"]},
        "stock": {
            "stockTracked": product["stock_tracked"],
            "weight": {"magnitude": float(product["weight"])},
            "dimensions": {"length": 0.0, "height": 0.0, "width": 0.0, "volume": 0.0},
        },
        "salesChannels": [_sales_channel(product["name"])],
        "composition": _composition(product),
        "createdOn": write_time(product["created_on"]),
        "updatedOn": write_time(product["created_on"]),
        "version": int(product["created_on"]) * 1000,
        **_SAME_FOR_ALL,
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
        "EAN": None,
        "UPC": None,
        "ISBN": None,
        "MPN": None,
        "stockTracked": product["stock_tracked"],
        "salesChannelName": "Brightpearl",
        "createdOn": product["created_on"],
        "updatedOn": product["created_on"],
        "brightpearlCategoryCode": 296,
        "productGroupId": 12,
        "brandId": 74,
        "productTypeId": 1,
        "productStatus": "LIVE",
        "primarySupplierId": 366,
    }
