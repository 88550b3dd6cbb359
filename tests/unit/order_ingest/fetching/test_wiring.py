"""What the consumer is wired from, over an account that is connected to neither vendor."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.order_ingest.fetching.wiring import fetching_handlers
from shared.connections import Connections
from shared.errors import ConnectionBroken
from shared.events import PRODUCTS_ANNOUNCED, REFERENCE_REQUESTED, Event
from shared.outcome import Delivered, Outcome, Parted
from shared.process import ConsumerParts
from shared.secrets import SecretBox, new_key
from shared.vendors.http import Patience
from tests.unit.connecting.settings import vendor_settings
from tests.unit.core.notebook import Notebook, an_event
from tests.unit.order_ingest.fetching.test_announced import a_webhook


@pytest.fixture
def parts(tmp_path: Path) -> Iterator[ConsumerParts[Any]]:
    book = Notebook(tmp_path)
    connections = Connections(
        book.open_session,
        book.open_reading,
        SecretBox(new_key()),
        now=lambda: book.now,
        patience=Patience(),
        vendor_settings=vendor_settings(),
    )
    yield ConsumerParts(
        settings=vendor_settings(),
        open_session=book.open_session,
        open_reading=book.open_reading,
        connections=connections,
        now=lambda: book.now,
        worker="one",
    )
    book.engine.dispose()


def handled(parts: ConsumerParts[Any], event: Event) -> Outcome | Parted:
    [unit] = fetching_handlers(parts)[event.name]([event])
    return unit.run()


def test_a_run_begins_before_anything_is_connected(parts: ConsumerParts[Any]) -> None:
    event = an_event(name=REFERENCE_REQUESTED, subject="all", payload={"part": "all"})

    assert isinstance(handled(parts, event), Delivered)


def test_a_changed_product_waits_for_the_connection(parts: ConsumerParts[Any]) -> None:
    event = a_webhook()

    assert event.name == PRODUCTS_ANNOUNCED
    with pytest.raises(ConnectionBroken):
        handled(parts, event)
