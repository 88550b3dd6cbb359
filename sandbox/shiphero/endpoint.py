"""Reads a GraphQL request, runs it if the credits allow it, and writes the answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    get_operation_ast,
    parse,
    validate,
    value_from_ast_untyped,
)
from graphql.execution import execute_sync

from sandbox.shiphero.answers import error_of, plain_errors, throttling
from sandbox.shiphero.counts import ERROR_30
from sandbox.shiphero.credits import Bucket
from sandbox.shiphero.estimate import Estimator, nodes_in
from sandbox.shiphero.faults import Refused
from sandbox.shiphero.visit import Caller, Visit, new_request_id
from sandbox.world import World

CACHED_DOCUMENTS = 512


class Invalid(Exception):  # noqa: N818 - it is an answer
    """A document does not fit the schema; `errors` carry locations and no code."""

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(str(errors))
        self.errors = errors


@dataclass(frozen=True)
class Question:
    """A parsed and validated operation."""

    schema: GraphQLSchema
    document: DocumentNode
    operation: OperationDefinitionNode
    variables: Mapping[str, Any]

    @property
    def fields(self) -> list[FieldNode]:
        """The root fields asked for."""
        chosen = self.operation.selection_set.selections
        return [field for field in chosen if isinstance(field, FieldNode)]

    @property
    def names(self) -> list[str]:
        """The root fields' names, which are the operations for counts and faults."""
        return [field.name.value for field in self.fields]

    @property
    def is_mutation(self) -> bool:
        """Whether it changes something."""
        return self.operation.operation == OperationType.MUTATION

    @property
    def root_type(self) -> GraphQLObjectType:
        """Query or Mutation."""
        root = self.schema.mutation_type if self.is_mutation else self.schema.query_type
        assert root is not None
        return root

    def only_analyzes(self) -> bool:
        """Whether nothing is run, only priced: `analyze: true` on every field (section 3)."""
        return all(self._analyzes(field) for field in self.fields)

    def _analyzes(self, field: FieldNode) -> bool:
        given = (each.value for each in field.arguments or () if each.name.value == "analyze")
        return any(value_from_ast_untyped(value, dict(self.variables)) is True for value in given)

    def complexities(self, mutation_cost: int) -> dict[str, int]:
        """Estimate each root field under the name it has in the answer."""
        fragments = {
            node.name.value: node
            for node in self.document.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        estimator = Estimator(self.schema, fragments, self.variables)
        # What a mutation costs is unknown; it is never estimated below what it will be charged.
        more = mutation_cost - 1 if self.is_mutation else 0
        return {
            answer_name(field): estimator.complexity(self.root_type, field) + more
            for field in self.fields
        }


def answer_name(field: FieldNode) -> str:
    """Give the name a field has in the answer."""
    return field.alias.value if field.alias else field.name.value


@lru_cache(maxsize=CACHED_DOCUMENTS)
def _checked(schema: GraphQLSchema, text: str) -> DocumentNode:
    try:
        document = parse(text)
    except GraphQLError as error:
        raise Invalid(plain_errors([error])) from error
    if errors := validate(schema, document):
        raise Invalid(plain_errors(errors))
    return document


def read_question(schema: GraphQLSchema, body: Mapping[str, Any]) -> Question:
    """Parse and validate what was sent."""
    text = body.get("query")
    if not isinstance(text, str):
        raise Invalid([{"message": "Must provide query string."}])
    document = _checked(schema, text)
    operation = get_operation_ast(document, body.get("operationName"))
    if operation is None:
        raise Invalid([{"message": "Must provide operation name."}])
    variables = body.get("variables") or {}
    return Question(schema, document, operation, variables if isinstance(variables, dict) else {})


def answer(world: World, bucket: Bucket, caller: Caller, question: Question) -> dict[str, Any]:
    """Run an operation if the credits allow it, and charge what it really cost."""
    price = world.switches.now.mutation_cost if question.is_mutation else 1
    complexities = question.complexities(price)
    visit = Visit(world, bucket, caller, new_request_id(world.clock.now()), complexities)
    total = sum(complexities.values())
    try:
        if not question.only_analyzes():
            bucket.check(total)
    except Refused as refused:
        return refusal(visit, question, refused)
    result = execute_sync(
        question.schema,
        question.document,
        variable_values=dict(question.variables),
        operation_name=question.operation.name.value if question.operation.name else None,
        context_value=visit,
    )
    named = {answer_name(field): field.name.value for field in question.fields}
    body: dict[str, Any] = {}
    if result.errors:
        body["errors"] = [error_of(error, named, visit.request_id) for error in result.errors]
    body["data"] = result.data
    counts = {name: nodes_in((result.data or {}).get(name)) for name in named}
    bucket.spend(sum(counts.values()) + len(counts) * price)
    body["extensions"] = throttling(bucket, total, counts, price)
    return body


def refusal(visit: Visit, question: Question, refused: Refused) -> dict[str, Any]:
    """Answer error 30: nothing ran, each root field is null."""
    counts = {answer_name(field): 0 for field in question.fields}
    error = {
        "code": refused.code,
        "message": refused.message,
        "operation": question.names[0] if question.names else None,
        "request_id": visit.request_id,
        **refused.more,
    }
    account = str(visit.account["legacy_id"])
    visit.world.calls.note("shiphero", account, ERROR_30, is_request=False)
    # A cost of 1 is told but not taken: the captured answer still has a full bucket.
    told = throttling(visit.bucket, refused.more["required_credits"], counts, 1)
    told["throttling"]["user_quota"]["credits_remaining"] = refused.more["remaining_credits"]
    return {"errors": [error], "data": dict.fromkeys(counts), "extensions": told}
