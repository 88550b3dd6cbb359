"""The sandbox as a process: webhooks sent, state kept over kill -9, connections cut."""

import hashlib
import hmac
import json
import os
import signal
import smtplib
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from deploy.embedded.free_ports import free_port
from tests.contract.sandbox.playing import Receiver
from tests.contract.sandbox.process import NOTES, ROOT, Process
from tests.waiting import until

CREATE_HOOK = (
    "mutation ($data: CreateWebhookInput!) "
    "{ webhook_create(data: $data) { webhook { id shared_signature_secret } } }"
)
CREATE_ORDER = (
    "mutation ($data: CreateOrderInput!) { order_create(data: $data) { order { legacy_id } } }"
)


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Process]:
    process = Process(tmp_path / "state.sqlite", free_port(), free_port())
    process.start()
    yield process
    if process.process.poll() is None:
        process.end()


def subscribe(sandbox: Process, url: str) -> None:
    variables = ("account-code", "resource-type", "resource-id", "lifecycle-event", "full-event")
    body = {
        "subscribeTo": "goods-out-note",
        "httpMethod": "POST",
        "uriTemplate": url,
        "bodyTemplate": json.dumps({name: f"${{{name}}}" for name in variables}),
        "contentType": "application/json",
        "idSetAccepted": True,
        "qualityOfService": 1,
    }
    sandbox.call("POST", "/public-api/demo/integration-service/webhook", body)


def make_order(sandbox: Process, key: str) -> int:
    line = {"sku": "TEA-BRK-125", "partner_line_item_id": "1", "quantity": 1, "price": "1.00"}
    data = {"partner_order_id": key, "shipping_address": {"city": "Leeds"}, "line_items": [line]}
    number: int = sandbox.ask(CREATE_ORDER, data)["data"]["order_create"]["order"]["legacy_id"]
    return number


def test_state_and_undelivered_webhooks_survive_kill_9(
    sandbox: Process, receiver: Receiver
) -> None:
    receiver.statuses = [503] * 1000
    subscribe(sandbox, receiver.url)
    [made] = sandbox.call("POST", "/control/sales-orders", {}).json()["orders"]
    sandbox.end(signal.SIGKILL)
    receiver.statuses = []
    receiver.got.clear()

    sandbox.start()

    until(lambda: receiver.got, what="the webhook to come after the restart")
    notes = sandbox.call("GET", "/control/goods-out-notes").json()
    assert [note["noteId"] for note in notes] == made["noteIds"]
    assert receiver.bodies()[0]["resource-id"] == str(made["noteIds"][0])


def test_a_webhook_is_tried_again_until_it_is_taken(sandbox: Process, receiver: Receiver) -> None:
    receiver.statuses = [500, 302]
    subscribe(sandbox, receiver.url)

    sandbox.call("POST", "/control/sales-orders", {})

    until(lambda: sandbox.deliveries()[0]["state"] == "delivered", what="the third try")
    assert sandbox.deliveries()[0]["attempts"] == 3
    timing = sandbox.call("GET", "/control/ledger").json()["note_timings"][0]
    assert timing["webhook_delivered_at"] > timing["created_at"]


def test_shipment_updates_are_signed_and_tried_again_with_one_message_id(
    sandbox: Process, receiver: Receiver
) -> None:
    made = sandbox.ask(CREATE_HOOK, {"name": "Shipment Update", "url": receiver.url})
    secret = made["data"]["webhook_create"]["webhook"]["shared_signature_secret"]
    receiver.statuses = [500]

    sandbox.call(
        "POST", f"/control/shiphero-orders/{make_order(sandbox, 'K')}/ship", {"parcels": 1}
    )

    until(lambda: len(receiver.got) == 2, what="the second try")
    (_, first, body), (_, second, _) = receiver.got
    digest = hmac.new(secret.encode(), body, hashlib.sha256).digest()
    assert first["x-shiphero-hmac-sha256"] == b64encode(digest).decode()
    assert first["x-shiphero-message-id"] == second["x-shiphero-message-id"]
    assert json.loads(body)["total_packages"] == 1


def test_shiphero_gives_up_after_five_retries(sandbox: Process, receiver: Receiver) -> None:
    sandbox.ask(CREATE_HOOK, {"name": "Shipment Update", "url": receiver.url})
    receiver.statuses = [404] * 10

    sandbox.call("POST", f"/control/shiphero-orders/{make_order(sandbox, 'K')}/ship", {})

    until(lambda: sandbox.deliveries()[0]["state"] == "given_up", what="the last try")
    assert sandbox.deliveries()[0]["attempts"] == 6


def test_a_webhook_is_registered_only_where_a_head_is_answered_with_200(
    sandbox: Process, receiver: Receiver
) -> None:
    receiver.head_status = 405
    hook = {"name": "Shipment Update", "url": receiver.url, "shop_name": "goodsout"}

    refused = sandbox.ask(CREATE_HOOK, hook)
    receiver.head_status = 200
    sandbox.ask(CREATE_HOOK, hook)
    twice = sandbox.ask(CREATE_HOOK, hook)

    assert "HEAD" in refused["errors"][0]["message"]
    assert twice["errors"][0]["message"] == "Webhook already exists"


def test_a_dropped_connection_may_or_may_not_have_had_an_effect(sandbox: Process) -> None:
    fault = {"vendor": "shiphero", "operation": "order_create"}
    for kind in ("drop_before", "drop_after"):
        sandbox.call("POST", "/control/faults", {**fault, "kind": kind})

    with pytest.raises(requests.ConnectionError):
        make_order(sandbox, "before")
    with pytest.raises(requests.ConnectionError):
        make_order(sandbox, "after")

    orders = sandbox.call("GET", "/control/shiphero-orders").json()
    assert [order["partner_order_id"] for order in orders] == ["after"]


def test_a_cut_inside_a_multi_message_cuts_the_whole(sandbox: Process) -> None:
    fault = {
        "vendor": "brightpearl",
        "operation": "post-goods-out-note-event",
        "kind": "drop_after",
    }
    sandbox.call("POST", "/control/sales-orders", {})
    sandbox.call("POST", "/control/faults", fault)
    event = {"eventCode": "SHW", "occured": "2026-07-01T09:30:00.000Z", "eventOwnerId": 31}
    uri = "/warehouse-service/goods-note/goods-out/7001"
    put = {"label": "a", "uri": uri, "httpMethod": "PUT", "body": {"priority": True}}
    ship = {"label": "b", "uri": f"{uri}/event", "httpMethod": "POST", "body": {"events": [event]}}
    body = {"processingMode": "SEQUENTIAL", "onFail": "STOP", "messages": [put, ship]}

    with pytest.raises(requests.ConnectionError):
        sandbox.call("POST", "/public-api/demo/multi-message", body)

    [note] = sandbox.call("GET", "/control/goods-out-notes").json()
    assert note["shipped"] is True


def test_one_connection_serves_many_requests(sandbox: Process) -> None:
    answers = [sandbox.call("PUT", f"{NOTES}/1", {"priority": True}) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [404, 404, 404]
    assert "Connection" not in answers[0].headers


def test_mail_is_kept_and_shown(sandbox: Process) -> None:
    letter = "Subject: Note 7003\r\nMessage-ID: <a@b>\r\n\r\nIt needs a shipping method.\r\n"
    with smtplib.SMTP("127.0.0.1", sandbox.smtp_port, timeout=5) as server:
        server.sendmail("goodsout@example.com", ["ops@example.com"], letter)

    [mail] = sandbox.call("GET", "/control/mail").json()

    assert (mail["subject"], mail["to"]) == ("Note 7003", ["ops@example.com"])


def test_a_signal_stops_it_cleanly(sandbox: Process) -> None:
    assert sandbox.end(signal.SIGINT) == 0


def test_a_taken_port_is_one_sentence(sandbox: Process) -> None:
    second = subprocess.run(
        [sys.executable, "-m", "sandbox"],
        cwd=ROOT,
        env={**os.environ, "SANDBOX_PORT": str(sandbox.port), "SANDBOX_SMTP_PORT": "0"},
        capture_output=True,
        text=True,
        timeout=10,
        check=False,
    )

    assert second.returncode == 1
    assert str(sandbox.port) in second.stderr
    assert second.stderr.count("\n") == 1
