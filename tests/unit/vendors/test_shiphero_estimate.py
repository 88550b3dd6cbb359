"""What a document needs to be let in, by the arithmetic that ShipHero's answers show."""

import pytest

from shared.vendors.shiphero import order_documents
from shared.vendors.shiphero.estimate import MUTATION, estimated_cost

NESTED = (
    "query { orders { data(first: %d) { edges { node { line_items(first: %d) { edges } } } } } }"
)
# Captured from answers (contract §3).
CAPTURED = [
    (NESTED % (1, 40), 42),
    (NESTED % (5, 5), 31),
    (NESTED % (5, 40), 206),
    ("query { products { data(first: 1000000) { edges { node { id } } } } }", 1000001),
]


@pytest.mark.parametrize(("document", "cost"), CAPTURED)
def test_the_estimate_is_the_one_that_shiphero_told(document: str, cost: int) -> None:
    assert estimated_cost(document, {}) == cost


def test_page_sizes_come_from_the_variables_and_fragments_count_where_they_are_spread() -> None:
    variables = {"first": 5, "lines": 20}

    assert estimated_cost(order_documents.ORDERS.text, variables) == 1 + 5 * (1 + 20 + 20)


def test_plain_lists_are_free() -> None:
    assert estimated_cost("query { account { data { warehouses { id } } } }", {}) == 1


def test_a_mutation_is_never_taken_for_cheaper_than_a_small_read() -> None:
    assert estimated_cost(order_documents.ORDER_CREATE.text, {"data": {}}) == MUTATION
