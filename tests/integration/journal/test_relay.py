"""The relay over a real journal and a broker that fails as told."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from structlog.testing import capture_logs

from shared.accounts import cause_is_present
from shared.clock import Pace
from shared.errors import OurTrouble
from shared.messaging.protocol import Outgoing, PublishResult
from shared.messaging.relay import Relay, RelaySettings
from tests.fakes.broker import FakePublisher
from tests.integration.journal.books import Books


def a_relay(
    books: Books, publisher: FakePublisher, *, batch: int = 1000, gather: float = 0.0
) -> Relay:
    return Relay(
        open_session=books.open_session,
        publisher=publisher,
        cause_is_present=cause_is_present,
        settings=RelaySettings(batch=batch, gather=gather),
        now=books.clock,
        pace=Pace(),
    )


def test_what_is_confirmed_is_published_once(books: Books) -> None:
    id_ = books.announce()
    publisher = FakePublisher()
    relay = a_relay(books, publisher)

    taken = [relay.publish_due(), relay.publish_due()]

    assert taken == [1, 0]
    assert [message.message_id for message in publisher.published] == [str(id_)]
    assert books.row(id_).published_at == books.clock()


def test_a_busy_accounts_events_wait_for_company_and_then_leave_together(books: Books) -> None:
    relay = a_relay(books, FakePublisher(), gather=2.0)
    books.announce("501")
    at_rest = relay.publish_due()
    books.announce("502")
    books.announce("503")
    busy = relay.publish_due()
    books.clock.pass_(seconds=2)

    assert (at_rest, busy, relay.publish_due()) == (1, 0, 2)


def test_two_relays_at_once_publish_each_row_once(books: Books) -> None:
    ids = {str(books.announce(str(note))) for note in range(300)}
    publishers = [FakePublisher(), FakePublisher()]

    def drain(publisher: FakePublisher) -> None:
        relay = a_relay(books, publisher, batch=20)
        while relay.publish_due():
            pass

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(drain, publishers))

    sent = Counter(message.message_id for each in publishers for message in each.published)
    assert sent == dict.fromkeys(ids, 1)


def test_two_relays_at_once_keep_to_one_window(books: Books) -> None:
    [books.announce(str(note)) for note in range(200)]
    both_ready = threading.Barrier(4)

    def take(_: int) -> int:
        both_ready.wait(timeout=10)
        return len(books.take_due(window=50))

    with ThreadPoolExecutor(4) as threads:
        taken = list(threads.map(take, range(4)))

    assert sum(taken) == 50


def test_with_the_broker_down_every_row_is_due_again(books: Books) -> None:
    ids = {books.announce(str(note)) for note in range(5)}
    publisher = FakePublisher(down=True)
    relay = a_relay(books, publisher)

    with pytest.raises(OurTrouble, match="does not answer"):
        relay.publish_due()
    publisher.down = False

    assert relay.publish_due() == 5
    assert {message.message_id for message in publisher.published} == {str(id_) for id_ in ids}


def test_a_refused_message_comes_again_soon_but_not_at_once(books: Books) -> None:
    id_ = books.announce()
    publisher = FakePublisher(answers=lambda _message: PublishResult.REFUSED)
    relay = a_relay(books, publisher)

    relay.publish_due()

    assert relay.publish_due() == 0
    assert books.row(id_).published_at is None
    books.clock.pass_(seconds=1)
    assert relay.publish_due() == 1


def test_a_returned_message_is_alarmed_and_due_later(books: Books) -> None:
    id_ = books.announce()
    publisher = FakePublisher(answers=lambda _message: PublishResult.RETURNED)
    relay = a_relay(books, publisher)

    with capture_logs() as logs:
        relay.publish_due()

    assert [(line["event"], line["log_level"], line["count"]) for line in logs] == [
        ("relay.returned", "error", 1)
    ]
    assert books.row(id_).published_at is None
    books.clock.pass_(seconds=29)
    assert relay.publish_due() == 0
    books.clock.pass_(seconds=1)
    assert relay.publish_due() == 1


def test_each_message_of_a_batch_fares_by_itself(books: Books) -> None:
    confirmed, refused = books.announce("1"), books.announce("2")

    def answers(message: Outgoing) -> PublishResult:
        is_first = message.message_id == str(confirmed)
        return PublishResult.CONFIRMED if is_first else PublishResult.REFUSED

    a_relay(books, FakePublisher(answers=answers)).publish_due()

    assert books.row(confirmed).published_at is not None
    assert books.row(refused).published_at is None


@pytest.mark.parametrize(
    "unsendable", [{"name": "note.sung"}, {"subject": "5" * 501}], ids=["no route", "too long"]
)
def test_a_row_that_cannot_be_a_message_stops_no_other(
    books: Books, unsendable: dict[str, str]
) -> None:
    odd, good = books.announce("1"), books.announce("2")
    books.rewrite(odd, **unsendable)
    publisher = FakePublisher()

    a_relay(books, publisher).publish_due()

    assert [message.message_id for message in publisher.published] == [str(good)]
    assert books.row(odd).published_at is None
    assert books.row(odd).due_at > books.clock()


def test_a_running_relay_publishes_and_sweeps_until_it_is_stopped(books: Books) -> None:
    lost = books.announce("1")
    books.publish()
    books.clock.pass_(minutes=6)
    stop = threading.Event()
    publisher = FakePublisher()
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if publisher.published:
            stop.set()

    a_relay(books, publisher).run(stop, wait)

    assert [message.message_id for message in publisher.published] == [str(lost)]
    assert books.row(lost).generation == 2
    assert set(waits) == {0.05}


class Impatient(threading.Event):
    """Waits for nothing, and has the broker back after the first wait."""

    def __init__(self, publisher: FakePublisher) -> None:
        super().__init__()
        self._publisher = publisher

    def wait(self, timeout: float | None = None) -> bool:
        """Let the pause be over at once."""
        assert timeout is not None
        self._publisher.down = False
        return False


def test_a_running_relay_outlives_trouble_of_ours(books: Books) -> None:
    books.announce("1")
    publisher = FakePublisher(down=True)
    stop = Impatient(publisher)

    a_relay(books, publisher).run(stop, lambda _seconds: stop.set())

    assert len(publisher.published) == 1
