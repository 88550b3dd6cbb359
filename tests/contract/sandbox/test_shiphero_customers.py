"""A 3PL and its two customers: whose order, whose product, whose webhook (contract section 11)."""

from typing import Any

import pytest

from sandbox.shiphero.ids import global_id
from tests.contract.sandbox.playing import Receiver
from tests.contract.sandbox.served import Served
from tests.waiting import until

PARENT = "sandbox-3pl-access-token"
OWN, FIRST, SECOND = 51_200, "51201", "51202"
ORDERS = (
    "query ($of: String) { orders(customer_account_id: $of) { data(first: 9) { edges { node { "
    "partner_order_id account_id } } } } }"
)


def keys(served: Served, of: str | None = None) -> list[str]:
    edges = served.ask(ORDERS, PARENT, of=of)["data"]["orders"]["data"]["edges"]
    return [edge["node"]["partner_order_id"] for edge in edges]


def skus(served: Served, of: str | None = None) -> int:
    query = (
        "query ($of: String) { products(customer_account_id: $of) { data { edges { cursor } } } }"
    )
    return len(served.ask(query, PARENT, of=of)["data"]["products"]["data"]["edges"])


def test_the_parent_names_its_customers_and_its_warehouse(served: Served) -> None:
    answer = served.ask(
        "{ account { data { is_3pl warehouses { legacy_id } customers(first: 5) "
        "{ edges { node { id legacy_id email status } } } } } }",
        PARENT,
    )

    shown = answer["data"]["account"]["data"]
    assert (shown["is_3pl"], shown["warehouses"]) == (True, [{"legacy_id": 80_761}])
    assert [edge["node"]["id"] for edge in shown["customers"]["edges"]] == [
        global_id("Account", 51_201),
        global_id("Account", 51_202),
    ]


@pytest.mark.parametrize(
    "form", [FIRST, global_id("CustomerAccount", 51_201), global_id("Account", 51_201)]
)
def test_a_customer_is_named_by_number_and_by_both_ids(served: Served, form: str) -> None:
    served.make_order("K", token=PARENT, customer_account_id=form)

    assert keys(served, form) == ["K"]


def test_an_order_without_customer_lands_in_the_parents_own_account(served: Served) -> None:
    served.make_order("forgotten", token=PARENT)
    served.make_order("first", token=PARENT, customer_account_id=FIRST)

    assert (keys(served), keys(served, FIRST), keys(served, SECOND)) == (
        ["forgotten"],
        ["first"],
        [],
    )


def test_the_parents_lists_may_hold_its_customers_rows(served: Served) -> None:
    served.control("switches", parent_lists_customers=True)
    served.make_order("first", token=PARENT, customer_account_id=FIRST)

    assert keys(served) == ["first"]


def test_an_account_that_is_no_customer_is_an_invalid_id(served: Served) -> None:
    answer = served.ask(ORDERS, PARENT, of="51077")

    assert answer["errors"][0]["code"] == 3
    assert answer["errors"][0]["message"] == "Invalid id 51077"


def test_a_single_order_is_the_parents_to_read_and_nobody_elses(served: Served) -> None:
    number = served.make_order("K", token=PARENT, customer_account_id=FIRST)
    query = "query ($id: String!) { order(id: $id) { data { partner_order_id } } }"

    own = served.ask(query, PARENT, id=global_id("Order", number))
    foreign = served.ask(query, id=str(number))

    assert own["data"]["order"]["data"] == {"partner_order_id": "K"}
    assert foreign["errors"][0]["message"] == "Order not found"


def test_skus_belong_to_the_customer(served: Served) -> None:
    product = {"name": "Tea", "sku": "TEA-BRK-125", "warehouse_products": []}
    create = (
        "mutation ($data: CreateProductInput!) { product_create(data: $data) { product { id } } }"
    )

    new = served.ask(create, PARENT, data={**product, "customer_account_id": None})
    known = served.ask(create, PARENT, data={**product, "customer_account_id": SECOND})

    assert "errors" not in new
    assert known["errors"][0]["message"] == "A product with sku TEA-BRK-125 already exists"
    assert (skus(served), skus(served, FIRST)) == (1, 4)


def test_webhooks_are_registered_on_the_customer(served: Served, receiver: Receiver) -> None:
    made = served.subscribe(receiver, "Shipment Update", token=PARENT, customer_account_id=FIRST)
    ship_for(served, FIRST, "heard")
    ship_for(served, SECOND, "elsewhere")

    until(lambda: receiver.got, what="the customer's shipment")

    heard = [body["fulfillment"]["partner_order_id"] for body in receiver.bodies()]
    assert made["account_id"] == global_id("Account", 51_201)
    assert heard == ["heard"]
    assert served.webhook(FIRST, PARENT)["id"] == made["id"]
    assert served.counts(OWN)["subscriptions"] == []


def test_return_update_is_never_heard_by_the_parent(served: Served, receiver: Receiver) -> None:
    served.control("switches", parent_hears_customers=True)
    for name in ("Shipment Update", "Return Update"):
        served.subscribe(receiver, name, token=PARENT)

    number = ship_for(served, FIRST, "K")
    served.control(f"shiphero/orders/{number}/returns", lines={"TEA-BRK-125": 1})

    until(lambda: receiver.got, what="the shipment")
    kept = [each["name"] for each in served.read("webhook-deliveries")]
    assert kept == ["Shipment Update"]


def test_the_credits_of_two_accounts_are_two(served: Served) -> None:
    served.control("shiphero/accounts/51200", credits_max=2002, credits_per_second=30)
    served.control("shiphero/accounts/51200/spend", credits=2000)

    quota = "{ user_quota { credits_remaining max_available increment_rate } }"
    parents = served.ask(quota, PARENT)["data"]["user_quota"]
    others = served.ask(quota)["data"]["user_quota"]

    assert (parents["max_available"], parents["increment_rate"]) == (2002, 30)
    assert parents["credits_remaining"] < 1000
    assert others["max_available"] == 4004
    assert others["credits_remaining"] > 3000


def ship_for(served: Served, customer: str, key: str) -> Any:
    number = served.make_order(key, token=PARENT, customer_account_id=customer)
    served.control(f"shiphero-orders/{number}/ship")
    return number
