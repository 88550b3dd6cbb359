"""The window of unconfirmed messages: what is sent when, and whose confirm is whose."""

from collections.abc import Sequence

import pytest

from shared.messaging.confirm_window import Batch, ConfirmWindow
from shared.messaging.protocol import Outgoing, PublishResult

CONFIRMED, RETURNED, REFUSED = (
    PublishResult.CONFIRMED,
    PublishResult.RETURNED,
    PublishResult.REFUSED,
)


class FakeChannel:
    """Remembers what was sent."""

    def __init__(self) -> None:
        self.sent: list[str] = []

    def send(self, message: Outgoing) -> None:
        """Note the message's id."""
        self.sent.append(message.message_id)


@pytest.fixture
def channel() -> FakeChannel:
    return FakeChannel()


@pytest.fixture
def window(channel: FakeChannel) -> ConfirmWindow:
    return ConfirmWindow(channel.send, limit=3)


def a_batch(*ids: str) -> Batch:
    return Batch([Outgoing(routing_key="queue.event", message_id=id_, body=b"") for id_ in ids])


def results(batch: Batch) -> Sequence[PublishResult | None]:
    return batch.wait(0)


def test_no_more_is_sent_than_the_window_holds(window: ConfirmWindow, channel: FakeChannel) -> None:
    window.add(a_batch("a", "b", "c", "d", "e"))
    before = list(channel.sent)

    window.answered(2, multiple=True, is_ack=True)

    assert before == ["a", "b", "c"]
    assert channel.sent == ["a", "b", "c", "d", "e"]


def test_confirms_in_any_order_find_their_messages(window: ConfirmWindow) -> None:
    batch = a_batch("a", "b", "c")
    window.add(batch)

    window.answered(3, multiple=False, is_ack=True)
    window.answered(1, multiple=False, is_ack=False)
    window.answered(2, multiple=True, is_ack=True)

    assert list(results(batch)) == [REFUSED, CONFIRMED, CONFIRMED]


def test_a_returned_message_is_told_although_its_confirm_follows(window: ConfirmWindow) -> None:
    batch = a_batch("a", "b", "c")
    window.add(batch)

    window.returned(routing_key="queue.event", message_id="b")
    window.answered(3, multiple=True, is_ack=True)

    assert list(results(batch)) == [CONFIRMED, RETURNED, CONFIRMED]


def test_each_return_is_for_one_message_of_that_id(window: ConfirmWindow) -> None:
    batch = a_batch("a", "a", "a")
    window.add(batch)

    window.returned(routing_key="queue.event", message_id="a")
    window.returned(routing_key="queue.event", message_id="a")
    window.answered(3, multiple=True, is_ack=True)

    assert list(results(batch)) == [RETURNED, RETURNED, CONFIRMED]


def test_a_confirm_that_was_given_before_is_ignored(window: ConfirmWindow) -> None:
    batch = a_batch("a", "b")
    window.add(batch)

    window.answered(1, multiple=False, is_ack=True)
    window.answered(1, multiple=False, is_ack=False)

    assert list(results(batch)) == [CONFIRMED, None]


def test_a_lost_channel_wakes_whoever_waits(window: ConfirmWindow) -> None:
    first, second = a_batch("a", "b"), a_batch("c", "d", "e")
    window.add(first)
    window.add(second)
    window.answered(1, multiple=False, is_ack=True)

    window.abandon()

    assert list(first.wait(60)) == [CONFIRMED, None]
    assert list(second.wait(60)) == [None, None, None]


def test_nothing_more_is_sent_of_a_batch_whose_time_is_over(
    window: ConfirmWindow, channel: FakeChannel
) -> None:
    late = a_batch("a", "b", "c", "d")
    window.add(late)
    results(late)

    window.add(a_batch("e"))
    window.answered(3, multiple=True, is_ack=True)

    assert channel.sent == ["a", "b", "c", "e"]


def test_a_blocked_broker_is_sent_nothing(window: ConfirmWindow, channel: FakeChannel) -> None:
    window.paused = True
    window.add(a_batch("a"))
    meanwhile = list(channel.sent)

    window.paused = False
    window.pump()

    assert meanwhile == []
    assert channel.sent == ["a"]
