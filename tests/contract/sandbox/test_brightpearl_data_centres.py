"""An account lives in one data centre and may move (contract section 1)."""

import pytest
from flask.testing import FlaskClient

from sandbox.brightpearl.data_centres import DataCentres
from sandbox.settings import Settings
from tests.contract.sandbox.oauth import OAuthApp

EUW1, USE1 = "127.0.0.1:8100", "127.0.0.2:8100"


@pytest.fixture
def app(client: FlaskClient) -> OAuthApp:
    return OAuthApp(client)


def move(client: FlaskClient, data_centre: str = "use1") -> None:
    answer = client.post("/control/accounts/demo/move", json={"data_centre": data_centre})
    assert answer.status_code == 200


def test_tokens_name_the_data_centre_of_now(client: FlaskClient, app: OAuthApp) -> None:
    tokens = app.connect()
    move(client)

    moved = app.refresh(tokens["refresh_token"]).get_json()
    back = app.token(USE1, grant_type="refresh_token", refresh_token=moved["refresh_token"])

    assert (tokens["api_domain"], moved["api_domain"]) == (EUW1, USE1)
    assert back.get_json()["api_domain"] == USE1


def test_a_moved_account_answers_at_its_new_host_alone(client: FlaskClient, app: OAuthApp) -> None:
    token = app.connect()["access_token"]
    move(client)

    old, new = app.call(token, host=EUW1), app.call(token, host=USE1)

    assert (old.status_code, old.get_json()) == (401, {"response": "Authorization token expired"})
    assert new.status_code == 200


@pytest.mark.parametrize(("way", "status"), [("not_found", 404), ("redirect", 307)])
def test_the_old_host_answers_as_the_switch_says(
    client: FlaskClient, app: OAuthApp, way: str, status: int
) -> None:
    client.post("/control/switches", json={"moved_answer": way})
    token = app.connect()["access_token"]
    move(client)

    answer = app.call(token)

    where = {"redirect": f"http://{USE1}/public-api/demo/warehouse-service/warehouse"}
    assert (answer.status_code, answer.get_data()) == (status, b"")
    assert answer.headers.get("Location") == where.get(way)


def test_a_multi_message_works_in_either_data_centre(
    client: FlaskClient, app: OAuthApp, note_id: int
) -> None:
    token = app.connect()["access_token"]
    move(client)
    uri = f"/warehouse-service/goods-note/goods-out/{note_id}"
    put = {"label": "a", "uri": uri, "httpMethod": "PUT", "body": {"priority": True}}
    messages = [put, {**put, "label": "b"}]
    body = {"processingMode": "SEQUENTIAL", "onFail": "STOP", "messages": messages}

    answer = client.post(
        "/public-api/demo/multi-message",
        json=body,
        base_url=f"http://{USE1}",
        headers={
            "Authorization": f"Bearer {token}",
            "brightpearl-app-ref": Settings.client_id,
            "brightpearl-dev-ref": Settings.dev_ref,
        },
    )

    assert answer.status_code == 200


def test_a_place_that_is_none_is_refused(client: FlaskClient) -> None:
    answer = client.post("/control/accounts/demo/move", json={"data_centre": "moon"})

    assert answer.status_code == 400


def test_domains_can_be_told_where_hosts_are_named() -> None:
    centres = DataCentres(Settings(euw1_domain="euw1.sandbox:80", use1_domain="use1.sandbox:80"))

    assert centres.called("use1.sandbox:80") == "use1"
    assert centres.called("sandbox:8100") == "euw1"
    assert centres.domain("use1", "sandbox:8100") == "use1.sandbox:80"


def test_without_a_second_host_all_is_one_data_centre() -> None:
    centres = DataCentres(Settings(second_host=""))

    assert centres.called("127.0.0.2:8100") == "euw1"
