"""What both vendors' endpoints promise alike: keep what is proved, lose nothing of it."""

import io
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial

import pytest
from structlog.testing import capture_logs

from shared.events import RECONCILIATION_REQUESTED, SHIPHERO_RECONCILIATION_REQUESTED
from shared.secrets import SecretBox, new_key
from shared.traces import trace_id
from tests.integration.webhooks.edge import (
    ACCOUNT,
    MEGABYTE,
    PATHS,
    SIGNING_SECRET,
    Edge,
    a_brightpearl_body,
    signed,
)

VENDORS = ["brightpearl", "shiphero"]
OTHER = {"brightpearl": "shiphero", "shiphero": "brightpearl"}
COMPARISONS = {
    "brightpearl": RECONCILIATION_REQUESTED,
    "shiphero": SHIPHERO_RECONCILIATION_REQUESTED,
}
MAIL = "ida@example.com"
ODD_BODIES = [
    b"",
    b"no json",
    b"[" * 100_000,
    b'{"id": "5\\u0000 1"}',
    b'{"id": "\\ud800"}',
    b"\x00\x00",
    b"\xff\xfe\xfa",
    '{ "id" :\t"501" ,\r\n "name": "Þórdís 李" }\n\n'.encode(),
    "\ufeff{}".encode(),
    b'{"id": ' + b"9" * 5000 + b"}",
    b"{}" + b" " * (MEGABYTE - 2),
]


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_genuine_webhook_is_kept_as_it_came(edge: Edge, vendor: str) -> None:
    trace = f"00-{'a' * 32}-{'b' * 16}-01"
    body = a_brightpearl_body()

    answer = edge.post(vendor, body, headers={**signed(body), "traceparent": trace})

    assert answer.status_code == 200
    [row] = edge.rows()
    assert (row.account_id, row.payload) == (ACCOUNT, {"body": body.decode()})
    # Its place in the caller's trace is a step of our own.
    assert trace_id(row.traceparent) == "a" * 32
    assert row.traceparent != trace
    assert row.dedupe_key.startswith(f"demo:{vendor}:")
    assert (row.published_at, row.settled_at) == (None, None)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_repeated_webhook_is_answered_alike_and_kept_once(edge: Edge, vendor: str) -> None:
    answers = [edge.genuine(vendor) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert len(edge.rows()) == 1
    assert edge.counted() == (1, 2)


@pytest.mark.parametrize("body", ODD_BODIES, ids=range(len(ODD_BODIES)))
@pytest.mark.parametrize("vendor", VENDORS)
def test_whatever_a_proved_sender_sends_is_kept_byte_for_byte(
    edge: Edge, vendor: str, body: bytes
) -> None:
    answer = edge.post(vendor, body, headers=signed(body))

    assert answer.status_code == 200
    [payload] = [row.payload for row in edge.rows()]
    assert payload["body"].encode(payload.get("encoding", "utf-8")) == body


@pytest.mark.parametrize("vendor", VENDORS)
def test_an_unknown_path_is_not_found_and_nothing_is_kept(edge: Edge, vendor: str) -> None:
    with capture_logs() as lines:
        answer = edge.genuine(vendor, "a-guess")

    assert answer.status_code == 404
    assert (edge.rows(), edge.counted()) == ([], (0, 0))
    assert [(line["event"], line["source"]) for line in lines] == [("webhook.unknown_path", vendor)]


@pytest.mark.parametrize("vendor", VENDORS)
def test_another_vendors_path_is_unknown(edge: Edge, vendor: str) -> None:
    answer = edge.genuine(vendor, PATHS[OTHER[vendor]])

    assert answer.status_code == 404
    assert edge.rows() == []


@pytest.mark.parametrize(
    ("retired_for", "status"),
    [(timedelta(0), 200), (timedelta(days=6, hours=23), 200), (timedelta(days=7, hours=1), 404)],
)
@pytest.mark.parametrize("vendor", VENDORS)
def test_a_replaced_path_works_for_a_week(
    edge: Edge, vendor: str, retired_for: timedelta, status: int
) -> None:
    edge.subscribe(vendor, "old", signing_secret=SIGNING_SECRET, retired_for=retired_for)

    answer = edge.genuine(vendor, "old")

    assert answer.status_code == status
    assert len(edge.rows()) == (status == 200)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_body_over_the_limit_starts_a_comparison(edge: Edge, vendor: str) -> None:
    with capture_logs() as lines:
        answer = edge.post(vendor, b"x" * (MEGABYTE + 1))

    assert answer.status_code == 413
    [row] = edge.rows()
    assert (row.name, row.subject, row.account_id) == (COMPARISONS[vendor], "demo", ACCOUNT)
    assert edge.counted() == (0, 0)
    assert ("webhook.too_large", "demo") in [(one["event"], one.get("account")) for one in lines]


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_body_that_only_claims_to_be_large_is_not_read(edge: Edge, vendor: str) -> None:
    class Unread(io.BytesIO):
        def read(self, *_size: int | None) -> bytes:
            raise AssertionError("the body was read")

    answer = edge.stream(vendor, Unread(), MEGABYTE + 1)

    assert answer.status_code == 413


@pytest.mark.parametrize(("size", "status"), [(MEGABYTE, 200), (MEGABYTE + 1, 413)])
@pytest.mark.parametrize("vendor", VENDORS)
def test_a_body_without_a_length_is_bounded_alike(
    edge: Edge, vendor: str, size: int, status: int
) -> None:
    body = b"x" * size

    answer = edge.stream(vendor, io.BytesIO(body), None, headers=signed(body))

    assert answer.status_code == status


@pytest.mark.parametrize("vendor", VENDORS)
def test_bodies_over_the_limit_ask_once_while_a_comparison_waits(edge: Edge, vendor: str) -> None:
    for _ in range(3):
        answer = edge.post(vendor, b"x" * (MEGABYTE + 1))

    assert answer.status_code == 413
    assert edge.names() == [COMPARISONS[vendor]]


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_body_over_the_limit_asks_again_once_the_comparison_has_begun(
    edge: Edge, vendor: str
) -> None:
    edge.post(vendor, b"x" * (MEGABYTE + 1))
    edge.claim_everything()

    edge.post(vendor, b"x" * (MEGABYTE + 1))

    assert edge.names() == [COMPARISONS[vendor]] * 2


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_large_body_on_an_unknown_path_starts_nothing(edge: Edge, vendor: str) -> None:
    answer = edge.post(vendor, b"x" * (MEGABYTE + 1), "a-guess")

    assert answer.status_code == 404
    assert edge.rows() == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_half_a_body_is_asked_for_again(edge: Edge, vendor: str) -> None:
    half = a_brightpearl_body()[:40]

    answer = edge.stream(vendor, io.BytesIO(half), 200, headers=signed(half))

    assert answer.status_code == 503
    assert edge.rows() == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_stream_that_gives_little_at_a_time_is_read_to_its_end(edge: Edge, vendor: str) -> None:
    class Trickle(io.BytesIO):
        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            return super().readinto(memoryview(buffer)[:7])

    body = a_brightpearl_body()
    answer = edge.stream(vendor, Trickle(body), len(body), headers=signed(body))

    assert answer.status_code == 200
    assert edge.rows()[0].payload == {"body": body.decode()}


@pytest.mark.parametrize("vendor", VENDORS)
def test_many_webhooks_at_once_are_all_kept_and_counted(edge: Edge, vendor: str) -> None:
    bodies = [a_brightpearl_body(id=str(number % 40)) for number in range(60)]
    with ThreadPoolExecutor(12) as senders:
        statuses = list(
            senders.map(lambda body: edge.post(vendor, body, headers=signed(body)), bodies)
        )

    assert {answer.status_code for answer in statuses} == {200}
    kept = sorted(int(json.loads(row.payload["body"])["id"]) for row in edge.rows())
    assert kept == list(range(40))
    assert edge.counted() == (40, 20)


@pytest.mark.parametrize("vendor", VENDORS)
def test_no_line_shows_a_secret_a_signature_or_a_body(
    sqlite_edge: Edge, vendor: str, capfd: pytest.CaptureFixture[str]
) -> None:
    body = a_brightpearl_body(buyer=MAIL)
    headers = signed(body)
    post = partial(sqlite_edge.post, vendor, headers=headers)
    with capture_logs() as lines:
        post(body)
        post(body, "a-guess")
        post(b"x" * (MEGABYTE + 1))
        post(b"forged")
        sqlite_edge.engine.raw_connection().cursor().execute("DROP TABLE edge_count")
        broken = post(body)

    seen = repr(lines) + "".join(capfd.readouterr())
    assert broken.status_code >= 500
    hidden = [PATHS[vendor], "a-guess", MAIL, SIGNING_SECRET, headers["x-shiphero-hmac-sha256"]]
    assert [secret for secret in hidden if secret in seen] == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_bug_is_answered_500_and_logged_without_its_path(
    sqlite_edge: Edge, vendor: str, capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    module = {"brightpearl": "order_ingest", "shiphero": "shipment_return"}[vendor]

    def break_down(*_given: object, **_more: object) -> None:
        raise KeyError(MAIL)

    monkeypatch.setattr(f"services.{module}.webhook.keep", break_down)
    with capture_logs() as lines:
        answer = sqlite_edge.genuine(vendor)

    assert answer.status_code == 500
    assert [line["event"] for line in lines] == ["webhook.bug"]
    assert PATHS[vendor] not in repr(lines) + "".join(capfd.readouterr())


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_stored_secret_that_fits_no_key_of_ours_is_our_trouble(edge: Edge, vendor: str) -> None:
    other = SecretBox(new_key())
    edge.subscribe(vendor, "sealed-otherwise", signing_secret=SIGNING_SECRET, box=other)

    answer = edge.genuine(vendor, "sealed-otherwise")

    assert answer.status_code == 503
    assert edge.rows() == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_health_routes_stand_beside_the_webhooks(edge: Edge, vendor: str) -> None:
    client = edge.apps[vendor].test_client()

    ready = client.get("/readyz")

    assert client.get("/livez").json == {"alive": True}
    assert (ready.status_code, ready.json) == (200, {"ready": True, "parts": {"database": "ok"}})
    assert "goodsout_webhooks_total" in client.get("/metrics").text
