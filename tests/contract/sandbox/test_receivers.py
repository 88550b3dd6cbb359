"""The receivers of notices: what came, whether its signature fits, and what is answered."""

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from sandbox.receivers import verdict
from services.notifier.notice_forms import body_of
from shared.destinations import SLACK, TEAMS, Told
from shared.mails import Notice
from shared.standard_webhooks import new_secret, signed_headers

SECRET = new_secret()
BODY = b'{"type":"notice.test","data":{"heading":"A test","paragraphs":["One.","Two."]}}'


@pytest.mark.parametrize(
    ("given", "changed", "says"),
    [
        (SECRET, BODY, "good"),
        (SECRET, BODY + b" ", "wrong"),
        (new_secret(), BODY, "wrong"),
        ("", BODY, "no secret given"),
    ],
    ids=["good", "changed body", "another secret", "no secret"],
)
def test_a_signature_is_checked(client: FlaskClient, given: str, changed: bytes, says: str) -> None:
    client.post("/control/received/secret", json={"secret": given})

    send(client, changed)

    assert [one["verdict"] for one in came(client)] == [says]


def test_one_of_two_signatures_is_enough(client: FlaskClient) -> None:
    client.post("/control/received/secret", json={"secret": SECRET})

    send(client, BODY, secrets=[new_secret(), SECRET])

    assert came(client)[0]["verdict"] == "good"


def test_what_is_old_or_unsigned_is_told() -> None:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    headers = signed_headers(BODY, message="msg_1", at=at, secret_texts=[SECRET])

    assert verdict(BODY, headers, SECRET, at.timestamp() + 301) == "too old"
    assert verdict(BODY, {}, SECRET, at.timestamp()) == "unsigned"


def test_the_same_notice_again_is_known_by_its_id(client: FlaskClient) -> None:
    send(client, BODY)
    send(client, BODY)

    assert [one["again"] for one in came(client)] == [False, True]


@pytest.mark.parametrize(("answer", "status"), [("200", 200), ("410", 410), ("302", 302)])
def test_it_answers_as_the_switch_says(client: FlaskClient, answer: str, status: int) -> None:
    client.post("/control/switches", json={"receiver_answer": answer})

    assert send(client, BODY).status_code == status
    assert came(client)[0]["answered"] == status


def test_every_form_is_read_as_a_person_reads_it(client: FlaskClient) -> None:
    notice = Notice(subject="Hear", heading="3 fail", paragraphs=("WEB-1.",))
    told = Told(message="msg_1", kind="orders_failing", about="sku", notice=notice)
    for way in (SLACK, TEAMS):
        body = body_of(way, told, account="demo", at=datetime(2026, 11, 24, tzinfo=UTC))
        client.post(f"/receivers/{way}", data=body)

    assert [one["says"] for one in came(client)] == [["*3 fail*", "WEB-1."], ["3 fail", "WEB-1."]]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b"no json", b'{"blocks": 3}', b"\xff"])
def test_nonsense_is_kept_too(client: FlaskClient, body: bytes) -> None:
    client.post("/receivers/slack", data=body)

    assert came(client)[0]["says"] == []
    assert "cannot be read" in client.get("/receivers").text


def test_the_page_shows_what_came_and_takes_the_secret(client: FlaskClient) -> None:
    form = {"secret": SECRET, "back": "receivers"}
    said = client.post("/page/receiver-secret", data=form, follow_redirects=True).text
    send(client, BODY)

    page = client.get("/receivers").text

    assert "Signatures are checked with that secret" in said
    assert "signature good" in page
    assert "http://localhost/receivers/webhook" in page
    assert json.loads(BODY)["data"]["heading"] in page


def test_what_is_no_secret_is_refused(client: FlaskClient) -> None:
    form = {"secret": "whsec_*", "back": "receivers"}

    said = client.post("/page/receiver-secret", data=form, follow_redirects=True).text

    assert "A secret is whsec_ and base64." in said


def send(client: FlaskClient, body: bytes, *, secrets: list[str] | None = None) -> TestResponse:
    """Send it as signed for BODY, whatever `body` has become."""
    now = datetime.fromtimestamp(time.time(), UTC)
    headers = signed_headers(BODY, message="msg_1", at=now, secret_texts=secrets or [SECRET])
    return client.post("/receivers/webhook", data=body, headers=headers)


def came(client: FlaskClient) -> list[dict[str, Any]]:
    told: list[dict[str, Any]] = client.get("/control/received").get_json()
    return told
