"""Models, documents and ShipHero's schema agree: what is read is asked for, and is of that type."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from types import NoneType
from typing import Any, get_args

import pytest
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    build_schema,
    get_named_type,
    parse,
)

from shared.vendors.shiphero import account_documents, order_documents, product_documents
from shared.vendors.shiphero.account_models import (
    Account,
    CreatedWebhook,
    Product,
    StockedProduct,
    WarehouseProduct,
    Webhook,
)
from shared.vendors.shiphero.documents import Document
from shared.vendors.shiphero.models import (
    LineItem,
    OrderRef,
    Reading,
    ShipHeroOrder,
    ShipmentLineItem,
)
from tests.unit.vendors.test_shiphero_schema import ADDENDUM
from tests.unit.vendors.vendor_documents import SHIPHERO, text_of

# Each document with the model of what stands at the end of the steps below its root field.
READ = [
    (order_documents.ORDER, "data", ShipHeroOrder),
    (order_documents.ORDERS, "data", ShipHeroOrder),
    (order_documents.CHANGED_ORDERS, "data", ShipHeroOrder),
    (order_documents.MORE_LINES, "data.line_items", LineItem),
    (order_documents.MORE_SHIPPED_LINES, "data.line_items", ShipmentLineItem),
    (order_documents.ORDER_CREATE, "order", OrderRef),
    (order_documents.ORDER_UPDATE, "order", OrderRef),
    (order_documents.ORDER_CANCEL, "order", OrderRef),
    (account_documents.ACCOUNT, "data", Account),
    (account_documents.PRODUCTS, "data", Product),
    (product_documents.PRODUCTS_OF_SKU, "data", StockedProduct),
    (product_documents.PRODUCT_CREATE, "product", Product),
    (product_documents.PRODUCT_ADD_TO_WAREHOUSE, "warehouse_product", WarehouseProduct),
    (account_documents.WEBHOOKS, "data", Webhook),
    (account_documents.WEBHOOK_CREATE, "webhook", CreatedWebhook),
]
# What ShipHero tells only in the list of subscriptions is not asked for when one is made.
ONLY_LISTED = {"CreatedWebhook.enabled", "CreatedWebhook.health", "CreatedWebhook.created_at"}
SCALARS: dict[type, set[str]] = {
    bool: {"Boolean"},
    int: {"Int", "BigInt"},
    str: {"String", "ID", "ISODateTime"},
    Decimal: {"String", "Float", "Decimal"},
    datetime: {"ISODateTime", "DateTime"},
}


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    """Build ShipHero's schema with what it gained since it was copied."""
    return build_schema(text_of(SHIPHERO / "schema.graphql") + ADDENDUM.read_text(encoding="utf-8"))


class _Reader:
    """Walks a model and a selection side by side."""

    def __init__(self, document: Document, schema: GraphQLSchema) -> None:
        self.parsed: DocumentNode = parse(document.text)
        self.schema = schema
        self.fragments = {
            one.name.value: one
            for one in self.parsed.definitions
            if isinstance(one, FragmentDefinitionNode)
        }

    def disagreements(self, place: str, model: type[Reading]) -> list[str]:
        """List what the model reads and is not asked for, the reverse, and other types."""
        [operation] = [
            one for one in self.parsed.definitions if isinstance(one, OperationDefinitionNode)
        ]
        root = self.schema.get_root_type(operation.operation)
        assert root is not None
        [top] = self._fields(operation.selection_set).values()
        node, kind = top, get_named_type(root.fields[top.name.value].type)
        for step in place.split("."):
            node, kind = self._fields(node.selection_set)[step], _type_of(kind, step)
        return list(self._compare(model, *self._unpaged(node, kind)))

    def _compare(
        self, model: type[Reading], node: FieldNode, kind: GraphQLNamedType
    ) -> Iterator[str]:
        asked = self._fields(node.selection_set)
        for name in asked.keys() ^ model.model_fields.keys():
            yield f"{model.__name__}.{name}"
        for name in asked.keys() & model.model_fields.keys():
            read = _read_as(model.model_fields[name].annotation)
            inner, of_inner = self._unpaged(asked[name], _type_of(kind, name))
            if issubclass(read, Reading):
                yield from self._compare(read, inner, of_inner)
            elif of_inner.name not in SCALARS[read]:
                yield f"{model.__name__}.{name}: {of_inner.name} is no {read.__name__}"

    def _unpaged(
        self, node: FieldNode, kind: GraphQLNamedType
    ) -> tuple[FieldNode, GraphQLNamedType]:
        """Go through the edges of a connection to what it holds."""
        for step in ("edges", "node"):
            if step not in self._fields(node.selection_set):
                break
            node, kind = self._fields(node.selection_set)[step], _type_of(kind, step)
        return node, kind

    def _fields(self, selection: SelectionSetNode | None) -> dict[str, FieldNode]:
        found: dict[str, FieldNode] = {}
        for one in selection.selections if selection else ():
            if isinstance(one, FragmentSpreadNode):
                found |= self._fields(self.fragments[one.name.value].selection_set)
            elif isinstance(one, FieldNode):
                found[one.name.value] = one
        return found


def _type_of(kind: GraphQLNamedType, name: str) -> GraphQLNamedType:
    assert isinstance(kind, GraphQLObjectType)
    found: GraphQLNamedType = get_named_type(kind.fields[name].type)
    return found


def _read_as(annotation: Any) -> type:
    """Find what one value is read as, inside of tuples, options and annotations."""
    if isinstance(annotation, type) and not get_args(annotation):
        return annotation
    inner = [one for one in get_args(annotation) if one not in {NoneType, Ellipsis}]
    return _read_as(inner[0])


@pytest.mark.parametrize(
    ("document", "place", "model"), READ, ids=[f"{one.operation}-{at}" for one, at, _ in READ]
)
def test_what_is_read_is_asked_for_and_is_of_that_type(
    document: Document, place: str, model: type[Reading], schema: GraphQLSchema
) -> None:
    found = _Reader(document, schema).disagreements(place, model)

    assert set(found) - ONLY_LISTED == set()


def test_every_document_that_answers_with_something_is_compared() -> None:
    documents = [
        value
        for module in (account_documents, order_documents, product_documents)
        for value in vars(module).values()
        if isinstance(value, Document)
    ]
    told_nothing = {"webhook_enable", "webhook_delete"}

    # Of a key nothing is read but the key itself.
    compared = [*(document.text for document, _, _ in READ), order_documents.KEYS.text]
    assert {one.operation for one in documents if one.text not in compared} == told_nothing


def test_a_disagreement_would_be_seen(schema: GraphQLSchema) -> None:
    class Other(Reading):
        id: int
        nickname: str

    found = _Reader(account_documents.PRODUCTS, schema).disagreements("data", Other)

    assert sorted(found) == [
        "Other.id: String is no int", "Other.name", "Other.nickname", "Other.sku",
    ]  # fmt: skip
