"""The topology as values: one queue per service, and nothing that 4.x refuses."""

import fnmatch

import pytest

from shared.events import ROUTES, SYNC_LOG_CHANGED, Queue
from shared.messaging.topology import (
    DELIVERY_LIMIT,
    TOPOLOGY,
    QueueSpec,
    dead_letters_of,
    queue_for,
    render,
    routing_key,
)


def the_queue(name: str) -> QueueSpec:
    return next(spec for spec in TOPOLOGY.queues if spec.name == name)


def test_every_service_has_a_queue_and_a_dead_letter_queue() -> None:
    names = [spec.name for spec in TOPOLOGY.queues]

    assert sorted(names) == sorted([*Queue, *(dead_letters_of(queue) for queue in Queue)])


@pytest.mark.parametrize("event_name", ROUTES)
def test_every_event_name_goes_to_exactly_one_queue(event_name: str) -> None:
    key = routing_key(event_name)

    matching = [
        spec.name
        for spec in TOPOLOGY.queues
        if spec.exchange == "goodsout" and fnmatch.fnmatchcase(key, spec.pattern.replace("#", "*"))
    ]

    assert matching == [ROUTES[event_name]]
    assert queue_for(key) == ROUTES[event_name]


def test_a_key_that_no_binding_matches_has_no_queue() -> None:
    assert queue_for("nowhere.sync_log.changed") is None
    assert queue_for("") is None


def test_an_event_name_without_a_route_is_an_error() -> None:
    with pytest.raises(KeyError):
        routing_key("nobody.asked")


@pytest.mark.parametrize("queue", Queue)
def test_a_queue_is_replicated_and_gives_up_into_its_own_dead_letters(queue: Queue) -> None:
    spec = the_queue(queue)

    assert spec.arguments == {
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": "goodsout.dead",
        "x-dead-letter-routing-key": f"{queue}.dead",
    }
    dead = the_queue(f"{queue}.dead")
    assert (dead.exchange, dead.pattern) == ("goodsout.dead", f"{queue}.dead")
    assert dead.arguments["x-queue-type"] == "quorum"


def test_the_table_names_every_queue_with_its_binding() -> None:
    table = render()

    lines = [line.split() for line in table.splitlines()]
    assert lines[0] == ["exchanges:", "goodsout", "(topic),", "goodsout.dead", "(direct)"]
    assert [line[0] for line in lines[4:]] == [spec.name for spec in TOPOLOGY.queues]
    assert f"{ROUTES[SYNC_LOG_CHANGED]}.#" in table
