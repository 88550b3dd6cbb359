"""The naive client's run, beside ours in the same plant."""

import time
from collections.abc import Iterator

from bench.budget.counted import count_afresh, counted
from bench.budget.figures import MINUTE, Figure
from bench.budget.merchants import Shop
from bench.budget.naive import Naive
from shared.clock import utc_now
from shared.connecting.settings import VendorSettings
from shared.connections import Connections
from shared.db.engine import open_engine, reading_session_maker, session_maker
from shared.secrets import SecretBox
from shared.vendors.http import Patience

NOTES = 60


def a_naive_client(shop: Shop) -> Iterator[Figure]:
    """Let a naive client take the same kind of backlog round, and Goodsout leave it alone."""
    shop.stop_syncing()
    notes = shop.make_notes(NOTES)
    shop.wait_until(quiet=True)
    client = _client(shop)
    count_afresh(shop.plant, shop.code)
    begun = time.monotonic()
    for note_id in notes:
        client.push(note_id)
    waiting = list(notes)
    while waiting:
        waiting = [note_id for note_id in waiting if not client.ship_back(note_id)]
    seconds = time.monotonic() - begun
    told = counted(shop.plant, shop.code, shop.shiphero)
    requests, rate = told.requests / NOTES, NOTES / seconds * MINUTE
    remark = f"{NOTES} notes, refused {told.refused} times"
    yield Figure(name="naive client: Brightpearl requests a note", measured=requests, must="",
                 holds=None, remark=remark)  # fmt: skip
    yield Figure(name="naive client: notes a minute", measured=rate, must="", holds=None)


def _client(shop: Shop) -> Naive:
    environment = shop.plant.environment
    engine = open_engine(environment["DATABASE_URL"])
    names = VendorSettings.model_fields
    given = {name: environment[name.upper()] for name in names if name.upper() in environment}
    connections = Connections(
        session_maker(engine),
        reading_session_maker(engine),
        SecretBox(environment["SECRET_KEYS"]),
        now=utc_now,
        patience=Patience(),
        vendor_settings=VendorSettings.model_validate(given),
    )
    brightpearl = connections.brightpearl(shop.account_id)
    shiphero = connections.shiphero(shop.account_id)
    return Naive(
        brightpearl=brightpearl,
        shiphero=shiphero,
        account=shop.code,
        shiphero_warehouse=shiphero.account().warehouses[0].id,
        event_owner=brightpearl.staff_contacts()[0].contact_id,
    )
