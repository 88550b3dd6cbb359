"""Brightpearl's OAuth against contract section 3."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from tests.contract.sandbox.oauth import BACK, OAuthApp
from tests.contract.sandbox.playing import FakeClock, sample

EXPIRED = {"response": "Authorization token expired"}
DEAD = {
    "error_description": "The auth token has either expired or does not exist",
    "error": "invalid_grant",
}


@pytest.fixture
def app(client: FlaskClient) -> OAuthApp:
    return OAuthApp(client)


def turn(client: FlaskClient, **switches: Any) -> None:
    assert client.post("/control/accounts/demo/switches", json=switches).status_code == 200


def test_the_consent_page_offers_both_answers(app: OAuthApp) -> None:
    page = app.ask().get_data(as_text=True)

    assert 'value="approve"' in page
    assert 'value="refuse"' in page
    assert 'name="state" value="s/1"' in page


def test_approval_comes_back_with_a_code_and_the_state(app: OAuthApp) -> None:
    answer = app.ask(decision="approve")

    told = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith(f"{BACK}?")
    assert (set(told), told["state"]) == ({"code", "state"}, ["s/1"])


def test_refusal_comes_back_with_access_denied_and_the_state(app: OAuthApp) -> None:
    answer = app.ask(decision="refuse")

    assert answer.headers["Location"] == f"{BACK}?error=access_denied&state=s%2F1"


def test_an_unknown_account_is_told_on_the_page(client: FlaskClient) -> None:
    answer = OAuthApp(client, "nowhere").ask(decision="approve")

    assert answer.status_code == 404
    assert "There is no Brightpearl account nowhere." in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    "wrong", [{"client_id": "other"}, {"response_type": "token"}, {"redirect_uri": "javascript:1"}]
)
def test_what_cannot_be_approved_stays_on_the_page(app: OAuthApp, wrong: dict[str, str]) -> None:
    answer = app.ask(decision="approve", **wrong)

    assert answer.status_code == 404
    assert "Location" not in answer.headers


@pytest.mark.parametrize("grant", ["authorization-code", "refresh"])
def test_the_answer_has_exactly_the_recorded_keys(app: OAuthApp, grant: str) -> None:
    recorded = json.loads(sample(f"brightpearl/samples/oauth-token-{grant}-response.json"))

    tokens = app.connect()
    given = {"authorization-code": tokens, "refresh": app.refresh(tokens["refresh_token"]).json}

    assert list(given[grant] or {}) == list(recorded)
    assert {k: type(v) for k, v in (given[grant] or {}).items()} == {
        k: type(v) for k, v in recorded.items()
    }


def test_tokens_hold_what_must_be_url_encoded(app: OAuthApp) -> None:
    tokens = app.connect()

    assert {"+", "/", "="} <= set(tokens["access_token"])
    assert {"+", "/", "="} <= set(tokens["refresh_token"])


def test_an_access_token_opens_the_account_and_names_its_instance(app: OAuthApp) -> None:
    tokens = app.connect()

    answer = app.call(tokens["access_token"])

    instance = answer.headers["Brightpearl-Installed-Integration-Instance-Id"]
    assert answer.status_code == 200
    assert instance == tokens["installation_instance_id"]


def test_a_token_of_one_account_opens_no_other(client: FlaskClient, app: OAuthApp) -> None:
    client.post("/control/accounts", json={"code": "acme"})
    token = app.connect()["access_token"]

    answer = OAuthApp(client, "acme").call(token)

    assert answer.get_json() == {"response": f"Invalid instance token: {token}"}


@pytest.mark.parametrize("missing", ["brightpearl_app_ref", "brightpearl_dev_ref"])
def test_a_missing_reference_is_not_authenticated(app: OAuthApp, missing: str) -> None:
    answer = app.call(app.connect()["access_token"], **{missing: ""})

    assert answer.status_code == 401
    assert answer.get_json()["response"].startswith("Not authenticated.")


def test_a_code_is_good_once(app: OAuthApp) -> None:
    code = app.code()
    app.exchange(code)

    again = app.exchange(code)

    assert (again.status_code, again.get_json()) == (400, DEAD)


def test_a_code_is_good_for_ten_minutes(app: OAuthApp, clock: FakeClock) -> None:
    code = app.code()
    clock.turn(601)

    assert app.exchange(code).get_json() == DEAD


def test_the_redirect_must_be_the_same(app: OAuthApp) -> None:
    recorded = sample("brightpearl/samples/oauth-token-error-400-redirect-uri-mismatch.json")

    answer = app.exchange(app.code(), redirect_uri=f"{BACK}/")

    assert (answer.status_code, answer.get_json()) == (400, json.loads(recorded))


@pytest.mark.parametrize("wrong", [{"client_id": "other"}, {"client_secret": ""}])
def test_a_wrong_client_is_invalid(app: OAuthApp, wrong: dict[str, str]) -> None:
    answer = app.exchange(app.code(), **wrong)

    assert (answer.status_code, answer.get_json()) == (400, {"error": "invalid_client"})


def test_an_access_token_ends_after_its_life(
    client: FlaskClient, app: OAuthApp, clock: FakeClock
) -> None:
    turn(client, access_token_life=100)
    tokens = app.connect()
    clock.turn(101)

    answer = app.call(tokens["access_token"])

    assert tokens["expires_in"] == 100
    assert (answer.status_code, answer.get_json()) == (401, EXPIRED)


def test_expired_by_hand_a_refresh_helps(client: FlaskClient, app: OAuthApp) -> None:
    tokens = app.connect()
    client.post("/control/accounts/demo/tokens/expire")

    before = app.call(tokens["access_token"])
    fresh = app.refresh(tokens["refresh_token"]).get_json()
    after = app.call(fresh["access_token"])

    assert before.get_json() == EXPIRED
    assert after.status_code == 200


def test_revoked_by_hand_nothing_helps(client: FlaskClient, app: OAuthApp) -> None:
    tokens = app.connect()
    client.post("/control/accounts/demo/tokens/revoke")

    answer = app.call(tokens["access_token"])
    refused = app.refresh(tokens["refresh_token"])

    told = f"Invalid instance token: {tokens['access_token']}"
    assert (answer.status_code, answer.get_json()) == (401, {"response": told})
    assert (refused.status_code, refused.get_json()) == (400, DEAD)


@pytest.mark.parametrize(
    ("rotation", "is_same", "old_after"),
    [
        ("rotate", False, (400, 400)),
        ("keep", True, (200, 200)),
        ("rotate_with_grace", False, (200, 400)),
    ],
)
def test_rotation_is_as_the_switch_says(
    client: FlaskClient,
    app: OAuthApp,
    clock: FakeClock,
    rotation: str,
    is_same: bool,  # noqa: FBT001 - a column of the table
    old_after: tuple[int, int],
) -> None:
    turn(client, refresh_rotation=rotation, refresh_grace=30)
    old = app.connect()["refresh_token"]

    new = app.refresh(old).get_json()["refresh_token"]
    at_once = app.refresh(old).status_code
    clock.turn(31)
    later = app.refresh(old).status_code

    assert (new == old) is is_same
    assert (at_once, later) == old_after


def test_the_new_refresh_token_works(app: OAuthApp) -> None:
    new = app.refresh(app.connect()["refresh_token"]).get_json()["refresh_token"]

    assert app.refresh(new).status_code == 200


def test_an_early_refresh_may_give_the_same_access_token(
    client: FlaskClient, app: OAuthApp, clock: FakeClock
) -> None:
    turn(client, early_refresh="same")
    tokens = app.connect()
    clock.turn(1000)

    fresh = app.refresh(tokens["refresh_token"]).get_json()

    assert fresh["access_token"] == tokens["access_token"]
    assert fresh["expires_in"] == 604_800 - 1000


def test_a_refresh_may_end_the_access_token_before_it(client: FlaskClient, app: OAuthApp) -> None:
    turn(client, refresh_ends_access=True)
    tokens = app.connect()

    app.refresh(tokens["refresh_token"])

    assert app.call(tokens["access_token"]).status_code == 401


def test_a_refresh_whose_answer_is_lost_has_rotated_all_the_same(
    client: FlaskClient, app: OAuthApp
) -> None:
    old = app.connect()["refresh_token"]
    fault = {"vendor": "brightpearl", "operation": "token-refresh", "kind": "html_502"}
    client.post("/control/faults", json={**fault, "after_effect": True})

    lost = app.refresh(old)

    assert lost.status_code == 502
    assert app.refresh(old).get_json() == DEAD


def test_token_calls_cost_no_budget(app: OAuthApp) -> None:
    answer = app.refresh(app.connect()["refresh_token"])

    assert "Brightpearl-Requests-Remaining" not in answer.headers
    assert (
        app.call(answer.get_json()["access_token"]).headers["Brightpearl-Requests-Remaining"]
        == "199"
    )
