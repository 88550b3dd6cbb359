"""One trace goes from the webhook across the broker to the vendor's answer."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from deploy.embedded.smoke import SmokeRun
from tests.end_to_end.collector import Collector, Seen, collecting
from tests.end_to_end.conftest import PAIRS, servers
from tests.end_to_end.floor import WITHIN
from tests.end_to_end.forged import connect_demo, start
from tests.end_to_end.standing import wait_until_at_rest
from tests.waiting import until

OUT = ("webhook from brightpearl", "shiphero order_create")
BACK = ("webhook from shiphero", "brightpearl add_shipped_event")


@pytest.fixture
def collector() -> Iterator[Collector]:
    """Give a collector of traces."""
    with collecting() as collector:
        yield collector


@pytest.fixture(params=PAIRS)
def traced(
    request: pytest.FixtureRequest, tmp_path: Path, collector: Collector
) -> Iterator[SmokeRun]:
    """Give a running system whose processes send their spans to `collector`."""
    run = start(tmp_path, {**servers(request), "TRACES_URL": collector.url})
    with run.supervisor:
        connect_demo(run)
        wait_until_at_rest(run)
        yield run


def test_a_webhook_its_messages_and_the_vendors_answers_are_one_trace(
    traced: SmokeRun, collector: Collector
) -> None:
    traced.make_note()

    for both_ends in (OUT, BACK):
        spans = until(partial(_whole, collector, both_ends), within=WITHIN, what="a whole trace")
        [root] = [span for span in spans if not span.parent]
        assert root.name == both_ends[0]
        # The web process, the relay and the consumer, at the least.
        assert len({span.service for span in spans}) >= 3


def _whole(collector: Collector, both_ends: tuple[str, str]) -> list[Seen]:
    """Give the trace once none of its spans lies beneath one that is still to come."""
    spans = collector.holding(*both_ends)
    ids = {span.id for span in spans}
    return spans if all(span.parent in ids for span in spans if span.parent) else []
