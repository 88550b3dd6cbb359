"""A real Prometheus scrapes the running system: no query of a dashboard fails or is empty."""

from collections.abc import Iterator
from contextlib import suppress
from functools import partial

import pytest

from tests.end_to_end.conftest import SERVERS
from tests.end_to_end.room import Room
from tests.end_to_end.scraping import queries, says_something, scraped
from tests.servers.fixtures import management_of
from tests.servers.prometheus import Prometheus
from tests.waiting import until

WITHIN = 60.0


@pytest.fixture
def prometheus(own_room: Room, request: pytest.FixtureRequest) -> Iterator[Prometheus]:
    """Give a Prometheus that scrapes the system from before anything happened in it."""
    has_rabbitmq = request.node.callspec.params["own_room"] == SERVERS
    management = management_of(request.config) if has_rabbitmq else None
    if has_rabbitmq and management is None:
        pytest.skip("the RabbitMQ that was given tells no metrics that we could find")
    port = management.metrics_port if management else None
    with scraped(own_room.run, port) as server:
        until(partial(is_all_scraped, server), within=WITHIN, what="every process scraped")
        yield server


@pytest.mark.timeout(240)
def test_every_query_of_every_dashboard_is_answered(own_room: Room, prometheus: Prometheus) -> None:
    have_all_kinds_of_ends(own_room)
    has_rabbitmq = any(target["labels"]["job"] == "rabbitmq" for target in prometheus.targets())
    asked = [one for one in queries() if has_rabbitmq or not one.is_of_rabbitmq]

    def silent() -> list[str]:
        return [
            f"{one.dashboard}, {one.panel}: {one.expr}"
            for one in asked
            if not says_something(prometheus.query(one.expr))
        ]

    with suppress(AssertionError):  # those that stay silent are named below
        until(lambda: not silent(), within=WITHIN)

    assert silent() == []
    assert prometheus.label_values("goodsout_account_events", "account") == ["demo"]
    assert [rule for rule in prometheus.rules() if rule["health"] != "ok"] == []
    assert told(prometheus) == {"dead": 1, "held": 1, "needs a person": 2, "notes shipped": 1}


def have_all_kinds_of_ends(room: Room) -> None:
    """Have a note go round, one fail, one be held and one be tried again."""
    round_trip = room.note()
    room.ship(round_trip)
    room.wait(round_trip, shipment_stage="done")
    room.fault("shiphero", "status", "order_create", status=503)
    again = room.note()
    room.fault("shiphero", "code_3", "order_create")
    failed = room.made()
    room.wait(failed, order_stage="failed")
    room.choose(shipment_sync_on=False)
    room.ship(again)
    room.wait(again, shipment_stage="held")


def told(prometheus: Prometheus) -> dict[str, float]:
    """Say what the dashboard of the account shows."""
    asked = {
        "dead": 'sum(max by (queue) (goodsout_account_events{account="demo", state="dead"}))',
        "held": 'sum(max by (queue) (goodsout_account_events{account="demo", state="held"}))',
        "needs a person": 'max(goodsout_account_needs_you{account="demo"})',
        "notes shipped": 'max(goodsout_account_notes_last_hour{account="demo", step="shipped"})',
    }
    return {what: float(prometheus.query(expr)[0]["value"][1]) for what, expr in asked.items()}


def is_all_scraped(prometheus: Prometheus) -> bool:
    targets = prometheus.targets()
    return bool(targets) and all(target["health"] == "up" for target in targets)
