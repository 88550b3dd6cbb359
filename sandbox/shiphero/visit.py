"""What resolvers know about the request they answer."""

import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLResolveInfo

from sandbox.shiphero.connections import Node
from sandbox.shiphero.credits import Bucket
from sandbox.store import Document
from sandbox.world import World


@dataclass(frozen=True)
class Caller:
    """Who asks: an account, and what its user may do; `scopes` None is everything."""

    account: Document
    scopes: Collection[str] | None = None


@dataclass(frozen=True)
class Visit:
    """One request: who asks, under which request id, and what each field was estimated to cost."""

    world: World
    bucket: Bucket
    caller: Caller
    request_id: str
    complexity: dict[str, int] = field(default_factory=dict)

    @property
    def account(self) -> Document:
        """The account that asks."""
        return self.caller.account

    def has(self, scope: str) -> bool:
        """Tell whether the caller may do what this scope names."""
        return self.caller.scopes is None or scope in self.caller.scopes


def new_request_id(now: float) -> str:
    """Make 24 hex digits of which the first 8 are the unix time (section 2)."""
    return f"{int(now):08x}{secrets.token_hex(8)}"


def here(info: GraphQLResolveInfo[Visit]) -> Visit:
    """Give the visit of a resolver."""
    return info.context


def result(info: GraphQLResolveInfo[Visit], **more: Any) -> Node:
    """Start the result every root field has: `request_id` and `complexity`."""
    visit = here(info)
    name = str(info.path.key)
    return {"request_id": visit.request_id, "complexity": visit.complexity.get(name, 1), **more}
