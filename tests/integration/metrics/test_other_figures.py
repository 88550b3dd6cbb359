"""Connections, comparisons, budgets, notes and the ledger, as Prometheus is told of them."""

from datetime import timedelta
from decimal import Decimal

from sqlmodel import Session, col, delete

from services.notifier.figures.budgets import BUDGETS
from services.notifier.figures.flow import FLOW
from services.notifier.figures.ledger import LEDGER
from services.notifier.figures.standing import STANDING
from shared.alerts import SILENCE, raise_alert, silent
from shared.db.account_tables import Account
from shared.db.journal_tables import EventRow
from shared.db.note_tables import SyncLogRow
from shared.db.vendor_tables import VendorBudget
from shared.differences import NEVER_SENT, see
from shared.events import GOODS_OUT_NOTES_ANNOUNCED, SHIPMENT_ANNOUNCED
from shared.journal.settle import settle
from shared.outcome import Delivered
from shared.watermarks import NOTES, ORDERS, move_watermark
from shared.webhooks.keep import keep
from tests.integration.clock.hall import connect
from tests.integration.journal.books import MORNING, Books
from tests.integration.metrics.gauges import counted, read


def kept(books: Books, session: Session) -> None:
    """Keep a webhook of Brightpearl's."""
    event = books.an_event("", name=GOODS_OUT_NOTES_ANNOUNCED, payload={})
    keep(session, event, source="brightpearl", now=books.clock())


def test_a_broken_connection_is_told_apart(books: Books) -> None:
    connect(books, books.account, "brightpearl")
    connect(books, books.account, "shiphero", broken=True)

    told = read(books, STANDING)

    assert counted(told["goodsout_connections"]) == {
        ("brightpearl", "working"): 1, ("shiphero", "broken"): 1,
    }  # fmt: skip
    assert told["goodsout_account_connected"] == {
        ("acme", "brightpearl"): 1, ("acme", "shiphero"): 0,
    }  # fmt: skip


def test_the_longest_age_of_a_comparison_is_told(books: Books) -> None:
    connect(books, books.account)
    other = books.open_account("zenith")
    connect(books, other)
    with books.session() as session:
        for account_id, name, ago in (
            (books.account, NOTES, 5), (books.account, ORDERS, 1), (other, NOTES, 2),
        ):  # fmt: skip
            at = MORNING - timedelta(minutes=ago)
            move_watermark(session, account_id, name, reached=at, now=at)
    books.clock.pass_(minutes=10)

    told = read(books, STANDING)

    # The other account's orders were never compared since it went live.
    assert told["goodsout_comparison_age_seconds"] == {"notes": 900, "orders": 660}
    assert told["goodsout_account_comparison_age_seconds"]["zenith", "orders"] == 600


def test_a_list_that_cannot_be_compared_is_not_late(books: Books) -> None:
    connect(books, books.account, broken=True)
    books.clock.pass_(days=2)

    told = read(books, STANDING)

    assert told["goodsout_comparison_age_seconds"] == {"notes": 0, "orders": 0}


def test_open_alerts_and_differences_are_counted_by_kind(books: Books) -> None:
    connect(books, books.account)
    with books.session() as session:
        cause = silent(books.account, "notes")
        raise_alert(session, cause, sentence="Few notes came.", raised_at=MORNING)
        see(session, books.account, NEVER_SENT, {"7001": "Never sent."}, now=MORNING)

    told = read(books, STANDING)

    assert counted(told["goodsout_open_alerts"]) == {SILENCE: 1}
    assert counted(told["goodsout_open_differences"]) == {NEVER_SENT: 1}
    assert told["goodsout_account_open_alerts"] == {"acme": 1}


def test_a_budget_is_told_by_what_is_left_of_our_part(books: Books) -> None:
    connect(books, books.account)
    until = MORNING + timedelta(seconds=30)
    with books.session() as session:
        for vendor, state in (("brightpearl", {"left": 20, "limit": 200}), ("shiphero", {})):
            session.add(
                VendorBudget(
                    account_id=books.account, vendor=vendor, state=state, calls=7, refused=1,
                    closed_until=until if vendor == "shiphero" else None, changed_at=MORNING,
                )
            )  # fmt: skip

    told = read(books, BUDGETS)

    left, part = told["goodsout_account_budget_left"], told["goodsout_account_budget_part"]
    assert (left["acme", "brightpearl"], part["acme", "brightpearl"]) == (20, 100)
    assert 0 < left["acme", "shiphero"] <= part["acme", "shiphero"]
    assert told["goodsout_account_budget_closed_seconds"]["acme", "shiphero"] == 30
    assert counted(told["goodsout_budgets_closed"]) == {"shiphero": 1}
    assert told["goodsout_account_vendor_calls_total"]["acme", "shiphero"] == 7


def test_the_last_hours_notes_and_their_time_are_told(books: Books) -> None:
    connect(books, books.account)
    with books.session() as session:
        for note_id, minutes in ((1, 10), (2, 30), (3, 200)):
            came_in = MORNING - timedelta(minutes=minutes)
            session.add(
                SyncLogRow(
                    account_id=books.account, note_id=note_id, inserted_at=came_in,
                    synced_at=came_in + timedelta(minutes=note_id), order_stage="done",
                    total=Decimal(7),
                )
            )  # fmt: skip

    told = read(books, FLOW)

    steps = told["goodsout_account_notes_last_hour"]
    assert (steps["acme", "received"], steps["acme", "sent"], steps["acme", "shipped"]) == (2, 2, 0)
    assert told["goodsout_account_note_to_order_seconds"] == {"acme": 90}


def test_a_shipments_way_back_is_told(books: Books) -> None:
    connect(books, books.account)
    event = books.a_claim(name=SHIPMENT_ANNOUNCED)
    books.clock.pass_(seconds=12)
    with books.session() as session:
        settle(session, event, Delivered(reference="1"), now=books.clock())

    assert read(books, FLOW)["goodsout_account_shipment_to_note_seconds"] == {"acme": 12}


def test_open_notes_are_counted_by_stage(books: Books) -> None:
    connect(books, books.account)
    with books.session() as session:
        for note_id, stage in enumerate(("held", "held", "failed", "done", "retrying")):
            session.add(
                SyncLogRow(
                    account_id=books.account, note_id=note_id, inserted_at=MORNING,
                    order_stage=stage,
                )
            )  # fmt: skip

    told = read(books, FLOW)

    assert counted(told["goodsout_open_notes"]) == {("order", "held"): 2, ("order", "retrying"): 1}
    assert told["goodsout_account_needs_you"] == {"acme": 3}


def test_webhooks_of_today_are_counted(books: Books) -> None:
    connect(books, books.account)
    with books.session() as session:
        kept(books, session)

    told = read(books, FLOW)["goodsout_account_webhooks_total"]

    assert counted(told) == {("acme", "brightpearl", "kept"): 1}


def test_a_row_that_is_gone_is_a_remainder(books: Books) -> None:
    connect(books, books.account)
    with books.session() as session:
        kept(books, session)
        kept(books, session)
    whole = read(books, LEDGER)["goodsout_ledger_unexplained"]
    with books.session() as session:
        newest = col(EventRow.id).in_([max(row.id for row in books.rows())])
        session.execute(delete(EventRow).where(newest))

    told = read(books, LEDGER)

    assert (whole, told["goodsout_ledger_unexplained"]) == ({(): 0}, {(): 1})
    assert told["goodsout_account_ledger_unexplained"] == {"acme": 1}


def test_accounts_that_are_not_live_have_no_series(books: Books) -> None:
    connect(books, books.account, go_live_at=None)

    told = read(books, STANDING)

    assert told["goodsout_accounts"] == {"yes": 0, "no": 1}
    assert "goodsout_account_connected" not in told


def test_the_accounts_with_series_are_the_oldest_ones(books: Books) -> None:
    younger = books.open_account("aaa")
    with books.session() as session:
        account = session.get_one(Account, younger)
        account.created_at = MORNING + timedelta(days=1)
        session.add(account)
    connect(books, younger)
    connect(books, books.account)

    told = read(books, STANDING, most=1)

    assert {key[0] for key in told["goodsout_account_connected"]} == {"acme"}
