"""What relay, consumers and webhook endpoints count as they go."""

from prometheus_client import REGISTRY
from pydantic import SecretStr

from services.order_ingest.app import create_app
from shared.events import GOODS_OUT_NOTE_CHANGED, SHIPMENT_ANNOUNCED
from shared.messaging.protocol import PublishResult
from shared.outcome import Delivered
from shared.secrets import new_key
from shared.webhooks.edge import EdgeSettings
from tests.fakes.broker import FakePublisher
from tests.integration.delivery.desk import Desk, delivering, failing, one_by_one
from tests.integration.journal.books import Books
from tests.integration.journal.test_notes import a_store
from tests.integration.journal.test_relay import a_relay
from tests.integration.journal.test_sent_notes import intending
from tests.unit.metrics.counts import count_of, rise_of

PUSH = {"queue": "shiphero_push"}


def test_what_is_published_is_counted_by_queue_with_its_lag(books: Books) -> None:
    books.announce("1")
    books.clock.pass_(seconds=7)
    relay = a_relay(books, FakePublisher())

    with (
        rise_of("goodsout_published_total", **PUSH, result="confirmed") as published,
        rise_of("goodsout_relay_lag_seconds_sum", **PUSH) as lag,
        rise_of("goodsout_publish_batch_messages_sum") as batch,
    ):
        relay.publish_due()

    assert (published.by, lag.by, batch.by) == (1, 7, 1)
    assert count_of("goodsout_relay_last_look_timestamp_seconds") > 0


def test_what_the_broker_returns_is_counted_as_such(books: Books) -> None:
    books.announce("1")
    relay = a_relay(books, FakePublisher(answers=lambda _message: PublishResult.RETURNED))

    with rise_of("goodsout_published_total", **PUSH, result="returned") as returned:
        relay.publish_due()

    assert returned.by == 1


def test_an_attempt_is_counted_by_result_and_by_account(books: Books) -> None:
    books.announce("501")
    desk, labels = Desk(books), {"queue": "shiphero_push", "result": "dead"}
    by_reason = {**labels, "event": GOODS_OUT_NOTE_CHANGED, "reason": "bug"}

    with (
        rise_of("goodsout_attempts_total", **by_reason) as attempts,
        rise_of("goodsout_account_attempts_total", **labels, account="others") as of_account,
        rise_of("goodsout_taken_messages_sum", **PUSH) as taken,
    ):
        desk.deliver(one_by_one(failing(ZeroDivisionError())))

    assert (attempts.by, of_account.by, taken.by) == (1, 1, 1)


def test_a_shipment_is_timed_from_its_webhook_on(books: Books) -> None:
    books.announce("501", name=SHIPMENT_ANNOUNCED)
    books.clock.pass_(seconds=30)

    with rise_of("goodsout_shipment_to_note_seconds_sum") as back:
        Desk(books).deliver(delivering([]), name=SHIPMENT_ANNOUNCED)

    assert back.by == 30


def test_a_note_is_timed_until_its_first_order(books: Books) -> None:
    store = a_store(books)
    with intending(store, {}):
        books.clock.pass_(seconds=20)

    with (
        rise_of("goodsout_note_to_order_seconds_sum") as seconds,
        rise_of("goodsout_note_to_order_seconds_count") as notes,
    ):
        store.linked(501, order_id="SH-1", adopted=False, method_sent="Standard")
        store.linked(501, order_id="SH-1", adopted=True, method_sent="Standard")

    assert (seconds.by, notes.by) == (20, 1)


def test_every_answer_to_a_webhook_is_counted_and_timed(sqlite_books: Books) -> None:
    settings = EdgeSettings(
        database_url="sqlite://",
        broker_url="memory://",
        secret_keys=SecretStr(new_key()),
        keep_deadline=20,
    )
    client = create_app(settings, sqlite_books.engine).test_client()

    with (
        rise_of("goodsout_webhooks_total", source="brightpearl", answer="404") as unknown,
        rise_of("goodsout_webhook_seconds_count", source="brightpearl") as timed,
    ):
        client.post("/webhooks/brightpearl/nobody-knows-this", data=b"{}")
        client.get("/livez")

    assert (unknown.by, timed.by) == (1, 1)


def test_what_may_rise_is_shown_at_nothing_from_the_start(books: Books) -> None:
    a_relay(books, FakePublisher())
    with Desk(books).delivery(one_by_one(lambda _event: Delivered(reference="1"))):
        shown = [
            REGISTRY.get_sample_value(name, labels)
            for name, labels in (
                ("goodsout_published_total", {"queue": "notifier", "result": "refused"}),
                ("goodsout_swept_total", {"kind": "forgotten"}),
                ("goodsout_unreadable_messages_total", PUSH),
            )
        ]

    assert None not in shown
