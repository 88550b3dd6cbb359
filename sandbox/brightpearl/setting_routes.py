"""Warehouses, shipping methods, channels, staff and account settings over HTTP (section 10)."""

from typing import Any

from flask import Blueprint, Response, request

from sandbox.brightpearl import search
from sandbox.brightpearl.faults import none_found
from sandbox.brightpearl.gate import visit
from sandbox.brightpearl.id_sets import ids_in
from sandbox.brightpearl.search import Column, Row
from sandbox.brightpearl.shelf import shelf
from sandbox.brightpearl.trouble import json_answer
from sandbox.brightpearl.writing import time_writer
from sandbox.store import Document
from sandbox.world import World

PER_CALL = 100  # the vendor's limit is unknown; the contract advises at most 100
_LISTS = (
    ("/warehouse-service/warehouse", "bp_warehouse", "get-warehouse"),
    ("/warehouse-service/shipping-method", "bp_method", "get-shipping-method"),
    ("/product-service/channel", "bp_channel", "get-channel"),
)
CONTACT_COLUMNS = (
    Column("contactId", "IDSET"),
    Column("primaryEmail", "SEARCH_STRING"),
    Column("secondaryEmail", "SEARCH_STRING"),
    Column("tertiaryEmail", "SEARCH_STRING"),
    Column("firstName", "SEARCH_STRING"),
    Column("lastName", "SEARCH_STRING"),
    Column("isSupplier", "BOOLEAN", sortable=False),
    Column("companyName", "SEARCH_STRING"),
    Column("isStaff", "BOOLEAN", sortable=False),
    Column("isCustomer", "BOOLEAN", sortable=False),
    Column("createdOn", "PERIOD"),
    Column("updatedOn", "PERIOD"),
)


def add_setting_routes(routes: Blueprint, world: World) -> None:
    """Put the routes of what rarely changes on the account's blueprint."""
    for path, kind, endpoint in _LISTS:
        _add_list(routes, world, path, kind, endpoint)

    @routes.get("/integration-service/account-configuration", endpoint="get-account-configuration")
    def configuration(account: str) -> Response:
        kept = world.store.get("bp_configuration", account)
        return json_answer({"response": {"configuration": kept}})

    @routes.get("/contact-service/contact-search", endpoint="search-contact")
    def contacts(account: str) -> Response:
        refuse = visit().switches.unknown_filter == "refuse"
        resource = search.Resource(CONTACT_COLUMNS, time_writer(world, account), refuse)
        rows = [_contact_row(contact) for contact in world.store.all(shelf("bp_contact", account))]
        return json_answer(search.search(resource, rows, request.args))


def _add_list(routes: Blueprint, world: World, path: str, kind: str, endpoint: str) -> None:
    @routes.get(path, endpoint=endpoint, defaults={"ids": None})
    @routes.get(f"{path}/<ids>", endpoint=endpoint)
    def read(account: str, ids: str | None) -> Response:
        place = shelf(kind, account)
        if ids is None:
            found: list[Any] = world.store.all(place)
        else:
            asked = (world.store.get(place, number) for number in ids_in(ids, limit=PER_CALL))
            found = [document for document in asked if document is not None]
        if not found:
            raise none_found(f"Nothing found in ID Set {ids}")
        return json_answer({"response": found})


def _contact_row(contact: Document) -> Row:
    return {
        "contactId": contact["id"],
        "primaryEmail": contact["email"],
        "secondaryEmail": "",
        "tertiaryEmail": "",
        "firstName": contact["first_name"],
        "lastName": contact["last_name"],
        "isSupplier": False,
        "companyName": "",
        "isStaff": contact["staff"],
        "isCustomer": not contact["staff"],
        "createdOn": contact["created_on"],
        "updatedOn": contact["created_on"],
    }
