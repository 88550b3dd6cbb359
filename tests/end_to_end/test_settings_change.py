"""A person changes settings while everything runs: what waited for each goes on, nothing else."""

from collections.abc import Sequence

import pytest
from sqlmodel import col, select

from deploy.embedded.smoke import SmokeRun, reading
from shared.accounts import MAPPED
from shared.db.account_tables import WarehouseMapping
from shared.db.journal_tables import EventRow
from shared.db.note_tables import SyncLogRow
from shared.db.portal_tables import ShadowNote
from tests.end_to_end import forged
from tests.waiting import until

STANDARD, NEXT_DAY = 5, 6  # shipping methods of the sandbox


def goodsout(system: SmokeRun, *words: str) -> str:
    """Run a command as an operator does, which must succeed; gives what it says."""
    code, said = forged.goodsout(system.environment, *words)
    assert code == 0, said
    return said


def make_note(system: SmokeRun, *, warehouse: int, method: int) -> int:
    """Have a note made in Brightpearl."""
    wish = {"count": 1, "notes": 1, "warehouseId": warehouse, "shippingMethodId": method}
    made = system.control("sales-orders", wish)
    note_id: int = made["orders"][0]["noteIds"][0]
    return note_id


def mapped(system: SmokeRun) -> Sequence[WarehouseMapping]:
    with reading(system.environment) as session:
        found = select(WarehouseMapping).where(WarehouseMapping.decision == MAPPED)
        return session.exec(found.order_by(col(WarehouseMapping.brightpearl_warehouse_id))).all()


def waits_for(system: SmokeRun, note_id: int) -> str:
    """Say what a note waits for on its way to ShipHero."""
    with reading(system.environment) as session:
        row = session.exec(select(SyncLogRow).where(SyncLogRow.note_id == note_id)).first()
        return row.order_reason_code if row is not None and row.order_stage == "held" else ""


def held(system: SmokeRun, cause: str) -> int:
    with reading(system.environment) as session:
        return len(session.exec(select(EventRow).where(EventRow.hold_cause == cause)).all())


def is_sent(system: SmokeRun, note_id: int) -> bool:
    with reading(system.environment) as session:
        row = session.exec(select(SyncLogRow).where(SyncLogRow.note_id == note_id)).one()
        return row.order_stage == "done"


def shown_and_sent(system: SmokeRun, note_id: int) -> tuple[str, bool, list[dict[str, str]]]:
    """Say what shadow mode showed of a note, whether it was sent since, and in what otherwise."""
    with reading(system.environment) as session:
        row = session.exec(select(ShadowNote).where(ShadowNote.note_id == note_id)).one()
        return row.outcome, row.sent_at is not None, row.differences


@pytest.mark.timeout(300)
def test_each_setting_frees_what_waited_for_it_and_nothing_else(system: SmokeRun) -> None:
    first, second = (row.brightpearl_warehouse_id for row in mapped(system)[:2])
    to = mapped(system)[0].shiphero_warehouse_id
    goodsout(system, "settings", "set", "demo", "shipment_sync_on=off")
    goodsout(system, "map", "warehouse", "demo", str(first), "--undecided")
    goodsout(system, "map", "method", "demo", str(STANDARD), "--title", "")
    undecided = make_note(system, warehouse=first, method=NEXT_DAY)
    unmapped = make_note(system, warehouse=second, method=STANDARD)
    until(lambda: waits_for(system, undecided) == "warehouse_undecided", within=40)
    until(lambda: waits_for(system, unmapped) == "shipping_method_unmapped", within=40)
    goodsout(system, "settings", "set", "demo", "order_sync_on=off")
    switched_off = make_note(system, warehouse=second, method=NEXT_DAY)
    until(lambda: waits_for(system, switched_off) == "order_sync_off", within=40)

    switched_on = goodsout(system, "settings", "set", "demo", "order_sync_on=on")
    until(lambda: is_sent(system, switched_off), within=40)
    others = [waits_for(system, undecided), waits_for(system, unmapped)]
    foreseen = goodsout(system, "map", "warehouse", "demo", str(first), to, "--dry-run")
    goodsout(system, "map", "warehouse", "demo", str(first), to)
    goodsout(system, "map", "method", "demo", str(STANDARD), "--title", "Standard")
    until(lambda: held(system, "shipment_sync_off") >= 3, within=40)
    goodsout(system, "settings", "set", "demo", "shipment_sync_on=on")
    system.wait_until_shipped(3, seconds=120)
    goodsout(system, "settings", "set", "demo", "shadow_on=on")
    shadowed = make_note(system, warehouse=second, method=NEXT_DAY)
    until(lambda: waits_for(system, shadowed) == "shadow_mode", within=40)
    shown = shown_and_sent(system, shadowed)
    goodsout(system, "settings", "set", "demo", "shadow_on=off")
    system.wait_until_shipped(4, seconds=120)

    walked = system.walked()
    assert "1 held order that waited for order sync is being sent" in switched_on
    assert others == ["warehouse_undecided", "shipping_method_unmapped"]
    assert "nothing was saved" in foreseen
    assert "1 held order waiting for a decision on warehouse" in foreseen
    assert shown == ("would_send", False, [])
    assert shown_and_sent(system, shadowed) == ("would_send", True, [])
    assert (walked.notes, walked.lost, walked.duplicates, walked.unexplained) == (4, 0, 0, 0)
