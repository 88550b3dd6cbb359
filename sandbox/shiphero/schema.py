"""ShipHero's schema, the part the sandbox plays: as of 2024, and with what came later."""

from collections.abc import Callable, Mapping
from importlib import resources
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLError,
    GraphQLList,
    GraphQLScalarType,
    GraphQLSchema,
    GraphQLString,
    assert_valid_schema,
    build_schema,
)

from sandbox.shiphero import times
from sandbox.shiphero.scopes import guarded, hide_pii, scope_of

FILES_2024 = (
    "root",
    "orders",
    "order_inputs",
    "shipments",
    "returns",
    "products",
    "product_inputs",
    "account",
    "webhooks",
    "webhook_inputs",
)
ADDENDUM = "addendum"
Resolver = Callable[..., Any]


def load_schema(resolvers: Mapping[str, Resolver], *, is_newer: bool) -> GraphQLSchema:
    """Build an executable schema; a resolver is named as its root field."""
    files = (*FILES_2024, ADDENDUM) if is_newer else FILES_2024
    schema = build_schema("\n".join(_text(name) for name in files))
    _scalar(schema, "ISODateTime").coerce_input_value = _read_time
    if is_newer:
        _add_newer_arguments(schema)
    for root in (schema.query_type, schema.mutation_type):
        assert root is not None
        for name, field in root.fields.items():
            scope = scope_of(name, is_query=root is schema.query_type)
            field.resolve = guarded(resolvers[name], scope)
    hide_pii(schema)
    assert_valid_schema(schema)
    return schema


def _text(name: str) -> str:
    return resources.files(__package__).joinpath("schema", f"{name}.graphql").read_text()


def _add_newer_arguments(schema: GraphQLSchema) -> None:
    """Add arguments to old fields, which SDL cannot: contract sections 5 and 8, "2026 pages"."""
    query = schema.query_type
    assert query is not None
    moment = _scalar(schema, "ISODateTime")
    orders = query.fields["orders"].args
    orders["ids"] = GraphQLArgument(GraphQLList(GraphQLString))
    for name in ("created", "required_ship_date"):
        orders[f"{name}_from"] = GraphQLArgument(moment)
        orders[f"{name}_to"] = GraphQLArgument(moment)
    orders["is_wholesale_order"] = GraphQLArgument(GraphQLBoolean)
    query.fields["shipments"].args["customer_account_id"] = GraphQLArgument(GraphQLString)


def _scalar(schema: GraphQLSchema, name: str) -> GraphQLScalarType:
    found = schema.type_map[name]
    assert isinstance(found, GraphQLScalarType)
    return found


def _read_time(value: Any) -> float:
    if not isinstance(value, str):
        raise GraphQLError(f"ISODateTime cannot represent value: {value!r}")
    return times.read(value)
