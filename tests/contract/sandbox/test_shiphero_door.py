"""ShipHero's door over HTTP: tokens, scopes, personal data (contract section 1)."""

from typing import Any

import pytest

from tests.contract.sandbox.served import Served

LOGIN = {"username": "demo@sandbox.test", "password": "sandbox"}
ACCOUNT = 51_077
ASK = "{ user_quota { max_available } }"
ORDER = (
    "{ orders { data(first: 1) { edges { node { partner_order_id email shipping_address "
    "{ first_name city country } billing_address { first_name } } } } } }"
)


def status(served: Served, token: str) -> int:
    return served.post("/graphql", {"query": ASK}, token).status_code


def a_user(served: Served, *scopes: str) -> str:
    made = served.control("shiphero/users", username="u", account=ACCOUNT, scopes=list(scopes))
    token: str = made["access_token"]
    return token


def test_expired_tokens_are_401_until_they_are_refreshed(served: Served) -> None:
    first = served.post("/auth/token", LOGIN).json()
    served.control(f"shiphero/accounts/{ACCOUNT}/tokens/expire")

    second = served.post("/auth/refresh", {"refresh_token": first["refresh_token"]}).json()

    assert status(served, first["access_token"]) == 401
    assert status(served, second["access_token"]) == 200
    assert "refresh_token" not in second


def test_after_a_revocation_only_the_password_is_left(served: Served) -> None:
    first = served.post("/auth/token", LOGIN).json()
    served.control(f"shiphero/accounts/{ACCOUNT}/tokens/revoke")

    refreshed = served.post("/auth/refresh", {"refresh_token": first["refresh_token"]})
    again = served.post("/auth/token", LOGIN).json()

    assert (status(served, first["access_token"]), refreshed.status_code) == (401, 401)
    assert status(served, again["access_token"]) == 200


def test_a_suspended_account_has_no_working_token(served: Served) -> None:
    token = served.post("/auth/token", LOGIN).json()["access_token"]
    served.control(f"shiphero/accounts/{ACCOUNT}", suspended=True)
    while_suspended = (status(served, token), served.post("/auth/token", LOGIN).status_code)
    served.control(f"shiphero/accounts/{ACCOUNT}", suspended=False)

    assert while_suspended == (401, 401)
    assert status(served, token) == 200


def test_a_refresh_may_turn_the_refresh_token(served: Served) -> None:
    served.control("switches", refresh_gives_refresh_token=True)
    old = served.post("/auth/token", LOGIN).json()["refresh_token"]

    new = served.post("/auth/refresh", {"refresh_token": old}).json()["refresh_token"]

    assert served.post("/auth/refresh", {"refresh_token": old}).status_code == 401
    assert served.post("/auth/refresh", {"refresh_token": new}).status_code == 200


def test_the_life_of_a_token_is_told_as_it_is(served: Served) -> None:
    served.control("switches", token_life=90)

    assert served.post("/auth/token", LOGIN).json()["expires_in"] == 90


@pytest.mark.parametrize("answer", ["401", "403", "400", "200"])
def test_a_wrong_password_is_refused_as_the_switch_says(served: Served, answer: str) -> None:
    served.control("switches", wrong_password_answer=answer)

    refused = served.post("/auth/token", {**LOGIN, "password": "no"})

    assert refused.status_code == int(answer)
    assert refused.json()["error"] == "invalid_grant"


@pytest.mark.parametrize(
    ("shape", "kind"), [("json", "application/json"), ("empty", "text/html"), ("html", "text/html")]
)
def test_a_401_has_the_body_the_switch_says(served: Served, shape: str, kind: str) -> None:
    served.control("switches", unauthorized_body=shape)

    refused = served.post("/graphql", {"query": ASK}, "no-such-token")

    assert (refused.status_code, bool(refused.text)) == (401, shape != "empty")
    assert kind in refused.headers["Content-Type"]


def test_a_missing_scope_is_code_7(served: Served) -> None:
    token = a_user(served, "view:products")

    answer = served.ask("{ products { request_id } orders { request_id } }", token)

    [error] = answer["errors"]
    assert error.pop("request_id")
    assert error == {
        "message": "Missing required scope(s): view:orders",
        "operation": "orders",
        "field": "orders",
        "code": 7,
    }
    assert answer["data"]["orders"] is None
    assert answer["data"]["products"] is not None


def test_a_user_who_may_only_look_changes_nothing(served: Served) -> None:
    token = a_user(served, "view:orders", "view:pii")

    answer = served.ask(
        "mutation { order_create(data: {shipping_address: {}}) { order { id } } }", token
    )

    assert answer["errors"][0]["message"] == "Missing required scope(s): change:orders"
    assert served.read("shiphero-orders") == []


@pytest.mark.parametrize(
    ("how", "address"),
    [("fields", {"first_name": None, "city": None, "country": "GB"}), ("address", None)],
)
def test_without_the_scope_personal_data_is_null_and_no_error(
    served: Served, how: str, address: Any
) -> None:
    served.control("switches", pii_nulls=how)
    to = {"first_name": "Maeve", "city": "Norwich", "country": "GB"}
    served.make_order("K", shipping_address=to, email="maeve@example.com")

    answer = served.ask(ORDER, a_user(served, "view:orders"))

    [edge] = answer["data"]["orders"]["data"]["edges"]
    assert "errors" not in answer
    assert edge["node"]["partner_order_id"] == "K"
    assert edge["node"]["email"] is None
    assert edge["node"]["shipping_address"] == address
