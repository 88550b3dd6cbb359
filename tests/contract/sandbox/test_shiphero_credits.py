"""Credits against the table of contract section 3."""

import pytest
from flask.testing import FlaskClient
from graphql import FieldNode, OperationDefinitionNode, parse

from sandbox.shiphero.estimate import Estimator
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
    schema = played_schema(is_newer=False)
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
    clock.turn(11)
    allowed = shiphero.ask(query)

    [error] = refused["errors"]
    assert error["code"] == 30
    assert error["remaining_credits"] == 90
    assert error["time_remaining"] == "11 seconds"
    assert "errors" not in allowed


def test_analyze_tells_the_price_without_running(shiphero: ShipHeroCaller) -> None:
    answer = shiphero.ask(
        "{ orders(analyze: true) { complexity data(first: 9) { edges { cursor } } } }"
    )

    assert answer["data"]["orders"] == {"complexity": 10, "data": None}


def test_the_bucket_is_as_large_and_as_fast_as_the_account_bought(
    client: FlaskClient, shiphero: ShipHeroCaller, clock: FakeClock
) -> None:
    bought = {"credits_max": 1001, "credits_per_second": 15}
    client.post("/control/shiphero/accounts/51077", json=bought)
    client.post("/control/shiphero/accounts/51077/spend", json={"credits": 1001})

    empty = shiphero.ask("{ orders { request_id } }")["errors"][0]
    clock.turn(10)
    quota = shiphero.ask("{ user_quota { credits_remaining max_available increment_rate } }")

    assert empty["remaining_credits"] == 0
    assert quota["data"]["user_quota"] == {
        "credits_remaining": 150,
        "max_available": 1001,
        "increment_rate": 15,
    }


@pytest.mark.parametrize(
    ("form", "told"),
    [("seconds", "2 seconds"), ("minutes", "1 minutes"), ("number", 2), ("empty", "")],
)
def test_the_wait_is_written_as_the_switch_says(
    client: FlaskClient, shiphero: ShipHeroCaller, form: str, told: object
) -> None:
    client.post("/control/switches", json={"time_remaining_as": form})
    client.post("/control/shiphero/accounts/51077/spend", json={"credits": 4004})

    [error] = shiphero.ask("{ products { data { edges { cursor } } } }")["errors"]

    assert error["time_remaining"] == told
    assert "but there are only 0 left. In 2 seconds you will have enough" in error["message"]


def test_another_app_drains_the_same_bucket(
    client: FlaskClient, shiphero: ShipHeroCaller, clock: FakeClock
) -> None:
    client.post("/control/switches", json={"other_app_credits_per_second": 160})
    quota = "{ user_quota { credits_remaining } }"
    before = shiphero.ask(quota)["data"]["user_quota"]["credits_remaining"]

    clock.turn(20)

    after = shiphero.ask(quota)["data"]["user_quota"]["credits_remaining"]
    assert before - after == 2001


@pytest.mark.parametrize(("form", "status"), [("429", 429), ("503", 503), ("error", 200)])
def test_too_many_requests_in_a_window_are_refused_as_the_switch_says(
    client: FlaskClient, clock: FakeClock, form: str, status: int
) -> None:
    client.post("/control/switches", json={"request_cap": 2, "request_cap_answer": form})
    headers = {"Authorization": "Bearer sandbox-access-token"}
    ask = {"query": "{ user_quota { max_available } }"}

    answers = [client.post("/graphql", json=ask, headers=headers) for _ in range(3)]
    clock.turn(300)
    later = client.post("/graphql", json=ask, headers=headers)

    assert [answer.status_code for answer in answers] == [200, 200, status]
    assert ("errors" in answers[2].get_json()) is (form == "error")
    assert later.status_code == 200


def test_a_price_can_be_asked_with_an_empty_bucket(
    client: FlaskClient, shiphero: ShipHeroCaller
) -> None:
    client.post("/control/shiphero/accounts/51077/spend", json={"credits": 4004})

    answer = shiphero.ask(
        "query ($dry: Boolean) { orders(analyze: $dry) { complexity } }", dry=True
    )

    assert answer["data"]["orders"] == {"complexity": 1}


def test_a_mutation_costs_what_the_switch_says(
    client: FlaskClient, shiphero: ShipHeroCaller
) -> None:
    client.post("/control/switches", json={"mutation_cost": 25})

    answer = shiphero.ask(
        "mutation { order_create(data: {shipping_address: {}}) { complexity order { id } } }"
    )

    assert answer["extensions"]["throttling"]["cost"] == 25
    assert answer["data"]["order_create"]["complexity"] == 25
