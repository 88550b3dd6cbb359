"""What the dashboard tells: what needs a person, figures, proof, budgets and queues."""

from datetime import UTC, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import SQLModel

from services.portal.dashboard.cut_off import cut_off_at, read_cut_off
from services.portal.dashboard.figures import read_hours, yesterday
from services.portal.dashboard.queues import read_depths
from services.portal.frame.tenants import Tenants
from shared.db.account_tables import (
    Account,
    ShippingMethodMapping,
    VendorConnection,
    WarehouseMapping,
)
from shared.db.history_tables import HourCount
from shared.db.journal_tables import EdgeCount
from shared.db.portal_tables import Difference
from shared.db.vendor_tables import Alert, FetchProgress, Watermark
from shared.journal.account_ledger import account_days
from shared.journal.record import new_id
from shared.usual import Usual
from tests.integration.portal.merchants import FERNLEAF, HARBOUR, NOON, Merchants

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def keep(merchants: Merchants, *rows: SQLModel) -> None:
    with merchants.open_session() as session:
        session.add_all(rows)
        session.commit()


def page_of(merchants: Merchants, account_id: UUID = FERNLEAF) -> str:
    return " ".join(merchants.viewer(account_id).get("/dashboard").text.split())


def held(merchants: Merchants, cause: str, reason: str, **known: Any) -> UUID:
    return merchants.event(hold_cause=cause, hold_version=1, reason=reason, **known)


def dead(merchants: Merchants, **known: Any) -> UUID:
    known.setdefault("reason_code", "sku_unknown")
    return merchants.event(outcome="dead", settled_at=NOON, published_at=NOON, **known)


def test_the_start_leads_to_the_dashboard(sqlite_merchants: Merchants) -> None:
    make_live(sqlite_merchants)

    answer = sqlite_merchants.viewer().get("/")

    assert answer.headers["Location"] == "/dashboard"


def test_what_waits_is_told_by_its_cause(merchants: Merchants) -> None:
    held(
        merchants, "warehouse_undecided:2", "It is not decided where Leeds' notes go.", subject="1"
    )
    held(
        merchants, "warehouse_undecided:2", "It is not decided where Leeds' notes go.", subject="2"
    )
    held(merchants, "event_owner_unset", "No staff contact.", queue="shipment_return", subject="3")
    held(merchants, "order_sync_off", "Harbour's.", account_id=HARBOUR, subject="4")

    page = page_of(merchants)

    assert "2 notes wait" in page
    assert 'href="/configuration#warehouse-2"' in page
    assert "It is not decided where Leeds&#39; notes go." in page
    assert "1 shipment waits" in page
    assert 'href="/connections/staff"' in page
    assert "Harbour&#39;s." not in page


def test_dead_letters_are_told_by_their_reason_until_they_are_replayed_or_discarded(
    merchants: Merchants,
) -> None:
    for subject in ("1", "2"):
        dead(merchants, subject=subject)
    merchants.event(subject="3", replay_of=dead(merchants, subject="3"))
    dead(merchants, subject="4", discarded_at=NOON)
    dead(merchants, subject="5", account_id=HARBOUR)

    page = page_of(merchants)

    assert "2 failed:" in page
    assert 'href="/events?state=dead&amp;reason=sku_unknown"' in page


def test_a_broken_connection_can_be_reconnected(sqlite_merchants: Merchants) -> None:
    keep(sqlite_merchants, VendorConnection(
        account_id=FERNLEAF, vendor="brightpearl", vendor_account="fernleaf", base_url="https://x",
        kind="oauth", credentials="sealed", broken_since=NOON, broken_reason="Taken back.",
        updated_at=NOON,
    ))  # fmt: skip
    held(sqlite_merchants, "connection_broken:brightpearl", "It refuses us.", subject="1")

    page = page_of(sqlite_merchants)

    assert "Brightpearl refuses our credentials" in page
    assert page.count('href="/connections/brightpearl">Reconnect') == 1


def test_an_alert_stands_until_it_ends(sqlite_merchants: Merchants) -> None:
    keep(sqlite_merchants,
         Alert(id=uuid4(), account_id=FERNLEAF, kind="webhook_unhealthy", sentence="It was off.",
               raised_at=NOON),
         Alert(id=uuid4(), account_id=FERNLEAF, kind="webhook_unhealthy", sentence="Mended.",
               raised_at=NOON, ended_at=NOON))  # fmt: skip

    page = page_of(sqlite_merchants)

    assert "It was off." in page
    assert "Mended." not in page


def test_the_first_fetch_shows_figures_and_an_estimate(sqlite_merchants: Merchants) -> None:
    keep(sqlite_merchants, FetchProgress(
        account_id=FERNLEAF, part="products", run_id=new_id(), state="running", done=3000,
        total=12_000, started_at=NOON, moved_at=NOON + 3 * MINUTE,
    ))  # fmt: skip

    page = page_of(sqlite_merchants)

    assert "Products: 3,000 of 12,000" in page
    assert "About 9 min left" in page


def test_the_checklist_goes_away_when_all_is_done(sqlite_merchants: Merchants) -> None:
    make_live(sqlite_merchants)

    page = page_of(sqlite_merchants)

    assert "On the way to going live" not in page
    others = page_of(sqlite_merchants, HARBOUR)
    assert "On the way to going live" in others
    assert '<a href="/connections">Connect</a>' in others


def make_live(merchants: Merchants) -> None:
    with merchants.open_session() as session:
        account = session.get_one(Account, FERNLEAF)
        account.order_sync_on, account.go_live_at = True, NOON
        session.add_all([
            account,
            *(VendorConnection(account_id=FERNLEAF, vendor=vendor, base_url="https://x",
                               kind="user", credentials="sealed", updated_at=NOON)
              for vendor in ("brightpearl", "shiphero")),
            WarehouseMapping(account_id=FERNLEAF, brightpearl_warehouse_id=2,
                             brightpearl_name="Leeds", decision="mapped"),
            ShippingMethodMapping(account_id=FERNLEAF, brightpearl_method_id=1,
                                  brightpearl_name="Post", title="Post"),
        ])  # fmt: skip
        session.commit()


@pytest.mark.parametrize("zone", ["UTC", "Asia/Kolkata"])
def test_an_hour_says_what_it_usually_brings_once_four_weeks_are_known(
    merchants: Merchants, zone: str
) -> None:
    for week, brought in enumerate((4, 9, 5, 6), start=1):
        day = (NOON - timedelta(weeks=week)).date()
        hours = [brought if hour == NOON.hour else None for hour in range(24)]
        keep(merchants, HourCount(account_id=FERNLEAF, day=day, signal="notes", hours=hours))

    with merchants.open_session() as session:
        told = read_hours(session, FERNLEAF, zone, now=NOON + 40 * MINUTE)

    assert [(hour.at, hour.usual) for hour in told if hour.usual] == [
        (told[-1].at, Usual(low=4, middle=5, high=9))
    ]


@pytest.mark.parametrize(
    ("cut_off", "left", "colour"),
    [
        ("13:00", 3, "amber"),  # an hour is left
        ("18:00", 3, ""),
        ("11:00", 2, "red"),  # it is over, and one of them came later
        ("09:00", 0, "green"),
    ],
)
def test_what_is_not_at_shiphero_may_miss_the_cut_off(
    merchants: Merchants, cut_off: str, left: int, colour: str
) -> None:
    early, late = NOON - 2 * HOUR, NOON - MINUTE
    merchants.note(1, order_stage="retrying", inserted_at=early)
    merchants.note(2, order_stage="failed", inserted_at=early)
    merchants.note(3, order_stage="queued", inserted_at=late)
    merchants.note(4, order_stage="done", inserted_at=early)
    merchants.note(5, order_stage="done", shipment_stage="failed", inserted_at=early)
    merchants.note(6, order_stage="skipped", inserted_at=early)

    with merchants.open_session() as session:
        told = read_cut_off(session, FERNLEAF, cut_off, "UTC", now=NOON)
        none = read_cut_off(session, FERNLEAF, "", "UTC", now=NOON)

    assert told is not None
    assert (told.left, told.colour, none) == (left, colour, None)


def test_the_cut_off_is_by_the_accounts_own_clock() -> None:
    at = cut_off_at("15:00", "Europe/Berlin", now=NOON)

    assert at is not None
    assert at.astimezone(UTC) == NOON.replace(hour=14)


def test_hours_count_what_was_sent_and_written_back(merchants: Merchants) -> None:
    merchants.note(1, synced_at=NOON - HOUR, shipped_at=NOON - MINUTE)
    merchants.note(2, synced_at=NOON - HOUR + MINUTE)
    merchants.note(3, synced_at=NOON - HOUR - timedelta(milliseconds=1))
    merchants.note(4, synced_at=NOON - HOUR, account_id=HARBOUR)

    with reading(merchants) as session:
        hours = read_hours(session, FERNLEAF, "UTC", now=NOON)

    assert hours[0].at == NOON - timedelta(hours=36)
    assert [(hour.sent, hour.shipped) for hour in hours[-3:]] == [(1, 0), (2, 1), (0, 0)]
    assert sum(hour.sent for hour in hours) == 3


def reading(merchants: Merchants, account_id: UUID = FERNLEAF) -> Any:
    return Tenants(merchants.engine, lambda: account_id).open_reading()


def test_yesterday_begins_at_midnight_where_the_account_is() -> None:
    assert yesterday("America/New_York", now=NOON).isoformat() == "2026-11-23T05:00:00+00:00"
    assert yesterday("Nowhere/At all", now=NOON).isoformat() == "2026-11-23T00:00:00+00:00"


def test_how_long_each_way_takes_is_told(merchants: Merchants) -> None:
    for number in range(1, 21):
        merchants.note(number, inserted_at=NOON - HOUR, order_stage="done",
                       synced_at=NOON - HOUR + timedelta(seconds=number))  # fmt: skip
    merchants.event(
        name="shipment.announced",
        queue="shipment_return",
        subject="1",
        recorded_at=NOON - HOUR,
        settled_at=NOON - HOUR + 2 * MINUTE,
        published_at=NOON,
        outcome="delivered",
    )

    page = page_of(merchants)

    assert "<strong>11 s</strong> <small>half of them; 95 % within 19 s" in page
    assert "<strong>2 min</strong>" in page


def test_notes_long_at_shiphero_are_late(merchants: Merchants) -> None:
    merchants.note(1, order_stage="done", synced_at=NOON - 25 * HOUR)
    merchants.note(2, order_stage="done", synced_at=NOON - 23 * HOUR)
    merchants.note(3, order_stage="done", synced_at=NOON - 25 * HOUR, shipment_stage="done")

    page = page_of(merchants)

    assert '<a href="/sync-log?stage=late">1</a>' in page


def test_the_ledger_tells_days_apart_and_sees_what_is_gone(merchants: Merchants) -> None:
    yesterday_noon = NOON - timedelta(days=1)
    keep(merchants,
         EdgeCount(account_id=FERNLEAF, day=NOON.date(), source="brightpearl", kept=3, repeated=1),
         EdgeCount(account_id=FERNLEAF, day=NOON.date(), source="shiphero", kept=1),
         EdgeCount(account_id=HARBOUR, day=NOON.date(), source="shiphero", kept=9))  # fmt: skip
    for at in (NOON, NOON, NOON, yesterday_noon):
        merchants.event(
            name="goods_out_notes.announced", subject="1", queue="order_ingest", recorded_at=at
        )
    merchants.note(1, inserted_at=yesterday_noon, order_stage="failed")

    with reading(merchants) as session:
        today, before = account_days(session, FERNLEAF, last=NOON.date(), days=2)

    assert (today.kept, today.repeated, today.rows, today.unexplained) == (4, 1, 3, 1)
    assert (before.kept, before.rows, before.unexplained) == (0, 1, 0)
    assert before.notes == {"needs_you": 1}
    assert "1 unexplained" in page_of(merchants)


def test_nothing_unexplained_is_proved_by_lists_compared_lately(
    sqlite_merchants: Merchants,
) -> None:
    keep(sqlite_merchants, *(
        Watermark(account_id=FERNLEAF, name=name, reached=NOON, compared_at=NOON - MINUTE, found=7)
        for name in ("brightpearl:notes", "shiphero:orders")
    ))  # fmt: skip

    assert "0 unexplained" in page_of(sqlite_merchants)
    assert "Not proved yet" in page_of(sqlite_merchants, HARBOUR)


def test_open_differences_are_counted(sqlite_merchants: Merchants) -> None:
    for ended_at in (None, NOON):
        keep(sqlite_merchants, Difference(
            id=uuid4(), account_id=FERNLEAF, kind="order_missing", subject="7001", sentence="Gone.",
            found_at=NOON, seen_at=NOON, ended_at=ended_at,
        ))  # fmt: skip

    assert "1 difference open" in page_of(sqlite_merchants)


def test_each_queue_tells_what_is_due_planned_held_and_dead(merchants: Merchants) -> None:
    merchants.event(subject="1", lane=1, due_at=NOON - MINUTE)
    merchants.event(subject="2", due_at=NOON + 5 * MINUTE, failures=2)
    merchants.event(subject="3", due_at=NOON + timedelta(days=3))
    merchants.event(subject="4", due_at=NOON + MINUTE)
    merchants.event(subject="5", published_at=NOON)
    merchants.event(subject="6", settled_at=NOON, outcome="delivered", published_at=NOON)
    held(merchants, "order_sync_off", "Off.", subject="7")
    dead(merchants, subject="8")
    merchants.event(subject="9", account_id=HARBOUR)

    with reading(merchants) as session:
        depths = {depth.queue: depth for depth in read_depths(session, FERNLEAF, now=NOON)}

    push = depths["shiphero_push"]
    assert (push.due, push.backfill, push.planned, push.retrying) == (1, 1, 3, 1)
    assert (push.out, push.held, push.dead) == (1, 1, 1)
    assert (push.next_try, push.oldest_due) == (NOON + 5 * MINUTE, NOON - MINUTE)
    assert push.backlog == 3
    assert depths["notifier"].due == 0


def test_the_backlog_has_a_forecast(sqlite_merchants: Merchants) -> None:
    for number in range(300):
        sqlite_merchants.event(subject=str(number), due_at=NOON - MINUTE)

    page = page_of(sqlite_merchants)

    assert "<strong>300 notes</strong> in the backlog. Done in about" in page
    assert "by what ShipHero allows" in page


def test_the_chart_has_its_figures(sqlite_merchants: Merchants) -> None:
    sqlite_merchants.note(1, synced_at=NOON)

    told = sqlite_merchants.viewer().get("/dashboard/hours.json").get_json()

    assert told["sent"][-1] == 1
    assert len(told["at"]) == len(told["came"]) == len(told["sent"]) == len(told["shipped"]) == 37


def test_the_live_part_comes_with_everything_that_changes(sqlite_merchants: Merchants) -> None:
    page = sqlite_merchants.viewer().get("/dashboard/live").text

    assert 'id="live"' in page
    assert 'id="more" class="board" hx-swap-oob="outerMorph"' in page
