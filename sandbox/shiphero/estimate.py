"""What an operation may cost at most, guessed before it runs (contract section 3)."""

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
