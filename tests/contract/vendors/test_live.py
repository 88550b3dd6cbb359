"""The live suite reads by default, writes only with the flag, and says what is missing.

The sandbox stands in for the real accounts, and its counters prove what was asked.
"""

from collections.abc import Mapping
from typing import Any

import pytest

from shared.vendors.brightpearl.models import GoodsOutNote
from tests.contract.vendors.live_run import (
    credentials,
    leave_to_write,
    make_notes,
    run_live,
)
from tests.contract.vendors.sandbox_process import Pair, Sandbox
from tests.contract.vendors.sandbox_sides import brightpearl_client, shiphero_client

SHIPPING_TESTS = 7  # each ships one note
# At most so many requests to Brightpearl and to ShipHero, as docs/contract-live.md promises.
READING, WRITING = (45, 30), (120, 90)
READS_OF_SHIPHERO = {"account", "order", "orders", "products", "shipment", "webhooks"}


def _asked_brightpearl(sandbox: Sandbox, pair: Pair) -> Mapping[str, int]:
    counted: Mapping[str, int] = sandbox.read(f"accounts/{pair.code}/counts")["operations"]
    return counted


def _asked_shiphero(sandbox: Sandbox, pair: Pair) -> Mapping[str, Any]:
    number = pair.shiphero["account"]
    counted: Mapping[str, Any] = sandbox.read(f"shiphero/accounts/{number}/counts")
    return counted


def _notes(sandbox: Sandbox, pair: Pair, ids: list[int]) -> Mapping[int, GoodsOutNote]:
    return brightpearl_client(sandbox, pair, pair.staff_token).goods_out_notes(ids)


def _within(asked: tuple[int, int, int], most: tuple[int, int]) -> bool:
    return asked[0] <= most[0] and asked[1] <= most[1]


def test_without_the_flag_nothing_is_written(sandbox: Sandbox, pair: Pair) -> None:
    notes = make_notes(sandbox, pair, 2)
    leave = leave_to_write(sandbox, pair, notes[1:])
    before = _notes(sandbox, pair, notes)

    run = run_live({**credentials(sandbox, pair), **leave, "WRITES": "0"})

    asked, at_shiphero = _asked_brightpearl(sandbox, pair), _asked_shiphero(sandbox, pair)
    assert run.code == 0, run.said
    assert "skipped" not in run.said
    assert _within(run.asked, READING)
    assert {name.partition("-")[0] for name in asked} == {"get", "search"}
    assert set(at_shiphero["operations"]) <= READS_OF_SHIPHERO
    assert (at_shiphero["orders"], at_shiphero["subscriptions"]) == (0, [])
    assert _notes(sandbox, pair, notes) == before


def test_with_the_flag_it_writes_and_takes_back_what_it_can(sandbox: Sandbox, pair: Pair) -> None:
    [own, *named] = make_notes(sandbox, pair, SHIPPING_TESTS + 2)
    leave = leave_to_write(sandbox, pair, named)

    run = run_live({**credentials(sandbox, pair), **leave})

    at_shiphero = _asked_shiphero(sandbox, pair)
    shiphero = shiphero_client(sandbox, str(pair.shiphero["refresh_token"]))
    keys = at_shiphero["orders_by_partner_order_id"]
    assert run.code == 0, run.said
    assert "skipped" not in run.said
    assert _within(run.asked, WRITING)
    assert keys
    assert all(one.canceled for key in keys for one in shiphero.orders_by_key(key))
    assert at_shiphero["subscriptions"] == []
    assert brightpearl_client(sandbox, pair, pair.staff_token).webhooks() == ()
    shipped = [one.id for one in _notes(sandbox, pair, [own, *named]).values() if one.shipped]
    assert own not in shipped
    assert len(shipped) >= SHIPPING_TESTS - 1  # one asks with an older version, and is refused


def test_what_is_missing_is_said_in_one_sentence() -> None:
    run = run_live({"BRIGHTPEARL_ACCOUNT": "demo", "SHIPHERO_REFRESH_TOKEN": "a"})

    [sentence] = [line for line in run.said.splitlines() if line.startswith("ERROR")]
    assert run.code == pytest.ExitCode.USAGE_ERROR
    assert "GOODSOUT_CONTRACT_BRIGHTPEARL_STAFF_TOKEN" in sentence
    assert "GOODSOUT_CONTRACT_BRIGHTPEARL_ACCOUNT" not in sentence
    assert "docs/contract-live.md" in sentence
