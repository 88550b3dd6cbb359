"""Who waits for company: only a busy account, only for a moment, never a full load."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from shared.events import Queue
from shared.messaging.gathering import Gathering

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ACME, OTHER = UUID(int=1), UUID(int=2)
PUSH = (Queue.SHIPHERO_PUSH.value, ACME)


def a_busy_account() -> Gathering:
    gathering = Gathering(pause=timedelta(seconds=2))
    gathering.left({PUSH}, now=NOON)
    return gathering


@pytest.mark.parametrize(("seconds", "waits"), [(0, True), (1.9, True), (2, False), (60, False)])
def test_what_comes_soon_after_a_departure_waits_for_the_next(
    seconds: float, *, waits: bool
) -> None:
    now = NOON + timedelta(seconds=seconds)

    assert a_busy_account().waits(PUSH, 1, now=now) is waits


@pytest.mark.parametrize(("seconds", "waits"), [(3.9, True), (4, False)])
def test_a_shipment_waits_twice_as_long_as_a_note(seconds: float, *, waits: bool) -> None:
    shipments = (Queue.SHIPMENT_RETURN.value, ACME)
    gathering = Gathering(pause=timedelta(seconds=2))
    gathering.left({shipments}, now=NOON)
    gathering.left({PUSH}, now=NOON + timedelta(seconds=3))

    assert gathering.waits(shipments, 1, now=NOON + timedelta(seconds=seconds)) is waits


def test_an_account_at_rest_waits_for_nothing() -> None:
    assert not a_busy_account().waits((PUSH[0], OTHER), 1, now=NOON)


def test_a_full_load_leaves_at_once() -> None:
    assert not a_busy_account().waits(PUSH, 100, now=NOON)


def test_what_is_handled_one_by_one_never_waits() -> None:
    gathering = Gathering(pause=timedelta(seconds=2))
    gathering.left({(Queue.NOTIFIER.value, ACME)}, now=NOON)

    assert not gathering.waits((Queue.NOTIFIER.value, ACME), 1, now=NOON)


def test_a_clock_that_went_back_holds_nobody_up() -> None:
    assert not a_busy_account().waits(PUSH, 1, now=NOON - timedelta(hours=1))
