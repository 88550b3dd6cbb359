"""What an operation may cost: the estimate before, the price after, the bucket (section 3)."""

import math
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
)

from sandbox.clock import Clock
from sandbox.shiphero.faults import CREDITS, Refused
from sandbox.switches import SwitchBoard

PAGE_WITHOUT_FIRST = 100


@dataclass(frozen=True)
class Estimator:
    """Counts `1 + N x (1 + sum of nested N)`; N is `first` or `last`, 100 where none is given."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    variables: Mapping[str, Any]

    def complexity(self, root_type: GraphQLObjectType, field: FieldNode) -> int:
        """Estimate one root field."""
        return 1 + self._weight(root_type, field)

    def _weight(self, parent: GraphQLNamedType, field: FieldNode) -> int:
        definition = getattr(parent, "fields", {}).get(field.name.value)
        if definition is None or field.selection_set is None:
            return 0
        kind = get_named_type(definition.type)
        inside = sum(self._weight(t, f) for t, f in self._fields(kind, field.selection_set))
        # Plain lists are free; only what can be paged is multiplied.
        return self._page(field) * (1 + inside) if "first" in definition.args else inside

    def _fields(
        self, kind: GraphQLNamedType, chosen: SelectionSetNode
    ) -> Iterator[tuple[GraphQLNamedType, FieldNode]]:
        for selection in chosen.selections:
            if isinstance(selection, FieldNode):
                yield kind, selection
            elif isinstance(selection, InlineFragmentNode):
                yield from self._fields(kind, selection.selection_set)
            elif isinstance(selection, FragmentSpreadNode):
                fragment = self.fragments[selection.name.value]
                yield from self._fields(kind, fragment.selection_set)

    def _page(self, field: FieldNode) -> int:
        for argument in field.arguments or ():
            if argument.name.value not in {"first", "last"}:
                continue
            if isinstance(argument.value, IntValueNode):
                return int(argument.value.value)
            if isinstance(argument.value, VariableNode):
                given = self.variables.get(argument.value.name.value)
                return PAGE_WITHOUT_FIRST if given is None else int(given)
        return PAGE_WITHOUT_FIRST


def nodes_in(answer: Any) -> int:
    """Count what an answer returned through connections, at any depth."""
    if isinstance(answer, list):
        return sum(nodes_in(part) for part in answer)
    if not isinstance(answer, dict):
        return 0
    edges = answer.get("edges")
    return (len(edges) if isinstance(edges, list) else 0) + sum(
        nodes_in(v) for v in answer.values()
    )


class Bucket:
    """The credits of the account, refilled by the second and shared by all who use it."""

    def __init__(self, clock: Clock, switches: SwitchBoard) -> None:
        self._clock = clock
        self._switches = switches
        self._lock = threading.Lock()
        self._spent = 0.0
        self._at = clock.now()

    def left(self) -> int:
        """Tell how many credits there are now."""
        with self._lock:
            self._refill()
            return int(self._switches.now.credits_max - self._spent)

    def check(self, complexity: int) -> None:
        """Raise error 30, the structural or the waiting one, when the estimate does not fit."""
        most, rate = self._switches.now.credits_max, self._switches.now.credits_per_second
        left = self.left()
        start = (
            "There are not enough credits to perform the requested operation, "
            f"which requires {complexity} credits"
        )
        numbers = {"required_credits": complexity, "remaining_credits": left}
        if complexity > most:
            message = f"{start}, The max allowed for your account is {most} credits per operation. "
            raise Refused(message, CREDITS, **numbers, time_remaining="0")
        if complexity > left:
            wait = math.ceil((complexity - left) / max(rate, 0.001))
            message = (
                f"{start}, but there are only {left} left. "
                f"In {wait} seconds you will have enough credits to perform the operation"
            )
            raise Refused(message, CREDITS, **numbers, time_remaining=f"{wait} seconds")

    def spend(self, cost: int) -> None:
        """Take the price of what ran."""
        with self._lock:
            self._refill()
            self._spent += cost

    def reset(self) -> None:
        """Fill the bucket."""
        with self._lock:
            self._spent = 0.0

    def quota(self) -> dict[str, int]:
        """Write `user_quota`."""
        switches = self._switches.now
        return {
            "credits_remaining": self.left(),
            "max_available": switches.credits_max,
            "increment_rate": int(switches.credits_per_second),
        }

    def _refill(self) -> None:
        now = self._clock.now()
        refilled = (now - self._at) * self._switches.now.credits_per_second
        self._spent, self._at = max(0.0, self._spent - refilled), now
