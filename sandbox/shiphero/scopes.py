"""What a user may see and do: `view:*`, `change:*`, and personal data (contract section 1)."""

from collections.abc import Callable
from typing import Any

from graphql import GraphQLResolveInfo, GraphQLSchema, default_field_resolver
from graphql.type import GraphQLObjectType

from sandbox.shiphero.faults import SCOPE, Refused
from sandbox.shiphero.visit import Visit, here

VIEW_PII = "view:pii"
# `view:orders` and `change:orders` are documented; the others follow their pattern [U].
_SUBJECTS = {
    "order": "orders",
    "shipment": "orders",
    "product": "products",
    "warehouse": "products",
    "return": "returns",
    "webhook": "webhooks",
}
_FREE = {"account", "uuid", "user_quota"}
_ADDRESSES = (
    ("Order", "shipping_address"),
    ("Order", "billing_address"),
    ("Shipment", "address"),
    ("ShippingLabel", "address"),
    ("Return", "address"),
)
_SHOWN_OF_ADDRESS = {"country", "country_code", "state", "state_code"}

Resolver = Callable[..., Any]


def scope_of(field: str, *, is_query: bool) -> str | None:
    """Name the scope a root field needs; None where it needs none."""
    if field in _FREE:
        return None
    subject = _SUBJECTS[field.removesuffix("s").partition("_")[0]]
    return f"{'view' if is_query else 'change'}:{subject}"


def guarded(resolver: Resolver, scope: str | None) -> Resolver:
    """Let a root field answer code 7 where the caller lacks its scope."""

    def resolve(root: Any, info: GraphQLResolveInfo[Visit], **arguments: Any) -> Any:
        if scope is not None and not here(info).has(scope):
            raise Refused(f"Missing required scope(s): {scope}", SCOPE)
        return resolver(root, info, **arguments)

    return resolve


def hide_pii(schema: GraphQLSchema) -> None:
    """Let personal data be null, without an error, for who lacks its scope."""
    for kind, name in (*_ADDRESSES, ("Order", "email")):
        found = schema.type_map[kind]
        assert isinstance(found, GraphQLObjectType)
        found.fields[name].resolve = _protected


def _protected(source: Any, info: GraphQLResolveInfo[Visit], **arguments: Any) -> Any:
    value = default_field_resolver(source, info, **arguments)
    visit = here(info)
    if value is None or visit.has(VIEW_PII):
        return value
    if not isinstance(value, dict) or visit.world.switches.now.pii_nulls == "address":
        return None
    return {name: each if name in _SHOWN_OF_ADDRESS else None for name, each in value.items()}
