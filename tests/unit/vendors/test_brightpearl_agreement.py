"""Every field that a Brightpearl model reads stands in a sample, where the model looks for it."""

import json
from collections.abc import Iterator, Mapping
from types import NoneType
from typing import Any, get_args

import pytest

from shared.vendors.brightpearl.account_models import (
    AccountConfiguration,
    Channel,
    FoundNote,
    FoundProduct,
    Product,
    ShippingMethod,
    StaffContact,
    Warehouse,
    Webhook,
    WebhookBody,
)
from shared.vendors.brightpearl.models import GoodsOutNote, Reading
from shared.vendors.brightpearl.order_models import OrderNote, SalesOrder
from shared.vendors.brightpearl.search import rows
from tests.unit.vendors.vendor_documents import brightpearl

SHAPES = "documented-shapes/"
SAMPLES: dict[type[Reading], tuple[str, ...]] = {
    GoodsOutNote: (
        "goods-out-note-get-1.json",
        f"{SHAPES}goods-out-note-get-open-partial.json",
        f"{SHAPES}goods-out-note-get-transfer.json",
    ),
    SalesOrder: (
        "order-get-1-sales-order.json",
        "order-get-4-custom-fields.json",
        "order-patch-1-response.json",
    ),
    Product: (
        "product-get-1.json",
        "product-get-3-custom-fields.json",
        "product-get-5-custom-and-null-custom-fields.json",
    ),
    OrderNote: (f"{SHAPES}order-note-get-response.json",),
    Warehouse: (f"{SHAPES}warehouse-get-response.json",),
    ShippingMethod: (f"{SHAPES}shipping-method-get-response.json",),
    Channel: ("channel-get-1-all.json",),
    AccountConfiguration: (f"{SHAPES}account-configuration-get-response.json",),
    StaffContact: ("contact-search-1.json",),
    Webhook: ("webhook-get-1-by-id.json", f"{SHAPES}webhook-get-list.json"),
    WebhookBody: ("webhook-delivery-1-goods-out-note-created.json",),
    FoundNote: (f"{SHAPES}goods-out-search-response.json",),
    FoundProduct: ("product-search-1.json",),
}
# Why we read it all the same.
NOT_IN_A_SAMPLE: dict[str, str] = {
    "GoodsOutNote.id": "the key of the map, put inside by the client (contract §6)",
    "OrderRow.id": "the key of the map, put inside by the model (contract §5)",
    "GoodsOutNote.label_uri": "documented (contract §6)",
    "NoteShipping.boxes": "documented, absent when unset (contract §6)",
    "NoteShipping.weight": "documented, absent when unset (contract §6)",
    "Party.contact_id": "of customer and billing, not of delivery (contract §8)",
    "Identity.ean": "documented, absent when empty (contract §9)",
    "Identity.upc": "documented, absent when empty (contract §9)",
    "Identity.isbn": "documented, absent when empty (contract §9)",
    "Identity.mpn": "documented, absent when empty (contract §9)",
    "ProductComposition.bundle_components": "documented, of bundles alone (contract §9)",
}


def _things(model: type[Reading], name: str) -> list[Any]:
    body = brightpearl(name)
    told = body.get("response", body)
    if isinstance(told, Mapping) and "results" in told:
        return list(rows(told))
    if model is GoodsOutNote:
        return list(told.values())
    return told if isinstance(told, list) else [told]


def _missing(model: type[Reading], things: list[Any]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        alias = str(field.alias or name)
        found = [one[alias] for one in things if isinstance(one, Mapping) and alias in one]
        if not found:
            yield f"{model.__name__}.{name}"
        inner = _model_in(field.annotation)
        if found and inner is not None:
            yield from _missing(inner, [one for value in found for one in _each(value)])


def _each(value: Any) -> Iterator[Any]:
    """Take the objects out of lists, and of maps whose keys are ids."""
    if isinstance(value, list):
        for one in value:
            yield from _each(one)
    elif isinstance(value, Mapping) and value and all(key.isdigit() for key in value):
        for one in value.values():
            yield from _each(one)
    else:
        yield value


def _model_in(annotation: Any) -> type[Reading] | None:
    if isinstance(annotation, type) and not get_args(annotation):
        return annotation if issubclass(annotation, Reading) else None
    inner = [_model_in(one) for one in get_args(annotation) if one not in {NoneType, Ellipsis}]
    return next((one for one in inner if one is not None), None)


@pytest.mark.parametrize("model", SAMPLES, ids=lambda model: model.__name__)
def test_every_field_of_a_model_stands_in_a_sample(model: type[Reading]) -> None:
    things = [thing for name in SAMPLES[model] for thing in _things(model, name)]

    assert set(_missing(model, things)) - NOT_IN_A_SAMPLE.keys() == set()


def test_an_exception_is_only_kept_while_no_sample_has_the_field() -> None:
    missing = {
        field
        for model, names in SAMPLES.items()
        for field in _missing(model, [one for name in names for one in _things(model, name)])
    }

    assert missing == NOT_IN_A_SAMPLE.keys()


def test_a_field_that_nobody_sends_would_be_seen() -> None:
    class Other(Reading):
        id: int
        nickname: str

    found = list(_missing(Other, json.loads('[{"id": 1, "nickName": "x"}]')))

    assert found == ["Other.nickname"]
