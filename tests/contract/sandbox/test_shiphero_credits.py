"""Credits against the table of contract section 3."""

import pytest
from flask.testing import FlaskClient
from graphql import FieldNode, OperationDefinitionNode, parse

from sandbox.shiphero.credits import Estimator
from sandbox.shiphero.routes import played_schema
from tests.contract.sandbox.playing import FakeClock, ShipHeroCaller

ORDERS = (
    "orders { data(first: %d) { edges { node { line_items(first: %d) { edges { cursor } } } } } }"
)


@pytest.mark.parametrize(
    ("query", "estimate"),
    [
        (
            ORDERS % (1, 40),
            42,
        ),
        (
            ORDERS % (5, 5),
            31,
        ),
        (
            ORDERS % (5, 40),
            206,
        ),
        (
            "shipments { data { edges { node { line_items(first: 10) { edges { cursor } } } } } }",
            1101,
        ),
        ("products { data { edges { cursor } } }", 101),
        ("orders { data(first: 1000000) { edges { cursor } } }", 1_000_001),
        ("orders { data(first: $n) { edges { cursor } } }", 8),
        ("account { data { warehouses { id } } }", 1),
    ],
)
def test_the_estimate_is_the_captured_one(query: str, estimate: int) -> None:
    schema = played_schema(is_of_2024=True)
    [operation] = parse(f"query ($n: Int) {{ {query} }}").definitions
    assert isinstance(operation, OperationDefinitionNode)
    [field] = operation.selection_set.selections
    assert isinstance(field, FieldNode)
    assert schema.query_type is not None

    given = Estimator(schema, {}, {"n": 7}).complexity(schema.query_type, field)

    assert given == estimate


def test_only_the_real_cost_is_charged(shiphero: ShipHeroCaller) -> None:
    shiphero.make_order()

    answer = shiphero.ask(
        "{ orders { complexity data(first: 5) { edges { node { line_items(first: 40) "
        "{ edges { node { id } } } } } } } }"
    )

    told = answer["extensions"]["throttling"]
    assert told["estimated_complexity"] == answer["data"]["orders"]["complexity"] == 206
    assert told["cost"] == 4
    assert told["cost_detail"]["orders"] == {
        "items_count": 3,
        "cost": 1,
        "total_cost": 4,
        "fields": {},
    }


def test_what_can_never_fit_is_refused_for_good(shiphero: ShipHeroCaller) -> None:
    answer = shiphero.ask("{ orders { data(first: 1000000) { edges { cursor } } } }")

    [error] = answer["errors"]
    assert answer["data"] == {"orders": None}
    assert (error["code"], error["required_credits"], error["time_remaining"]) == (
        30,
        1_000_001,
        "0",
    )
    assert "The max allowed for your account is 4004 credits per operation" in error["message"]


def test_an_empty_bucket_says_how_long_to_wait_and_fills_again(
    client: FlaskClient, shiphero: ShipHeroCaller, clock: FakeClock
) -> None:
    client.post("/control/switches", json={"credits_max": 102, "credits_per_second": 1})
    shiphero.make_order()
    query = "{ products { data { edges { cursor } } } }"

    refused = shiphero.ask(query)
    clock.turn(5)
    allowed = shiphero.ask(query)

    [error] = refused["errors"]
    assert error["code"] == 30
    assert error["remaining_credits"] == 99
    assert error["time_remaining"] == "2 seconds"
    assert "errors" not in allowed


def test_analyze_tells_the_price_without_running(shiphero: ShipHeroCaller) -> None:
    answer = shiphero.ask(
        "{ orders(analyze: true) { complexity data(first: 9) { edges { cursor } } } }"
    )

    assert answer["data"]["orders"] == {"complexity": 10, "data": None}
