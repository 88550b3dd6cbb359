"""A notice from the journal to a real receiver, and what stays of how that went."""

import json
from base64 import b64decode, b64encode
from datetime import timedelta
from hashlib import sha256
from hmac import digest
from ipaddress import ip_network

import pytest
from sqlmodel import Session, select

from shared.db.destination_tables import Destination
from shared.db.vendor_tables import Alert
from shared.destinations import BY_PERSON, FAILING, GONE, request_test
from shared.egress.address import Rules
from shared.egress.sending import Egress, Limits
from shared.standard_webhooks import new_secret
from tests.integration.destinations.places import (
    BOX,
    NOTICE,
    SECRET,
    a_destination,
    ask,
    deliver,
    destination,
    notices,
)
from tests.integration.egress.listening import Listener, listener
from tests.integration.journal.books import MORNING, Books

NO_CONTENT = b"HTTP/1.1 204 No Content\r\n\r\n"


def test_a_notice_arrives_signed_so_that_its_receiver_can_check_it(books: Books) -> None:
    with listener(answer=NO_CONTENT) as server:
        id_ = a_destination(books, url_of(server))
        ask(books)
        deliver(books, egress_to(server))

    [event], [(headers, body)] = notices(books), told(server)
    assert event.outcome == "delivered"
    assert headers["webhook-id"] == event.payload["message"]
    assert headers["webhook-timestamp"] == str(int(MORNING.timestamp()))
    assert headers["webhook-signature"] == f"v1,{signature(headers, body, SECRET)}"
    assert headers["content-type"] == "application/json"
    assert json.loads(body)["type"] == "notice.dead_letters"
    row = destination(books, id_)
    assert (row.told_at, row.told_well, row.failing_since) == (MORNING, True, None)
    assert row.told_sentence.startswith("Ops took it with 204")


def test_while_its_secret_is_changed_old_and_new_sign(books: Books) -> None:
    old = new_secret()
    until = MORNING + timedelta(days=1)
    with listener(answer=NO_CONTENT) as server:
        a_destination(books, url_of(server), old_secret=BOX.seal(old), old_secret_until=until)
        ask(books)
        deliver(books, egress_to(server))
        books.clock.pass_(days=1)
        ask(books, once_for="the day after")
        deliver(books, egress_to(server))

    (headers, body), (later, later_body) = told(server)
    signatures = [signature(headers, body, secret) for secret in (SECRET, old)]
    assert headers["webhook-signature"].split() == [f"v1,{one}" for one in signatures]
    assert later["webhook-signature"] == f"v1,{signature(later, later_body, SECRET)}"


def test_every_attempt_at_the_same_notice_has_the_same_id_and_a_time_of_its_own(
    books: Books,
) -> None:
    with listener(answer=answering(500, "broken")) as server:
        id_ = a_destination(books, url_of(server))
        ask(books)
        desk = deliver(books, egress_to(server))
        first = destination(books, id_)
        books.clock.pass_(minutes=1)
        deliver(books, egress_to(server))

    (one, _), (other, _) = told(server)
    [event] = notices(books)
    assert one["webhook-id"] == other["webhook-id"]
    assert int(other["webhook-timestamp"]) - int(one["webhook-timestamp"]) == 60
    assert desk.ends(event.id)[0] == (1, "retry", "destination_trouble")
    assert event.settled_at is None
    assert event.reason == "Ops answered 500: broken"
    assert (first.told_well, first.told_sentence) == (False, event.reason)
    assert destination(books, id_).failing_since == MORNING


def test_one_that_fails_gets_a_rest_whichever_notice_comes_next(books: Books) -> None:
    with listener(answer=answering(500, "broken")) as server:
        a_destination(books, url_of(server))
        ask(books)
        deliver(books, egress_to(server))
        ask(books, once_for="another")
        desk = deliver(books, egress_to(server))
        resting = server.connections
        books.clock.pass_(minutes=1)
        deliver(books, egress_to(server))

    second = notices(books)[1]
    assert (resting, server.connections > 1) == (1, True)
    assert desk.ends(second.id)[0] == (1, "retry", "busy")
    assert second.failures <= 1


def test_a_chat_is_told_without_a_signature(books: Books) -> None:
    with listener(answer=answering(200, "ok")) as server:
        a_destination(books, url_of(server), way="slack", secret="")
        ask(books)
        deliver(books, egress_to(server))

    [(headers, body)] = told(server)
    assert json.loads(body)["text"] == NOTICE.subject
    assert not [name for name in headers if name.startswith("webhook-")]


def test_a_receiver_that_asks_for_peace_gets_it(books: Books) -> None:
    answer = b"HTTP/1.1 429 Slower\r\nRetry-After: 900\r\nContent-Length: 0\r\n\r\n"
    with listener(answer=answer) as server:
        a_destination(books, url_of(server))
        ask(books)
        deliver(books, egress_to(server))

    [event] = notices(books)
    assert event.due_at == MORNING + timedelta(seconds=900)


@pytest.mark.parametrize(
    ("status", "said"), [(400, "No"), (401, "Who?"), (404, "Where?"), (302, "a redirect")]
)
def test_what_is_refused_is_tried_again_too(books: Books, status: int, said: str) -> None:
    with listener(answer=answering(status, said)) as server:
        a_destination(books, url_of(server))
        ask(books)
        deliver(books, egress_to(server))

    [event] = notices(books)
    assert (event.settled_at, event.reason_code) == (None, "destination_trouble")
    assert f"{status}" in event.reason
    assert said in event.reason


def test_410_switches_it_off_with_an_alert_and_ends_what_waits(books: Books) -> None:
    with listener(answer=answering(410, "gone")) as server:
        id_ = a_destination(books, url_of(server))
        ask(books)
        ask(books, once_for="another")
        deliver(books, egress_to(server))

    row, [alert] = destination(books, id_), alerts(books)
    assert {event.reason_code for event in notices(books)} <= {
        "destination_gone",
        "destination_off",
    }
    assert (row.off_since, row.off_because) == (MORNING, GONE)
    assert alert.sentence.startswith("Notices to Ops (https://ops.example/…) were switched off")
    assert ask(books, once_for="later") == 0


def test_days_of_failing_switch_it_off_and_one_success_between_does_not(books: Books) -> None:
    with listener() as server:
        port = server.port
    away = egress_to(Listener(port=port))
    id_ = a_destination(books, f"http://127.0.0.1:{port}/in")
    for day in range(3):
        ask(books, once_for=f"day {day}")
        deliver(books, away)
        books.clock.pass_(days=1)
    with listener(port=port) as server:
        ask(books, once_for="between")
        deliver(books, away)
    between = destination(books, id_)
    for day in range(3, 9):
        ask(books, once_for=f"day {day}")
        deliver(books, away)
        last = destination(books, id_)
        books.clock.pass_(days=1)

    assert (between.failing_since, between.off_since) == (None, None)
    assert last.off_because == FAILING
    assert last.off_since == between.told_at + timedelta(days=5)  # type: ignore[operator]
    assert len(alerts(books)) == 1


def test_what_waits_for_a_destination_that_was_switched_off_or_removed_is_skipped(
    books: Books,
) -> None:
    off, removed = a_destination(books), a_destination(books)
    ask(books)
    with books.session() as session:
        row = session.get_one(Destination, off)
        row.off_since, row.off_because = MORNING, BY_PERSON
        session.add(row)
        session.delete(session.get_one(Destination, removed))

    deliver(books, Egress(rules=Rules()))

    codes = {event.subject: event.reason_code for event in notices(books)}
    assert codes == {str(off): "destination_off", str(removed): "destination_removed"}


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("https://10.0.0.1/in", "destination_refused"),
        ("https://localhost.example.localhost/in", "destination_refused"),
        ("unreadable", "destination_unreadable"),
    ],
)
def test_what_can_never_be_sent_is_given_up_at_once(books: Books, url: str, code: str) -> None:
    sealed = "sealed by nobody" if url == "unreadable" else BOX.seal(url)
    id_ = a_destination(books, address=sealed)
    ask(books)

    names = lambda *_: ["127.0.0.1"]  # noqa: E731 - the resolver of this test
    deliver(books, Egress(rules=Rules(), look_up=names))

    [event] = notices(books)
    assert (event.outcome, event.reason_code) == ("dead", code)
    assert not destination(books, id_).told_well


def test_a_test_tries_once_also_what_is_switched_off_and_leaves_nothing_behind(
    books: Books,
) -> None:
    with listener(answer=answering(500, "broken")) as server:
        id_ = a_destination(books, url_of(server), off_since=MORNING, off_because=FAILING)
        with books.session() as session:
            count = a_test(session, id_, books)
        deliver(books, egress_to(server))

    row, [event] = destination(books, id_), notices(books)
    assert (count, event.outcome, event.reason_code) == (1, "skipped", "test_not_taken")
    assert (row.told_well, row.told_sentence) == (False, "Ops answered 500: broken")
    assert row.failing_since is None


def test_the_attempt_shows_the_request_without_its_address(books: Books) -> None:
    with listener(answer=NO_CONTENT) as server:
        a_destination(books, f"{url_of(server)}/very-secret")
        ask(books)
        deliver(books, egress_to(server))

    [event] = notices(books)
    [attempt] = books.attempts(event.id)
    [call] = attempt.vendor_calls
    assert (call["vendor"], call["operation"], call["status"]) == ("destination", "webhook", 204)
    assert "very-secret" not in str(attempt.vendor_calls)


def a_test(session: Session, id_: object, books: Books) -> int:
    row = session.get_one(Destination, id_)
    return request_test(session, row, notice=NOTICE, once_for="one", now=books.clock())


def url_of(server: Listener) -> str:
    return f"http://127.0.0.1:{server.port}/in"


def egress_to(server: Listener) -> Egress:
    opened = Rules(networks=(ip_network("127.0.0.1/32"),), ports=frozenset({server.port}))
    return Egress(rules=opened, limits=Limits(connect=2, read=2, total=4))


def answering(status: int, text: str) -> bytes:
    head = f"HTTP/1.1 {status} As told\r\nContent-Type: text/plain\r\n"
    return f"{head}Content-Length: {len(text)}\r\n\r\n{text}".encode()


def told(server: Listener) -> list[tuple[dict[str, str], bytes]]:
    """Give headers and body of each request, in their order."""
    requests = []
    for request in server.requests:
        head, _, body = request.partition(b"\r\n\r\n")
        lines = [line.split(": ", 1) for line in head.decode().split("\r\n")[1:]]
        requests.append(({name.lower(): value for name, value in lines}, body))
    return requests


def signature(headers: dict[str, str], body: bytes, secret: str) -> str:
    """Check as a receiver does: of id, time and the very bytes that came."""
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = b64decode(secret.removeprefix("whsec_"))
    return b64encode(digest(key, signed, sha256)).decode()


def alerts(books: Books) -> list[Alert]:
    with books.open_session() as session:
        return list(session.exec(select(Alert)))
